"""Masyu: one closed loop through cells that turns at black circles and goes straight on at white ones.

Correct is every list of cells, each next to the one before and the last next to the first, none twice, that holds every
circle; at a black one (``*``) the loop turns, and not in the cells before and behind; at a white one (``o``) it does
not turn, but before or behind it does. The first cell may be written again at the end. Nothing is compared with a
stored solution.

Example: payload ``{"circles": ["..", ".."]}``, answer ``1,1 1,2 2,2 2,1``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import read_cells


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the cells of a loop in order.

    >>> verify("(1, 1) (1, 2) (1, 3) (2, 3) (2, 2) (2, 1)", {"circles": [".o.", "..."]}).score
    1.0
    """
    circles = payload["circles"]
    rows, columns = len(circles), len(circles[0])
    walk = read_cells(answer, rows * columns + 1)
    if walk is None:
        return Verdict.unreadable("expected the cells of a loop, each as row, column")
    if len(walk) > 1 and walk[0] == walk[-1]:
        walk.pop()  # the start written again at the end says what the rules say anyway
    n = len(walk)
    for i, (r, c) in enumerate(walk):
        if not (1 <= r <= rows and 1 <= c <= columns):
            return Verdict.wrong(f"there is no cell {r},{c}", "cell")
        if abs(r - walk[i - 1][0]) + abs(c - walk[i - 1][1]) != 1:
            return Verdict.wrong(f"{r},{c} is not next to {walk[i - 1][0]},{walk[i - 1][1]}", "step")
    if len(set(walk)) < n or n < 4:
        return Verdict.wrong("the loop visits a cell twice", "twice")
    # where a loop goes straight on, the cells before and behind lie in one line
    straight = [
        walk[i - 1][0] == walk[(i + 1) % n][0] or walk[i - 1][1] == walk[(i + 1) % n][1] for i, _ in enumerate(walk)
    ]
    place = {cell: i for i, cell in enumerate(walk)}
    for r, line in enumerate(circles, 1):
        for c, kind in enumerate(line, 1):
            if kind == ".":
                continue
            if (r, c) not in place:
                return Verdict.wrong(f"the loop misses the circle {r},{c}", "circle")
            i = place[r, c]
            around = (straight[i - 1], straight[(i + 1) % n])
            if kind == "*" and straight[i]:
                return Verdict.wrong(f"the loop does not turn at the black circle {r},{c}", "black")
            if kind == "*" and not all(around):
                return Verdict.wrong(f"the loop turns right before or behind the black circle {r},{c}", "black")
            if kind == "o" and not straight[i]:
                return Verdict.wrong(f"the loop turns at the white circle {r},{c}", "white")
            if kind == "o" and all(around):
                return Verdict.wrong(f"the loop turns neither before nor behind the white circle {r},{c}", "white")
    return Verdict.correct()
