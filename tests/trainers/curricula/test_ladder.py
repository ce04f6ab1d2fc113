"""The ladder: rises over last_k scores, falls over patience times as many, rehearses what is below."""

import pytest

from gradarium.core import Verdict
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.trainers.config import RewardConfig, TaskEntry
from gradarium.trainers.curricula import feedback
from gradarium.trainers.data import Arm, Group, Rollout
from gradarium.trainers.rewards import pay


@pytest.fixture
def ladder(make):
    return lambda **options: make("ladder", levels={"sudoku": 4}, options=options)


def test_rises_at_seventy_per_cent_of_twenty(ladder, seen, right):
    rule = ladder()
    rule.update([seen("sudoku/0", right(13, 20))])
    assert rule.rung == {"sudoku": 0}
    rule.update([seen("sudoku/0", right(1, 1))])  # 13 of the last 20, and 14 once the first right ones are gone
    assert rule.rung == {"sudoku": 0}
    rule = ladder()
    rule.update([seen("sudoku/0", right(14, 19))])
    assert rule.rung == {"sudoku": 0}
    rule.update([seen("sudoku/0", [0.0])])
    assert rule.rung == {"sudoku": 1} and rule.scores == {"sudoku": []}
    assert rule.figures() == {"level/sudoku": 1.0}


def test_falls_at_ten_per_cent_of_forty(ladder, seen, right):
    rule = ladder()
    rule.update([seen("sudoku/0", right(20, 20))])
    rule.update([seen("sudoku/1", right(2, 20))])
    assert rule.rung == {"sudoku": 1}
    rule.update([seen("sudoku/1", right(3, 20))])
    assert rule.rung == {"sudoku": 1}
    rule.update([seen("sudoku/1", right(1, 20))])
    assert rule.rung == {"sudoku": 0} and rule.scores == {"sudoku": []}


def test_patience_of_one_falls_as_soon_as_it_rises(ladder, seen, right):
    rule = ladder(patience=1)
    rule.update([seen("sudoku/0", right(20, 20))])
    rule.update([seen("sudoku/1", right(2, 20))])
    assert rule.rung == {"sudoku": 0}


def test_only_scores_of_the_own_level_count(ladder, seen, right):
    rule = ladder()
    rule.update([seen("sudoku/1", right(20, 20)), seen("sudoku/3", right(20, 20))])
    assert rule.rung == {"sudoku": 0}


def test_stays_on_the_ladder(ladder, seen, right):
    rule = ladder(patience=1)
    rule.update([seen("sudoku/0", right(0, 40))])
    assert rule.rung == {"sudoku": 0}
    for level in (0, 1, 2, 3, 3, 3):
        rule.update([seen(f"sudoku/{level}", right(20, 20))])
    assert rule.rung == {"sudoku": 3}


def test_lower_levels_share_the_rehearsal(ladder, seen, right):
    rule = ladder(lower=0.3)
    assert rule.probabilities() == [1, 0, 0, 0]
    for level in (0, 1, 2):
        rule.update([seen(f"sudoku/{level}", right(20, 20))])
    assert rule.probabilities() == pytest.approx([0.1, 0.1, 0.1, 0.7])


def test_tasks_climb_by_themselves(make, seen, right):
    mixture = [TaskEntry("sudoku", (1, 3), 3.0), TaskEntry("countdown", (0, 1), 1.0)]
    rule = make("ladder", mixture=mixture, options={"lower": 0.0})
    rule.update([seen("sudoku/1", right(20, 20)), seen("countdown/0", right(5, 20))])
    assert rule.probabilities() == pytest.approx([0, 0.75, 0.25, 0])
    assert rule.figures() == {"level/sudoku": 3.0, "level/countdown": 0.0}


def test_mistakes(ladder):
    with pytest.raises(BadValue, match=r"curriculum.down = 0.8: must be below curriculum.up, which is 0.7"):
        ladder(down=0.8)
    with pytest.raises(BadValue, match=r"curriculum.last_k = 0: must be at least 1"):
        ladder(last_k=0)


def test_cut_off_answers_are_failures_also_where_they_are_not_learned_from(make):
    """With overlong filtering a level on which all but one are cut off is not solved, and must not be climbed."""
    posed = get_task("sudoku").pose(0, 0)
    drawn = [
        Rollout([0], [0.0], "stop", "", Verdict.correct(), None),
        *[Rollout([0], [0.0], "length", "", Verdict.missing("cut off"), None)] * 7,
    ]
    paid = pay(posed, drawn, 1, RewardConfig(mask_truncated=True))
    one = feedback(Group(Arm("sudoku", 0), posed, [], paid))
    assert (one.scores, one.rewards) == ([1.0] + [0.0] * 7, [1.0])
    rule = make("ladder", options={"last_k": 8})
    rule.update([one])
    assert rule.rung["sudoku"] == 0 and rule.mean_score[rule.position[one.arm]] == 0.125
