"""Crosswords to be filled from a list of words, from two crossing words to 28 words of a list of 68.

Example (level 0)::

    c a t
    . # #
    . # #
    words: cat, cow; 1 down: made of the letters c, o, w

What is right: every grid with a different word of the list in each entry that keeps given letters and clues; the search
proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._words import WORDS
from gradarium.generators.task import task
from gradarium.verifiers.boards import Cell
from gradarium.verifiers.puzzles.full_crosswords import LETTERS, VOWELS, entries, keeps
from gradarium.verifiers.reading import read_grid


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    words: int
    """Entries of the grid."""
    spare: int
    """Words of the list that are not needed."""
    longest: int
    """Most letters of a word; the shortest have 3."""
    side: int
    """Most rows and most columns."""
    clued: int
    """Entries that get a clue whether they need one or not."""
    kinds: str
    """Kinds of clues: letters, begins, ends, vowels, half."""
    given: int
    """Letters that are given whether they are needed or not."""


LEVELS = [
    Params(2, 0, 4, 6, 2, "letters", 3),
    Params(3, 0, 5, 8, 3, "letters", 2),
    Params(5, 1, 5, 9, 4, "letters begins", 2),
    Params(7, 3, 6, 10, 4, "begins ends vowels", 1),
    Params(10, 6, 6, 11, 4, "ends vowels half", 0),
    Params(14, 12, 6, 12, 3, "vowels half", 0),
    Params(20, 22, 6, 14, 0, "vowels half", 0),
    Params(28, 40, 6, 16, 0, "vowels half", 0),
]

MOST_NODES = 4_000
"""A proof that takes more steps is given up, and the draw with it."""


def layout(rng: random.Random, pool: Sequence[str], words: int, side: int) -> dict[Cell, str]:
    """Cross words one after another so that no other runs of letters arise; cells are counted from 0."""
    first = rng.choice(pool)
    grid = {(0, i): letter for i, letter in enumerate(first)}
    used = {first}
    for _ in range(60 * words):
        if len(used) == words:
            break
        word = rng.choice(pool)
        if word in used:
            continue
        places = []
        top, bottom = min(r for r, _ in grid), max(r for r, _ in grid)
        left, right = min(c for _, c in grid), max(c for _, c in grid)
        for (r, c), letter in grid.items():
            for i, char in enumerate(word):
                if char == letter:
                    for dr, dc in ((0, 1), (1, 0)):
                        start, end = (r - i * dr, c - i * dc), (r + (len(word) - i) * dr, c + (len(word) - i) * dc)
                        high = max(bottom, end[0] - dr) - min(top, start[0]) + 1
                        wide = max(right, end[1] - dc) - min(left, start[1]) + 1
                        if high <= side and wide <= side and (crossed := _fits(grid, word, start, dr, dc)):
                            places.append((crossed, start, dr, dc))
        if places:
            most = max(crossed for crossed, *_ in places)
            _, (r, c), dr, dc = rng.choice([place for place in places if place[0] == most])
            grid.update({(r + i * dr, c + i * dc): letter for i, letter in enumerate(word)})
            used.add(word)
    else:
        raise Redraw
    top, left = min(r for r, _ in grid), min(c for _, c in grid)
    return {(r - top, c - left): letter for (r, c), letter in grid.items()}


def _fits(grid: dict[Cell, str], word: str, start: Cell, dr: int, dc: int) -> int:
    """Return how many words a word would cross, 0 where it does not fit."""
    r, c = start
    n = len(word)
    if (r - dr, c - dc) in grid or (r + n * dr, c + n * dc) in grid:
        return 0
    crossed = 0
    for letter in word:
        old = grid.get((r, c))
        if old is not None:
            if old != letter:
                return 0
            crossed += 1
        elif (r + dc, c + dr) in grid or (r - dc, c - dr) in grid:
            return 0
        r, c = r + dr, c + dc
    return crossed


class Search:
    """Depth-first search for fillings; the entry with the fewest words left first."""

    def __init__(self, slots: Sequence[Sequence[Cell]]) -> None:
        self.slots = slots
        at: dict[Cell, list[tuple[int, int]]] = {}
        for s, cells in enumerate(slots):
            for i, cell in enumerate(cells):
                at.setdefault(cell, []).append((s, i))
        # (own position, other entry, position in it) for each entry
        self.crossings = [
            [(i, t, j) for i, cell in enumerate(cells) for t, j in at[cell] if t != s] for s, cells in enumerate(slots)
        ]
        self.nodes = 0

    def other(self, options: list[list[str]], known: Sequence[str]) -> list[str] | None:
        """Return a filling that differs from the known one, or None; ``options`` are the words of each entry."""
        chosen: dict[int, str] = {}

        def step(left: list[list[str]]) -> bool:
            self.nodes += 1
            if self.nodes > MOST_NODES:
                raise Redraw
            if len(chosen) == len(self.slots):
                return any(chosen[s] != word for s, word in enumerate(known))
            slot = min((s for s in range(len(left)) if s not in chosen), key=lambda s: len(left[s]))
            for word in left[slot]:
                chosen[slot] = word
                after = [
                    options if s in chosen else [o for o in options if o != word] for s, options in enumerate(left)
                ]
                for i, t, j in self.crossings[slot]:
                    if t not in chosen:
                        after[t] = [o for o in after[t] if o[j] == word[i]]
                if all(after[s] for s in range(len(left)) if s not in chosen) and step(after):
                    return True
                del chosen[slot]
            return False

        return [chosen[s] for s in range(len(self.slots))] if step(options) else None


def clue_for(word: str, kind: str) -> str:
    """Return the value of a clue that a word satisfies."""
    values = {"letters": "".join(sorted(word)), "begins": word[0], "ends": word[-1], "half": "a-m"}
    if kind == "half" and word[0] > "m":
        return "n-z"
    return values.get(kind) or str(sum(letter in VOWELS for letter in word))


def say(kind: str, value: str) -> str:
    """Write a clue in words."""
    if kind == "letters":
        return f"made of the letters {', '.join(value)}"
    if kind in ("begins", "ends"):
        return f"{kind} with {value}"
    if kind == "vowels":
        return f"has {value} vowel{'' if value == '1' else 's'}"
    return f"begins with one of the letters {value[0]} to {value[-1]}"


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the cells of the answer, or of the question where the answer is no grid."""
    given = payload["grid"]
    grid = read_grid(answer.lower(), len(given), len(given[0]), LETTERS + "#") if answer.isascii() else None
    return grid or [[" " if char == "." else char for char in line] for line in given]


