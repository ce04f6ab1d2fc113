import re
from itertools import permutations, product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.word_selection import canonical, index_of
from gradarium.verifiers.puzzles.word_selection import verify, word_at

FOUR = ["river", "apple", "stone", "cloud"]
LAST = {"words": FOUR, "places": [[-1]]}
SECOND = {"words": FOUR, "places": [[2]]}
AFTER = {"words": FOUR, "places": [["apple", 1]]}
THREE = {"words": FOUR, "places": [[-2], [1], ["river", 3, -2]]}

ACCEPTED = {
    "plain": ("cloud", LAST),
    "upper case": ("CLOUD", LAST),
    "quoted": ("'cloud'", LAST),
    "in brackets": ("[cloud]", LAST),
    "full stop": ("cloud.", LAST),
    "after another word": ("stone", AFTER),
    "several": ("stone river apple", THREE),
    "commas": ("stone, river, apple", THREE),
    "one a line": ("stone\nriver\napple", THREE),
    "JSON": ('["stone", "river", "apple"]', THREE),
    "semicolons": ("Stone; River; Apple.", THREE),
}
REJECTED = {
    "another word of the list": ("stone", LAST),
    "counted from 0": ("stone", SECOND),
    "counted from the other end": ("river", LAST),
    "the word itself, not the one after it": ("apple", AFTER),
    "before instead of after": ("river", AFTER),
    "word that is not listed": ("clouds", LAST),
    "the whole list": ("river apple stone cloud", LAST),
    "the question": ("Write the last word in this list: river, apple, stone, cloud", LAST),
    "two guesses": ("stone cloud", LAST),
    "either": ("stone or cloud", LAST),
    "slash": ("stone/cloud", LAST),
    "twice": ("cloud cloud", LAST),
    "run together": ("stonecloud", LAST),
    "part of the word": ("clou", LAST),
    "letters apart": ("c l o u d", LAST),
    "hyphen": ("clo-ud", LAST),
    "digits behind": ("cloud1", LAST),
    "number of the place": ("4", LAST),
    "place in words": ("the last word", LAST),
    "sentence": ("the word is cloud", LAST),
    "negated": ("not cloud", LAST),
    "code": ("words[-1]", LAST),
    "call": ("print('cloud')", LAST),
    "one quote only": ("'cloud", LAST),
    "another order": ("river stone apple", THREE),
    "reversed": ("apple river stone", THREE),
    "one too few": ("stone river", THREE),
    "one too many": ("stone river apple cloud", THREE),
    "one word three times": ("stone stone stone", THREE),
    "nested brackets": ("[[stone, river, apple]]", THREE),
    "comma at the end": ("stone, river, apple,", THREE),
    "Cyrillic letter": ("cl\u043eud", LAST),
    "long s": ("\u017ftone river apple", THREE),
    "Kelvin sign": ("\u212a", {"words": ["k", "river"], "places": [[1]]}),
    "full-width letters": ("\uff43\uff4c\uff4f\uff55\uff44", LAST),
    "zero-width space": ("clo\u200bud", LAST),
    "100,000 letters": ("cloud" * 20_000, LAST),
    "many words": ("cloud " * 1_000, LAST),
    "nothing": ("", LAST),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def wanted(words, place):
    """Walk along the list with a finger; written apart from the verifier."""
    start, *jumps = place
    left, right = list(words), []  # what is not passed yet, what is
    if type(start) is str:
        while start not in right:
            right.append(left.pop(0))
    else:
        for _ in range(start if start > 0 else len(words) + start + 1):
            right.append(left.pop(0))
    for jump in jumps:
        for _ in range(abs(jump)):
            if jump > 0:
                right.append(left.pop(0))
            else:
                left.insert(0, right.pop())
    return right[-1]


def oracle(answer, payload):
    """Put the wanted words in a row and compare it with the answer, freed of what may stand round the words."""
    text = answer.strip()
    text = text[:-1] if text.endswith(".") else text
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    got = re.split("[ \t\n\r\f\v,;]+", text)
    got = [word[1:-1] if len(word) > 2 and word[0] == word[-1] and word[0] in "'\"" else word for word in got]
    alphabet = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if any(not word or set(word) - alphabet for word in got):
        return False
    return [word.lower() for word in got] == [wanted(payload["words"], place) for place in payload["places"]]


def test_all_places_of_small_lists_agree_with_the_oracle():
    words = FOUR[:3]
    starts = [1, 2, 3, -1, -2, -3, *words]
    for length in range(3):
        for start, *jumps in product(starts, *[range(-3, 4)] * length):
            payload = {"words": words, "places": [[start, *jumps]]}
            verdicts = [verify(word, payload) for word in words]
            at = words.index(start) + 1 if start in words else start % 4
            stops = [at + sum(jumps[:i]) for i in range(length + 1)]
            if all(1 <= stop <= 3 for stop in stops):
                assert [v.score == 1.0 for v in verdicts] == [oracle(word, payload) for word in words]
                assert sum(v.score for v in verdicts) == 1.0
                assert words[index_of(words, [start, *jumps])] == wanted(words, [start, *jumps])
            else:
                assert all(v.status == Status.ERROR and v.reward is None for v in verdicts)


def test_all_answers_to_small_instances_agree_with_the_oracle():
    for index in range(20):
        payload = get_task("word_selection").pose(index, 3, params={"words": 5}).payload
        answers = [" ".join(p) for n in range(4) for p in permutations(payload["words"], n)]
        accepted = [a for a in answers if verify(a, payload).score == 1.0]
        assert accepted == [a for a in answers if oracle(a, payload)] and len(accepted) == 1


NUMBERS = {n: i for i, n in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}


def from_english(phrase, words):
    """Return the word that a phrase of the prompt means."""
    *steps, start = re.split(" (?=the (?!end))", phrase)
    if quoted := re.fullmatch("(the .* (?:after|before)) '([a-z]+)'", start):
        steps.append(quoted[1])
        at = words.index(quoted[2])
    elif start == "the last word":
        at = len(words) - 1
    else:
        count, end = re.fullmatch("the ([0-9a-z]+) word( from the end)?", start).groups()
        number = NUMBERS.get(count) or int(re.fullmatch("([0-9]+)(st|nd|rd|th)", count)[1])
        at = len(words) - number if end else number - 1
    for step in reversed(steps):
        if right := re.fullmatch("the word right (after|before)", step):
            number, side = 1, right[1]
        else:
            count, side = re.fullmatch("the ([0-9a-z]+) word (after|before)", step).groups()
            number = NUMBERS.get(count) or int(count[:-2])
        at += number if side == "after" else -number
    assert at >= 0
    return words[at]


@pytest.mark.parametrize("level", range(8))
def test_the_prompt_says_the_same(level):
    task = get_task("word_selection")
    params = task.levels[level]
    most = 0
    for index in range(30):
        instance = task.pose(index, level)
        question = instance.question
        if params.places == 1:
            phrase, listed = re.fullmatch("Write (the .*) in this list: (.*)", question).groups()
            phrases = [phrase]
        else:
            phrases, listed = re.findall("^- (.*)$", question, re.MULTILINE), question.rpartition("List: ")[2]
        words = listed.split(", ")
        assert words == instance.payload["words"] and len(set(words)) == params.words
        assert " ".join(from_english(phrase, words) for phrase in phrases) == instance.reference
        assert len(set(instance.reference.split())) == params.places
        most = max(most, *(len(place) - 1 for place in instance.payload["places"]))
    assert most == params.jumps


def test_level_0_asks_for_the_first_or_the_last_of_three():
    asked = [get_task("word_selection").pose(index, 0).payload["places"] for index in range(40)]
    assert {str(places) for places in asked} == {"[[1]]", "[[-1]]"}


def test_one_problem_has_one_key_however_it_is_described():
    keys = {str(canonical({"words": FOUR, "places": [place]})) for place in ([2], [-3], ["river", 1], [4, -3, 1])}
    assert len(keys) == 1
    assert canonical({"words": FOUR, "places": [[2]]}) != canonical({"words": FOUR, "places": [[3]]})


def test_word_at_names_a_place_outside_the_list():
    with pytest.raises(ValueError, match="leaves the list"):
        word_at(FOUR, [5])


def test_effort_counts_from_where_the_prompt_counts():
    for index in range(30):
        instance = get_task("word_selection").pose(index, 3)
        steps = [p if p > 0 else 8 - p - 1 for (p,) in instance.payload["places"]]
        assert instance.certificate["effort"] == sum(steps)


@pytest.mark.parametrize("change", [{"places": 0}, {"places": 9}, {"jumps": 8}, {"words": 5_000}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("word_selection").pose(0, 3, params=change)


def test_jumps_never_stand_still():
    for index in range(50):
        for place in get_task("word_selection").pose(index, 7).payload["places"]:
            assert 0 not in place and len(place) <= 4
