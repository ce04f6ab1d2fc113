import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.hashi import verify

CORNER = {"islands": ["2.1", "...", "1.."]}
SQUARE = {"islands": ["3.3", "...", "3.3"]}
LINE = {"islands": ["1.2.1"]}
CROSS = {"islands": [".1.", "1.1", ".1."]}
ISLETS = {"islands": ["2.2", "...", "2.2"]}
THREE = {"islands": ["3.3"]}

ACCEPTED = {
    "as asked": ("1,1 1,3 1\n1,1 3,1 1", CORNER),
    "other order, other direction": ("3,1 1,1 1\n1,3 1,1 1", CORNER),
    "parentheses": ("(1, 1) - (1, 3): 1\n(1, 1) - (3, 1): 1", CORNER),
    "to, and x": ("(1,1) to (1,3) x1; (1,1) to (3,1) x1", CORNER),
    "spaces only": ("1 1 1 3 1\n1 1 3 1 1", CORNER),
    "r and c": ("r1c1 r1c3 1\nr1c1 r3c1 1", CORNER),
    "next island in the row": ("1,1 1,3 1\n1,3 1,5 1", LINE),
    "doubles": ("1,1 1,3 2\n3,1 3,3 2\n1,1 3,1 1\n1,3 3,3 1", SQUARE),
    "one of two solutions": ("1,1 1,3 1\n3,1 3,3 1\n1,1 3,1 2\n1,3 3,3 2", SQUARE),
    "ring": ("1,1 1,3 1\n3,1 3,3 1\n1,1 3,1 1\n1,3 3,3 1", ISLETS),
}
REJECTED = {
    "minus signs read as dashes": ("1,1 -1,3 1\n1,1 -3,1 1", CORNER),
    "bridge missing": ("1,1 1,3 1", CORNER),
    "double where one is right": ("1,1 1,3 2\n1,1 3,1 1", CORNER),
    "numbers right, two groups": ("1,1 1,3 2\n3,1 3,3 2", ISLETS),
    "bridges cross": ("1,2 3,2 1\n2,1 2,3 1", CROSS),
    "over an island": ("1,1 1,5 1", LINE),
    "diagonal": ("1,3 3,1 1\n1,1 1,3 1", CORNER),
    "from water": ("1,1 1,2 1\n1,1 3,1 1", CORNER),
    "to water": ("1,1 3,3 1\n1,1 3,1 1", CORNER),
    "from an island to itself": ("1,1 1,1 2", CORNER),
    "pair twice instead of a double": ("1,1 1,3 1\n1,3 1,1 1\n3,1 3,3 2\n1,1 3,1 1\n1,3 3,3 1", SQUARE),
    "three bridges": ("1,1 1,3 3", THREE),
    "bridge that nobody needs, number 0": ("1,1 1,3 2\n3,1 3,3 2\n1,1 3,1 1\n1,3 3,3 1\n1,1 1,3 0", SQUARE),
    "both solutions": (ACCEPTED["doubles"][0] + "\n" + ACCEPTED["one of two solutions"][0], SQUARE),
    "counted from 0": ("0,0 0,2 1\n0,0 2,0 1", CORNER),
    "column and number run together": ("1,1 1,31\n1,1 3,1 1", CORNER),
    "columns before rows": ("1,1 3,1 1\n2,1 1,1 1", {"islands": ["2.1", "1.."]}),
    "number left out": ("1,1 1,3\n1,1 3,1", CORNER),
    "board drawn": ("2-1\n|..\n1..", CORNER),
    "joined by or": ("1,1 1,3 1\n1,1 3,1 1 or 1,1 1,3 2", CORNER),
    "Arabic digits": ("1,1 1,3 \u0661\n1,1 3,1 1", CORNER),
    "superscript digits": ("1,1 1,3 \u00b9\n1,1 3,1 1", CORNER),
    "code": ("[(1, 1, 1, 3, 1)] * 2", CORNER),
    "empty": ("", CORNER),
    "brackets only": ("[" * 1000, CORNER),
    "100,000 digits": ("1,1 1,3 1\n" * 10_000, CORNER),
    "spaces": (" " * 100_000, CORNER),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def islands_of(payload):
    return {(r, c): int(d) for r, line in enumerate(payload["islands"], 1) for c, d in enumerate(line, 1) if d != "."}


def right(bridges, payload):
    """Build bridges on the water, cell by cell; (cell, direction, number), each along until the next island."""
    left = islands_of(payload)
    island = dict.fromkeys(left)
    group = {cell: {cell} for cell in island}
    water = set()
    pairs = set()
    for (r, c), (y, x), number in bridges:
        if (r, c) not in island or (y, x) not in island or (r == y) == (c == x) or not 1 <= number <= 2:
            return False
        step = ((y > r) - (y < r), (x > c) - (x < c))
        cell = (r + step[0], c + step[1])
        while cell != (y, x):
            if cell in island or cell in water:
                return False
            water.add(cell)
            cell = (cell[0] + step[0], cell[1] + step[1])
        pair = frozenset([(r, c), (y, x)])
        if pair in pairs:
            return False
        pairs.add(pair)
        left[r, c] -= number
        left[y, x] -= number
        if group[r, c] is not group[y, x]:
            group[r, c] |= group[y, x]
            for cell in group[y, x]:
                group[cell] = group[r, c]
    return not any(left.values()) and len(group[next(iter(island))]) == len(island)


def oracle(answer, payload):
    """Read numbers in fives and build the bridges on the water; written apart from the verifier."""
    text = answer.lower().replace("to", " ")
    if any(word[0] == "-" and word[1:2].isdigit() for word in answer.split()[1:]):
        return False
    if not answer.isascii() or set(text) - set("0123456789rcx,;:=-()[] \n\t"):
        return False
    numbers = [int(word) for word in re.findall(r"[0-9]{1,4}", text)]
    if not numbers or len(numbers) % 5:
        return False
    fives = [numbers[i : i + 5] for i in range(0, len(numbers), 5)]
    return right([((a, b), (r, c), n) for a, b, r, c, n in fives], payload)


def every_way(payload):
    """Yield all lists of bridges between islands in one row or column with none between them."""
    islands = sorted(islands_of(payload))
    pairs = []
    for i, (r, c) in enumerate(islands):
        for y, x in islands[i + 1 :]:
            inside = [p for p in islands if (r, c) < p < (y, x) and (p[0] == r == y or p[1] == c == x)]
            if (r == y or c == x) and not inside:
                pairs.append(((r, c), (y, x)))
    for numbers in product(range(3), repeat=len(pairs)):
        yield [(*pair, n) for pair, n in zip(pairs, numbers, strict=True) if n]


def written(bridges):
    return "\n".join(f"{a},{b} {r},{c} {n}" for (a, b), (r, c), n in bridges)


def solutions(payload):
    """Yield the right list of bridges, once."""
    yield from (written(bridges) for bridges in every_way(payload) if right(bridges, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_all_bridges_of_small_instances_agree_with_the_oracle_and_one_is_right(level):
    for index in range(20 if level == 0 else 6):
        instance = get_task("hashi").pose(index, level)
        answers = [written(bridges) for bridges in every_way(instance.payload)]
        found = [answer for answer in answers if verify(answer, instance.payload).score == 1.0]
        assert found == [instance.reference] == list(solutions(instance.payload))
        assert found == [answer for answer in answers if oracle(answer, instance.payload)]


@pytest.mark.parametrize("level", range(8))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("hashi")
    params = task.levels[level]
    for index in range(5):
        instance = task.pose(index, level)
        islands = instance.payload["islands"]
        assert len(islands) == params.rows and {len(line) for line in islands} == {params.columns}
        assert "\n".join(" ".join(line) for line in islands) in instance.question
        cells = islands_of(instance.payload)
        assert len(cells) == params.islands
        assert not any((r + 1, c) in cells or (r, c + 1) in cells for r, c in cells)
        drawn = "".join("".join(row) for row in task.board(instance.payload, instance.reference))
        assert sum(drawn.count(mark) for mark in '-=|"') >= len(instance.reference.splitlines())
