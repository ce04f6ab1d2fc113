"""Several attempts at one problem, and what a reason may tell."""

import random
import re

import gymnasium as gym
import pytest

import gradarium.envs  # noqa: F401 - registers the tasks
from gradarium.core import Status, derive_seed
from gradarium.envs.prompts import render_prompt
from gradarium.envs.task_env import TaskEnv
from gradarium.envs.try_again import TryAgain
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import all_tasks
from gradarium.verifiers import get_format

TASKS = [task for task in all_tasks() if task.make.__module__.startswith("gradarium.")]


def said(instance, answer):
    return get_format(instance.answer_format).render(answer)


def start(**options):
    env = TryAgain(gym.make("gradarium/sudoku-v0", level=1), **options)
    _, info = env.reset(seed=3)
    return env, info["instance"]


def test_the_episode_goes_on_until_the_answer_is_right():
    env, instance = start(attempts=4, decay=0.5)
    observation, reward, terminated, truncated, info = env.step(said(instance, instance.example))
    assert (reward, terminated, truncated, info["attempts_left"]) == (0.0, False, False, 3)
    assert info["verdict"].reason in observation and "Try again" in observation
    _, reward, terminated, _, info = env.step("no answer here")
    assert (reward, terminated, info["verdict"].status) == (0.0, False, Status.MISSING)
    _, reward, terminated, _, info = env.step(said(instance, instance.reference))
    assert (reward, terminated, info["attempts_left"]) == (0.25, True, 1)
    with pytest.raises(gym.error.ResetNeeded):
        env.step("more")


def test_it_ends_with_the_last_attempt():
    env, instance = start(attempts=2)
    assert env.step(said(instance, instance.example))[2] is False
    assert env.step(said(instance, instance.example))[2] is True
    env.reset(seed=4)
    assert env.step(said(instance, instance.example))[2] is False


def test_repetition_costs_and_unary_feedback_says_no_more():
    env, instance = start(attempts=3, feedback="unary", repeat_penalty=0.1)
    observation, reward, *_, info = env.step(said(instance, instance.example))
    assert (reward, info["repeated"]) == (0.0, False)
    assert info["verdict"].reason not in observation
    _, reward, *_, info = env.step(said(instance, instance.example))
    assert (reward, info["repeated"]) == (-0.1, True)


def test_a_failure_of_the_suite_ends_the_episode(monkeypatch):
    env, instance = start(attempts=3)
    monkeypatch.setattr(TaskEnv, "step", lambda self, action: failed(self))

    def failed(inner):
        from gradarium.core import Verdict

        verdict = Verdict.error("broken")
        return "broken", 0.0, False, True, {"verdict": verdict, "instance": instance, "reward_valid": False}

    assert env.step("x")[2:4] == (False, True)


@pytest.mark.parametrize(
    "options",
    [{"attempts": 0}, {"attempts": True}, {"decay": 0.0}, {"decay": 1.5}, {"repeat_penalty": -1.0}, {"feedback": "x"}],
    ids=str,
)
def test_bad_use(options):
    with pytest.raises((BadValue, UnknownName)):
        TryAgain(TaskEnv("sudoku"), **options)
    with pytest.raises(BadValue, match="must be a TaskEnv"):
        TryAgain(gym.make("CartPole-v1"))


def words(text):
    return re.findall(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9,;:.()'\"]", text)


def wrong_answers(instance, rng, most):
    """Yield (answer, the word of the reference that it lacks, the word in its place)."""
    found = list(re.finditer(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9,;:.()'\"]", instance.reference))
    if found and all(len(match[0]) > 1 for match in found) and len(found) < 4:  # a grid without spaces, say
        found = list(re.finditer(r"\S", instance.reference))
    for match in rng.sample(found, min(most, len(found))):
        others = sorted({m[0] for m in found} - {match[0]})
        other = rng.choice(others) if others else "9"
        yield instance.reference[: match.start()] + other + instance.reference[match.end() :], match[0], other


BUDGET = 0.25
"""How much more often reasons may hold the right word than any other word of the solution, by chance and by rule."""

EXCUSED = {
    "dominosa": "a half points to a cell that does not point back: both directions follow from the answer",
    "stitches": "a half points to a cell that does not point back: both directions follow from the answer",
    "masyu": "two cells of the answer that are no neighbours are named",
    "game24": "a number of the prompt that is left out is named, not where it belongs",
    "galaxies": "a galaxy that lacks a cell is named: its own cells in the answer and its centre in the prompt tell so",
    "word_ladder": "the first and last word are named, which stand in the prompt",
    "word_sorting": "a word of the prompt that is left out is named, not where it belongs",
}
"""Tasks whose reasons hold words of few kinds often, and why that tells nothing."""


@pytest.mark.parametrize("task", [t for t in TASKS if not t.sandboxed], ids=lambda task: task.name)
def test_reasons_do_not_leak_the_solution(task):
    """One word of a right answer is replaced: the reason must not tell it.

    A word that the prompt or the answer holds tells nothing new unless it stands in reasons more often than the other
    words of the solution do.
    """
    told, expected, judged = 0.0, 0.0, 0
    for level in (1, 3):
        for index in range(6):
            instance = task.pose(index, level, "dev")
            rng = random.Random(derive_seed("leaks", instance.key))
            known = {*words(render_prompt(instance))}
            for answer, right, put in wrong_answers(instance, rng, 8):
                verdict = task.verify(answer, instance.payload)
                if verdict.status is not Status.WRONG or "must stay" in verdict.reason:  # a given is in the prompt
                    continue
                reason = set(words(verdict.reason))
                new = (set(words(instance.reference)) - known - set(words(answer)) - {put}) & reason
                assert not {w for w in new if len(w) > 2}, (verdict.reason, answer, instance.reference)
                others = set(words(instance.reference)) - {right, put}
                if not others:
                    continue
                told += right in reason
                expected += sum(w in reason for w in others) / len(others)
                judged += 1
    if judged >= 20 and task.name not in EXCUSED:
        assert (told - expected) / judged <= BUDGET, (told, expected, judged)
