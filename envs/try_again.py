"""``TryAgain``: a wrong answer is told why, and may be mended, for a few turns."""

from typing import Any

import gymnasium as gym

from gradarium.envs.task_env import TaskEnv
from gradarium.errors import BadValue, UnknownName

FEEDBACK = ("reason", "unary")


class TryAgain(gym.Wrapper[str, str, str, str]):
    """Unary feedback as observation (UFO, arXiv 2507.14295) around a ``TaskEnv``: several attempts at one problem.

    After a wrong answer the observation says that it was wrong, and with ``feedback="reason"`` which rule it broke
    first; the episode goes on until an answer is right or the attempts are used up. Reasons hold no part of the
    solution (tests/envs/test_try_again.py).

    The reward of a right answer at turn t, counted from 0, is ``decay**t``; an answer that repeats an earlier one
    of its episode costs ``repeat_penalty``. The paper takes the penalty off the last reward of the episode, in
    proportion; here it stands at the turn that repeats.

    >>> env = TryAgain(TaskEnv("sudoku"), attempts=3)
    >>> prompt, info = env.reset(seed=1)
    >>> observation, reward, terminated, truncated, info = env.step("<answer>1</answer>")
    >>> terminated, info["attempts_left"]
    (False, 2)
    """

    def __init__(
        self,
        env: gym.Env[str, str],
        attempts: int = 5,
        feedback: str = "reason",
        decay: float = 1.0,
        repeat_penalty: float = 0.0,
    ) -> None:
        """Wrap an environment.

        Args:
            env: A ``TaskEnv``, as ``gym.make`` returns it or bare.
            attempts: Most answers in an episode, at least 1.
            feedback: ``reason``, or ``unary``: only that the answer was wrong.
            decay: Above 0, at most 1.
            repeat_penalty: At least 0.

        Raises:
            BadValue: For a value out of its range, or another environment.
            UnknownName: For another kind of feedback.
        """
        super().__init__(env)
        if not isinstance(env.unwrapped, TaskEnv):
            raise BadValue("env", type(env.unwrapped).__name__, "must be a TaskEnv: gym.make('gradarium/<task>-v0')")
        if type(attempts) is not int or attempts < 1:
            raise BadValue("attempts", attempts, "must be a whole number of at least 1")
        if feedback not in FEEDBACK:
            raise UnknownName("feedback", feedback, FEEDBACK)
        if not 0 < decay <= 1:
            raise BadValue("decay", decay, "must be above 0 and at most 1")
        if not 0 <= repeat_penalty < float("inf"):
            raise BadValue("repeat_penalty", repeat_penalty, "must be at least 0")
        self.attempts, self.feedback, self.decay, self.repeat_penalty = attempts, feedback, decay, repeat_penalty
        self._task_env: TaskEnv = env.unwrapped
        self._seen: list[str | None] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Pose a problem; all attempts are left."""
        self._seen = []
        prompt, info = self.env.reset(seed=seed, options=options)
        return prompt, {**info, "attempts_left": self.attempts}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Judge an answer; ``terminated`` is False while it was wrong and attempts are left."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        verdict = info["verdict"]
        repeated = verdict.answer is not None and verdict.answer in self._seen
        earned = float(reward) * self.decay ** len(self._seen) - self.repeat_penalty * repeated
        self._seen.append(verdict.answer)
        left = self.attempts - len(self._seen)
        if terminated and not verdict.score and left:
            self._task_env.take_back()
            terminated = False
            observation = self._say(observation)
        return observation, earned, terminated, truncated, {**info, "attempts_left": left, "repeated": repeated}

    def _say(self, reason: str) -> str:
        told = f"That is not right: {reason}." if self.feedback == "reason" and reason else "That is not right."
        return f"{told} Try again, and answer in the same form."
