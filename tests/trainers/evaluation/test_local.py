"""Local models: chunks with noise of their own, the same bytes after an interruption, one way with training."""

import dataclasses

import pytest

pytest.importorskip("torch")

import torch

from gradarium.trainers.data import Arm
from gradarium.trainers.engines import ENGINES, Sampling, make_engine
from gradarium.trainers.evaluate import evaluate
from gradarium.trainers.evaluation.local import Local, chunks, fingerprint
from gradarium.trainers.evaluation.settings import Evaluation, PlannedArm
from gradarium.trainers.evaluation.store import Store, read_completions
from gradarium.trainers.progress import Bar
from gradarium.trainers.verdicts import VerdictPool

ARMS = (PlannedArm("chain_arithmetic", 0, 0, 0, 5, 0.1), PlannedArm("countdown", 1, 0, 2, 3, 0.05))
ASKED = Evaluation("tasks", 0, "tiny", "local", 2, 1.0, 6, "brief", 0, 0, "plain", 3, "test", ARMS, batch=4)


def local(tiny, evaluation=ASKED, engine="hf"):
    model, tokenizer = tiny
    made = make_engine(engine, model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    sampling = Sampling(evaluation.max_new_tokens, evaluation.temperature)
    e = evaluation
    return Local(made, tokenizer, sampling, e.style, e.shots, e.seed, (e.template,), e.seed, e.batch)


def run(folder, tiny, evaluation=ASKED, resume=False, engine="hf", judge=None):
    with Store(folder, evaluation, resume) as store, Bar("eval", evaluation.total) as bar:
        local(tiny, evaluation, engine).run(evaluation, store, judge or VerdictPool(0), bar)
    return (folder / "completions.jsonl").read_bytes()


def test_chunks_hold_whole_instances():
    assert list(chunks(range(5), 2, 4)) == [range(0, 2), range(2, 4), range(4, 5)]
    assert list(chunks(range(3, 6), 8, 4)) == [range(3, 4), range(4, 5), range(5, 6)]
    assert list(chunks(range(200), 1, 256)) == [range(200)]


def test_every_completion_is_there_in_order(tiny, tmp_path):
    run(tmp_path / "a", tiny)
    found = [
        (x["task"], x["level"], x["index"], x["sample"]) for x in read_completions(tmp_path / "a/completions.jsonl")
    ]
    wanted = [(a.task, a.level, i, k) for a in ARMS for i in range(a.start, a.start + a.count) for k in range(2)]
    assert found == wanted and len(found) == ASKED.total == 16


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_repeats_itself(tiny, tmp_path, engine):
    first = run(tmp_path / "a", tiny, engine=engine)
    assert first == run(tmp_path / "b", tiny, engine=engine)
    assert len({line["text"] for line in read_completions(tmp_path / "a/completions.jsonl")}) > 8


class Stopping:
    """A judge that is interrupted at its n-th call."""

    def __init__(self, calls):
        self.calls, self.pool = calls, VerdictPool(0)

    def judge(self, *args):
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return self.pool.judge(*args)


@pytest.mark.parametrize("calls", range(5))
@pytest.mark.parametrize("cut", [0, 30, 250])
def test_interrupted_anywhere_and_resumed_the_bytes_are_those_of_an_unbroken_one(tiny, tmp_path, calls, cut):
    whole = run(tmp_path / "whole", tiny)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "broken", tiny, judge=Stopping(calls))
    path = tmp_path / "broken" / "completions.jsonl"
    if path.exists():
        path.write_bytes(path.read_bytes()[: -cut or None])
    assert run(tmp_path / "broken", tiny, resume=True) == whole


def test_what_is_there_is_not_sampled_again(tiny, tmp_path, monkeypatch):
    run(tmp_path / "a", tiny)
    path = tmp_path / "a" / "completions.jsonl"
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(rows[:9] + rows[10:]))  # one sample of instance 4, the third chunk of the first arm
    asked = []
    answers = Local.answers

    def noted(self, arm, instances, samples, chunk):
        asked.append((str(arm), [i.index for i in instances], chunk))
        return answers(self, arm, instances, samples, chunk)

    monkeypatch.setattr(Local, "answers", noted)
    run(tmp_path / "a", tiny, resume=True)
    assert asked == [("chain_arithmetic/0", [4], 2)]
    assert sorted(path.read_bytes().splitlines(keepends=True)) == sorted(rows)


def test_seed_and_temperature_matter(tiny, tmp_path):
    texts = []
    for name, change in {"a": {}, "b": {"seed": 4}, "c": {"temperature": 0.0}}.items():
        run(tmp_path / name, tiny, dataclasses.replace(ASKED, **change))
        texts.append([line["text"] for line in read_completions(tmp_path / name / "completions.jsonl")])
    assert texts[0] != texts[1]
    assert texts[2][::2] == texts[2][1::2]  # greedy: both samples are alike


def test_training_measures_in_the_same_way(tiny, tmp_path):
    """``evaluate`` of a run and ``gradarium eval`` sample the same texts."""
    model, tokenizer = tiny
    engine = make_engine("hf", model, tokenizer.pad_token_id, [tokenizer.eos_token_id])
    arm = PlannedArm("chain_arithmetic", 0, 0, 0, 150, 0.1)  # two chunks of at most 256 completions
    asked = dataclasses.replace(ASKED, arms=(arm,), batch=256)
    seen = []

    class Noting:
        def judge(self, texts, *args):
            seen.append(list(texts))
            return VerdictPool(0).judge(texts, *args)

    evaluate(
        engine,
        tokenizer,
        [Arm("chain_arithmetic", 0)],
        count=150,
        samples=2,
        sampling=Sampling(6, 1.0),
        judge=Noting(),
        style="brief",
        answer_format="plain",
        seed=3,
        shots_seed=3,
    )
    run(tmp_path / "a", tiny, asked)
    assert [line["text"] for line in read_completions(tmp_path / "a/completions.jsonl")] == seen[0]


def test_fingerprints_tell_weights_apart(tiny):
    model, _ = tiny
    before = fingerprint(model)
    assert fingerprint(model) == before and len(before) == 16
    with torch.no_grad():
        weight = model.get_decoder().norm.weight
        weight[0] += 1e-3
        assert fingerprint(model) != before
        weight[0] -= 1e-3
