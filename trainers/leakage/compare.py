"""Compare two files: the rows of B are held as hashes, those of A pass by."""

from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gradarium.trainers.data_out.reading import Place
from gradarium.trainers.leakage.index import Index
from gradarium.trainers.leakage.ngrams import Hasher, bag, digest, without
from gradarium.trainers.leakage.problem import Problem, read_problems
from gradarium.trainers.leakage.report import Pair, Report, Side
from gradarium.trainers.leakage.shared import Shared

ORDER = ("key", "overlap", "order", "near")
"""Kinds of pairs, the worst first."""


def compare(a: Path, b: Path, *, n: int, overlap: float, column: str | None = None, worst: int = 10) -> Report:
    """Return which rows of B are in A.

    By key: the canonical payloads are equal. By overlap: one row of A holds at least ``overlap`` of the n-grams of the
    row in B, without those that many prompts of its task share. Where keys of both rows were computed and differ, the
    problems are different ones: a large overlap is then counted as near and is no leak. The same words in another order
    are counted too.

    Each file is read twice; memory holds about 2 kB for each row of B and nothing for those of A. Raises BadFile.
    """
    comparison = _Comparison(n, column, Report(Side(str(a)), Side(str(b)), n, overlap))
    comparison.learn_rules(a, b)
    comparison.take_in(b)
    comparison.pass_by(a)
    return comparison.judge(worst)


class _Places:
    """Places as numbers."""

    def __init__(self) -> None:
        self._files: dict[Path, int] = {}

    def number(self, place: Place) -> int:
        return self._files.setdefault(place.path, len(self._files)) << 40 | place.number

    def text(self, number: int) -> str:
        return f"{list(self._files)[number >> 40]}:{number & (1 << 40) - 1}"


class _Comparison:
    """The rows of B: one entry of each array for each row."""

    def __init__(self, n: int, column: str | None, report: Report) -> None:
        self.column, self.report = column, report
        self.hasher = Hasher(n)
        self.shared = Shared(self.hasher)
        self.index = Index()
        self.places = _Places()
        self.place = array("q")
        self.group = array("l")
        self.text = array("l")
        """Its text in the index; -1: none."""
        self.key = array("l")
        """Number of its key; -1: none."""
        self.proved = array("b")
        """Whether the key was computed."""
        self.groups: dict[tuple[str, int | None], int] = {}
        self.texts: dict[bytes, int] = {}
        self.keys: dict[bytes, int] = {}
        self.met = array("q")
        """For each key, a row of A that has it; -1: none."""

    def learn_rules(self, a: Path, b: Path) -> None:
        self.shared.sample(read_problems(b, self.column, keys=False))
        self.shared.sample(read_problems(a, self.column, keys=False), only_known=True)
        self.shared.learn()

    def take_in(self, b: Path) -> None:
        for problem in self._read(b, self.report.b):
            self.place.append(self.places.number(problem.place))
            group = (problem.task, problem.level)
            self.group.append(self.groups.setdefault(group, len(self.groups)))
            self.text.append(self._text(problem))
            self.proved.append(bool(problem.key) and not problem.trusted)
            name = _packed(problem.key)
            self.key.append(self.keys.setdefault(name, len(self.keys)) if name else -1)
        self.texts.clear()
        self.index.freeze()
        self.met.extend([-1] * len(self.keys))

    def _text(self, problem: Problem) -> int:
        words = self.hasher.words(problem.text)
        if not len(words):
            return -1
        own = without(self.hasher.grams(words), self.shared.of(problem))
        name = digest(words)
        found = self.texts.get(name)
        if found is None:
            found = self.texts[name] = self.index.add(own, bag(words))
        return found

    def pass_by(self, a: Path) -> None:
        for problem in self._read(a, self.report.a):
            row = self.places.number(problem.place)
            known = self.keys.get(_packed(problem.key), -1) if problem.key else -1
            if known >= 0 and self.met[known] < 0:
                self.met[known] = row
            words = self.hasher.words(problem.text)
            if len(words):
                proved = bool(problem.key) and not problem.trusted
                self.index.look_up(self.hasher.grams(words), bag(words), row, proved)

    def _read(self, path: Path, side: Side) -> Iterator[Problem]:
        for problem in read_problems(path, self.column, told=False):
            side.rows += 1
            side.trusted += problem.trusted
            side.keys += bool(problem.key) and not problem.trusted
            side.wrong += bool(problem.stated) and problem.key != problem.stated
            yield problem

    def judge(self, worst: int) -> Report:
        found: list[tuple[int, float, int, int]] = []
        report, groups = self.report, list(self.groups)
        by_task: Counter[str] = Counter()
        for row in range(len(self.place)):
            why, overlap, other = self._verdict(row)
            text = self.text[row]
            sized = text >= 0 and self.index.sizes[text] > 0
            report.unmeasured += not sized
            report.touched += bool(sized and max(self.index.overlap[p][text] for p in (False, True)) > 0)
            if why:
                setattr(report, why, getattr(report, why) + 1)
                found.append((ORDER.index(why), -overlap, row, other))
                by_task[groups[self.group[row]][0]] += why in ("key", "overlap")
        report.by_task = {task: count for task, count in sorted(by_task.items()) if count}
        for kind, overlap, row, other in sorted(found)[:worst]:
            task, level = groups[self.group[row]]
            places = self.places.text(self.place[row]), self.places.text(other)
            report.worst.append(Pair(ORDER[kind], *places, task, level, round(-overlap, 3)))
        return report

    def _verdict(self, row: int) -> tuple[str, float, int]:
        """Return what a row of B has to do with A (empty: nothing), the overlap, and the row of A."""
        key, text, index = self.key[row], self.text[row], self.index
        if key >= 0 and self.met[key] >= 0:
            return "key", 1.0, self.met[key]
        if text < 0:
            return "", 0.0, -1
        # A key that was computed and is not in A proves that no row of A with a computed key is the same problem.
        foreign = (False,) if self.proved[row] else (False, True)
        overlap, other = max((float(index.overlap[p][text]), int(index.row[p][text])) for p in foreign)
        if overlap >= self.report.threshold:
            return "overlap", overlap, other
        reordered = max(int(index.reordered[p][text]) for p in foreign)
        if reordered >= 0:
            return "order", 1.0, reordered
        overlap, other = float(index.overlap[True][text]), int(index.row[True][text])
        return ("near", overlap, other) if overlap >= self.report.threshold else ("", 0.0, -1)


def _packed(key: str) -> bytes:
    """Return a key in as few bytes as it takes."""
    try:
        return bytes.fromhex(key)
    except ValueError:
        return key.encode()
