"""Golden values: worked out by hand from the formulas of the papers; then everything that must not matter."""

import math
import random

import pytest

torch = pytest.importorskip("torch")

from gradarium.errors import BadValue  # noqa: E402
from gradarium.trainers.advantages import ADVANTAGES, NEEDS, Scored, needs_greedy  # noqa: E402

NAN = math.nan
ONE_OF_FOUR = [[1, 0, 0, 0]]
TWO = [[1, 0, 0, 0], [1, 1, 0, 1]]
THREE = [*TWO, [0, 0, 0, 0]]
RATHER_WHITE = [math.sqrt(3), *[-1 / math.sqrt(3)] * 3]  # (r - mu) / sqrt(3 / 16) of one success in four


def score(rewards, **fields):
    """Scored with every field that a rule may need, the same for all samples unless given."""
    rewards = torch.as_tensor(rewards, dtype=fields.pop("dtype", torch.float64))
    count, size = rewards.shape
    defaults = {
        "lengths": torch.ones(count, size, dtype=torch.float64),
        "arms": torch.zeros(count, dtype=torch.int64),
        "tasks": torch.zeros(count, dtype=torch.int64),
        "parts": rewards[:, :, None],
        "part_weights": [1.0],
        "greedy": torch.zeros(count),
    }
    return Scored(rewards, **{k: torch.as_tensor(v) for k, v in {**defaults, **fields}.items()})


def run(name, rewards, **fields):
    return ADVANTAGES[name](score(rewards, **fields))


GOLDEN = {
    "grpo": ("grpo", [[1, 0, 0, 1]], {}, [[0.86587543, -0.86587543, -0.86587543, 0.86587543]]),
    "grpo, one of four": ("grpo", ONE_OF_FOUR, {}, [[0.75 / 0.5001, *[-0.25 / 0.5001] * 3]]),
    "grpo_population": ("grpo_population", [[1, 0, 0, 1]], {}, [[0.99980004, -0.99980004, -0.99980004, 0.99980004]]),
    "dr_grpo": ("dr_grpo", ONE_OF_FOUR, {}, [[0.75, -0.25, -0.25, -0.25]]),
    "rloo": ("rloo", ONE_OF_FOUR, {}, [[1, -1 / 3, -1 / 3, -1 / 3]]),
    "maxrl": ("maxrl", ONE_OF_FOUR, {}, [[3, -1, -1, -1]]),
    "maxrl, mean below 0": ("maxrl", [[-1, 0, 0, 0]], {}, [[0, 0, 0, 0]]),
    "opo": ("opo", ONE_OF_FOUR, {"lengths": [[10, 2, 4, 4]]}, [[0.5, -0.5, -0.5, -0.5]]),
    "passk": ("passk", [[0.25, 1, 0.5, 0]], {}, [[0, 0.5, 0, 0]]),
    "passk, tie": ("passk", [[1, 1, 0, 0]], {}, [[0, 0, 0, 0]]),
    "passk, all below 0": ("passk", [[-3, -1, -2]], {}, [[0, 1, 0]]),
    "remax": ("remax", TWO, {"greedy": [0.0, 1.0]}, [[1, 0, 0, 0], [0, 0, -1, 0]]),
    "remax, greedy masked": ("remax", TWO, {"greedy": [NAN, 0.5]}, [[0, 0, 0, 0], [0.5, 0.5, -0.5, 0.5]]),
    "reinforce_plus_plus_baseline": (
        "reinforce_plus_plus_baseline",
        TWO,
        {},
        [[1.7320508, *[-0.5773503] * 3], [0.5773503, 0.5773503, -1.7320508, 0.5773503]],
    ),
    # tokens: 2 with reward 1, 6 with 0: mean 1/4, variance 3/16
    "reinforce_plus_plus": ("reinforce_plus_plus", [[1, 0]], {"lengths": [[2, 6]]}, [RATHER_WHITE[:2]]),
    # rewards less their means are 1/2, -1/2 and, over tokens (1, 3), have mean -1/4 and variance 3/16
    "reinforce_plus_plus_baseline, lengths": (
        "reinforce_plus_plus_baseline",
        [[1, 0]],
        {"lengths": [[1, 3]]},
        [RATHER_WHITE[:2]],
    ),
    # all 8 rewards: mean 1/2, sum of squares 2, sigma^2 = 2/7
    "batch_scaled": (
        "batch_scaled",
        TWO,
        {},
        [[x / (math.sqrt(2 / 7) + 1e-4) for x in row] for row in ([0.75, *[-0.25] * 3], [0.25, 0.25, -0.75, 0.25])],
    ),
    # first task as above; the second has 10 and 30 only, sigma^2 = 200
    "task_scaled": (
        "task_scaled",
        [*TWO, [10, 30, NAN, NAN]],
        {"tasks": [7, 7, 3]},
        [
            *(
                [x / (math.sqrt(2 / 7) + 1e-4) for x in row]
                for row in ([0.75, *[-0.25] * 3], [0.25, 0.25, -0.75, 0.25])
            ),
            [-10 / (math.sqrt(200) + 1e-4), 10 / (math.sqrt(200) + 1e-4), 0, 0],
        ],
    ),
    "gpg, no equal group": ("gpg", TWO, {}, [[0.75, *[-0.25] * 3], [0.25, 0.25, -0.75, 0.25]]),
    "gpg, one equal group of three": (
        "gpg",
        THREE,
        {},
        [[1.125, *[-0.375] * 3], [0.375, 0.375, -1.125, 0.375], [0] * 4],
    ),
    "gpg, all right is equal too": ("gpg", [[1, 0], [1, 1]], {}, [[1, -1], [0, 0]]),
    "gdpo": (
        "gdpo",
        [[1, 0, 2, 1]],
        {"parts": [[[1, 0], [0, 0], [1, 1], [1, 0]]], "part_weights": [1, 1]},
        [[0, -1.22466986, 1.22466986, 0]],
    ),
    "gdpo, a part of weight 0": (
        "gdpo",
        [[1, 0, 0, 1]],
        {"parts": [[[1, 5], [0, 9], [0, 2], [1, 0]]], "part_weights": [1, 0]},
        [[x * 0.86587543 / (0.86587543 * math.sqrt(4 / 3) + 1e-4) for x in (1, -1, -1, 1)]],
    ),
    "james_stein": (
        "james_stein",
        THREE,
        {},
        [[0.931819, *[-0.340909] * 3], [0.694437, 0.694437, -0.416679, 0.694437], [-0.249998] * 4],
    ),
    "james_stein, two groups are too few": (
        "james_stein",
        TWO,
        {},
        [[1, *[-1 / 3] * 3], [1 / 3, 1 / 3, -1, 1 / 3]],
    ),
    # the arm of the first, third and fifth group alone counts for it
    "james_stein, within the arm": (
        "james_stein",
        [THREE[0], [1, 0, 1, 0], THREE[1], [1, 1, 1, 0], THREE[2]],
        {"arms": [4, 2, 4, 2, 4]},
        [
            [0.931819, *[-0.340909] * 3],
            [2 / 3, -2 / 3, 2 / 3, -2 / 3],
            [0.694437, 0.694437, -0.416679, 0.694437],
            [1 / 3, 1 / 3, 1 / 3, -1],
            [-0.249998] * 4,
        ],
    ),
}


