"""Tic-tac-toe positions that X wins by force: the best game is asked for, from 4x4 to 7x7 with wins in three moves.

Example (three in a row)::

    X O .
    . X .
    . . O

What is right: every game in which X wins as soon as possible and O delays it as long as possible, here ``2 1, 2 3,
3 1`` and some others; a complete search proves how soon that is.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.task import task
from gradarium.verifiers.boards import read_cells


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    rows: int
    """Rows of the board."""
    columns: int
    """Columns of the board."""
    line: int
    """Cells of a line."""
    moves: int
    """Moves that X needs to win against the best defence; at most 3."""
    stones: int
    """Stones of each side."""
    first: int
    """Most first moves that win as soon as possible."""


LEVELS = [
    Params(4, 4, 4, 2, 6, 4),
    Params(4, 4, 4, 2, 5, 3),
    Params(4, 5, 4, 2, 6, 2),
    Params(5, 5, 4, 2, 7, 2),
    Params(5, 6, 4, 2, 7, 1),
    Params(6, 6, 4, 3, 10, 1),
    Params(6, 6, 4, 3, 8, 1),
    Params(7, 7, 5, 3, 14, 1),
]


class Game:
    """A board with the stones of each line counted, and minimax to a given number of moves of X."""

    def __init__(self, rows: int, columns: int, line: int) -> None:
        self.line = line
        self.cells = [[(r, c) for c in range(columns)] for r in range(rows)]
        self.lines = [
            [(r + i * dr) * columns + c + i * dc for i in range(line)]
            for r in range(rows)
            for c in range(columns)
            for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1))
            if r + (line - 1) * dr < rows and 0 <= c + (line - 1) * dc < columns
        ]
        self.through: list[list[int]] = [[] for _ in range(rows * columns)]
        for number, cells in enumerate(self.lines):
            for cell in cells:
                self.through[cell].append(number)
        self.board = ["."] * (rows * columns)
        self.counts = {"X": [0] * len(self.lines), "O": [0] * len(self.lines)}
        self.nodes = 0

    def put(self, cell: int, side: str) -> None:
        """Put a stone."""
        self.board[cell] = side
        counts = self.counts[side]
        for number in self.through[cell]:
            counts[number] += 1

    def take(self, cell: int) -> None:
        """Take a stone away."""
        counts = self.counts[self.board[cell]]
        self.board[cell] = "."
        for number in self.through[cell]:
            counts[number] -= 1

    def completing(self, side: str) -> list[int]:
        """Return the cells with which a side completes a line."""
        own, other = self.counts[side], self.counts["O" if side == "X" else "X"]
        short = self.line - 1
        found = {
            cell
            for number, count in enumerate(own)
            if count == short and not other[number]
            for cell in self.lines[number]
            if self.board[cell] == "."
        }
        return sorted(found)

    def empty(self) -> list[int]:
        """Return the empty cells."""
        return [cell for cell, char in enumerate(self.board) if char == "."]

    def soonest(self, most: int) -> int:
        """Return how many moves X, to move, needs to win against the best defence; ``most`` + 1 if more than that."""
        self.nodes += 1
        if most < 1:
            return 1
        if self.completing("X"):
            return 1
        if most == 1:
            return 2
        danger = self.completing("O")
        best = most + 1
        if len(danger) < 2:
            for cell in danger or self.empty():
                best = min(best, 1 + self.after(cell, best - 2))
                if best == 2:
                    break
        return best

    def after(self, cell: int, most: int) -> int:
        """Return how many more moves X needs after a move that completes nothing; ``most`` + 1 if more than that."""
        if most < 1:
            return most + 1
        self.put(cell, "X")
        self.nodes += 1
        worst = most + 1
        if not self.completing("O"):
            threats = self.completing("X")
            if len(threats) > 1:
                worst = 1
            elif most > 1:  # with one threat, O must take that cell: anything else loses at once
                worst = 0
                for reply in threats or self.empty():
                    self.put(reply, "O")
                    worst = max(worst, self.soonest(most))
                    self.take(reply)
                    if worst > most:
                        break
                worst = worst or most + 1  # the board is full
        self.take(cell)
        return worst

    def replies(self, moves: int) -> list[int]:
        """Return O's moves after which X still needs so many moves."""
        found = []
        for reply in self.empty():
            self.put(reply, "O")
            if self.soonest(moves - 1) == moves:
                found.append(reply)
            self.take(reply)
        return found

    def best(self, moves: int) -> list[int]:
        """Return X's moves with which it wins in so many moves, knowing that it cannot win sooner."""
        if moves == 1:
            return self.completing("X")
        return [cell for cell in self.completing("O") or self.empty() if self.after(cell, moves - 1) < moves]


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify positions that are mirrored or turned."""
    rows = list(payload["board"])
    forms = []
    for _ in range(4):
        rows = ["".join(column) for column in zip(*rows[::-1], strict=True)]
        forms += [rows, rows[::-1]]
    return [min(forms), payload["line"], payload["moves"]]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the position after the moves of the answer as far as they can be made."""
    cells = [list(row) for row in payload["board"]]
    for number, (r, c) in enumerate(read_cells(answer, 2 * payload["moves"] + 20) or []):
        if 1 <= r <= len(cells) and 1 <= c <= len(cells[0]) and cells[r - 1][c - 1] == ".":
            cells[r - 1][c - 1] = "XO"[number % 2]
    return cells


