"""The pool: many callers at once, workers that die or wear out, nothing left behind, bad use."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.sandbox import Limits, Outcome, SandboxUnavailable, default_sandbox, make_sandbox, selftest, use_sandbox
from gradarium.sandbox.base import TIERS
from gradarium.sandbox.inside.drive import SandboxFault, WorkerLost
from gradarium.sandbox.pool import Pool
from gradarium.sandbox.tiers import UNSAFE_VARIABLE

ADD = "def f(a, b): return a + b"
ONE = "def f(): return 1"
DATABASE = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[1]]}}


def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def alive(name):
    """Return whether a process calls itself ``name``."""
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            if comm.read_text().strip() == name:
                return True
        except OSError:
            continue
    return False


def within(seconds, holds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(params=["namespaces", "landlock"])
def own(request):
    """A pool of this test's own."""
    try:
        pool = make_sandbox(request.param, workers=2)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with pool:
        yield pool


def test_runs_leave_nothing(own):
    def round_trip():
        assert own.call(ADD, "f", [[1, 1]]).values == (2,)
        assert own.query("SELECT a FROM t", [DATABASE]).outcome is Outcome.RAN
        assert own.call("import os\ndef f(): os._exit(1)", "f", [[]]).outcome is Outcome.NO_RESULT
        assert own.script("print(input())", "x").values == ("x\n",)

    for _ in range(30):
        round_trip()
    before, memory = (descriptors(), len(children())), resident()
    for _ in range(100):
        round_trip()
    own.call("def f(): print('x' * 5_000_000)", "f", [[]])
    own.call("import time\ndef f(): time.sleep(99)", "f", [[]], Limits(wall_s=0.2))
    assert (descriptors(), len(children())) == before
    assert resident() - memory < 5_000_000
    own.close()
    assert descriptors() == before[0] - 2  # one worker was enough: its socket and its null device
    assert len(children()) == before[1] - 1


def test_many_threads_each_get_their_own_answer(own):
    def ask(i):
        if i % 5 == 4:
            return own.call("def f(a, b): return a / 0", "f", [[i, i]]).outcome is Outcome.RUNTIME_ERROR
        return own.call(ADD, "f", [[i, i], [str(i), "x"]]).values == (2 * i, f"{i}x")

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(ask, range(80)))


def test_load_fails_no_honest_program(own):
    code = "import time\ndef f():\n    while time.process_time() < 0.3: pass\n    return 1"
    with ThreadPoolExecutor(16) as threads:
        runs = list(threads.map(lambda _: own.call(code, "f", [[]], Limits(cpu_s=1.0)), range(12)))
    assert [run.outcome for run in runs] == [Outcome.RAN] * 12


def test_waiting_for_a_place_is_not_counted(own):
    sleeper = "import time\ndef f(): time.sleep(0.3); return 1"
    with ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(lambda _: own.call(sleeper, "f", [[]], Limits(wall_s=2.0)), range(16)))
    assert {run.outcome for run in runs} == {Outcome.RAN}


def test_a_worker_that_is_killed_is_replaced_and_the_run_tried_again(own):
    own.call(ONE, "f", [[]])
    first = own._idle[0].worker._process.pid
    started = threading.Event()
    got = []

    def ask():
        started.set()
        got.append(own.call("import time\ndef f(): time.sleep(1); return 1", "f", [[]]))

    thread = threading.Thread(target=ask)
    thread.start()
    started.wait()
    time.sleep(0.4)
    os.kill(first, signal.SIGKILL)
    thread.join()
    assert got[0].values == (1,)
    assert own.call(ADD, "f", [[1, 2]]).values == (3,)
    assert str(first) not in children()


class Fails:
    """A worker that is lost in every run, or only in the first."""

    def __init__(self, real, times):
        self.real, self.times, self.facts = real, times, real.facts

    def run(self, job):
        if self.times[0]:
            self.times[0] -= 1
            raise WorkerLost("gone")
        return self.real.run(job)

    def close(self):
        self.real.close()

    def abandon(self):
        self.real.abandon()


@pytest.mark.parametrize(("lost", "outcome"), [(1, Outcome.RAN), (2, Outcome.NOT_JUDGED)])
def test_a_lost_run_is_tried_once_more(namespaces, lost, outcome):
    times = [0]
    with Pool("test", "namespaces", lambda decoys: Fails(namespaces._start_worker(decoys), times), workers=1) as pool:
        pool.start()
        times[0] = lost
        run = pool.call(ONE, "f", [[]])
        assert run.outcome is outcome
        assert run.values == ((1,) if lost == 1 else ())
        assert pool.call(ONE, "f", [[]]).values == (1,)


def test_worn_and_tampered_workers_are_replaced(namespaces):
    started = []

    def start(decoys):
        started.append(1)
        return namespaces._start_worker(decoys)

    with Pool("test", "namespaces", start, workers=1, recycle_after=10, canary_every=1000) as pool:
        for _ in range(25):
            assert pool.call(ONE, "f", [[]]).values == (1,)
        assert len(started) == 3
        assert pool.call("def f(): return expected", "f", [[]]).outcome is Outcome.TAMPER
        assert pool.call(ONE, "f", [[]]).values == (1,)
        assert len(started) == 4


