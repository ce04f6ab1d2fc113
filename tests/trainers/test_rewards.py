import dataclasses
import math
from pathlib import Path

import pytest

from gradarium.core import Status, Verdict
from gradarium.envs.prompts import render_prompt
from gradarium.errors import GradariumError
from gradarium.generators import get_task, task_names
from gradarium.trainers.abstention import OFFER, OFFER_BRIEF, PHRASES, abstains
from gradarium.trainers.config import GRPOConfig, RewardConfig, RunConfig, TaskEntry
from gradarium.trainers.config_file import load_config, to_dict
from gradarium.trainers.data import Rollout
from gradarium.trainers.lengths import EFFORTS, LENGTHS, Written, budget, cosine, effort_of, kimi, lcpo_max
from gradarium.trainers.rewards import (
    Parts,
    options_of,
    overlong_penalty,
    part_weights,
    parts_paid,
    pay,
    score_of,
    told,
)
from gradarium.verifiers.answers import FORMATS

RIGHT, WRONG = Verdict.correct(), Verdict.wrong("no")
MISSING, UNREADABLE = Verdict.missing("no answer"), Verdict.unreadable("bad form")
ERROR, TIMEOUT = Verdict.error("broke"), Verdict.timeout("slow")
INSTANCE = get_task("zebra_logic").pose(0)
DONT_KNOW = "Hm. <answer>I don't know</answer>"


def rollout(verdict, tokens=10, finish="stop", text="", **marks):
    return Rollout([0] * tokens, [-1.0] * tokens, finish, text, verdict, None, **marks)


def paid(*rollouts, limit=100, **options):
    return [r.reward for r in pay(INSTANCE, rollouts, limit, RewardConfig(**options))]


def one(verdict, finish="stop", tokens=10, limit=100, **options):
    [found] = paid(rollout(verdict, tokens, finish), limit=limit, **options)
    return found


# Score, format, soft punishment, masking


@pytest.mark.parametrize(("tokens", "expected"), [(0, 0), (16384, 0), (18432, -0.5), (20480, -1), (20481, -1)])
def test_overlong_golden(tokens, expected):
    assert overlong_penalty(tokens, 20480, 4096) == expected


def test_overlong_of_a_cache_of_the_whole_limit_or_none():
    assert [overlong_penalty(n, 8, 8) for n in (0, 2, 8, 9)] == [0, -0.25, -1, -1]
    assert [overlong_penalty(n, 8, 0) for n in (7, 8, 9)] == [0, 0, -1]


def test_by_default_the_score_is_the_reward():
    assert [one(v) for v in (RIGHT, WRONG, MISSING, UNREADABLE)] == [1, 0, 0, 0]
    assert one(RIGHT, "length", tokens=100) == 1


def test_format_is_paid_for_what_could_be_read():
    assert [one(v, format=0.25, score=2.0) for v in (RIGHT, WRONG, MISSING, UNREADABLE)] == [2.25, 0.25, 0, 0]


def test_given_tokens_are_not_of_the_limit():
    assert paid(rollout(RIGHT, 110, given=30), overlong=10) == [1]
    assert paid(rollout(RIGHT, 125, given=30), overlong=10) == [0.5]


def test_overlong_is_taken_off_right_and_wrong_answers():
    assert [one(v, tokens=95, overlong=10) for v in (RIGHT, WRONG)] == [0.5, -0.5]
    assert one(RIGHT, tokens=90, overlong=10) == 1
    assert one(RIGHT, tokens=100, overlong=10) == 0


@pytest.mark.parametrize("verdict", [ERROR, TIMEOUT])
@pytest.mark.parametrize(
    "options",
    [{}, {"format": 1.0, "overlong": 10}, {"ternary": True}, {"chance_corrected": True}]
    + [{"length": name} for name in LENGTHS],
)
def test_a_failure_of_the_suite_is_no_reward(verdict, options):
    found = paid(rollout(verdict, text=DONT_KNOW), rollout(RIGHT, tokens=20), rollout(WRONG, tokens=30), **options)
    assert found[0] is None
    assert None not in found[1:]


def test_truncated_samples_are_masked_only_if_asked():
    assert one(RIGHT, "length", mask_truncated=True) is None
    assert one(RIGHT, "stop", tokens=100, mask_truncated=True) == 1


