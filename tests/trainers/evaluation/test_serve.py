"""A real server: ``transformers serve`` with a tiny model."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from gradarium.trainers.evaluation.store import read_completions

for module in ("fastapi", "openai", "uvicorn"):
    pytest.importorskip(module, reason="transformers serve needs it: pip install 'gradarium[dev]'")

FILE = Path(__file__).parents[3] / "benchmarks" / "eval_resume.py"


@pytest.mark.slow  # a server and four starts of the command line
def test_killed_twice_and_resumed_equals_the_unbroken_one(load_file, tmp_path, capsys):
    bench = load_file(FILE)
    assert bench.main(["--count", "3", "--samples", "2", "--steps", "0", "--folder", str(tmp_path)])
    told = capsys.readouterr().out
    assert "completions: 24\n" in told and "completions.jsonl equal byte for byte: yes" in told
    texts = {json.loads(row)["text"] for row in (tmp_path / "whole" / "completions.jsonl").read_text().splitlines()}
    assert len(texts) > 20  # it samples: nothing is equal by chance


@pytest.mark.slow  # a server
def test_what_a_real_server_refuses_is_told(load_file, run_cli, tmp_path, monkeypatch):
    bench = load_file(FILE)
    model, config = bench.make_model(tmp_path, 20)
    asked = ("--config", config, "--count", 4, "--out", tmp_path / "e", "--temperature", 0)
    with bench.serve(model, tmp_path / "server.log") as url:
        code, _, told = run_cli("eval", "--endpoint", url, "--model", "another", *asked)
        assert code == 2 and "HTTP 400: Server is pinned to" in told and "0 of 16 completions are kept" in told
        code, _, told = run_cli("eval", "--endpoint", url.removesuffix("/v1"), "--model", model, *asked, "--resume")
        assert code == 2 and "model is 'another' there" in told
        asked = (*asked[:-4], "--out", tmp_path / "f", "--temperature", 0)
        code, _, told = run_cli("eval", "--endpoint", url.removesuffix("/v1"), "--model", model, *asked)
        assert code == 2 and "ends in /v1" in told
        # Where there is no noise, replies are equal however many requests are under way.
        for name, at_once in (("one", 1), ("six", 6)):
            more = ("--endpoint", url, "--model", model, "--concurrency", at_once, "--out", tmp_path / name)
            assert run_cli("eval", *asked[:-4], "--temperature", 0, *more)[0] == 0
        rows = [sorted((tmp_path / name / "completions.jsonl").read_bytes().splitlines()) for name in ("one", "six")]
        assert rows[0] == rows[1] and len(rows[0]) == 16
        results = [(tmp_path / name / "results.json").read_bytes() for name in ("one", "six")]
        assert results[0] == results[1]
    # The same model on this machine says the same.
    code, _, told = run_cli("eval", "--model", model, *asked[:-4], "--temperature", 0, "--out", tmp_path / "local")
    assert code == 0, told
    here, there = (read_completions(tmp_path / name / "completions.jsonl") for name in ("local", "one"))
    assert here == there and len({x["text"] for x in here}) > 1
