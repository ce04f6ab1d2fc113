"""Speed of every task: instances and verdicts a second on one core, as a Markdown table.

    python benchmarks/tasks.py                          # all tasks and levels
    python benchmarks/tasks.py sudoku --levels 3 --seconds 5
    python benchmarks/tasks.py --peers --peers-python ~/peers/bin/python   # beside reasoning-gym

Machines differ and are seldom alone, so each rate stands beside a ratio: how often it is done in the time that a fixed
loop of pure Python takes, which is timed directly before and after. Between machines and over time, compare ratios.
With ``--peers``, the tasks that reasoning-gym has too are timed at matched size, in one run and in turns.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import peers

from gradarium.core import Instance, Payload
from gradarium.generators import Task, all_tasks, get_task
from gradarium.verifiers.answers import FORMATS
from gradarium.verifiers.grading import grade

INSTANCES_A_SECOND, VERDICTS_A_SECOND = 200, 20_000
"""What a task should reach at its middle level."""


class Row(NamedTuple):
    """The measurements of one task and level."""

    instances: float
    instances_per_loop: float
    verdicts: float
    verdicts_per_loop: float
    p99: float


def loop() -> float:
    """Return the seconds of the fixed loop: integers, a dict and text, about what generators do; best of five."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        counts: dict[int, int] = {}
        for i in range(20_000):
            key = (i * 7_919) % 1_009
            counts[key] = counts.get(key, 0) + len(str(i))
        times.append(time.perf_counter() - start)
    return min(times)


def rate(work: Callable[[int], None], seconds: float, least: int) -> tuple[float, float, list[float]]:
    """Call ``work(0), work(1), ...``; return calls a second, calls in the time of a loop, and the time of each call."""
    before = loop()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        work(len(times))
        times.append(time.perf_counter() - start)
    fixed = (before + loop()) / 2
    each = sum(times) / len(times)
    return 1 / each, fixed / each, times


def measure(task: Task, level: int, seconds: float) -> Row:
    """Time ``pose``, then ``verify`` on right and wrong answers of instances it has not seen."""
    task.pose(0, level)  # imports and tables
    posed: list[Instance] = []
    instances, instances_per_loop, _ = rate(lambda i: posed.append(task.pose(i, level)), seconds, 5)
    cases = [(text, x.payload) for x in posed for text in (x.reference, x.example)]
    verify = task.verify
    verify(*cases[0])  # the sandbox looks around at its first run
    if task.sandboxed:  # verdicts may be kept: none is asked for twice
        cases = cases[2 : 2 + 40]
        seconds, least = 0.0, len(cases)
    else:
        least = 200

    def judge(i: int) -> None:
        verify(*cases[i % len(cases)])

    verdicts, verdicts_per_loop, times = rate(judge, seconds, least)
    p99 = statistics.quantiles(times, n=100)[98]
    return Row(instances, instances_per_loop, verdicts, verdicts_per_loop, p99)


def number(value: float) -> str:
    """Return three digits that count, thousands set off."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


class Pair(NamedTuple):
    """Calls a second, ours and a peer's: the medians of the rounds, and that of the ratio within each round."""

    ours: float
    theirs: float
    ratio: float


ROUNDS = 5
"""Turns that ours and theirs take."""


def pair(rounds: list[tuple[float, float]]) -> Pair:
    """Return what (calls a second of ours, of theirs) by rounds come to."""
    ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Pair(ours, theirs, statistics.median(a / b for a, b in rounds))


PROSE = "Let me look at the problem step by step. First I write down what is given, then I try what follows. " * 15


def beside(python: str, common: peers.Common, task: Task, seconds: float) -> Iterator[Pair]:
    """Yield posing, judging of right and wrong answers, and grading of long replies; each side in turn."""
    peer = peers.Peer(python)
    params = common.params or None
    try:
        peer.open(common, **common.config)
        items = [peer.pose() for _ in range(10)]
        posed = [task.pose(i, common.level, params=params) for i in range(10)]

        def pose(i: int) -> None:
            task.pose(begun + i, common.level, params=params)

        rounds, begun, first = [], 10, 10
        for _ in range(ROUNDS):
            times = rate(pose, seconds, 3)[2]
            (theirs,) = peer.ask({"do": "time", "seconds": seconds, "least": 3, "first": first})
            begun, first = begun + len(times), first + len(theirs)
            rounds.append((len(times) / sum(times), len(theirs) / sum(theirs)))
        yield pair(rounds)

        references = [item["answer"] or item["metadata"].get("example_correct_answer") for item in items]
        if None in references:
            return
        turns = [(i, j % 10) for i in range(10) for j in (i, i + 1)]  # its own answer, and another one's
        for how in ("score", "grade"):
            state = FORMATS["tag"].render if how == "grade" else str
            prose = f"{PROSE}\n" if how == "grade" else ""
            jobs = [(f"{prose}{state(posed[j].reference)}", posed[i].payload) for i, j in turns]
            cases = [(i, f"{prose}{state(references[j])}") for i, j in turns]
            work = _judging(task, jobs, whole=how == "grade")
            work(0)
            rounds = []
            for _ in range(ROUNDS):
                times = rate(work, seconds, 20)[2]
                (theirs,) = peer.ask({"do": "time", "how": how, "seconds": seconds, "least": 20, "cases": cases})
                rounds.append((len(times) / sum(times), len(theirs) / sum(theirs)))
            yield pair(rounds)
    finally:
        peer.stop()


