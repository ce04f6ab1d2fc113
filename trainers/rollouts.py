"""From a curriculum to judged groups: draw, pose, sample, judge, pay; sample again where that taught nothing."""

import math
import time
from collections.abc import Sequence
from typing import Any, TypeVar

import torch

from gradarium.core import Instance, Status, derive_seed
from gradarium.generators import get_task
from gradarium.trainers.advantages import needs_greedy
from gradarium.trainers.allocation import ArmStatistics, gvm_allocation
from gradarium.trainers.config import RunConfig
from gradarium.trainers.curricula import Curriculum, feedback
from gradarium.trainers.data import Arm, Completion, Group, Rollout
from gradarium.trainers.dynamic import Drops, useful
from gradarium.trainers.engines import Engine, Sampling
from gradarium.trainers.failures import FAILED, FailureRate
from gradarium.trainers.mixture import answer_format_of
from gradarium.trainers.models import decode, encode_for_run
from gradarium.trainers.rewards import options_of, pay, told_for_run
from gradarium.trainers.supervised.hints import with_hint
from gradarium.trainers.supervised.prefix import given_tokens, share_at
from gradarium.trainers.verdicts import VerdictPool

T = TypeVar("T")
UNREAD = (Status.MISSING, Status.UNREADABLE)


def pose_batch(drawn: Sequence[tuple[Arm, int]], config: RunConfig) -> list[Instance]:
    """Pose the training instances that a curriculum drew, each in the answer format of its task."""
    formats = {arm.task: answer_format_of(config, arm.task) for arm, _ in drawn}
    posed = [
        get_task(arm.task).pose(index, arm.level, "train", answer_format=formats[arm.task]) for arm, index in drawn
    ]
    return [told_for_run(instance, config) for instance in posed]


