"""Turn a cube with coloured faces and say where the colours are, from one turn to hundreds, some of them conditional.

Example (level 0)::

    top red, bottom blue, front green, back white, left yellow, right pink
    front to top

What is right: the colours of all six faces after the turns, here ``green white blue red yellow pink``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.color_cube_rotation import COLOURS, FACES, read_faces

Vector = tuple[int, int, int]
Turn = list[str]
"""Two faces for a quarter turn, the first to the second; three for a turn about the corner where they meet."""

POINTS: dict[str, Vector] = {
    "top": (0, 0, 1),
    "bottom": (0, 0, -1),
    "front": (1, 0, 0),
    "back": (-1, 0, 0),
    "left": (0, -1, 0),
    "right": (0, 1, 0),
}


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    turns: int
    """How many lines of turns there are."""
    corners: bool
    """Whether there are turns by a third about a corner, too."""
    conditional: float
    """Share of the turns that depend on the colour of a face."""


LEVELS = [
    Params(1, False, 0.0),
    Params(2, False, 0.0),
    Params(4, False, 0.0),
    Params(8, False, 0.0),
    Params(16, True, 0.0),
    Params(40, True, 0.25),
    Params(120, True, 0.5),
    Params(300, True, 0.5),
]


def minus(vector: Vector) -> Vector:
    """Return the opposite direction."""
    x, y, z = vector
    return -x, -y, -z


def draw_turn(rng: random.Random, corners: bool) -> Turn:
    """Return a turn over two or three faces no two of which are the same or opposite."""
    faces: Turn = []
    for face in rng.sample(FACES, 6):
        if all(POINTS[face] != minus(POINTS[other]) for other in faces):
            faces.append(face)
    return faces if corners and rng.random() < 0.25 else faces[:2]


def make_turn(cube: dict[Vector, str], turn: Turn) -> dict[Vector, str]:
    """Return the colours by direction after a turn."""
    points = [POINTS[face] for face in turn]
    if len(points) == 2:
        points += [minus(points[0]), minus(points[1])]
        goes = dict(zip(points, points[1:] + points[:1], strict=True))
    else:
        goes = dict(zip(points, points[1:] + points[:1], strict=True))
        goes |= {minus(here): minus(there) for here, there in goes.items()}
    return {goes.get(point, point): colour for point, colour in cube.items()}


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the unfolded cube as the answer has it, or as it was at first; a letter for each colour."""
    faces = read_faces(answer) or payload["faces"]
    top, bottom, front, back, left, right = (faces[face][0].upper() for face in FACES)
    return [[" ", top, " ", " "], [left, front, right, back], [" ", bottom, " ", " "]]


@task(levels=LEVELS, tags={"classic", "sequential"}, chance=0.01, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw colours and turns, and make them."""
    colours = rng.sample(COLOURS, 6)
    start = dict(zip(FACES, colours, strict=True))
    cube = {POINTS[face]: colour for face, colour in start.items()}
    turns: list[dict[str, Any]] = []
    lines = []
    for number in range(1, params.turns + 1):
        turn = draw_turn(rng, params.corners)
        step: dict[str, Any] = {"turn": turn}
        line = " to ".join(turn)
        if rng.random() < params.conditional:
            face = rng.choice(FACES)
            # half of the conditions hold, so that neither way can be taken on trust
            colour = cube[POINTS[face]] if rng.random() < 0.5 else rng.choice(colours)
            other = draw_turn(rng, params.corners)
            while other == turn:
                other = draw_turn(rng, params.corners)
            step |= {"face": face, "colour": colour, "otherwise": other}
            line = f"if {face} is {colour}: {line}; otherwise: {' to '.join(other)}"
            turn = turn if cube[POINTS[face]] == colour else other
        cube = make_turn(cube, turn)
        turns.append(step)
        lines.append(f"{number}. {line}")
    ended = [cube[POINTS[face]] for face in FACES]
    if ended == colours:
        raise Redraw  # the colours as they were are the example
    corners = (
        ' A turn such as "front to top to right" is a third of a full turn about the corner where the three faces '
        "meet: what was in front is then on top, what was on top is on the right, and what was on the right is in "
        "front; the three faces opposite to them change places in the same way (back to bottom to left)."
        if params.corners
        else ""
    )
    conditions = " A condition is about the faces as they are when its turn comes." if params.conditional else ""
    listed = ", ".join(f"{face} {colour}" for face, colour in start.items())
    what = "this turn is" if params.turns == 1 else "these turns are"
    steps = "\n".join(lines)
    return Draft(
        question=f"The faces of a cube have these colours: {listed}. Then {what} made, in order:\n\n{steps}\n\n"
        'A turn such as "front to top" turns the whole cube by 90 degrees so that what was in front is then on top: '
        "what was on top goes to the back, what was at the back to the bottom and what was at the bottom to the front, "
        "while the left and the right face stay where they are; likewise for other faces. Directions such as front and "
        f"top are those of the observer and do not turn with the cube.{corners}{conditions}\n\n"
        "Which colours do the faces have in the end? Answer with the six colours in the order top, bottom, front, "
        "back, left, right, separated by spaces.",
        payload={"faces": start, "turns": turns},
        reference=" ".join(ended),
        example=" ".join(colours),
        brief=f"{listed}\n{steps}",
        certificate={"effort": params.turns * (2 if params.conditional else 1)},
    )
