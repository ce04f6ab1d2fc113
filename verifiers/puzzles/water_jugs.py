"""Water jugs: moves that lead to the wanted amounts.

Correct is every list of at most ``limit`` moves after which the jugs hold what the goal says; the verifier carries the
moves out. ``goal`` has null for jugs that do not matter. Jugs are called A, B, C and so on. ``pour A into B`` and
``pour A to B`` are the same as ``pour A B``; moves may stand on lines.

Example: payload ``{"capacities": [7, 5], "start": [3, 5], "goal": [7, 1], "tap": true, "limit": 1}``, answer
``pour B A``.
"""

import re

from gradarium.core import Payload, Verdict

_MOVE = re.compile(
    r"(fill|empty)\s{1,3}([a-z])|pour\s{1,3}([a-z])\s{1,3}(?:(?:in)?to\s{1,3}|->\s{0,3})?([a-z])", re.ASCII
)
_SPLIT = re.compile(r"[,;\n]")
LONGEST = 5_000
"""Longer answers are unreadable (characters)."""


def read_moves(text: str, most: int) -> list[tuple[str, str]] | None:
    """Return moves as pairs of jugs, the tap and the drain being empty texts; None if anything else is there.

    >>> read_moves("fill A, pour A into B, empty B", 5), read_moves("fill", 5)
    ([('', 'a'), ('a', 'b'), ('b', '')], None)
    """
    if len(text) > LONGEST or not text.isascii():
        return None
    items = [item.strip() for item in _SPLIT.split(text.strip().removesuffix(".").lower())]
    found = [_MOVE.fullmatch(item) for item in items if item]
    if not found or not all(found) or len(found) > most:
        return None
    pairs = []
    for move in found:
        if move:
            kind, jug, source, target = move.groups()
            pairs.append((source, target) if source else ("", jug) if kind == "fill" else (jug, ""))
    return pairs


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of moves.

    >>> two = {"capacities": [7, 5], "start": [3, 5], "goal": [7, 1], "tap": True, "limit": 1}
    >>> verify("pour B A", two).score
    1.0
    >>> verify("fill A", two).reason
    'in the end B holds 5, not 1'
    """
    moves = read_moves(answer, 500)
    if moves is None:
        return Verdict.unreadable("expected moves like 'fill A', 'empty A' or 'pour A B', separated by commas")
    if len(moves) > payload["limit"]:
        return Verdict.wrong(f"{len(moves)} moves; at most {payload['limit']} are allowed", "limit")
    capacities = payload["capacities"]
    names = "abcdefghij"[: len(capacities)]
    amounts = dict(zip(names, payload["start"], strict=True))
    room = dict(zip(names, capacities, strict=True))
    for number, (source, target) in enumerate(moves, 1):
        if any(jug not in names for jug in source + target):
            return Verdict.wrong(f"move {number} names a jug that is not there", "jugs")
        if source == target:
            return Verdict.wrong(f"move {number} pours a jug into itself", "jugs")
        if not (source and target) and not payload["tap"]:
            return Verdict.wrong(f"move {number} fills or empties a jug, which cannot be done here", "tap")
        amount = room[target] - amounts[target] if target else amounts[source]
        if source and target:
            amount = min(amount, amounts[source])
        if source:
            amounts[source] -= amount
        if target:
            amounts[target] += amount
    for name, goal in zip(names, payload["goal"], strict=True):
        if goal is not None and amounts[name] != goal:
            return Verdict.wrong(f"in the end {name.upper()} holds {amounts[name]}, not {goal}", "goal")
    return Verdict.correct()
