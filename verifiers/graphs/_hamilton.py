"""What the tasks on Hamiltonian cycles and paths share: reading a tour or a cut, and judging it."""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints


def read_claim(answer: str, most: int) -> tuple[bool, list[int]] | None:
    """Return whether a cycle or path is denied, and the vertices that are listed; None if there is no such list.

    >>> read_claim("3 1 2", 9), read_claim("none: 4", 9), read_claim("none", 9)
    ((False, [3, 1, 2]), (True, [4]), None)
    """
    if len(answer) > 32 * most:
        return None
    text = answer.replace("\N{RIGHTWARDS ARROW}", " ").replace("->", " ").strip()
    denied = text[:4].lower() == "none" and text.isascii()
    if denied:
        text = text[4:]
        if text[:1] not in (":", " ", "\n"):
            return None
        text = text.strip().removeprefix(":")
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
