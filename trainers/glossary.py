"""What every figure of a run means: its title, its unit, a healthy range, and what a bad one looks like.

The tables of docs/metrics.md are made from this file: ``python -m gradarium.trainers.glossary docs/metrics.md``.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from gradarium.errors import BadFile


class Entry(NamedTuple):
    """A figure."""

    title: str
    """A few words, to stand over a curve."""
    meaning: str
    """One sentence."""
    unit: str = ""
    healthy: str = ""
    """What it looks like when all is well."""
    bad: str = ""
    """What it looks like when something is wrong, and what to do."""


ALL = {
    "stage": Entry("Stage", "`warm_start`, `rejection` or `grpo`"),
    "step": Entry("Step", "optimiser steps taken in this stage, from 1", "steps"),
    "seconds": Entry(
        "Time of a step",
        "wall time of the step, all included",
        "s",
        "even",
        "jumps: something else uses the machine, or a sandbox waits; look at the phases below",
    ),
    "loss": Entry(
        "Loss",
        "in supervised stages the mean cross-entropy of what is learned; in GRPO the policy loss, whose size says "
        "little, for advantages sum to about zero",
        "nats per token",
        "falls in supervised stages; near 0 in GRPO",
        "supervised: does not fall, so `lr` or the mixture is wrong. NaN: `lr` too high; the run stops by itself",
    ),
    "entropy": Entry(
        "Entropy",
        "mean entropy of the next-token distribution over the completion",
        "nats per token",
        "falls slowly and stays above 0",
        "at about 0 while the reward stands still: the policy has collapsed; raise `loss.clip_high`, `entropy.weight` "
        "or `grpo.prompts`, or lower `step.lr`. Rises without end: lower `step.lr` or `entropy.weight`",
    ),
    "grad_norm": Entry(
        "Gradient norm",
        "norm of the gradient before clipping, mean over the updates of the step",
        "",
        "of the size of `step.max_grad_norm` or below, single peaks",
        "0: no group was kept, nothing was learned. Many times `step.max_grad_norm` all the time: lower `step.lr`",
    ),
    "tokens": Entry(
        "Tokens of a step",
        "warm start: tokens of prompts and answers; GRPO: sampled tokens",
        "tokens",
        "GRPO: well below `prompts` x `group` x `max_new_tokens`",
        "GRPO: at that product every completion is cut off; see `truncated`",
    ),
}
WARM_START = {
    "dev": Entry(
        "Success on the dev split",
        "success of each arm on dev instances: in the warm start every `warm_start.check_every` steps, in GRPO every "
        "`evaluation.every` steps",
        "share",
        "rises in every arm",
        "warm start: one arm at 0 while others rise: GRPO will find no signal there; more weight, an easier level or "
        "more steps. GRPO: falls while `reward` rises: the policy learns the problems by heart, or found a hole in a "
        "verifier",
    ),
}
REJECTION = {
    "kept": Entry(
        "Right completions learned",
        "different right completions of the model that were learned from",
        "completions",
        "a fair share of `rejection.prompts` x `rejection.keep`, rising",
        "near 0: the model solves nothing yet; warm start first, or take easier levels",
    ),
}
GRPO = {
    "reward": Entry(
        "Reward",
        "mean reward of each arm over the step's rollouts; masked ones and those that had help are left out",
        "see `reward_parts`; by default the share of right answers",
        "rises, from above 0.05 and to below 0.95",
        "stays at its lowest or highest value: there is nothing to learn from that arm; change its level or weight. "
        "Rises while `dev` falls: look at the samples",
    ),
    "reward_parts": Entry(
        "Parts of the reward",
        "mean of each part before weighting, in each arm: `score`, `format`, `overlong`, `length`; only where more "
        "than the score is paid",
        "as the part is paid",
        "`score` rises; the others settle early",
        "`score` stands still while another rises: the model is paid for form or length instead of answers; lower "
        "`reward.format` or `reward.length_weight`",
    ),
    "length": Entry(
        "Length of completions",
        "mean tokens of a completion, in each arm",
        "tokens",
        "moves slowly, below half of `max_new_tokens`",
        "climbs to `max_new_tokens`: raise that, or shape the length (`reward.length`, `reward.overlong`). Collapses "
        "to a few tokens while `reward` falls: the reward for shortness is too strong; lower `reward.length_weight`",
    ),
    "abstained": Entry(
        "Abstentions",
        "share of completions that said they do not know, in each arm; only with `reward.ternary`",
        "share",
        "above 0 on hard levels, near 0 on solved ones, and falling as success rises",
        "near 1: the model has given up, since most of its answers cost it; take easier levels or turn `ternary` on "
        "later. 0 on levels that it fails: it never tries it; warm start from a model that does",
    ),
    "groups_drawn": Entry(
        "Groups drawn",
        "groups that were sampled; more than `grpo.prompts` with dynamic sampling or oversampling",
        "groups",
        "up to about 3 x `grpo.prompts`",
        "many times `grpo.prompts`: most of the time goes into groups that teach nothing; change levels or curriculum",
    ),
    "groups_useful": Entry(
        "Groups with a signal",
        "those of them whose rewards differ, the only ones that teach anything",
        "groups",
        "above a third of `groups_drawn`",
        "near 0: levels too hard or too easy, or `grpo.group` too small; the steps cost time and change nothing",
    ),
    "drops": Entry(
        "Groups without a signal",
        "since the start, for all arms and for each (`groups/too_easy/sudoku/3`): groups drawn, and the shares in "
        "which all rollouts were paid about the same, `too_easy` or `too_hard`, or too few could be judged, `masked`",
        "share",
        "each below 0.5",
        "one arm near 1 in `too_easy` or `too_hard`: it only costs time; change its level or weight, or choose a "
        "curriculum",
    ),
    "groups_kept": Entry(
        "Groups learned from",
        "groups with an advantage other than 0, which the update learned from",
        "groups",
        "near `grpo.prompts`",
        "far below `grpo.prompts`: see `groups_useful`; dynamic sampling (`sampling.rounds`) fills the batch",
    ),
    "not_judged": Entry(
        "Verdicts that failed",
        "verdicts with status `error` or `timeout`; masked, never a reward",
        "completions",
        "0",
        "above 0: look at the reason in the samples; above `grpo.max_error_rate` the run stops",
    ),
    "missing": Entry(
        "No readable answer",
        "share of completions without a readable answer; abstentions are answers",
        "share",
        "below 0.05 after the warm start",
        "rises: the format is being lost; pay for it with `reward.format`, or warm start longer",
    ),
    "truncated": Entry(
        "Cut off",
        "share of completions cut off at `max_new_tokens`",
        "share",
        "below 0.05",
        "above: raise `grpo.max_new_tokens`, or pay for shortness with `reward.overlong` or `reward.length`",
    ),
    "ratio_clipped": Entry(
        "Ratios outside the clip range",
        "share of tokens whose ratio to the sampling policy lies outside the clip range",
        "share",
        "0 with `grpo.updates` = 1, by construction; below 0.2 with more",
        "above: fewer updates or a lower `step.lr`",
    ),
    "kl": Entry(
        "Distance from the reference",
        "KL from the reference policy, by the chosen estimator; 0 where there is no reference",
        "nats per token",
        "grows slowly",
        "grows fast while held-out success falls: the policy leaves what it knew; raise `kl.weight` or lower `step.lr`",
    ),
    "kl_weight": Entry(
        "Weight of the KL penalty",
        "weight of that penalty; moves where `kl.target` is set",
        "",
        "settles",
        "grows without end: the target is too small for this `step.lr`",
    ),
    "entropy_weight": Entry(
        "Weight of the entropy bonus",
        'weight of the entropy bonus; moves with `entropy.mode = "adaptive"`',
        "",
        "below `entropy.largest`",
        "stays at `entropy.largest`: the entropy cannot be held; lower `step.lr`",
    ),
    "mismatch_mean": Entry(
        "Engine and trainer: mean difference",
        "mean of log pi(trainer) - log pi(engine) of the sampled tokens",
        "nats",
        "about 0",
        "far from 0: engine and trainer do not run the same model",
    ),
    "mismatch_k3": Entry(
        "Engine and trainer: KL",
        "estimate of the KL between the two",
        "nats per token",
        "about 1e-10 in fp32, below 1e-3 in bf16",
        "above 1e-3: the update is not on-policy; see `loss.mismatch`",
    ),
    "mismatch_absolute": Entry(
        "Engine and trainer: absolute difference",
        "mean absolute difference of the two log-probabilities",
        "nats",
        "about 1e-7 in fp32, 1e-2 with a bf16 copy that samples",
        "far above: see `loss.mismatch`, or sample in fp32",
    ),
    "mismatch_largest": Entry(
        "Engine and trainer: largest difference",
        "largest difference of the two probabilities of a token",
        "probability",
        "below 0.1 in fp32",
        "above: single tokens are sampled by another model than the one that learns",
    ),
    "mismatch_effective": Entry(
        "Effective sample size",
        "effective sample size of the importance weights, as a share of the tokens",
        "share",
        "above 0.9",
        "well below 1: few tokens would carry the corrected gradient",
    ),
    "relift_loss": Entry(
        "Loss on unsolved problems",
        "cross-entropy of a supervised step on problems that nothing solved; only in steps that took one",
        "nats per token",
        "falls over the run",
        "does not fall: `guidance.sft_lr` too small, or the problems too hard for the model",
    ),
    "dev_mean": Entry(
        "Held-out success",
        "mean over tasks of the mean over levels of `dev`",
        "share",
        "rises with `reward`",
        "falls at several looks while `reward` rises: stop and take the best checkpoint",
    ),
    "best": Entry(
        "Best so far",
        "true where `dev_mean` is the highest so far; that checkpoint is kept",
        "",
        "now and then, also late",
        "only at the beginning: the run has learned nothing that holds; see `dev`",
    ),
    "alarms": Entry("Alarms", "what was said aloud at this step, a list of texts", "", "empty", "anything in it"),
    "curriculum": Entry(
        "Curriculum",
        "`share/<task>/<level>`, the share of each arm in the last draw, and the figures of the rule "
        "(docs/curricula.md)",
        "share",
        "moves from easy to hard arms as they are learned; no arm at 0 for ever",
        "all weight on one arm that does not learn: raise `curriculum.floor`, or choose another rule",
    ),
    "curriculum.share": Entry(
        "Share of each arm",
        "share of each arm in the last draw",
        "share",
        "moves from easy to hard arms as they are learned; no arm at 0 for ever",
        "all weight on one arm that does not learn: raise `curriculum.floor`, or choose another rule",
    ),
    "curriculum.level": Entry(
        "Level of each task",
        "`ladder`, `mbtl`: the level that is trained; `e2h`: the mean level of the schedule, counted from 0",
        "level",
        "rises",
        "goes up and down between two levels: widen the gap between the rule's thresholds",
    ),
    "curriculum.target": Entry(
        "Target difficulty",
        "`adarft`: the difficulty that is aimed at, for each task",
        "0 to 100",
        "rises, then follows success",
        "at 100 early: the levels are too easy. At 0 for long: too hard",
    ),
    "curriculum.value": Entry(
        "Value of each arm",
        "`sec`: running mean of the absolute advantage; `pcl`: predicted success",
        "",
        "`sec` highest where about half succeeds",
        "equal for all arms: the rule has nothing to choose by, and draws as `uniform` does",
    ),
    "curriculum.value_loss": Entry(
        "Loss of the predictor",
        "`pcl`: squared error of predicted success",
        "",
        "falls",
        "stays where it began: task and level do not tell success, or too few steps were taken",
    ),
    "curriculum.rate": Entry(
        "Success rate believed",
        "`mopps`: mean of each arm's posterior",
        "share",
        "follows `reward`",
        "far from `reward`: the rule remembers for too long; lower `lam`",
    ),
    "curriculum.bound": Entry(
        "Upper confidence bound",
        "`dump`: mean absolute advantage and bonus for arms seldom drawn",
        "",
        "bonuses shrink, differences stay",
        "all equal for long: the bonus hides what was learned",
    ),
    "curriculum.learnability": Entry(
        "Learnability",
        "`lilo`: mean p (1 - p) of the groups that were kept",
        "0 to 0.25",
        "above 0.1",
        "near 0: the candidates are all too easy or too hard; widen the levels",
    ),
    "curriculum.gain": Entry(
        "Gain of the last interval",
        "`mbtl`: how much the last level that was trained raised success",
        "share",
        "above 0",
        "below 0 again and again: training there does harm; see `dev`",
    ),
    "curriculum.weight": Entry(
        "Weight of each group",
        "`modomodo`: the mixture of this interval, by task or level",
        "share",
        "differs from interval to interval, then settles",
        "one group has all from the start: too few intervals were measured",
    ),
    "curriculum.priority": Entry(
        "Priority of each arm",
        "`vcrl`: spread of rewards, as a share of the largest possible",
        "0 to 1",
        "above the threshold for several arms",
        "near 0 everywhere: no arm has a signal",
    ),
    "curriculum.bank": Entry(
        "Problems kept",
        "`vcrl`: problems in the memory bank",
        "problems",
        "fills up",
        "stays empty: the threshold is too high",
    ),
    "curriculum.empty": Entry(
        "Places left empty", "`vcrl`: groups that nothing could fill", "groups", "0", "large: the threshold is too high"
    ),
    "curriculum.buffer": Entry("Replay buffer", "`plr`: problems in the buffer", "problems", "fills up", "stays empty"),
    "curriculum.buffer_score": Entry(
        "Score of the buffer", "`plr`: mean score of what is in it", "", "above 0", "0: nothing in it teaches anything"
    ),
    "curriculum.stage": Entry(
        "Stage of the curriculum",
        "`stages`: the stage, from 1",
        "",
        "rises where its `lengths` say",
        "`reward` of earlier arms falls when it rises: raise `keep`",
    ),
    "tokens_per_second": Entry(
        "Speed",
        "sampled tokens over the time of the whole step",
        "tokens/s",
        "even",
        "falls as the run goes on: completions are getting longer, or see the seconds below",
    ),
    "seconds_pose": Entry(
        "Time to pose",
        "time to draw and pose the instances",
        "s",
        "small",
        "more than `seconds_generate`: a slow generator, see docs/benchmarks.md",
    ),
    "seconds_generate": Entry(
        "Time to sample", "time to sample the completions", "s", "the largest share", "grows with `length`"
    ),
    "seconds_judge": Entry(
        "Time for verdicts",
        "time for the verdicts",
        "s",
        "small; larger with programs and SQL, whose verdicts start processes",
        "large without such tasks: a verifier is slow; more `judge.workers` help",
    ),
    "seconds_train": Entry(
        "Time of the update",
        "time for the update",
        "s",
        "a third to a half of the step",
        "see `step.layout`, `step.precision`",
    ),
    "sandbox": Entry(
        "Sandbox", "tier of the sandbox (docs/sandbox.md) in which verdicts ran; only where the mixture has such tasks"
    ),
    "isolation": Entry(
        "Isolation",
        "level of that sandbox",
        "",
        "`landlock` or stronger",
        "`none`: nothing was isolated, and the rewards may be forged",
    ),
}
SAMPLES = {
    "arm": Entry("Arm", "task and level"),
    "index": Entry("Index", "instance of the train split: `gradarium show TASK --level N --index I` shows it in full"),
    "version": Entry("Version", "version of the task's stream of instances"),
    "answer_format": Entry("Answer format", "how the answer was asked for"),
    "question": Entry("Question", "rules and data of the problem"),
    "brief": Entry("Brief", 'the data alone, which the model saw under `style = "brief"`'),
    "completion": Entry(
        "Completion",
        "what the model wrote",
        "",
        "",
        "the same text for every question; text that runs on after the answer",
    ),
    "reward": Entry(
        "Reward",
        "what it was paid, or null for a masked sample",
        "",
        "",
        "null: the suite failed to judge, or the completion was cut off and `reward.mask_truncated` is set",
    ),
    "status": Entry(
        "Status",
        "`correct`, `wrong`, `partial`, `unreadable`, `missing`, `timeout`, `error`",
        "",
        "",
        "mostly `missing` or `unreadable`: the format has not been learned; warm start longer",
    ),
    "reason": Entry(
        "Reason",
        "the first rule that was broken",
        "",
        "",
        "a `correct` that you would not accept: report it with the instance",
    ),
}
RESULTS = {
    "task": Entry("Task", "task of the arm"),
    "level": Entry("Level", "level of the arm"),
    "instances": Entry(
        "Instances", "test instances", "", "100 or more", "below about 100 a difference of 0.1 may be chance"
    ),
    "samples": Entry("Samples", "completions of each instance"),
    "success": Entry(
        "Success",
        "mean score over all judged completions",
        "share",
        "higher after each stage",
        "lower after GRPO than before",
    ),
    "pass_at_k": Entry(
        "Solved at least once",
        "share of instances solved by at least one of the `samples` completions",
        "share",
        "rises with `success`",
        "falls while `success` rises: the policy got narrower, not better",
    ),
    "missing": Entry(
        "No answer",
        "share of completions without an answer in the asked format",
        "share",
        "below 0.05",
        "above after the warm start: the format has not been learned",
    ),
    "truncated": Entry(
        "Cut off",
        "share of completions cut off at `max_new_tokens`",
        "share",
        "below 0.05",
        "above: raise `grpo.max_new_tokens`",
    ),
    "not_judged": Entry(
        "Not judged",
        "completions that the suite failed to judge; they count in neither rate",
        "completions",
        "0",
        "above 0: look at the reasons in the samples",
    ),
}
TABLES: dict[str, dict[str, Entry]] = {
    "all": ALL,
    "warm_start": WARM_START,
    "rejection": REJECTION,
    "grpo": GRPO,
    "samples": SAMPLES,
    "results": RESULTS,
}
"""By the name that stands in docs/metrics.md."""

CURVES: dict[str, Entry] = ALL | WARM_START | REJECTION | GRPO
"""What may stand in a line of metrics.jsonl, by name; what is nested has a dot, ``curriculum.share``."""


def explain(name: str) -> Entry | None:
    """Return the entry of a curve, or of what it is a part of; None where there is none.

    Takes names with dots or slashes, with or without the stage before them.

    >>> explain("grpo/reward/sudoku/3").title, explain("curriculum.share").title, explain("no_such")
    ('Reward', 'Share of each arm', None)
    """
    words = re.split(r"[./]", name)
    if len(words) > 1 and words[0] in ("warm_start", "rejection", "grpo"):
        words = words[1:]
    for length in range(len(words), 0, -1):
        found = CURVES.get(".".join(words[:length]))
        if found is not None:
            return found
    return None


def table(entries: dict[str, Entry]) -> str:
    """Return entries as a Markdown table."""
    rows = [
        "| field | what it is | unit | healthy | what a bad one looks like, and what to do |",
        "|---|---|---|---|---|",
    ]
    for name, entry in entries.items():
        cells = [f"`{name}`", entry.meaning, entry.unit, entry.healthy, entry.bad]
        rows.append("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|")
    return "\n".join(rows)


def render(page: str) -> str:
    """Return a page with the tables between its marks ``<!-- glossary: grpo -->`` and ``<!-- end -->`` made anew."""

    def made(mark: re.Match[str]) -> str:
        return f"<!-- glossary: {mark[1]} -->\n\n{table(TABLES[mark[1]])}\n\n<!-- end -->"

    return re.sub(r"<!-- glossary: (\w+) -->.*?<!-- end -->", made, page, flags=re.DOTALL)


def main(path: Path) -> None:
    """Make the tables of a page anew; raises BadFile."""
    from gradarium.trainers.records import write_text

    try:
        page = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror}") from None
    write_text(path, render(page))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
