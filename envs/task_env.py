"""``TaskEnv``: any task as a Gymnasium environment, one question and one answer."""

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import EzPickle

from gradarium.core import SPLITS, Instance, Split, Verdict
from gradarium.envs.drawing import Image, draw_board
from gradarium.envs.graph_drawing import draw_graph
from gradarium.envs.prompts import check_style, render_prompt
from gradarium.envs.registration import find_task
from gradarium.envs.spaces import AnyText
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import Task
from gradarium.verifiers.answers import get_format

INDICES = 2**31
"""Indices are drawn below this number."""

OPTIONS = ("level", "index", "split")
"""What ``reset(options=...)`` understands."""


class TaskEnv(gym.Env[str, str], EzPickle):
    """One problem of a task: ``reset`` states it, ``step`` judges a completion.

    ## Description
    ``gym.make("gradarium/sudoku-v0", level=3)`` after ``import gradarium.envs``, or
    ``gym.make("gradarium.envs:gradarium/sudoku-v0")`` without.

    ## Action Space
    ``AnyText``: the whole completion; the answer is looked for in it.

    ## Observation Space
    ``AnyText``: the prompt after ``reset``, the reason of the verdict after ``step``.

    ## Starting State
    Instance ``index`` of the level and split. ``reset(options={"index": 7, "level": 2, "split": "test"})`` chooses one
    for this episode; without an index it is drawn from the environment's own generator, so that
    equal seeds give equal instances.

    ## Reward
    The verdict's score: 1.0 for a correct answer, else 0.0.

    ## Episode End
    Every episode has one step, after which ``terminated`` is True. Where the suite itself failed there is no
    judgement: the reward is 0.0, ``info["reward_valid"]`` False and the episode ``truncated``, not terminated. Leave
    such a step out of training.

    ## Information
    ``instance`` (an ``Instance``) after ``reset`` and ``step``; ``verdict`` (a ``Verdict``) and ``reward_valid`` after
    ``step``. Both objects have ``to_json()``. The instance holds the reference answer: never show it to the model.

    ## Arguments
    See ``__init__``.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi", "rgb_array"], "render_fps": 4}  # noqa: RUF012 - as in gym.Env

    def __init__(
        self,
        task: str | Task,
        level: int = 0,
        split: Split = "train",
        params: Mapping[str, Any] | None = None,
        answer_format: str | None = None,
        style: str = "full",
        render_mode: str | None = None,
        template: int = 0,
    ) -> None:
        """Make an environment.

        Args:
            task: A task, its name, or ``module:make``.
            level: Step of the ladder.
            split: ``train``, ``dev`` or ``test``.
            params: Overrides of single parameters of the level.
            answer_format: Name of an answer format; the task's own by default.
            style: ``full`` or ``brief`` prompts.
            render_mode: ``ansi``, or ``rgb_array`` where the task has a board or a graph.
            template: How ``full`` prompts put the question, a number of ``envs/templates.py``.

        Raises:
            UnknownName: There is no such task, level, split, parameter, format, style or mode.
            BadValue: A parameter has a value it cannot have, or there is no such template.
        """
        EzPickle.__init__(self, task, level, split, params, answer_format, style, render_mode, template)
        self.task = find_task(task)
        self.level, self.split, self.overrides = level, split, dict(params or {})
        self.task.params(level, params)  # raises here and not at the first reset
        if split not in SPLITS:
            raise UnknownName("split", split, SPLITS)
        self.answer_format = get_format(answer_format or self.task.answer_format).name
        self.style, self.template = check_style(style, template), template
        modes = ["ansi", "rgb_array"] if self.task.board or self.task.graph else ["ansi"]
        if render_mode is not None and render_mode not in modes:
            raise UnknownName(f"render mode of {self.task.name}", render_mode, modes)
        self.metadata = {**type(self).metadata, "render_modes": modes}  # each task has its own
        self.render_mode = render_mode
        self.observation_space = AnyText()
        self.action_space = AnyText()
        self._instance: Instance | None = None
        self._verdict: Verdict | None = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Pose a problem and return its prompt; raises UnknownName or BadValue for options that cannot be."""
        super().reset(seed=seed)
        chosen = options or {}
        for name in chosen:
            if name not in OPTIONS:
                raise UnknownName("reset option", name, OPTIONS)
        index = chosen.get("index")
        self._instance = self.task.pose(
            int(self.np_random.integers(INDICES)) if index is None else _plain(index),
            _plain(chosen.get("level", self.level)),
            chosen.get("split", self.split),
            self.overrides,
            self.answer_format,
        )
        self._verdict = None
        return render_prompt(self._instance, self.style, self.template), {"instance": self._instance}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Judge a completion; raises ResetNeeded without a problem, BadValue for an action that is no text."""
        if self._instance is None:
            raise ResetNeeded("there is no problem yet: call reset() before step()")
        if self._verdict is not None:
            raise ResetNeeded("the episode is over, each has one step: call reset() for the next problem")
        if not isinstance(action, str):
            raise BadValue("action", action, f"must be text, not {type(action).__name__}")
        self._verdict = verdict = self.task.grade(str(action), self._instance)
        reward = verdict.reward
        info = {"verdict": verdict, "instance": self._instance, "reward_valid": reward is not None}
        return verdict.reason, float(reward or 0.0), reward is not None, reward is None, info

    def take_back(self) -> None:
        """Forget the last answer, so that the same problem can be answered again; see ``TryAgain``."""
        self._verdict = None

    def render(self) -> str | Image | None:
        """Return the episode so far as text, or its board as an image of shape ``(height, width, 3)``."""
        if self.render_mode is None:
            gym.logger.warn("render() needs a mode: gym.make(..., render_mode='ansi')")
            return None
        if self._instance is None:
            raise ResetNeeded("there is no problem yet: call reset() before render()")
        return self._text(self._instance) if self.render_mode == "ansi" else self._picture(self._instance)

    def _text(self, instance: Instance) -> str:
        prompt = render_prompt(instance, self.style, self.template)
        if self._verdict is None:
            return prompt
        answer = "(none)" if self._verdict.answer is None else self._verdict.answer
        said = f"{self._verdict.status}: {self._verdict.reason}" if self._verdict.score < 1 else "correct"
        return f"{prompt}\n\nAnswer: {answer}\nVerdict: {said}"

    def _picture(self, instance: Instance) -> Image:
        return picture(self.task, instance.payload, self._verdict)


def picture(task: Task, payload: Mapping[str, Any], verdict: Verdict | None = None, dots: int = 960) -> Image:
    """Draw a problem, or the answer that a verdict judged, on about so many dots at most.

    Raises UnknownName for a task without board or graph.
    """
    right = None if verdict is None or verdict.reward is None else verdict.score == 1
    answer = (verdict.answer or "") if verdict else ""
    if task.graph is not None:
        return draw_graph(task.graph(payload, answer), right)
    if task.board is None:
        raise UnknownName(f"render mode of {task.name}", "rgb_array", ["ansi"])
    start = task.board(payload, "")
    box, regions = payload.get("box"), payload.get("regions")
    pair = (box[0], box[1]) if isinstance(box, list) and [type(n) for n in box] == [int, int] else None
    shaped = isinstance(regions, list) and [len(row) for row in regions] == [len(row) for row in start]
    board = task.board(payload, answer) if verdict else start
    return draw_board(board, start, pair, right, regions if shaped else None, dots)


def _plain(value: Any) -> Any:
    """Return NumPy integers, which come from array code, as Python's."""
    return int(value) if isinstance(value, np.integer) else value
