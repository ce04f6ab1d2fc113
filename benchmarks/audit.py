"""The audit: error rates of every verifier, measured against an independent oracle, as a Markdown page.

    python benchmarks/audit.py --workers 2 --peers          # everything; writes docs/audit.md
    python benchmarks/audit.py sudoku countdown             # some tasks; prints, writes nothing

False positives: wrong answers made from right ones (``attacks.py``) that the verifier calls correct and the ``oracle``
of the task's test file does not. False negatives: right answers, in every answer format and with harmless decoration,
that do not score 1.0. Exit code 1 if there is one. Everything is drawn from seeds; only the number of cases of a task
that runs out of time depends on the machine.
"""

import argparse
import dataclasses
import importlib.util
import json
import math
import multiprocessing
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import attacks

from gradarium.core import SPLITS, Instance, Payload, Status, Verdict, derive_seed
from gradarium.envs.conformance.decorations import decorations
from gradarium.envs.conformance.not_guessable import CONSTANTS, MARGIN
from gradarium.envs.conformance.report import Oracle, shorten
from gradarium.errors import BadValue
from gradarium.generators import Task, all_tasks, get_task
from gradarium.verifiers.answers import FORMATS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "audit.md"
Solutions = Callable[[Payload], Iterator[str]]

SHARES = {
    "without content": 10,
    "mutants": 22,
    "near misses": 34,
    "mutants of mutants": 18,
    "tricks": 4,
    "answers of other instances": 4,
    "dumps": 8,
}
"""Wrong answers that are judged on each instance, by group."""
ASKED = 0.1
"""Share of the refused answers about which the oracle is asked too: a right one among them is a false negative."""
SMALL_LEVELS, SMALL_INSTANCES, SMALL_SOLUTIONS = (0, 1), 20, 25
"""Where all solutions are enumerated, and how many of one instance are judged."""
FEWEST = 300
"""Cases that are judged even when the time is up."""
GUESSED = 200
"""Instances of each level that constant answers are tried on."""
LONGEST = 1_800.0
"""Seconds after which the process of a task is ended and the task counted as failed."""


@dataclass(frozen=True)
class Limits:
    """How much is looked at."""

    cases: int = 2_000
    """Cases of each kind, right and wrong answers; the round over the levels that reaches it is finished."""
    seconds: float = 120.0
    """Processor time for each kind, after which it stops at ``FEWEST`` cases or more."""


@dataclass(frozen=True)
class Fault:
    """One false verdict, or something else that must not be."""

    kind: str
    """false positive, false negative, no verdict, oracle"""
    task: str
    level: int
    index: int
    split: str
    done: str
    """How the answer was made."""
    answer: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.task}, level {self.level}, instance {self.index} of {self.split}"
        return f"{self.kind}: {where}: {self.done}: {shorten(self.answer, 400)}: {self.reason}"