def test_the_reward_is_the_weighted_sum_of_the_parts():
    options = RewardConfig(score=0.5, format=0.2, overlong=20, length="cosine", length_weight=0.1)
    [found] = pay(INSTANCE, [rollout(WRONG, 95)], 100, options)
    along = -0.5 + (-1.0 + 0.5) * (1 + math.cos(0.95 * math.pi)) / 2
    assert found.parts == pytest.approx(Parts(score=0.0, format=1.0, overlong=-0.75, length=along))
    assert part_weights(options) == Parts(score=0.5, format=0.2, overlong=1.0, length=0.1)
    assert found.reward == pytest.approx(0.2 - 0.75 + 0.1 * along)
    assert parts_paid(options) == ("score", "format", "overlong", "length")
    assert parts_paid(RewardConfig()) == ("score",)


def test_every_status_has_parts():
    for status in Status:
        [found] = pay(INSTANCE, [rollout(Verdict(0.0, status))], 10, RewardConfig())
        assert found.parts[1] == (status not in (Status.MISSING, Status.UNREADABLE))


def test_paying_twice_is_paying_once():
    rows = [rollout(RIGHT, 5), rollout(WRONG, 9, text=DONT_KNOW), rollout(ERROR), rollout(RIGHT, 7, tempered=True)]
    for options in (RewardConfig(), RewardConfig(length="kimi", ternary=True), RewardConfig(length="cosine")):
        once = pay(INSTANCE, rows, 20, options)
        assert pay(INSTANCE, once, 20, options) == once
        assert [r.verdict for r in once] == [r.verdict for r in rows]


# Partial credit, chance


def test_partial_credit_is_the_mean_of_the_shares_of_a_wrong_answer():
    half, quarter = Verdict.wrong("x", clues=0.5), Verdict.wrong("x", a=0.5, b=0.0)
    assert [one(v) for v in (half, quarter)] == [0, 0]  # opt-in
    assert [one(v, partial=1.0) for v in (half, quarter, WRONG, MISSING)] == [0.5, 0.25, 0, 0]
    assert one(half, partial=0.2) == pytest.approx(0.1)
    assert one(Verdict.correct(clues=1.0), partial=0.2) == 1


def test_partial_credit_of_a_real_verdict():
    task = get_task("crypto_kka")
    instance = task.pose(3)
    wrong = instance.reference[:-1] + ("a" if instance.reference[-1].lower() != "a" else "b")
    verdict = task.verify(wrong, instance.payload)
    assert verdict.score == 0 and 0.5 < verdict.parts["letters"] < 1
    [found] = pay(instance, [rollout(verdict)], 100, RewardConfig(partial=0.5))
    assert found.reward == pytest.approx(0.5 * verdict.parts["letters"])


def test_chance_golden():
    options = RewardConfig(partial=1.0, chance_corrected=True)
    found = [
        score_of(v, False, 0.2, options) for v in (RIGHT, WRONG, Verdict.wrong("", a=0.2), Verdict.wrong("", a=0.6))
    ]
    assert found == pytest.approx([1.0, -0.25, 0.0, 0.5])
    assert found[0] == 1.0  # exactly: a right answer keeps its pay at any level of chance


@pytest.mark.parametrize("chance", [0.0, 0.1, 0.25, 0.5])
def test_a_guesser_earns_nothing_on_average(chance):
    options = RewardConfig(chance_corrected=True)
    right, wrong = (score_of(v, False, chance, options) for v in (RIGHT, WRONG))
    assert chance * right + (1 - chance) * wrong == pytest.approx(0.0, abs=1e-12)


def test_chance_is_that_of_the_task():
    task = get_task(INSTANCE.task)
    assert 0 < task.chance < 1
    assert one(WRONG, chance_corrected=True) == pytest.approx(-task.chance / (1 - task.chance))
    assert all(get_task(name).chance < 1 for name in task_names())  # else the correction would divide by 0


# Ternary


def test_ternary_golden():
    found = paid(
        rollout(RIGHT),
        rollout(WRONG),
        rollout(MISSING),
        rollout(UNREADABLE, text="<answer>banana</answer>"),
        rollout(UNREADABLE, text=DONT_KNOW),
        rollout(WRONG, text=DONT_KNOW),
        ternary=True,
    )
    assert found == [1, -1, -1, -1, 0, 0]


