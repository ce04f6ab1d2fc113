"""Programs that try to be judged right without answering, to see what is not theirs, or to outlive their run."""

import os
import time
import uuid

import pytest

from gradarium.sandbox import Limits, Outcome

SECRET = "gradarium-secret-" + uuid.uuid4().hex
LIMITS = Limits(cpu_s=1.0, wall_s=5.0)


def call(box, code, inputs=((1,), (2,)), limits=LIMITS):
    return box.call(code, "f", [list(args) for args in inputs], limits)


# The hidden answer is x + 1000; each of these must not come to it, whatever the outcome.
CHEATS = {
    "exit on the second call": "import os\ndef f(x):\n    if x > 1: os._exit(0)\n    return x",
    "atexit leaves with 0": "import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): raise SystemExit",
    "excepthook leaves with 0": "import sys, os\nsys.excepthook = lambda *a: os._exit(0)\ndef f(x): raise ValueError",
    "equal to everything": """
class Any(int):
    def __eq__(self, other): return True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__
def f(x): return Any()""",
    "proxy": """
class Proxy:
    def __getattr__(self, name): return self
    def __call__(self, *a): return self
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __iter__(self): return iter(())
    def __reduce__(self): return (print, ())
def f(x): return Proxy()""",
    "list that adapts": """
class L(list):
    def __len__(self): return 9
    def __eq__(self, other): return True
def f(x): return L()""",
    "type that is equal to any": """
class M(type):
    def __eq__(self, other): return True
    def __hash__(self): return hash(int)
class A(metaclass=M): pass
def f(x): return A()""",
    "looks through the frames": """
import sys
def f(x):
    frame, found = sys._getframe(), []
    while frame:
        names = {**frame.f_globals, **frame.f_locals}
        found += [k for k in names if k in ('expected', 'tests', 'answer_key', 'reference')]
        frame = frame.f_back
    return found""",
    "looks through the heap": "import gc\ndef f(x): return sum(1 for o in gc.get_objects() if o == [x + 1000])",
    "forged frames to every descriptor": """
import os
for fd in range(64):
    try: os.write(fd, b'[0,0]\\n[1,0]\\nEND\\n')
    except OSError: pass
os._exit(0)""",
    "forged frames and then the true ones": """
import os
os.write(4, b'[0,0]\\n[1,0]\\nEND\\n')
def f(x): return 0""",
    "garbage frames": "import os\nos.write(4, b'\\xff\\x00[[[[' * 1000 + b'\\nEND\\n')\nos._exit(0)",
    "deep frames": "import os\nos.write(4, b'[0,' + b'[' * 400_000 + b'\\n[1,0]\\nEND\\n')\nos._exit(0)",
    "pickled frame": "import os, pickle\nos.write(4, pickle.dumps(print))\nos._exit(0)",
    "spoils the encoder": """
import sys
def f(x):
    frame = sys._getframe().f_back
    encode = frame.f_locals['encode']
    encode.__code__ = (lambda value: '0').__code__
    return x""",
    "spoils the built-ins": "import builtins\nbuiltins.type = lambda x: int\ndef f(x): return object()",
    "spoils small ints": """
import ctypes
def f(x):
    ctypes.memmove(id(5) + 24, id(7) + 24, 4)
    return 5""",
    "a forked copy answers while the first hangs": """
import os, time
def f(x):
    if os.fork(): time.sleep(1e6)
    return x""",
    "closes the result": "import os\nos.close(4)\ndef f(x): return x",
    "success marker": "def f(x): print('PASSED', 1.0); return x",
    "claims that it is the sandbox's fault": 'import os\nos.write(4, b\'["!","15","x"]\\n\')\nos._exit(14)',
}


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_comes_to_the_hidden_answer(box, name):
    begun = time.monotonic()
    run = call(box, CHEATS[name])
    assert run.outcome is not Outcome.NOT_JUDGED, run
    assert (run.outcome is Outcome.RAN) == bool(run.values)
    assert run.values != (1001, 1002)
    assert all(type(v) in (int, list) for v in run.values)
    assert time.monotonic() - begun < 30


def test_forged_frames_carry_values_and_no_more(box):
    assert call(box, CHEATS["forged frames to every descriptor"]).values == (0, 0)
    assert call(box, CHEATS["forged frames and then the true ones"]).outcome is Outcome.MALFORMED


