"""Rewards: the judged completions of one problem -> for each its parts, and one number, or None for one to be masked.

The reward is the weighted sum of the parts. What is paid, and how much, is ``[reward]`` of the configuration, or the
``reward`` table of a task.
"""

import dataclasses
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from gradarium.core import Instance, Status, Verdict
from gradarium.generators import get_task
from gradarium.trainers.abstention import OFFER, OFFER_BRIEF, abstains
from gradarium.trainers.config import RewardConfig, RunConfig
from gradarium.trainers.data import Rollout
from gradarium.trainers.lengths import LENGTHS, Written, budget, effort_of


class Parts(NamedTuple):
    """What a completion is paid for, before weighting; also the weights of these parts."""

    score: float
    """1 for a right answer; else 0, or what ``score_of`` says under the options."""
    format: float
    """1 if an answer was found and could be read, right or wrong; else 0."""
    overlong: float
    """0, down to -1 for a completion that comes near the limit."""
    length: float
    """What a rule of ``lengths.py`` says; 0 without one."""


def options_of(config: RunConfig, task: str) -> RewardConfig:
    """Return what is paid in a task: its own ``reward`` table over ``[reward]``."""
    own = [entry.reward for entry in config.task if entry.name == task and entry.reward is not None]
    return own[0] if own else config.reward


def overlong_penalty(tokens: int, limit: int, cache: int) -> float:
    """Return DAPO's soft overlong punishment (arXiv 2503.14476, equation 13).

    0 up to ``limit - cache`` tokens, falling in a line to -1 at ``limit``, and -1 beyond.

    >>> overlong_penalty(18432, 20480, 4096)
    -0.5
    """
    free = limit - cache
    if tokens <= free:
        return 0.0
    return (free - tokens) / cache if tokens <= limit else -1.0


def score_of(verdict: Verdict, abstained: bool, chance: float, options: RewardConfig) -> float:
    """Return what an answer is paid for being right or wrong.

    With ``ternary`` (TruthRL, arXiv 2509.25760) a wrong answer gets -1 and an abstention 0; no readable answer is a
    wrong one, or silence would be the cheaper abstention. Otherwise a wrong answer gets ``partial`` times the mean of
    the verdict's shares. ``chance_corrected`` then takes off what guessing earns, (score - chance) / (1 - chance). It
    is not cut at 0: a guesser would still earn ``chance`` on average, and right and wrong would be paid as before.

    >>> score_of(Verdict.wrong("clue 3", clues=0.5), False, 0.2, RewardConfig(partial=1.0, chance_corrected=True))
    0.37499999999999994
    """
    if verdict.score == 1:
        return 1.0
    if options.ternary:
        return 0.0 if abstained else -1.0
    shares = verdict.parts.values() if options.partial else ()
    score = verdict.score + (options.partial * statistics.fmean(shares) if shares else 0.0)
    return (score - chance) / (1 - chance) if options.chance_corrected else score


def part_weights(options: RewardConfig) -> Parts:
    """Return the weight of each part; DAPO's punishment has weight 1."""
    return Parts(options.score, options.format, 1.0, options.length_weight)


def parts_paid(options: RewardConfig) -> tuple[str, ...]:
    """Return the names of the parts that can be other than 0 under these options."""
    asked = (options.score > 0, options.format > 0, options.overlong > 0, options.length != "none")
    return tuple(name for name, on in zip(Parts._fields, asked, strict=True) if on)


def pay(instance: Instance, rollouts: Sequence[Rollout], max_tokens: int, options: RewardConfig) -> list[Rollout]:
    """Return the rollouts of one problem with their rewards and parts; what they were paid before does not count.

    Masked, with reward None, are samples that the suite failed to judge, and with ``mask_truncated`` those that were
    cut off (overlong filtering, arXiv 2503.14476): the others are paid as if those had not been drawn. Rollouts from
    another temperature are compared with nobody, here as in the advantages.
    """
    offered = [options.ternary and abstains(r.text, instance.answer_format) for r in rollouts]
    written = [
        Written(len(r.token_ids), r.verdict.score == 1, r.finish == "length", gave_up and r.verdict.score != 1)
        for r, gave_up in zip(rollouts, offered, strict=True)
    ]
    masked = [r.verdict.reward is None or (options.mask_truncated and r.finish == "length") for r in rollouts]
    together = [i for i, r in enumerate(rollouts) if not masked[i] and not r.tempered]
    alone = [[i] for i, r in enumerate(rollouts) if not masked[i] and r.tempered]
    lengths = [0.0] * len(rollouts)
    if options.length != "none":
        limit = budget(effort_of(instance, options), max_tokens) if options.length == "lcpo_max" else max_tokens
        for rows in ([together] if together else []) + alone:
            found = LENGTHS[options.length]([written[i] for i in rows], limit, options)
            for i, value in zip(rows, found, strict=True):
                lengths[i] = value
    chance = get_task(instance.task).chance if options.chance_corrected else 0.0
    paid = []
    for rollout, one, length, left_out in zip(rollouts, written, lengths, masked, strict=True):
        verdict = rollout.verdict
        parts = Parts(
            score_of(verdict, one.abstained, chance, options),
            float(one.abstained or verdict.status not in (Status.MISSING, Status.UNREADABLE)),
            overlong_penalty(one.tokens - rollout.given, max_tokens, options.overlong) if options.overlong else 0.0,
            length,
        )
        total = sum(weight * part for weight, part in zip(part_weights(options), parts, strict=True))
        reward = None if left_out else total
        paid.append(dataclasses.replace(rollout, reward=reward, parts=tuple(parts), abstained=one.abstained))
    return paid


def told_for_run(instance: Instance, config: RunConfig) -> Instance:
    """Return a problem as a run tells it to the model, see ``told``."""
    return told(instance, config.grpo.max_new_tokens, options_of(config, instance.task))


def told(instance: Instance, max_tokens: int, options: RewardConfig) -> Instance:
    """Return the problem with the sentences that shaping needs in its prompt: a budget, the offer to abstain.

    Without such shaping it is the instance itself.
    """
    full, brief = [], []
    if options.length == "lcpo_max":
        effort = effort_of(instance, options)
        tokens = budget(effort, max_tokens)
        full.append(f"Reasoning effort: {effort}. Take at most {tokens} tokens, your answer included.")
        brief.append(f"effort: {effort}, {tokens} tokens")
    if options.ternary:
        full.append(OFFER)
        brief.append(OFFER_BRIEF)
    if not full:
        return instance
    return dataclasses.replace(
        instance,
        question="\n\n".join([instance.question, *full]),
        brief="\n".join([instance.brief, *brief]) if instance.brief else "",
    )
