import pytest

from gradarium.errors import BadValue
from gradarium.sandbox import Limits, Outcome


def one(box, body, *args, **limits):
    """Run ``def f`` with one input."""
    return box.call(body, "f", [list(args)], Limits(**limits) if limits else Limits())


def test_values_keep_their_order_and_types(box):
    run = box.call("def f(x): return x", "f", [[1], [True], [1.0], ["1"], [None], [[1, (2,)]], [{"a": {1, 2}}], [b"x"]])
    assert run.outcome is Outcome.RAN and run.message == ""
    assert list(map(repr, run.values)) == [
        *("1", "True", "1.0", "'1'", "None", "[1, (2,)]", "{'a': {1, 2}}", "b'x'"),
    ]
    assert 0 < run.cpu_s < 1 and run.wall_s > 0


def test_no_call_spoils_the_arguments_of_the_next(box):
    shared = [1, 2]
    run = box.call("def f(x):\n    x.append(9)\n    return x", "f", [[shared], [shared]])
    assert run.values == ([1, 2, 9], [1, 2, 9]) and shared == [1, 2]


def test_same_run_same_values(box):
    code = "import random\ndef f(): return [random.random(), hash('a'), list({'a', 'b', 'c', 'd', 'e'})]"
    first, second = (box.call(code, "f", [[], []]) for _ in range(2))
    assert first.outcome is Outcome.RAN and first.values == second.values


def test_main_guard_stays_shut_and_dataclasses_work(box):
    code = """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
def f(n): return Point(n).x
if __name__ == "__main__":
    print(f(int(input())))
"""
    assert one(box, code, 3).values == (3,)


