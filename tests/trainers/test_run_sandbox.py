"""A run starts the sandbox that it was told to, or stops; every reward record says which it was."""

import dataclasses
import json

import pytest

pytest.importorskip("torch")

from gradarium.sandbox import SandboxUnavailable, default_sandbox, use_sandbox
from gradarium.trainers.config import SandboxConfig, TaskEntry
from gradarium.trainers.config_file import load_config
from gradarium.trainers.isolation import isolate
from gradarium.trainers.run import train


def asked(name, **sandbox):
    return [name], SandboxConfig(**sandbox)


@pytest.fixture(autouse=True)
def default_afterwards():
    yield
    use_sandbox()


def test_mixture_without_programs_starts_none():
    before = default_sandbox()
    assert isolate(*asked("sudoku", tier="docker")) == ({}, None)
    assert default_sandbox() is before


def test_mixture_with_programs_starts_the_asked_one():
    said, places = isolate(*asked("output_prediction", tier="namespaces", workers=1))
    assert said == {"sandbox": "namespaces", "isolation": "namespaces"}
    assert (places.tier, places.min_isolation) == ("namespaces", "namespaces")
    assert default_sandbox().workers == 1


def test_too_weak_a_sandbox_stops_the_run():
    with pytest.raises(SandboxUnavailable, match="asked for at least container"):
        isolate(*asked("text_to_sql", min_isolation="container"))
    with pytest.raises(SandboxUnavailable, match="allow_unsafe"):
        isolate(*asked("text_to_sql", tier="unsafe"))


def test_every_metrics_line_and_sample_says_where_programs_ran(tmp_path, mixture):
    train(dataclasses.replace(load_config(mixture), task=(TaskEntry(name="output_prediction"),)))
    for name in ("metrics.jsonl", "samples.jsonl"):
        lines = [json.loads(line) for line in (tmp_path / "run" / name).read_text().splitlines()]
        lines = [line for line in lines if line["stage"] == "grpo"]
        assert lines and all(line["isolation"] in ("namespaces", "landlock") for line in lines)
