"""Verdicts in workers: the same as in this process, and every misbehaviour costs its own verdict only."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")

from gradarium.core import Status, Verdict
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.sandbox import SandboxUnavailable, make_sandbox
from gradarium.trainers.config import SandboxConfig
from gradarium.trainers.failures import FailureRate, TooManyErrors
from gradarium.trainers.verdicts import CHUNK, VerdictPool, VerdictsUnavailable
from gradarium.verifiers import get_format, grade_many

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's word on processes")


@pytest.fixture(scope="module")
def verify():
    """The verifier that misbehaves as the answer says, importable by workers too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HERE)
        import hostile_verifiers

        yield hostile_verifiers.verify
        del sys.modules["hostile_verifiers"]


@pytest.fixture(scope="module")
def pool(verify):
    with VerdictPool(2, timeout_s=1.5, memory_mb=1024) as made:
        yield made


def tag(answer):
    return f"<answer>{answer}</answer>"


def judge(pool, verify, answers, payload=None):
    """Judge answers, each on a payload of its own unless one is given."""
    payloads = [{"n": 7} if payload is None else payload for _ in answers]
    return pool.judge([tag(a) for a in answers], [verify] * len(answers), payloads, [None] * len(answers))


def statuses(verdicts):
    return [v.status.value for v in verdicts]


def offspring(pid):
    """Return the processes below one, by the kernel's list."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found, edge = set(), {pid}
    while edge:
        edge = {child for child, parent in parents.items() if parent in edge} - found
        found |= edge
    return found


def alive(pids):
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(pid)
    return found


def wait_until(condition, seconds=60):
    """Wait for what must come; the bound only keeps a broken test from hanging."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


# Sameness.


def mixed_batch():
    """Right, wrong, missing and unreadable answers to several tasks, one of them sandboxed."""
    texts, tasks, payloads, formats = [], [], [], []
    for name in ("sudoku", "countdown", "sat_assignment", "output_prediction", "program_synthesis"):
        for index in range(2):
            instance = get_task(name).pose(index, 1)
            render = get_format(instance.answer_format).render
            for text in (render(instance.reference), render(instance.example), "no answer", render("?!")):
                texts.append(text)
                tasks.append(name if index else get_task(name).verify)
                payloads.append(instance.payload)
                formats.append(instance.answer_format if index else None)
    return texts, tasks, payloads, formats


def has_sandbox():
    try:
        make_sandbox(workers=1).close()
    except SandboxUnavailable:
        return False
    return True


def test_equal_to_judging_in_this_process():
    batch = mixed_batch()
    expected = grade_many(*batch)
    with VerdictPool(2, sandbox=SandboxConfig() if has_sandbox() else None) as pool:
        found = pool.judge(*batch)
    assert found == expected
    assert {v.status for v in found} >= {Status.CORRECT, Status.WRONG, Status.MISSING, Status.UNREADABLE}
    assert all(type(v.status) is Status for v in found)


def test_zero_workers_judge_in_this_process(verify):
    with VerdictPool(0) as pool:
        assert judge(pool, verify, ["pid 1", "7"])[0].reason == str(os.getpid())
        assert pool.judge(*mixed_batch()) == grade_many(*mixed_batch())
        assert pool.statistics()["verdicts"] == 42


def test_order_over_many_chunks(pool, verify):
    answers = [str(i % 11) for i in range(5 * CHUNK + 3)]
    verdicts = pool.judge(
        [tag(a) for a in answers], [verify] * len(answers), [{"n": i % 7} for i in range(len(answers))], [None] * 323
    )
    assert [v.score for v in verdicts] == [float(i % 11 == i % 7) for i in range(len(answers))]
    assert [v.answer for v in verdicts] == answers
    assert verdicts[0].parts == {"part": 0.5} and verdicts[10].violations == ("value",)


def test_workers_are_other_processes(pool, verify):
    pids = {v.reason for v in judge(pool, verify, [f"pid {i}" for i in range(40)])}
    assert str(os.getpid()) not in pids