def test_an_abstention_has_the_asked_form():
    rows = pay(INSTANCE, [rollout(UNREADABLE, text=DONT_KNOW)], 100, RewardConfig(ternary=True, format=0.1))
    assert rows[0].abstained and rows[0].reward == pytest.approx(0.1)


def test_without_ternary_an_abstention_is_what_the_verifier_says():
    [found] = pay(INSTANCE, [rollout(UNREADABLE, text=DONT_KNOW)], 100, RewardConfig(format=0.1))
    assert not found.abstained and found.reward == 0


def test_an_answer_that_is_right_is_no_abstention():
    [found] = pay(INSTANCE, [rollout(RIGHT, text=DONT_KNOW)], 100, RewardConfig(ternary=True))
    assert not found.abstained and found.reward == 1


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "said", ["I don't know", "i don\u2019t know.", '"I do not know"', "I  DONT  KNOW", "I don't know!"]
)
def test_abstentions_in_every_format(name, said):
    assert abstains(FORMATS[name].render(said), name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I don't know",  # not in the asked form
        "I don't know. <answer>3 1</answer>",
        "<answer>I don't know whether it is 3 or 4, so 3</answer>",
        "<answer>unknown</answer>",
        "<answer>don't know</answer>",
        "<answer></answer>",
        "<answer>I don't know</answer> or <answer>3</answer>",  # two answers side by side
        "<think><answer>I don't know</answer>",
        "<answer>" + "I don't know " * 10_000 + "</answer>",
    ],
)
def test_no_abstentions(text):
    assert not abstains(text, "tag")


def test_words_in_a_box_may_be_marked_as_text():
    assert abstains("\\boxed{\\text{I don't know}}", "boxed")
    assert not abstains("\\boxed{\\text{three}}", "boxed")


def test_the_last_answer_counts():
    assert abstains("<answer>3</answer> No, wait. That is wrong. <answer>I don't know</answer>", "tag")


def test_no_task_takes_an_abstention_for_right():
    for name in task_names():
        task = get_task(name)
        if not task.sandboxed:
            instance = task.pose(0)
            assert task.verify(PHRASES[0], instance.payload).score == 0, name


# Lengths


def test_kimi_golden():
    group = [Written(100, True), Written(300, True), Written(500, True), Written(200, False), Written(400, False)]
    assert kimi(group, 1000, RewardConfig()) == pytest.approx([0.5, 0.0, -0.5, 0.0, -0.25])
    assert kimi([Written(7, True), Written(7, False)], 10, RewardConfig()) == [0, 0]
    assert kimi([Written(7, True)], 10, RewardConfig()) == [0]
    assert kimi([Written(7, True), Written(8, True)], 10, RewardConfig()) == [0.5, -0.5]


def test_kimi_in_a_group():
    rows = [rollout(RIGHT, 10), rollout(RIGHT, 20), rollout(WRONG, 30), rollout(WRONG, 10)]
    assert paid(*rows, length="kimi", length_weight=0.5) == pytest.approx([1.25, 1.0, -0.25, 0.0])


def test_masked_and_tempered_samples_are_no_measure_of_length():
    rows = [rollout(RIGHT, 10), rollout(RIGHT, 20)]
    far = [rollout(ERROR, 1000), rollout(RIGHT, 1), rollout(RIGHT, 100, "length")]
    far[1] = dataclasses.replace(far[1], tempered=True)
    assert paid(*rows, *far, length="kimi", mask_truncated=True) == [1.5, 0.5, None, 1.0, None]
    assert paid(rollout(ERROR), rollout(TIMEOUT), length="kimi") == [None, None]


@pytest.mark.parametrize(
    ("tokens", "right", "expected"),
    [(0, True, 1.0), (50, True, 0.75), (100, True, 0.5), (0, False, -1.0), (50, False, -0.75), (100, False, -0.5)],
)
def test_cosine_golden(tokens, right, expected):
    """The values of TRL's get_cosine_scaled_reward(max_len=100)."""
    [added] = cosine([Written(tokens, right)], 100, RewardConfig())
    assert right + added == pytest.approx(expected)
    verdict = RIGHT if right else WRONG
    assert one(verdict, tokens=tokens, length="cosine") == pytest.approx(expected)


