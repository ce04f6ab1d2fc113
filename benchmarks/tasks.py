"""Speed of every task: instances and verdicts a second on one core, as a Markdown table.

    python benchmarks/tasks.py                          # all tasks, level 0, the middle and the top
    python benchmarks/tasks.py sudoku --levels 3 --seconds 5

Machines differ and are seldom alone, so each rate stands beside a ratio: how often it is done in the time that a fixed
loop of pure Python takes, which is timed directly before and after. Between machines and over time, compare ratios.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from gradarium.core import Instance
from gradarium.generators import Task, all_tasks, get_task

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("tasks", nargs="*", help="names of tasks; all if there is none")
    parser.add_argument("--levels", type=int, nargs="*", help="default: 0, the middle and the top")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each measurement")
    args = parser.parse_args()
    print("| task | level | instances/s | per loop | verdicts/s | per loop | p99 of a verdict, ms | |")
    print("|---|---|---|---|---|---|---|---|")
    loops = [loop()]
    for task in [get_task(name) for name in args.tasks] or all_tasks():
        middle = len(task.levels) // 2
        for level in args.levels or sorted({0, middle, len(task.levels) - 1}):
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
