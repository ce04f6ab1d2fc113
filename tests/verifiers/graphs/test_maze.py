import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.graphs.maze import verify

LINE = {"grid": ["#####", "#S.E#", "#####"]}
LOOP = {"grid": ["#####", "#S..#", "#.#.#", "#..E#", "#####"]}
LONG = {"grid": ["#######", "#.....#", "#.###.#", "#S.E..#", "#######"]}

ACCEPTED = {
    "two moves": ("RR", LINE),
    "one way round": ("RRDD", LOOP),
    "the other way round": ("DDRR", LOOP),
    "lower case": ("rrdd", LOOP),
    "spaces and commas": ("R, R, D, D", LOOP),
    "lines": ("RR\nDD", LOOP),
    "words": ("right right down down", LOOP),
    "brackets": ("[R, R, D, D]", LOOP),
}
REJECTED = {
    "a longer way": ("UURRRRDDLL", LONG),
    "a detour of two moves": ("RLRR", LINE),
    "through a wall": ("RDRD", LOOP),
    "through the border": ("UURR", LINE),
    "short of the end": ("R", LINE),
    "past the end": ("RRR", LONG),
    "past the end and back": ("RRRL", LONG),
    "into the wall behind the end": ("RRR", LINE),
    "backwards": ("LL", LINE),
    "other letters": ("EE", LINE),
    "a number of moves": ("2", LINE),
    "counted moves": ("2R", LINE),
    "diagonal": ("RRX", LINE),
    "both ways": ("RRDD DDRR", LOOP),
    "both ways joined by or": ("RRDD or DDRR", LOOP),
    "none": ("none", LINE),
    "cells": ("(2,2) (2,3) (2,4)", LINE),
    "full-width letters": ("\uff32\uff32", LINE),
    "Cyrillic letters": ("\u0420\u0420", LINE),
    "letters and words": ("R right", LINE),
    "empty": ("", LINE),
    "100,000 moves": ("RL" * 50_000, LINE),
    "brackets only": ("[" * 1000, LINE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def reach(payload):
    """Return, wave by wave, the places after 0, 1, ... moves, as complex numbers, until E is among them."""
    at = {complex(r, c): char for r, line in enumerate(payload["grid"]) for c, char in enumerate(line) if char != "#"}
    waves = [{place for place, char in at.items() if char == "S"}]
    while not any(at[place] == "E" for place in waves[-1]):
        waves.append({place + step for place in waves[-1] for step in (1, -1, 1j, -1j) if place + step in at})
    return at, waves


def oracle(answer, payload):
    """Walk on complex numbers, and count the waves until E; written apart from the verifier."""
    text = answer.strip().strip("[]()").upper() if answer.isascii() else "?"
    words = re.split(r"[\s,;]+", text.strip())
    if all(word in ("UP", "DOWN", "LEFT", "RIGHT") for word in words):
        words = [word[0] for word in words]
    moves = "".join(words)
    if not moves or set(moves) - set("UDLR"):
        return False
    at, waves = reach(payload)
    place = next(iter(waves[0]))
    for move in moves:
        place += {"U": -1, "D": 1, "L": -1j, "R": 1j}[move]
        if place not in at:
            return False
    return at[place] == "E" and len(moves) == len(waves) - 1


def solutions(payload):
    """Yield every shortest sequence of moves: those whose every step leads on to E in the moves that are left."""
    at, waves = reach(payload)
    todo = [("", next(iter(waves[0])))]
    while todo:
        moves, place = todo.pop()
        if at[place] == "E":
            yield moves
        elif len(moves) < len(waves) - 1:
            steps = {"U": -1, "D": 1, "L": -1j, "R": 1j}
            todo += [(moves + move, place + step) for move, step in steps.items() if place + step in at]


@pytest.mark.parametrize("level", [0, 1])
def test_solutions_of_small_instances_are_accepted(level):
    for index in range(25):
        instance = get_task("maze").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert all(verify(moves, instance.payload).score == 1.0 and oracle(moves, instance.payload) for moves in right)


def test_all_short_answers_agree_with_the_oracle():
    answers = ["".join(moves) for length in range(1, 6) for moves in product("UDLR", repeat=length)]
    for payload in (LINE, LOOP, LONG):
        right = {moves for moves in answers if verify(moves, payload).score}
        assert right == {moves for moves in answers if oracle(moves, payload)}
        assert right == set(solutions(payload))


@pytest.mark.parametrize("level", range(8))
def test_mazes_are_closed_and_stand_in_the_question(level):
    for index in range(5):
        instance = get_task("maze").pose(index, level)
        grid = instance.payload["grid"]
        assert {*grid[0], *grid[-1], *(line[0] for line in grid), *(line[-1] for line in grid)} == {"#"}
        assert "".join(grid).count("S") == "".join(grid).count("E") == 1
        assert "\n".join(grid) in instance.question
        assert len(instance.reference) == instance.certificate["optimal"] == len(reach(instance.payload)[1]) - 1
