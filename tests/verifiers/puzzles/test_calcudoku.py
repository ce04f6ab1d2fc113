from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.calcudoku import verify

SQUARE = "2 1 4 3\n3 4 1 2\n1 2 3 4\n4 3 2 1"
SMALL = {
    "regions": ["AABB", "CABD", "CEFD", "GEFF"],
    "cages": {"A": "8*", "B": "8+", "C": "3/", "D": "2-", "E": "1-", "F": "6*", "G": "4"},
}


def only(cage, clue):
    """A board where one cage alone says something: all other cells are a cage of the right sum."""
    lines = ["".join("A" if (r, c) in cage else "B" for c in range(4)) for r in range(4)]
    rest = sum(
        int(line.split()[c]) for r, line in enumerate(SQUARE.split("\n")) for c in range(4) if (r, c) not in cage
    )
    return {"regions": lines, "cages": {"A": clue, "B": f"{rest}+"}}


ACCEPTED = {
    "spaces": (SQUARE, SMALL),
    "no spaces": (SQUARE.replace(" ", ""), SMALL),
    "list of lists": ("[[2, 1, 4, 3],\n[3, 4, 1, 2],\n[1, 2, 3, 4],\n[4, 3, 2, 1]]", SMALL),
    "a number twice in a cage": (SQUARE, only({(0, 0), (0, 1), (1, 1), (1, 2)}, "8+")),
    "difference, larger below": (SQUARE, only({(0, 0), (1, 0)}, "1-")),
    "quotient, larger to the right": (SQUARE, only({(2, 0), (2, 1)}, "2/")),
    "any square of the sum 40": ("1234\n2341\n3412\n4123", {"regions": ["AAAA"] * 4, "cages": {"A": "40+"}}),
}
REJECTED = {
    "sum wrong": (SQUARE, only({(0, 0), (0, 1)}, "4+")),
    "product wrong, sum right": (SQUARE, only({(0, 0), (0, 2)}, "6*")),
    "difference wrong, quotient right": (SQUARE, only({(0, 0), (0, 2)}, "3-")),
    "quotient wrong, difference right": (SQUARE, only({(0, 0), (0, 2)}, "3/")),
    "quotient not whole": (SQUARE, only({(0, 0), (0, 3)}, "1/")),
    "single cell wrong": (SQUARE, only({(0, 0)}, "3")),
    "cages right, rows repeat": (
        "1 1 4 4\n4 4 1 1\n1 1 4 4\n4 4 1 1",
        {"regions": ["AAAA"] * 4, "cages": {"A": "40+"}},
    ),
    "cages right, columns repeat": ("1234\n1234\n1234\n1234", {"regions": ["AAAA"] * 4, "cages": {"A": "40+"}}),
    "transposed": ("2314\n1423\n4132\n3241", SMALL),
    "short rows, to be padded": ("214\n341\n123\n432", SMALL),
    "free text around the rows": ("row 1: 2 1 4 3\nrow 2: 3 4 1 2\n1 2 3 4\n4 3 2 1", SMALL),
    "letters left over": ("AABB\nCABD\nCEFD\nGEFF", SMALL),
    "zero": ("2143\n3412\n1234\n4320", SMALL),
    "number over the size": ("2143\n3412\n1235\n4321", SMALL),
    "row missing": ("2143\n3412\n1234", SMALL),
    "row too many": ("2143\n3412\n1234\n4321\n2143", SMALL),
    "two grids": (f"{SQUARE}\n\n{SQUARE}", SMALL),
    "superscript digits": (SQUARE.replace("2", "\u00b2"), SMALL),
    "Arabic digits": (SQUARE.replace("1", "\u0661"), SMALL),
    "code": ("[[1,2,3,4]]*4", SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: cells by letter first, then each cage by what its sign says."""
    regions = payload["regions"]
    n = len(regions)
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != n * n or set(answer) - set("0123456789 \n|-+[],"):
        return False
    every = set(range(1, n + 1))
    if any(set(digits[i * n : i * n + n]) != every or set(digits[i::n]) != every for i in range(n)):
        return False
    held = {}
    for letter, digit in zip("".join(regions), digits, strict=True):
        held.setdefault(letter, []).append(digit)
    for letter, clue in payload["cages"].items():
        sign = clue[-1] if clue[-1] in "+-*/" else ""
        want = int(clue[: len(clue) - len(sign)])
        values = held[letter]
        product = 1
        for value in values:
            product *= value
        high, low = max(values), min(values)
        results = {"": sum(values), "+": sum(values), "*": product, "-": high - low, "/": high / low}
        if results[sign] != want:
            return False
    return True


@cache
def squares():
    """Return the Latin squares of order 4 as texts."""
    rows = ["".join(p) for p in permutations("1234")]
    found = [()]
    for _ in range(4):
        found = [
            (*g, row) for g in found for row in rows if all(a != b for o in g for a, b in zip(o, row, strict=True))
        ]
    return ["\n".join(" ".join(row) for row in grid) for grid in found]


def solutions(payload):
    """Yield every right answer of an instance of order 4."""
    yield from (square for square in squares() if oracle(square, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_all_squares_get_the_verdict_of_the_oracle_and_one_is_right(level):
    for index in range(10):
        instance = get_task("calcudoku").pose(index, level)
        right = list(solutions(instance.payload))
        assert right == [instance.reference]
        assert [s for s in squares() if verify(s, instance.payload).score == 1.0] == right


def test_each_operation_is_judged_alone():
    for clue in ("3+", "5+", "6*", "12*", "1-", "3-", "2/", "3/", "4/"):
        payload = {"regions": ["ABBC", "ABBC", "BBBB", "BBBB"], "cages": {"A": clue, "C": clue}}
        assert [verify(s, payload).score == 1.0 for s in squares()] == [oracle(s, payload) for s in squares()]
