import json
import random
import subprocess
import sys

import numpy as np
import pytest

from gradarium.generators import get_task
from gradarium.trainers.leakage import compare
from gradarium.trainers.leakage.index import MOST_TEXTS, SKETCH, Index
from gradarium.trainers.leakage.ngrams import Hasher, bag, digest, mix, positions, without

TASKS = ("sudoku", "countdown", "knights_and_knaves", "word_sorting", "maze")


@pytest.fixture(scope="module")
def rows():
    """Return train and test rows of five tasks at two levels."""
    return {
        split: [get_task(n).pose(i, level, split).to_json() for n in TASKS for level in (2, 4) for i in range(count)]
        for split, count in (("train", 30), ("test", 8))
    }


def prompts(rows):
    from gradarium.core import Instance
    from gradarium.envs.prompts import render_prompt

    return [{"prompt": render_prompt(Instance.from_json(row))} for row in rows]


def test_splits_do_not_meet(run_cli, tmp_path, write_rows, rows):
    a, b = write_rows(tmp_path / "a.jsonl", rows["train"]), write_rows(tmp_path / "b.jsonl", rows["test"])
    code, out, _ = run_cli("leakage", a, b, "--json")
    report = json.loads(out)
    assert (code, report["leaks"], report["key"], report["unmeasured"]) == (0, 0, 0, 0)
    assert (report["a"]["keys"], report["b"]["keys"], report["b"]["wrong"]) == (300, 80, 0)
    code, out, _ = run_cli("leakage", a, b)
    assert code == 0 and "300 of 300 keys computed" in out


def test_rules_alone_are_no_overlap(run_cli, tmp_path, write_rows, rows):
    a = write_rows(tmp_path / "a.jsonl", prompts(rows["train"]))
    b = write_rows(tmp_path / "b.jsonl", prompts(rows["test"]))
    report = json.loads(run_cli("leakage", a, b, "--json")[1])
    assert report["overlap"] == 0 and report["unmeasured"] == 0
    assert report["a"]["keys"] == 0


def test_a_planted_key_is_found_whatever_is_said_of_it(run_cli, tmp_path, write_rows, rows):
    """The order of a list, spelling, a false key: the problem is the same."""
    planted = json.loads(json.dumps(next(row for row in rows["test"] if row["task"] == "countdown")))
    planted["payload"]["numbers"].reverse()
    planted |= {"question": "Reach the number.", "brief": "", "key": "0" * 32, "split": "train", "index": 10**6}
    a = write_rows(tmp_path / "a.jsonl", [*rows["train"], planted])
    b = write_rows(tmp_path / "b.jsonl", rows["test"])
    code, out, _ = run_cli("leakage", a, b, "--json")
    report = json.loads(out)
    assert (code, report["leaks"], report["key"], report["a"]["wrong"]) == (1, 1, 1, 1)
    [pair] = [pair for pair in report["worst"] if pair["why"] == "key"]
    assert pair["a"] == f"{a}:301" and rows["test"][int(pair["b"].rpartition(":")[2]) - 1]["task"] == "countdown"
    assert report["by_task"] == {"countdown": 1}
    assert "leaks by task: countdown 1" in run_cli("leakage", a, b)[1]


def test_a_planted_text_is_found_in_other_white_space_and_case(run_cli, tmp_path, write_rows, rows):
    test = prompts(rows["test"])
    words = test[3]["prompt"].upper().split()
    planted = {"text": "  \n ".join(words[:-8])}
    a = write_rows(tmp_path / "a.jsonl", [*rows["train"], planted])
    for b_rows in (test, rows["test"]):
        b = write_rows(tmp_path / "b.jsonl", b_rows)
        code, out, _ = run_cli("leakage", a, b, "--json")
        report = json.loads(out)
        assert (code, report["overlap"], report["leaks"]) == (1, 1, 1)
        assert (report["worst"][0]["b"], report["worst"][0]["a"]) == (f"{b}:4", f"{a}:301")
        assert 0.8 <= report["worst"][0]["overlap"] <= 1


def test_the_same_words_in_another_order_are_shown_and_no_leak(run_cli, tmp_path, write_rows, rows):
    words = prompts(rows["test"])[5]["prompt"].split()
    random.Random(0).shuffle(words)
    a = write_rows(tmp_path / "a.jsonl", [*rows["train"], {"text": " ".join(words)}])
    b = write_rows(tmp_path / "b.jsonl", rows["test"])
    code, out, _ = run_cli("leakage", a, b, "--json")
    report = json.loads(out)
    assert (code, report["leaks"]) == (0, 0) and report["order"] >= 1
    assert ("order", f"{b}:6", f"{a}:301") in [(pair["why"], pair["b"], pair["a"]) for pair in report["worst"]]


