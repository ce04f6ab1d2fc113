"""PLR: which instances are replayed, how often, and what the rule below sees of it."""

from collections import Counter

import pytest

from gradarium.errors import BadValue, UnknownName


def buffer(rule, scores, last, now):
    rule.buffer = {(0, i): entry for i, entry in enumerate(zip(scores, last, strict=True))}
    rule.step = now


def test_golden_ranks(make):
    rule = make("plr", options={"beta": 1.0, "rho": 0.0})
    buffer(rule, [0.3, 0.9, 0.1], [5, 9, 0], 10)
    assert rule.replay_probabilities() == pytest.approx([0.2727, 0.5455, 0.1818], abs=1e-4)


def test_golden_staleness(make):
    rule = make("plr", options={"beta": 1.0, "rho": 1.0})
    buffer(rule, [0.3, 0.9, 0.1], [5, 9, 0], 10)
    assert rule.replay_probabilities() == pytest.approx([0.3125, 0.0625, 0.625])


def test_both_are_mixed(make):
    rule = make("plr", options={"beta": 1.0, "rho": 0.5})
    buffer(rule, [0.3, 0.9, 0.1], [5, 9, 0], 10)
    assert rule.replay_probabilities() == pytest.approx([0.2926, 0.3040, 0.4034], abs=1e-4)


def test_a_low_temperature_is_greedy(make):
    rule = make("plr", options={"rho": 0.0})
    buffer(rule, [0.3, 0.9, 0.1], [5, 9, 0], 10)
    assert rule.replay_probabilities()[1] == pytest.approx(1 / (1 + 2**-10 + 3**-10))


def test_sampling_follows_the_shares(make):
    rule = make("plr", options={"beta": 1.0, "rho": 0.0})
    buffer(rule, [0.3, 0.9, 0.1], [5, 9, 0], 10)
    counts = Counter(rule._sample(1)[0][1] for _ in range(4000))
    assert [counts[i] / 4000 for i in range(3)] == pytest.approx([0.2727, 0.5455, 0.1818], abs=0.03)
    assert all(len(set(rule._sample(3))) == 3 for _ in range(20))


def test_replays_begin_with_a_filled_buffer_and_have_their_share(make, play, rng):
    rule = make("plr", options={"replay": 0.5, "capacity": 40, "fill": 1.0})
    fresh = [pair for _ in range(5) for pair in play(rule, rng)[0]]
    assert len(set(fresh)) == len(fresh) == 40 == len(rule.buffer)
    known = set(fresh)
    for _ in range(50):
        drawn, _ = play(rule, rng)
        assert sum(pair in known for pair in drawn) == 4
        known.update(drawn)
    assert len(rule.buffer) == 40 and rule.figures()["buffer"] == 40


def test_the_lowest_score_leaves(make, seen, right):
    rule = make("plr", options={"capacity": 2})
    rule.update([seen("sudoku/0", right(k, 4), i) for i, k in enumerate([2, 0, 1])])
    place = rule.position[seen("sudoku/0", []).arm]
    assert rule.buffer == {(place, 0): (0.25, 0), (place, 2): (0.1875, 0)}


def test_no_instance_twice_in_the_rounds_of_a_step(make, seen, right):
    rule = make("plr", levels={"sudoku": 1}, options={"replay": 0.9, "capacity": 10})
    rule.update([seen("sudoku/0", right(2, 4), i) for i in range(10)])
    rule.next_index = [10]
    drawn = rule.draw(8) + rule.draw(8)
    assert len(set(drawn)) == 16 and sum(i < 10 for _, i in drawn) == 10


def test_the_rule_below_learns_from_new_instances_only(make, seen, right):
    rule = make("plr", levels={"sudoku": 1}, options={"base": "mopps"})
    rule.update([seen("sudoku/0", right(2, 8), 0)])
    rule.update([seen("sudoku/0", right(8, 8), 0)])
    assert (rule.base.a, rule.base.b, rule.base.step) == ([3.0], [7.0], 2)
    assert rule.buffer[0, 0] == (0.0, 1)
    assert "rate/sudoku/0" in rule.figures()


def test_a_rule_below_that_probes_is_asked(make):
    rule = make("plr", options={"base": "lilo"})
    assert (rule.candidates, rule.probe) == (4.0, 4)


def test_scores_by_advantage(make, seen, right):
    rule = make("plr", levels={"sudoku": 1}, options={"score": "advantage"})
    rule.update([seen("sudoku/0", right(0, 4), 7, rewards=[0.0, 0.2, 0.0, 0.2]), seen("sudoku/0", [], 8)])
    assert rule.buffer == {(0, 7): (1.0, 0)}


def test_mistakes(make):
    with pytest.raises(UnknownName, match="did you mean 'mopps'"):
        make("plr", options={"base": "mops"})
    with pytest.raises(UnknownName, match="did you mean 'learnability'"):
        make("plr", options={"score": "learnable"})
    for base in ("plr", "vcrl"):
        with pytest.raises(BadValue, match=f"curriculum.base = '{base}': must be a rule that does not"):
            make("plr", options={"base": base})
    with pytest.raises(BadValue, match=r"curriculum.beta = 0\.0"):
        make("plr", options={"beta": 0.0})
