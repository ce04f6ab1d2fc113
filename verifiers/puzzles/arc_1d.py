"""ARC in one row: find the rule behind pairs of rows of digits and apply it to another row.

The rule is a chain of steps from a list that the question gives; the generator proved that every such chain that fits
the pairs has the same result. Correct is that one row.

Example: payload ``{"pairs": [["0120", "0210"]], "test": "300", "rule": ["mirror"], ...}``, answer ``0 0 3``.
"""

from collections.abc import Callable
from itertools import groupby, pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._grids import read_digits


def _blocks(row: str) -> list[tuple[int, str]]:
    """Return (place, cells) of every run of equal digits, zeros too."""
    found, at = [], 0
    for digit, cells in groupby(row):
        block = digit * len(list(cells))
        found.append((at, block))
        at += len(block)
    return found


def _marked(row: str) -> str:
    """Replace the first of the longest blocks by nines."""
    blocks = [block for block in _blocks(row) if block[1][0] != "0"]
    if not blocks:
        return row
    at, block = max(blocks, key=lambda item: (len(item[1]), -item[0]))
    return row[:at] + "9" * len(block) + row[at + len(block) :]


def _longest(row: str) -> str:
    return "".join(row[i] if char == "9" and row[i] != "9" else "0" for i, char in enumerate(_marked(row)))


def _between(row: str) -> str:
    cells = list(row)
    solid = [i for i, char in enumerate(row) if char != "0"]
    for left, right in pairwise(solid):
        if row[left] == row[right]:
            cells[left:right] = row[left] * (right - left)
    return "".join(cells)


def _near(row: str, change: Callable[[str, str, str], str]) -> str:
    """Replace every cell by a function of the cell before it, itself and the cell after it; 0 beyond the ends."""
    wide = f"0{row}0"
    return "".join(change(wide[i - 1], wide[i], wide[i + 1]) for i in range(1, len(wide) - 1))


def _pour(row: str) -> str:
    last, cells = "0", ""
    for char in row:
        last = char if char != "0" else last
        cells += last
    return cells


STEPS: dict[str, Callable[[str], str]] = {
    "mirror": lambda row: row[::-1],
    "push right": lambda row: row.replace("0", "").rjust(len(row), "0"),
    "cycle right": lambda row: row[-1] + row[:-1],
    "push left": lambda row: row.replace("0", "").ljust(len(row), "0"),
    "cycle left": lambda row: row[1:] + row[0],
    "between": _between,
    "hollow": lambda row: _near(row, lambda a, b, c: "0" if "0" not in (a, c) else b),
    "lonely": lambda row: _near(row, lambda a, b, c: "0" if a == c == "0" else b),
    "swap": lambda row: row.translate(str.maketrans("12", "21")),
    "pour": _pour,
    "longest": _longest,
    "grow right": lambda row: _near(row, lambda a, b, c: a if b == "0" else b),
    "even places": lambda row: "".join("0" if i % 2 else char for i, char in enumerate(row)),
    "fold": lambda row: "".join(max(pair) for pair in zip(row, row[::-1], strict=True)),
    "lengths": lambda row: "".join(
        block if block[0] == "0" else str(min(len(block), 9)) * len(block) for _, block in _blocks(row)
    ),
    "edges": lambda row: _near(row, lambda a, b, c: "0" if a == b == c else b),
    "marked": _marked,
    "copy half": lambda row: row[: (len(row) + 1) // 2] + row[: len(row) // 2][::-1],
    "ones out": lambda row: row.replace("1", "0"),
    "grow left": lambda row: _near(row, lambda a, b, c: c if b == "0" else b),
}
"""Name of a step -> what it does; rows keep their length."""


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a row of digits.

    >>> verify("0 0 3", {"test": "300", "rule": ["mirror"]}).score
    1.0
    """
    rows = read_digits(answer)
    if rows is None or len(rows) != 1:
        return Verdict.unreadable("expected one row of digits")
    right = payload["test"]
    for step in payload["rule"]:
        right = STEPS[step](right)
    if len(rows[0]) != len(right):
        return Verdict.wrong(f"the row has {len(rows[0])} cells, not {len(right)}", "length")
    if rows[0] != right:
        return Verdict.wrong("the row has other digits", "digits")
    return Verdict.correct()