def test_cosine_agrees_with_trl(monkeypatch):
    rewards = pytest.importorskip("trl.rewards.accuracy_rewards")
    monkeypatch.setattr(rewards, "accuracy_reward", lambda completions, solution: completions)  # said, not verified
    scaled = rewards.get_cosine_scaled_reward(max_len=64)
    for tokens in (0, 1, 13, 32, 63, 64):
        for right in (True, False):
            [expected] = scaled([float(right)], [""], [[1] * tokens])
            [added] = cosine([Written(tokens, right)], 64, RewardConfig())
            assert right + added == pytest.approx(expected)


def test_cosine_with_the_papers_shape():
    options = RewardConfig(
        cosine_right_short=2.0, cosine_right_long=1.0, cosine_wrong_short=-10.0, cosine_wrong_long=0.0, cosine_cut=-10.0
    )
    group = [Written(25, True), Written(25, False), Written(100, True, cut=True), Written(100, False, cut=True)]
    added = cosine(group, 100, options)
    quarter = (1 + math.cos(math.pi / 4)) / 2
    assert [a + w.right for a, w in zip(added, group, strict=True)] == pytest.approx(
        [1 + quarter, -10 * quarter, -10, -10]
    )


def test_lcpo_max_golden():
    options = RewardConfig()
    group = [Written(n, True) for n in (0, 1000, 2000, 3000, 3700)] + [Written(10, False)]
    found = lcpo_max(group, 2000, options)
    totals = [0.0003 * (2000 - n) + 0.5 for n in (0, 1000, 2000, 3000)]
    assert [1 + x for x in found[:4]] == pytest.approx([min(1, t) for t in totals])
    assert found[4:] == [-1.0, 0.0]


def test_the_budget_is_that_of_the_effort():
    assert [budget(effort, 100) for effort in EFFORTS] == [100, 50, 25]
    assert budget("low", 1) == 1
    options = {"length": "lcpo_max", "effort_slope": 0.1}
    found = {effort: one(RIGHT, tokens=30, effort=effort, **options) for effort in EFFORTS}
    assert found == pytest.approx({"high": 1.0, "medium": 1.0, "low": 0.0})
    assert one(RIGHT, tokens=24, effort="low", **options) == pytest.approx(0.6)
    assert one(WRONG, tokens=24, effort="low", **options) == 0


def test_mixed_effort_is_one_of_three_for_each_problem():
    mixed = RewardConfig(length="lcpo_max", effort="mixed")
    task = get_task("chain_arithmetic")
    found = [effort_of(task.pose(i, 3), mixed) for i in range(300)]
    assert found == [effort_of(task.pose(i, 3), mixed) for i in range(300)]
    assert all(70 <= found.count(effort) <= 130 for effort in EFFORTS)


@pytest.mark.parametrize("name", LENGTHS)
def test_length_is_never_paid_to_abstentions(name):
    rows = [rollout(UNREADABLE, 1, text=DONT_KNOW), rollout(WRONG, 100), rollout(RIGHT, 50)]
    if name == "cosine":
        [found] = cosine([Written(1, False, abstained=True)], 100, RewardConfig())
        assert found == 0
    else:
        assert paid(*rows, ternary=True, length=name)[0] == 0


# What the prompt says


def test_nothing_is_told_by_default():
    assert told(INSTANCE, 64, RewardConfig()) is INSTANCE
    for name in ("kimi", "cosine"):
        assert told(INSTANCE, 64, RewardConfig(length=name)) is INSTANCE


def test_the_prompt_offers_abstention():
    found = told(INSTANCE, 64, RewardConfig(ternary=True))
    prompt = render_prompt(found)
    assert prompt.startswith(INSTANCE.question) and prompt.count(OFFER) == 1
    assert prompt.endswith(render_prompt(INSTANCE)[len(INSTANCE.question) :])
    assert (found.payload, found.reference, found.key) == (INSTANCE.payload, INSTANCE.reference, INSTANCE.key)
    brief = render_prompt(told(get_task("countdown").pose(0), 64, RewardConfig(ternary=True)), "brief")
    assert brief.splitlines()[-1] == OFFER_BRIEF
    assert abstains(FORMATS["tag"].render(OFFER_BRIEF.removeprefix("or: ")), "tag")


