import json

import pytest

from gradarium.trainers.data import Arm
from gradarium.trainers.dynamic import Drops, fate, useful

EASY, HARD = Arm("sudoku", 0), Arm("sudoku", 3)


@pytest.mark.parametrize(
    ("rewards", "expected"),
    [
        ([1.0, 0.0, 0.0], True),
        ([0.0, 0.0], False),
        ([1.0, 1.0], False),
        ([0.4] * 7, False),  # no mean strictly between 0 and 1 makes a group useful
        ([0.5, 0.500001], False),
        ([0.5, 0.51], True),
        ([1.0, None, 1.0], False),
        ([1.0, None, 0.0], True),
        ([1.0, None], False),
        ([None, None], False),
        ([], False),
    ],
)
def test_useful_is_a_matter_of_the_spread(rewards, expected):
    assert useful(rewards, 1e-6) is expected
    assert useful(rewards[::-1], 1e-6) is expected


def test_the_bound_itself_is_not_enough():
    """The population standard deviation of (0, 1) is 1/2."""
    assert not useful([0.0, 1.0], 0.5)
    assert useful([0.0, 1.0], 0.4999)
    assert not useful([0.1] * 3, 0.0)


def test_fates():
    assert fate([1.0, 0.0], 1e-6) == "useful"
    assert fate([1.0, 1.0, None], 1e-6) == "too_easy"
    assert fate([0.0, 0.0], 1e-6) == "too_hard"
    assert fate([0.1, 0.1], 1e-6) == "too_hard"
    assert fate([1.0, None], 1e-6) == "masked"
    assert fate([0.4, 0.4], 1e-6, success=1.0) == "too_easy"  # right answers of full length under `cosine`, say
    assert fate([2.0, 2.0], 1e-6, success=0.0) == "too_hard"  # wrong answers in the right form


ROUND = [(EASY, [1, 1]), (EASY, [1, 0]), (EASY, [None, None]), (EASY, [1, 1]), (HARD, [0, 0])]


def observe(drops, groups):
    return [drops.observe(arm, rewards, 1e-6) for arm, rewards in groups]


def test_counts_of_each_arm_and_of_all():
    drops = Drops()
    assert observe(drops, ROUND) == [False, True, False, False, False]
    assert drops.metrics() == {
        "groups/drawn": 5,
        "groups/too_easy": 0.4,
        "groups/too_hard": 0.2,
        "groups/masked": 0.2,
        "groups/drawn/sudoku/0": 4,
        "groups/too_easy/sudoku/0": 0.5,
        "groups/too_hard/sudoku/0": 0,
        "groups/masked/sudoku/0": 0.25,
        "groups/drawn/sudoku/3": 1,
        "groups/too_easy/sudoku/3": 0,
        "groups/too_hard/sudoku/3": 1,
        "groups/masked/sudoku/3": 0,
    }


def test_groups_add_up_in_any_order():
    one, other = Drops(), Drops()
    observe(one, ROUND)
    observe(other, reversed(ROUND))
    assert one.metrics() == other.metrics()


def test_nothing_drawn():
    assert Drops().metrics() == {"groups/drawn": 0, "groups/too_easy": 0, "groups/too_hard": 0, "groups/masked": 0}


def test_state_goes_through_json():
    drops, copy = Drops(), Drops()
    observe(drops, ROUND)
    state = json.dumps(drops.state_dict())
    copy.load_state_dict(json.loads(state))
    observe(copy, ROUND[:1])
    assert copy.metrics()["groups/drawn"] == 6
    assert json.dumps(drops.state_dict()) == state
