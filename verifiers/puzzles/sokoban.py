"""Sokoban: walk and push until every box is on a goal.

Correct are the steps of any way that keeps to the limit; the verifier takes them. The payload holds the ``room``, lines
of ``#`` wall, ``-`` floor, ``@`` player, ``$`` box, ``.`` goal, ``+`` player on a goal and ``*`` box on a goal, and
``most``, the limit of steps.

Example: payload ``{"room": ["#####", "#@$.#", "#####"], "most": 1}``, answer ``R``.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict

LONGEST = 10_000
"""Longer answers are not read (characters)."""

_STEPS = re.compile(r"[udlrUDLR\s,]+", re.ASCII)
_WAYS = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}


def read_steps(answer: str) -> str | None:
    """Return the steps as letters in upper case; None if anything else is there, or nothing.

    >>> read_steps("r, u U"), read_steps("right")
    ('RUU', None)
    """
    if len(answer) > LONGEST or not _STEPS.fullmatch(answer):
        return None
    return "".join(char for char in answer.upper() if char in _WAYS) or None


def walk(room: Sequence[str], steps: str) -> tuple[list[str], str]:
    """Return the room after the steps, up to the first that cannot be made, and what is wrong with that one.

    >>> walk(["#####", "#@$.#", "#####"], "R"), walk(["####", "#@$#", "####"], "R")[1]
    ((['#####', '#-@*#', '#####'], ''), 'step 1 pushes a box into a wall')
    """
    cells = [list(row) for row in room]
    r, c = next((i, j) for i, row in enumerate(cells) for j, sign in enumerate(row) if sign in "@+")
    problem = ""
    for number, step in enumerate(steps, 1):
        a, b = _WAYS[step]
        near = cells[r + a][c + b]
        if near == "#":
            problem = f"step {number} leads into a wall"
            break
        if near in "$*":
            behind = cells[r + 2 * a][c + 2 * b]
            if behind in "#$*":
                problem = f"step {number} pushes a box into {'a wall' if behind == '#' else 'another box'}"
                break
            cells[r + 2 * a][c + 2 * b] = "*" if behind == "." else "$"
        cells[r + a][c + b] = "+" if near in ".*" else "@"
        cells[r][c] = "." if cells[r][c] == "+" else "-"
        r, c = r + a, c + b
    return ["".join(row) for row in cells], problem


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge steps such as ``RRUL``.

    >>> verify("R", {"room": ["#####", "#@$.#", "#####"], "most": 1}).score
    1.0
    """
    steps = read_steps(answer)
    if steps is None:
        return Verdict.unreadable("expected the letters U, D, L and R only")
    if len(steps) > payload["most"]:
        return Verdict.wrong(f"{len(steps)} steps are more than {payload['most']}", "moves")
    room, problem = walk(payload["room"], steps)
    if problem:
        return Verdict.wrong(problem, "move")
    if left := sum(row.count("$") for row in room):
        return Verdict.wrong(f"after the last step {left} of the boxes are not on a goal", "goal")
    return Verdict.correct()
