"""E2H: the four schedules at points of the run."""

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.trainers.config import TaskEntry

GOLDEN = {
    "cosine at the start": ("cosine", 0, [0.4, 0.3, 0.2, 0.1]),
    "cosine in the middle": ("cosine", 4, [0.25, 0.25, 0.25, 0.25]),
    "cosine at the end": ("cosine", 8, [0.1, 0.2, 0.3, 0.4]),
    "gaussian at the start": ("gaussian", 0, [0.8805, 0.1192, 0.0003, 0.0]),
    "gaussian at a quarter": ("gaussian", 2, [0.0090, 0.4910, 0.4910, 0.0090]),
    "gaussian at the end": ("gaussian", 8, [0.0, 0.0003, 0.1192, 0.8805]),
    "classic at the start": ("classic", 0, [1, 0, 0, 0]),
    "classic before the second": ("classic", 1, [1, 0, 0, 0]),
    "classic on the second": ("classic", 2, [0, 1, 0, 0]),
    "classic at the end": ("classic", 8, [0, 0, 0, 1]),
    "classic after it": ("classic", 20, [0, 0, 0, 1]),
    "balanced": ("balanced", 3, [0.25, 0.25, 0.25, 0.25]),
}


@pytest.mark.parametrize(("shape", "step", "expected"), GOLDEN.values(), ids=GOLDEN)
def test_golden(make, shape, step, expected):
    rule = make("e2h", levels={"sudoku": 4}, options={"shape": shape}, steps=8)
    for _ in range(step):
        rule.update([])
    assert rule.probabilities() == pytest.approx(expected, abs=1e-4)


def test_every_level_has_its_least_share(make):
    rule = make("e2h", levels={"sudoku": 4}, options={"p_min": 0.1}, steps=8)
    assert rule.probabilities() == pytest.approx([0.1 + 0.6 * q for q in (0.8805, 0.1192, 0.0003, 0.0)], abs=1e-4)


def test_each_task_goes_its_own_ladder_with_its_own_weight(make):
    mixture = [TaskEntry("sudoku", (0, 1, 2), 3.0), TaskEntry("countdown", (2, 5), 1.0)]
    rule = make("e2h", mixture=mixture, options={"shape": "classic"}, steps=6)
    found = []
    for _ in range(6):
        found.append(rule.probabilities())
        rule.update([])
    assert found[0] == [0.75, 0, 0, 0.25, 0]
    assert found[2] == [0, 0.75, 0, 0.25, 0]
    assert found[3] == [0, 0.75, 0, 0, 0.25]
    assert found[5] == [0, 0, 0.75, 0, 0.25]
    assert rule.figures() == {"level/sudoku": 2.0, "level/countdown": 1.0}


def test_mistakes(make):
    with pytest.raises(UnknownName, match="did you mean 'gaussian'"):
        make("e2h", options={"shape": "gausian"})
    with pytest.raises(BadValue, match=r"curriculum.p_min = 0.3: a task has 4 levels, so it must be at most 0.25"):
        make("e2h", options={"p_min": 0.3})
    with pytest.raises(BadValue, match=r"curriculum.sigma = 0.0: must be in \[0.01, 1000\]"):
        make("e2h", options={"sigma": 0.0})
