"""One run from start to report: evaluate, warm start, evaluate, GRPO, evaluate; killed at any point it can go on."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import torch

from gradarium.core import derive_seed
from gradarium.errors import BadFile
from gradarium.sandbox import use_sandbox
from gradarium.trainers import checkpoint
from gradarium.trainers.config import RunConfig, to_dict
from gradarium.trainers.curricula import Weighted
from gradarium.trainers.engines.hf import HFEngine, Sampling
from gradarium.trainers.evaluate import ArmResult, evaluate, mean_success
from gradarium.trainers.grpo import collect, grpo_step, pose_batch
from gradarium.trainers.models import eos_ids, load_folder, load_model
from gradarium.trainers.progress import Bar, rates, say
from gradarium.trainers.records import Log, reward_by_arm, samples_of, write_text
from gradarium.trainers.warm_start import warm_start_step
from gradarium.verifiers import load_verifier

SAMPLES_EVERY = 10
"""Steps between two records in the sample log."""


def train(config: RunConfig, resume: bool = False) -> dict[str, list[ArmResult]]:
    """Run or resume; return the results of the evaluations ``start``, ``warm_start`` and ``grpo`` on the test split.

    Raises BadFile when the folder already holds a run and ``resume`` is False, when its configuration differs, or when
    a checkpoint is damaged.
    """
    return Run(config, resume).finish()


class Run:
    """The state of a run; everything that changes is in a checkpoint."""

    def __init__(self, config: RunConfig, resume: bool) -> None:
        self.config = config
        self.folder = Path(config.out)
        self.checkpoints = self.folder / "checkpoints"
        self.metrics, self.samples = Log(self.folder / "metrics.jsonl"), Log(self.folder / "samples.jsonl")
        torch.set_num_threads(config.model.threads)
        self._check_folder(resume)
        self.isolation = _isolation(config)
        found = checkpoint.latest(self.checkpoints) if resume else None
        self.stage, self.step = "warm_start", 0
        self.results: dict[str, list[ArmResult]] = {}
        self.curriculum = Weighted(config.task, config.seed)
        if found is None:
            self.model, self.tokenizer = load_model(config.model, config.seed)
            self.optimizer = self._new_optimizer(config.warm_start.lr)
            write_text(self.folder / "config.json", json.dumps(to_dict(config), indent=1))
            for log in (self.metrics, self.samples):
                log.rewind("warm_start", 0)
        else:
            say(f"resuming from {found}")
            state = checkpoint.read_state(found)
            self.stage, self.step = state["stage"], state["step"]
            self.model, self.tokenizer = load_folder(found / "model", config.model.device)
            self.optimizer = self._new_optimizer(config.warm_start.lr if self.stage == "warm_start" else config.grpo.lr)
            checkpoint.restore_optimizer(found, self.optimizer)
            self.curriculum.load_state_dict(state["curriculum"])
            self.results = {name: [ArmResult(**r) for r in rows] for name, rows in state["results"].items()}
            for log in (self.metrics, self.samples):
                log.rewind(self.stage, self.step)
        self.engine = HFEngine(self.model, self.tokenizer.pad_token_id, eos_ids(self.model, self.tokenizer))
        self.reference: Any = None

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

    def _new_optimizer(self, lr: float) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.model.parameters(), lr=lr, betas=(0.9, 0.95), weight_decay=0.0)

    def finish(self) -> dict[str, list[ArmResult]]:
        """Do what is left of the run."""
        if "start" not in self.results:
            self.results["start"] = self._evaluate("start")
        if self.stage == "warm_start":
            self._warm_start()
            self._next_stage("grpo", "warm_start")
        if self.stage == "grpo":
            self._grpo()
            self._next_stage("done", "grpo")
        checkpoint.save_model(self.folder / "model", self.model, self.tokenizer)
        rows = {name: [r.to_json() for r in results] for name, results in self.results.items()}
        write_text(self.folder / "results.json", json.dumps(rows, indent=1))
        return self.results

    def _next_stage(self, stage: str, evaluated: str) -> None:
        self.results[evaluated] = self._evaluate(evaluated)
        self.stage, self.step = stage, 0
        self.optimizer = self._new_optimizer(self.config.grpo.lr)
        self._save()

    def _save(self) -> None:
        state = {
            "curriculum": self.curriculum.state_dict(),
            "results": {name: [r.to_json() for r in rows] for name, rows in self.results.items()},
        }
        checkpoint.save(self.checkpoints, self.stage, self.step, self.model, self.tokenizer, self.optimizer, state)
        checkpoint.prune(self.checkpoints, self.config.keep)

    def _evaluate(self, name: str) -> list[ArmResult]:
        e = self.config.evaluation
        results = evaluate(
            self.engine,
            self.tokenizer,
            self.curriculum.arms,
            count=e.count,
            samples=e.samples,
            sampling=Sampling(self.config.grpo.max_new_tokens, e.temperature),
            style=self.config.style,
            answer_format=self.config.answer_format,
            seed=self.config.seed,
        )
        say(f"held-out success, {name}: " + rates({f"{r.task}/{r.level}": r.success for r in results}))
        return results

    def _warm_start(self) -> None:
        warm = self.config.warm_start
        with Bar("warm start", warm.steps, self.step) as bar:
            while self.step < warm.steps:
                began = time.perf_counter()
                instances = pose_batch(self.curriculum.draw(warm.batch), self.config)
                metrics = warm_start_step(self.model, self.tokenizer, self.optimizer, instances, self.config.style)
                self.step += 1
                seconds = time.perf_counter() - began
                record = {"stage": "warm_start", "step": self.step, "seconds": seconds, **metrics}
                reached = False
                if self.step % warm.check_every == 0:
                    checked = self._check(warm.check_count)
                    reached = mean_success(checked) >= warm.until
                    record["dev"] = {f"{r.task}/{r.level}": r.success for r in checked}
                self.metrics.write([record])
                bar.update(self.step, f"loss {metrics['loss']:.3f}  {metrics['tokens'] / seconds:.0f} tokens/s")
                if reached:
                    break
                if self.step % self.config.checkpoint_every == 0:
                    self._save()

    def _check(self, count: int) -> list[ArmResult]:
        return evaluate(
            self.engine,
            self.tokenizer,
            self.curriculum.arms,
            count=count,
            samples=1,
            sampling=Sampling(self.config.grpo.max_new_tokens, self.config.grpo.temperature),
            split="dev",
            style=self.config.style,
            answer_format=self.config.answer_format,
            seed=derive_seed("check", self.config.seed) % 2**31,
        )

    def _grpo(self) -> None:
        config = self.config.grpo
        if config.kl > 0:
            self.reference = self._reference()
        with Bar("grpo", config.steps, self.step) as bar:
            while self.step < config.steps:
                began = time.perf_counter()
                for group in self.optimizer.param_groups:
                    group["lr"] = config.lr * min(1.0, (self.step + 1) / (config.lr_warmup + 1))
                groups, record = collect(self.engine, self.tokenizer, self.curriculum, self.config, self.step)
                metrics = grpo_step(self.model, self.reference, self.tokenizer, self.optimizer, groups, config)
                self.curriculum.update(groups)
                self.step += 1
                seconds = time.perf_counter() - began
                rewards = reward_by_arm(groups)
                record = {**record, **metrics, "seconds": seconds, "tokens_per_second": record["tokens"] / seconds}
                self.metrics.write(
                    [{"stage": "grpo", "step": self.step, **record, "reward": rewards, **self.isolation}]
                )
                if self.step % SAMPLES_EVERY == 1:
                    samples = samples_of(groups, "grpo", self.step)
                    self.samples.write({**sample, **self.isolation} for sample in samples)
                bar.update(self.step, f"{rates(rewards)}  {record['tokens_per_second']:.0f} tokens/s")
                if self.step % self.config.checkpoint_every == 0 and self.step < config.steps:
                    self._save()

    def _reference(self) -> Any:
        """Return the frozen policy at the start of GRPO, kept on disk for resumed runs."""
        folder = self.folder / "reference"
        if self.step == 0:
            checkpoint.save_model(folder, self.model, self.tokenizer)
            reference = copy.deepcopy(self.model)
        else:
            reference, _ = load_folder(folder, self.config.model.device)
        return reference.eval().requires_grad_(False)


def _isolation(config: RunConfig) -> dict[str, str]:
    """Start the sandbox that the mixture needs, if any, and return what every reward record says of it.

    Raises SandboxUnavailable where it cannot be had; it is never silently weaker than asked for.
    """
    if not any(load_verifier(entry.name).sandboxed for entry in config.task):
        return {}
    asked = config.sandbox
    backend = use_sandbox(
        asked.tier,
        min_isolation=asked.min_isolation,
        workers=asked.workers or None,
        allow_unsafe=asked.allow_unsafe,
    )
    return {"sandbox": backend.name, "isolation": backend.isolation}