@pytest.mark.parametrize(("name", "rewards", "fields", "expected"), GOLDEN.values(), ids=GOLDEN)
def test_golden(name, rewards, fields, expected):
    found = run(name, rewards, **fields).tolist()
    assert found == [pytest.approx(row, abs=1e-6) for row in expected]


def test_every_rule_has_a_golden_value():
    assert {name for name, *_ in GOLDEN.values()} == set(ADVANTAGES)


def test_whitening_differs_from_verl_only_in_the_unbiased_variance():
    tokens = 8
    found = run("reinforce_plus_plus_baseline", TWO)[0, 0].item()
    assert found * math.sqrt((tokens - 1) / tokens) == pytest.approx(1.6201852, abs=1e-6)


def test_the_two_sigmas_of_grpo():
    assert run("grpo", ONE_OF_FOUR)[0].tolist() == pytest.approx([1.499997, *[-0.499999] * 3], abs=4e-4)
    ratio = run("grpo_population", ONE_OF_FOUR) / run("grpo", ONE_OF_FOUR)
    assert torch.allclose(ratio, torch.tensor(math.sqrt(4 / 3), dtype=torch.float64), atol=1e-3)


def test_rloo_is_the_reward_less_the_mean_of_the_others():
    rewards = [0.3, 0.9, 0.1, 0.6, 0.2]
    expected = [r - (sum(rewards) - r) / 4 for r in rewards]
    assert run("rloo", [rewards])[0].tolist() == pytest.approx(expected)


