import re
from itertools import pairwise, permutations

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles._ladder_words import FOUR, THREE
from gradarium.generators.puzzles.word_ladder import EXAMPLES
from gradarium.verifiers.puzzles.word_ladder import verify

PETS = {"words": ["dog", "cat", "cot", "cog", "dot", "cow", "arm"], "start": "cat", "end": "dog"}
LONG = {"words": ["bat", "bet", "beg", "bag", "bad"], "start": "bat", "end": "bag"}
KIN = {"words": ["kid", "kin", "kit"], "start": "kid", "end": "kin"}

ACCEPTED = {
    "one shortest ladder": ("cat cot cog dog", PETS),
    "another shortest ladder": ("cat cot dot dog", PETS),
    "commas": ("cat, cot, cog, dog", PETS),
    "arrows": ("cat -> cot -> cog -> dog", PETS),
    "typographic arrows": ("cat \u2192 cot \u2192 cog \u2192 dog", PETS),
    "lines": ("cat\ncot\ncog\ndog", PETS),
    "upper case": ("CAT COT COG DOG", PETS),
    "list": ('["cat", "cot", "cog", "dog"]', PETS),
    "one step": ("kid kin", KIN),
}
REJECTED = {
    "longer than needed": ("bat bet beg bag", LONG),
    "word that is not in the list": ("cat bat bag bog dog", PETS),
    "unlisted word on a shortest ladder": ("cat cag cog dog", PETS),
    "two letters at once": ("cat cog dog", PETS),
    "ends only": ("cat dog", PETS),
    "start left out": ("cot cog dog", PETS),
    "end left out": ("cat cot cog", PETS),
    "backwards": ("dog cog cot cat", PETS),
    "word twice": ("cat cat cot cog dog", PETS),
    "there and back": ("cat cot cat cot cog dog", PETS),
    "past the end": ("cat cot cog dog dot", PETS),
    "past the end and back": ("kid kin kit kin", KIN),
    "both ladders": ("cat cot cog dog\ncat cot dot dog", PETS),
    "joined by or": ("cat cot cog dog or cat cot dot dog", PETS),
    "letters added": ("cat cots cog dog", PETS),
    "run together": ("catcotcogdog", PETS),
    "number of steps": ("3", PETS),
    "Kelvin sign for k": ("\u212aid kin", KIN),
    "Cyrillic letter": ("c\u0430t cot cog dog", PETS),
    "code": ("print('cat cot cog dog')", PETS),
    "empty": ("", PETS),
    "brackets only": ("[" * 1000, PETS),
    "100,000 letters": ("cat cot " * 12_500, PETS),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def one_letter(one, other):
    """Return whether words are equal but for one place, by leaving each place out."""
    return one != other and any(one[:i] + one[i + 1 :] == other[:i] + other[i + 1 :] for i in range(len(one)))


def from_end(payload):
    """Return the steps of each word to the end, found from the end by trying every letter in every place."""
    steps = {payload["end"]: 0}
    todo = [payload["end"]]
    listed = set(payload["words"])
    for word in todo:
        tried = {word[:i] + char + word[i + 1 :] for i in range(len(word)) for char in "abcdefghijklmnopqrstuvwxyz"}
        for other in tried & listed - steps.keys():
            steps[other] = steps[word] + 1
            todo.append(other)
    return steps


def oracle(answer, payload):
    """Compare the steps with those that a search from the end needs; written apart from the verifier."""
    text = answer.replace("->", " ").replace("\u2192", " ").lower()
    if "\u212a" in answer or not re.fullmatch(r"[a-z\s,;\"'.\[\](){}]*", text, re.ASCII):
        return False
    ladder = re.findall(r"[a-z]+", text)
    if not ladder or ladder[0] != payload["start"] or ladder[-1] != payload["end"]:
        return False
    if not set(ladder) <= set(payload["words"]) or not all(one_letter(*pair) for pair in pairwise(ladder)):
        return False
    return from_end(payload)[payload["start"]] == len(ladder) - 1


def solutions(payload):
    """Yield every shortest ladder."""
    steps = from_end(payload)

    def walk(ladder):
        if ladder[-1] == payload["end"]:
            yield " ".join(ladder)
        for word in payload["words"]:
            if steps.get(word) == steps[ladder[-1]] - 1 and one_letter(word, ladder[-1]):
                yield from walk([*ladder, word])

    yield from walk([payload["start"]])


@pytest.mark.parametrize("level", [0, 1, 2])
def test_solutions_of_small_instances_are_accepted(level):
    for index in range(25):
        instance = get_task("word_ladder").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert all(verify(answer, instance.payload).score == 1.0 for answer in right)
        assert all(oracle(answer, instance.payload) for answer in right)


def test_all_lists_of_words_of_small_instances_agree_with_the_oracle():
    for index in range(20):
        payload = get_task("word_ladder").pose(index).payload
        answers = [" ".join(words) for n in range(1, 5) for words in permutations(payload["words"], n)]
        right = {answer for answer in answers if verify(answer, payload).score}
        assert right == {answer for answer in answers if oracle(answer, payload)} == set(solutions(payload))


def test_the_words():
    for letters, words in ((3, THREE), (4, FOUR)):
        assert len(set(words)) == len(words) and all(re.fullmatch(rf"[a-z]{{{letters}}}", word) for word in words)
        assert all(
            one_letter(*pair)
            for pair in zip(EXAMPLES[letters].split()[:-1], EXAMPLES[letters].split()[1:], strict=True)
        )


@pytest.mark.parametrize("level", range(8))
def test_levels_are_as_large_as_they_say_and_stand_in_the_question(level):
    task = get_task("word_ladder")
    params = task.levels[level]
    for index in range(3):
        instance = task.pose(index, level)
        payload = instance.payload
        assert len(set(payload["words"])) == params.words and {len(w) for w in payload["words"]} == {params.letters}
        assert f": {' '.join(payload['words'])}\n" in instance.question
        assert len(instance.reference.split()) == params.steps + 1
        assert from_end(payload)[payload["start"]] == params.steps
