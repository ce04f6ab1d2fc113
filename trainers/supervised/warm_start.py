"""Warm start: supervised steps on reference answers, before GRPO."""

from collections.abc import Sequence

from gradarium.core import Instance
from gradarium.trainers.learner import Learner
from gradarium.trainers.models import encode_for_run, encode_reference
from gradarium.trainers.supervised.step import supervised_step


def warm_start_step(learner: Learner, instances: Sequence[Instance]) -> dict[str, float]:
    """Take one optimiser step on the rendered references of some instances; return metrics."""
    prompts = [encode_for_run(learner.tokenizer, instance, learner.config) for instance in instances]
    return supervised_step(learner, prompts, [encode_reference(learner.tokenizer, i) for i in instances])