def batch(seed=0, groups=6, size=5, masked=True):
    """Random rewards, lengths, arms, tasks and parts, with some samples masked."""
    source = random.Random(seed)
    rewards = [[source.choice([0.0, 0.0, 0.25, 1.0]) for _ in range(size)] for _ in range(groups)]
    if masked:
        rewards[0][1] = rewards[3][4] = rewards[3][0] = NAN
    return score(
        rewards,
        lengths=[[float(source.randint(1, 9)) for _ in range(size)] for _ in range(groups)],
        arms=[0, 1, 0, 0, 1, 0][:groups],
        tasks=[0, 1, 0, 0, 2, 0][:groups],
        parts=torch.tensor(
            [[[source.random() for _ in range(2)] for _ in range(size)] for _ in range(groups)]
        ).double(),
        part_weights=[1.0, 0.5],
        greedy=[source.choice([0.0, 1.0]) for _ in range(groups)],
    )


PER_SAMPLE = ("rewards", "lengths", "parts")
PER_GROUP = (*PER_SAMPLE, "arms", "tasks", "greedy")


def changed(scored, names, change):
    return scored._replace(**{name: change(getattr(scored, name)) for name in names})


@pytest.mark.parametrize("name", ADVANTAGES)
def test_shape_dtype_and_finiteness(name):
    for dtype in (torch.float32, torch.float64):
        scored = batch()._replace(rewards=batch().rewards.to(dtype))
        found = ADVANTAGES[name](scored)
        assert found.shape == (6, 5)
        assert found.dtype == dtype
        assert found.isfinite().all()
        assert (found[scored.rewards.isnan()] == 0).all()
        assert found.any()


@pytest.mark.parametrize("name", ADVANTAGES)
def test_single_precision_is_enough(name):
    exact = ADVANTAGES[name](batch())
    single = changed(batch(), ("rewards", "lengths", "parts", "part_weights", "greedy"), lambda field: field.float())
    assert torch.allclose(ADVANTAGES[name](single).double(), exact, atol=1e-5)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_order_of_samples_does_not_matter(name):
    scored, order = batch(), [3, 0, 4, 1, 2]
    moved = changed(scored, PER_SAMPLE, lambda field: field[:, order])
    assert torch.allclose(ADVANTAGES[name](moved), ADVANTAGES[name](scored)[:, order], atol=1e-12)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_order_of_groups_does_not_matter(name):
    scored, order = batch(), [5, 2, 0, 4, 1, 3]
    moved = changed(scored, PER_GROUP, lambda field: field[order])
    assert torch.allclose(ADVANTAGES[name](moved), ADVANTAGES[name](scored)[order], atol=1e-12)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_numbers_of_arms_and_tasks_are_only_names(name):
    scored = batch()
    renamed = changed(scored, ("arms", "tasks"), lambda field: 90 - 7 * field)
    assert torch.allclose(ADVANTAGES[name](renamed), ADVANTAGES[name](scored), atol=1e-12)


@pytest.mark.parametrize("junk", [0.0, 1e6, NAN])
@pytest.mark.parametrize("name", ADVANTAGES)
def test_masked_samples_and_padding_are_as_if_they_had_not_been_drawn(name, junk):
    """Columns are added whose reward is NaN and whose other fields are anything."""
    scored = batch(masked=False)
    wide = changed(
        scored, PER_SAMPLE, lambda field: torch.cat([field[:, :2], field[:, :2] * 0 + junk, field[:, 2:]], 1)
    )
    wide.rewards[:, 2:4] = NAN
    found = ADVANTAGES[name](wide)
    assert (found[:, 2:4] == 0).all()
    assert torch.allclose(found[:, [0, 1, 4, 5, 6]], ADVANTAGES[name](scored), atol=1e-12)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_a_group_without_a_valid_sample_is_as_if_it_had_not_been_drawn(name):
    scored = batch()
    more = changed(scored, PER_GROUP, lambda field: torch.cat([field, field[:1]]))
    more.rewards[-1] = NAN
    found = ADVANTAGES[name](more)
    assert (found[-1] == 0).all()
    assert torch.allclose(found[:-1], ADVANTAGES[name](scored), atol=1e-12)


@pytest.mark.parametrize("name", ADVANTAGES)
def test_nothing_but_masked_samples_gives_zero(name):
    assert run(name, [[NAN, NAN], [NAN, NAN]]).tolist() == [[0, 0], [0, 0]]


