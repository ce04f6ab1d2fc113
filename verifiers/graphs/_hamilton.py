"""What the tasks on Hamiltonian cycles and paths share: reading a tour or a cut, and judging it."""

import re

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import ascii_minus, read_ints

_DASHED = re.compile(r"[0-9]{1,9}(?:(?:-| {1,3}- {1,3})[0-9]{1,9})+", re.ASCII)
_AND = re.compile(r"(?<=[0-9])(?:\s{0,3},)?\s{1,3}and\s{1,3}(?=[0-9])", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"s\s{0,3}=", re.ASCII | re.IGNORECASE)


def read_claim(answer: str, most: int) -> tuple[bool, list[int]] | None:
    """Return whether a cycle or path is denied, and the vertices that are listed; None if there is no such list.

    The vertices of a cycle or path may all be joined by dashes: no vertex has a negative number. A cut may be named S,
    and its last vertices joined by "and".

    >>> read_claim("3 1 2", 9), read_claim("none: 4", 9), read_claim("none", 9)
    ((False, [3, 1, 2]), (True, [4]), None)
    >>> read_claim("3-1-2", 9), read_claim("none: S = {4, 5}", 9), read_claim("none: 4 and 5", 9)
    ((False, [3, 1, 2]), (True, [4, 5]), (True, [4, 5]))
    """
    if len(answer) > 32 * most:
        return None
    text = answer.replace("\N{RIGHTWARDS ARROW}", " ").replace("->", " ").strip()
    denied = text[:4].lower() == "none" and text.isascii()
    if denied:
        text = text[4:]
        if text[:1] != ":" and not text[:1].isspace():
            return None
        text = text.strip().removeprefix(":").strip()
        text = _AND.sub(" ", _NAME.sub("", text, count=1) if _NAME.match(text) else text)
    elif _DASHED.fullmatch(dashed := ascii_minus(text).replace("\N{EM DASH}", "-")):
        text = dashed.replace("-", " ")
    vertices = read_ints(text, most)
    return (denied, vertices) if vertices else None


def judge(answer: str, payload: Payload, closed: bool) -> Verdict:
    """Judge a cycle (``closed``) or path through all vertices, or a cut that shows that there is none."""
    n = payload["vertices"]
    claim = read_claim(answer, n + 1)
    if claim is None:
        return Verdict.unreadable("expected numbers of vertices separated by spaces, or 'none:' and such numbers")
    denied, vertices = claim
    if not denied and closed and len(vertices) == n + 1 and vertices[0] == vertices[-1]:
        vertices = vertices[:-1]  # the start written again at the end says what the rules say anyway
    strange = next((v for v in vertices if not 1 <= v <= n), None)
    if strange is not None:
        return Verdict.wrong(f"there is no vertex {strange}", "vertex")
    if len(set(vertices)) < len(vertices):
        twice = next(v for v in vertices if vertices.count(v) > 1)
        return Verdict.wrong(f"vertex {twice} is listed twice", "twice")
    near: dict[int, set[int]] = {v: set() for v in range(1, n + 1)}
    for a, b in payload["edges"]:
        near[a].add(b)
        near[b].add(a)
    if denied:
        pieces, allowed = _pieces(near, set(vertices)), len(vertices) + (0 if closed else 1)
        if pieces <= allowed:
            return Verdict.wrong(f"without these vertices there are {pieces} pieces, not more than {allowed}", "cut")
        return Verdict.correct()
    if len(vertices) < n:
        return Verdict.wrong(f"{len(vertices)} of {n} vertices are listed", "all")
    for a, b in zip(vertices, [*vertices[1:], vertices[0]] if closed else vertices[1:], strict=False):
        if b not in near[a]:
            return Verdict.wrong(f"no edge joins {a} and {b}", "edge")
    return Verdict.correct()


def _pieces(near: dict[int, set[int]], removed: set[int]) -> int:
    left = set(near) - removed
    count = 0
    while left:
        count += 1
        todo = [left.pop()]
        while todo:
            found = near[todo.pop()] & left
            left -= found
            todo += found
    return count
