import re
from itertools import islice, pairwise, permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.letter_grid import verify

SIDES = {"grid": ["abb", "dca", "bca"], "word": "abca", "diagonal": False}
CORNERS = {**SIDES, "diagonal": True}

ACCEPTED = {
    "row and column": ("2 3, 1 3, 1 2", {**SIDES, "word": "abb"}),
    "a path": ("1 1, 1 2, 2 2, 2 3", SIDES),
    "a path over a corner": ("1 1, 1 2, 2 2, 3 3", CORNERS),
    "brackets": ("[[1, 1], [1, 2], [2, 2], [2, 3]]", SIDES),
    "tuples": ("(1,1), (1,2), (2,2), (2,3)", SIDES),
    "rc notation": ("r1c1 r1c2 r2c2 r2c3", SIDES),
}
REJECTED = {
    "over a corner": ("1 1, 1 2, 2 2, 3 3", SIDES),
    "a jump": ("2 3, 1 2, 2 2, 2 3", SIDES),
    "a jump without a repeated cell": ("3 3, 1 2, 2 2, 2 3", CORNERS),
    "a cell twice": ("1 1, 1 2, 2 2, 1 1", CORNERS),
    "a step on the spot": ("1 2, 1 2, 2 2, 2 3", {**SIDES, "word": "bbca"}),
    "letters in any order": ("1 2, 1 1, 2 2, 2 3", CORNERS),
    "backwards": ("2 3, 2 2, 1 2, 1 1", {**SIDES, "word": "abcb"}),
    "too short": ("1 1, 1 2, 2 2", SIDES),
    "too long": ("1 1, 1 2, 2 2, 2 3, 1 3", SIDES),
    "two paths": ("1 1, 1 2, 2 2, 2 3\n1 1, 1 2, 2 2, 2 3", SIDES),
    "counted from 0": ("0 0, 0 1, 1 1, 1 2", SIDES),
    "beyond the grid": ("1 1, 1 2, 2 2, 2 4", SIDES),
    "column before row": ("1 1, 2 1, 2 2, 3 2", SIDES),
    "the word": ("abca", SIDES),
    "odd number of numbers": ("1 1, 1 2, 2 2, 2", SIDES),
    "Arabic digits": ("1 \u0661, 1 2, 2 2, 2 3", SIDES),
    "empty": ("", SIDES),
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
    """Judge with complex numbers as cells; written apart from the verifier."""
    text = answer.strip().lower()
    if len(text) > 4_000 or not re.fullmatch(r"[0-9rc,;()\[\]{}\s]+", text, re.ASCII):
        return False
    numbers = [int(number) for number in re.findall("[0-9]+", text)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    plain = re.sub(r"[\s,;]+", " ", re.sub(r"[\[\](){}]", " ", text)).strip()
    plain = re.sub("(?<![0-9])0+(?=[0-9])", "", plain)
    if len(numbers) % 2 or plain not in (
        " ".join(f"{r} {c}" for r, c in pairs),
        " ".join(f"r{r}c{c}" for r, c in pairs),
    ):
        return False
    letters = {complex(r, c): x for r, row in enumerate(payload["grid"], 1) for c, x in enumerate(row, 1)}
    path = [complex(r, c) for r, c in pairs]
    far = 1.5 if payload["diagonal"] else 1.1
    near = all(0 < abs(a - b) < far for a, b in pairwise(path))
    return near and len(set(path)) == len(path) and "".join(letters.get(c, "?") for c in path) == payload["word"]


def paths(payload):
    """Yield every path that spells the word."""
    grid, word = payload["grid"], payload["word"]
    letters = {complex(r, c): x for r, row in enumerate(grid, 1) for c, x in enumerate(row, 1)}
    steps = [complex(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a or b) and (payload["diagonal"] or not a * b)]

    def extend(path):
        if len(path) == len(word):
            yield path
            return
        for cell in [path[-1] + step for step in steps] if path else letters:
            if letters.get(cell) == word[len(path)] and cell not in path:
                yield from extend([*path, cell])

    return extend([])


def solutions(payload):
    """Yield right answers, at most 500."""
    for path in islice(paths(payload), 500):
        yield ", ".join(f"{int(cell.real)} {int(cell.imag)}" for cell in path)


@pytest.mark.parametrize("level", [0, 1])
def test_every_path_of_small_instances(level):
    for index in range(20):
        instance = get_task("letter_grid").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert all(verify(answer, instance.payload).score == 1.0 for answer in right)
        cells = [f"{r} {c}" for r in range(1, 5) for c in range(1, 5)]
        answers = [", ".join(cells) for cells in permutations(cells, 3)] if level == 0 and index < 5 else []
        moves = instance.reference.split(", ")
        answers += [", ".join([*moves[:i], cell, *moves[i + 1 :]]) for i in range(len(moves)) for cell in cells]
        judged = [verify(answer, instance.payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, instance.payload) for answer in answers]
        assert [answer in right for answer in answers] == judged