class Collector:
    """Collects the groups of one step after the other; its state is in checkpoints."""

    def __init__(
        self, engine: Engine, tokenizer: Any, curriculum: Curriculum, judge: VerdictPool, config: RunConfig
    ) -> None:
        self.engine, self.tokenizer, self.curriculum, self.judge, self.config = (
            engine,
            tokenizer,
            curriculum,
            judge,
            config,
        )
        self.arms = ArmStatistics()
        self.drops = Drops()
        self.failures = FailureRate(config.grpo.max_error_rate)
        self.seconds = {"pose": 0.0, "generate": 0.0, "judge": 0.0}
        self.drawn: list[Group] = []
        """All groups of the last step, those that dynamic sampling dropped too."""

    def collect(self, step: int, entropy_temperature: float | None = None) -> tuple[list[Group], dict[str, float]]:
        """Return the groups of a step and what it took; sampling noise depends on the seed and the step alone.

        With ``sampling.rounds`` above 1, groups whose rewards do not differ are replaced by new ones; what is missing
        after the last round stays missing. Raises TooManyErrors when too many verdicts failed.
        """
        grpo, sampling = self.config.grpo, self.config.sampling
        noise = self._noise("rollout", step)
        self.seconds = dict.fromkeys(self.seconds, 0.0)
        choosy = sampling.rounds > 1 or sampling.oversample > 1
        kept: list[Group] = []
        every: list[Group] = []
        for _ in range(sampling.rounds):
            wanted = math.ceil((grpo.prompts - len(kept)) * sampling.oversample)
            drawn = self.curriculum.draw(math.ceil(wanted * self.curriculum.candidates))
            groups, others = self._groups(drawn, wanted, step, noise, entropy_temperature)
            self.arms.observe([*groups, *others])
            for group in [*groups, *others]:
                self.drops.observe(group.arm, group.rewards, sampling.spread, group.success)
            every += [*groups, *others]
            kept += [g for g in groups if not choosy or useful(g.rewards, sampling.spread)]
            if len(kept) >= grpo.prompts:
                break
        self.curriculum.update([feedback(group) for group in every])
        self.drawn = every
        size = min(len(kept), grpo.prompts)  # draws come sorted by arm: what is left out is spread over all of them
        return [kept[i * len(kept) // size] for i in range(size)], self._summary(every, step)

    def sample(self, step: int, prompts: int, samples: int) -> tuple[list[Group], dict[str, float]]:
        """Return plain groups for rejection fine-tuning, ``samples`` rollouts for each of ``prompts`` problems."""
        noise = self._noise("rejection", step)
        drawn = self.curriculum.draw_by_weight(prompts)
        instances = pose_batch(drawn, self.config)
        encoded = [self._encode(instance) for instance in instances]
        rows = self._rollouts(instances, encoded, [samples] * prompts, noise)
        groups = _grouped(self.config, drawn, instances, encoded, rows)
        return groups, self._summary(groups, step)

    def _noise(self, purpose: str, step: int) -> torch.Generator:
        noise = torch.Generator(self.engine.model.device)
        return noise.manual_seed(derive_seed(purpose, self.config.seed, step) % 2**63)

    def _summary(self, groups: Sequence[Group], step: int) -> dict[str, float]:
        """Return the metrics of all groups that were drawn; raises TooManyErrors."""
        rollouts = [r for g in groups for r in g.rollouts]
        self.failures.check([r.verdict for r in rollouts], step)
        spread = self.config.sampling.spread
        return {
            "tokens": sum(len(r.token_ids) - r.given for r in rollouts),
            "groups_drawn": len(groups),
            "groups_useful": sum(useful(g.rewards, spread) for g in groups),
            "not_judged": sum(r.verdict.status in FAILED for r in rollouts),
            "missing": sum(r.verdict.status in UNREAD and not r.abstained for r in rollouts) / len(rollouts),
            "truncated": sum(r.finish == "length" for r in rollouts) / len(rollouts),
            **{f"seconds_{name}": value for name, value in self.seconds.items()},
        }

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON-ready data."""
        return {"arms": self.arms.state_dict(), "drops": self.drops.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.arms.load_state_dict(state["arms"])
        self.drops.load_state_dict(state["drops"])

    def _groups(
        self,
        drawn: Sequence[tuple[Arm, int]],
        wanted: int,
        step: int,
        noise: torch.Generator,
        entropy_temperature: float | None,
    ) -> tuple[list[Group], list[Group]]:
        """Sample and judge a group for each drawn instance; return those that the curriculum keeps, and the others.

        A curriculum that probes chooses after the first few rollouts of each; the others stay as small as that.
        """
        began = time.perf_counter()
        config, guidance = self.config, self.config.guidance
        instances = pose_batch(drawn, config)
        prompts = [self._encode(instance) for instance in instances]
        sizes = self._sizes([arm for arm, _ in drawn])
        self._took("pose", began)

        chooser = self.curriculum
        rows: list[list[Rollout]] = [[] for _ in drawn]
        others: list[Group] = []
        if chooser.probe:
            rows = self._rollouts(instances, prompts, [min(chooser.probe, size) for size in sizes], noise)
            probed = _grouped(config, drawn, instances, prompts, rows)
            chosen = chooser.keep([feedback(group) for group in probed], wanted)
            others = [group for i, group in enumerate(probed) if i not in chosen]
            drawn, instances, prompts = _at(chosen, drawn), _at(chosen, instances), _at(chosen, prompts)
            rows = _at(chosen, rows)
            sizes = self._sizes([arm for arm, _ in drawn])  # the budget is that of the groups that are trained on

        prefixed = [round(guidance.prefix * size) for size in sizes]
        tempered = [round(config.entropy.share * size) if entropy_temperature else 0 for size in sizes]
        plain = [max(0, n - p - t - len(row)) for n, p, t, row in zip(sizes, prefixed, tempered, rows, strict=True)]
        if any(plain):
            _extend(rows, self._rollouts(instances, prompts, plain, noise))
        if any(prefixed):
            share = share_at(step, config.grpo.steps, guidance.prefix_start, guidance.prefix_end)
            given = [given_tokens(self.tokenizer, instance, share) for instance in instances]
            _extend(rows, self._rollouts(instances, prompts, prefixed, noise, given=given))
        if any(tempered):
            more = self._rollouts(instances, prompts, tempered, noise, temperature=entropy_temperature, tempered=True)
            _extend(rows, more)
        if guidance.hints:
            self._hint(instances, rows, noise)
        greedy: list[float | None] = [None] * len(rows)
        if needs_greedy(config.grpo.advantage):
            best = self._rollouts(instances, prompts, [1] * len(rows), noise, temperature=0.0)
            greedy = [group.rewards[0] for group in _grouped(config, drawn, instances, prompts, best)]
        groups = _grouped(config, drawn, instances, prompts, rows, greedy)
        if not chooser.probe:
            chosen = chooser.keep([feedback(group) for group in groups], wanted)
            others = [group for i, group in enumerate(groups) if i not in chosen]
            groups = _at(chosen, groups)
        return groups, others

    def _encode(self, instance: Instance) -> list[int]:
        return encode_for_run(self.tokenizer, instance, self.config)

    def _sizes(self, arms: Sequence[Arm]) -> list[int]:
        """Return how many rollouts each drawn group gets."""
        sampling, group = self.config.sampling, self.config.grpo.group
        if sampling.allocation == "equal":
            return [group] * len(arms)
        spreads = [self.arms.deviation(arm) for arm in arms]
        return gvm_allocation(spreads, group * len(arms), sampling.least, sampling.most)

    def _rollouts(
        self,
        instances: Sequence[Instance],
        prompts: Sequence[list[int]],
        sizes: Sequence[int],
        noise: torch.Generator,
        given: Sequence[list[int]] | None = None,
        temperature: float | None = None,
        **marks: bool,
    ) -> list[list[Rollout]]:
        """Sample ``sizes[i]`` completions of prompt i and judge them; they are paid once their group is whole."""
        began = time.perf_counter()
        grpo = self.config.grpo
        heads = given or [[]] * len(prompts)
        starts = [[*prompt, *head] for prompt, head in zip(prompts, heads, strict=True)]
        sampling = Sampling(grpo.max_new_tokens, grpo.temperature if temperature is None else temperature)
        sampled = self.engine.generate(starts, sizes, sampling, noise)
        flat = [(i, _after(heads[i], c)) for i, row in enumerate(sampled) for c in row]
        texts = [decode(self.tokenizer, c.token_ids) for _, c in flat]
        began = self._took("generate", began)
        verdicts = self.judge.judge(
            texts,
            [instances[i].task for i, _ in flat],
            [instances[i].payload for i, _ in flat],
            [instances[i].answer_format for i, _ in flat],
        )
        self._took("judge", began)
        rows: list[list[Rollout]] = [[] for _ in prompts]
        for (i, c), text, verdict in zip(flat, texts, verdicts, strict=True):
            rows[i].append(Rollout(c.token_ids, c.logprobs, c.finish, text, verdict, None, (), len(heads[i]), **marks))
        return rows

    def _hint(self, instances: Sequence[Instance], rows: list[list[Rollout]], noise: torch.Generator) -> None:
        """Where every rollout of a group failed, put right ones that had a hint in the place of some (Guide-GRPO)."""
        judged = [[r.verdict.reward for r in row if r.verdict.reward is not None] for row in rows]
        failed = [i for i, scores in enumerate(judged) if scores and not any(scores)]
        if not failed:
            return
        told = [instances[i] for i in failed]
        prompts = [self._encode(with_hint(instance)) for instance in told]
        halves = [max(1, len(rows[i]) // 2) for i in failed]  # at most half: the others say what is wrong
        for i, found in zip(failed, self._rollouts(told, prompts, halves, noise, guided=True), strict=True):
            right = [rollout for rollout in found if rollout.verdict.score > 0]
            rows[i][: len(right)] = right

    def _took(self, what: str, began: float) -> float:
        now = time.perf_counter()
        self.seconds[what] += now - began
        return now


def _after(head: list[int], completion: Completion) -> Completion:
    """Return a completion with the tokens before it that were given."""
    if not head:
        return completion
    return Completion([*head, *completion.token_ids], [math.nan] * len(head) + completion.logprobs, completion.finish)


def _at(positions: Sequence[int], items: Sequence[T]) -> list[T]:
    return [items[i] for i in positions]


def _grouped(
    config: RunConfig,
    drawn: Sequence[tuple[Arm, int]],
    instances: Sequence[Instance],
    prompts: Sequence[list[int]],
    rows: Sequence[list[Rollout]],
    greedy: Sequence[float | None] | None = None,
) -> list[Group]:
    """Return the groups, paid."""
    best, limit = greedy or [None] * len(rows), config.grpo.max_new_tokens
    return [
        Group(arm, instance, prompt, pay(instance, row, limit, options_of(config, arm.task)), reward)
        for (arm, _), instance, prompt, row, reward in zip(drawn, instances, prompts, rows, best, strict=True)
    ]


def _extend(rows: list[list[Rollout]], more: Sequence[list[Rollout]]) -> None:
    for row, added in zip(rows, more, strict=True):
        row += added