def test_a_wrong_canary_stops_the_pool(namespaces, monkeypatch):
    with Pool("test", "namespaces", namespaces._start_worker, workers=1, canary_every=5) as pool:
        for _ in range(4):
            assert pool.call(ONE, "f", [[]]).values == (1,)
        monkeypatch.setattr(selftest, "canaries", lambda attempt: ["a right program: no_result"])
        for _ in range(3):
            run = pool.call(ONE, "f", [[]])
            assert run.outcome is Outcome.NOT_JUDGED and "a right program" in run.message
        with pytest.raises(SandboxUnavailable, match="a right program"):
            pool.capabilities()


@pytest.mark.parametrize("planted", ["return [x for x in ['inet']]", "return 3", "raise OSError"])
def test_failed_self_test_fails_closed(namespaces, monkeypatch, planted):
    monkeypatch.setattr(selftest, "_ATTACKS", f"def f(x): {planted}")
    with Pool("test", "namespaces", namespaces._start_worker) as pool:
        with pytest.raises(SandboxUnavailable, match=r"self-test.*attacks"):
            pool.start()
        run = pool.call(ONE, "f", [[]])
        assert run.outcome is Outcome.NOT_JUDGED and "self-test" in run.message


def test_queries_are_tried_before_the_first_of_a_caller(namespaces, monkeypatch):
    seen = []
    monkeypatch.setattr(selftest, "sql_canaries", lambda attempt: seen.append(1) or ["a forbidden query ran"])
    with Pool("test", "namespaces", namespaces._start_worker, workers=1) as pool:
        assert pool.call(ONE, "f", [[]]).values == (1,) and not seen
        for _ in range(2):
            run = pool.query("SELECT 1", [DATABASE])
            assert run.outcome is Outcome.NOT_JUDGED and "a forbidden query ran" in run.message
        assert pool.call(ONE, "f", [[]]).outcome is Outcome.NOT_JUDGED
    assert seen == [1]


def test_self_test_finds_what_an_open_sandbox_lets_through(monkeypatch):
    monkeypatch.setenv(UNSAFE_VARIABLE, "1")
    with make_sandbox("unsafe", allow_unsafe=True) as pool:
        place = pool._take()
        faults = selftest.run(pool._tester(place), "landlock")
        pool._give_back(place, worn=False)
    assert len(faults) == 1 and all(f"'{name}'" in faults[0] for name in ("socket", "fork", "passwd"))


def test_unsafe_needs_two_opt_ins_and_marks_its_runs(monkeypatch):
    monkeypatch.delenv(UNSAFE_VARIABLE, raising=False)
    with pytest.raises(SandboxUnavailable, match=UNSAFE_VARIABLE):
        make_sandbox("unsafe", allow_unsafe=True)
    monkeypatch.setenv(UNSAFE_VARIABLE, "1")
    with pytest.raises(SandboxUnavailable, match="allow_unsafe"):
        make_sandbox("unsafe")
    with make_sandbox("unsafe", allow_unsafe=True) as pool:
        run = pool.call(ONE, "f", [[]])
        assert (run.values, run.backend, run.isolation) == ((1,), "unsafe", "none")


def test_never_weaker_than_asked():
    with pytest.raises(SandboxUnavailable, match="landlock gives landlock, asked for at least namespaces"):
        make_sandbox("landlock", min_isolation="namespaces")
    with pytest.raises(SandboxUnavailable, match="container"):
        make_sandbox("auto", min_isolation="container")


def test_wrong_names_are_told_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'namespaces'"):
        make_sandbox("namespace")
    with pytest.raises(UnknownName, match="did you mean 'container'"):
        make_sandbox(min_isolation="contaner")
    with pytest.raises(BadValue, match="workers = 0"):
        make_sandbox(workers=0)
    with pytest.raises(BadValue, match="runtime"):
        make_sandbox("namespaces", runtime="runsc")
    with pytest.raises(SandboxUnavailable, match="'nosuchpackage' is not installed"):
        make_sandbox("namespaces", packages=["nosuchpackage"])


def test_refused_namespaces_fall_back_to_landlock_and_say_so(monkeypatch, caplog, landlock):
    from gradarium.sandbox import tiers
    from gradarium.sandbox.inside.drive import WorkerRefused

    local = tiers._local

    def refuse(name, packages):
        def start(decoys):
            raise WorkerRefused("[Errno 1] unshare: Operation not permitted")

        return start if name == "namespaces" else local(name, packages)

    monkeypatch.setattr(tiers, "_local", refuse)
    with make_sandbox() as pool:
        assert pool.name == "landlock" and pool.call(ONE, "f", [[]]).isolation == "landlock"
    assert "unshare: Operation not permitted" in caplog.text and "using landlock" in caplog.text
    with pytest.raises(SandboxUnavailable, match="to have it: allow user namespaces"):
        make_sandbox(min_isolation="namespaces")