@dataclass
class Row:
    """What was found about one task."""

    task: str
    family: str
    chance: float = 0.0
    wrong: int = 0
    """Wrong answers judged."""
    false_positives: int = 0
    right: int = 0
    """Right answers judged."""
    false_negatives: int = 0
    solutions: int = 0
    """Of the right ones, those that come from the enumeration of small instances."""
    best: float = 0.0
    """Largest share of one level's instances that one constant answer is right for."""
    best_text: str = ""
    best_level: int = 0
    guessed: int = 0
    """Instances of the level with fewest on which constants were tried."""
    sandboxed: bool = False
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def upper_bound(found: int, cases: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson bound on a rate, ``1 - 0.05 ** (1 / cases)`` where none was found.

    >>> round(upper_bound(0, 2_000), 6)
    0.001497
    """
    if found >= cases:
        return 1.0
    if not found:
        return float(1 - (1 - confidence) ** (1 / cases))
    low, high = found / cases, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(found, cases, middle) > 1 - confidence else (low, middle)
    return high


def _at_most(found: int, cases: int, rate: float) -> float:
    """Return the probability of at most ``found`` of ``cases`` at a rate between 0 and 1."""
    logs = (
        math.lgamma(cases + 1) - math.lgamma(k + 1) - math.lgamma(cases - k + 1)
        + k * math.log(rate) + (cases - k) * math.log1p(-rate)
        for k in range(found + 1)
    )  # fmt: skip
    return math.fsum(map(math.exp, logs))


class Audit:
    """The audit of one task."""

    def __init__(self, task: Task, oracle: Oracle, solutions: Solutions | None, limits: Limits) -> None:
        self.task, self.limits = task, limits
        self._oracle, self._solutions = oracle, solutions
        self._posed: dict[tuple[int, int, str], Instance] = {}
        self.row = Row(task.name, task.family, task.chance, sandboxed=task.sandboxed)

    def run(self) -> Row:
        """Judge wrong answers, right ones and constants."""
        start = time.monotonic()
        self.wrong_answers()
        self.right_answers()
        self.constants()
        row = self.row
        if row.sandboxed:
            row.notes.append("every verdict starts a sandbox")
        if self._solutions is None:
            row.notes.append("no enumeration")
        if row.guessed < GUESSED:
            row.notes.append(f"constants on {row.guessed} instances of the slowest level")
        row.seconds = time.monotonic() - start
        return row

    # Wrong answers

    def wrong_answers(self) -> None:
        """Attack instances of all levels in turn until there are enough cases."""
        end = time.process_time() + self.limits.seconds
        for index in self._rounds("wrong", end):
            for level in range(len(self.task.levels)):
                if self._late("wrong", end):
                    return
                instance = self._pose(index, level)
                self._attack(instance, self._neighbours(index, level))

    def _attack(self, instance: Instance, others: list[str]) -> None:
        rng = random.Random(derive_seed("audit", instance.task, instance.key))
        small = instance.level in SMALL_LEVELS and instance.index < SMALL_INSTANCES
        groups = attacks.attacks(instance, others, self._enumerate(instance) if small else [], rng)
        for group, found in groups.items():
            for name, answer in rng.sample(found, min(SHARES[group], len(found))):
                self._judge(instance, name, answer, rng.random() < ASKED)
        replies = list(attacks.dumps(instance, others, rng))
        for name, completion, form in rng.sample(replies, min(SHARES["dumps"], len(replies))):
            verdict = self._grade(instance, completion, form)
            self._count(False, verdict, instance, f"{name} ({form})", completion)

    def _judge(self, instance: Instance, name: str, answer: str, ask: bool) -> None:
        verdict = self._verify(answer, instance.payload)
        asked = verdict.status is Status.CORRECT or (ask and verdict.status is Status.WRONG)
        self._count(asked and self._right(instance, name, answer), verdict, instance, name, answer)

    # Right answers

    def right_answers(self) -> None:
        """Grade all solutions of small instances, then references of all levels, formats and decorations."""
        end = time.process_time() + self.limits.seconds
        if self._solutions is not None:
            for index in range(SMALL_INSTANCES):
                for level in SMALL_LEVELS[: len(self.task.levels)]:
                    if not self._late("right", end):
                        self._all_solutions(self._pose(index, level))
        for index in self._rounds("right", end):
            for level in range(len(self.task.levels)):
                if self._late("right", end):
                    return
                self._reference(self._pose(index, level, SPLITS[index % 3]))

    def _all_solutions(self, instance: Instance) -> None:
        form = FORMATS[instance.answer_format]
        found = self._enumerate(instance)
        if not found and instance.level == 0:
            self._fault("oracle", instance, "solutions()", "", "it yields nothing")
        for answer in found:
            if self._right(instance, "a solution", answer) is False:
                self._fault("oracle", instance, "a solution", answer, "the oracle refuses what solutions() yields")
                continue
            self.row.solutions += 1
            verdict = self._grade(instance, form.render(answer), form.name)
            self._count(True, verdict, instance, "a solution", answer)

    def _reference(self, instance: Instance) -> None:
        if not self._right(instance, "the reference", instance.reference):
            self._fault("oracle", instance, "the reference", instance.reference, "the oracle refuses it")
        replies = []
        for form in FORMATS.values():
            try:
                replies.append(("as it is", form.render(instance.reference), form.name))
            except BadValue:
                continue  # this format cannot hold the answer and says so
            every = decorations(form.name, instance.reference, instance.example)
            replies += [(done, completion, form.name) for done, completion in every]
        rng = random.Random(derive_seed("audit", instance.task, instance.key, "right"))
        for done, completion, form in rng.sample(replies, min(30, len(replies))):
            verdict = self._grade(instance, completion, form)
            self._count(True, verdict, instance, f"the reference, {done} ({form})", completion)

    # Constants

    def constants(self) -> None:
        """Find the constant answer that is right for most instances of a level."""
        self.row.guessed = GUESSED
        for level in range(len(self.task.levels)):
            end = time.process_time() + min(30.0, self.limits.seconds)
            posed: list[Instance] = []
            while len(posed) < GUESSED and (len(posed) < 30 or time.process_time() < end):
                posed.append(self._pose(len(posed), level))
            self.row.guessed = min(self.row.guessed, len(posed))
            for text, share in self._shares(posed):
                if share > self.row.best:
                    self.row.best, self.row.best_text, self.row.best_level = share, text, level
        if self.row.best > self.task.chance + MARGIN:
            self.row.notes.append(f"best constant {self.row.best_text!r}, level {self.row.best_level}")

    def _shares(self, posed: list[Instance]) -> Iterator[tuple[str, float]]:
        references = Counter(instance.reference for instance in posed)
        common = [text for text, _ in references.most_common(12)]
        if self.task.sandboxed:  # compared as text, and a few of them run
            yield from ((text, references[text] / len(posed)) for text in common)
            yield from self._shares_run([*common[:2], "0", "1", "[]", "SELECT 1"], references, posed)
            return
        candidates = [*common, *references, *(i.example for i in posed[:3])][:25] + list(CONSTANTS)
        for text in dict.fromkeys(candidates):
            verdicts = [self._verify(text, instance.payload).score for instance in posed]
            yield text, sum(verdicts) / len(verdicts)

    def _shares_run(
        self, candidates: list[str], references: Counter[str], posed: list[Instance]
    ) -> Iterator[tuple[str, float]]:
        """Yield estimates: what is equal as text, and the rest by the share of a few that were run."""
        for text in dict.fromkeys(candidates):
            rest = [instance for instance in posed if instance.reference != text]
            some = rest[:: max(1, len(rest) // 16)][:16]
            scores = [self._verify(text, instance.payload).score for instance in some]
            yield text, (references[text] + len(rest) * sum(scores) / max(1, len(some))) / len(posed)

    # Common to all

    def _rounds(self, kind: str, end: float) -> Iterator[int]:
        for index in count():
            if getattr(self.row, kind) >= self.limits.cases or self._late(kind, end):
                return
            yield index

    def _late(self, kind: str, end: float) -> bool:
        return time.process_time() > end and getattr(self.row, kind) >= min(FEWEST, self.limits.cases)

    def _pose(self, index: int, level: int, split: Any = "train") -> Instance:
        if (index, level, split) not in self._posed:
            self._posed[index, level, split] = self.task.pose(index, level, split)
        return self._posed[index, level, split]

    def _neighbours(self, index: int, level: int) -> list[str]:
        """Return references of other instances: three of the same level, one of the level before."""
        near = [self._pose(i, level).reference for i in range(index + 4) if i != index][-3:]
        return [*near, self._pose(index, max(0, level - 1)).reference] if level else near

    def _enumerate(self, instance: Instance) -> list[str]:
        if self._solutions is None:
            return []
        try:
            return list(islice(self._solutions(instance.payload), SMALL_SOLUTIONS))
        except Exception as error:
            self._fault("oracle", instance, "solutions()", "", f"it raises {type(error).__name__}: {error}")
            return []

    def _right(self, instance: Instance, done: str, answer: str) -> bool:
        try:
            return bool(self._oracle(answer, instance.payload))
        except Exception as error:
            self._fault("oracle", instance, done, answer, f"the oracle raises {type(error).__name__}: {error}")
            return False

    def _verify(self, answer: str, payload: Payload) -> Verdict:
        try:
            return self.task.verify(answer, payload)
        except Exception as error:  # what a verifier must never do; reported, so that it does not end the audit
            return Verdict.error(f"it raises {type(error).__name__}: {str(error)[:200]}")

    def _grade(self, instance: Instance, completion: str, form: str) -> Verdict:
        return self.task.grade(completion, dataclasses.replace(instance, answer_format=form))

    def _count(self, right: bool, verdict: Verdict, instance: Instance, done: str, answer: str) -> None:
        if verdict.reward is None:
            self._fault("no verdict", instance, done, answer, f"{verdict.status}: {verdict.reason}")
            return
        accepted = verdict.status is Status.CORRECT
        if right:
            self.row.right += 1
            self.row.false_negatives += not accepted
        else:
            self.row.wrong += 1
            self.row.false_positives += accepted
        if right != accepted:
            kind = "false negative" if right else "false positive"
            self._fault(kind, instance, done, answer, f"{verdict.status}: {verdict.reason}")

    def _fault(self, kind: str, instance: Instance, done: str, answer: str, reason: str) -> None:
        place = instance.level, instance.index, instance.split
        self.row.faults.append(Fault(kind, instance.task, *place, done, answer, reason))


def load_judges(task: Task) -> tuple[Oracle, Solutions | None]:
    """Return ``oracle`` and, where there is one, ``solutions`` of the task's test file."""
    path = ROOT / "tests" / "verifiers" / task.family / f"test_{task.name}.py"
    spec = importlib.util.spec_from_file_location(f"_judges_of_{task.name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SystemExit(f"{path.relative_to(ROOT)} is missing: it must define oracle(answer, payload)")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.oracle, getattr(module, "solutions", None)


def audit_named(name: str, limits: Limits) -> Row:
    """Audit a task of the registry."""
    task = get_task(name)
    return Audit(task, *load_judges(task), limits).run()


def audit_all(names: list[str], limits: Limits, workers: int, longest: float) -> Iterator[Row]:
    """Yield the rows as they are finished; each task has a process, which is ended after ``longest`` seconds."""
    context = multiprocessing.get_context("spawn")
    waiting, running = list(names), {}
    while waiting or running:
        while waiting and len(running) < workers:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(waiting[0], limits, theirs))
            process.start()
            theirs.close()
            running[ours] = (waiting.pop(0), process, time.monotonic() + longest)
        ready = wait(list(running), timeout=1.0)
        for ours, (name, process, end) in list(running.items()):
            if ours not in ready and time.monotonic() < end:
                continue
            try:
                row = ours.recv() if ours in ready else _lost(name, f"no end after {longest:g} s")
            except EOFError:
                row = _lost(name, "its process ended without a result")
            if ours not in ready:
                process.kill()
            process.join()
            del running[ours]
            yield row


def _send(name: str, limits: Limits, pipe: Connection) -> None:
    warnings.simplefilter("ignore", SyntaxWarning)  # of mutants of programs
    try:
        pipe.send(audit_named(name, limits))
    except Exception as error:
        pipe.send(_lost(name, f"{type(error).__name__}: {error}"))


def _lost(name: str, reason: str) -> Row:
    task = get_task(name)
    return Row(name, task.family, task.chance, faults=[Fault("no verdict", name, 0, 0, "train", "audit", "", reason)])


def table(rows: list[Row]) -> str:
    """Return the table of the page."""
    lines = [
        "| task | wrong answers | accepted | bound | right answers | refused | bound | best constant | chance | |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [row.task, *_rate(row.false_positives, row.wrong), *_rate(row.false_negatives, row.right)]
        cells += [f"{row.best:.3f}", f"{row.chance:g}", "; ".join(row.notes).replace("|", "\\|")]
        lines.append(f"| {' | '.join(cells)} |")
    wrong, right = sum(row.wrong for row in rows), sum(row.right for row in rows)
    accepted, refused = sum(row.false_positives for row in rows), sum(row.false_negatives for row in rows)
    every = ["**all**", *_rate(accepted, wrong), *_rate(refused, right), "", "", ""]
    return "\n".join([*lines, f"| {' | '.join(every)} |"])


def _rate(found: int, cases: int) -> list[str]:
    return [f"{cases:,}", str(found), f"{100 * upper_bound(found, cases):.3g} %" if cases else ""]


def page(command: str, rows: list[Row], peers: str) -> str:
    """Return docs/audit.md."""
    few = [row.task for row in rows if min(row.wrong, row.right) < Limits.cases]
    enough = f"Every task has at least {Limits.cases:,} cases of each kind."
    if few:
        enough = f"Fewer than {Limits.cases:,} cases of a kind: {', '.join(few)}."
    enumerated = sum(row.solutions for row in rows)
    return f"""# Audit

```console
{command}
```

What that printed. Every verifier is judged by an oracle: a second judge in the task's test file, written apart from
the verifier, by the definition alone.

* **Wrong answers** ({sum(row.wrong for row in rows):,}), on instances of all levels: mutants of right answers, mutants
  of those, near misses (cells, words, lines, columns and values swapped, changed, renamed, turned round), answers of
  other instances, tricks that other verifiers fell for, answers without content, the question itself, and replies that
  dump several answers. *Accepted* counts what the verifier calls correct and the oracle does not: false positives. The
  oracle is asked about all accepted answers and every tenth refused one; what it calls right counts as a right answer.
* **Right answers** ({sum(row.right for row in rows):,}), graded as whole replies: references of all levels and splits,
  in every answer format that can hold them, plain and with harmless decoration (prose, bold, a correction, a thinking
  block), and {enumerated:,} solutions of small instances, enumerated by brute force. *Refused* counts false negatives.
* **Bound**: the one-sided 95 % Clopper-Pearson bound on the rate; 0 of n gives 1 - 0.05^(1/n). It speaks of answers
  drawn as these were; cases that come from one instance are not independent of each other.
* **Best constant**: the largest share of the instances of one level ({GUESSED} of each) that one constant answer is
  right for, beside the chance that the task declares.

{enough}

{table(rows)}

## Peers

{peers}
"""


def main() -> None:
    """Audit, print, and write the page if everything was audited."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("tasks", nargs="*", help="names of tasks; all if there is none")
    parser.add_argument("--cases", type=int, default=Limits.cases, help="of each kind and task")
    parser.add_argument("--seconds", type=float, default=Limits.seconds, help="for each kind and task")
    parser.add_argument("--workers", type=int, default=1, help="tasks at a time")
    parser.add_argument("--peers", action="store_true", help="attack the peers' tasks too")
    parser.add_argument("--peers-python", default=sys.executable, help="the interpreter that has the peers installed")
    parser.add_argument("--json", type=Path, help="write everything found to this file")
    parser.add_argument(
        "--out", type=Path, help=f"write the page here; default for all tasks: {PAGE.relative_to(ROOT)}"
    )
    args = parser.parse_args()
    limits = Limits(args.cases, args.seconds)
    names = args.tasks or [task.name for task in all_tasks() if task.make.__module__.startswith("gradarium.")]
    order = {task.name: place for place, task in enumerate(map(get_task, names))}
    rows = []
    for row in audit_all(names, limits, args.workers, LONGEST):
        rows.append(row)
        counts = (
            f"{row.false_positives} of {row.wrong} wrong accepted, {row.false_negatives} of {row.right} right refused"
        )
        print(f"{row.task}: {counts}, {row.seconds:.1f} s", file=sys.stderr, flush=True)
        for fault in row.faults[:20]:
            print(f"  {fault}", file=sys.stderr, flush=True)
    rows.sort(key=lambda row: order[row.task])
    print(table(rows))
    peers, found = "Not asked for: `--peers`.", []
    if args.peers:
        import peers as other

        peers, found = other.report(args.peers_python, args.tasks, rows)
        print(f"\n{peers}")
    if args.json:
        everything = {"tasks": [dataclasses.asdict(row) for row in rows], "peers": found}
        args.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")
    out = args.out or (None if args.tasks else PAGE)
    if out:
        shown = [f"--{name} {value}" for name, value in (("workers", args.workers),) if value != 1]
        command = " ".join(["python benchmarks/audit.py", *args.tasks, *shown, *(["--peers"] if args.peers else [])])
        out.write_text(page(command, rows, peers), encoding="utf-8")
    sys.exit(any(row.faults for row in rows))


if __name__ == "__main__":
    main()
