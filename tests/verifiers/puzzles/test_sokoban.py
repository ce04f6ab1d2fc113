from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.sokoban import verify

ROW = {"room": ["######", "#@$-.#", "######"], "most": 2}
LONG = {**ROW, "most": 6}
TWO = {"room": ["#######", "#-----#", "#.$@$.#", "#-----#", "#######"], "most": 4}
PAIR = {"room": ["#######", "#@$$-.#", "#-----#", "#######"], "most": 9}
ON_GOAL = {"room": ["######", "#+$-.#", "#-*--#", "######"], "most": 2}
DONE = {"room": ["#####", "#@*-#", "#---#", "#####"], "most": 4}

ACCEPTED = {
    "two pushes": ("RR", ROW),
    "lower case, spaces and commas": ("r, r", ROW),
    "one a line": ("R\nR\n", ROW),
    "two boxes": ("LRR", TWO),
    "a box that stays on its goal": ("RR", ON_GOAL),
    "a detour within the limit": ("RLRR", LONG),
    "no push where all is done": ("D", DONE),
}
REJECTED = {
    "into a wall": ("UDRR", LONG),
    "a push into a wall": ("RRRR", LONG),
    "two boxes at once": ("RRR", PAIR),
    "pulls a box": ("L", {"room": ["######", "#.@$-#", "######"], "most": 3}),
    "more steps than the limit": ("RLRR", ROW),
    "stops too early": ("R", ROW),
    "past the goal": ("RRR", {"room": ["#######", "#@$-.-#", "#######"], "most": 6}),
    "one box of two": ("L", TWO),
    "off the goal": ("R", DONE),
    "unknown characters to be ignored": ("RxR", ROW),
    "words": ("right right", ROW),
    "a count": ("2R", ROW),
    "two answers": ("RR or RR", LONG),
    "arrows": ("\u2192\u2192", ROW),
    "a look-alike letter": ("\uff32\uff32", ROW),
    "a letter that is ASCII in upper case only": ("\u0131R", ROW),
    "the room in the end": ("######\n#--@*#\n######", ROW),
    "code": ("'R' * 2", ROW),
    "nothing": ("", ROW),
    "only spaces": (" , ", ROW),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Keep the player and the boxes as complex numbers."""
    signs = {complex(c, -r): sign for r, row in enumerate(payload["room"]) for c, sign in enumerate(row)}
    boxes = {at for at, sign in signs.items() if sign in "$*"}
    player = next(at for at, sign in signs.items() if sign in "@+")
    ways = {"u": 1j, "d": -1j, "l": -1, "r": 1}
    steps = [char for char in answer[:9000].lower() if char not in " ,\t\n\r\f\v"]
    if not steps or not answer.isascii() or len(steps) > payload["most"] or set(steps) - set(ways):
        return False
    for step in steps:
        player += ways[step]
        if player in boxes:
            boxes = boxes - {player} | {player + ways[step]}
        if signs[player] == "#" or any(signs[box] == "#" for box in boxes) or len(boxes) < sum(
            sign in "$*" for sign in signs.values()
        ):  # fmt: skip
            return False
    return all(signs[box] in ".*+" for box in boxes)


def solutions(payload):
    """Yield every way within the limit, of seven steps at most, by trying all."""
    for n in range(1, min(payload["most"], 7) + 1):
        yield from (way for way in map("".join, product("UDLR", repeat=n)) if oracle(way, payload))


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    payload = get_task("sokoban").pose(index).payload
    ways = ["".join(way) for n in range(5) for way in product("UDLR", repeat=n)]
    verdicts = [verify(way, payload).score == 1.0 for way in ways]
    assert verdicts == [oracle(way, payload) for way in ways]
    assert sum(verdicts) == len(list(solutions(payload))) > 0


@pytest.mark.parametrize(("level", "count"), [(0, 20), (1, 4)])
def test_the_limit_is_the_fewest_steps(level, count):
    for index in range(count):
        payload = get_task("sokoban").pose(index, level).payload
        assert not list(solutions({**payload, "most": payload["most"] - 1}))
