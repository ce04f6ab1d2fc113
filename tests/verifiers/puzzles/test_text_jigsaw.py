import re
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.text_jigsaw import verify

FOUR = {"rows": 2, "columns": 2, "flat": True, "tiles": ["-da-", "ac--", "b--c", "--bd"]}
ROW = {"rows": 1, "columns": 4, "flat": True, "tiles": ["-a--", "-a-a", "-b-a", "---b"]}
SWAP = {"rows": 1, "columns": 4, "flat": True, "tiles": ["-a--", "-a-a", "-a-a", "---a"]}
OPEN = {"rows": 1, "columns": 3, "flat": False, "tiles": ["abca", "aabb", "bada"]}

ACCEPTED = {
    "letters at the edge do not matter": ("2 3 1", OPEN),
    "spaces": ("1 4\n2 3", FOUR),
    "list of lists": ("[[1, 4],\n[2, 3]]", FOUR),
    "bars and a blank line": ("| 1 | 4 |\n\n| 2 | 3 |", FOUR),
    "one row": ("1 2 3 4", ROW),
    "one of two arrangements": ("1 2 3 4", SWAP),
    "the other": ("1 3 2 4", SWAP),
}
REJECTED = {
    "letters differ where the edge does not matter": ("2 1 3", OPEN),
    "in the order given": ("1 2\n3 4", FOUR),
    "transposed": ("1 2\n4 3", FOUR),
    "edges right, letters wrong": ("1 3 2 4", ROW),
    "a flat side inside": ("2 1 3 4", SWAP),
    "a tile twice": ("1 4\n2 2", FOUR),
    "tile 0": ("0 4\n2 3", FOUR),
    "a tile that is not there": ("1 5\n2 3", FOUR),
    "a negative number": ("1 4\n2 -1", FOUR),
    "counted from 0": ("0 3\n1 2", FOUR),
    "all on one line": ("1 4 2 3", FOUR),
    "one number a line": ("1\n4\n2\n3", FOUR),
    "a row missing": ("1 4", FOUR),
    "two grids": ("1 4\n2 3\n1 4\n2 3", FOUR),
    "a row too long": ("1 4 2\n3", FOUR),
    "the tiles themselves": ("-da- --bd\nac-- b--c", FOUR),
    "Arabic digits": ("\u0661 4\n2 3", FOUR),
    "full-width digits": ("\uff11 4\n2 3", FOUR),
    "empty": ("", FOUR),
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
    """Look at each line between two cells, and at the rim; written apart from the verifier."""
    rows, columns = payload["rows"], payload["columns"]
    if len(answer) > 10_000 or not answer.isascii():
        return False
    lines = [re.sub(r"[][|,;]", " ", line).split() for line in answer.splitlines()]
    lines = [line for line in lines if line]
    words = [word for line in lines for word in line]
    if [len(line) for line in lines] != [columns] * rows or not all(re.fullmatch(r"\+?[0-9]{1,20}", w) for w in words):
        return False
    numbers = [int(word) for word in words]
    if sorted(numbers) != list(range(1, rows * columns + 1)):
        return False
    at = {divmod(i, columns): payload["tiles"][number - 1] for i, number in enumerate(numbers)}
    blank = "----"
    upright = [
        (at.get((r, c - 1), blank)[1], at.get((r, c), blank)[3]) for r in range(rows) for c in range(columns + 1)
    ]
    level = [(at.get((r - 1, c), blank)[2], at.get((r, c), blank)[0]) for r in range(rows + 1) for c in range(columns)]
    seams = upright + level
    if not payload["flat"]:
        inner_upright = [(at[r, c][1], at[r, c + 1][3]) for r in range(rows) for c in range(columns - 1)]
        inner_level = [(at[r, c][2], at[r + 1, c][0]) for r in range(rows - 1) for c in range(columns)]
        return all(a == b for a, b in inner_upright + inner_level)
    return all(a == b for a, b in seams) and sum(a == "-" for a, _ in seams) == 2 * rows + 2 * columns


def arrangements(payload):
    """Yield every order of the tiles as a grid."""
    columns = payload["columns"]
    for order in permutations(range(1, len(payload["tiles"]) + 1)):
        yield "\n".join(" ".join(map(str, order[i : i + columns])) for i in range(0, len(order), columns))


def solutions(payload):
    """Yield every right arrangement."""
    yield from (grid for grid in arrangements(payload) if oracle(grid, payload))


@pytest.mark.parametrize(
    ("level", "change"), [(0, {}), (0, {"columns": 2, "letters": 2}), (4, {"rows": 2, "columns": 3})]
)
def test_every_arrangement_of_small_instances(level, change):
    for index in range(20):
        instance = get_task("text_jigsaw").pose(index, level, params=change)
        answers = list(arrangements(instance.payload))
        judged = [verify(answer, instance.payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, instance.payload) for answer in answers]
        assert instance.reference in solutions(instance.payload)


@pytest.mark.parametrize("level", [3, 5])
def test_exchanged_tiles(level):
    for index in range(3):
        instance = get_task("text_jigsaw").pose(index, level)
        lines = [line.split() for line in instance.reference.splitlines()]
        places = [(r, c) for r in range(len(lines)) for c in range(len(lines[0]))]
        for (a, b), (c, d) in permutations(places, 2):
            grid = [list(line) for line in lines]
            grid[a][b], grid[c][d] = grid[c][d], grid[a][b]
            answer = "\n".join(" ".join(line) for line in grid)
            assert (verify(answer, instance.payload).score == 1.0) == oracle(answer, instance.payload)