def test_the_prompt_names_the_budget():
    options = RewardConfig(length="lcpo_max", effort="low")
    assert "Reasoning effort: low. Take at most 16 tokens" in render_prompt(told(INSTANCE, 64, options))


# Options of a task


TASKS = """
[reward]
format = 0.1
[[task]]
name = "chain_arithmetic"
[[task]]
name = "zebra_logic"
reward = {partial = 0.5, length = "kimi"}
[[task]]
name = "tag:crypto"
reward = {score = 2}
"""


def config_of(tmp_path, text, *overrides):
    path = tmp_path / "mixture.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, overrides)


def test_a_task_may_have_options_of_its_own(tmp_path):
    config = config_of(tmp_path, TASKS)
    assert options_of(config, "chain_arithmetic") == config.reward == RewardConfig(format=0.1)
    assert options_of(config, "zebra_logic") == RewardConfig(format=0.1, partial=0.5, length="kimi")
    assert options_of(config, "crypto_kka") == RewardConfig(format=0.1, score=2.0)
    assert options_of(config, "no_task_of_it") == config.reward
    tables = {entry["name"]: entry["reward"] for entry in to_dict(config)["task"]}
    assert tables["chain_arithmetic"] is None and tables["zebra_logic"]["partial"] == 0.5


def test_overrides_reach_the_options_of_tasks(tmp_path):
    config = config_of(tmp_path, TASKS, "--reward.format", "0.3", "--reward.score", "1.5")
    assert options_of(config, "zebra_logic").format == 0.3
    assert (options_of(config, "zebra_logic").score, options_of(config, "crypto_kka").score) == (1.5, 2.0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("{lenght = 'kimi'}", "unknown option of task[0].reward 'lenght': did you mean 'length'?"),
        ("{length = 'kimy'}", "unknown reward for length 'kimy': did you mean 'kimi'?"),
        ("{length = 'lcpo_max', effort = 'midium'}", "unknown effort 'midium': did you mean 'medium'?"),
        ("{partial = 1.5}", "task countdown: reward.partial = 1.5: must be at most 1.0"),
        ("{score = -1}", "task countdown: reward.score = -1.0: must be at least 0.0"),
        ("{cosine_cut = inf}", "task countdown: reward.cosine_cut = inf: must be at least -100.0"),
        ("{overlong = 64}", "task countdown: reward.overlong = 64: must be below grpo.max_new_tokens"),
        ("{ternary = 1}", "task[0].reward.ternary = 1: must be bool"),
        ("{ternary = true, partial = 0.5}", "leave one of them out"),
        ("{ternary = true, chance_corrected = true}", "leave one of them out"),
        ("{ternary = true, length = 'cosine'}", "both it and ternary say what a wrong answer costs"),
        ("3", "task[0].reward = 3: must be a table"),
    ],
)
def test_bad_options_are_named(tmp_path, table, message):
    with pytest.raises(GradariumError) as error:
        config_of(tmp_path, f"[[task]]\nname = 'countdown'\nreward = {table}\n")
    assert message in str(error.value)


@pytest.mark.parametrize("option", ["ternary = true", "chance_corrected = true", "length = 'kimi'"])
def test_nft_takes_no_rewards_outside_its_range(tmp_path, option):
    with pytest.raises(GradariumError, match=f"{option.split()[0]} would lose its meaning"):
        config_of(tmp_path, f"[reward]\n{option}\n[loss]\nname = 'nft'\n[[task]]\nname = 'countdown'\n")


