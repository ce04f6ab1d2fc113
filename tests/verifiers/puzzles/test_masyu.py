import re
from functools import cache

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.masyu import verify

FREE = {"circles": ["...", "...", "..."]}
WHITE = {"circles": [".o.", "...", "..."]}
BLACK = {"circles": ["...", "*..", "..."]}
CORNER = {"circles": ["*..", "...", "..."]}
WIDE = {"circles": ["..o..", ".....", "....."]}

ACCEPTED = {
    "commas": ("1,1 1,2 2,2 2,1", FREE),
    "other start, other direction": ("2,2 1,2 1,1 2,1", FREE),
    "parentheses": ("(1, 1), (1, 2), (2, 2), (2, 1)", FREE),
    "brackets around": ("[(1, 1), (1, 2), (2, 2), (2, 1)]", FREE),
    "lines": ("1 1\n1 2\n2 2\n2 1", FREE),
    "start written again at the end": ("1,1 1,2 2,2 2,1 1,1", FREE),
    "white circle, turns on both sides": ("1,1 1,2 1,3 2,3 2,2 2,1", WHITE),
    "white circle, a turn behind only": ("1,1 1,2 1,3 1,4 2,4 2,3 2,2 2,1", {"circles": [".o..", "...."]}),
    "black circle": ("1,1 1,2 1,3 2,3 3,3 3,2 3,1 2,1", CORNER),
}
REJECTED = {
    "circle missed": ("2,1 2,2 3,2 3,1", WHITE),
    "turns at a white circle": ("1,1 1,2 2,2 2,1", WHITE),
    "straight before and behind a white circle": ("1,1 1,2 1,3 1,4 1,5 2,5 2,4 2,3 2,2 2,1", WIDE),
    "straight at a black circle": ("1,1 1,2 1,3 2,3 3,3 3,2 3,1 2,1", BLACK),
    "turns right behind a black circle": ("1,1 1,2 2,2 2,1", CORNER),
    "turns right before a black circle": ("1,1 1,2 1,3 2,3 2,2 2,1", CORNER),
    "not closed": ("1,1 1,2 1,3 2,3 3,3 3,2", FREE),
    "diagonal step": ("1,1 1,2 2,1", FREE),
    "jump": ("1,1 1,3 2,3 2,1", FREE),
    "to and fro": ("1,1 1,2 1,1 1,2", FREE),
    "two cells": ("1,1 1,2", FREE),
    "one cell": ("1,1", FREE),
    "crosses itself": ("1,1 1,2 2,2 3,2 3,3 2,3 2,2 2,1", FREE),
    "walked twice": ("1,1 1,2 2,2 2,1 1,1 1,2 2,2 2,1", FREE),
    "two loops": ("1,1 1,2 2,2 2,1\n2,2 2,3 3,3 3,2", FREE),
    "outside the board": ("0,1 0,2 1,2 1,1", FREE),
    "below the board": ("3,1 3,2 4,2 4,1", FREE),
    "corners only": ("1,1 1,3 3,3 3,1", FREE),
    "board drawn": (". . .\n. . .\n. . .", FREE),
    "Arabic digits": ("\u0661,1 1,2 2,2 2,1", FREE),
    "superscript digits": ("1,\u00b9 1,2 2,2 2,1", FREE),
    "negative": ("-1,1 1,2 2,2 2,1", FREE),
    "code": ("[(r, 1) for r in range(9)]", FREE),
    "empty": ("", FREE),
    "brackets only": ("[" * 1000, FREE),
    "100,000 digits": ("1,1 " * 25_000, FREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def right(cells, payload):
    """Judge complex cells of a closed walk by the steps into and out of each: equal where it goes straight on."""
    n = len(cells)
    if n < 4 or len(set(cells)) != n:
        return False
    steps = [cells[(i + 1) % n] - cells[i] for i in range(n)]
    if any(step not in (1, -1, 1j, -1j) for step in steps):
        return False
    turns = {cell: steps[i] != steps[i - 1] for i, cell in enumerate(cells)}
    circles = {complex(r, c): k for r, line in enumerate(payload["circles"], 1) for c, k in enumerate(line, 1)}
    if not turns.keys() <= circles.keys():
        return False
    for cell, kind in circles.items():
        if kind != ".":
            if cell not in turns:
                return False
            i = cells.index(cell)
            beside = [turns[cells[i - 1]], turns[cells[(i + 1) % n]]]
            if (not turns[cell] or any(beside)) if kind == "*" else (turns[cell] or not any(beside)):
                return False
    return True


def oracle(answer, payload):
    """Read numbers in pairs and judge them as complex numbers; written apart from the verifier."""
    if not re.fullmatch(r"[0-9\s,;()\[\]rc]*", answer, re.ASCII | re.IGNORECASE):
        return False
    numbers = [int(word) for word in re.findall(r"[0-9]{1,4}", answer)]
    cells = [complex(r, c) for r, c in zip(numbers[::2], numbers[1::2], strict=False)]
    if len(numbers) % 2 or not cells:
        return False
    return right(cells[:-1] if cells[0] == cells[-1] else cells, payload)


@cache
def loops(rows, columns):
    """Return every closed walk of a board, from its first cell and to the right first."""
    found = []

    def walk(cells, here):
        for step in (1j, 1, -1j, -1):
            there = here + step
            if there == cells[0] and len(cells) > 3 and step == -1:
                found.append(tuple(cells))
            first = (cells[0].real, cells[0].imag)
            inside = 1 <= there.real <= rows and 1 <= there.imag <= columns and (there.real, there.imag) > first
            if inside and there not in cells and (len(cells) > 1 or step == 1j):
                walk([*cells, there], there)

    for r in range(1, rows):
        for c in range(1, columns):
            walk([complex(r, c)], complex(r, c))
    return found


def solutions(payload):
    """Yield every right loop, from each of its cells, in both directions."""
    for found in loops(len(payload["circles"]), len(payload["circles"][0])):
        if right(found, payload):
            for way in (found, found[::-1]):
                for i in range(len(way)):
                    yield " ".join(f"{int(cell.real)},{int(cell.imag)}" for cell in way[i:] + way[:i])


def test_number_of_loops():
    assert [len(loops(n, n)) for n in (2, 3, 4)] == [1, 13, 213]  # the known numbers of cycles in grid graphs


@pytest.mark.parametrize("level", [0, 1])
def test_small_puzzles_have_one_loop_and_it_is_accepted_from_every_cell(level):
    for index in range(20):
        instance = get_task("masyu").pose(index, level)
        answers = list(solutions(instance.payload))
        assert instance.reference in answers
        assert len({frozenset(answer.split()) for answer in answers}) == 1
        assert len(answers) == 2 * len(instance.reference.split())
        assert all(verify(answer, instance.payload).score == 1.0 for answer in answers)


def test_all_loops_of_small_instances_agree_with_the_oracle():
    answers = [" ".join(f"{int(cell.real)},{int(cell.imag)}" for cell in found) for found in loops(4, 4)]
    for index in range(20):
        payload = get_task("masyu").pose(index).payload
        verdicts = [verify(answer, payload).score == 1.0 for answer in answers]
        assert verdicts == [oracle(answer, payload) for answer in answers] and sum(verdicts) == 1


@pytest.mark.parametrize("level", range(7))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("masyu")
    params = task.levels[level]
    for index in range(3):
        instance = task.pose(index, level)
        circles = instance.payload["circles"]
        assert len(circles) == params.rows and {len(line) for line in circles} == {params.columns}
        assert "\n".join(" ".join(line) for line in circles) in instance.question
        drawn = task.board(instance.payload, instance.reference)
        assert sum(row.count("-") + row.count("|") for row in drawn) == len(instance.reference.split())
