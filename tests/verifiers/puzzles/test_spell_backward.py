import re
from itertools import permutations, product

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.verifiers.puzzles.spell_backward import verify

CAT = {"words": ["cat"], "whole": False}
RIVER = {"words": ["river"], "whole": False}
EACH = {"words": ["river", "stone", "cat"], "whole": False}
LINE = {"words": ["river", "stone", "cat"], "whole": True}

ACCEPTED = {
    "plain": ("tac", CAT),
    "upper case": ("TAC", CAT),
    "quoted": ("'tac'", CAT),
    "full stop": ("tac.", CAT),
    "longer": ("revir", RIVER),
    "each word": ("revir enots tac", EACH),
    "each word, commas": ("revir, enots, tac", EACH),
    "each word, lines": ("revir\nenots\ntac", EACH),
    "whole line": ("tac enots revir", LINE),
    "whole line, list": ('["tac", "enots", "revir"]', LINE),
}
REJECTED = {
    "the word itself": ("cat", CAT),
    "one letter, repeated": ("aaa", CAT),
    "100,000 times one letter": ("a" * 100_000, CAT),
    "right letters, another order": ("tca", CAT),
    "one letter too few": ("ta", CAT),
    "one letter too many": ("tacc", CAT),
    "two guesses": ("tca tac", CAT),
    "either": ("tac or tca", CAT),
    "word and answer": ("cat tac", CAT),
    "arrow": ("cat -> tac", CAT),
    "letters apart": ("t a c", CAT),
    "letters with hyphens": ("t-a-c", CAT),
    "letters with commas": ("t, a, c", CAT),
    "sentence": ("the answer is tac", CAT),
    "code": ("'cat'[::-1]", CAT),
    "override mark": ("\u202ecat", CAT),
    "upside down": ("\u0287\u0250\u0254", CAT),
    "full-width letters": ("\uff54\uff41\uff43", CAT),
    "Cyrillic letter": ("t\u0430c", CAT),
    "long s": ("revir enot\u017f tac", EACH),
    "first and last exchanged": ("river", {"words": ["river"], "whole": False}),
    "only the ends exchanged": ("eevrr", {"words": ["river"], "whole": False}),
    "one word not turned": ("revir stone tac", EACH),
    "words backwards, letters not": ("cat stone river", LINE),
    "whole line where each word is asked for": ("tac enots revir", EACH),
    "each word where the whole line is asked for": ("revir enots tac", LINE),
    "words run together": ("revirenotstac", EACH),
    "line cut elsewhere": ("tace nots revir", LINE),
    "letters moved to the next word": ("revire nots tac", EACH),
    "a word missing": ("revir enots", EACH),
    "a word twice": ("revir enots tac tac", EACH),
    "nothing": ("", CAT),
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
    """Build the line letter by letter from the front of the words; written apart from the verifier."""
    wanted = []
    for word in payload["words"]:
        turned = ""
        for letter in word:
            turned = letter + turned
        if payload["whole"]:
            wanted.insert(0, turned)
        else:
            wanted.append(turned)
    text = answer.strip()
    if text.endswith("."):
        text = text[:-1]
    if len(text) > 1 and text[0] + text[-1] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    got = []
    for part in re.split("[ \t\n\r\f\v,;]+", text):
        inside = part[1:-1] if len(part) > 2 and part[0] == part[-1] and part[0] in "\"'" else part
        if not re.fullmatch("[a-zA-Z]+", inside):
            return False
        got.append(inside.lower())
    return got == wanted


def test_all_answers_to_small_instances_agree_with_the_oracle():
    answers = ["".join(a) for n in range(6) for a in product("ab ", repeat=n)]
    words = ["".join(w) for n in range(1, 4) for w in product("ab", repeat=n)]
    for chosen in [[w] for w in words] + [list(pair) for pair in product(words[:6], repeat=2)]:
        for whole in (False, True):
            payload = {"words": chosen, "whole": whole}
            accepted = [a for a in answers if verify(a, payload).score == 1.0]
            assert accepted == [a for a in answers if oracle(a, payload)]
            assert len({" ".join(a.split()) for a in accepted}) == 1


def test_all_orders_of_the_letters_of_level_0():
    for index in range(30):
        instance = get_task("spell_backward").pose(index, 0)
        orders = {"".join(p) for p in permutations(instance.payload["words"][0])}
        assert [a for a in orders if verify(a, instance.payload).score] == [instance.reference]


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("spell_backward")
    params = task.levels[level]
    for index in range(30):
        instance = task.pose(index, level)
        words = re.split(r"\n\n|: ", instance.question)[-1].split()
        assert words == instance.payload["words"] and len(words) == params.words
        sizes = [len(word) for word in words]
        assert params.shortest * params.joined <= min(sizes) and max(sizes) <= params.longest * params.joined
        assert all(word != word[::-1] for word in words)
        assert instance.certificate["effort"] == sum(sizes)
        assert ("this line" in instance.question) == instance.payload["whole"] == params.whole
        assert oracle(instance.reference, instance.payload)


def test_a_whole_line_of_one_word_is_that_word():
    instance = get_task("spell_backward").pose(0, 0, params={"whole": True})
    assert instance.payload["whole"] is False


@pytest.mark.parametrize("change", [{"words": 0}, {"joined": 0}, {"shortest": 11, "longest": 12}, {"words": 2_000}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("spell_backward").pose(0, 3, params=change)
