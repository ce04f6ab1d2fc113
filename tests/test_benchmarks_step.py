"""The comparison with TRL: both compute the same, and it would be seen if they did not."""

import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

FILE = Path(__file__).parents[1] / "benchmarks" / "step.py"


@pytest.fixture
def step(load_file):
    return load_file(FILE)


def test_a_different_loss_or_gradient_stops_the_comparison(step):
    evidence = step.Evidence(0.5, torch.tensor([1.0, 2.0]), torch.tensor([0.1, -0.2, 0.3]))
    step.agree(evidence, evidence, "fp32")
    for other in (
        evidence._replace(loss=0.502),
        evidence._replace(loss=float("nan")),
        evidence._replace(norms=torch.tensor([1.0, 2.01])),
        evidence._replace(sample=torch.tensor([0.1, 0.2, 0.3])),
        evidence._replace(sample=torch.tensor([0.1, float("nan"), 0.3])),
    ):
        with pytest.raises(step.Disagreement):
            step.agree(other, evidence, "fp32")
    step.agree(evidence._replace(loss=0.502), evidence, "bf16")


def test_prompts_and_completions_have_the_lengths_of_the_row(step):
    row = step.Row("tiny", "fp32", prompt=20, completion=6, prompts=5, samples=4)
    tokenizer = step.tokenizer_of(97)
    lengths = [len(tokenizer(text).input_ids) for text in step.texts_of(row, 97)]
    assert lengths == [17, 18, 20, 22, 23]
    even, uneven = (step.completions_of(row, 97, how) for how in (False, True))
    assert {len(ids) for ids in even} == {6} and len(even) == 20
    assert {len(ids) for ids in uneven} == {1, 2, 3, 4, 5, 6}
    assert all(2 <= token < 97 for ids in even + uneven for token in ids)  # neither pads nor ends


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are read from Linux's /proc")
def test_both_designs_agree_and_are_measured():
    pytest.importorskip("trl")
    sizes = ["--sizes", "12", "5", "3", "4", "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, str(FILE), "--shape", "tiny", *sizes, "--precision", "fp32", "bf16"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    lines = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| tiny")]
    assert [line[1:5] for line in lines] == [
        [how, "12 + 5", "3 x 4", kind] for how in ("fp32", "bf16") for kind in ("training", "GRPO")
    ], done.stderr
    assert all(float(line[column]) > 0 for line in lines for column in (5, 6, 9, 10))
    assert "Disagreement" not in done.stderr
