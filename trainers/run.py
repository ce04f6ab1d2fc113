"""One run from start to report: evaluate, warm start, rejection, GRPO, evaluate; killed at any point it can go on."""

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from gradarium.core import derive_seed
from gradarium.errors import BadFile, GradariumError
from gradarium.trainers import checkpoint
from gradarium.trainers.activation_checkpointing import enable_checkpointing
from gradarium.trainers.config import RunConfig
from gradarium.trainers.config_file import to_dict
from gradarium.trainers.curricula import make_curriculum
from gradarium.trainers.data import Group
from gradarium.trainers.diagnostics import Alarms
from gradarium.trainers.engines import Sampling
from gradarium.trainers.evaluate import ArmResult, evaluate, mean_success
from gradarium.trainers.folder_lock import lock_folder
from gradarium.trainers.grpo import grpo_step
from gradarium.trainers.isolation import isolate
from gradarium.trainers.learner import Learner, NotFinite
from gradarium.trainers.lora import add_lora
from gradarium.trainers.mixture import answer_format_of
from gradarium.trainers.models import load_folder, load_model
from gradarium.trainers.progress import Bar, rates, say
from gradarium.trainers.provenance import provenance
from gradarium.trainers.records import Log, batch_of, reward_by_arm, samples_of, shaping_by_arm, write_text
from gradarium.trainers.rewards import told_for_run
from gradarium.trainers.rollouts import Collector, pose_batch
from gradarium.trainers.supervised.interleaved import HardProblems
from gradarium.trainers.supervised.rejection import batches, right_completions
from gradarium.trainers.supervised.step import supervised_step
from gradarium.trainers.supervised.warm_start import warm_start_step
from gradarium.trainers.trackers import Trackers, check_trackers
from gradarium.trainers.verdicts import VerdictPool

SAMPLES_EVERY = 10
"""Steps between two records in the sample log."""


class BadBatch(GradariumError):
    """A loss or gradient is not finite; the batch was saved."""


def train(config: RunConfig, resume: bool = False) -> dict[str, list[ArmResult]]:
    """Run or resume; return the results on the test split: ``start``, and one for each stage that the run has.

    Raises BadFile when the folder already holds a run and ``resume`` is False, when its configuration differs, when
    another process uses it, or when a checkpoint is damaged; BadBatch on NaN; TooManyErrors when the suite cannot
    judge.
    """
    run = Run(config, resume)
    try:
        return run.finish()
    finally:
        run.close()


