"""AdaRFT: the target follows the mean score, levels lie around it."""

import pytest

from gradarium.errors import BadValue


def test_golden(make, seen, right):
    rule = make("adarft", levels={"sudoku": 4})
    targets = []
    for k in (8, 8, 4, 0):
        rule.update([seen("sudoku/0", right(k, 8))])
        targets.append(rule.target["sudoku"])
    assert targets == pytest.approx([38.0797, 76.1594, 76.1594, 38.0797], abs=1e-4)


def test_the_target_stays_in_its_range(make, seen, right):
    rule = make("adarft", levels={"sudoku": 4})
    rule.update([seen("sudoku/0", right(0, 8))])
    assert rule.target == {"sudoku": 0.0}
    for _ in range(4):
        rule.update([seen("sudoku/3", right(8, 8))])
    assert rule.target == {"sudoku": 100.0}
    assert rule.probabilities() == pytest.approx([0.0, 0.0003, 0.1192, 0.8805], abs=1e-4)


def test_levels_lie_around_the_target(make):
    rule = make("adarft", levels={"sudoku": 4}, options={"width": 0.5})
    rule.load({"target": {"sudoku": 50.0}})
    assert rule.probabilities() == pytest.approx([0.0090, 0.4910, 0.4910, 0.0090], abs=1e-4)
    assert rule.figures() == {"target/sudoku": 50.0}


def test_one_target_for_each_task_or_for_all(make, seen, right):
    groups = [seen("sudoku/0", right(8, 8)), seen("countdown/0", right(4, 8)), seen("countdown/1", [])]
    rule = make("adarft")
    rule.update(groups)
    assert rule.target == pytest.approx({"sudoku": 38.0797, "countdown": 0.0}, abs=1e-4)
    rule = make("adarft", options={"per_task": False})
    rule.update(groups)
    assert rule.target == pytest.approx({"sudoku": 23.1059, "countdown": 23.1059}, abs=1e-4)  # 50 tanh(2 (0.75 - 0.5))


def test_a_task_without_scores_stays(make, seen, right):
    rule = make("adarft")
    rule.update([seen("sudoku/0", right(8, 8))])
    rule.update([seen("countdown/0", right(8, 8)), seen("sudoku/0", [])])
    assert rule.target == pytest.approx({"sudoku": 38.0797, "countdown": 38.0797}, abs=1e-4)


def test_bounds(make):
    with pytest.raises(BadValue, match=r"curriculum.eta = 101: must be in \[0, 100\]"):
        make("adarft", options={"eta": 101})
