"""First-order entailment: say of each conclusion whether the premises make it true, make it false, or leave it open.

Correct is the right label, ``true``, ``false`` or ``unknown``, for every conclusion in their order. The verifier finds
out itself: it puts persons for the variables and looks for a counterexample by depth-first search with unit clauses.

Formulas: ``["is", word, term]``, ``["does", verb, term, term]``, ``["not", f]``, ``["and", f, g]``, ``["or", f, g]``,
``["if", f, g]``, ``["iff", f, g]``; a whole premise, or what a conclusion says or denies, may also be
``["all", variables, f]`` or ``["some", [variable], f]``. A term is a variable or a name. Without equality, the persons
with names and one more for each "some" (or denied "all") are enough.

Example: payload ``{"names": ["Tom"], "premises": [["all", ["x"], ["if", ["is", "poet", "x"], ["is", "kind", "x"]]],
["is", "poet", "Tom"]], "conclusions": [["is", "kind", "Tom"]]}``, answer ``true``.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._words import read_words

Formula = list[Any]
Clause = tuple[int, int]
"""Atoms, as bits, of which one must be true or one of the second number false."""
LABELS = ("true", "false", "unknown")


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


def consistent(clauses: list[Clause], true: int = 0, false: int = 0) -> bool:
    """Tell whether the other atoms can be true or false so that every clause holds."""
    settled = settle(clauses, true, false)
    if settled is None:
        return False
    clauses, true, false = settled
    if not clauses:
        return True
    yes, no = clauses[0]
    bit = (yes | no) & -(yes | no)
    if yes & bit:
        return consistent(clauses, true | bit, false) or consistent(clauses, true, false | bit)
    return consistent(clauses, true, false | bit) or consistent(clauses, true | bit, false)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the labels.

    >>> rule = ["all", ["x"], ["if", ["is", "poet", "x"], ["is", "kind", "x"]]]
    >>> verify("true", {"names": ["Tom"], "premises": [rule, ["is", "poet", "Tom"]],
    ...                 "conclusions": [["is", "kind", "Tom"]]}).score
    1.0
    """
    conclusions = payload["conclusions"]
    labels = read_words(answer) if len(answer) <= 40 * (len(conclusions) + 1) else None
    if labels is None or any(label not in LABELS for label in labels):
        return Verdict.unreadable("expected the words true, false or unknown, separated by commas")
    if len(labels) != len(conclusions):
        return Verdict.wrong(f"there are {len(conclusions)} conclusions and {len(labels)} labels", "count")
    some = [f"some {i}" for i, premise in enumerate(payload["premises"]) if premise[0] == "some"]
    grounds = Grounds([*payload["names"], *some, "one more"])
    premises = []
    for i, premise in enumerate(payload["premises"]):
        premises += grounds.clauses(premise, True, f"some {i}")
    settled = settle(premises)
    if settled is None:
        return Verdict.error("the premises contradict each other")
    rest, true, false = settled
    for i, (label, conclusion) in enumerate(zip(labels, conclusions, strict=True), 1):
        for value in (True, False):
            possible = consistent([*grounds.clauses(conclusion, value, "one more"), *rest], true, false)
            if possible != (label in ("unknown", str(value).lower())):
                return Verdict.wrong(f"conclusion {i} has a wrong label", "labels", labels=(i - 1) / len(labels))
    return Verdict.correct(labels=1.0)
