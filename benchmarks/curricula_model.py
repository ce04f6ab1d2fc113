"""Curricula against each other on the small embedded model; ``curricula.py --model`` runs it.

The model is warm-started once, and every rule goes on from there with the same number of rollouts, for each seed.
Ratios are taken seed by seed. Finished runs in ``runs/curricula`` are not done again, and a killed one goes on.
"""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from curricula import estimate, parse_rule, table

from gradarium.errors import BadValue
from gradarium.trainers.config import RunConfig
from gradarium.trainers.config_file import load_config
from gradarium.trainers.curricula import get_rule, make_curriculum
from gradarium.trainers.evaluate import ArmResult, mean_success
from gradarium.trainers.records import read_lines
from gradarium.trainers.run import train
from gradarium.trainers.simulation.loop import rollouts_of_step

CONFIG = Path(__file__).with_suffix(".toml")
RULES = ("uniform", "weighted", "pcl", "ladder", "adarft", "vcrl")
"""The fixed rules, and the four that did best on the simulated learner."""
BUDGET = 12_800
"""Rollouts of a run."""
LOOKS = 4
"""Looks at the dev split during a run."""


def main(rules: Sequence[str] | None, seeds: int, budget: int) -> int:
    """Train every rule with every seed and print held-out success against rollouts."""
    if seeds < 2:
        raise BadValue("--seeds", seeds, "must be at least 2: intervals are taken over seeds")
    names = ["uniform", *(rule for rule in dict.fromkeys(rules or RULES) if rule != "uniform")]
    for name in names:
        parse_rule(name)
    found: dict[str, list[list[float]]] = {name: [] for name in names}
    start = warm_start()
    for seed in range(seeds):
        for name in names:
            found[name].append(curve(name, seed, start, budget))
    at = [budget * look // LOOKS for look in range(1, LOOKS)]
    print(f"\nMean success over the arms, {seeds} seeds, after the warm start; in between on the dev split:\n")
    head = ["rule", "start", *(f"{count:,} rollouts" for count in at), f"{budget:,} rollouts", "gain, over uniform's"]
    rows = []
    for name in names:
        means = np.mean(found[name], axis=0)
        gains = [row[-1] - row[0] for row in found[name]]
        others = [row[-1] - row[0] for row in found["uniform"]]
        ratios = [gain / other for gain, other in zip(gains, others, strict=True) if min(gain, other) > 0]
        told = estimate(ratios).text() if len(ratios) == seeds else "no gain in some seed"
        rows.append([f"`{name}`", *(f"{mean:.3f}" for mean in means), told])
    print(table(head, rows))
    return 0


def warm_start() -> Path:
    """Return the folder of the model that all runs start from."""
    config = load_config(CONFIG, ["--grpo.steps", "0"])
    config = dataclasses.replace(config, out=f"{config.out}/start")
    finish(config)
    return Path(config.out) / "model"


def curve(rule: str, seed: int, start: Path, budget: int) -> list[float]:
    """Return mean success before, at each look and after."""
    name, options = parse_rule(rule)
    shares = {"floor": get_rule(name).usual_floor, "rehearsal": get_rule(name).usual_rehearsal}
    config = load_config(CONFIG, ["--seed", str(seed), "--warm_start.steps", "0", "--model.path", str(start)])
    asked = dataclasses.replace(config.curriculum, name=name, options=options, **shares)
    config = dataclasses.replace(config, curriculum=asked, out=f"{config.out}/{rule.replace(':', '-')}-{seed}-{budget}")
    steps = budget // rollouts_of_step(make_curriculum(config), config.grpo.prompts, config.grpo.group)
    if steps < LOOKS:
        raise BadValue("--budget", budget, f"{rule} takes more than a {LOOKS}th of it for a step")
    every = steps // LOOKS
    config = dataclasses.replace(
        config,
        grpo=dataclasses.replace(config.grpo, steps=steps),
        evaluation=dataclasses.replace(config.evaluation, every=every),
    )
    results = finish(config)
    dev = [line["dev_mean"] for line in read_lines(Path(config.out) / "metrics.jsonl") if "dev_mean" in line]
    return [mean_success(results["start"]), *dev[: LOOKS - 1], mean_success(results["grpo"])]


def finish(config: RunConfig) -> dict[str, list[ArmResult]]:
    """Run, go on, or read what is finished; raises the errors of ``train``."""
    path = Path(config.out) / "results.json"
    if path.exists():
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: [ArmResult(**row) for row in arms] for name, arms in rows.items()}
    return train(config, resume=Path(config.out).exists())