def test_equal_pairs_are_judged_once(pool, verify, tmp_path):
    shared, path = {"n": 7}, tmp_path / "seen"
    same = judge(pool, verify, [f"once {path}"] * 5, shared)  # the first try dies, the second is right: one pair
    assert statuses(same) == ["correct"] * 5
    before = pool.statistics()["restarts"]
    judge(pool, verify, ["exit"] * 6, shared)
    assert pool.statistics()["restarts"] == before + 2


def test_nothing_to_judge(pool):
    assert pool.judge([], [], [], []) == []


def test_completions_that_are_no_text(pool, verify):
    texts = [["7"], tag(7), None, threading.Lock()]
    verdicts = pool.judge(texts, [verify] * 4, [{"n": 7}] * 4, [None] * 4)
    assert statuses(verdicts) == ["error", "correct", "error", "error"]
    assert verdicts[0].reason == "the completion is list, not text"


def test_another_format(pool, verify):
    verdicts = pool.judge(["\\boxed{7}"] * 2, [verify] * 2, [{"n": 7}] * 2, ["boxed", None])
    assert statuses(verdicts) == ["correct", "missing"]


# Misbehaviour: each between honest answers of the same chunk.


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("sleep", "timeout", "no verdict within 1.5 s"),
        ("spin", "timeout", "no verdict within 1.5 s"),
        ("exit", "error", "ended, exit status 3"),
        ("kill", "error", "ended, signal 9"),
        ("quit", "error", "SystemExit: 5"),
        ("memory 4000000000", "error", "MemoryError"),
        ("lambda", "error", "the verifier failed: TypeError"),
        ("none", "error", "the verifier failed: TypeError"),
    ],
)
def test_one_that_misbehaves_costs_only_itself(pool, verify, answer, status, reason):
    answers = ["7", "8"] * 10
    answers[9:9] = [answer]
    verdicts = judge(pool, verify, answers)
    assert statuses(verdicts[:9] + verdicts[10:]) == statuses(judge(pool, verify, ["7", "8"] * 10))
    assert verdicts[9].status == status and verdicts[9].reward is None
    assert reason in verdicts[9].reason


def test_memory_below_the_limit_is_left_alone(pool, verify):
    assert judge(pool, verify, ["memory 50000000"])[0].reason == "50000000"


def test_many_that_misbehave_at_once(pool, verify):
    answers = [("sleep", "exit", "spin", "7")[i % 4] for i in range(16)]
    expected = [("timeout", "error", "timeout", "correct")[i % 4] for i in range(16)]
    assert statuses(judge(pool, verify, answers)) == expected


def test_a_death_that_does_not_repeat_is_no_error(pool, verify, tmp_path):
    assert statuses(judge(pool, verify, ["7", f"once {tmp_path / 'seen'}", "8"])) == ["correct", "correct", "wrong"]


@linux
def test_an_idle_worker_that_was_killed_is_replaced(verify):
    with VerdictPool(1, timeout_s=30.0) as pool:
        (before,) = {v.reason for v in judge(pool, verify, ["pid 1", "pid 2"])}
        os.kill(int(before), signal.SIGKILL)
        wait_until(lambda: not alive({before}))
        (after,) = {v.reason for v in judge(pool, verify, ["pid 1", "pid 2"])}
        assert after != before and pool.statistics()["restarts"] == 1


@linux
def test_workers_leave_an_interrupt_to_the_trainer(verify):
    with VerdictPool(1) as pool:
        (before,) = {v.reason for v in judge(pool, verify, ["pid 1"])}
        os.kill(int(before), signal.SIGINT)  # a terminal sends it to all
        (after,) = {v.reason for v in judge(pool, verify, ["pid 1"])}
        assert (after, pool.statistics()["restarts"]) == (before, 0)


