"""One worker, spoken to directly: what belongs to which run."""

import marshal

import pytest

from gradarium.sandbox.inside.drive import Job, WorkerLost, WorkerRefused, Zygote

PLAIN = Job(0, b"", b"", 2.0, 20.0, 512 << 20, 19, 0, 10_000, 10_000, False)


def job(code, **changed):
    payload = marshal.dumps(("call", code, "f", [marshal.dumps([])], []))
    return PLAIN._replace(payload=payload, **changed)


ONE = job("def f(): return 1")


@pytest.fixture(params=["namespaces", "landlock"])
def worker(request):
    pool = request.getfixturevalue(request.param)
    made = pool._start_worker([])
    yield made
    made.close()


def test_each_run_gets_its_own_result(worker):
    for number in range(20):
        assert worker.run(job(f"def f(): return {number}")).result == f"[0,{number}]\nEND\n".encode()
        assert worker.run(job("import os\nos._exit(3)")).status >> 8 == 3


def test_a_run_that_cannot_be_set_up_is_a_fault_and_the_end_of_the_worker(landlock):
    made = landlock._start_worker([])
    with pytest.raises(WorkerLost, match="unshare"):
        made.run(job("def f(): return 1", scratch=1000))  # there are no namespaces to mount it in
    made.close()


def test_a_report_of_another_run_is_not_taken_for_ours(worker):
    worker.run(ONE)
    worker._serial += 5
    real = worker._control

    class Stale:
        def sendmsg(self, parts, *rest):
            return real.sendmsg([b"\1\0\0\0" + parts[0][4:]], *rest)

        def __getattr__(self, name):
            return getattr(real, name)

    worker._control = Stale()
    with pytest.raises(WorkerLost, match="another run"):
        worker.run(ONE)
    worker._control = real


def test_a_worker_of_a_tier_that_cannot_be_had_says_why():
    with pytest.raises(WorkerRefused, match="'nothere' is not installed"):
        Zygote("namespaces", ["nothere"], [])
    with pytest.raises(WorkerRefused, match="cannot start"):
        Zygote("namespaces", [], [], python="/nonexistent/python")
