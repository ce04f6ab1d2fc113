"""DUMP: mean advantage plus a bonus for what was seen little."""

import pytest

from gradarium.errors import BadValue


def test_golden(make):
    rule = make("dump", levels={"sudoku": 3})
    rule.load({"window": [[0.8], [0.1, 0.3], [0.5]], "groups": [10, 5, 1]})
    assert rule.bounds() == pytest.approx([1.5177, 1.1718, 2.1832], abs=1e-4)
    assert rule.probabilities() == pytest.approx([0.00129, 0.00004, 0.99867], abs=1e-5)
    assert rule.figures()["bound/sudoku/2"] == pytest.approx(2.1832, abs=1e-4)


def test_the_window_holds_the_last_rollouts(make, seen, right):
    rule = make("dump", levels={"sudoku": 2}, options={"window": 6})
    rule.update([seen("sudoku/0", right(0, 4)), seen("sudoku/0", right(2, 4)), seen("sudoku/1", [])])
    assert rule.window == [[0.0, 0.0, 1.0, 1.0, 1.0, 1.0], []]
    assert rule.groups == [2, 0]


def test_at_the_start_all_are_alike(make):
    assert make("dump", levels={"sudoku": 4}).probabilities() == pytest.approx([0.25] * 4)


def test_after_much_exploration_the_best_wins(make):
    rule = make("dump", levels={"sudoku": 3})
    rule.load({"window": [[0.2], [0.9], [0.3]], "groups": [500, 500, 500]})
    assert rule.probabilities()[1] > 0.99


def test_bounds(make):
    with pytest.raises(BadValue, match=r"curriculum.window = 0: must be in \[1, 100000\]"):
        make("dump", options={"window": 0})
