import re
from collections import Counter
from itertools import combinations, permutations, product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.word_sorting import KEYS, compared, effort
from gradarium.verifiers.puzzles.word_sorting import precedes, verify


def problem(words, order="alphabet", descending=False):
    return {"words": words.split(), "order": order, "descending": descending}


THREE = problem("stone river apple")
DOWN = problem("stone river apple", descending=True)
PREFIX = problem("cart car care")
LENGTH = problem("river apple sun ox", "length")
LAST = problem("river stone carpet apple", "last")
LAST_DOWN = problem("river stone carpet apple", "last", True)
ENDING = problem("water cheese later goose", "ending")
TWICE = problem("sun ox sun")

ACCEPTED = {
    "plain": ("apple river stone", THREE),
    "upper case": ("APPLE River stone", THREE),
    "commas": ("apple, river, stone", THREE),
    "JSON": ('["apple", "river", "stone"]', THREE),
    "one a line": ("apple\nriver\nstone", THREE),
    "full stop": ("apple river stone.", THREE),
    "descending": ("stone river apple", DOWN),
    "shorter beginnings first": ("car care cart", PREFIX),
    "by length": ("ox sun apple river", LENGTH),
    "by last letter": ("apple stone river carpet", LAST),
    "by last letter, descending": ("carpet river stone apple", LAST_DOWN),
    "by ending": ("cheese goose later water", ENDING),
    "a word given twice": ("ox sun sun", TWICE),
}
REJECTED = {
    "as given": ("stone river apple", THREE),
    "other direction": ("apple river stone", DOWN),
    "one exchange away": ("apple stone river", THREE),
    "one word only": ("apple", THREE),
    "a word missing": ("apple river", THREE),
    "a word twice": ("apple apple river stone", THREE),
    "a word twice for another": ("apple river river", THREE),
    "a word too many": ("apple pear river stone", THREE),
    "other words in order": ("ant bee cat", THREE),
    "another form of a word": ("apples river stone", THREE),
    "run together": ("appleriverstone", THREE),
    "two lists": ("apple river stone apple river stone", THREE),
    "first letters": ("a r s", THREE),
    "initials sorted, words not": ("cart car care", PREFIX),
    "beginning behind": ("care cart car", PREFIX),
    "by the alphabet instead of length": ("apple ox river sun", LENGTH),
    "equal lengths not sorted": ("ox sun river apple", LENGTH),
    "length, longest first": ("river apple sun ox", LENGTH),
    "equal last letters not sorted": ("stone apple river carpet", LAST),
    "equal last letters not turned round": ("carpet river apple stone", LAST_DOWN),
    "last letters only": ("goose cheese later water", ENDING),
    "ending sorted by the alphabet": ("cheese goose water later", ENDING),
    "spelt backwards": ("elppa revir enots", THREE),
    "numbers for words": ("3 2 1", THREE),
    "numbered": ("1. apple 2. river 3. stone", THREE),
    "signs between": ("apple < river < stone", THREE),
    "hyphens": ("apple-river-stone", THREE),
    "and": ("apple, river and stone", THREE),
    "sentence": ("sorted: apple river stone", THREE),
    "code": ("sorted(['stone', 'river', 'apple'])", THREE),
    "nested": ("[['apple'], ['river'], ['stone']]", THREE),
    "a word given twice, once": ("ox sun", TWICE),
    "Cyrillic letter": ("\u0430pple river stone", THREE),
    "long s": ("apple river \u017ftone", THREE),
    "accent": ("\u00e0pple river stone", THREE),
    "100,000 letters": ("a" * 100_000, THREE),
    "very many words": ("apple river stone " * 5_000, THREE),
    "nothing": ("", THREE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def rank(word, order):
    """Return the place of a word in the order as a list of numbers; written apart from the verifier."""
    numbers = ["abcdefghijklmnopqrstuvwxyz".index(letter) for letter in word]
    if order == "ending":
        return list(reversed(numbers))
    return {"alphabet": [], "length": [len(word)], "last": numbers[-1:]}[order] + numbers


def oracle(answer, payload):
    """Take the first word of what is left, again and again, and compare it with the answer's next."""
    text = re.sub(r"\.\Z", "", answer.strip())
    if re.fullmatch(r"(?s)\[.*\]|\(.*\)|\{.*\}", text):
        text = text[1:-1].strip()
    parts = [re.sub(r"\A([\"'])(.+)\1\Z", r"\2", part) for part in re.split(r"[ \t\n\r\f\v,;]+", text)]
    if not all(re.fullmatch("[a-zA-Z]+", part) for part in parts) or len(parts) != len(payload["words"]):
        return False
    left = list(payload["words"])
    pick = max if payload["descending"] else min
    for part in parts:
        word = pick(left, key=lambda w: rank(w, payload["order"]))
        if part.lower() != word:
            return False
        left.remove(word)
    return True


ORDERS = list(product(KEYS, (False, True)))


@pytest.mark.parametrize(("order", "descending"), ORDERS)
def test_all_orders_of_small_lists_agree_with_the_oracle(order, descending):
    small = ["".join(w) for n in (1, 2) for w in product("ab", repeat=n)] + ["aba", "bab"]
    for words in combinations(small, 4):
        payload = {"words": list(words), "order": order, "descending": descending}
        answers = [" ".join(p) for p in permutations(words)]
        accepted = [a for a in answers if verify(a, payload).score == 1.0]
        assert accepted == [a for a in answers if oracle(a, payload)] and len(accepted) == 1


@pytest.mark.parametrize("level", range(4))
def test_all_answers_to_posed_instances_agree_with_the_oracle(level):
    for index in range(6):
        instance = get_task("word_sorting").pose(index, level, params={"words": min(5, 3 + level)})
        words = instance.payload["words"]
        answers = [" ".join(p) for n in range(len(words) + 1) for p in permutations(words, n)]
        accepted = [a for a in answers if verify(a, instance.payload).score == 1.0]
        assert accepted == [a for a in answers if oracle(a, instance.payload)] == [instance.reference]


@pytest.mark.parametrize("order", KEYS)
def test_the_keys_of_the_generator_mean_the_orders_of_the_verifier(order):
    small = ["".join(w) for n in (1, 2, 3) for w in product("abz", repeat=n)]
    for one, other in product(small, repeat=2):
        assert precedes(one, other, order) == (KEYS[order](one) <= KEYS[order](other))
        assert precedes(one, other, order) == (rank(one, order) <= rank(other, order))


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("word_sorting")
    params = task.levels[level]
    seen = set()
    for index in range(40):
        instance = task.pose(index, level)
        payload, question = instance.payload, instance.question
        words = question.rpartition("\n\n")[2].split(", ")
        assert words == payload["words"] and len(set(words)) == params.words
        assert words != instance.reference.split() and oracle(instance.reference, payload)
        starts = Counter(word[: max(params.prefix, 1)] for word in words)
        shared = sum(count for count in starts.values() if count > 1)
        assert shared >= params.words // 2 if params.prefix else shared == 0
        assert payload["order"] in params.orders.split() and (params.descending or not payload["descending"])
        seen.add((payload["order"], payload["descending"]))
        rule = question.partition(".")[0]
        assert ("length" in rule) == (payload["order"] == "length")
        assert ("same last letter" in rule) == (payload["order"] == "last")
        assert ("endings" in rule) == (payload["order"] == "ending")
        assert ("longest first" in rule or "from z to a" in rule) == payload["descending"]
    assert len(seen) == len(params.orders.split()) * (1 + params.descending)


def test_what_the_prompt_says_about_beginnings_holds():
    said = 0
    for level in (4, 5, 6, 7):
        for index in range(60):
            instance = get_task("word_sorting").pose(index, level)
            order, descending = instance.payload["order"], instance.payload["descending"]
            ranked = instance.reference.split()
            for one, other in permutations(ranked, 2):
                if order == "ending" and other.endswith(one):
                    assert (ranked.index(one) > ranked.index(other)) == descending
                    assert f"stands {'behind' if descending else 'before'} a longer one" in instance.question
                    said += 1
                elif order in ("alphabet", "last") and other.startswith(one):
                    assert "comes before a longer one that begins with it" in instance.question
                    same = order == "alphabet" or one[-1] == other[-1]
                    assert not same or (ranked.index(one) > ranked.index(other)) == descending
                    said += 1
    assert said > 10


def test_effort_by_hand():
    assert (compared("car", "care"), compared("car", "cat"), compared("ox", "sun")) == (4, 3, 1)
    assert effort(["b", "a"]) == 1 + 1
    assert effort(["cat", "car", "ant"]) == 3 + (1 + 3)


def test_an_unknown_order_is_no_judgement():
    verdict = verify("apple river stone", {**THREE, "order": "colour"})
    assert verdict.status == Status.ERROR and verdict.reward is None


@pytest.mark.parametrize(
    "change", [{"words": 2}, {"words": 26}, {"words": 5_000, "prefix": 1}, {"prefix": 9}, {"orders": "size"}]
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("word_sorting").pose(0, 0, params=change)


def test_an_empty_choice_of_orders_is_refused():
    with pytest.raises(BadValue, match="alphabet"):
        get_task("word_sorting").pose(0, 0, params={"orders": ""})
