"""Stack permutation: push arriving items onto stacks and pop them so that they leave in a given order.

Correct is any sequence of moves that lets all items out in that order; the verifier makes them. The payload holds the
items ``arriving`` and ``leaving``, how many ``stacks`` there are (A, B, ...), and their ``height``, the most items on
one of them.

Example: payload ``{"arriving": [3, 1, 2], "leaving": [1, 3, 2], "stacks": 1, "height": 3}``, answer ``push push pop pop
push pop``.
"""

import re

from gradarium.core import Payload, Verdict

LONGEST = 20_000
"""Longer answers are not read (characters)."""

_PLAIN = re.compile(r"[a-z\s,;()\[\]\"']*", re.ASCII)
_MARKS = re.compile(r"[\s,;()\[\]\"']+", re.ASCII)


def read_stack_moves(text: str, stacks: int) -> list[tuple[str, int]] | None:
    """Return moves as (verb, stack); with one stack its name is left out. None if anything else is there, or nothing.

    >>> read_stack_moves("Push A, pop A", 2), read_stack_moves("push pop", 1), read_stack_moves("push, pop", 2)
    ([('push', 0), ('pop', 0)], [('push', 0), ('pop', 0)], None)
    """
    if len(text) > LONGEST or not text.isascii():
        return None
    text = text.lower()
    if not _PLAIN.fullmatch(text):
        return None
    words = [word for word in _MARKS.split(text) if word]
    step = 1 if stacks == 1 else 2
    verbs, names = words[::step], words[1::2] if stacks > 1 else ["a"] * len(words)
    letters = "abcdefghijklmnopqrstuvwxyz"[:stacks]
    if not words or len(verbs) != len(names) or set(verbs) - {"push", "pop"}:
        return None
    if any(len(name) != 1 or name not in letters for name in names):
        return None
    return [(verb, letters.index(name)) for verb, name in zip(verbs, names, strict=True)]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge pushes and pops.

    >>> payload = {"arriving": [3, 1, 2], "leaving": [1, 3, 2], "stacks": 1, "height": 3}
    >>> verify("push push pop pop push pop", payload).score
    1.0
    """
    moves = read_stack_moves(answer, payload["stacks"])
    if moves is None:
        named = "" if payload["stacks"] == 1 else ", each with the letter of a stack"
        return Verdict.unreadable(f"expected push and pop in order{named}")
    arriving, leaving = payload["arriving"], payload["leaving"]
    if len(moves) > 2 * len(arriving):
        return Verdict.wrong(f"{len(moves)} moves are more than one push and one pop for each item", "moves")
    stacks: list[list[int]] = [[] for _ in range(payload["stacks"])]
    arrived = left = 0
    for number, (verb, place) in enumerate(moves, 1):
        stack = stacks[place]
        if verb == "push":
            if arrived == len(arriving):
                return Verdict.wrong(f"move {number}: no item is left to push", "push")
            if len(stack) == payload["height"]:
                return Verdict.wrong(f"move {number}: the stack is full", "height")
            stack.append(arriving[arrived])
            arrived += 1
        else:
            if not stack:
                return Verdict.wrong(f"move {number}: the stack is empty", "pop")
            item = stack.pop()
            if item != leaving[left]:
                return Verdict.wrong(f"move {number}: item {item} leaves, but {leaving[left]} is due", "order")
            left += 1
    if left < len(leaving):
        return Verdict.wrong(f"{len(leaving) - left} items have not left", "end")
    return Verdict.correct()
