import copy
import pickle
import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import gradarium.envs
from gradarium.core import Draft, Instance, Status, Verdict
from gradarium.envs.prompts import render_prompt
from gradarium.envs.task_env import TaskEnv
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task, task, task_names
from gradarium.verifiers.answers import FORMATS

gym.register_envs(gradarium.envs)
pytestmark = pytest.mark.filterwarnings("error")


def right(instance):
    return FORMATS[instance.answer_format].render(instance.reference)


@pytest.mark.parametrize("name", task_names())
def test_check_env_has_nothing_to_say(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gym.make(get_task(name).env_id).unwrapped)


@pytest.mark.parametrize("name", task_names())
def test_the_reference_earns_one_and_junk_nothing(name):
    env = gym.make(get_task(name).env_id)
    prompt, info = env.reset(seed=1)
    instance = info["instance"]
    assert prompt == render_prompt(instance)
    observation, reward, terminated, truncated, info = env.step(right(instance))
    assert (reward, terminated, truncated, info["reward_valid"]) == (1.0, True, False, True)
    assert info["verdict"].status is Status.CORRECT and info["instance"] is instance
    assert observation == info["verdict"].reason
    env.reset(seed=1)
    assert env.step("I do not know")[1:4] == (0.0, True, False)


@pytest.mark.parametrize("name", task_names())
def test_pictures_and_texts(name):
    for mode in TaskEnv(name).metadata["render_modes"]:
        env = gym.make(get_task(name).env_id, render_mode=mode)
        _, info = env.reset(seed=2)
        before = env.render()
        env.step(right(info["instance"]))
        after = env.render()
        if mode == "ansi":
            assert before in after and "Verdict: correct" in after
        else:
            assert before.dtype == after.dtype == np.uint8 and after.ndim == 3 and after.shape[2] == 3
            assert (before.shape != after.shape) or (before != after).any()  # the frame at least


def test_seeds_and_episodes():
    one, two = gym.make("gradarium/sudoku-v0"), gym.make("gradarium/sudoku-v0")
    assert [one.reset(seed=5)[0], one.reset()[0], one.reset()[0]] == [
        two.reset(seed=5)[0],
        two.reset()[0],
        two.reset()[0],
    ]
    assert one.reset(seed=6)[1]["instance"].index != two.reset(seed=5)[1]["instance"].index
    many = [one.reset()[1]["instance"].index for _ in range(50)]
    assert len(set(many)) == 50


def test_neighbouring_seeds_share_nothing():
    env = gym.make("gradarium/sudoku-v0", level=3)
    assert len({env.reset(seed=seed)[0] for seed in range(50)}) == 50


def test_environments_do_not_disturb_each_other():
    one, two = TaskEnv("sudoku"), TaskEnv("sudoku")
    _, info = one.reset(seed=1)
    two.reset(seed=2)
    assert one.step(right(info["instance"]))[1] == 1.0


def test_options_choose_the_instance_for_one_episode():
    env = gym.make("gradarium/sudoku-v0")
    prompt, info = env.reset(options={"index": 7, "level": 2, "split": "test"})
    assert info["instance"] == get_task("sudoku").pose(7, 2, "test")
    assert prompt == render_prompt(info["instance"])
    assert env.reset(options={"index": np.int64(7)})[1]["instance"] == get_task("sudoku").pose(7)
    assert env.reset(seed=1, options={})[1]["instance"].level == 0
    first = env.reset(seed=1)[1]["instance"].index
    assert env.reset(seed=1, options={"level": 1})[1]["instance"].index == first


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"levle": 1}, "did you mean 'level'"),
        ({"level": 99}, "unknown level of sudoku '99'"),
        ({"split": "val"}, "unknown split"),
        ({"index": -1}, "index = -1"),
        ({"index": "7"}, "index = '7'"),
        ({"level": "1"}, "level"),
    ],
)
def test_options_that_cannot_be(options, error):
    with pytest.raises((UnknownName, BadValue), match=error):
        gym.make("gradarium/sudoku-v0").reset(options=options)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"task": "sudku"}, "did you mean 'sudoku'"),
        ({"level": 99}, "unknown level of sudoku"),
        ({"split": "val"}, "unknown split"),
        ({"params": {"empti": 3}}, "did you mean 'empty'"),
        ({"params": {"empty": "3"}}, "must be int"),
        ({"answer_format": "tags"}, "did you mean 'tag'"),
        ({"style": "long"}, "unknown prompt style"),
        ({"render_mode": "human"}, "unknown render mode of sudoku"),
    ],
)
def test_arguments_that_cannot_be_are_refused_at_once(arguments, error):
    with pytest.raises((UnknownName, BadValue), match=error):
        TaskEnv(**{"task": "sudoku", **arguments})


