"""Minimal unsatisfiable core: clauses that cannot all be true together, none of which can be left out.

Correct is any such set of clauses, the smallest or not. The whole truth table is looked at: clauses contradict each
other if each of its rows makes one of them false, and a clause is needed if it alone is false in some row.

Example: payload ``{"variables": 2, "clauses": [[1, 2], [-1], [2], [-2]]}``, answer ``3 4`` or ``1 2 4``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints
from gradarium.verifiers.sat._cnf import MAX_TABLE, falsifying, too_large

MAX_CLAUSES = 400


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of clause numbers, counted from 1, in any order.

    >>> verify("1 2 4", {"variables": 2, "clauses": [[1, 2], [-1], [2], [-2]]}).score
    1.0
    """
    n, clauses = payload["variables"], payload["clauses"]
    if too_large(payload, MAX_TABLE, MAX_CLAUSES):
        return Verdict.error("the formula is larger than this verifier judges")
    numbers = read_ints(answer, 2 * len(clauses))
    if not numbers:
        return Verdict.unreadable("expected clause numbers such as 1 2")
    seen: set[int] = set()
    for number in numbers:
        if not 1 <= number <= len(clauses):
            return Verdict.wrong(f"there is no clause {number}: they are 1 to {len(clauses)}", "clause")
        if number in seen:
            return Verdict.wrong(f"clause {number} is named twice", "twice")
        seen.add(number)
    masks = [falsifying(clauses[number - 1], n) for number in numbers]
    once = twice = 0
    for mask in masks:
        twice |= once & mask
        once |= mask
    if once != (1 << (1 << n)) - 1:
        return Verdict.wrong("the named clauses can all be true at once", "satisfiable")
    spare = [number for number, mask in zip(numbers, masks, strict=True) if not mask & ~twice]
    if spare:
        return Verdict.wrong(f"clause {min(spare)} is not needed: the others still contradict each other", "minimal")
    return Verdict.correct()
