import re
from itertools import combinations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.n_queens import verify

FOUR = {"size": 4, "queens": [[1, 2]]}
OPEN = {"size": 4, "queens": []}

ACCEPTED = {
    "as asked": ("2 4 1 3", FOUR),
    "list": ("[2, 4, 1, 3]", FOUR),
    "one of two": ("2 4 1 3", OPEN),
    "the other of two": ("3 1 4 2", OPEN),
    "on lines": ("2\n4\n1\n3", FOUR),
}
REJECTED = {
    "given queen moved": ("3 1 4 2", FOUR),
    "same column": ("2 4 2 4", FOUR),
    "falling diagonal": ("2 4 3 1", OPEN),
    "rising diagonal": ("4 2 1 3", OPEN),
    "long diagonal": ("1 3 2 4", OPEN),
    "no queen in a row": ("2 4 0 3", FOUR),
    "a column outside": ("2 4 1 5", FOUR),
    "counted from 0": ("1 3 0 2", OPEN),
    "a negative column": ("2 4 -1 3", FOUR),
    "a queen missing": ("2 4 1", FOUR),
    "a queen too many": ("2 4 1 3 2", FOUR),
    "two answers": ("2 4 1 3 3 1 4 2", OPEN),
    "the board": (".Q..\n...Q\nQ...\n..Q.", FOUR),
    "code that the peers would run": ("[2, 4, 1, 9 // 3]", FOUR),
    "Arabic digits": ("\u0662 \u0664 \u0661 \u0663", FOUR),
    "superscript digits": ("\u00b2 4 1 \u00b3", FOUR),
    "decimals": ("2.0 4.0 1.0 3.0", FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Compare each two queens; written apart from the verifier."""
    text = answer.strip()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    words = re.split(r"[\s,;]+", text)
    if any(not re.fullmatch(r"\+?[0-9]{1,9}", word, re.ASCII) for word in words):
        return False
    queens = [(r, int(word)) for r, word in enumerate(words, 1)]
    n = payload["size"]
    return (
        len(queens) == n
        and all(tuple(queen) in queens for queen in payload["queens"])
        and all(1 <= c <= n for _, c in queens)
        and not any(b == d or abs(a - c) == abs(b - d) for (a, b), (c, d) in combinations(queens, 2))
    )


def solutions(payload):
    """Yield every right answer of a small board, by brute force."""
    n = payload["size"]
    given = dict(map(tuple, payload["queens"]))

    def extend(columns):
        r = len(columns) + 1
        if r > n:
            yield " ".join(map(str, columns))
            return
        for c in [given[r]] if r in given else range(1, n + 1):
            if all(c != d and abs(c - d) != r - q for q, d in enumerate(columns, 1)):
                yield from extend([*columns, c])

    return (answer for answer in extend([]) if oracle(answer, payload))


def test_all_lists_of_four_agree_with_the_oracle():
    for payload in (FOUR, OPEN):
        every = [" ".join(columns) for columns in product("01234", repeat=4)]
        assert [verify(a, payload).score == 1.0 for a in every] == [oracle(a, payload) for a in every]


def test_known_numbers_of_placements():
    assert [sum(1 for _ in solutions({"size": n, "queens": []})) for n in range(4, 9)] == [2, 10, 4, 40, 92]


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("index", range(20))
def test_every_completion_of_small_boards(level, index):
    instance = get_task("n_queens").pose(index, level)
    n = instance.payload["size"]
    given = dict(map(tuple, instance.payload["queens"]))
    free = [c for c in range(1, n + 1) if level == 0 or c not in given.values()]
    options = [[given[r]] if r in given else free for r in range(1, n + 1)]
    every = [" ".join(map(str, columns)) for columns in product(*options)]
    right = [oracle(answer, instance.payload) for answer in every]
    assert [verify(answer, instance.payload).score == 1.0 for answer in every] == right
    assert [answer for answer, fits in zip(every, right, strict=True) if fits] == [instance.reference]
    assert list(solutions(instance.payload)) == [instance.reference]