OTHERS = {"reinforce_plus_plus", "reinforce_plus_plus_baseline", "remax", "james_stein"}
"""Rules that give groups of equal rewards an advantage."""


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", sorted(set(ADVANTAGES) - OTHERS))
def test_equal_rewards_and_groups_of_one_give_exactly_zero(name, dtype):
    rewards = [[0.1] * 7, [1.0] * 7, [0.7] * 3 + [NAN] * 4, [NAN, 0.3] + [NAN] * 5]
    with_others = run(name, [*rewards, [0.1, 0.3, 0.1, 0.9, 0.2, 0.2, 0.2]], dtype=dtype)
    assert (with_others[:4] == 0).all()
    assert with_others[4].any()
    assert (run(name, rewards, dtype=dtype) == 0).all()


def test_reinforce_plus_plus_compares_groups_with_each_other():
    assert run("reinforce_plus_plus", [[1, 1], [0, 0]]).tolist() == [pytest.approx([1, 1]), pytest.approx([-1, -1])]
    assert (run("reinforce_plus_plus", [[0.1] * 3, [0.1] * 3], dtype=torch.float32) == 0).all()


def test_reinforce_plus_plus_baseline_shifts_equal_groups_where_lengths_differ():
    # tokens: 1 with 1/2, 3 with -1/2, 4 with 0: mean -1/8, variance 1/8 - 1/64
    found = run("reinforce_plus_plus_baseline", [[1, 0], [1, 1]], lengths=[[1, 3], [2, 2]])
    expected = [x / math.sqrt(7 / 64) for x in (0.625, -0.375, 0.125, 0.125)]
    assert found.flatten().tolist() == pytest.approx(expected, abs=1e-6)
    same = run("reinforce_plus_plus_baseline", [[1, 0], [1, 1]], lengths=[[3, 3], [2, 2]])
    assert same[1].tolist() == pytest.approx([0, 0], abs=1e-12)


def test_remax_compares_equal_groups_with_the_greedy_completion():
    assert run("remax", [[1, 1], [0, NAN]], greedy=[0.0, 1.0]).tolist() == [[1, 1], [-1, 0]]


def test_james_stein_compares_equal_groups_with_the_arm():
    # seen from the first: means 1 and 0, b = 1/2, v = 0, so lam = 0 and RLOO
    assert (run("james_stein", [[0, 0], [1, 1], [0, 0]]) == 0).all()
    # seen from the first: b = 1/2, v = 1/4, s = 0, so lam = 1 / (1 + 4e-6); else b = 1/4, v = 1/8, s = 1/16, lam = 2/3
    found = run("james_stein", [[0, 0], [1, 0], [1, 0]])
    assert found[0].tolist() == pytest.approx([-0.5, -0.5], abs=1e-5)
    b, lam = 0.25, 2 / 3
    assert found[1].tolist() == pytest.approx([1 - lam * b, -(1 - lam) - lam * b], abs=1e-5)


def test_james_stein_of_a_group_of_one_has_the_arm_alone():
    rewards = [[1, NAN], [1, 0], [0, 0]]
    assert run("james_stein", rewards)[0].tolist() == pytest.approx([0.75, 0])
    assert run("james_stein", rewards[:2])[0].tolist() == [0, 0]


def test_james_stein_baseline_never_holds_the_sample():
    rewards = [[0.3, 0.8, 0.1], [0.2, 0.9, 0.4], [0.5, 0.5, 0.6]]
    before = run("james_stein", rewards)[0, 0].item()
    rewards[0][0] += 0.125
    assert run("james_stein", rewards)[0, 0].item() - before == pytest.approx(0.125)


def test_passk_of_a_single_column():
    assert run("passk", [[1], [0]]).tolist() == [[0], [0]]


@pytest.mark.parametrize("name", ADVANTAGES)
def test_a_missing_field_is_an_error_exactly_where_it_is_needed(name):
    optional = set(Scored._fields) - {"rewards"}
    for field in optional:
        scored = batch()._replace(**{field: None})
        if field in NEEDS.get(name, ()):
            with pytest.raises(BadValue, match=f"{name}.*needs {field} "):
                ADVANTAGES[name](scored)
        else:
            assert torch.equal(ADVANTAGES[name](scored), ADVANTAGES[name](batch()))


def test_only_remax_needs_a_greedy_completion():
    assert [name for name in ADVANTAGES if needs_greedy(name)] == ["remax"]


def test_rewards_are_not_changed():
    scored = batch()
    for rule in ADVANTAGES.values():
        rule(scored)
    assert torch.equal(scored.rewards.nan_to_num(-1), batch().rewards.nan_to_num(-1))
