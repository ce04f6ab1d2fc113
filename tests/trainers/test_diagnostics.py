"""Alarms begin, sound once, end and begin again; a batch that gave NaN is written down whole."""

import copy
import dataclasses
import json

import pytest

torch = pytest.importorskip("torch")

from gradarium.core import Verdict  # noqa: E402
from gradarium.errors import GradariumError  # noqa: E402
from gradarium.generators import get_task  # noqa: E402
from gradarium.trainers.config import DiagnosticsConfig, GRPOConfig, RunConfig, StepConfig, TaskEntry  # noqa: E402
from gradarium.trainers.curricula.weighted import Weighted  # noqa: E402
from gradarium.trainers.data import Arm, Group, Rollout  # noqa: E402
from gradarium.trainers.diagnostics import WINDOW, Alarm, Alarms  # noqa: E402
from gradarium.trainers.grpo import grpo_step  # noqa: E402
from gradarium.trainers.learner import Learner, NotFinite  # noqa: E402
from gradarium.trainers.records import batch_of  # noqa: E402
from gradarium.trainers.rollouts import Collector  # noqa: E402

OPTIONS = DiagnosticsConfig(no_signal=3, missing=0.5, overfit=2)


def step(alarms, useful=1, missing=0.0, reward=0.5, stalled=False):
    return alarms.after_step({"groups_useful": useful, "missing": missing}, reward, stalled)


def look(alarms, reward, held_out):
    """One step that earned ``reward``, and a look at the dev split."""
    assert step(alarms, reward=reward) == []
    return alarms.after_look(held_out)


def test_a_healthy_run_is_silent():
    alarms = Alarms(OPTIONS)
    for k in range(200):
        assert step(alarms, useful=k % 3, missing=0.3 - 0.001 * k, reward=k / 200) == []
        if k % 10 == 9:
            assert alarms.after_look(k / 300) == []


def test_no_signal_sounds_once_after_its_steps_and_again_after_a_useful_group():
    alarms = Alarms(OPTIONS)
    heard = [bool(step(alarms, useful=useful)) for useful in (0, 0, 0, 0, 0, 2, 0, 0, 0, 0)]
    assert heard == [False, False, True, False, False, False, False, False, True, False]
    (text,) = step(Alarms(DiagnosticsConfig(no_signal=1)), useful=0)
    assert "no group had different rewards in 1 steps" in text and "warm start" in text


def test_steps_without_a_signal_count_only_in_a_row():
    alarms = Alarms(OPTIONS)
    assert not any(step(alarms, useful=useful) for useful in (0, 0, 1) * 10)


def test_stalled_sounds_once_until_a_step_moves_something():
    alarms = Alarms(OPTIONS)
    heard = [step(alarms, stalled=stalled) for stalled in (True, True, False, True)]
    assert [len(texts) for texts in heard] == [1, 0, 0, 1]
    assert "raise step.lr" in heard[0][0]


def test_a_collapse_of_the_format_is_heard_and_a_format_never_learned_is_not():
    never = Alarms(OPTIONS)
    assert not any(step(never, missing=0.9) for _ in range(3 * WINDOW))

    alarms = Alarms(OPTIONS)
    assert not any(step(alarms, missing=0.0) for _ in range(WINDOW))
    heard = [step(alarms, missing=1.0) for _ in range(WINDOW)]
    first = next(k for k, texts in enumerate(heard) if texts)
    assert first + 1 == WINDOW // 2 + 1  # the first mean above one half
    assert sum(map(len, heard)) == 1
    assert "55% of the completions" in heard[first][0] and "0% did before" in heard[first][0]
    assert not any(step(alarms, missing=0.0) for _ in range(WINDOW))
    assert sum(len(step(alarms, missing=1.0)) for _ in range(WINDOW)) == 1


def test_a_format_that_was_half_bad_all_along_does_not_collapse():
    alarms = Alarms(OPTIONS)
    assert not any(step(alarms, missing=0.3) for _ in range(WINDOW))  # not below half of one half
    assert not any(step(alarms, missing=0.9) for _ in range(WINDOW))


def test_one_bad_step_is_no_collapse():
    alarms = Alarms(OPTIONS)
    assert not any(step(alarms, missing=1.0 if k == 30 else 0.0) for k in range(60))


def test_overfit_sounds_after_its_looks_ends_and_begins_again():
    alarms = Alarms(OPTIONS)
    rewards = (0.1, 0.2, 0.3, 0.4, 0.3, 0.4, 0.5)
    held_out = (0.9, 0.8, 0.7, 0.6, 0.7, 0.6, 0.5)
    heard = [look(alarms, *pair) for pair in zip(rewards, held_out, strict=True)]
    assert [len(texts) for texts in heard] == [0, 0, 1, 0, 0, 0, 1]
    assert "fell from 0.900 to 0.700" in heard[2][0] and "rose from 0.100 to 0.300" in heard[2][0]


@pytest.mark.parametrize(
    ("rewards", "held_out"),
    [((0.1, 0.2, 0.3), (0.7, 0.8, 0.9)), ((0.3, 0.2, 0.1), (0.9, 0.8, 0.7)), ((0.1, 0.2, 0.3), (0.9, 0.8, 0.8))],
    ids=["both rise", "both fall", "held-out stays"],
)
def test_other_courses_are_no_overfit(rewards, held_out):
    alarms = Alarms(OPTIONS)
    assert not any(look(alarms, *pair) for pair in zip(rewards, held_out, strict=True))


