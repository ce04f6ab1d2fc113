"""Full crosswords: fill a crossword grid with words of a list so that every clue holds.

Correct is any complete grid that keeps the given letters, has a different word of the list in every entry and satisfies
the clues; nothing is compared with a stored solution.

Example: payload ``{"grid": ["...", ".##", ".##"], "words": ["cat", "cow"], "clues": [[1, "down", "ends", "w"]]}``,
answer ``cat / o## / w##`` on three lines.
"""

import re
from collections.abc import Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.reading import read_grid

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aeiou"
_RUN = re.compile("[^#]{2,}")


def entries(grid: Sequence[str]) -> list[tuple[int, str, list[Cell]]]:
    """Return (number, direction, cells) of every run of two or more unblocked cells, numbered row by row.

    >>> [(number, way, len(cells)) for number, way, cells in entries(["...", ".##", ".##"])]
    [(1, 'across', 3), (1, 'down', 3)]
    """
    runs = {(r, run.start(), "across"): run.span() for r, line in enumerate(grid) for run in _RUN.finditer(line)}
    for c, column in enumerate(map("".join, zip(*grid, strict=True))):
        runs |= {(run.start(), c, "down"): run.span() for run in _RUN.finditer(column)}
    found: list[tuple[int, str, list[Cell]]] = []
    number, before = 0, (-1, -1)
    for (r, c, way), span in sorted(runs.items()):
        number += (r, c) != before
        before = (r, c)
        found.append((number, way, [(r, i) if way == "across" else (i, c) for i in range(*span)]))
    return found


def keeps(word: str, kind: str, value: str) -> bool:
    """Tell whether a word satisfies a clue.

    >>> keeps("tiger", "letters", "egirt"), keeps("tiger", "vowels", "3")
    (True, False)
    """
    if kind == "letters":
        return sorted(word) == sorted(value)
    if kind == "begins":
        return word.startswith(value)
    if kind == "ends":
        return word.endswith(value)
    if kind == "vowels":
        return sum(letter in VOWELS for letter in word) == int(value)
    return (word[0] <= "m") == (value == "a-m")


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a grid of letters and ``#``.

    >>> question = {"grid": ["...", ".##", ".##"], "words": ["cat", "cow"], "clues": [[1, "down", "ends", "w"]]}
    >>> verify("c a t\no # #\nw # #", question).score
    1.0
    """
    given = payload["grid"]
    rows, columns = len(given), len(given[0])
    grid = read_grid(answer.lower(), rows, columns, LETTERS + "#") if answer.isascii() else None
    if grid is None:
        return Verdict.unreadable(f"expected {rows} lines of {columns} letters or #")
    for r, line in enumerate(given):
        for c, char in enumerate(line):
            if (char == "#") != (grid[r][c] == "#"):
                what = "is blocked" if char == "#" else "is not blocked"
                return Verdict.wrong(f"row {r + 1} column {c + 1} {what}", "blocked")
            if char not in ("#", ".", grid[r][c]):
                return Verdict.wrong(f"row {r + 1} column {c + 1} must stay {char}", "given")
    filled = {(number, way): "".join(grid[r][c] for r, c in cells) for number, way, cells in entries(given)}
    listed = set(payload["words"])
    seen: dict[str, str] = {}
    for (number, way), word in filled.items():
        if word not in listed:
            return Verdict.wrong(f"{number} {way} is {word}, which is not in the list", "words")
        if word in seen:
            return Verdict.wrong(f"{number} {way} is {word}, as {seen[word]} is", "repeated")
        seen[word] = f"{number} {way}"
    for number, way, kind, value in payload["clues"]:
        if not keeps(filled[number, way], kind, value):
            return Verdict.wrong(f"{number} {way} does not satisfy its clue", "clues")
    return Verdict.correct()