HONEST = {
    "recursion": """
import sys
sys.setrecursionlimit(20000)
def g(n): return 0 if n == 0 else 1 + g(n - 1)
def f(n): return g(5000)""",
    "big ints": "def f(n): return 3 ** 8000",
    "heapq": "import heapq\ndef f(n): h = [3, 1, 2]; heapq.heapify(h); return heapq.heappop(h)",
    "decimal": "from decimal import Decimal\ndef f(n): return str(Decimal(1) / 7)",
    "threads": """
import threading
def f(n):
    seen = []
    workers = [threading.Thread(target=seen.append, args=(i,)) for i in range(8)]
    [w.start() for w in workers]; [w.join() for w in workers]
    return sorted(seen)""",
    "asyncio": """
import asyncio
async def g(): await asyncio.sleep(0); return 5
def f(n): return asyncio.run(g())""",
    "printing": "def f(n): print('x' * 200_000); return 1",
    "0.8 of the processor limit": "import time\ndef f(n):\n    while time.process_time() < 1.6: pass\n    return 1",
    "large answer": "def f(n): return list(range(50_000))",
    "typing, re": "from typing import *\nimport re, itertools, collections, functools, string\ndef f(n): return 1",
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_programs_run(box, name):
    run = one(box, HONEST[name], 0)
    assert run.outcome is Outcome.RAN, run.message


# what the program does: the outcome, and a part of the message
FAILING = {
    "no such entry": ("def g(): pass", Outcome.RUNTIME_ERROR, "no function 'f'"),
    "entry is data": ("f = 3", Outcome.RUNTIME_ERROR, "no function"),
    "wrong number of arguments": ("def f(a, b): pass", Outcome.RUNTIME_ERROR, "TypeError"),
    "raises": ("def f(x): return 1 / 0", Outcome.RUNTIME_ERROR, "input 1: ZeroDivisionError: division by zero"),
    "raises when loaded": ("import nowhere", Outcome.RUNTIME_ERROR, "when loaded: ModuleNotFoundError"),
    "endless recursion": ("def f(x): return f(x)", Outcome.RUNTIME_ERROR, "RecursionError"),
    "KeyboardInterrupt": ("def f(x): raise KeyboardInterrupt", Outcome.RUNTIME_ERROR, "KeyboardInterrupt"),
    "exception that lies": (
        "class E(Exception):\n    def __str__(self): raise ValueError\ndef f(x): raise E",
        Outcome.RUNTIME_ERROR,
        "without a text",
    ),
    "asks for input": ("def f(x): return input()", Outcome.RUNTIME_ERROR, "EOFError"),
    "syntax": ("def f(x) return 1", Outcome.SYNTAX_ERROR, "SyntaxError"),
    "null byte": ("def f(x): return '\0'", Outcome.SYNTAX_ERROR, "null"),
    "lone surrogate": ("def f(x): return '\ud800'", Outcome.SYNTAX_ERROR, "UnicodeEncodeError"),
    "100,000 brackets": ("f = " + "(" * 100_000, Outcome.SYNTAX_ERROR, "nested"),
    "exit when loaded": ("import sys; sys.exit(0)", Outcome.NO_RESULT, "ended the program"),
    "exit in the call": ("def f(x): exit_ = SystemExit(0); raise exit_", Outcome.NO_RESULT, "input 1"),
    "subclass of SystemExit": (
        "class E(SystemExit):\n    code = 0\ndef f(x): raise E",
        Outcome.NO_RESULT,
        "ended the program",
    ),
    "os._exit(0)": ("import os\ndef f(x): os._exit(0)", Outcome.NO_RESULT, "before it had answered"),
    "os._exit(3)": ("import os\ndef f(x): os._exit(3)", Outcome.NO_RESULT, "status 3"),
    "os._exit as if refused": ("import os\ndef f(x): os._exit(15)", Outcome.NO_RESULT, "status 15"),
    "null pointer": ("import ctypes\ndef f(x): return ctypes.string_at(0)", Outcome.SIGNALED, "signal"),
    "abort": ("import os\ndef f(x): os.abort()", Outcome.SIGNALED, "signal"),
    "object": ("def f(x): return object()", Outcome.MALFORMED, "type object"),
    "subclass": ("class I(int): pass\ndef f(x): return I(1)", Outcome.MALFORMED, "type I"),
    "generator": ("def f(x): yield 1", Outcome.MALFORMED, "type generator"),
    "cycle": ("def f(x): a = []; a.append(a); return a", Outcome.MALFORMED, "deep"),
    "int of 5,000 digits": ("def f(x): return 10 ** 5000", Outcome.MALFORMED, "digits"),
}


@pytest.mark.parametrize("name", FAILING)
def test_each_failure_has_its_outcome(box, name):
    code, outcome, text = FAILING[name]
    run = one(box, code, 0)
    assert run.outcome is outcome, run
    assert text in run.message and len(run.message) <= 300 and run.values == ()


def test_one_failing_input_leaves_no_values(box):
    run = box.call("def f(x): return 1 / x", "f", [[1], [0], [2]])
    assert run.outcome is Outcome.RUNTIME_ERROR and "input 2" in run.message and run.values == ()


def test_too_long_code(box):
    assert one(box, "#" * 600_000).outcome is Outcome.SYNTAX_ERROR


def test_compile_bombs_fail(box):
    for code in (
        "f = " + "-" * 400_000 + "1",
        "f = " + "[" * 190 + "]" * 190 + ".a" * 200_000,
        "f = 1" + "+1" * 200_000,
    ):
        assert one(box, code).outcome in (
            *(Outcome.SYNTAX_ERROR, Outcome.MEM_LIMIT, Outcome.SIGNALED, Outcome.RUNTIME_ERROR),
        )


def test_processor_limit(box):
    run = one(box, "def f():\n    while True: pass", cpu_s=1.0)
    assert run.outcome is Outcome.CPU_LIMIT and 0.9 < run.cpu_s < 2 and run.wall_s < 15


def test_processor_limit_is_not_a_signal_to_catch(box):
    code = """
import signal
def f():
    for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(s, signal.SIG_IGN)
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
    assert one(box, code, cpu_s=1.0).outcome is Outcome.CPU_LIMIT


def test_part_of_a_second_counts(box):
    run = one(box, "import time\ndef f():\n    while time.process_time() < 0.6: pass", cpu_s=0.3)
    assert run.outcome is Outcome.CPU_LIMIT


@pytest.mark.parametrize("body", ["time.sleep(1e6)", "threading.Event().wait()", "os.read(os.pipe()[0], 1)"])
def test_sleepers_end_at_the_wall_limit(box, body):
    run = one(box, f"import os, threading, time\ndef f(): {body}", wall_s=0.5)
    assert run.outcome is Outcome.WALL_LIMIT and run.cpu_s < 0.5 and 0.4 < run.wall_s < 10


@pytest.mark.parametrize("body", ["bytearray(10 ** 10)", "'x' * 10 ** 9", "[0] * 10 ** 9"])
def test_memory_limit(box, body):
    assert one(box, f"def f(): return len({body})", memory_mb=256).outcome is Outcome.MEM_LIMIT


def test_memory_error_swallowed_in_a_loop_ends_at_the_processor_limit(box):
    code = """
def f():
    kept = []
    while True:
        try: kept.append(bytearray(10 ** 6))
        except MemoryError: pass
"""
    assert one(box, code, cpu_s=1.0, memory_mb=128).outcome is Outcome.CPU_LIMIT


@pytest.mark.parametrize(
    "body",
    [
        "while True: print('x' * 1000)",
        "while True: os.write(2, b'x' * 100_000)",
        "while True: os.write(4, b'x' * 100_000)",
        "return 'x' * 2_000_000",
    ],
)
def test_floods_end_at_the_output_limit(box, body):
    assert one(box, f"import os\ndef f():\n    {body}").outcome is Outcome.OUTPUT_LIMIT


SCRATCH = """
import os
def f(size):
    with open('a.txt', 'wb') as t:
        for _ in range(size // 1000): t.write(b'x' * 1000)
    return [os.getcwd(), os.path.getsize('a.txt'), os.listdir('.')]
"""


def test_scratch_is_private_bounded_and_new_each_time(namespaces):
    limits = Limits(scratch_bytes=1_000_000)
    for _ in range(2):
        assert namespaces.call(SCRATCH, "f", [[5000]], limits).values == (["/tmp", 5000, ["a.txt"]],)
    assert namespaces.call(SCRATCH, "f", [[2_000_000]], limits).outcome is Outcome.RUNTIME_ERROR
    many = "def f():\n    for i in range(1000): open(str(i), 'w').close()"
    assert "OSError" in namespaces.call(many, "f", [[]], limits).message


def test_without_scratch_nothing_can_be_written(box):
    for path in ("a.txt", "/tmp/a", "/dev/shm/a", "/a", "/dev/zero2"):
        code = f"def f():\n    open({path!r}, 'w').close()\n    return 1"
        assert box.call(code, "f", [[]]).outcome is Outcome.RUNTIME_ERROR, path


def test_tier_without_scratch_refuses_to_promise_it(landlock):
    with pytest.raises(BadValue, match=r"scratch_bytes.*namespaces"):
        landlock.call(SCRATCH, "f", [[1]], Limits(scratch_bytes=1000))


def test_script_reads_and_writes_the_standard_streams(box):
    code = "import sys\nn = int(input())\nprint(sum(int(x) for x in sys.stdin.read().split()[:n]))\nsys.exit(0)"
    assert box.script(code, "3\n1 2\n3 9\n").values == ("6\n",)
    assert box.script("print('é', input())", "ü\n").values == ("é ü\n",)
    assert box.script("if __name__ == '__main__': print(open(0).read())", "").values == ("\n",)


def test_script_ends_its_threads_and_exit_handlers(box):
    code = """
import atexit, threading, time
atexit.register(print, "bye")
def late(): time.sleep(0.05); print("late")
threading.Thread(target=late).start()
print("first")
"""
    assert box.script(code, "").values == ("first\nlate\nbye\n",)


def test_script_failures(box):
    assert box.script("print(1)\nraise ValueError('x')", "").outcome is Outcome.RUNTIME_ERROR
    assert "status 3" in box.script("import sys\nprint(1)\nsys.exit(3)", "").message
    assert box.script("print(1", "").outcome is Outcome.SYNTAX_ERROR
    assert "EOFError" in box.script("input()", "").message
    assert box.script("while True: print('x' * 1000)", "").outcome is Outcome.OUTPUT_LIMIT
    assert box.script("import sys\nwhile True: sys.stderr.write('x' * 1000)", "").outcome is Outcome.OUTPUT_LIMIT


CLASS = """
class Counter:
    def __init__(self, start=0): self.n = start
    def add(self, by): self.n += by; return self.n
"""


def test_operations_on_objects(box):
    script = [["new", [5]], ["call", "add", [2]], ["call", "add", [1]], ["new", []], ["call", "add", [1]]]
    assert box.operate(CLASS, "Counter", script).values == (None, 7, 8, None, 1)
    assert "operation 2: AttributeError" in box.operate(CLASS, "Counter", [["new", []], ["call", "no", []]]).message
    assert "no class" in box.operate(CLASS, "Count", [["new", []]]).message
    with pytest.raises(BadValue, match="operation"):
        box.operate(CLASS, "Counter", [["add", 1]])


def test_power_bomb(box):
    assert one(box, "def f(): return 10 ** (10 ** 8) % 7", cpu_s=1.0).outcome in (Outcome.CPU_LIMIT, Outcome.MEM_LIMIT)