@task(levels=LEVELS, tags={"enigmata", "grid"}, chance=0.01, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Cross words at random, then add clues and letters until no other filling is left."""
    pool = [word for word in WORDS if len(word) <= params.longest]
    letters = layout(rng, pool, params.words, params.side)
    rows, columns = max(r for r, _ in letters) + 1, max(c for _, c in letters) + 1
    blank = ["".join("." if (r, c) in letters else "#" for c in range(columns)) for r in range(rows)]
    numbered = entries(blank)
    slots = [cells for _, _, cells in numbered]
    known = ["".join(letters[cell] for cell in cells) for cells in slots]
    spare = rng.sample([word for word in pool if word not in known], params.spare)
    listed = sorted({*known, *spare})
    shown = set(rng.sample(sorted(letters), params.given))
    clues: dict[int, list[str]] = {}
    for s in sorted(rng.sample(range(len(slots)), min(params.clued, len(slots)))):
        clues[s] = [kind := rng.choice(params.kinds.split()), clue_for(known[s], kind)]

    def options(s: int) -> list[str]:
        cells = slots[s]
        return [
            word
            for word in listed
            if len(word) == len(cells)
            and all(word[i] == known[s][i] for i, cell in enumerate(cells) if cell in shown)
            and (s not in clues or keeps(word, *clues[s]))
        ]

    search = Search(slots)
    while rival := search.other([options(s) for s in range(len(slots))], known):
        s = rng.choice([s for s in range(len(slots)) if rival[s] != known[s]])
        kinds = [k for k in params.kinds.split() if s not in clues and not keeps(rival[s], k, clue_for(known[s], k))]
        if kinds:
            clues[s] = [kind := rng.choice(kinds), clue_for(known[s], kind)]
        else:
            shown.add(rng.choice([cell for i, cell in enumerate(slots[s]) if rival[s][i] != known[s][i]]))
        search.nodes = 0

    def lines(cells: Mapping[Cell, str], gap: str, blocked: str = "#") -> list[str]:
        return [
            gap.join(cells.get((r, c), "." if (r, c) in letters else blocked) for c in range(columns))
            for r in range(rows)
        ]

    given = {cell: letters[cell] for cell in sorted(shown)}
    reference = "\n".join(lines(letters, " "))
    filler = {cell: given.get(cell, "lemon"[sum(cell) % 5]) for cell in letters}
    example = "\n".join(lines(filler, " "))
    if example == reference or not set(letters) - shown:
        raise Redraw
    picture = "\n".join(lines(given, " "))
    told = [f"{numbered[s][0]} {numbered[s][1]}: {say(*clues[s])}" for s in sorted(clues)]
    left = f"; {params.spare} of the words {'is' if params.spare == 1 else 'are'} not needed" if params.spare else ""
    question = (
        f"Fill in this crossword. The grid has {rows} rows and {columns} columns; # is a blocked cell, a dot is an "
        f"empty cell, and a letter is given and must stay.\n\n{picture}\n\n"
        "An entry is a run of two or more unblocked cells side by side, as long as possible: across, read from left to "
        "right, or down, read from top to bottom. Write one letter into every empty cell so that each entry is a word "
        f"of this list, and no word is used twice{left}:\n\n{', '.join(listed)}\n\n"
        + (
            "Going through the rows from the top, each from left to right, every cell in which an entry begins gets "
            "the next number, 1 first; an entry is named by this number and its direction. The vowels are a, e, i, o, "
            "u. Clues:\n\n" + "\n".join(told) + "\n\n"
            if told
            else ""
        )
        + "Exactly one filling is right.\n\n"
        f"Answer with the complete grid: {rows} lines of {columns} cells separated by spaces, # for a blocked cell."
    )
    effort = search.nodes + sum(len(options(s)) for s in range(len(slots))) + len(letters) - len(shown)
    return Draft(
        question=question,
        payload={
            "grid": lines(given, ""),
            "words": listed,
            "clues": [[*numbered[s][:2], *clues[s]] for s in sorted(clues)],
        },
        reference=reference,
        example=example,
        brief=picture + "\n" + ", ".join(listed) + "".join(f"\n{line}" for line in told),
        certificate={"unique": True, "effort": effort},
    )