def test_a_worn_worker_is_replaced(verify):
    with VerdictPool(1, recycle_after=5) as pool:
        pids = [judge(pool, verify, [f"pid {i}" for i in range(5)])[0].reason for _ in range(3)]
        assert len(set(pids)) == 3
        assert pool.statistics()["recycled"] >= 2 and pool.statistics()["restarts"] == 0


def test_statistics(verify):
    with VerdictPool(1, timeout_s=2.0) as pool:
        judge(pool, verify, ["7", "sleep", "exit", "8"])
        assert pool.statistics() == {"verdicts": 4, "timeouts": 1, "errors": 1, "restarts": 3, "recycled": 0}


# Mistakes of the caller.


def test_a_function_that_workers_cannot_import_is_refused(pool):
    def local(answer, payload):
        return Verdict.correct()

    for unnamed in (local, lambda answer, payload: Verdict.correct()):
        with pytest.raises(BadValue, match="define it at the top level of a module"):
            pool.judge([tag(7)], [unnamed], [{}], [None])


def test_a_module_that_workers_cannot_find_is_an_error_with_its_name(pool, load_file, tmp_path):
    path = tmp_path / "only_here.py"
    path.write_text("from gradarium.core import Verdict\ndef verify(answer, payload): return Verdict.correct()\n")
    (verdict,) = pool.judge([tag(7)], [load_file(path).verify], [{}], [None])
    assert verdict.status is Status.ERROR
    assert "cannot be loaded in a worker: ModuleNotFoundError" in verdict.reason


def test_unknown_names_lengths_and_payloads_are_refused(pool, verify):
    with pytest.raises(UnknownName, match="did you mean 'sudoku'"):
        pool.judge([""], ["sudku"], [{}], [None])
    with pytest.raises(UnknownName, match="answer format"):
        pool.judge([""], ["sudoku"], [{}], ["xml"])
    with pytest.raises(BadValue, match="there are 2 completions"):
        pool.judge(["", ""], ["sudoku"] * 2, [{}], [None] * 2)
    with pytest.raises(BadValue, match="must be plain data"):
        judge(pool, verify, ["7"] * 300, {"n": threading.Lock()})
    assert statuses(judge(pool, verify, ["7"])) == ["correct"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("workers", -1), ("workers", 1.5), ("timeout_s", 0), ("sandbox_timeout_s", float("inf")), ("recycle_after", 0)],
)
def test_wrong_settings_are_refused(name, value):
    with pytest.raises(BadValue, match=name):
        VerdictPool(**{"workers": 0, name: value})


def test_a_closed_pool_says_so(verify):
    for workers in (0, 1):
        pool = VerdictPool(workers)
        pool.close()
        pool.close()
        with pytest.raises(VerdictsUnavailable, match="closed"):
            judge(pool, verify, ["7"])


def test_too_weak_a_sandbox_starts_no_pool():
    with pytest.raises(VerdictsUnavailable, match="asked for at least container"):
        VerdictPool(1, sandbox=SandboxConfig(min_isolation="container"))


# Back-pressure, threads and ends.


class Counted(dict):
    """A payload that counts how often it is sent."""

    sent = 0

    def __reduce__(self):
        Counted.sent += 1
        return dict, (dict(self),)


def test_only_a_chunk_for_each_worker_is_sent_before_answers_come(verify, tmp_path):
    path = tmp_path / "go"
    answers = [f"wait {path}" for _ in range(6 * CHUNK)]
    payloads = [Counted(n=i) for i in range(len(answers))]
    Counted.sent = 0
    with VerdictPool(1, timeout_s=600.0) as pool:
        done = []
        callers = [
            threading.Thread(
                target=lambda: done.append(
                    pool.judge([tag(a) for a in answers], [verify] * len(answers), payloads, [None] * len(answers))
                )
            )
            for _ in range(3)
        ]
        for caller in callers:
            caller.start()
        wait_until(lambda: Counted.sent == CHUNK and len(pool._fresh) == 2)  # full, while 3 x 6 chunks are asked for
        time.sleep(0.3)
        assert (Counted.sent, len(pool._fresh), len(done)) == (CHUNK, 2, 0)
        path.touch()
        for caller in callers:
            caller.join()
    assert [len(verdicts) for verdicts in done] == [len(answers)] * 3
    assert Counted.sent == 18 * CHUNK


