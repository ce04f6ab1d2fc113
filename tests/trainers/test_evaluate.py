"""Evaluation: the same questions for every model, masked failures, and the command that prints it."""

import json

import pytest

pytest.importorskip("torch")

from gradarium.core import Verdict
from gradarium.generators import get_task
from gradarium.trainers.cli import run
from gradarium.trainers.data import Arm, Completion
from gradarium.trainers.engines import HFEngine, Sampling
from gradarium.trainers.evaluate import ArmResult, evaluate, mean_success
from gradarium.trainers.models import encode_answer

ARM = Arm("chain_arithmetic", 0)


class Scripted:
    """An engine that answers each prompt with the same texts, one for each sample."""

    def __init__(self, model, tokenizer, answers):
        self.model, self.tokenizer, self.answers = model, tokenizer, answers

    def generate(self, prompts, samples, sampling, generator):
        rows = []
        for i in range(len(prompts)):
            rows.append([])
            for k in range(samples):
                ids = encode_answer(self.tokenizer, self.answers(i, k))
                rows[-1].append(Completion(ids, [0.0] * len(ids), "stop" if k else "length"))
        return rows


def test_rates_are_counted(tiny):
    model, tokenizer = tiny
    references = [get_task(ARM.task).pose(i, 0, "test").reference for i in range(4)]

    def answers(i, k):
        return references[i] if i < 2 and k == 1 else "" if i == 3 else "12345"

    engine = Scripted(model, tokenizer, answers)
    sampling = Sampling(8)
    [result] = evaluate(engine, tokenizer, [ARM], count=4, samples=2, sampling=sampling, answer_format="plain")
    assert result == ArmResult(ARM.task, 0, 4, 2, 0.25, 0.5, 0.25, 0.5, 0)


class Failing:
    """A judge that fails for half of the answers."""

    def judge(self, texts, tasks, payloads, formats):
        return [Verdict.correct(), Verdict.error("gone"), Verdict.error("gone"), Verdict.wrong("no")]


def test_what_the_suite_could_not_judge_counts_nowhere(tiny):
    model, tokenizer = tiny
    engine = Scripted(model, tokenizer, lambda i, k: "1")
    [result] = evaluate(engine, tokenizer, [ARM], count=2, samples=2, sampling=Sampling(8), judge=Failing())
    assert (result.success, result.not_judged) == (0.5, 2)


def test_mean_over_tasks_not_over_arms():
    def result(task, level, success):
        return ArmResult(task, level, 1, 1, success, success, 0, 0, 0)

    assert mean_success([result("a", 0, 1.0), result("a", 1, 0.0), result("b", 0, 1.0)]) == 0.75


def test_two_evaluations_of_one_model_agree(tiny):
    model, tokenizer = tiny
    engine = HFEngine(model, tokenizer.pad_token_id, [tokenizer.eos_token_id])

    def once():
        return evaluate(engine, tokenizer, [ARM], count=3, samples=2, sampling=Sampling(6), style="brief")

    assert once() == once()


@pytest.fixture
def saved(tiny, tmp_path):
    from gradarium.trainers.checkpoint import save_model

    save_model(tmp_path / "model", *tiny)
    return str(tmp_path / "model")


def test_command(saved, tmp_path, capsys):
    out = tmp_path / "results.json"
    assert (
        run(["eval", "--model", saved, "--task", ARM.task, "--level", "0", "--count", "3", "--json", "--out", str(out)])
        == 0
    )
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(out.read_text())
    assert [(r["task"], r["level"], r["instances"]) for r in printed] == [(ARM.task, 0, 3)]


MISTAKES = {
    "no model": (["--model", "nowhere", "--task", "sudoku"], "no model can be loaded"),
    "no task": (["--model", "{model}"], "name at least one task"),
    "unknown task": (["--model", "{model}", "--task", "sudku"], "did you mean 'sudoku'"),
    "unknown level": (["--model", "{model}", "--task", "sudoku", "--level", "99"], "unknown level"),
    "no samples": (["--model", "{model}", "--task", "sudoku", "--samples", "0"], "must be at least 1"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(saved, capsys, arguments, words):
    assert run(["eval", *(a.replace("{model}", saved) for a in arguments)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err and captured.err.count("\n") == 1
