"""Mistakes that sandboxes of this kind have made, one test each."""

import os
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gradarium.sandbox import Limits, Outcome, make_sandbox

ONE = "def f(): return 1"


def test_workers_do_not_inherit_the_environment(box, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    with make_sandbox(box.name, workers=1) as pool:
        run = pool.call("import os\ndef f(): return dict(os.environ)", "f", [[]])
    assert run.values == ({"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},)


def test_workers_do_not_inherit_descriptors(box):
    read, write = os.pipe()
    os.set_inheritable(read, True)
    os.set_inheritable(write, True)
    code = """
import os
def f():
    seen = []
    for fd in range(1024):
        try: os.fstat(fd); seen.append(fd)
        except OSError: pass
    return seen"""
    try:
        with make_sandbox(box.name, workers=1) as pool:
            assert pool.call(code, "f", [[]]).values == ([0, 1, 2, 4],)
    finally:
        os.close(read)
        os.close(write)


def memory_of(pid):
    """Return the writable memory of a process and its children; skips where we may not look."""
    held = b""
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                first, last = (int(x, 16) for x in line.split()[0].split("-"))
                if line.split()[1].startswith("rw"):
                    memory.seek(first)
                    held += memory.read(last - first)
    except PermissionError:
        pytest.skip("this user may not look into the worker")
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        held += memory_of(child)
    return held


def test_a_worker_never_holds_a_payload(box):
    """Or the next run would find it in its own memory, which is a copy."""
    token = uuid.uuid4().hex
    with make_sandbox(box.name, workers=1) as pool:
        run = pool.call(f"kept = {token!r}\ndef f(x): return x[0] == kept", "f", [[[token]]])
        assert run.values == (True,)
        pid = pool._idle[0].worker._process.pid
        held = memory_of(pid)
        assert b"gradarium.sandbox.inside" in held, "the scan finds what is there"
        assert token.encode() not in held and token[::-1].encode() not in held


def test_workers_outlive_the_thread_that_started_them(box):
    """A signal at the death of the parent comes at the death of the thread that forked."""
    with make_sandbox(box.name, workers=1) as pool:
        pool._drop_idle()
        thread = threading.Thread(target=pool.call, args=(ONE, "f", [[]]))
        thread.start()
        thread.join()
        place = pool._idle[0]
        time.sleep(0.2)
        assert pool.call(ONE, "f", [[]]).values == (1,)
        assert pool._idle == [place]


def test_order_of_sets_is_the_same_in_every_worker(box):
    code = "def f(): return [list({'a', 'b', 'c', 'd', 'e', 'f'}), hash('a')]"
    with make_sandbox(box.name, workers=3) as pool, ThreadPoolExecutor(3) as threads:
        runs = list(threads.map(lambda _: pool.call(code, "f", [[]]), range(9)))
    assert len({repr(run.values) for run in runs}) == 1


def test_an_unprivileged_user_so_that_the_limit_on_threads_holds(box):
    assert box.call("import os\ndef f(): return os.getuid()", "f", [[]]).values[0] != 0
    bomb = """
import threading, time
def f():
    started = 0
    try:
        while True:
            threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
            started += 1
    except RuntimeError:
        return started"""
    assert box.call(bomb, "f", [[]], Limits(processes=8)).values[0] < 100


def test_limits_are_hard(box):
    code = """
import resource
def f():
    got = []
    for name in ("AS", "CPU", "NOFILE", "FSIZE"):
        which = getattr(resource, "RLIMIT_" + name)
        soft, hard = resource.getrlimit(which)
        got.append(soft == hard)
        try: resource.setrlimit(which, (hard + 1, hard + 1)); got.append(True)
        except (ValueError, OSError): got.append(False)
    return got"""
    assert box.call(code, "f", [[]]).values == ([True, False] * 4,)


def test_mounts_and_folders_do_not_pile_up(namespaces):
    before = Path("/proc/self/mounts").read_text(), sorted(os.listdir("/tmp"))
    for _ in range(20):
        run = namespaces.call("def f(): open('x', 'w').close()", "f", [[]], Limits(scratch_bytes=1000))
        assert run.outcome is Outcome.RAN
    mounts = "import ctypes\ndef f(): return open('/proc/mounts').read()"
    assert namespaces.call(mounts, "f", [[]]).outcome is Outcome.RUNTIME_ERROR
    assert Path("/proc/self/mounts").read_text() == before[0]
    assert [name for name in set(os.listdir("/tmp")) - set(before[1]) if "gradarium" in name] == []


def test_a_copy_of_the_caller_does_not_hold_up_the_end_of_a_run(box):
    """A forked process holds the write ends of the pipes; a reader that waits for their end would wait for it."""
    stop = threading.Event()

    def fork_often():
        while not stop.is_set() and len(copies) < 100:
            pid = os.fork()
            if pid == 0:
                time.sleep(600)
                os._exit(0)
            copies.append(pid)
            time.sleep(0.002)

    copies = []
    thread = threading.Thread(target=fork_often)
    thread.start()
    try:
        for _ in range(30):  # one that waits is given up as NOT_JUDGED
            assert box.call(ONE, "f", [[]], Limits(wall_s=1.0)).values == (1,)
    finally:
        stop.set()
        thread.join()
        for pid in copies:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_exit_handlers_cannot_change_what_the_kernel_says(box):
    code = "import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(): raise ValueError"
    assert box.call(code, "f", [[]]).outcome is Outcome.RUNTIME_ERROR


def test_output_that_nobody_reads_does_not_block(box):
    assert box.call("import os\ndef f(): os.write(2, b'x' * 500_000); return 1", "f", [[]]).values == (1,)


@pytest.mark.parametrize("number", [3, 5])
def test_decoys_are_wrong_values_and_found_out(namespaces, number):
    codes = {
        3: "def f(): return expected",
        5: "import json\ndef f(): return {'a': [json.load(open('/tmp/expected_outputs.json'))[0]]}",
    }
    run = namespaces.call(codes[number], "f", [[]])
    assert run.outcome is Outcome.TAMPER and run.values == ()


def test_decoys_are_found_out_in_what_a_program_prints(namespaces):
    run = namespaces.script("print(open('/tmp/expected_outputs.json').read())", "")
    assert run.outcome is Outcome.TAMPER and run.values == ()
