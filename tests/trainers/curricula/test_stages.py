"""Stages: names, lengths, what is kept of earlier stages, clear errors."""

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.config import TaskEntry

NAMED = (("countdown", "sudoku/0"), ("sudoku/1-2",))


def shares(rule, steps):
    """Return the shares at each step, by arm."""
    found = []
    for _ in range(steps):
        found.append({str(a): round(p, 4) for a, p in zip(rule.arms, rule.probabilities(), strict=True) if p})
        rule.update([])
    return found


def test_stages_follow_each_other_and_keep_a_share(make):
    mixture = [TaskEntry("countdown", (0,), 3.0), TaskEntry("sudoku", (0, 1, 2), 3.0)]
    rule = make("stages", mixture=mixture, options={"stages": NAMED, "keep": 0.4}, steps=4)
    found = shares(rule, 6)
    first = {"countdown/0": 0.75, "sudoku/0": 0.25}
    second = {"countdown/0": 0.3, "sudoku/0": 0.1, "sudoku/1": 0.3, "sudoku/2": 0.3}
    assert found == [first, first, second, second, second, second]
    assert rule.figures() == {"stage": 2.0}


def test_lengths_are_shares_of_the_run(make):
    rule = make("stages", options={"stages": NAMED, "lengths": (3.0, 1.0), "keep": 0.0}, steps=8)
    found = shares(rule, 8)
    assert ["sudoku/2" in row for row in found] == [False] * 6 + [True] * 2
    assert "countdown/0" not in found[6]


def test_a_stage_may_name_what_was_there(make):
    rule = make("stages", levels={"sudoku": 2}, options={"stages": (("sudoku/0",), ("sudoku",))}, steps=2)
    assert shares(rule, 2) == [{"sudoku/0": 1.0}, {"sudoku/0": 0.5, "sudoku/1": 0.5}]


def test_without_names_there_is_a_stage_for_each_level(make):
    rule = make("stages", levels={"sudoku": 3, "countdown": 1}, options={"keep": 0.5}, steps=3)
    assert shares(rule, 3) == [
        {"sudoku/0": 0.25, "countdown/0": 0.75},
        {"sudoku/0": 0.125, "countdown/0": 0.375, "sudoku/1": 0.5},
        {"sudoku/0": 0.1, "countdown/0": 0.3, "sudoku/1": 0.1, "sudoku/2": 0.5},
    ]


MISTAKES = {
    "task": ((("countdown", "sudku"),), UnknownName, r"task in curriculum.stages\[0\] 'sudku': did you mean 'sudoku'"),
    "level": ((("countdown",), ("sudoku/7",)), UnknownName, r"curriculum.stages\[1\] 'sudoku/7': did you mean"),
    "range": (
        (("countdown", "sudoku/2-1"),),
        BadValue,
        r"curriculum.stages\[0\] = '2-1': the range 2-1 runs backwards",
    ),
    "no level": ((("countdown", "sudoku/x"),), BadValue, r"curriculum.stages\[0\] = 'x': must be a number"),
    "nothing": ((("countdown", "sudoku"), ()), BadValue, r"curriculum.stages\[1\] = \[\]"),
    "lost": ((("countdown", "sudoku/0"),), BadValue, "sudoku/1, sudoku/2 in the mixture but in no stage"),
}


@pytest.mark.parametrize(("stages", "error", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(make, stages, error, words):
    with pytest.raises(error, match=words):
        make("stages", options={"stages": stages})


def test_mistakes_in_lengths(make):
    with pytest.raises(BadValue, match="there are 2 stages; give one length for each"):
        make("stages", options={"stages": NAMED, "lengths": (1.0,)})
    with pytest.raises(BadValue, match="must all be above 0"):
        make("stages", options={"stages": NAMED, "lengths": (1.0, 0.0)})
