"""Random and mutated SQL against the sandbox: nothing may get past the limits, or disturb the process that asks.

    python benchmarks/sql_fuzz.py --count 1000000 --seed 0

The statements (``sql_fuzz_inside``) are made and run inside the sandbox, some hundreds in one run, each on a fresh
hardened database with a budget of steps and of processor time. A batch that ends at a limit or by a signal is halved
until one statement is left; that one, and every statement that took over 1.2 x its processor time, then has to end
within its limits by the kernel's count as an ordinary run. The first statement of each batch is run as an ordinary run
too, which must come to the same end. Exit status 1 if anything is amiss.
"""

import argparse
import importlib
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradarium.sandbox import Limits, Outcome, Run, SandboxBackend, default_sandbox
from gradarium.sandbox.inside import sql

FOLDER = Path(__file__).resolve().parent
INSIDE = FOLDER / "sql_fuzz_inside.py"

STEPS, CPU_S, HEAP = 200_000, 0.25, 32 << 20
"""Budget of one statement."""
SLACK = 1.2
ORDINARY = Limits(cpu_s=1.0, memory_mb=512, steps=STEPS, rows=1000, output_bytes=100_000)
"""Limits of a statement that is run alone."""
OUTCOMES = {
    "0": Outcome.RAN,
    "-1": Outcome.CPU_LIMIT,
    "10": Outcome.RUNTIME_ERROR,
    "11": Outcome.SYNTAX_ERROR,
    "12": Outcome.MALFORMED,
    "13": Outcome.MEM_LIMIT,
    "16": Outcome.CPU_LIMIT,
    "17": Outcome.OUTPUT_LIMIT,
}


_MAY_DIFFER = ("-1", "13")
"""Ends that depend on the clock or on the heap, which is larger in an ordinary run."""


@dataclass
class Report:
    """What a run of the fuzzer found; ``problems`` must be empty."""

    statements: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    most_steps: int = 0
    most_cpu_s: float = 0.0
    slowest: int = 0
    batches: int = 0
    halved: int = 0
    alone: int = 0
    most_alone_cpu_s: float = 0.0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    memory_kb: tuple[int, int] = (0, 0)

    def add(self, value: dict[str, Any], count: int) -> None:
        """Take in the result of one batch."""
        self.batches += 1
        self.statements += count
        self.outcomes.update(value["outcomes"])
        self.most_steps = max(self.most_steps, value["steps"][0])
        if value["cpu"][0] > self.most_cpu_s:
            self.most_cpu_s, self.slowest = value["cpu"]
        self.problems += [f"seed {seed}: {text}" for seed, text in value["wrong"]]
        if sum(value["outcomes"].values()) != count:
            self.problems.append(f"{value['outcomes']} are not {count} outcomes")

    def lines(self) -> list[str]:
        """Return the report as text."""
        outcomes = ", ".join(f"{name} {n}" for name, n in self.outcomes.most_common())
        rate = self.statements / max(self.seconds, 1e-9)
        return [
            f"{self.statements} statements in {self.seconds:.0f} s, {rate:.0f} a second, {self.batches} batches",
            f"outcomes: {outcomes}",
            f"most steps {self.most_steps} of {STEPS} ({self.most_steps / STEPS:.3f} of the budget)",
            f"most processor time {self.most_cpu_s:.3f} s of {CPU_S} s, seed {self.slowest}",
            f"{self.halved} batches halved, {self.alone} statements run alone, at most {self.most_alone_cpu_s:.2f} s",
            f"memory of this process: {self.memory_kb[0]} kB before, {self.memory_kb[1]} kB after",
            *(f"PROBLEM {text}" for text in self.problems),
        ]


def code() -> str:
    """Return the program that is sent: the sandbox's own SQL file, then the statements and their trial."""
    between = "\nimport types\nsql = types.SimpleNamespace(**globals())\n"
    after = "\ndef fuzz(*arguments):\n    return batch(sql, *arguments)\n"
    return Path(sql.__file__).read_text("utf-8") + between + INSIDE.read_text("utf-8") + after


