import asyncio
import threading

from gradarium.sandbox import Limits, Outcome
from gradarium.sandbox.asynchronous import AsyncSandbox
from gradarium.sandbox.base import Run


def test_many_runs_at_once_each_get_their_own_answer(box):
    async def main():
        async with AsyncSandbox(box) as sandbox:
            runs = [sandbox.call("def f(a): return a * 2", "f", [[i]]) for i in range(30)]
            other = sandbox.query("SELECT 1", [{"schema": [], "rows": {}}])
            script = sandbox.script("print(input())", "x")
            steps = sandbox.operate("class A:\n    def m(self): return 1", "A", [["new", []], ["call", "m", []]])
            changed = sandbox.modify("DELETE FROM t", [{"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[1]]}}])
            return await asyncio.gather(*runs, other, script, steps, changed)

    *runs, other, script, steps, changed = asyncio.run(main())
    assert [run.values for run in runs] == [(2 * i,) for i in range(30)]
    assert other.values[0]["rows"] == [[1]] and script.values == ("x\n",) and steps.values == (None, 1)
    assert changed.values[0]["tables"]["t"]["rows"] == []


def test_the_loop_goes_on_while_a_run_does(box):
    async def main():
        async with AsyncSandbox(box) as sandbox:
            run = asyncio.ensure_future(sandbox.call("import time\ndef f(): time.sleep(0.5)", "f", [[]]))
            ticks = 0
            while not run.done():
                await asyncio.sleep(0.01)
                ticks += 1
            return ticks, run.result().outcome

    ticks, outcome = asyncio.run(main())
    assert ticks > 5 and outcome is Outcome.RAN


def test_a_cancelled_run_gives_its_place_back(box):
    async def main():
        async with AsyncSandbox(box, workers=1) as sandbox:
            sleeper = sandbox.call("import time\ndef f(): time.sleep(60)", "f", [[]], Limits(wall_s=0.5))
            try:
                await asyncio.wait_for(sleeper, 0.1)
            except TimeoutError:
                return await sandbox.call("def f(): return 1", "f", [[]])

    assert asyncio.run(main()).values == (1,)


def test_no_more_at_once_than_workers():
    now, most, lock = 0, 0, threading.Lock()

    class Slow:
        workers = 3

        def script(self, code, stdin, limits):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            threading.Event().wait(0.02)
            with lock:
                now -= 1
            return Run(Outcome.RAN)

    async def main():
        async with AsyncSandbox(Slow()) as sandbox:
            await asyncio.gather(*(sandbox.script("", "") for _ in range(20)))

    asyncio.run(main())
    assert most == 3