@pytest.mark.parametrize("option", ["ternary = true", "chance_corrected = true", "length = 'cosine'", "overlong = 9"])
def test_maxrl_takes_no_negative_rewards(tmp_path, option):
    """It divides by their mean: at one of 1e-17, which is 0 but for rounding, an advantage would be 1e17."""
    with pytest.raises(GradariumError, match=f"divides by the mean reward, which task countdown: reward.{option[:5]}"):
        config_of(tmp_path, f"[grpo]\nadvantage = 'maxrl'\n[[task]]\nname = 'countdown'\nreward = {{{option}}}\n")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("length = 'kimi', partial = 0.6", "a right answer of 64 tokens would be paid 0.5, a wrong one of 1 up to 0.6"),
        (
            "length = 'kimi', length_weight = 2.5",
            "of 64 tokens would be paid -0.25, a wrong one of 1 up to 0; lower it",
        ),
        ("length = 'cosine', cosine_wrong_long = 0.6", "of 64 tokens would be paid 0.5, a wrong one of 64 up to 0.6"),
        ("length = 'lcpo_max', effort_slope = 0.1, partial = 0.2, effort = 'low'", "up to 0.2; lower it, or partial"),
    ],
)
def test_no_wrong_answer_is_worth_more_than_a_right_one_for_its_length(tmp_path, table, message):
    with pytest.raises(GradariumError) as error:
        config_of(tmp_path, f"[[task]]\nname = 'countdown'\nreward = {{{table}}}\n")
    assert "task countdown: reward.length_weight = " in str(error.value) and message in str(error.value)


@pytest.mark.parametrize("name", ["score", "format", "length_weight"])
def test_rewards_stay_finite(tmp_path, name):
    with pytest.raises(GradariumError, match=f"reward.{name} = 1e\\+39: must be at most 100"):  # inf in fp32
        config_of(tmp_path, f"[reward]\n{name} = 1e39\n[[task]]\nname = 'countdown'\n")


def test_a_run_config_made_by_hand():
    entry = TaskEntry("countdown", reward=RewardConfig(score=3.0))
    assert options_of(RunConfig(task=(entry,)), "countdown").score == 3.0


# In the loop


def grouped(name, rows, config):
    data = pytest.importorskip("gradarium.trainers.data")
    instance = get_task(name).pose(0)
    return data.Group(data.Arm(name, 0), instance, [1], pay(instance, rows, 100, options_of(config, name)))


def test_shorter_right_answers_have_the_greater_advantage():
    pytest.importorskip("torch")
    from gradarium.trainers.batch import compare

    rows = [rollout(RIGHT, 10), rollout(RIGHT, 20), rollout(WRONG, 15), rollout(ERROR, 90)]
    config = RunConfig(
        grpo=GRPOConfig(advantage="dr_grpo"),
        reward=RewardConfig(length="kimi"),
        task=(TaskEntry("countdown"), TaskEntry("sudoku", reward=RewardConfig())),
    )
    advantages, rewards = compare([grouped(name, rows, config) for name in ("countdown", "sudoku")], config)
    assert rewards[0, :3].tolist() == [1.5, 0.5, 0.0] and rewards[1, :3].tolist() == [1.0, 1.0, 0.0]
    assert rewards[:, 3].isnan().all()
    assert advantages[0].tolist() == pytest.approx([5 / 6, -1 / 6, -2 / 3, 0.0])
    assert advantages[1].tolist() == pytest.approx([1 / 3, 1 / 3, -2 / 3, 0.0])


def test_gdpo_weighs_the_parts_of_each_task_by_its_own_options():
    pytest.importorskip("torch")
    from gradarium.trainers.batch import compare

    rows = [rollout(RIGHT), rollout(WRONG), rollout(MISSING)]
    config = RunConfig(
        grpo=GRPOConfig(advantage="gdpo"),
        task=(
            TaskEntry("countdown", reward=RewardConfig(score=1.0)),
            TaskEntry("sudoku", reward=RewardConfig(score=0.0, format=2.0)),
        ),
    )
    advantages, _ = compare([grouped(name, rows, config) for name in ("countdown", "sudoku")], config)
    unit = 1 / 3**0.5  # deviations of (1, 0, 0) from their mean over their sigma: (2, -1, -1) / sqrt(3)
    total = [2 * unit, -unit, -unit, 2 * unit, 2 * unit, -4 * unit]
    sigma = (sum(x * x for x in total) / 5) ** 0.5
    assert advantages.flatten().tolist() == pytest.approx([x / sigma for x in total], rel=1e-3)


