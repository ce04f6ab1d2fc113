from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.mastermind import verify

SMALL = {"letters": "ABC", "guesses": ["AB", "BB"], "feedback": [[1, 0], [0, 0]]}
TWICE = {"letters": "ABCD", "guesses": ["AABB"], "feedback": [[1, 1]]}
MOVED = {"letters": "ABCD", "guesses": ["ABCD"], "feedback": [[0, 4]]}

ACCEPTED = {
    "spaces": ("A C", SMALL),
    "no spaces": ("AC", SMALL),
    "small letters, commas": ("a, c", SMALL),
    "list": ("[A, C]", SMALL),
    "another code that fits": ("A A", SMALL),
    "a letter twice in the guess and once in the code": ("A C A C", {**TWICE, "feedback": [[1, 1]]}),
    "all misplaced": ("B A D C", MOVED),
}
REJECTED = {
    "right count not met": ("C C", SMALL),
    "second guess not met": ("A B", SMALL),
    "misplaced counted for each letter of the guess": ("C C A D", {**TWICE, "feedback": [[0, 2]]}),
    "misplaced counted though the letter is right already": ("A C C C", TWICE),
    "right letters counted as misplaced too": ("A B C D", {**MOVED, "feedback": [[4, 4]]}),
    "a guess as the answer": ("A B C D", MOVED),
    "letter out of range": ("A D", SMALL),
    "a letter short": ("A", SMALL),
    "a letter too many": ("A C C", SMALL),
    "two answers": ("A C\nA A", SMALL),
    "two answers in a row": ("A C or A A", SMALL),
    "numbers": ("1 3", SMALL),
    "question mark": ("A ?", SMALL),
    "full-width letters": ("\uff21 \uff23", SMALL),
    "Greek letters": ("\u0391 C", SMALL),
    "bomb": ("A" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def feedback(code, guess):
    """Give feedback as a player would, with pegs that are taken off; written apart from the verifier."""
    code, guess = list(code), list(guess)
    right = misplaced = 0
    for i, letter in enumerate(guess):
        if code[i] == letter:
            right += 1
            code[i] = guess[i] = None
    for letter in guess:
        if letter is not None and letter in code:
            misplaced += 1
            code[code.index(letter)] = None
    return [right, misplaced]


def oracle(answer, payload):
    """Judge by playing each guess."""
    if len(answer) > 200 or not answer.isascii():
        return False
    lines = [line for line in answer.upper().split("\n") if line.strip(" \t,|[]-+=")]
    if len(lines) != 1 or any(line.strip(" \t,|[]-+=\r") and line not in lines for line in answer.upper().split("\n")):
        return False
    code = [char for char in lines[0] if char not in " \t,|[]"]
    if len(code) != len(payload["guesses"][0]) or not set(code) <= set(payload["letters"]):
        return False
    told = zip(payload["guesses"], payload["feedback"], strict=True)
    return all(feedback(code, guess) == pegs for guess, pegs in told)


def candidates(payload):
    """Yield all codes."""
    for code in product(payload["letters"], repeat=len(payload["guesses"][0])):
        yield " ".join(code)


def solutions(payload):
    """Yield every right answer by trying all codes."""
    yield from (text for text in candidates(payload) if oracle(text, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_code_of_small_instances(level):
    for index in range(20):
        instance = get_task("mastermind").pose(index, level)
        answers = list(candidates(instance.payload))
        verdicts = [verify(a, instance.payload).score == 1.0 for a in answers]
        assert verdicts == [oracle(a, instance.payload) for a in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


def test_no_guess_can_be_left_out():
    for index in range(10):
        payload = get_task("mastermind").pose(index, 2).payload
        for gone in range(len(payload["guesses"])):
            fewer = {**payload, **{k: payload[k][:gone] + payload[k][gone + 1 :] for k in ("guesses", "feedback")}}
            assert len(payload["guesses"]) == 1 or len(list(solutions(fewer))) > 1


@pytest.mark.parametrize("payload", [SMALL, TWICE, MOVED])
def test_every_code_of_other_problems(payload):
    answers = list(candidates(payload))
    verdicts = [verify(a, payload).score == 1.0 for a in answers]
    assert verdicts == [oracle(a, payload) for a in answers] and sum(verdicts) > 0
