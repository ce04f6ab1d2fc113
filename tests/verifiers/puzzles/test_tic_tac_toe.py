import re
from functools import cache
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.tic_tac_toe import verify

THREE = {"board": ["XO.", ".X.", "..O"], "line": 3, "moves": 2}
FORCED = {"board": ["XX...", "OO...", "....O", "..XOX"], "line": 4, "moves": 3}

ACCEPTED = {
    "a forced defence": ("1 3, 1 4, 2 3, 1 5, 3 3", FORCED),
    "row and column": ("2 1, 2 3, 3 1", THREE),
    "the other defence": ("2 1, 3 1, 2 3", THREE),
    "tuples": ("(2,1), (2,3), (3,1)", THREE),
    "rc notation": ("r2c1 r2c3 r3c1", THREE),
    "O can do nothing against two threats": ("2 1, 1 3, 3 1", THREE),
    "brackets": ("[[2, 1], [2, 3], [3, 1]]", THREE),
}
REJECTED = {
    "O does not block": ("1 3, 3 1, 2 3, 1 5, 3 3", FORCED),
    "O does not block and X takes the line": ("1 3, 3 1, 1 4, 1 5, 3 3", FORCED),
    "X wins too late": ("3 1, 1 3, 2 3, 1 5, 3 3", FORCED),
    "X wins against a blunder only": ("1 3, 3 1, 2 1", THREE),
    "only the first move": ("2 1", THREE),
    "the win left out": ("2 1, 2 3", THREE),
    "play goes on after the win": ("2 1, 2 3, 3 1, 3 2, 1 3", THREE),
    "a cell that is taken": ("1 1, 2 3, 3 1", THREE),
    "a cell twice": ("2 1, 2 1, 3 1", THREE),
    "a cell beyond the board": ("4 1, 2 3, 3 1", THREE),
    "counted from 0": ("1 0, 1 2, 2 0", THREE),
    "no line": ("2 1, 2 3, 3 2", THREE),
    "column before row": ("1 2, 3 2, 1 3", THREE),
    "two games": ("2 1, 2 3, 3 1\n2 1, 3 1, 2 3", THREE),
    "every cell": ("1 3, 2 1, 2 3, 3 1, 3 2", THREE),
    "Arabic digits": ("2 \u0661, 2 3, 3 1", THREE),
    "the board": ("X O .\nX X .\nX . O", THREE),
    "odd number of numbers": ("2 1 2 3 3", THREE),
    "empty": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def won(cells, columns, line, side):
    """Look for a line by patterns: a row is steps of 1, a column of the width + 1 (each row ends with a bar)."""
    text = "|".join("".join(cells[i : i + columns]) for i in range(0, len(cells), columns))
    gaps = (0, columns, columns + 1, columns - 1)
    return any(re.search(f"{side}(?:.{{{gap}}}{side}){{{line - 1}}}", text) for gap in gaps)


@cache
def within(cells, columns, line, moves):
    """Tell whether X, to move, wins within so many moves: plain minimax without threats."""
    free = [i for i, char in enumerate(cells) if char == "."]
    after = [(*cells[:i], "X", *cells[i + 1 :]) for i in free]
    if any(won(position, columns, line, "X") for position in after):
        return True
    return moves > 1 and any(lost(position, columns, line, moves - 1) for position in after)


@cache
def lost(cells, columns, line, moves):
    """Tell whether O, to move, loses within so many moves of X whatever it does."""
    free = [i for i, char in enumerate(cells) if char == "."]
    after = [(*cells[:i], "O", *cells[i + 1 :]) for i in free]
    if not free or any(won(position, columns, line, "O") for position in after):
        return False
    return all(within(position, columns, line, moves) for position in after)


def best(cells, columns, line, moves, game):
    """Tell whether a game of legal moves is played best by both sides."""
    left = moves
    for number, i in enumerate(game):
        cells = (*cells[:i], "XO"[number % 2], *cells[i + 1 :])
        if number % 2 == 0:
            left -= 1
            if left == 0:
                return won(cells, columns, line, "X") and len(game) == number + 1
            if not lost(cells, columns, line, left):
                return False
        elif left > 1 and within(cells, columns, line, left - 1):
            return False
        elif left == 1 and won(cells, columns, line, "X"):
            return False
    return False


def oracle(answer, payload):
    """Judge by the definition; written apart from the verifier."""
    text = answer.strip().lower()
    if len(text) > 400 or not re.fullmatch(r"[0-9rcow umnl,;()\[\]{}\s]+", text, re.ASCII):
        return False
    numbers = [int(number) for number in re.findall("[0-9]+", text)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    plain = re.sub(r"[\s,;]+", " ", re.sub(r"[\[\](){}]", " ", text)).strip()
    forms = (" ".join(f"{r} {c}" for r, c in pairs), " ".join(f"r{r}c{c}" for r, c in pairs))
    if len(numbers) % 2 or plain not in forms or len(pairs) != 2 * payload["moves"] - 1:
        return False
    rows, columns = len(payload["board"]), len(payload["board"][0])
    cells = tuple("".join(payload["board"]))
    game = [(r - 1) * columns + c - 1 for r, c in pairs if 1 <= r <= rows and 1 <= c <= columns]
    if len(game) < len(pairs) or len(set(game)) < len(game) or any(cells[i] != "." for i in game):
        return False
    return best(cells, columns, payload["line"], payload["moves"], game)


def games(payload):
    """Yield every sequence of empty cells of the right length."""
    columns = len(payload["board"][0])
    free = [i for i, char in enumerate("".join(payload["board"])) if char == "."]
    for game in permutations(free, 2 * payload["moves"] - 1):
        yield ", ".join(f"{i // columns + 1} {i % columns + 1}" for i in game)


def solutions(payload):
    """Yield every best game."""
    yield from (game for game in games(payload) if oracle(game, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_every_game_of_small_instances(level):
    for index in range(20):
        instance = get_task("tic_tac_toe").pose(index, level)
        payload = instance.payload
        answers = list(games(payload))
        judged = [verify(answer, payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, payload) for answer in answers]
        assert instance.reference in solutions(payload)
        cells, columns = tuple("".join(payload["board"])), len(payload["board"][0])
        assert within(cells, columns, payload["line"], payload["moves"])
        assert not within(cells, columns, payload["line"], payload["moves"] - 1)


def test_longer_games_that_differ_in_one_move():
    change = {"rows": 4, "columns": 5, "stones": 5, "first": 9}
    for index in range(6):
        instance = get_task("tic_tac_toe").pose(index, 5, params=change)
        moves = instance.reference.split(", ")
        answers = [
            ", ".join([*moves[:i], f"{r} {c}", *moves[i + 1 :]])
            for i in range(len(moves))
            for r in range(1, 5)
            for c in range(1, 6)
        ]
        answers += [", ".join([*moves[:i], *reversed(moves[i:])]) for i in range(len(moves))]
        judged = [verify(answer, instance.payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, instance.payload) for answer in answers]
        assert sum(judged) > 0