def test_the_collector_tells_and_pays_by_task(tiny):
    pytest.importorskip("torch")
    from gradarium.trainers.curricula import make_curriculum
    from gradarium.trainers.engines import make_engine
    from gradarium.trainers.records import shaping_by_arm
    from gradarium.trainers.rollouts import Collector
    from gradarium.trainers.verdicts import VerdictPool

    config = RunConfig(
        style="brief",
        answer_format="plain",
        grpo=GRPOConfig(prompts=4, group=3, max_new_tokens=4),
        task=(
            TaskEntry("countdown", reward=RewardConfig(ternary=True, length="kimi")),
            TaskEntry("chain_arithmetic"),
        ),
    )
    model, tokenizer = tiny
    engine = make_engine("hf", model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    groups, _ = Collector(engine, tokenizer, make_curriculum(config), VerdictPool(0), config).collect(0)
    by_task = {group.arm.task: group for group in groups}
    asked = tokenizer.decode(by_task["countdown"].prompt_ids)
    assert OFFER_BRIEF in asked and by_task["countdown"].instance.brief.endswith(OFFER_BRIEF)
    assert OFFER_BRIEF not in tokenizer.decode(by_task["chain_arithmetic"].prompt_ids)
    for group in groups:
        same = pay(group.instance, group.rollouts, 4, options_of(config, group.arm.task))
        assert same == group.rollouts and None not in group.rewards
    assert all(r.parts[0] == -1 for r in by_task["countdown"].rollouts)
    assert by_task["chain_arithmetic"].rewards == [0.0] * 3
    figures = shaping_by_arm(groups, config)
    assert figures["abstained"] == {"countdown/0": 0.0}
    assert figures["reward_parts"]["score"] == {"countdown/0": -1.0}
    assert set(figures["length"]) == {"countdown/0", "chain_arithmetic/0"}


def test_abstentions_are_no_loss_of_the_format(tiny, monkeypatch):
    pytest.importorskip("torch")
    from gradarium.trainers import rollouts
    from gradarium.trainers.curricula import make_curriculum
    from gradarium.trainers.engines import make_engine
    from gradarium.trainers.verdicts import VerdictPool

    monkeypatch.setattr(rollouts, "decode", lambda tokenizer, ids: "I don't know")
    config = RunConfig(
        style="brief",
        answer_format="plain",
        grpo=GRPOConfig(prompts=4, group=2, max_new_tokens=4),
        task=(TaskEntry("countdown", reward=RewardConfig(ternary=True)), TaskEntry("chain_arithmetic")),
    )
    engine = make_engine("hf", tiny[0], tiny[1].pad_token_id, [tiny[1].eos_token_id])
    collector = rollouts.Collector(engine, tiny[1], make_curriculum(config), VerdictPool(0), config)
    groups, figures = collector.collect(0)
    assert {r.verdict.status for g in groups for r in g.rollouts} == {Status.UNREADABLE}
    assert all(r.abstained == (g.arm.task == "countdown") for g in groups for r in g.rollouts)
    assert figures["missing"] == 0.5


def test_figures_of_shaping():
    pytest.importorskip("torch")
    from gradarium.trainers.records import shaping_by_arm

    plain = RunConfig(task=(TaskEntry("countdown"),))
    rows = [rollout(RIGHT, 10), rollout(WRONG, 30), rollout(ERROR, 50), rollout(RIGHT, 90, guided=True)]
    assert shaping_by_arm([grouped("countdown", rows, plain)], plain) == {"length": {"countdown/0": 30.0}}
    shaped = RunConfig(reward=RewardConfig(ternary=True, format=0.5), task=plain.task)
    rows[1] = rollout(UNREADABLE, 30, text="I don't know")
    found = shaping_by_arm([grouped("countdown", rows, shaped)], shaped)
    assert found["abstained"] == {"countdown/0": 0.0}  # not in the asked format of this task
    rows[1] = rollout(UNREADABLE, 30, text=DONT_KNOW)
    found = shaping_by_arm([grouped("countdown", rows, shaped)], shaped)
    assert found["abstained"] == {"countdown/0": 0.5}
    assert found["reward_parts"] == {"score": {"countdown/0": 0.5}, "format": {"countdown/0": 1.0}}


def test_papers_lists_every_reward_for_length():
    page = (Path(__file__).parents[2] / "docs" / "papers.md").read_text(encoding="utf-8")
    for name in LENGTHS:
        assert f'`reward.length = "{name}"`' in page, name