def test_callers_in_many_threads_get_their_own(pool, verify):
    found = {}

    def ask(n):
        found[n] = [v.answer for v in judge(pool, verify, [f"{n} {i}" for i in range(100)])]

    callers = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert found == {n: [f"{n} {i}" for i in range(100)] for n in range(6)}


@linux
def test_close_ends_workers_in_the_middle_of_a_verdict(verify):
    before = offspring(os.getpid())
    pool = VerdictPool(2, timeout_s=600.0)
    said = []

    def ask():
        try:
            judge(pool, verify, ["spin", "sleep", "spin", "sleep"])
        except VerdictsUnavailable as error:
            said.append(str(error))

    caller = threading.Thread(target=ask)
    caller.start()
    workers = offspring(os.getpid()) - before
    time.sleep(0.3)
    pool.close()
    caller.join()
    assert said == ["the pool of verdict workers is closed"]
    assert len(workers) >= 2 and not alive({pid for pid in workers if "spawn_main" in command(pid)})


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    except OSError:
        return ""


def script(body, *paths):
    """Start a Python of its own that runs ``body`` under a guarded main, as a user's script does."""
    head = "import os, signal, sys, time\nfrom gradarium.trainers.verdicts import VerdictPool\n"
    head += "from gradarium.trainers.config import SandboxConfig\nfrom hostile_verifiers import verify\n"
    path = paths[0] / "script.py"
    path.write_text(head + "if __name__ == '__main__':\n" + textwrap.indent(textwrap.dedent(body), "    "))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SRC), str(HERE), os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen([sys.executable, path], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@linux
@pytest.mark.parametrize("answer", ["sleep", "spin"])
def test_nothing_outlives_a_killed_trainer(tmp_path, answer):
    sandbox = "SandboxConfig()" if has_sandbox() else "None"
    process = script(
        f"""
        pool = VerdictPool(2, timeout_s=600.0, sandbox={sandbox})
        print("ready", flush=True)
        pool.judge(["<answer>{answer}</answer>"], [verify], [{{}}], [None])
        """,
        tmp_path,
    )
    assert process.stdout.readline() == "ready\n"
    below = offspring(process.pid)
    assert len(below) >= 2 + 2 * has_sandbox()
    time.sleep(0.5)
    process.kill()
    process.wait()
    try:
        wait_until(lambda: not alive(below))
    finally:
        for pid in alive(below):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


@linux
def test_the_sandbox_of_a_killed_worker_ends_with_it(verify):
    if not has_sandbox():
        pytest.skip("no sandbox on this machine")
    before = offspring(os.getpid())
    with VerdictPool(1, timeout_s=1.0, sandbox=SandboxConfig()) as pool:
        (worker,) = [pid for pid in offspring(os.getpid()) - before if "spawn_main" in command(pid)]
        boxes = offspring(worker)
        assert boxes
        instance = get_task("output_prediction").pose(0, 0)
        right = get_format(instance.answer_format).render(instance.reference)
        assert statuses(judge(pool, verify, ["spin"])) == ["timeout"]
        wait_until(lambda: not alive(boxes | {worker}))
        after = pool.judge([right], ["output_prediction"], [instance.payload], [instance.answer_format])
        assert statuses(after) == ["correct"]  # by the sandbox of the new worker
        left = offspring(os.getpid()) - before
    wait_until(lambda: not alive({pid for pid in left if "resource_tracker" not in command(pid)}))


@linux
def test_an_interrupt_ends_the_wait_and_leaves_a_pool_that_works(tmp_path):
    process = script(
        """
        import signal
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background may ignore it
        pool = VerdictPool(1, timeout_s=3.0)
        print("ready", flush=True)
        try:
            pool.judge(["<answer>sleep</answer>"] * 9, [verify] * 9, [{"i": i} for i in range(9)], [None] * 9)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        print(pool.judge(["<answer>7</answer>"], [verify], [{"n": 7}], [None])[0].status)
        print(pool.statistics()["restarts"])
        """,
        tmp_path,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    below = offspring(process.pid)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate()
    assert (out.split(), errors) == (["interrupted", "correct", "1"], "")  # of the nine, one was begun
    wait_until(lambda: not alive(below))


@linux
def test_a_pool_that_is_never_closed_ends_with_the_interpreter(tmp_path):
    process = script(
        """
        pool = VerdictPool(2)
        print(pool.judge(["<answer>7</answer>"], [verify], [{"n": 7}], [None])[0].status)
        """,
        tmp_path,
    )
    out, errors = process.communicate()
    assert (out, errors, process.returncode) == ("correct\n", "", 0)


def test_a_script_without_a_guard_is_told(tmp_path):
    path = tmp_path / "unguarded.py"
    path.write_text("from gradarium.trainers.verdicts import VerdictPool\nVerdictPool(1)\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run([sys.executable, path], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "a script that makes a pool needs 'if __name__ == \"__main__\":'" in done.stderr.splitlines()[-1]


@linux
def test_a_forked_copy_refuses_and_leaves_the_pool_alone(pool, verify):
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            judge(pool, verify, ["7"])
        except VerdictsUnavailable:
            pool.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert statuses(judge(pool, verify, ["7"])) == ["correct"]


def test_workers_load_no_torch(pool, verify):
    assert "torch" in sys.modules
    assert judge(pool, verify, ["has torch", "has gradarium.verifiers"])[0].reason == "False"
    assert judge(pool, verify, ["has torch", "has gradarium.verifiers"])[1].reason == "True"


# The rate of failures.

GOOD, BAD = Verdict.correct(), Verdict.timeout("no verdict within 1 s")


def test_one_failure_in_a_small_batch_ends_nothing():
    rate = FailureRate(0.05)
    for step in range(1000):
        rate.check([GOOD] * 20 + [BAD] * (step % 2), step)  # one in 41: 2.4 %


def test_few_failures_end_nothing_and_more_do():
    rate = FailureRate(0.05, least=10)
    rate.check([GOOD] * 4 + [BAD] * 9, 1)
    with pytest.raises(TooManyErrors, match=r"^step 2: 10 of 14 answers could not be judged; first: no verdict"):
        rate.check([Verdict.error("no verdict could be had")], 2)


def test_old_verdicts_are_forgotten():
    rate = FailureRate(0.2, window=100, least=1)
    rate.check([GOOD] * 80 + [BAD] * 20, 1)  # exactly the limit
    rate.check([GOOD] * 100, 2)
    rate.check([BAD] * 20, 3)
    with pytest.raises(TooManyErrors, match="step 4: 21 of 100"):
        rate.check([BAD], 4)


def test_a_batch_above_the_window_counts_whole():
    rate = FailureRate(0.5, window=10, least=1)
    rate.check([GOOD] * 50 + [BAD] * 50, 1)
    with pytest.raises(TooManyErrors, match="step 2: 51 of 100"):
        rate.check([BAD] * 51 + [GOOD] * 49, 2)


def test_limits_of_the_limit():
    FailureRate(1.0).check([BAD] * 1000, 1)
    with pytest.raises(TooManyErrors, match="1 of 1000"):
        FailureRate(0.0).check([GOOD] * 999 + [BAD], 1)
    for wrong in ({"limit": 1.5}, {"limit": float("nan")}, {"limit": 0.1, "window": 0}, {"limit": 0.1, "least": 0}):
        with pytest.raises(BadValue):
            FailureRate(**wrong)