def test_equal_prompts_of_proved_other_problems_are_near_and_no_leak(run_cli, tmp_path, write_rows, rows):
    other = json.loads(json.dumps(rows["test"][0]))
    other["payload"]["givens"][0] = other["payload"]["givens"][0][::-1]
    a = write_rows(tmp_path / "a.jsonl", [*rows["train"], other])
    report = json.loads(run_cli("leakage", a, write_rows(tmp_path / "b.jsonl", rows["test"]), "--json")[1])
    assert (report["leaks"], report["near"]) == (0, 1)
    assert report["worst"][0]["why"] == "near"


def test_files_of_every_kind_are_compared_with_each_other(run_cli, tmp_path):
    pytest.importorskip("pyarrow")
    asked = ("generate", "sudoku", "chain_arithmetic", "--count", 12, "--level", "2-3")
    files = {"a.jsonl": "instance", "b.parquet": "verl", "c.jsonl.gz": "prompt", "folder": "chat"}
    for name, columns in files.items():
        assert run_cli(*asked, "--format", columns, "--out", tmp_path / name)[0] == 0
    for name in files:
        report = compare(tmp_path / "a.jsonl", tmp_path / name, n=13, overlap=0.8)
        assert (report.key, report.leaks, report.b.keys) == (48, 48, 48), name
        report = compare(tmp_path / name, tmp_path / "a.jsonl", n=13, overlap=0.8, worst=1)
        assert report.leaks == 48 and len(report.worst) == 1, name


def test_a_task_that_is_not_installed_keeps_its_stated_key(tmp_path, write_rows):
    row = {"task": "acme", "level": 0, "payload": {"x": 1}, "key": "ab" * 16, "question": "one two three"}
    a = write_rows(tmp_path / "a.jsonl", [row])
    report = compare(a, write_rows(tmp_path / "b.jsonl", [row, {**row, "key": "cd" * 16}]), n=13, overlap=0.8)
    assert (report.key, report.overlap, report.b.trusted, report.b.keys) == (1, 1, 2, 0)


def test_plain_text_lines_and_a_named_column(run_cli, tmp_path, write_rows):
    text = "a long line about a train that leaves the station at noon and comes back at ten"
    (tmp_path / "a.txt").write_text(f"nothing to see\n{text}\n")
    b = write_rows(tmp_path / "b.jsonl", [{"stem": f"{text} now", "prompt": "x"}, {"stem": "other", "prompt": "x"}])
    code, out, _ = run_cli("leakage", tmp_path / "a.txt", b, "--json")
    assert code == 0
    assert run_cli("leakage", tmp_path / "a.txt", b, "--column", "stem")[0] == 2  # A has no such column
    a = write_rows(tmp_path / "a.jsonl", [{"stem": text}])
    code, out, _ = run_cli("leakage", a, b, "--column", "stem", "--json", "--overlap", 0.75)
    assert (code, json.loads(out)["overlap"]) == (1, 1)
    assert run_cli("leakage", a, b, "--column", "stem", "--overlap", 0.9)[0] == 0