@task(levels=LEVELS, tags={"enigmata", "search"}, chance=0.05, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Put stones at random until X wins in so many moves and no fewer."""
    size = params.rows * params.columns
    for _ in range(400):
        game = Game(params.rows, params.columns, params.line)
        for number, cell in enumerate(rng.sample(range(size), 2 * params.stones)):
            game.put(cell, "XO"[number % 2])
        if max(*game.counts["X"], *game.counts["O"]) < params.line and not game.completing("X"):
            if game.soonest(params.moves) == params.moves:
                break
    else:
        raise Redraw
    game.nodes = 0
    rows = ["".join(game.board[r * params.columns : (r + 1) * params.columns]) for r in range(params.rows)]
    firsts = game.best(params.moves)
    free = game.empty()
    others = [cell for cell in free if cell not in firsts]
    if len(firsts) > params.first or not others:
        raise Redraw
    line = []
    for left in range(params.moves, 0, -1):
        line.append(game.best(left)[0])
        game.put(line[-1], "X")
        if left > 1:
            line.append(game.replies(left - 1)[0])
            game.put(line[-1], "O")
    wrong = [others[0], *(cell for cell in free if cell != others[0])][: 2 * params.moves - 1]

    def written(cells: list[int]) -> str:
        return ", ".join(f"{cell // params.columns + 1} {cell % params.columns + 1}" for cell in cells)

    picture = "\n".join(" ".join(row) for row in rows)
    question = (
        f"Tic-tac-toe on a board of {params.rows} rows and {params.columns} columns. X and O put stones on empty "
        f"cells in turn; whoever first has {params.line} or more of their own stones side by side in a straight line, "
        "in a row, a column or a diagonal, wins. It is X's turn. A dot is an empty cell.\n\n"
        f"{picture}\n\n"
        f"X can force a win with its {['first', 'second', 'third'][params.moves - 1]} move from now, but not sooner "
        "if O defends as well as possible. Write a best game from here to the end: every move of X must win as soon "
        "as possible against every defence, and every move of O must delay X's win as long as possible. Where "
        "several moves are equally good, any of them is right.\n\n"
        f"Answer with the {2 * params.moves - 1} cells of the moves in turn, X first, each as row and column (row 1 "
        "is the top row, column 1 the left column), separated by commas."
    )
    return Draft(
        question=question,
        payload={"board": rows, "line": params.line, "moves": params.moves},
        reference=written(line),
        example=written(wrong),
        brief=f"{params.line} in a row, {params.moves} moves\n{picture}",
        certificate={"optimal": params.moves, "first_moves": len(firsts), "effort": len(free) * game.nodes},
    )
