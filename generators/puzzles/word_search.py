"""Find words in a grid of letters, from one word in 4 x 4 letters to 32 words in 26 x 26 with decoys.

Example (level 0)::

    O S K O
    T W O W
    W T N K
    O S K K
    Words: OWN

What is right: for each word, the cells of its first and its last letter at a place where it stands in a straight line
in any of eight directions, here ``OWN 1,1 3,3``.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._words import EXAMPLES, draw_words, words_of
from gradarium.generators.task import task
from gradarium.verifiers.puzzles.word_search import cells_of, read_places

WAYS = ((0, 1), (1, 0), (1, 1), (-1, 1), (0, -1), (-1, 0), (-1, -1), (1, -1))
"""Right, down, the two diagonals to the right, and the four directions back."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows and columns of letters."""
    words: int
    """How many words are to be found."""
    shortest: int
    """Letters of the shortest words."""
    longest: int
    """Letters of the longest words."""
    ways: int
    """How many of the eight directions are used: 2 are right and down, 4 the diagonals to the right, too."""
    decoys: int
    """Beginnings of words that are hidden, too: all letters but the last."""


LEVELS = [
    Params(4, 1, 3, 3, 2, 0),
    Params(5, 2, 3, 4, 2, 0),
    Params(7, 3, 3, 5, 4, 0),
    Params(9, 5, 4, 6, 8, 2),
    Params(12, 8, 4, 7, 8, 6),
    Params(15, 13, 4, 8, 8, 15),
    Params(20, 20, 4, 8, 8, 30),
    Params(26, 32, 4, 8, 8, 60),
]

Cell = tuple[int, int]


def hide(rng: random.Random, letters: dict[Cell, str], text: str, params: Params) -> tuple[Cell, Cell] | None:
    """Write a text into free or fitting cells of the grid and return its ends; None where no place was found."""
    size, last = params.size, len(text) - 1
    for _ in range(100):
        r, c = rng.randrange(size), rng.randrange(size)
        dr, dc = rng.choice(WAYS[: params.ways])
        end = (r + last * dr, c + last * dc)
        if 0 <= end[0] < size and 0 <= end[1] < size:
            cells = [(r + i * dr, c + i * dc) for i in range(len(text))]
            if all(letters.get(cell, char) == char for cell, char in zip(cells, text, strict=True)):
                letters.update(zip(cells, text, strict=True))
                return (r, c), end
    return None


def comparisons(grid: list[str], words: list[str]) -> int:
    """Return how many letters a plain search compares: each word from each cell in each direction."""
    size = len(grid)
    starts: dict[str, list[Cell]] = {}
    for r, line in enumerate(grid):
        for c, char in enumerate(line):
            starts.setdefault(char, []).append((r, c))
    count = 0
    for word in words:
        count += size * size
        for r, c in starts.get(word[0], []):
            for dr, dc in WAYS:
                y, x = r, c
                for char in word[1:]:
                    y, x = y + dr, x + dc
                    count += 1
                    if not (0 <= y < size and 0 <= x < size) or grid[y][x] != char:
                        break
    return count


def canonical(payload: Mapping[str, Any]) -> object:
    """Return the least of the eight turned and mirrored grids, and the words sorted."""
    lines = payload["grid"]
    same = []
    for turn in range(8):
        lines = ["".join(line) for line in zip(*lines, strict=True)] if turn % 2 else lines[::-1]
        same.append(lines)
    return [min(same), sorted(payload["words"])]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the letters in lower case, those of the places that the answer names in upper case."""
    cells = [list(line.lower()) for line in payload["grid"]]
    for _, start, end in read_places(answer, len(payload["words"])) or []:
        for r, c in cells_of(start, end) or []:
            if 1 <= r <= len(cells) and 1 <= c <= len(cells[0]):
                cells[r - 1][c - 1] = cells[r - 1][c - 1].upper()
    return cells


@task(levels=LEVELS, tags={"classic", "search"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Hide words and beginnings of words, then fill the grid with letters of the words."""
    words = [word.upper() for word in draw_words(rng, params.words, words_of(params.shortest, params.longest))]
    letters: dict[Cell, str] = {}
    places = {}
    for word in sorted(words, key=len, reverse=True):
        ends = hide(rng, letters, word, params)
        if ends is None:
            raise Redraw
        places[word] = ends
    for _ in range(params.decoys):
        hide(rng, letters, rng.choice(words)[:-1], params)
    pool = "".join(words)
    size = range(params.size)
    grid = ["".join(letters.get((r, c)) or rng.choice(pool) for c in size) for r in size]
    drawing = "\n".join(" ".join(line) for line in grid)
    listed = " ".join(words)
    told = [f"{word} {a + 1},{b + 1} {r + 1},{c + 1}" for word in words for (a, b), (r, c) in [places[word]]]
    form = [f"{EXAMPLES[0].upper()} 1,1 1,5", f"{EXAMPLES[1].upper()} 2,4 6,4"]
    return Draft(
        question=(
            f"Find {'these words' if len(words) > 1 else 'this word'} in the grid of letters: {listed}.\n\n"
            f"{drawing}\n\n"
            "A word stands in a straight line of neighbouring cells: horizontally, vertically or diagonally, "
            "forwards or backwards. Words may share letters. Where a word stands in several places, any one of them "
            "is right.\n\n"
            "Answer with one line for each word: the word, row and column of its first letter, and row and column of "
            "its last letter, in the form WORD row,column row,column. Row 1 is at the top, column 1 is on the left."
        ),
        payload={"grid": grid, "words": words},
        reference="\n".join(told),
        example="\n".join(form[: min(2, len(words))]),
        brief=f"{drawing}\n{listed}",
        certificate={"effort": comparisons(grid, words)},
    )
