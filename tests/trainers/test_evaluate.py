"""The measure of a run in training: the same questions for every model, masked failures, a mean over tasks."""

import pytest

pytest.importorskip("torch")

from gradarium.core import Verdict
from gradarium.generators import get_task
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
