import re
from itertools import combinations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.lights_out import verify

SMALL = {"lights": ["110", "100"]}
CROSS = {"lights": ["010", "111", "010"]}
BOTH = {"lights": ["1010", "1111", "0101"]}
FOUR = {"lights": ["1100", "1000", "0000", "0000"]}

ACCEPTED = {
    "plain": ("1 1", SMALL),
    "brackets": ("(2, 2)", CROSS),
    "letters": ("r2c2", CROSS),
    "list of lists": ("[[2, 2]]", CROSS),
    "words": ("row 2, column 2", CROSS),
    "two presses in any order": ("3 2\n1 1", {"lights": ["110", "110", "111"]}),
    "another way on a board with several": ("1 1", FOUR),
}
REJECTED = {
    "counted from 0": ("0 0", SMALL),
    "column before row": ("2 1", {"lights": ["111", "010"]}),
    "a press twice": ("1 1\n1 1\n1 1", SMALL),
    "two presses that cancel": ("1 1\n2 3\n2 3", SMALL),
    "one press too many": ("1 1\n2 3", SMALL),
    "wraps around the edge": ("1 1", {"lights": ["111", "100", "100"]}),
    "diagonals switched too": ("2 2", {"lights": ["111", "111", "111"]}),
    "off the board": ("3 1", SMALL),
    "off the board beside a right press": ("1 1\n1 4", SMALL),
    "negative": ("-1 -1", SMALL),
    "half a cell": ("1", SMALL),
    "the lights that are on": ("1 1\n1 2\n2 1", SMALL),
    "all cells": ("1 1\n1 2\n1 3\n2 1\n2 2\n2 3", SMALL),
    "two answers": ("1 1 or 2 2", SMALL),
    "prose": ("press 1 1", SMALL),
    "Arabic digits": ("\u0661 \u0661", SMALL),
    "superscript digits": ("1 \u00b9", SMALL),
    "bomb": ("1 " * 50_000, SMALL),
    "zeros": ("0" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Count for each light the presses that reach it; written apart from the verifier."""
    if len(answer) > 5000 or not re.fullmatch(r"[0-9\s,;()\[\]{}rowclumn]+", answer.lower(), re.ASCII):
        return False
    numbers = [int(word) for word in re.findall(r"[0-9]+", answer, re.ASCII) if len(word) < 9]
    pressed = list(zip(numbers[::2], numbers[1::2], strict=False))
    lights = {(r, c): int(x) for r, line in enumerate(payload["lights"], 1) for c, x in enumerate(line, 1)}
    if len(numbers) % 2 or len(set(pressed)) < len(pressed) or not set(pressed) <= set(lights):
        return False
    return all((x + sum(abs(r - r2) + abs(c - c2) <= 1 for r2, c2 in pressed)) % 2 == 0 for (r, c), x in lights.items())


def solutions(payload):
    """Yield every right answer: try all presses of the first row; each further row must mend the one above it."""
    lights = [[int(x) for x in line] for line in payload["lights"]]
    rows, columns = len(lights), len(lights[0])
    for first in product((0, 1), repeat=columns):
        presses = [list(first)]
        for r in range(rows):
            row = presses[r]
            above = presses[r - 1] if r else [0] * columns
            presses.append(
                [
                    (lights[r][c] + row[c] + above[c] + sum(row[k] for k in (c - 1, c + 1) if 0 <= k < columns)) % 2
                    for c in range(columns)
                ]
            )
        if not any(presses[rows]):
            yield "\n".join(f"{r + 1} {c + 1}" for r in range(rows) for c in range(columns) if presses[r][c])


@pytest.mark.parametrize("rows", [2, 3])
def test_every_set_of_presses_of_small_boards(rows):
    cells = [f"{r} {c}" for r in range(1, rows + 1) for c in range(1, 4)]
    answers = ["\n".join(chosen) for n in range(len(cells) + 1) for chosen in combinations(cells, n)]
    for index in range(10):
        params = {"rows": rows, "columns": 3, "fewest": 1, "most": 4}
        instance = get_task("lights_out").pose(index, params=params)
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert sorted(solutions(instance.payload)) == sorted(a for a, v in zip(answers, verdicts, strict=True) if v)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_all_solutions_are_accepted(level):
    for index in range(20):
        instance = get_task("lights_out").pose(index, level)
        found = list(solutions(instance.payload))
        assert instance.reference in found
        assert all(verify(text, instance.payload).score == 1.0 for text in found)


def test_a_board_of_four_by_four_has_sixteen_solutions():
    found = list(solutions(FOUR))
    assert len(found) == 16  # the known number
    assert all(verify(text, FOUR).score == 1.0 and oracle(text, FOUR) for text in found)
