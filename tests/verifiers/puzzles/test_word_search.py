import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles._words import EXAMPLES, WORDS
from gradarium.verifiers.puzzles.word_search import verify

ONE = {"grid": ["OWN", "KTA", "SEC"], "words": ["CAN"]}
TWO = {"grid": ["CATS", "AXOX", "NXXG", "DOGX"], "words": ["CAT", "DOG"]}
THREE = {"grid": ["TOT", "OXX", "TXX"], "words": ["TOT"]}

ACCEPTED = {
    "backwards, upwards": ("CAN 3,3 1,3", ONE),
    "lower case": ("can 3,3 1,3", ONE),
    "parentheses and a colon": ("CAN: (3, 3) - (1, 3)", ONE),
    "arrow": ("CAN: (3,3) -> (1,3)", ONE),
    "r and c": ("CAN r3c3 r1c3", ONE),
    "spaces only": ("CAN 3 3 1 3", ONE),
    "two words": ("CAT 1,1 1,3\nDOG 4,1 4,3", TWO),
    "other order, one line": ("DOG 4,1 4,3; CAT 1,1 1,3", TWO),
    "a word in two places, the first": ("TOT 1,1 1,3", THREE),
    "a word in two places, the other": ("TOT 1,1 3,1", THREE),
    "read from the other end": ("TOT 3,1 1,1", THREE),
    "diagonal": ("GOT 3,4 1,2", {"grid": ["STAR", "XXOX", "XXXG"], "words": ["GOT"]}),
}
REJECTED = {
    "minus signs read as dashes": ("CAN -3,3 -1,3", ONE),
    "ends exchanged": ("CAN 1,3 3,3", ONE),
    "one word missing": ("CAT 1,1 1,3", TWO),
    "word twice instead of the other": ("CAT 1,1 1,3\nCAT 1,1 1,3", TWO),
    "word twice": ("CAT 1,1 1,3\nDOG 4,1 4,3\nCAT 1,1 1,3", TWO),
    "a word that is not asked for": ("CAT 1,1 1,3\nDOG 4,1 4,3\nOX 2,3 2,4", TWO),
    "letters one short": ("CAN 3,3 2,3", ONE),
    "letters one too many": ("CAT 1,1 1,4\nDOG 4,1 4,3", TWO),
    "not straight": ("CAN 3,3 1,2", ONE),
    "knight's move": ("OWN 1,1 3,2", {"grid": ["OXX", "WXX", "XNX"], "words": ["OWN"]}),
    "outside the grid": ("CAN 4,3 2,3", ONE),
    "counted from 0": ("CAN 2,2 0,2", ONE),
    "columns before rows": ("DOG 1,4 3,4\nCAT 1,1 3,1", TWO),
    "one end only": ("CAN 3,3", ONE),
    "all letters' cells": ("CAN 3,3 2,3 1,3", ONE),
    "word left out": ("3,3 1,3", ONE),
    "words only": ("CAT DOG", TWO),
    "joined by or": ("CAN 3,3 1,3 or CAN 1,3 3,3", ONE),
    "negative": ("CAN -3,3 1,3", {"grid": ["OWN"], "words": ["CAN"]}),
    "wraps around": ("TSC 1,3 1,5", {"grid": ["CATS"], "words": ["TSC"]}),
    "superscript digits": ("CAN 3,\u00b3 1,3", ONE),
    "Arabic digits": ("CAN \u0663,3 1,3", ONE),
    "full-width letters": ("\uff23\uff21\uff2e 3,3 1,3", ONE),
    "code": ("print('CAN 3,3 1,3')", ONE),
    "empty": ("", ONE),
    "brackets only": ("[" * 1000, ONE),
    "100,000 letters": ("A" * 100_000, ONE),
    "many lines": ("CAN 3,3 1,3\n" * 8_000, ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def places(payload):
    """Return, for each word, the set of (start, end) between which it stands, found by walking from every cell."""
    at = {complex(r, c): char for r, line in enumerate(payload["grid"], 1) for c, char in enumerate(line, 1)}
    found = {}
    for word in payload["words"]:
        found[word] = {
            (start, start + step * (len(word) - 1))
            for start, step in product(at, STEPS)
            if all(at.get(start + i * step) == char for i, char in enumerate(word))
        }
    return found


def oracle(answer, payload):
    """Divide the way between the ends into steps on complex numbers; written apart from the verifier."""
    text = answer.replace("->", " ").lower()
    if (
        not answer.isascii()
        or any(word[0] == "-" and word[1:2].isdigit() for word in answer.split()[1:])
        or len(answer) > 5_000
        or set(text) - set("abcdefghijklmnopqrstuvwxyz0123456789 ,;:=-()[]'\"\n\t")
    ):
        return False
    tokens = [t for t in re.findall(r"[a-z]+|[0-9]+", text) if t not in ("r", "c", "to")]
    if not tokens or len(tokens) % 5:
        return False
    at = {complex(r, c): char for r, line in enumerate(payload["grid"], 1) for c, char in enumerate(line, 1)}
    left = [word.lower() for word in payload["words"]]
    for i in range(0, len(tokens), 5):
        word, *numbers = tokens[i : i + 5]
        if word not in left or any(not number.isdigit() or len(number) > 4 for number in numbers):
            return False
        left.remove(word)
        a, b, r, c = map(int, numbers)
        step = complex(r - a, c - b) / (len(word) - 1)
        if step not in STEPS or any(at.get(complex(a, b) + j * step) != char.upper() for j, char in enumerate(word)):
            return False
    return not left


STEPS = [complex(r, c) for r, c in product((-1, 0, 1), repeat=2) if (r, c) != (0, 0)]


def solutions(payload):
    """Yield every right answer, the words in the order of the list."""
    found = places(payload)
    choices = [
        sorted(f"{word} {int(a.real)},{int(a.imag)} {int(b.real)},{int(b.imag)}" for a, b in found[word])
        for word in payload["words"]
    ]
    yield from ("\n".join(lines) for lines in product(*choices))


@pytest.mark.parametrize("level", [0, 1])
def test_solutions_of_small_instances_are_accepted(level):
    for index in range(25):
        instance = get_task("word_search").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert all(verify(answer, instance.payload).score == 1.0 for answer in right)
        assert all(oracle(answer, instance.payload) for answer in right)


def test_all_ends_in_small_grids_agree_with_the_oracle():
    spots = [f"{r},{c}" for r, c in product(range(5), repeat=2)]
    for index in range(20):
        payload = get_task("word_search").pose(index).payload
        answers = [f"{payload['words'][0]} {a} {b}" for a, b in product(spots, repeat=2)]
        right = {answer for answer in answers if verify(answer, payload).score}
        assert right == set(solutions(payload)) == {answer for answer in answers if oracle(answer, payload)}


@pytest.mark.parametrize("level", range(8))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("word_search")
    params = task.levels[level]
    assert not {word.lower() for word in EXAMPLES} & set(WORDS)
    for index in range(3):
        instance = task.pose(index, level)
        payload = instance.payload
        assert len(payload["grid"]) == params.size and {len(line) for line in payload["grid"]} == {params.size}
        assert len(set(payload["words"])) == params.words
        assert "\n".join(" ".join(line) for line in payload["grid"]) in instance.question
        assert " ".join(payload["words"]) in instance.question
        capitals = sum(cell.isupper() for row in task.board(payload, instance.reference) for cell in row)
        assert 0 < capitals <= sum(map(len, payload["words"]))