def test_a_task_without_a_board_draws_no_picture():
    with pytest.raises(UnknownName, match="known: ansi"):
        TaskEnv("sat_assignment", render_mode="rgb_array")


def test_params_format_and_style():
    env = gym.make("gradarium/sudoku-v0", params={"empty": 3}, answer_format="plain", style="brief", split="dev")
    prompt, info = env.reset(seed=1)
    instance = info["instance"]
    assert (prompt, instance.split) == (f"sudoku\n{instance.brief}", "dev")
    assert instance.brief.count(".") == 3
    assert env.step(instance.reference)[1] == 1.0


def test_steps_out_of_turn():
    env = TaskEnv("sudoku", render_mode="ansi")
    for call in (lambda: env.step("1"), env.render):
        with pytest.raises(gym.error.ResetNeeded, match="call reset"):
            call()
    env.reset(seed=1)
    with pytest.raises(BadValue, match="must be text, not int"):
        env.step(1)
    env.step("1")
    with pytest.raises(gym.error.ResetNeeded, match="the episode is over"):
        env.step("1")
    env.reset()
    env.step("1")
    env.close()
    env.close()


def test_render_without_a_mode_says_so():
    env = TaskEnv("sudoku")
    env.reset(seed=1)
    with pytest.warns(UserWarning, match="render_mode='ansi'"):
        assert env.render() is None


def failing(answer, payload):
    raise RuntimeError("disk full")


def test_a_failure_of_the_suite_is_no_reward():
    made = task(name="acme_failing", levels=[1], verify=failing)(
        lambda rng, params: Draft("Say 1.", {"n": rng.random()}, "1", example="0")
    )
    env = TaskEnv(made)
    env.reset(seed=1)
    _, reward, terminated, truncated, info = env.step("<answer>1</answer>")
    assert (reward, terminated, truncated, info["reward_valid"]) == (0.0, False, True, False)
    assert info["verdict"].status is Status.ERROR
    with pytest.raises(gym.error.ResetNeeded):
        env.step("1")


def test_info_turns_into_json_and_back():
    env = TaskEnv("sudoku")
    _, info = env.reset(seed=1)
    assert Instance.from_json(info["instance"].to_json()) == info["instance"]
    *_, info = env.step("<answer>1</answer>")
    assert isinstance(info["verdict"], Verdict) and info["verdict"].to_json()["status"] == "unreadable"


def test_copies_and_pickles_are_made_anew():
    env = TaskEnv("sudoku", level=2, style="brief")
    for other in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        assert (other.task, other.level, other.style) == (env.task, 2, "brief")
        assert other.reset(seed=4)[0] == env.reset(seed=4)[0]


def test_metadata_of_the_class_is_not_changed():
    TaskEnv("sat_assignment")
    assert TaskEnv.metadata["render_modes"] == ["ansi", "rgb_array"]


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_vector(mode):
    envs = gym.make_vec("gradarium/sudoku-v0", num_envs=4, vectorization_mode=mode, level=1)
    prompts, infos = envs.reset(seed=10)
    single = gym.make("gradarium/sudoku-v0", level=1)
    assert prompts == tuple(single.reset(seed=10 + i)[0] for i in range(4))
    assert prompts in envs.observation_space
    instances = infos["instance"]
    actions = [right(instances[0]), "nothing", right(instances[2]), right(instances[0])]
    reasons, rewards, terminated, truncated, infos = envs.step(actions)
    assert rewards.tolist() == [1.0, 0.0, 1.0, 0.0]
    assert terminated.all() and not truncated.any() and infos["reward_valid"].all()
    assert reasons == tuple(verdict.reason for verdict in infos["verdict"])
    later, rewards, *_ = envs.step(actions)  # the next problems: Gymnasium resets in the step after the end
    assert not rewards.any() and not set(later) & set(prompts)
    assert prompts == tuple(single.reset(seed=10 + i)[0] for i in range(4))  # what was handed out stays as it was
    envs.step(envs.action_space.sample())
    envs.close()


def test_vector_of_different_tasks_and_options():
    envs = gym.vector.SyncVectorEnv([lambda: TaskEnv("sudoku"), lambda: TaskEnv("sat_assignment")])
    prompts, infos = envs.reset(seed=1, options={"index": 3})
    assert [instance.task for instance in infos["instance"]] == ["sudoku", "sat_assignment"]
    assert prompts[1] == render_prompt(get_task("sat_assignment").pose(3))
    envs.close()
