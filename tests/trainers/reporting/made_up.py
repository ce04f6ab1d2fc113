"""Files of runs and evaluations with made-up figures, as large as real ones get."""

import json
import math
import random
from pathlib import Path

HOSTILE = "<script>alert(1)</script>\x00\u202eevil\u202c\ud800 $x^{2$ \" ' & </pre> " + "A" * 100_000
"""What a model may write: markup, controls, a turn of the direction of writing, half a pair, one endless line."""


def arms_of(tasks: int, levels: int) -> list[str]:
    names = [
        "sudoku",
        "countdown",
        "chain_arithmetic",
        "word_ladder",
        "hamiltonian_path",
        "zebra",
        "sql_query",
        "nonogram",
    ]
    names += [f"made_up_task_{i}" for i in range(tasks)]
    return [f"{task}/{level}" for task in names[:tasks] for level in range(levels)]


def grpo_records(steps: int, arms: list[str], seed: int = 0) -> list[dict]:
    """Records of GRPO steps whose arms are learned one after the other, the easier levels first."""
    rng = random.Random(seed)
    drawn = dict.fromkeys(arms, 0)
    records = []
    for step in range(1, steps + 1):
        skill = {
            arm: 1 / (1 + math.exp(-(8 * step / steps - 1.0 * int(arm.split("/")[1]) - 0.3 * (i % 7) - 1)))
            for i, arm in enumerate(arms)
        }
        pull = {arm: 0.05 + p * (1 - p) * 4 for arm, p in skill.items()}
        total = sum(pull.values())
        shown = rng.sample(arms, max(1, len(arms) * 2 // 3))
        for arm in shown:
            drawn[arm] += 2
        seconds = {"pose": 0.02, "generate": 3 + rng.random(), "judge": 0.1 + rng.random() / 5, "train": 2.0}
        tokens = round(4000 + 3000 * step / steps + 400 * rng.random())
        record = {
            "stage": "grpo",
            "step": step,
            "tokens": tokens,
            "groups_drawn": 32,
            "groups_useful": rng.randint(10, 28),
            "groups_kept": 16,
            "not_judged": 0,
            "missing": 0.3 * math.exp(-6 * step / steps) + 0.02 * rng.random(),
            "truncated": 0.05 * rng.random(),
            **{f"seconds_{name}": value for name, value in seconds.items()},
            "seconds": sum(seconds.values()) + 0.3,
            "tokens_per_second": tokens / (sum(seconds.values()) + 0.3),
            "loss": rng.gauss(0, 0.05),
            "entropy": 0.3 + math.exp(-3 * step / steps) + 0.05 * rng.random(),
            "kl": 0.02 * step / steps,
            "kl_weight": 0.0,
            "ratio_clipped": 0.01 * rng.random(),
            "grad_norm": rng.lognormvariate(0, 0.3),
            "mismatch_mean": rng.gauss(0, 1e-4),
            "mismatch_absolute": 0.02 + rng.random() / 100,
            "mismatch_k3": 1e-3 * rng.random(),
            "mismatch_largest": 0.1 * rng.random(),
            "mismatch_effective": 0.99,
            "reward": {arm: min(1.0, max(0.0, rng.gauss(skill[arm], 0.15))) for arm in shown},
            "reward_parts": {
                "score": {arm: skill[arm] for arm in shown},
                "format": dict.fromkeys(shown, 0.9),
                "length": {arm: -0.1 * rng.random() for arm in shown},
            },
            "length": {arm: 40 + 30 * skill[arm] for arm in shown},
            "curriculum": {f"share/{arm}": value / total for arm, value in pull.items()},
            "drops": {
                "groups/drawn": 2.0 * len(arms) * step,
                **{f"groups/drawn/{arm}": float(n) for arm, n in drawn.items()},
                **{f"groups/too_easy/{arm}": 0.3 * skill[arm] for arm in arms},
                **{f"groups/too_hard/{arm}": 0.5 * (1 - skill[arm]) for arm in arms},
                **{f"groups/masked/{arm}": 0.01 for arm in arms},
            },
            "alarms": [],
        }
        if step % max(1, steps // 20) == 0:
            record["dev"] = {arm: 0.9 * skill[arm] for arm in arms}
            record["dev_mean"] = sum(record["dev"].values()) / len(arms)
            record["best"] = True
        if step in (steps // 3, steps // 2):
            record["alarms"] = ["no group had different rewards in 20 steps, so comparing them teaches nothing"]
        records.append(record)
    return records


def samples(steps: int, arms: list[str], each: int = 1) -> list[dict]:
    rng = random.Random(1)
    kinds = {
        "correct": "every rule is kept",
        "wrong": "row 3 holds 7 twice",
        "missing": "no answer was found: write it between <answer> and </answer>",
        "partial": "14 of 16 cells are right",
    }
    rows = []
    for step in range(1, steps + 1, max(1, steps // each)):
        for arm in arms:
            status = rng.choice(list(kinds))
            rows.append(
                {
                    "stage": "grpo",
                    "step": step,
                    "arm": arm,
                    "index": rng.randint(0, 999),
                    "question": f"Solve this {arm.split('/')[0]}:\n\n1 2 _ 4\n_ 4 1 2\n2 _ 4 3\n4 3 2 _",
                    "brief": "12_4 _412 2_43 432_",
                    "completion": "The first row lacks a 3.\n<answer>\n1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1\n</answer>",
                    "reward": float(status == "correct"),
                    "status": status,
                    "reason": kinds[status],
                }
            )
    return rows


def results(arms: list[str]) -> dict[str, list[dict]]:
    def rows(shift: float) -> list[dict]:
        return [
            {
                "task": arm.split("/")[0],
                "level": int(arm.split("/")[1]),
                "instances": 100,
                "samples": 4,
                "success": max(0.0, min(1.0, shift + 0.35 - 0.12 * int(arm.split("/")[1]) + 0.07 * (i % 5))),
                "pass_at_k": 0.8,
                "missing": 0.02,
                "truncated": 0.01,
                "not_judged": 0,
            }
            for i, arm in enumerate(arms)
        ]

    return {"start": rows(-0.2), "warm_start": rows(0.0), "grpo": rows(0.35)}


def write_run(folder: Path, steps: int = 60, arms: list[str] | None = None, seed: int = 0, **extra: object) -> Path:
    """Write the folder of a finished run."""
    arms = arms_of(3, 3) if arms is None else arms
    folder.mkdir(parents=True, exist_ok=True)
    warm = [
        {"stage": "warm_start", "step": i, "loss": 3 / (i + 1) + 0.2, "tokens": 4096, "seconds": 0.5, "entropy": 1.0}
        for i in range(1, min(steps, 200) + 1)
    ]
    for record in warm[9::10]:
        record["dev"] = {arm: 0.02 * record["step"] / 10 for arm in arms}
    lines(folder / "metrics.jsonl", [*warm, *grpo_records(steps, arms, seed)])
    lines(folder / "samples.jsonl", samples(steps, arms, 20))
    (folder / "results.json").write_text(json.dumps(results(arms)))
    tasks: dict[str, list[int]] = {}
    for arm in arms:
        tasks.setdefault(arm.split("/")[0], []).append(int(arm.split("/")[1]))
    config = {
        "out": folder.name,
        "seed": seed,
        "style": "brief",
        "model": {"path": "tiny", "width": 96},
        "warm_start": {"steps": len(warm)},
        "grpo": {"steps": steps, "prompts": 96, "group": 8, "advantage": "maxrl"},
        "step": {"lr": 1e-3},
        "task": [{"name": task, "levels": levels, "weight": 1.0} for task, levels in tasks.items()],
        **extra,
    }
    (folder / "config.json").write_text(json.dumps(config))
    provenance = {
        "command": "gradarium train mixture.toml --seed 0",
        "versions": {"python": "3.11.2", "torch": "2.13.0"},
        "machine": {"system": "Linux", "processors": 2},
    }
    (folder / "provenance.json").write_text(json.dumps(provenance))
    return folder


def lines(path: Path, records: list[dict]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def write_evaluation(
    folder: Path, tasks: dict[str, int], count: int = 10, samples: int = 4, skill: float = 0.5
) -> Path:
    """Write the folder of a finished evaluation of real tasks: name -> number of levels."""
    from gradarium.generators import get_task
    from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm

    rng = random.Random(2)
    arms = [
        PlannedArm(task, level, get_task(task).version, 0, count, get_task(task).chance)
        for task, levels in tasks.items()
        for level in range(levels)
    ]
    evaluation = Evaluation(
        suite="core",
        suite_version=1,
        model="tiny",
        backend="local",
        samples=samples,
        temperature=1.0,
        max_new_tokens=64,
        style="full",
        shots=0,
        template=0,
        answer_format="",
        seed=1,
        split="test",
        arms=tuple(arms),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(evaluation.to_json()))
    rows = []
    for arm in arms:
        for index in range(count):
            easy = min(0.95, max(0.02, rng.gauss(skill - 0.15 * arm.level, 0.25)))
            for sample in range(samples):
                right, tokens = rng.random() < easy, min(64, round(rng.lognormvariate(3, 0.6)))
                status = "correct" if right else rng.choice(["wrong", "wrong", "missing", "unreadable"])
                rows.append(
                    {
                        "task": arm.task,
                        "level": arm.level,
                        "index": index,
                        "sample": sample,
                        "text": f"I think it is {rng.randint(1, 9)}.\n<answer>{index}</answer>",
                        "answer": str(rng.randint(1, 9)) if status in ("correct", "wrong") else None,
                        "tokens": tokens,
                        "finish": "length" if tokens == 64 else "stop",
                        "status": status,
                        "score": float(right),
                        "reason": "every rule is kept" if right else "row 3 holds 7 twice",
                    }
                )
    lines(folder / "completions.jsonl", rows)
    return folder
