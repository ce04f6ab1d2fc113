"""LILO: probes decide which candidates get their whole group."""

from collections import Counter

import pytest

from gradarium.errors import BadValue


def test_asks_for_candidates_and_probes(make):
    rule = make("lilo", options={"candidates": 3.0, "probe": 2})
    assert (rule.candidates, rule.probe) == (3.0, 2)
    assert (make("weighted").candidates, make("weighted").probe) == (1.0, 0)


def test_keeps_the_most_learnable(make, seen, right):
    rule = make("lilo")
    probes = [seen("sudoku/0", right(k, 4)) for k in (4, 2, 0, 3, 1, 2, 4)]
    assert rule.keep(probes, 2) == [1, 5]
    assert rule.figures() == {"learnability": 0.25}
    assert rule.keep(probes, 4) == [1, 3, 4, 5]
    assert rule.figures() == {"learnability": pytest.approx((2 * 0.25 + 2 * 0.1875) / 4)}
    assert rule.keep(probes, 20) == list(range(7))


def test_ties_are_broken_at_random(make, seen, right):
    rule = make("lilo")
    probes = [seen("sudoku/0", right(2, 4))] * 6 + [seen("sudoku/0", [])]
    counts = Counter(i for _ in range(300) for i in rule.keep(probes, 2))
    assert set(counts) == set(range(6)) and min(counts.values()) > 60


def test_bounds(make):
    with pytest.raises(BadValue, match=r"curriculum.probe = 1: must be in \[2, 1024\]"):
        make("lilo", options={"probe": 1})


def test_what_was_masked_is_not_learnable(make, seen, right):
    rule = make("lilo")
    assert rule.keep([seen("sudoku/0", right(2, 4), rewards=[1.0, 1.0]), seen("sudoku/0", right(1, 4))], 1) == [1]