def statements() -> Any:
    """Return the module that makes the statements."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module("sql_fuzz_inside")


def memory_kb() -> int:
    """Return the resident memory of this process."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def run_alone(box: SandboxBackend, seed: int) -> Run:
    """Run one statement as an ordinary run."""
    inside = statements()
    mode, text = inside.statement(seed)
    method = box.query if mode == "query" else box.modify
    return method(text, [{"image": inside.database(sql)}], ORDINARY)


def judge_alone(box: SandboxBackend, seed: int, report: Report, outcome: str | None) -> None:
    """Run one statement alone; note a problem unless it ends within its limits, and with this outcome."""
    run = run_alone(box, seed)
    report.alone += 1
    report.most_alone_cpu_s = max(report.most_alone_cpu_s, run.cpu_s)
    if run.outcome in (Outcome.NOT_JUDGED, Outcome.NO_RESULT, Outcome.TAMPER):
        report.problems.append(f"seed {seed}: {run.outcome} {run.message}")
    if run.cpu_s > SLACK * ORDINARY.cpu_s:
        report.problems.append(f"seed {seed}: {run.cpu_s:.2f} s of processor time alone")
    if outcome is not None and outcome not in _MAY_DIFFER and run.outcome is not OUTCOMES.get(outcome):
        report.problems.append(f"seed {seed}: {run.outcome} {run.message} alone, {outcome} in a batch")


def run_batch(box: SandboxBackend, program: str, first: int, count: int, report: Report) -> None:
    """Try ``count`` statements; where the run does not end well, halve."""
    limits = Limits(cpu_s=20.0 + 0.1 * count, memory_mb=512)
    run = box.call(program, "fuzz", [[first, count, STEPS, CPU_S, HEAP]], limits)
    if run.outcome is Outcome.RAN and isinstance(run.values[0], dict):
        value = run.values[0]
        report.add(value, count)
        for seed, _ in value["slow"]:
            judge_alone(box, seed, report, None)
        judge_alone(box, first, report, value["first"])
        return
    if run.outcome not in (Outcome.CPU_LIMIT, Outcome.WALL_LIMIT, Outcome.MEM_LIMIT, Outcome.SIGNALED):
        report.problems.append(f"batch at {first}: {run.outcome} {run.message}")
        return
    report.halved += 1
    if count == 1:
        report.statements += 1
        report.outcomes["alone"] += 1
        judge_alone(box, first, report, None)
        return
    run_batch(box, program, first, count // 2, report)
    run_batch(box, program, first + count // 2, count - count // 2, report)


def fuzz(count: int, seed: int = 0, batch: int = 500, workers: int = 0, box: SandboxBackend | None = None) -> Report:
    """Try ``count`` statements; statement i of seed s is that of ``s * 10**9 + i``."""
    box = box or default_sandbox()
    program, report, start = code(), Report(), time.monotonic()
    box.call(program, "fuzz", [[0, 1, STEPS, CPU_S, HEAP]], Limits(cpu_s=10.0))
    before = memory_kb()

    def work(first: int) -> Report:
        part = Report()
        run_batch(box, program, first, min(batch, seed * 10**9 + count - first), part)
        return part

    with ThreadPoolExecutor(workers or len(os.sched_getaffinity(0))) as threads:
        for part in threads.map(work, range(seed * 10**9, seed * 10**9 + count, batch)):
            report.statements += part.statements
            report.batches += part.batches
            report.halved += part.halved
            report.alone += part.alone
            report.outcomes.update(part.outcomes)
            report.most_steps = max(report.most_steps, part.most_steps)
            report.most_alone_cpu_s = max(report.most_alone_cpu_s, part.most_alone_cpu_s)
            report.problems += part.problems
            if part.most_cpu_s > report.most_cpu_s:
                report.most_cpu_s, report.slowest = part.most_cpu_s, part.slowest
    report.memory_kb = before, memory_kb()
    report.seconds = time.monotonic() - start
    if report.statements != count:
        report.problems.append(f"{report.statements} of {count} statements were tried")
    if report.most_steps > SLACK * STEPS:
        report.problems.append(f"{report.most_steps} steps of {STEPS}")
    return report


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--workers", type=int, default=0, help="runs at a time; default: the processors")
    args = parser.parse_args()
    report = fuzz(args.count, args.seed, args.batch, args.workers)
    print("\n".join(report.lines()))
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
