import re
from collections import Counter
from itertools import product

import pytest

from gradarium.core import SPLITS, Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.letter_selection import canonical
from gradarium.verifiers.puzzles.letter_selection import verify

FIRST = {"words": ["river"], "places": [1]}
LAST = {"words": ["stone"], "places": [-1]}
MANY = {"words": ["planet"], "places": [2, -1, 1]}
ACROSTIC = {"words": ["river", "apple", "stone"], "places": [1]}
BOTH = {"words": ["river", "stone"], "places": [1, -2]}

ACCEPTED = {
    "plain": ("r", FIRST),
    "upper case": ("R", FIRST),
    "quoted": ('"r"', FIRST),
    "full stop": ("r.", FIRST),
    "last": ("e", LAST),
    "several of one word": ("ltp", MANY),
    "several, apart": ("l t p", MANY),
    "several, with commas": ("L, T, P", MANY),
    "list": ("['l', 't', 'p']", MANY),
    "acrostic": ("ras", ACROSTIC),
    "word by word": ("resn", BOTH),
    "word by word, apart": ("re sn", BOTH),
}
REJECTED = {
    "another letter": ("i", FIRST),
    "last instead of first": ("s", LAST),
    "the word": ("river", FIRST),
    "the word with the letter in front": ("r river", FIRST),
    "all letters": ("abcdefghijklmnopqrstuvwxyz", FIRST),
    "two guesses": ("r or i", FIRST),
    "slash": ("r/i", FIRST),
    "twice": ("rr", FIRST),
    "the place": ("1", FIRST),
    "name of the letter": ("ar", FIRST),
    "sentence": ("the letter is r", FIRST),
    "equation": ("first = r", FIRST),
    "code": ("'river'[0]", FIRST),
    "hyphens": ("l-t-p", MANY),
    "another order": ("plt", MANY),
    "sorted": ("lpt", MANY),
    "one too few": ("lt", MANY),
    "one too many": ("ltpe", MANY),
    "last letters": ("ree", ACROSTIC),
    "backwards": ("sar", ACROSTIC),
    "the words": ("river apple stone", ACROSTIC),
    "place by place": ("rsen", BOTH),
    "counted from 0": ("ie", BOTH),
    "digit for a letter": ("re5n", BOTH),
    "Cyrillic letter": ("r\u0435sn", BOTH),
    "long s": ("re\u017fn", BOTH),
    "accent": ("r\u00e9sn", BOTH),
    "full-width letter": ("\uff52", FIRST),
    "circled letter": ("\u24e1", FIRST),
    "100,000 letters": ("r" * 100_000, FIRST),
    "nothing": ("", FIRST),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def oracle(answer, payload):
    """Cross the letters off one by one, free of what may stand round them; written apart from the verifier."""
    text = re.sub(r"\.\Z", "", answer.strip())
    if re.fullmatch(r"(?s)\[.*\]|\(.*\)|\{.*\}", text):
        text = text[1:-1].strip()
    parts = [re.sub(r"\A([\"'])(.+)\1\Z", r"\2", part) for part in re.split(r"[ \t\n\r\f\v,;]+", text)]
    if not all(re.fullmatch("[a-zA-Z]+", part) for part in parts):
        return False
    left = iter("".join(parts))
    for word in payload["words"]:
        for count in payload["places"]:
            towards = word if count > 0 else "".join(reversed(word))
            letter = next(c for i, c in enumerate(towards, 1) if i == abs(count))
            if next(left, "").lower() != letter:
                return False
    return next(left, None) is None


def test_all_answers_to_small_instances_agree_with_the_oracle():
    answers = ["".join(a) for n in range(4) for a in product("abcd", repeat=n)]
    for words in (["abc"], ["dab", "cad"]):
        for counts in ([1], [-1], [2], [-3], [1, 2], [-1, 1], [2, -2], [3, -1]):
            payload = {"words": words, "places": counts}
            accepted = [a for a in answers if verify(a, payload).score == 1.0]
            assert accepted == [a for a in answers if oracle(a, payload)]
            assert len(accepted) == (len(words) * len(counts) < 4)


def test_every_letter_is_tried_at_level_0_to_2():
    for level in range(3):
        for index in range(40):
            instance = get_task("letter_selection").pose(index, level)
            letters = "abcdefghijklmnopqrstuvwxyz"
            assert [c for c in letters if verify(c, instance.payload).score] == [instance.reference]


@pytest.mark.parametrize("count", [0, 6, -6])
def test_a_place_that_the_word_does_not_have_is_no_judgement(count):
    verdict = verify("r", {"words": ["river"], "places": [count]})
    assert verdict.status == Status.ERROR and verdict.reward is None


NUMBERS = {n: i for i, n in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}


@pytest.mark.parametrize("level", range(8))
def test_the_prompt_says_the_same(level):
    task = get_task("letter_selection")
    params = task.levels[level]
    for index in range(30):
        instance = task.pose(index, level)
        words = re.split(r"\n\n|word: ", instance.question)[-1].split(", ")
        assert words == instance.payload["words"] and len(words) == params.words
        found = re.findall("the ([0-9a-z]+) letter( from the end)?", instance.question)
        counts = []
        for count, end in found:
            number = -1 if count == "last" else NUMBERS.get(count) or int(count[:-2])
            counts.append(-number if end else number)
        assert counts == instance.payload["places"] and len(counts) == params.places
        assert max(map(abs, counts)) <= params.reach and (params.backward or min(counts) > 0)
        assert len(instance.reference) == params.words * params.places
        assert oracle(instance.reference, instance.payload)
        steps = sum(c if c > 0 else len(word) - c - 1 for word in words for c in counts)
        assert instance.certificate["effort"] == steps


def test_no_letter_is_common():
    task = get_task("letter_selection")
    for level in range(3):
        for split in SPLITS:
            letters = Counter(task.pose(index, level, split).reference for index in range(300))
            assert len(letters) > 12
            assert max(letters.values()) < 300 * (task.chance + 0.05)


def test_one_problem_has_one_key_however_it_is_counted():
    assert canonical({"words": ["river"], "places": [-1]}) == canonical({"words": ["river"], "places": [5]})
    assert canonical({"words": ["river"], "places": [1]}) != canonical({"words": ["river"], "places": [5]})


@pytest.mark.parametrize("change", [{"reach": 0}, {"reach": 99}, {"places": 0}, {"places": 9}, {"shortest": 30}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("letter_selection").pose(0, 3, params=change)


def test_few_words_do_without_drawing_the_letter_first():
    instance = get_task("letter_selection").pose(0, 0, params={"shortest": 10, "longest": 10})
    assert len(instance.payload["words"][0]) == 10 and oracle(instance.reference, instance.payload)
