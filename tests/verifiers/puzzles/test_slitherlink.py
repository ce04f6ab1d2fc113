from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.slitherlink import verify

ROOM = {"clues": ["3.", ".1"]}
FREE = {"clues": ["...", "...", "..."]}
RING = {"clues": ["2.2", ".4.", "2.2"]}

ACCEPTED = {
    "spaces": ("# #\n. .", ROOM),
    "no spaces": ("##\n..", ROOM),
    "another solution": ("#.\n#.", ROOM),
    "list of lists": ("[[#, #],\n[., .]]", ROOM),
    "the whole board": ("###\n###\n###", FREE),
    "one cell": ("...\n.#.\n...", FREE),
    "a bay open to the side": ("###\n#..\n###", FREE),
}
REJECTED = {
    "clue of one side too many": ("#.\n..", ROOM),
    "clue broken": ("##\n##", ROOM),
    "no loop": ("..\n..", {"clues": ["..", ".."]}),
    "two loops": ("#.#\n#.#\n#.#", FREE),
    "loop within a loop": ("###\n#.#\n###", FREE),
    "clues right, loop within a loop": ("###\n#.#\n###", RING),
    "corners touch": ("##.\n..#\n...", FREE),
    "corners touch, cells hang together elsewhere": ("###\n#.#\n##.", FREE),
    "outside touches itself": ("##.\n#.#\n###", FREE),
    "clues copied": ("3.\n.1", ROOM),
    "edges instead of cells": ("+-+\n|3|\n+-+", ROOM),
    "line missing": ("# #", ROOM),
    "line too many": ("# #\n. .\n. .", ROOM),
    "two grids": ("##\n..\n\n#.\n#.", ROOM),
    "ones and zeros": ("1 1\n0 0", ROOM),
    "full-width mark": ("\uff03#\n..", ROOM),
    "empty": ("", ROOM),
    "brackets": ("[" * 1000, ROOM),
    "100,000 marks": ("#" * 100_000, ROOM),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def loop(inside):
    """Return the ends of the sides between inside and outside, as complex numbers; sides between two cells cancel."""
    lines = set()
    for r, c in inside:
        corner = complex(r, c)
        for line in ((corner, 1), (corner, 1j), (corner + 1, 1j), (corner + 1j, 1)):
            lines ^= {line}
    return lines


def oracle(answer, payload):
    """Walk along the loop, side by side; written apart from the verifier."""
    clues = payload["clues"]
    rows = [[ch for ch in line if ch in "#."] for line in answer.splitlines() if set(line) & set("#.")]
    if set(answer) - set("#., \n\t[]|") or len(rows) != len(clues) or {len(row) for row in rows} != {len(clues[0])}:
        return False
    lines = loop((r, c) for r, row in enumerate(rows) for c, mark in enumerate(row) if mark == "#")
    ends = {}
    for start, step in lines:
        ends.setdefault(start, []).append(start + step)
        ends.setdefault(start + step, []).append(start)
    if not lines or any(len(others) != 2 for others in ends.values()):
        return False
    first = next(iter(ends))
    before, here, walked = first, ends[first][0], 1
    while here != first:
        one, other = ends[here]
        before, here = here, other if one == before else one
        walked += 1
    counts = [
        clue == "." or int(clue) == sum((complex(r + y, c + x), step) in lines for y, x, step in AROUND)
        for r, line in enumerate(clues)
        for c, clue in enumerate(line)
    ]
    return walked == len(lines) and all(counts)


AROUND = ((0, 0, 1j), (1, 0, 1j), (0, 0, 1), (0, 1, 1))


def solutions(payload):
    """Yield every grid of cells that is right."""
    rows, columns = len(payload["clues"]), len(payload["clues"][0])
    for marks in product("#.", repeat=rows * columns):
        answer = "\n".join(" ".join(marks[r * columns : r * columns + columns]) for r in range(rows))
        if oracle(answer, payload):
            yield answer


def test_all_3x3_grids_agree_with_the_oracle():
    grids = ["\n".join("".join(marks[i : i + 3]) for i in (0, 3, 6)) for marks in product("#.", repeat=9)]
    loops = [grid for grid in grids if verify(grid, FREE).score == 1.0]
    assert loops == [grid for grid in grids if oracle(grid, FREE)]
    assert len(loops) == 213  # the known number of cycles in the 4 x 4 grid graph
    for index in range(20):
        payload = get_task("slitherlink").pose(index).payload
        right = [grid for grid in grids if verify(grid, payload).score == 1.0]
        assert right == [grid for grid in grids if oracle(grid, payload)] and len(right) == 1


@pytest.mark.parametrize("level", [0, 1])
def test_small_puzzles_have_one_solution_by_brute_force(level):
    for index in range(5 if level == 0 else 1):
        instance = get_task("slitherlink").pose(index, level)
        assert list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("level", range(8))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("slitherlink")
    params = task.levels[level]
    for index in range(3):
        instance = task.pose(index, level)
        clues = instance.payload["clues"]
        assert len(clues) == params.rows and {len(line) for line in clues} == {params.columns}
        assert "\n".join(" ".join(line) for line in clues) in instance.question
        assert oracle(instance.reference, instance.payload)
        drawn = task.board(instance.payload, instance.reference)
        assert sum(row.count("-") + row.count("|") for row in drawn) == len(
            loop(
                (r, c)
                for r, line in enumerate(instance.reference.replace(" ", "").split("\n"))
                for c, mark in enumerate(line)
                if mark == "#"
            )
        )