class Run:
    """The state of a run; everything that changes is in a checkpoint."""

    def __init__(self, config: RunConfig, resume: bool) -> None:
        self.folder = Path(config.out)
        self.lock: Any = None
        try:
            self._open(config, resume)
        except BaseException:
            self._unlock()
            raise

    def _open(self, config: RunConfig, resume: bool) -> None:
        self.config = config
        self.checkpoints = self.folder / "checkpoints"
        self.metrics, self.samples = Log(self.folder / "metrics.jsonl"), Log(self.folder / "samples.jsonl")
        torch.set_num_threads(config.model.threads)
        self._check_folder(resume)
        if (self.folder / "config.json").exists():
            self.lock = lock_folder(self.folder)
        trackers = check_trackers(config.trackers)
        self.isolation, places = isolate((entry.name for entry in config.task), config.sandbox)
        found = checkpoint.latest(self.checkpoints) if resume else None
        self.stage, self.step = "warm_start", 0
        self.results: dict[str, list[ArmResult]] = {}
        self.best: dict[str, Any] = {"dev": -1.0, "checkpoint": ""}
        if found is None or config.step.lora_rank:  # adapters go on from the weights that they were put on
            model, tokenizer = load_model(config)
        else:
            model, tokenizer = load_folder(found / "model", config.model.device)
        if config.step.lora_rank:
            add_lora(model, config.step.lora_rank, config.step.lora_alpha)
        if config.step.checkpointing:
            enable_checkpointing(model)
        state = checkpoint.read_state(found) if found else {}
        self.stage, self.step = state.get("stage", "warm_start"), state.get("step", 0)
        if self.lock is None:
            self.lock = lock_folder(self.folder)
        self.trackers = Trackers(trackers, self.folder, to_dict(config), self.metrics.until(self.stage, self.step))
        if found is None:
            write_text(self.folder / "config.json", json.dumps(to_dict(config), indent=1))
            write_text(self.folder / "provenance.json", json.dumps(provenance(config.model.device), indent=1))
        else:
            say(f"resuming from {found}")
        self.learner = Learner(model, tokenizer, config, self._lr())
        self.curriculum = make_curriculum(config)
        self.hard = HardProblems(config.guidance)
        self.alarms = Alarms(config.diagnostics)
        self.judge = VerdictPool(
            config.judge.workers,
            timeout_s=config.judge.seconds,
            memory_mb=config.judge.memory_mb,
            sandbox=places,
        )
        self.collector = Collector(self.learner.engine, tokenizer, self.curriculum, self.judge, config)
        self.parts: dict[str, Any] = {
            "learner": self.learner,
            "curriculum": self.curriculum,
            "collector": self.collector,
            "hard": self.hard,
            "alarms": self.alarms,
        }
        if found is not None:
            checkpoint.restore(found, self.learner)
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
            self.results = {name: [ArmResult(**r) for r in rows] for name, rows in state["results"].items()}
            self.best = state["best"]
        for log in (self.metrics, self.samples):
            log.rewind(self.stage, self.step)

    def _check_folder(self, resume: bool) -> None:
        """Refuse a folder that holds another run; nothing is written before the model could be loaded."""
        path = self.folder / "config.json"
        if not path.exists():
            return
        if not resume:
            raise BadFile(self.folder, "already holds a run; add --resume to go on, or choose another --out")
        try:
            same = json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(to_dict(self.config)))
        except ValueError:
            same = False
        if not same:
            raise BadFile(path, "the run was started with another configuration; choose another --out")

    def _lr(self) -> float:
        config = self.config
        return {"warm_start": config.warm_start.lr, "rejection": config.rejection.lr}.get(self.stage, config.step.lr)

    def close(self) -> None:
        """End the processes of the run, and its trackers."""
        self.judge.close()
        self.trackers.close()
        self._unlock()

    def _unlock(self) -> None:
        if self.lock is not None:
            self.lock.release()

    def _record(self, record: dict[str, Any]) -> None:
        """Write a line of metrics.jsonl, then tell the trackers: what they know stands there."""
        self.metrics.write([record])
        self.trackers.log(record)

    def finish(self) -> dict[str, list[ArmResult]]:
        """Do what is left of the run."""
        config = self.config
        if "start" not in self.results:
            self.results["start"] = self._evaluate("start")
        if self.stage == "warm_start":
            self._warm_start()
            self._next_stage("rejection", evaluated=config.warm_start.steps > 0)
        if self.stage == "rejection":
            self._rejection()
            self._next_stage("grpo", evaluated=config.rejection.rounds > 0)
        if self.stage == "grpo":
            self._grpo()
            self._next_stage("done", evaluated=config.grpo.steps > 0)
        checkpoint.save_model(self.folder / "model", self.learner.model, self.learner.tokenizer)
        rows = {name: [r.to_json() for r in results] for name, results in self.results.items()}
        write_text(self.folder / "results.json", json.dumps(rows, indent=1))
        return self.results

    def _next_stage(self, stage: str, evaluated: bool) -> None:
        if evaluated:
            self.results[self.stage] = self._evaluate(self.stage)
        self.stage, self.step = stage, 0
        self.learner.restart_optimizer(self._lr())
        if stage == "grpo" and self._needs_reference():
            self.learner.freeze_reference()
        if evaluated or stage in ("grpo", "done"):
            self._save()

    def _needs_reference(self) -> bool:
        return self.config.kl.weight > 0 or self.config.loss.name == "copg"

    def _save(self) -> None:
        state = {
            **{name: part.state_dict() for name, part in self.parts.items()},
            "results": {name: [r.to_json() for r in rows] for name, rows in self.results.items()},
            "best": self.best,
        }
        checkpoint.save(self.checkpoints, self.stage, self.step, self.learner, state)
        checkpoint.prune(self.checkpoints, self.config.keep, self.best["checkpoint"])

    def _save_sometimes(self, steps: int) -> None:
        if self.step % self.config.checkpoint_every == 0 and self.step < steps:
            self._save()

    def _evaluate(self, name: str) -> list[ArmResult]:
        e = self.config.evaluation
        sampling = Sampling(self.config.grpo.max_new_tokens, e.temperature)
        results = self._measure(e.count, e.samples, sampling, "test", self.config.seed)
        say(f"held-out success, {name}: " + rates({f"{r.task}/{r.level}": r.success for r in results}))
        return results

    def _look(self, count: int) -> list[ArmResult]:
        """Measure on the dev split, one sample of each instance at the temperature of training."""
        sampling = Sampling(self.config.grpo.max_new_tokens, self.config.grpo.temperature)
        return self._measure(count, 1, sampling, "dev", derive_seed("check", self.config.seed) % 2**31)

    def _measure(self, count: int, samples: int, sampling: Sampling, split: Any, seed: int) -> list[ArmResult]:
        return evaluate(
            self.learner.engine,
            self.learner.tokenizer,
            self.curriculum.arms,
            count=count,
            samples=samples,
            sampling=sampling,
            judge=self.judge,
            split=split,
            style=self.config.style,
            shots=self.config.shots,
            shots_seed=self.config.seed,
            answer_format={arm.task: answer_format_of(self.config, arm.task) for arm in self.curriculum.arms},
            templates=range(self.config.prompts.templates),
            told=lambda instance: told_for_run(instance, self.config),
            seed=seed,
        )

    def _warm_start(self) -> None:
        warm = self.config.warm_start
        with Bar("warm start", warm.steps, self.step) as bar:
            while self.step < warm.steps:
                began = time.perf_counter()
                instances = pose_batch(self.curriculum.draw_by_weight(warm.batch), self.config)
                metrics = warm_start_step(self.learner, instances)
                self.step += 1
                seconds = time.perf_counter() - began
                record = {"stage": "warm_start", "step": self.step, "seconds": seconds, **metrics}
                reached = False
                if self.step % warm.check_every == 0:
                    checked = self._look(warm.check_count)
                    reached = mean_success(checked) >= warm.until
                    record["dev"] = {f"{r.task}/{r.level}": r.success for r in checked}
                self._record(record)
                bar.update(self.step, f"loss {metrics['loss']:.3f}  {metrics['tokens'] / seconds:.0f} tokens/s")
                if reached:
                    break
                self._save_sometimes(warm.steps)

    def _rejection(self) -> None:
        options = self.config.rejection
        with Bar("rejection", options.rounds, self.step) as bar:
            while self.step < options.rounds:
                began = time.perf_counter()
                groups, record = self.collector.sample(self.step, options.prompts, options.samples)
                pairs = right_completions(groups, options.keep)
                learned = [
                    supervised_step(self.learner, *zip(*batch, strict=True)) for batch in batches(pairs, options)
                ]
                self.step += 1
                loss = sum(metrics["loss"] for metrics in learned) / max(1, len(learned))
                rewards = reward_by_arm(groups)
                record = {**record, "kept": len(pairs), "loss": loss, "seconds": time.perf_counter() - began}
                line = {"stage": "rejection", "step": self.step, **record, "reward": rewards, **self.isolation}
                self._record(line)
                bar.update(self.step, f"{rates(rewards)}  kept {len(pairs)}")
                self._save_sometimes(options.rounds)

    def _grpo(self) -> None:
        config = self.config.grpo
        with Bar("grpo", config.steps, self.step) as bar:
            while self.step < config.steps:
                began = time.perf_counter()
                try:
                    groups, record = grpo_step(self.learner, self.collector, self.step)
                except NotFinite as error:
                    raise self._saved(error) from None
                alarms = self.alarms.after_step(record, mean_reward(self.collector.drawn), self.learner.stalled)
                record |= self._relift()
                self.step += 1
                dev = self._dev_look(alarms)
                self.learner.move_reference(self.step, dev.get("dev_mean"))
                seconds = time.perf_counter() - began
                record = {**record, "seconds": seconds, "tokens_per_second": record["tokens"] / seconds}
                rewards = reward_by_arm(self.collector.drawn)
                line = {"stage": "grpo", "step": self.step, **record, **dev, "reward": rewards, "alarms": alarms}
                line["drops"] = self.collector.drops.metrics()
                line |= shaping_by_arm(self.collector.drawn, self.config)
                line["curriculum"] = self.curriculum.metrics()
                self._record({**line, **self.isolation})
                if self.step % SAMPLES_EVERY == 1:
                    samples = samples_of(groups, "grpo", self.step)
                    self.samples.write({**sample, **self.isolation} for sample in samples)
                for alarm in alarms:
                    say(f"ALARM at step {self.step}: {alarm}")
                bar.update(self.step, f"{rates(rewards)}  {record['tokens_per_second']:.0f} tokens/s")
                if dev.get("best"):
                    self.best = {"dev": dev["dev_mean"], "checkpoint": f"2-grpo-{self.step:06d}"}
                if dev.get("best") and self.step < config.steps:
                    self._save()
                else:
                    self._save_sometimes(config.steps)

    def _relift(self) -> dict[str, float]:
        """Take a supervised step on the problems that nothing solved, once there are enough of them."""
        self.hard.observe(self.collector.drawn)
        taken = self.hard.take()
        if not taken:
            return {}
        self.learner.set_lr(self.step, self.config.guidance.sft_lr)
        return {"relift_loss": warm_start_step(self.learner, pose_batch(taken, self.config))["loss"]}

    def _dev_look(self, alarms: list[str]) -> dict[str, Any]:
        """Measure on the dev split where that is due; add what is alarming to ``alarms``."""
        every = self.config.evaluation.every
        if not every or self.step % every:
            return {}
        results = self._look(self.config.evaluation.dev_count)
        mean = mean_success(results)
        alarms += self.alarms.after_look(mean)
        by_arm = {f"{r.task}/{r.level}": r.success for r in results}
        return {"dev": by_arm, "dev_mean": mean, "best": mean > self.best["dev"]}

    def _saved(self, error: NotFinite) -> BadBatch:
        """Write down the batch that gave NaN."""
        path = self.folder / "bad_batch.json"
        write_text(path, json.dumps(batch_of(error.groups), indent=1))
        return BadBatch(f"step {self.step + 1}: {error}; the batch is in {path}")


def mean_reward(groups: Sequence[Group]) -> float | None:
    """Return the mean reward of all rollouts that were judged and had no help."""
    paid = [r.reward for group in groups for r in group.rollouts if r.alone and r.reward is not None]
    return math.fsum(paid) / len(paid) if paid else None
