import random

import pytest

from gradarium.errors import BadValue
from gradarium.generators.puzzles._words import EXAMPLES, WORDS, counted, draw_words, ordinal, walk, words_of


def test_the_list_is_what_it_says():
    assert list(WORDS) == sorted(set(WORDS)) and len(WORDS) > 1_000
    assert all(3 <= len(word) <= 10 and word.isascii() and word.isalpha() and word.islower() for word in WORDS)


def test_words_that_would_be_misread_are_left_out():
    # The formats take "answer" off the front of an answer; the others stand in prompts or are constants of the checks.
    assert not set(WORDS) & {"answer", "final", "the", "and", "or", "not", "first", "second", "last", "end", "word"}
    assert not set(WORDS) & {"letter", "before", "after", "right", "none", "null", "true", "false", "yes", "pass"}


def test_examples_are_no_answers():
    assert not set(EXAMPLES) & set(WORDS)
    assert len(set(EXAMPLES)) == len(EXAMPLES)


def test_ordinals():
    told = {1: "first", 10: "tenth", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 42: "42nd", 103: "103rd"}
    assert {n: ordinal(n) for n in told} == told
    assert (ordinal(111), ordinal(112), ordinal(121)) == ("111th", "112th", "121st")


def test_counts():
    assert (counted(1, "word"), counted(-1, "word")) == ("the first word", "the last word")
    assert counted(-12, "letter") == "the 12th letter from the end"
    assert [walk(n, 5) for n in (1, 5, -1, -5)] == [1, 5, 5, 9]


def test_words_are_drawn_without_repetition():
    rng = random.Random(0)
    assert sorted(draw_words(rng, len(WORDS), WORDS)) == list(WORDS)
    joined = draw_words(rng, 3, words_of(3, 3), joined=2)
    assert [len(word) for word in joined] == [6, 6, 6]
    assert {word[i : i + 3] for word in joined for i in (0, 3)} <= set(WORDS)


@pytest.mark.parametrize(("count", "joined"), [(0, 1), (1, 0), (1_000, 2)])
def test_senseless_counts_are_refused(count, joined):
    with pytest.raises(BadValue):
        draw_words(random.Random(0), count, WORDS, joined)


def test_lengths_without_words_are_refused():
    with pytest.raises(BadValue, match="3 to 10"):
        words_of(11, 12)
