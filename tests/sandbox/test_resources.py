"""Nothing is left behind, many threads may ask at once, and a run does not outlive its parent."""

import glob
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradarium.sandbox import Limits, Outcome
from gradarium.sandbox.processes import ProcessSandbox

ADD = "def f(a, b): return a + b"


def ours():
    """Return our open descriptors, our children and our folders for runs."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return len(os.listdir("/proc/self/fd")), children, glob.glob(tempfile.gettempdir() + "/gradarium-*")


def test_two_hundred_runs_leave_nothing(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other processes have folders of theirs in the usual one
    box = ProcessSandbox()
    box.capabilities()
    before = ours()
    database = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[1]]}}
    for i in range(160):
        assert box.call(ADD, "f", [[i, 1]]).values == (i + 1,)
    for _ in range(20):
        assert box.query("SELECT a FROM t", [database]).outcome is Outcome.RAN
        assert box.call("import os\ndef f(): os._exit(1)", "f", [[]]).outcome is Outcome.NO_RESULT
    box.call("def f(): print('x' * 5_000_000)", "f", [[]])
    box.call("import time\ndef f(): time.sleep(99)", "f", [[]], Limits(wall_s=0.2))
    after = ours()
    assert after[0] == before[0] and after[1] == before[1] and set(after[2]) <= set(before[2])
    box.close()
    assert len(os.listdir("/proc/self/fd")) == before[0] - 2


def test_many_threads_each_get_their_own_answer(box):
    def ask(i):
        if i % 5 == 4:
            return box.call("def f(a, b): return a / 0", "f", [[i, i]]).outcome is Outcome.RUNTIME_ERROR
        return box.call(ADD, "f", [[i, i], [str(i), "x"]]).values == (2 * i, f"{i}x")

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(80)))


def test_load_fails_no_honest_program(box):
    code = "import time\ndef f():\n    while time.process_time() < 0.3: pass\n    return 1"
    with ThreadPoolExecutor(16) as pool:
        runs = list(pool.map(lambda _: box.call(code, "f", [[]], Limits(cpu_s=1.0)), range(12)))
    assert [run.outcome for run in runs] == [Outcome.RAN] * 12


def test_first_use_from_many_threads():
    box, seen = ProcessSandbox(), []
    workers = [threading.Thread(target=lambda: seen.append(box.call(ADD, "f", [[1, 2]]).values)) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == [(3,)] * 8
    box.close()


def test_no_descriptor_left_is_not_judged(box):
    box.capabilities()
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 2, hard))
    try:
        run = box.call(ADD, "f", [[1, 2]])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert run.outcome is Outcome.NOT_JUDGED and "Too many open files" in run.message
    assert box.call(ADD, "f", [[1, 2]]).values == (3,)


def test_no_run_outlives_a_killed_parent(tmp_path):
    name = uuid.uuid4().hex[:12]
    code = f"""
import ctypes, time
def f():
    ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    time.sleep(1e6)"""
    program = f"from gradarium.sandbox import default_sandbox\ndefault_sandbox().call({code!r}, 'f', [[]])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", program], env={**environment, "TMPDIR": str(tmp_path)})
    assert _within(20, lambda: _alive(name))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _within(10, lambda: not _alive(name))
    assert _within(10, lambda: not os.listdir(tmp_path))


def test_forked_copy_can_use_the_default(box):
    pid = os.fork()
    if pid == 0:
        from gradarium.sandbox import default_sandbox

        os._exit(0 if default_sandbox().call(ADD, "f", [[1, 2]]).values == (3,) else 1)
    assert os.waitpid(pid, 0)[1] == 0


def _alive(name):
    for comm in glob.glob("/proc/[0-9]*/comm"):
        try:
            if Path(comm).read_text().strip() == name:
                return True
        except OSError:
            continue
    return False


def _within(seconds, holds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False