def test_bad_use_is_a_typed_error(own):
    with pytest.raises(BadValue, match=r"code = 'a bytes': must be text: decode it as UTF-8"):
        own.call(b"\xff\xfe", "f", [[]])
    with pytest.raises(BadValue, match=r"inputs = .*over the cap of 64000000: send fewer"):
        own.call(ADD, "f", [["x" * 40_000_000, "x" * 40_000_000]])
    with pytest.raises(BadValue, match=r"stdin = .*over the cap"):
        own.script("pass", "x" * 65_000_000)
    with pytest.raises(BadValue, match=r"stdin = .*UTF-8"):
        own.script("pass", "\ud800")
    with pytest.raises(BadValue, match="code = 'a bytes'"):
        own.query(b"SELECT 1", [DATABASE])
    with pytest.raises(BadValue, match="plain data"):
        own.call(ADD, "f", [[object()]])
    with pytest.raises(BadValue, match=r"databases.*plain JSON"):
        own.query("SELECT 1", [{"schema": [], "rows": {"t": [[object()]]}}])
    with pytest.raises(BadValue, match="dialect = 'oracle'"):
        own.query("SELECT 1", [DATABASE], dialect="oracle")
    with pytest.raises(BadValue, match=r"make_sandbox\(packages=\['duckdb'\]\)"):
        own.query("SELECT 1", [DATABASE], dialect="duckdb")


def test_what_cannot_be_judged_is_not_judged(own):
    assert own.call(ONE, "f", []).outcome is Outcome.NOT_JUDGED
    assert own.query("SELECT 1", []).outcome is Outcome.NOT_JUDGED
    assert own.query("SELECT 1", [{"schema": ["CREATE TABLE"], "rows": {}}]).outcome is Outcome.NOT_JUDGED
    assert own.query("SELECT 1", [{"schema": [], "rows": {"t": [[1]]}}]).outcome is Outcome.NOT_JUDGED


def test_a_run_cannot_claim_that_it_was_not_judged(own):
    for status in (1, 15, 99):
        code = f'import os\nos.write(4, b\'["!","{status}","x"]\\n\')\nos._exit({status})'
        assert own.call(code, "f", [[]]).outcome is Outcome.NO_RESULT


def test_closed_pool_does_not_judge(own):
    own.close()
    own.close()
    run = own.call(ONE, "f", [[]])
    assert run.outcome is Outcome.NOT_JUDGED and "closed" in run.message


def test_no_descriptor_left_is_not_judged(own):
    import resource

    own.call(ONE, "f", [[]])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))  # numbers, not counts: below any other there may be room
    try:
        run = own.call(ADD, "f", [[1, 2]])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert run.outcome is Outcome.NOT_JUDGED and "Too many open files" in run.message
    assert own.call(ADD, "f", [[1, 2]]).values == (3,)


def test_capabilities_are_what_the_self_test_found(own):
    have = own.capabilities()
    assert have["backend"] == own.name and have["isolation"] == own.isolation == TIERS[own.name]
    assert have["network_blocked"] and have["files_hidden"] and have["system_call_filter"] and have["unprivileged"]
    assert have["scratch"] is (own.name == "namespaces")
    assert have["workers"] == 2 and have["python"].startswith("3.")


def test_forked_copy_gets_workers_of_its_own(own):
    assert own.call(ONE, "f", [[]]).values == (1,)
    pid = os.fork()
    if pid == 0:
        good = own.call(ADD, "f", [[1, 2]]).values == (3,)
        own.close()
        os._exit(0 if good else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert own.call(ONE, "f", [[]]).values == (1,)


def test_fork_while_other_threads_run(own):
    stop = threading.Event()

    def work():
        while not stop.is_set():
            assert own.call(ADD, "f", [[1, 2]]).values == (3,)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            pid = os.fork()
            if pid == 0:
                os._exit(0 if own.call(ADD, "f", [[1, 2]]).values == (3,) else 1)
            assert os.waitpid(pid, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("tier", ["namespaces", "landlock"])
def test_nothing_outlives_a_killed_parent(request, tier):
    request.getfixturevalue(tier)
    name = uuid.uuid4().hex[:12]
    code = f"""
import ctypes, time
def f():
    ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)
    time.sleep(1e6)"""
    program = f"from gradarium.sandbox import make_sandbox\nmake_sandbox({tier!r}).call({code!r}, 'f', [[]])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", program], env=environment)
    assert within(30, lambda: alive(name))
    workers = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert within(10, lambda: not alive(name))
    assert within(10, lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_first_use_from_many_threads(namespaces):
    with Pool("test", "namespaces", namespaces._start_worker, workers=4) as pool:
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(lambda _: pool.call(ADD, "f", [[1, 2]]).values, range(8))) == [(3,)] * 8


def test_default_is_one_and_can_be_chosen():
    first = default_sandbox()
    assert default_sandbox() is first
    chosen = use_sandbox("auto", workers=1)
    assert default_sandbox() is chosen and chosen.workers == 1
    assert first.call(ONE, "f", [[]]).outcome is Outcome.NOT_JUDGED


def test_faults_of_the_sandbox_are_of_one_kind():
    assert issubclass(WorkerLost, SandboxFault)