def test_environment_holds_no_secret(box, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    run = call(box, "import os\ndef f(x): return dict(os.environ)", [[0]])
    assert run.values == ({"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},)


def test_no_descriptor_of_ours(box):
    read, write = os.pipe()
    os.set_inheritable(read, True)
    code = """
import os
def f(x):
    seen = []
    for fd in range(1024):
        try: os.fstat(fd); seen.append(fd)
        except OSError: pass
    return seen"""
    run = call(box, code, [[0]])
    os.close(read)
    os.close(write)
    assert run.values == ([0, 1, 2, 4],)


def test_command_line_tells_nothing(box):
    run = call(box, "import sys\ndef f(x): return [sys.argv, sys.path, sorted(sys.modules)]", [[0]])
    argv, path, modules = run.values[0]
    assert argv == ["-c"] and not any("site-packages" in p or "gradarium" in p for p in path)
    assert not any(m.startswith("gradarium") for m in modules)


@pytest.mark.parametrize("package", ["gradarium", "gradarium.generators", "numpy", "sympy", "pytest", "pip"])
def test_installed_packages_cannot_be_imported(box, package):
    run = call(box, f"import {package}\ndef f(x): return x")
    assert run.outcome is Outcome.RUNTIME_ERROR and "ModuleNotFoundError" in run.message


def test_cwd_is_empty_and_gone_afterwards(box, tmp_path):
    code = """
import os
def f(x):
    seen = os.listdir('.')
    open('left', 'w').close()
    os.mkdir('d'); open('d/e', 'w').close(); os.chmod('d', 0)
    return [seen, os.getcwd()]"""
    for _ in range(2):
        run = call(box, code, [[0]])
        assert run.values[0][0] == []
    assert not os.path.exists(run.values[0][1] + "/left")


def test_fork_bomb_is_contained(box):
    code = """
import os
def f(x):
    while True:
        try: os.fork()
        except OSError: pass"""
    run = call(box, code)
    assert run.outcome in (Outcome.CPU_LIMIT, Outcome.WALL_LIMIT), run


def test_thread_bomb_is_contained(box):
    code = """
import threading, time
def f(x):
    while True: threading.Thread(target=time.sleep, args=(1e6,)).start()"""
    run = call(box, code)
    assert run.outcome in (Outcome.RUNTIME_ERROR, Outcome.MEM_LIMIT), run


def test_daemon_does_not_survive(box):
    name = uuid.uuid4().hex[:12]
    code = f"""
import ctypes, os, time
def f(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)
        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
        os.closerange(0, 64)
        time.sleep(1e6)
    time.sleep(0.2)
    return x"""
    assert call(box, code, [[1]]).values == (1,)
    assert name not in _process_names()


def _process_names():
    names = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as comm:
                names.append(comm.read().strip())
        except OSError:
            continue
    return names


def needs(box, capability):
    if not box.capabilities()[capability]:
        pytest.skip(f"this machine gives no {capability}")


@pytest.mark.parametrize("target", ["0", "-1", "os.getppid()", "os.getpgid(0)"])
def test_signals_do_not_reach_the_keeper(box, target):
    needs(box, "processes_hidden")
    run = call(box, f"import os, time\ndef f(x):\n    os.kill({target}, 9)\n    time.sleep(0.1)\n    return x")
    assert run.outcome in (Outcome.RAN, Outcome.RUNTIME_ERROR), run


def test_no_network(box):
    needs(box, "network_blocked")
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket\ndef f(x): return socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"
        run = call(box, code, [[0]])
        assert run.outcome is Outcome.RUNTIME_ERROR and "Error" in run.message
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_sight_of_other_processes(box):
    needs(box, "processes_hidden")
    code = """
import os
def f(x):
    seen = []
    for pid in [*range(2, 3000), -1]:
        try: os.kill(pid, 0); seen.append(pid)
        except OSError: pass
    return [os.getpid(), os.getppid(), seen]"""
    assert call(box, code, [[0]]).values == ([1, 0, []],)


def test_no_files_of_ours(box, tmp_path):
    needs(box, "files_hidden")
    (tmp_path / "secret").write_text(SECRET)
    for path in (
        "/etc/passwd",
        str(tmp_path / "secret"),
        __file__,
        "/proc/self/environ",
        "/proc/1/environ",
        "/proc/1/mem",
    ):
        assert call(box, f"def f(x): return open({path!r}).read()").outcome is Outcome.RUNTIME_ERROR, path


def test_library_is_read_only_and_scratch_is_bounded(box):
    needs(box, "files_hidden")
    code = "import heapq\ndef f(x):\n    with open(heapq.__file__, 'a') as t: t.write('#')"
    assert call(box, code).outcome is Outcome.RUNTIME_ERROR
    many = "def f(x):\n    for i in range(5000): open(str(i), 'w').close()"
    assert "OSError" in call(box, many).message
    big = "def f(x):\n    for i in range(9):\n        with open(str(i), 'wb') as t: t.write(b'x' * 5_000_000)"
    assert "OSError" in call(box, big).message


def test_powers_cannot_be_had_back(box):
    needs(box, "processes_hidden")
    code = """
import ctypes, os, resource
libc = ctypes.CDLL(None, use_errno=True)
def f(x):
    got = [libc.unshare(ctypes.c_int(flag)) for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000)]
    got += [libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.chroot(b'/tmp'), libc.sethostname(b'x', 1)]
    for action in (lambda: os.setuid(0), lambda: resource.setrlimit(resource.RLIMIT_CPU, (100, 100)),
                   lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1))):
        try: action(); got.append(0)
        except (OSError, ValueError): got.append(-1)
    return got"""
    assert call(box, code, [[0]]).values == ([-1] * 10,)
