import re
from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.numbrix import verify

FOUR = {"givens": [[1, 0], [0, 3]]}
OPEN = {"givens": [[0, 0], [0, 0]]}
NINE = {"givens": [[1, 0, 3], [0, 0, 0], [7, 0, 9]]}

ACCEPTED = {
    "spaces": ("1 2\n4 3", FOUR),
    "commas": ("1, 2\n4, 3", FOUR),
    "another solution": ("1 4\n2 3", FOUR),
    "list of lists": ("[[1, 2],\n[4, 3]]", FOUR),
    "bars and rulers": (" 1 | 2\n---+---\n 4 | 3\n", FOUR),
    "aligned": ("  1  2  3\n\n  6  5  4\n\n  7  8  9", NINE),
    "nothing given": ("3 2\n4 1", OPEN),
}
REJECTED = {
    "diagonal step": ("1 3\n4 2", OPEN),
    "given changed": ("2 1\n3 4", FOUR),
    "rows read like a book": ("1 2 3\n4 5 6\n7 8 9", NINE),
    "number twice": ("1 2\n2 3", FOUR),
    "number too large": ("1 2\n5 3", FOUR),
    "zero for unknown": ("1 2\n0 3", FOUR),
    "counted from 0": ("0 1\n3 2", OPEN),
    "negative": ("1 -2\n4 3", FOUR),
    "dots left over": ("1 .\n. 3", FOUR),
    "row missing": ("1 2", FOUR),
    "row too many": ("1 2\n4 3\n1 2", FOUR),
    "column too many": ("1 2 3\n4 3 2", FOUR),
    "two grids": ("1 2\n4 3\n\n1 4\n2 3", FOUR),
    "one line": ("1 2 4 3", FOUR),
    "path instead of the grid": ("1,1 1,2 2,2 2,1", FOUR),
    "Arabic digits": ("1 \u0662\n4 3", FOUR),
    "superscript digits": ("1 \u00b2\n4 3", FOUR),
    "code": ("[[1, 2]] * 2", FOUR),
    "empty": ("", FOUR),
    "brackets only": ("[" * 1000, FOUR),
    "a huge number": ("1 " + "9" * 40 + "\n4 3", FOUR),
    "100,000 digits": ("1 2\n" * 25_000, FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def oracle(answer, payload):
    """Sort the cells by their numbers and look at the steps between them; written apart from the verifier."""
    givens = payload["givens"]
    if not answer.isascii() or set(answer) - set("0123456789 +-=|[],;\t\n"):
        return False
    rows = [re.findall(r"[-+]?[0-9]+", line.replace("|", " ")) for line in answer.splitlines()]
    rows = [[int(word) for word in row if len(word) < 9] for row in rows if row]
    if [len(row) for row in rows] != [len(line) for line in givens]:
        return False
    places = [(number, complex(r, c)) for r, row in enumerate(rows) for c, number in enumerate(row)]
    places.sort(key=lambda place: place[0])
    if [number for number, _ in places] != list(range(1, len(places) + 1)):
        return False
    steps = {places[i + 1][1] - places[i][1] for i in range(len(places) - 1)}
    kept = all(given in (0, rows[r][c]) for r, line in enumerate(givens) for c, given in enumerate(line))
    return kept and steps <= {1, -1, 1j, -1j}


@cache
def grids(rows, columns):
    """Return every grid of a path through all cells, as text."""
    found = []

    def walk(path):
        if len(path) == rows * columns:
            number = {cell: str(i) for i, cell in enumerate(path, 1)}
            found.append("\n".join(" ".join(number[r, c] for c in range(columns)) for r in range(rows)))
            return
        r, c = path[-1]
        for cell in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= cell[0] < rows and 0 <= cell[1] < columns and cell not in path:
                walk([*path, cell])

    for r in range(rows):
        for c in range(columns):
            walk([(r, c)])
    return found


def solutions(payload):
    """Yield every right grid."""
    givens = payload["givens"]
    for grid in grids(len(givens), len(givens[0])):
        rows = [line.split() for line in grid.split("\n")]
        if all(given in (0, int(rows[r][c])) for r, line in enumerate(givens) for c, given in enumerate(line)):
            yield grid


def test_all_2x2_grids_agree_with_the_oracle():
    answers = [f"{a} {b}\n{c} {d}" for a, b, c, d in permutations(range(1, 5))]
    for payload in (FOUR, OPEN):
        right = [answer for answer in answers if verify(answer, payload).score == 1.0]
        assert sorted(right) == sorted(solutions(payload)) == sorted(a for a in answers if oracle(a, payload))
    assert len(right) == 8


def test_number_of_paths():
    assert [len(grids(n, n)) for n in (2, 3, 4)] == [8, 40, 552]  # the known numbers of Hamiltonian paths, directed


@pytest.mark.parametrize("level", [0, 1, 2])
def test_small_puzzles_have_one_solution_by_brute_force(level):
    for index in range(20):
        instance = get_task("numbrix").pose(index, level)
        assert list(solutions(instance.payload)) == [instance.reference]
        every = grids(len(instance.payload["givens"]), len(instance.payload["givens"][0]))[:: 1 + 4 * level]
        assert [verify(grid, instance.payload).score == 1.0 for grid in every] == [
            oracle(grid, instance.payload) for grid in every
        ]


@pytest.mark.parametrize("level", range(8))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("numbrix")
    params = task.levels[level]
    for index in range(3):
        instance = task.pose(index, level)
        givens = instance.payload["givens"]
        assert len(givens) == params.rows and {len(line) for line in givens} == {params.columns}
        shown = re.search(r"one solution\.\n\n(.*?)\n\nAnswer", instance.question, re.DOTALL)[1]
        assert [[int(w.replace(".", "0")) for w in line.split()] for line in shown.split("\n")] == givens
        assert sum(number > 0 for line in givens for number in line) >= params.givens
