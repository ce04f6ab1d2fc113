"""Tic-tac-toe on a board of any size: write a game that both sides play best, from a position that X wins by force.

Correct is every game in which each move of X wins as soon as possible, each move of O delays that as long as possible,
and the last move completes a line. The search for shorter wins and longer defences is complete.

Example: payload ``{"board": ["XO.", ".X.", "..O"], "line": 3, "moves": 2}``, answer ``2 1, 2 3, 3 1``.
"""

from functools import lru_cache

from gradarium.core import Payload, Verdict
from gradarium.verifiers.boards import read_cells


@lru_cache(maxsize=64)
def _lines(rows: int, columns: int, length: int) -> tuple[int, ...]:
    """Return a bit mask for each line of cells; the cell in row r and column c has bit r * columns + c."""
    masks = []
    for r in range(rows):
        for c in range(columns):
            for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1)):
                if r + (length - 1) * dr < rows and 0 <= c + (length - 1) * dc < columns:
                    masks.append(sum(1 << (r + i * dr) * columns + c + i * dc for i in range(length)))
    return tuple(masks)


class Position:
    """A position as two bit masks, and the complete search in it."""

    def __init__(self, rows: int, columns: int, length: int) -> None:
        self.lines = _lines(rows, columns, length)
        self.length = length
        self.full = (1 << rows * columns) - 1

    def gaps(self, own: int, other: int) -> int:
        """Return the empty cells with which one side completes a line."""
        found = 0
        for line in self.lines:
            if not line & other:
                gap = line & ~own
                if not gap & (gap - 1):  # at most one cell is missing
                    found |= gap
        return found

    def wins(self, x: int, o: int, moves: int) -> bool:
        """Tell whether X, to move, completes a line with one of so many moves whatever O does."""
        if moves < 1:
            return False
        if self.gaps(x, o):
            return True
        if moves == 1:
            return False
        danger = self.gaps(o, x)
        if danger & (danger - 1):
            return False
        cells = danger or self.full & ~(x | o)
        while cells:
            cell = cells & -cells
            cells ^= cell
            if self.holds(x | cell, o, moves - 1):
                return True
        return False

    def holds(self, x: int, o: int, moves: int) -> bool:
        """Tell whether X, after its move, completes a line with one of so many further moves whatever O does."""
        if self.gaps(o, x):
            return False
        threats = self.gaps(x, o)
        if threats & (threats - 1):
            return moves >= 1
        if moves <= 1:
            return False
        replies = threats or self.full & ~(x | o)
        if not replies:
            return False
        while replies:
            cell = replies & -replies
            replies ^= cell
            if not self.wins(x, o | cell, moves):
                return False
        return True


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a game: the cells of the moves in turn, X first, each as row and column.

    >>> verify("2 1, 2 3, 3 1", {"board": ["XO.", ".X.", "..O"], "line": 3, "moves": 2}).score
    1.0
    """
    board, moves = payload["board"], payload["moves"]
    rows, columns = len(board), len(board[0])
    cells = read_cells(answer, most=2 * moves + 20)
    if cells is None:
        return Verdict.unreadable("expected cells, each as row and column, separated by commas")
    text = "".join(board)
    x, o = (sum(1 << i for i, char in enumerate(text) if char == side) for side in "XO")
    position = Position(rows, columns, payload["line"])
    if len(cells) != 2 * moves - 1:
        return Verdict.wrong(f"the game has {len(cells)} moves, not {2 * moves - 1}", "length")
    taken = x | o
    for number, (r, c) in enumerate(cells, 1):
        if not (1 <= r <= rows and 1 <= c <= columns):
            return Verdict.wrong(f"move {number}: there is no row {r} column {c}", "cell")
        bit = 1 << (r - 1) * columns + c - 1
        if bit & taken:
            return Verdict.wrong(f"move {number}: row {r} column {c} is taken", "taken")
        taken |= bit
    left = moves
    for number, (r, c) in enumerate(cells, 1):
        bit = 1 << (r - 1) * columns + c - 1
        if number % 2:
            right = bit & position.gaps(x, o) if left == 1 else position.holds(x | bit, o, left - 1)
            if not right:
                return Verdict.wrong(f"move {number}: with this move X does not win as soon as possible", "attack")
            x |= bit
            left -= 1
        else:
            if position.wins(x, o | bit, left - 1):
                return Verdict.wrong(f"move {number}: O can delay the win longer", "defence")
            o |= bit
    return Verdict.correct()