def test_a_look_takes_the_mean_reward_since_the_one_before():
    alarms = Alarms(OPTIONS)
    for reward in (0.0, 1.0, None):
        step(alarms, reward=reward)
    alarms.after_look(0.9)
    step(alarms, reward=None)
    alarms.after_look(0.8)  # nothing was paid: the reward stays what it was
    step(alarms, reward=0.25)
    alarms.after_look(0.7)
    assert [reward for reward, _ in alarms.looks] == [0.5, 0.5, 0.25]


def test_alarms_of_steps_and_of_looks_do_not_end_each_other():
    alarms = Alarms(DiagnosticsConfig(no_signal=1, overfit=1))
    assert len(step(alarms, useful=0, reward=0.1)) == 1
    assert alarms.after_look(0.9) == []
    assert step(alarms, useful=0, reward=0.2) == []
    assert len(alarms.after_look(0.8)) == 1
    assert step(alarms, useful=0, reward=0.3) == []
    assert alarms.after_look(0.7) == []
    assert set(alarms.sounding) == {"no signal", "overfit"}


def test_several_alarms_of_a_step_are_all_said():
    assert len(step(Alarms(DiagnosticsConfig(no_signal=1)), useful=0, stalled=True)) == 2


def test_stop_ends_the_run_at_the_first_alarm():
    alarms = Alarms(dataclasses.replace(OPTIONS, stop=True))
    step(alarms, useful=0)
    step(alarms, useful=0)
    with pytest.raises(Alarm, match=r"no group had different rewards in 3 steps.*diagnostics\.stop") as caught:
        step(alarms, useful=0)
    assert isinstance(caught.value, GradariumError)
    overfit = Alarms(dataclasses.replace(OPTIONS, stop=True))
    look(overfit, 0.1, 0.9)
    look(overfit, 0.2, 0.8)
    with pytest.raises(Alarm, match="held-out success fell"):
        look(overfit, 0.3, 0.7)


def test_a_resumed_run_hears_what_the_first_would_have_heard():
    def course(alarms, first, last):
        heard = []
        for k in range(first, last):
            texts = step(alarms, useful=k % 11 > 6, missing=0.05 if k < 25 else 0.95, reward=k / 80, stalled=k % 9 == 8)
            heard.append([*texts, *(alarms.after_look(1 - k / 80) if k % 5 == 4 else [])])
        return heard

    whole = course(Alarms(OPTIONS), 0, 80)
    assert {len(texts) for texts in whole} >= {0, 1}
    for cut in (7, 30, 38, 79):
        begun = Alarms(OPTIONS)
        course(begun, 0, cut)
        resumed = Alarms(OPTIONS)
        resumed.load_state_dict(json.loads(json.dumps(begun.state_dict())))
        assert resumed.state_dict() == begun.state_dict()
        assert course(resumed, cut, 80) == whole[cut:]


def test_the_state_stays_small():
    alarms = Alarms(OPTIONS)
    for _ in range(100):
        step(alarms, missing=0.25, reward=0.25)
    size = len(json.dumps(alarms.state_dict()))
    for _ in range(5000):
        step(alarms, missing=0.25, reward=0.25)
    assert len(json.dumps(alarms.state_dict())) < size + 20


def test_a_saved_batch_is_json_and_complete():
    verdict = Verdict.wrong("no")
    rollout = Rollout([5, 6], [float("nan"), -1.5], "length", "ab", verdict, 0.25, (0.0, 1.0, -0.5), given=1)
    failed = Rollout([7], [-0.5], "stop", "c", Verdict.error("gone"), None, (0.0, 1.0, 0.0), guided=True, tempered=True)
    group = Group(Arm("countdown", 2), get_task("countdown").pose(4, 2), [1, 2, 3], [rollout, failed], greedy=1.0)
    (saved,) = json.loads(json.dumps(batch_of([group]), allow_nan=False))
    assert (saved["arm"], saved["index"], saved["prompt_ids"], saved["greedy"]) == ("countdown/2", 4, [1, 2, 3], 1.0)
    assert [r["status"] for r in saved["rollouts"]] == ["wrong", "error"]
    for record, original in zip(saved["rollouts"], (rollout, failed), strict=True):
        for name in {field.name for field in dataclasses.fields(Rollout)} - {"verdict", "logprobs", "parts"}:
            assert record[name] == getattr(original, name), name
        assert record["parts"] == list(original.parts)
    assert saved["rollouts"][0]["logprobs"] == [None, -1.5]


class Fair:
    """Pays every other completion."""

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.correct() if k % 2 else Verdict.wrong("") for k in range(len(texts))]


def test_a_gradient_that_is_not_finite_brings_its_batch_along(tiny):
    config = RunConfig(
        grpo=GRPOConfig(prompts=2, group=4, max_new_tokens=4),
        step=StepConfig(lr=0.1, lr_warmup=0),
        task=(TaskEntry("countdown"),),
    )
    learner = Learner(copy.deepcopy(tiny[0]), tiny[1], config, 0.1)
    collector = Collector(learner.engine, tiny[1], Weighted(config.task, 0), Fair(), config)
    next(learner.model.parameters()).register_hook(lambda grad: grad * float("inf"))
    with pytest.raises(NotFinite) as caught:
        grpo_step(learner, collector, 0)
    saved = json.loads(json.dumps(batch_of(caught.value.groups), allow_nan=False))
    assert [len(group["rollouts"]) for group in saved] == [4, 4]
    assert [group["index"] for group in saved] == [0, 1]
