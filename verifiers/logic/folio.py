"""First-order entailment: say of each conclusion whether the premises make it true, make it false, or leave it open.

Correct is the right label, ``true``, ``false`` or ``unknown``, for every conclusion in their order. The verifier finds
out itself: it puts persons for the variables and looks for a counterexample by depth-first search with unit clauses,
in a bounded number of steps; a payload that needs more is an error. The labels may be numbered: ``1. true 2. false``.

Formulas: ``["is", word, term]``, ``["does", verb, term, term]``, ``["not", f]``, ``["and", f, g]``, ``["or", f, g]``,
``["if", f, g]``, ``["iff", f, g]``; a whole premise, or what a conclusion says or denies, may also be
``["all", variables, f]`` or ``["some", [variable], f]``. A term is a variable or a name. Without equality, the persons
with names and one more for each "some" (or denied "all") are enough.

Example: payload ``{"names": ["Tom"], "premises": [["all", ["x"], ["if", ["is", "poet", "x"], ["is", "kind", "x"]]],
["is", "poet", "Tom"]], "conclusions": [["is", "kind", "Tom"]]}``, answer ``true``.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

Formula = list[Any]
Clause = tuple[int, int]
"""Atoms, as bits, of which one must be true or one of the second number false."""
LABELS = ("true", "false", "unknown")
LIMIT = 8_000
"""Steps of the search for a whole verdict; the generator draws no problem that takes more."""
NUMBER = re.compile(r"(?:^|(?<=[\s,;]))([0-9]+)[.:)]")
"""What may stand before a label."""
NUMBERED = re.compile(r"""\s*(["']?)([a-z]+)\1\.?[\s,;]*""")
"""A label behind its number."""


class Grounds:
    """Turns formulas into clauses about a fixed group of persons."""

    def __init__(self, persons: list[str]) -> None:
        self.persons = persons
        self._atoms: dict[tuple[str, ...], int] = {}

    def clauses(self, formula: Formula, sign: bool, witness: str) -> list[Clause]:
        """Return the clauses that say that a formula is true, or false; ``witness`` is the person that exists."""
        if formula[0] == "not":
            return self.clauses(formula[1], not sign, witness)
        if formula[0] not in ("all", "some"):
            return self.matrix(formula, sign, {})
        _, variables, matrix = formula
        if (formula[0] == "all") != sign:
            return self.matrix(matrix, sign, dict.fromkeys(variables, witness))
        found = []
        for choice in product(self.persons, repeat=len(variables)):
            found += self.matrix(matrix, sign, dict(zip(variables, choice, strict=True)))
        return found

    def matrix(self, formula: Formula, sign: bool, terms: Mapping[str, str]) -> list[Clause]:
        """Return clauses of a formula without quantifiers, by the laws of de Morgan and of distribution."""
        kind, *parts = formula
        if kind == "not":
            return self.matrix(parts[0], not sign, terms)
        if kind in ("is", "does"):
            key = (parts[0], *(terms.get(term, term) for term in parts[1:]))
            bit = 1 << self._atoms.setdefault(key, len(self._atoms))
            return [(bit, 0) if sign else (0, bit)]
        if kind == "iff":
            return [
                *self.either(self.matrix(parts[0], False, terms), self.matrix(parts[1], sign, terms)),
                *self.either(self.matrix(parts[0], True, terms), self.matrix(parts[1], not sign, terms)),
            ]
        first = self.matrix(parts[0], sign != (kind == "if"), terms)
        second = self.matrix(parts[1], sign, terms)
        return [*first, *second] if (kind == "and") == sign else self.either(first, second)

    def either(self, first: list[Clause], second: list[Clause]) -> list[Clause]:
        """Return clauses that say: all of the first or all of the second."""
        return [(a | c, b | d) for a, b in first for c, d in second]


def settle(clauses: list[Clause], true: int = 0, false: int = 0) -> tuple[list[Clause], int, int] | None:
    """Follow clauses of one atom until there are none; return the rest and the settled atoms; None for a clash."""
    changed = True
    while changed:
        changed = False
        left = []
        for yes, no in clauses:
            if yes & true or no & false:
                continue
            yes &= ~false
            no &= ~true
            if yes & no:
                continue
            either = yes | no
            if not either:
                return None
            if not either & (either - 1):
                true |= yes
                false |= no
                changed = True
            else:
                left.append((yes, no))
        clauses = left
    return clauses, true, false


def branch(clauses: list[Clause]) -> tuple[int, bool]:
    """Return the atom that the shortest clauses hold most often, as a bit, and the value that fits more of them."""
    sizes = [(yes | no).bit_count() for yes, no in clauses]
    shortest = min(sizes)
    counts: dict[int, list[int]] = {}
    for size, sides in zip(sizes, clauses, strict=True):
        if size == shortest:
            for value, bits in enumerate(sides):
                while bits:
                    bit = bits & -bits
                    counts.setdefault(bit, [0, 0])[value] += 1
                    bits ^= bit
    atom = max(counts, key=lambda bit: (sum(counts[bit]), -bit))
    return atom, counts[atom][0] >= counts[atom][1]


def model_of(clauses: list[Clause], true: int, false: int, limit: int) -> tuple[int | None, int]:
    """Return the true atoms of a case where every clause holds (-1: none, None: not found out), and the steps taken.

    A step is a clause at a node of the search; the search ends where there would be more than the limit.
    """
    open_nodes = [(clauses, true, false)]
    steps = 0
    while open_nodes:
        clauses, true, false = open_nodes.pop()
        steps += 1 + len(clauses)
        if steps > limit:
            return None, steps
        settled = settle(clauses, true, false)
        if settled:
            clauses, true, false = settled
            if not clauses:
                return true, steps
            bit, first = branch(clauses)
            both = [(clauses, true | bit, false), (clauses, true, false | bit)]
            open_nodes += reversed(both) if first else both
    return -1, steps


def judge(payload: Payload) -> Iterator[str | None]:
    """Find the label of each conclusion, in order; "" if the premises agree with neither side of one.

    The last is None if the search for all of them takes more than LIMIT steps. The generator asks for this alone.
    """
    some = [f"some {i}" for i, premise in enumerate(payload["premises"]) if premise[0] == "some"]
    grounds = Grounds([*payload["names"], *some, "one more"])
    premises = []
    for i, premise in enumerate(payload["premises"]):
        premises += grounds.clauses(premise, True, f"some {i}")
    rest, true, false = settle(premises) or ([(0, 0)], 0, 0)
    models: list[int] = []  # cases where the premises hold, as numbers of their true atoms
    left = LIMIT
    for conclusion in payload["conclusions"]:
        possible = []
        for value in (True, False):
            claims = grounds.clauses(conclusion, value, "one more")
            if not any(all(yes & model or no & ~model for yes, no in claims) for model in models):
                model, steps = model_of([*claims, *rest], true, false, left)
                left -= steps
                if model is None:
                    yield None
                    return
                if model < 0:
                    continue
                models.append(model)
            possible.append(str(value).lower())
        yield "unknown" if len(possible) == 2 else "".join(possible)


def read_labels(answer: str) -> list[str] | None:
    r"""Return the words of a list, which may be numbered from 1 on; None for anything else.

    >>> read_labels("true, unknown"), read_labels("1. true\n2. unknown"), read_labels("1: true, 3: unknown")
    (['true', 'unknown'], ['true', 'unknown'], None)
    """
    before, *items = NUMBER.split(answer.lower())
    if not items:
        return read_words(answer)
    if before or items[::2] != [str(i) for i in range(1, len(items) // 2 + 1)]:
        return None
    found = [NUMBERED.fullmatch(item) for item in items[1::2]]
    return [word[2] for word in found if word] if all(found) else None


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the labels.

    >>> rule = ["all", ["x"], ["if", ["is", "poet", "x"], ["is", "kind", "x"]]]
    >>> verify("true", {"names": ["Tom"], "premises": [rule, ["is", "poet", "Tom"]],
    ...                 "conclusions": [["is", "kind", "Tom"]]}).score
    1.0
    """
    conclusions = payload["conclusions"]
    labels = read_labels(answer.strip()) if len(answer) <= 40 * (len(conclusions) + 1) and answer.isascii() else None
    if labels is None or any(label not in LABELS for label in labels):
        return Verdict.unreadable("expected the words true, false or unknown, separated by commas")
    if len(labels) != len(conclusions):
        return Verdict.wrong(f"there are {len(conclusions)} conclusions and {len(labels)} labels", "count")
    for i, (label, right) in enumerate(zip(labels, judge(payload), strict=False), 1):  # judge() may stop early
        if right is None:
            return Verdict.error(f"the conclusions cannot be judged within {LIMIT} steps")
        if not right:
            return Verdict.error("the premises contradict each other")
        if label != right:
            return Verdict.wrong(f"conclusion {i} has a wrong label", "labels", labels=(i - 1) / len(labels))
    return Verdict.correct(labels=1.0)
