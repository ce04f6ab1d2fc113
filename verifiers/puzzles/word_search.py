"""Word search: where the words of a list stand in a grid of letters.

Correct is a list that names each word once, with the cells of its first and last letter, so that the letters from the
one to the other spell it in a straight line; any place will do. Case does not matter. Nothing is compared with a stored
solution.

Example: payload ``{"grid": ["OWN", "KTA", "SEC"], "words": ["CAN"]}``, answer ``CAN 3,3 1,3``.
"""

import re

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import Cell

_CELL = r"[(\[]?\s{0,3}r?([0-9]{1,4})\s{0,3}[,c\s]\s{0,3}([0-9]{1,4})(?![0-9])\s{0,3}[)\]]?"
_PLACE = re.compile(
    rf"[\"']?([a-z]{{1,40}})[\"']?\s{{0,3}}[:=,-]?\s{{0,3}}{_CELL}\s{{0,3}}(?:[-,:]|->|to)?\s{{0,3}}{_CELL}", re.ASCII
)
_SIGN = re.compile(r"\s-[0-9]", re.ASCII)  # a number below 0, not a dash between two cells
_GAP = re.compile(r"[\s,;]*", re.ASCII)


def read_places(text: str, most: int) -> list[tuple[str, Cell, Cell]] | None:
    """Return words in upper case with two cells each, as written; None if anything else is there, or nothing.

    >>> read_places("cat 1,2 1,4", 9), read_places("Cat: (1, 2) - (1, 4)", 9), read_places("cat 1,2", 9)
    ([('CAT', (1, 2), (1, 4))], [('CAT', (1, 2), (1, 4))], None)
    """
    if len(text) > 100 * most + 100 or not text.isascii() or _SIGN.search(text):
        return None
    text = text.strip().lower()
    places: list[tuple[str, Cell, Cell]] = []
    at = 0
    while at < len(text):
        found = _PLACE.match(text, at)
        if found is None or len(places) == most:
            return None
        a, b, r, c = (int(group) for group in found.groups()[1:])
        places.append((found[1].upper(), (a, b), (r, c)))
        gap = _GAP.match(text, found.end())
        at = gap.end() if gap else found.end()
    return places or None


def cells_of(start: Cell, end: Cell) -> list[Cell] | None:
    """Return the cells of a straight line; None if it is not straight or has more than 100 cells.

    >>> cells_of((1, 1), (3, 3)), cells_of((1, 1), (2, 3))
    ([(1, 1), (2, 2), (3, 3)], None)
    """
    dr, dc = end[0] - start[0], end[1] - start[1]
    steps = max(abs(dr), abs(dc))
    if steps > 99 or (dr and dc and abs(dr) != abs(dc)):
        return None
    r, c = (dr > 0) - (dr < 0), (dc > 0) - (dc < 0)
    return [(start[0] + i * r, start[1] + i * c) for i in range(steps + 1)]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of words with their ends.

    >>> verify("can 3,3 1,3", {"grid": ["OWN", "KTA", "SEC"], "words": ["CAN"]}).score
    1.0
    """
    grid, words = payload["grid"], payload["words"]
    places = read_places(answer, len(words) + 1)
    if places is None:
        return Verdict.unreadable("expected lines with a word, row,column and row,column")
    seen = set()
    for word, start, end in places:
        if word not in words:
            return Verdict.wrong(f"{word[:20]} is not a word of the list", "word")
        if word in seen:
            return Verdict.wrong(f"{word} is listed twice", "twice")
        seen.add(word)
        for r, c in (start, end):
            if not (1 <= r <= len(grid) and 1 <= c <= len(grid[0])):
                return Verdict.wrong(f"there is no cell {r},{c}", "cell")
        cells = cells_of(start, end)
        if cells is None:
            return Verdict.wrong(f"the cells of {word} do not lie in a straight line", "line")
        spelt = "".join(grid[r - 1][c - 1] for r, c in cells)
        if spelt != word:
            return Verdict.wrong(f"the letters of {word} spell {spelt}", "letters")
    if len(seen) < len(words):
        return Verdict.wrong(f"{len(seen)} of {len(words)} words are listed", "all")
    return Verdict.correct()
