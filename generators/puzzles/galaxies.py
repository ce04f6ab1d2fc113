"""Spiral galaxies with exactly one solution: divide a board into symmetric regions around centres, 4x4 to 11x11.

Example (level 1)::

    A (1, 4)         ? C ? ?
    B (1.5, 1)       B D ? ?
    C (1.5, 3)       ? D ? ?
    D (3, 1.5)       D F E ?
    E (3.5, 3.5)
    F (4, 2)

What is right: every division that keeps what is shown and the rules; a SAT solver proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._shading import edge, groups, least_view, show, touching
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    largest: int
    """Cells at which a galaxy stops to grow."""
    shown: int
    """Percentage of the cells that are shown, before more are shown for uniqueness."""
    more: int
    """Percentage of the cells that may be shown for uniqueness."""


LEVELS = [
    Params(4, 4, 7, 75, 10),
    Params(4, 4, 7, 45, 10),
    Params(5, 5, 9, 10, 10),
    Params(6, 6, 12, 0, 10),
    Params(7, 7, 14, 0, 10),
    Params(8, 8, 16, 0, 10),
    Params(10, 10, 20, 0, 10),
    Params(11, 11, 22, 0, 10),
]
TRIES = 5
"""Galaxies that are grown for each one that is taken; more tries leave fewer single cells."""
NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Centre = tuple[int, int]
"""Twice the row and twice the column, so that centres between cells are whole numbers."""


class Sky:
    """A board whose galaxies are named by their centres."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.size = rows * columns
        self.near = touching(rows, columns)

    def core(self, centre: Centre) -> list[int]:
        """Return the cells that the centre lies in or touches: one, two or four."""
        rows = sorted({centre[0] // 2, (centre[0] + 1) // 2})
        columns = sorted({centre[1] // 2, (centre[1] + 1) // 2})
        return [r * self.columns + c for r in rows for c in columns]

    def mirror(self, cell: int, centre: Centre) -> int:
        """Return the cell on the other side of the centre, or -1 if it is off the board."""
        r, c = centre[0] - cell // self.columns, centre[1] - cell % self.columns
        return r * self.columns + c if 0 <= r < self.rows and 0 <= c < self.columns else -1

    def draw(self, rng: random.Random, largest: int) -> dict[int, Centre]:
        """Return the centre of each cell: galaxies grow one after another, each the largest of a few tries."""
        owner: dict[int, Centre] = {}
        free = set(range(self.size))
        while free:
            spots = [
                (r, c)
                for r in range(2 * self.rows - 1)
                for c in range(2 * self.columns - 1)
                if free.issuperset(self.core((r, c)))
            ]
            best: tuple[list[int], Centre] = [], (0, 0)
            for centre in rng.sample(spots, min(len(spots), TRIES)):
                galaxy = self._grow(rng, centre, free, rng.randint(largest // 2, largest))
                best = max(best, (galaxy, centre), key=lambda found: len(found[0]))
            owner.update(dict.fromkeys(best[0], best[1]))
            free.difference_update(best[0])
        return owner

    def _grow(self, rng: random.Random, centre: Centre, free: set[int], size: int) -> list[int]:
        """Return a galaxy of free cells; it stops where no two opposite cells beside it are free."""
        galaxy = self.core(centre)
        while len(galaxy) < size:
            ways = [cell for cell in edge(galaxy, self.near) if cell in free and self.mirror(cell, centre) in free]
            if not ways:
                break
            cell = rng.choice(ways)
            galaxy += sorted({cell, self.mirror(cell, centre)})
        return galaxy

    def reach(self, centres: list[Centre]) -> dict[Centre, set[int]]:
        """Return the cells that may belong to each galaxy: those joined to the centre by cells with a free mirror."""
        cores = {cell: centre for centre in centres for cell in self.core(centre)}
        found = {}
        for centre in centres:
            fit = [
                cell
                for cell in range(self.size)
                if self.mirror(cell, centre) >= 0
                and cores.get(cell, centre) == centre
                and cores.get(self.mirror(cell, centre), centre) == centre
            ]
            start = self.core(centre)[0]
            found[centre] = next(set(group) for group in groups(fit, self.near) if start in group)
        return found

    def model(self, reach: dict[Centre, set[int]]) -> tuple[Model, dict[tuple[int, Centre], int]]:
        """Return the rules, connectivity as cuts, and the variable that says that a cell belongs to a galaxy."""
        at: dict[tuple[int, Centre], int] = {}
        back: dict[int, tuple[int, Centre]] = {}

        def cut(found: list[int]) -> list[list[int]]:
            members: dict[Centre, list[int]] = {}
            for literal in found:
                if literal in back:
                    cell, centre = back[literal]
                    members.setdefault(centre, []).append(cell)
            cuts = []
            for centre, cells in members.items():
                core = self.core(centre)[0]
                for group in groups(cells, self.near):
                    if core not in group:
                        way_out = [at[cell, centre] for cell in edge(group, self.near) if (cell, centre) in at]
                        cuts.append([-at[group[0], centre], *way_out])
            return cuts

        model = Model(cut)
        for centre, cells in reach.items():
            for cell in sorted(cells):
                (at[cell, centre],) = model.new(1)
                back[at[cell, centre]] = cell, centre
        for cell in range(self.size):
            model.exactly(1, [at[cell, centre] for centre in reach if (cell, centre) in at])
        for (cell, centre), variable in at.items():
            other = self.mirror(cell, centre)
            if other != cell:
                model.add(-variable, at[other, centre])
        return model, at


def _half(twice: int) -> str:
    """Return a coordinate counted from 1 as it is written: 2 or 2.5."""
    return f"{twice // 2 + 1}{'.5' if twice % 2 else ''}"


def canonical(payload: Mapping[str, Any]) -> object:
    """Take the least of the eight views of the centres and the cells that are shown, named in the order of the view."""
    shown = payload["shown"]
    marks = [[""] * (2 * len(shown[0]) - 1) for _ in range(2 * len(shown) - 1)]
    for r, line in enumerate(shown):
        for c, name in enumerate(line):
            marks[2 * r][2 * c] = name
    for name, (r, c) in payload["centres"].items():
        marks[r][c] += f"o{name}"

    def rename(view: list[list[str]]) -> list[list[str]]:
        names: dict[str, str] = {}
        return [
            ["".join(names.setdefault(x, f"{len(names)},") if x.isupper() else x for x in text) for text in line]
            for line in view
        ]

    return least_view(marks, rename)


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the centres, and borders between the galaxies of the answer or of what is shown."""
    shown = payload["shown"]
    rows, columns = len(shown), len(shown[0])
    grid = read_grid(answer.upper(), rows, columns, NAMES) or shown
    drawn = [["+" if r % 2 == c % 2 == 0 else " " for c in range(2 * columns + 1)] for r in range(2 * rows + 1)]
    at = {(r, c): grid[r][c] for r in range(rows) for c in range(columns)}
    for (r, c), name in at.items():
        for dr, dc in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            other = at.get((r + dr, c + dc), "")
            if name != other and "?" not in (name, other):
                drawn[2 * r + 1 + dr][2 * c + 1 + dc] = "-" if dr else "|"
    for r, c in payload["centres"].values():
        drawn[r + 1][c + 1] = "○"
    return drawn


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.04, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw galaxies and show cells until they are the only ones for their centres."""
    sky = Sky(params.rows, params.columns)
    size, columns = sky.size, params.columns
    owner = sky.draw(rng, params.largest)
    centres = sorted(set(owner.values()))
    if not 1 < len(centres) <= len(NAMES):
        raise Redraw
    names = dict(zip(centres, NAMES, strict=False))
    reach = sky.reach(centres)
    shown = set(rng.sample(range(size), size * params.shown // 100))
    hidden = [cell for cell in range(size) if cell not in shown]
    model, at = sky.model(reach)
    truth = [at[cell, owner[cell]] for cell in range(size)]
    with model:
        for cell in sorted(shown):
            model.add(truth[cell])
        more = show(model, rng, truth, hidden, size * params.more // 100)
    if more is None or len(more) == len(hidden):
        raise Redraw
    shown |= more
    marks = [names[owner[cell]] for cell in range(size)]
    starts = range(0, size, columns)
    seen = ["".join(marks[i] if i in shown else "?" for i in range(start, start + columns)) for start in starts]
    choices = sum(cell not in shown for cells in reach.values() for cell in cells)
    text = "Centres (row, column):\n"
    text += "\n".join(f"{name} ({_half(r)}, {_half(c)})" for (r, c), name in names.items())
    if shown:
        text += "\n\nKnown cells (? to decide):\n" + "\n".join(" ".join(line) for line in seen)
    question = (
        f"Solve this puzzle of spiral galaxies. The board has {params.rows} rows and {columns} columns; row 1 is the "
        "top, column 1 the left. Divide it into galaxies, one for each centre listed below.\n"
        "- Every cell belongs to exactly one galaxy. The cells of a galaxy hang together by sides.\n"
        "- A galaxy looks the same when it is turned by 180 degrees about its centre: with each cell it holds the "
        "cell opposite to it.\n"
        "- A galaxy holds its own centre and no other. A centre such as (2, 3) is the middle of the cell in row 2, "
        "column 3. One such as (2, 3.5) is the middle of the border between columns 3 and 4, one such as (2.5, 3.5) "
        "the corner where four cells meet; all cells that touch such a centre belong to its galaxy.\n\n"
        f"There is exactly one solution.\n\n{text}\n\n"
        f"Answer with the complete board: {params.rows} lines of {columns} letters, each the letter of the galaxy that "
        "the cell belongs to."
    )
    example = [names[centres[r * len(centres) // params.rows]] for r in range(params.rows)]
    if [name for name in example for _ in range(columns)] == marks:
        raise Redraw
    return Draft(
        question=question,
        payload={"centres": {name: list(centre) for centre, name in names.items()}, "shown": seen},
        reference="\n".join(" ".join(marks[start : start + columns]) for start in starts),
        example="\n".join(" ".join(name * columns) for name in example),
        brief=text,
        certificate={"unique": True, "effort": choices},
    )
