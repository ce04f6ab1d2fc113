import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.rush_hour import verify

THREE = {"board": ["..B.", "AAB.", "..CC", "...."], "moves": 4}
TIGHT = {**THREE, "moves": 3}
OPEN = {"board": ["AA...", ".....", "..B..", "..B..", "....."], "moves": 2}

ACCEPTED = {
    "shortest": ("C -2, B +2, A +2", TIGHT),
    "a longer one within the limit": ("C -1, C -1, B +2, A +2", THREE),
    "a detour": ("B +1, A +3", OPEN),
    "no spaces": ("C-2,B+2,A+2", TIGHT),
    "lower case": ("c -2, b +2, a +2", TIGHT),
    "one on a line": ("C -2\nB +2\nA +2", TIGHT),
    "list": ("[C -2, B +2, A +2]", TIGHT),
    "colons and a full stop": ("C: -2; B: +2; A: +2.", TIGHT),
    "typographic minus": ("C \u22122, B +2, A +2", TIGHT),
}
REJECTED = {
    "through a car": ("A +2", TIGHT),
    "over a car": ("B +2, A +2", TIGHT),
    "off the board": ("C +1", TIGHT),
    "off the board at the far side": ("A -1, C -2, B +2, A +2", THREE),
    "too many moves": ("C -1, C -1, B +2, A +2", TIGHT),
    "not at the edge yet": ("C -2, B +2, A +1", TIGHT),
    "over the edge": ("C -2, B +2, A +3", TIGHT),
    "moved away again": ("C -2, B +2, A +2, A -1", THREE),
    "move of no cells": ("C +0, C -2, B +2, A +2", THREE),
    "a car that is not there": ("D +1", TIGHT),
    "sign missing": ("C 2, B 2, A 2", TIGHT),
    "direction in words": ("C left 2, B down 2, A right 2", TIGHT),
    "number missing": ("C -, B +, A +", TIGHT),
    "huge number": ("A +99999999999", TIGHT),
    "nothing": ("", TIGHT),
    "wishes": ("A at the right edge", TIGHT),
    "two plans": ("C -2, B +2, A +2 or C -1, C -1, B +2, A +2", THREE),
    "Arabic digits": ("C -\u0662, B +2, A +2", TIGHT),
    "superscript digits": ("C -\u00b2, B +2, A +2", TIGHT),
    "the board": ("..B.\nAAB.\n..CC", TIGHT),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def push(board, car, steps):
    """Move a car as text: on its row, or on the row of the turned board; None if that is not possible."""
    turned = not any(line.count(car) > 1 for line in board)
    lines = ["".join(column) for column in zip(*board, strict=True)] if turned else list(board)
    for i, line in enumerate(lines):
        if car in line:
            length, gap = line.count(car), "." * abs(steps)
            before, after = (
                (car * length + gap, gap + car * length) if steps > 0 else (gap + car * length, car * length + gap)
            )
            if not steps or before not in line:
                return None
            lines[i] = line.replace(before, after, 1)
            return ["".join(column) for column in zip(*lines, strict=True)] if turned else lines
    return None


def oracle(answer, payload):
    """Move the cars as text; written apart from the verifier."""
    text = answer.replace("\u2212", "-").replace("\u2013", "-").strip().upper()
    text = text[:-1] if text.endswith(".") else text
    text = text[1:-1].strip() if text[:1] + text[-1:] in ("[]", "()", "{}") else text
    if len(text) > 4_000 or not re.fullmatch(r"([A-Z] ?:? ?[+-] ?[0-9]{1,2}(?![0-9])[\s,;]{0,3})+", text, re.ASCII):
        return False
    moves = re.findall(r"([A-Z])[ :]*([+-]) ?([0-9]+)", text)
    board = payload["board"]
    for car, sign, number in moves:
        board = push(board, car, int(sign + number))
        if board is None:
            return False
    return len(moves) <= payload["moves"] and any(line.endswith("A") for line in board)


def sequences(payload, most):
    """Yield (moves, board) of all legal sequences of at most so many moves."""
    side = len(payload["board"])
    cars = sorted(set("".join(payload["board"])) - {"."})
    layer = [((), payload["board"])]
    for _ in range(most):
        following = []
        for moves, board in layer:
            for car, steps in product(cars, range(1 - side, side)):
                after = push(board, car, steps)
                if after:
                    following.append(((*moves, f"{car} {steps:+d}"), after))
        yield from following
        layer = following


def solutions(payload):
    """Yield all shortest solutions."""
    for most in range(1, payload["moves"] + 1):
        found = [", ".join(m) for m, board in sequences(payload, most) if any(line.endswith("A") for line in board)]
        if found:
            yield from found
            return


@pytest.mark.parametrize(("level", "count"), [(0, 20), (1, 6)])
def test_every_short_sequence_of_small_instances(level, count):
    for index in range(count):
        instance = get_task("rush_hour").pose(index, level)
        payload, optimal = instance.payload, instance.certificate["optimal"]
        answers = [", ".join(moves) for moves, _ in sequences(payload, min(optimal, 3))]
        answers += [
            f"{a} {i:+d}, {b} {j:+d}"
            for a, b in product(*[sorted(set("".join(payload["board"])) - {"."})] * 2)
            for i, j in product((-1, 2), (1, 3))
        ]
        judged = [verify(answer, payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, payload) for answer in answers]
        if optimal <= 3:
            right = list(solutions(payload))
            assert instance.reference in right
            assert all(len(answer.split(",")) == optimal and verify(answer, payload).score == 1.0 for answer in right)
