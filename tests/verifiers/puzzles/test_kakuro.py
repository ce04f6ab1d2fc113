from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.kakuro import verify


def payload_of(board, across, down):
    """A payload from (row, column, sum) of the runs."""
    return {
        "board": board,
        "across": [{"from": [r, c], "sum": s} for r, c, s in across],
        "down": [{"from": [r, c], "sum": s} for r, c, s in down],
    }


FOUR = payload_of(["..", "9."], [(0, 0, 4), (1, 0, 17)], [(0, 0, 10), (0, 1, 11)])  # 1 3 / 9 8
OPEN = payload_of(["..", ".."], [(0, 0, 5), (1, 0, 5)], [(0, 0, 5), (0, 1, 5)])  # 1 4 / 4 1 and others
SPLIT = payload_of(
    ["..#..", "..#..", "....."],
    [(0, 0, 3), (0, 3, 3), (1, 0, 7), (1, 3, 7), (2, 0, 31)],
    [(0, 0, 9), (0, 1, 14), (2, 2, 5), (0, 3, 11), (0, 4, 15)],
)
GOOD = "1 2 # 1 2\n3 4 # 4 3\n5 8 5 6 7"

ACCEPTED = {
    "spaces": ("1 3\n9 8", FOUR),
    "no spaces": ("13\n98", FOUR),
    "list of lists": ("[[1, 3],\n[9, 8]]", FOUR),
    "one of several": ("1 4\n4 1", OPEN),
    "another of several": ("2 3\n3 2", OPEN),
    "a digit again beyond a black cell": (
        "1 2 # 1 2\n3 4 # 4 3",
        payload_of(["..#..", "..#.."], [(0, 0, 3), (0, 3, 3), (1, 0, 7), (1, 3, 7)], [(0, 0, 4), (0, 4, 5)]),
    ),
}
REJECTED = {
    "sums right, a digit twice in a run across": ("2 2\n2 2", payload_of(["..", ".."], [(0, 0, 4)], [])),
    "sums right, a digit twice in a run down": ("1 3\n1 3", payload_of(["..", ".."], [(0, 0, 4)], [(0, 0, 2)])),
    "digit twice in a long run": (GOOD, SPLIT),
    "sum across wrong": ("1 4\n9 8", FOUR),
    "sum down wrong": ("3 1\n9 8", FOUR),
    "given changed": ("3 1\n7 10", FOUR),
    "given changed, sums right": ("3 1\n8 9", {**FOUR, "down": [{"from": [0, 0], "sum": 11}]}),
    "digit on a black cell": ("1 2 9 1 2\n3 4 # 4 3\n5 8 5 6 7", SPLIT),
    "white cell made black": ("1 #\n9 8", payload_of(["..", "9."], [], [])),
    "black cells left out": ("1 2 1 2\n3 4 4 3\n5 8 5 6 7", SPLIT),
    "dots left over": ("1 .\n9 8", FOUR),
    "zero": ("0 4\n9 8", FOUR),
    "two digits in a cell": ("1 3\n9 10", FOUR),
    "row missing": ("1 3", FOUR),
    "row too many": ("1 3\n9 8\n1 3", FOUR),
    "two boards": ("1 3\n9 8\n\n1 3\n9 8", FOUR),
    "clues written out": ("# 10 11\n4 1 3\n17 9 8", FOUR),
    "superscript digits": ("\u00b9 3\n9 8", FOUR),
    "Arabic digits": ("\u0661 3\n9 8", FOUR),
    "code": ("[[1, 3], [9] * 2]", FOUR),
    "empty": ("", FOUR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: each line is split at its black cells, and the pieces are compared with the sums."""
    board = payload["board"]
    marks = "".join(ch for ch in answer if ch in "123456789#")
    width, size = len(board[0]), len(board) * len(board[0])
    if len(marks) != size or set(answer) - set("0123456789# \n|-+[],"):
        return False
    lines = [marks[i : i + width] for i in range(0, size, width)]
    for told, got in zip("".join(board), marks, strict=True):
        if (told == "#") != (got == "#") or told not in (".", got):
            return False
    wanted = {(name, *run["from"]): run["sum"] for name in ("across", "down") for run in payload[name]}
    found = {}
    for name, texts in (("across", lines), ("down", ["".join(column) for column in zip(*lines, strict=True)])):
        for i, text in enumerate(texts):
            at = 0
            for piece in text.split("#"):
                if piece:
                    if len(set(piece)) != len(piece):
                        return False
                    found[(name, i, at) if name == "across" else (name, at, i)] = sum(map(int, piece))
                at += len(piece) + 1
    return all(found.get(key) == total for key, total in wanted.items())


def solutions(payload):
    """Yield every right answer by trying all digits for four empty cells or fewer, line by line for more."""
    lines = payload["board"]
    free = [(r, c) for r, line in enumerate(lines) for c, ch in enumerate(line) if ch == "."]
    starts = {tuple(run["from"]): run["sum"] for run in payload["across"]}

    def text(cells):
        return "\n".join(" ".join(row) for row in cells)

    def fill(cells, rest):
        if not rest:
            if oracle(text(cells), payload):
                yield text(cells)
            return
        (r, c), *others = rest
        for digit in "123456789":
            cells[r][c] = digit
            if (others and others[0][0] == r) or across_fits(cells[r], r):
                yield from fill(cells, others)
        cells[r][c] = "."

    def across_fits(row, r):
        runs = "".join(row).split("#")
        at = 0
        for piece in runs:
            if (r, at) in starts and sum(map(int, piece)) != starts[r, at]:
                return False
            at += len(piece) + 1
        return True

    yield from fill([list(line) for line in lines], free)


def test_all_boards_of_four_cells_agree_with_the_oracle():
    for index in range(20):
        instance = get_task("kakuro").pose(index, 0)
        board = instance.payload["board"]
        places = [range(1, 10) if ch == "." else [ch] for line in board for ch in line]
        texts = ["{} {}\n{} {}".format(*cells) for cells in product(*places)]
        right = [text for text in texts if verify(text, instance.payload).score == 1.0]
        assert right == [text for text in texts if oracle(text, instance.payload)] == [instance.reference]
        assert list(solutions(instance.payload)) == right


def test_small_boards_have_one_solution_by_brute_force():
    for index in range(10):
        instance = get_task("kakuro").pose(index, 1)
        assert list(solutions(instance.payload)) == [instance.reference]
        assert verify(instance.reference, instance.payload).score == 1.0
