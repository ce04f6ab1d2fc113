"""Folders of evaluations for tests."""

import json
from dataclasses import replace

import numpy as np

from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm

DEFAULT = Evaluation(
    suite="core",
    suite_version=1,
    model="tiny",
    backend="local",
    samples=4,
    temperature=1.0,
    max_new_tokens=64,
    style="full",
    shots=0,
    template=0,
    answer_format="",
    seed=0,
    split="test",
    arms=(),
)


def evaluation(arms=(("sudoku", 0), ("sudoku", 1), ("maze", 0)), count=5, chance=0.0, **changes):
    planned = tuple(PlannedArm(task, level, 1, 0, count, chance) for task, level in arms)
    return replace(DEFAULT, arms=planned, **changes)


def line(task, level, index, sample, score, **changes):
    """One completion: a score of 1, 0, or None for not judged."""
    status = {1: "correct", 0: "wrong", None: "error"}[score]
    answer = {1: "right", 0: "wrong", None: None}[score]
    record = {
        "task": task,
        "level": level,
        "index": index,
        "sample": sample,
        "text": f"<answer>{answer}</answer>",
        "answer": answer,
        "tokens": 10,
        "finish": "stop",
        "status": status,
        "score": None if score is None else float(score),
        "reason": "",
    }
    return {**record, **changes}


def lines(asked, right):
    """All completions of an evaluation; ``right(arm, index)`` says how many of an instance's are right."""
    found = []
    for arm in asked.arms:
        for index in range(arm.start, arm.start + arm.count):
            c = right(arm, index)
            found += [line(arm.task, arm.level, index, sample, int(sample < c)) for sample in range(asked.samples)]
    return found


def drawn(asked, rate, seed=0):
    """All completions, right with the chance ``rate(arm, index)``."""
    rng = np.random.default_rng(seed)
    found = []
    for arm in asked.arms:
        for index in range(arm.start, arm.start + arm.count):
            p = rate(arm, index)
            found += [line(arm.task, arm.level, index, s, int(rng.random() < p)) for s in range(asked.samples)]
    return found


def write(folder, asked, records):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(asked.to_json()), encoding="utf-8")
    text = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "completions.jsonl").write_text(text, encoding="utf-8")
    return folder