BROKEN = {
    "no file": (None, "No such file"),
    "empty": ("", "holds no rows"),
    "no JSON": ("hello\nworld\n", "line 1 is no JSON"),
    "a list": ("[1]\n", "line 1 holds list"),
    "no text": ('{"x": 1}\n', "neither a text"),
    "a broken payload": ('{"task": "sudoku", "payload": {"x": 1}}\n', "none of the task 'sudoku'"),
    "a payload that is no JSON": ('{"task": "sudoku", "payload": "{"}\n', "payload is no JSON"),
    "brackets without end": ("[" * 100_000 + "\n", "line 1 is no JSON"),
    "a payload of brackets": ('{"task": "sudoku", "payload": "' + "[" * 100_000 + '"}\n', "payload is no JSON"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_line_and_exit_code_2(run_cli, tmp_path, write_rows, text, told):
    bad, good = tmp_path / "bad.jsonl", write_rows(tmp_path / "good.jsonl", [{"text": "a b c"}])
    if text is not None:
        bad.write_text(text)
    for pair in ((bad, good), (good, bad)):
        code, out, err = run_cli("leakage", *pair)
        assert (code, out) == (2, "") and told in err and err.count("\n") == 1


def test_bad_options_and_damaged_containers(run_cli, tmp_path, write_rows):
    good = write_rows(tmp_path / "good.jsonl", [{"text": "a b c"}])
    for more in (["--n", 0], ["--overlap", 0], ["--overlap", 1.1], ["--worst", -1]):
        assert run_cli("leakage", good, good, *more)[0] == 2
    for name in ("x.parquet", "x.jsonl.gz"):
        (tmp_path / name).write_bytes(b"PAR1 no")
        code, _, err = run_cli("leakage", good, tmp_path / name)
        assert code == 2 and name in err and err.count("\n") == 1
    (tmp_path / "none").mkdir()
    assert "holds no file" in run_cli("leakage", good, tmp_path / "none")[2]


def test_what_no_encoding_can_write_is_shown_escaped(tmp_path, write_rows):
    path = write_rows(tmp_path / "x.jsonl", [{"text": "a b c", "task": "\ud800"}])
    command = [sys.executable, "-c", "from gradarium.trainers.cli import main; main()", "leakage", path, path]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "") and "leaks by task: \\ud800 1" in done.stdout


def test_a_half_written_last_line_is_told_and_left_out(run_cli, tmp_path, write_rows):
    good = write_rows(tmp_path / "good.jsonl", [{"text": "a b c"}])
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"text": "x y z"}\n{"text": "a b')
    code, out, err = run_cli("leakage", good, torn, "--json")
    assert (code, json.loads(out)["b"]["rows"]) == (0, 1)
    assert err == f"{torn}: line 2, the last, is half-written and left out\n"


def test_hashes_of_words_and_n_grams():
    hasher = Hasher(2)
    one, other = hasher.words("The CAT, sat."), hasher.words("the cat\n\tsat")
    assert np.array_equal(one, other) and digest(one) == digest(other)
    assert len(hasher.grams(one)) == 2 and len(hasher.grams(one[:1])) == 1 and len(hasher.grams(one[:0])) == 0
    assert np.array_equal(hasher.words("#..# ..."), hasher.words("#..#  ...")) and len(hasher.words("#..# ...")) == 2
    assert hasher.words("#..#")[0] != hasher.words("#.##")[0]
    assert bag(one) == bag(one[::-1]) != bag(one[:2])
    ordered = np.sort(mix(np.arange(1000, dtype=np.uint64)))
    probe = np.sort(np.concatenate([ordered[::7], ordered[:5] + np.uint64(1)]))
    assert np.array_equal(ordered[positions(probe, ordered)], ordered[::7])
    assert np.array_equal(without(probe, ordered), np.sort(ordered[:5] + np.uint64(1)))


def brute_force(texts, rows):
    """Return for each text the largest share of its hashes in one row, sketches and frequent hashes as they are."""
    kept = [set(text[:SKETCH].tolist()) for text in texts]
    often = {h for text in kept for h in text if sum(h in other for other in kept) > MOST_TEXTS}
    kept = [text - often for text in kept]
    return [max(len(text & set(row.tolist())) / len(text) if text else 0.0 for row in rows) for text in kept]


@pytest.mark.parametrize("seed", range(5))
def test_the_index_finds_what_brute_force_finds(seed):
    rng = np.random.default_rng(seed)
    pool = np.sort(mix(np.arange(3_000, dtype=np.uint64)))
    often = pool[:40]
    texts = [np.unique(np.concatenate([rng.choice(pool, rng.integers(0, 150)), often[seed:]])) for _ in range(60)]
    texts.append(np.zeros(0, np.uint64))
    rows = [np.unique(rng.choice(pool, 900)) for _ in range(40)]
    rows[7] = texts[3]
    index = Index()
    for text in texts:
        index.add(text, bag(text))
    index.freeze()
    for number, row in enumerate(rows):
        index.look_up(row, bag(row), number, proved=number % 2 == 0)
    found = np.maximum(index.overlap[True], index.overlap[False])
    assert found.tolist() == brute_force(texts, rows)
    assert index.overlap[False][3] == 1 and index.row[False][3] == 7 == index.reordered[False][3]


def test_the_overlap_of_a_long_text_is_a_fair_estimate():
    """300 n-grams of which 60 % are met: the sketch of 64 says so within four standard errors, on average closely."""
    rng = np.random.default_rng(0)
    said = []
    for _ in range(200):
        text = np.unique(rng.integers(0, 2**63, 300).astype(np.uint64))
        index = Index()
        index.add(text, 0)
        index.freeze()
        index.look_up(np.sort(rng.permutation(text)[:180]), 1, 0, proved=False)
        said.append(float(index.overlap[False][0]))
    assert abs(np.mean(said) - 0.6) < 0.02 and max(abs(x - 0.6) for x in said) < 0.25