def _judging(task: Task, jobs: list[tuple[str, Payload]], whole: bool) -> Callable[[int], None]:
    """Return what judges the i-th job: a bare answer, or a whole reply."""
    verify, name = task.verify, task.name

    def answer(i: int) -> None:
        verify(*jobs[i % len(jobs)])

    def reply(i: int) -> None:
        text, payload = jobs[i % len(jobs)]
        grade(text, name, payload, "tag")

    return reply if whole else answer


def beside_all(python: str, names: list[str], seconds: float) -> str:
    """Return the tables of the comparison with reasoning-gym."""
    version = peers.versions(python).get("reasoning-gym")
    if version is None:
        return "Not installed: reasoning-gym."
    lines = [
        "| task | reasoning-gym | matched | instances/s | theirs | ratio | verdicts/s | theirs | ratio "
        "| replies/s | theirs | ratio |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    slower, left = [], []
    ratios: dict[str, list[float]] = {"posing": [], "verdicts": [], "replies": []}
    checked: dict[str, list[float]] = {done: [] for done in ratios}
    for common in peers.COMMON:
        if common.peer != "reasoning-gym" or (names and common.task not in names):
            continue
        if common.task is None or not common.matched:
            left.append(common.dataset)
            continue
        print(f"{common.task} beside {common.dataset}", file=sys.stderr, flush=True)
        try:
            pairs = list(beside(python, common, get_task(common.task), seconds))
        except (peers.Hang, peers.Failed) as error:
            left.append(f"{common.dataset} ({type(error).__name__} {error})")
            continue
        cells = [common.task, common.dataset, common.matched]
        for done, found in zip(ratios, pairs, strict=False):
            cells += [number(found.ours), number(found.theirs), number(found.ratio)]
            ratios[done].append(found.ratio)
            if common.checks:
                checked[done].append(found.ratio)
            if found.ratio < 1:
                why = common.poses if done == "posing" else common.judges
                slower.append(f"| {common.task} | {done} | {number(found.ratio)} | {why or '**not explained**'} |")
        lines.append(f"| {' | '.join(cells + [''] * (12 - len(cells)))} |")
    for name, columns in (("all", ratios), ("theirs checks the rules", checked)):
        middle = [f"**{number(statistics.median(column))}**" if column else "" for column in columns.values()]
        lines.append(f"| **median**, {name} | | | | | {' | | | '.join(middle)} |")
    text = f"""Beside reasoning-gym {version}; a ratio above 1 says that ours is faster. *Verdicts*: the bare answer,
half of them right. *Replies*: {len(PROSE):,} characters of prose and the answer in a tag, found and judged. Most of
their scorers compare with what is stored; the second median is of those that check the rules, as ours do.

""" + "\n".join(lines)
    if slower:
        text += "\n\nSlower than theirs:\n\n| task | | ratio | reason |\n|---|---|---|---|\n" + "\n".join(slower)
    return text + (f"\n\nNot compared, no task here or no size to match: {', '.join(left)}." if left else "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("tasks", nargs="*", help="names of tasks; all if there is none")
    parser.add_argument("--levels", type=int, nargs="*", help="default: all")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each measurement")
    parser.add_argument("--peers", action="store_true", help="compare with reasoning-gym instead")
    parser.add_argument("--peers-python", default=sys.executable, help="the interpreter that has the peers installed")
    args = parser.parse_args()
    if args.peers:
        print(beside_all(args.peers_python, args.tasks, args.seconds))
        return
    print("| task | level | instances/s | per loop | verdicts/s | per loop | p99 of a verdict, ms | |")
    print("|---|---|---|---|---|---|---|---|")
    loops = [loop()]
    for task in [get_task(name) for name in args.tasks] or all_tasks():
        middle = len(task.levels) // 2
        levels = range(len(task.levels)) if args.levels is None else args.levels
        for level in (level for level in levels if level < len(task.levels)):
            row = measure(task, level, args.seconds)
            loops.append(loop())
            slow = []
            if level == middle:
                slow += ["instances below 200/s"] if row.instances < INSTANCES_A_SECOND else []
                slow += ["verdicts below 20,000/s"] if row.verdicts < VERDICTS_A_SECOND else []
            remark = "; ".join([*slow, *([task.slow] if slow and task.slow else [])])
            cells = [*map(number, row[:4]), number(1000 * row.p99), remark]
            print(f"| {task.name} | {level} | " + " | ".join(cells) + " |", flush=True)
    spread = f"{1000 * min(loops):.2f} to {1000 * max(loops):.2f}"
    print(f"\nOne loop: {1000 * statistics.median(loops):.2f} ms (from {spread}).")


if __name__ == "__main__":
    main()
