import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from gradarium.trainers.evaluation.compare import (
    SAME,
    compare,
    compare_folders,
    differences,
    gain_in_success,
    mcnemar,
    parts_of_gain,
    render,
    unsolved,
    unsolved_then_right,
)
from gradarium.trainers.evaluation.results import Outcome, Sample, sort_lines
from gradarium.trainers.evaluation.settings import PlannedArm


@pytest.fixture
def folders(load_file):
    return load_file(Path(__file__).parent / "folders.py")


def outcome(c, n):
    status = ("correct", "wrong")
    return Outcome([Sample(i, status[i >= c], float(i < c), "a", False, 1, "") for i in range(n)])


def expected(estimator, n, *rates):
    """Return the mean of an estimator over all outcomes of n completions at the given rates."""
    total = 0.0
    counts = [range(n + 1)] * len(rates)
    for right in np.stack(np.meshgrid(*counts), -1).reshape(-1, len(rates)).tolist():
        weight = math.prod(math.comb(n, c) * p**c * (1 - p) ** (n - c) for c, p in zip(right, rates, strict=True))
        total += weight * np.asarray(estimator(*(outcome(c, n) for c in right)))
    return total


@pytest.mark.parametrize("p", [0.0, 0.03, 0.4, 1.0])
def test_chances_of_failing_first_are_unbiased(p):
    for n, k in ((4, 0), (4, 2), (4, 3), (6, 5)):
        assert expected(lambda a, k=k: unsolved(a, k), n, p) == pytest.approx((1 - p) ** k)
        assert expected(lambda a, k=k: unsolved_then_right(a, k), n, p) == pytest.approx((1 - p) ** k * p)
    assert math.isnan(unsolved_then_right(outcome(1, 4), 4))


@pytest.mark.parametrize(("p", "q"), [(0.0, 0.5), (0.1, 0.9), (0.5, 0.5), (0.7, 0.2), (0.05, 0.3)])
def test_parts_of_the_gain_are_unbiased(p, q):
    for n in (2, 4, 5):
        half = n // 2
        miss = (1 - p) ** (n - 1)
        wanted = [miss * (q - p), (1 - miss) * (q - p), (1 - p) ** half * ((1 - p) ** half - (1 - q) ** half)]
        assert expected(lambda a, b, n=n: parts_of_gain(a, b, n), n, p, q) == pytest.approx(wanted)


def test_parts_of_the_gain_add_up():
    for a in range(5):
        for b in range(5):
            capability, compression, _ = parts_of_gain(outcome(a, 4), outcome(b, 4), 4)
            assert capability + compression == pytest.approx((b - a) / 4)
            assert all(-1 <= part <= 1 for part in parts_of_gain(outcome(a, 4), outcome(b, 4), 4))
    assert np.isnan(parts_of_gain(outcome(1, 3), outcome(1, 4), 4)).all()


def test_mcnemar_is_the_exact_binomial_test():
    pairs = [(outcome(0, 4), outcome(2, 4))] * 10 + [(outcome(1, 4), outcome(0, 4))] * 2
    pairs += [(outcome(1, 4), outcome(3, 4)), (outcome(0, 4), outcome(0, 4))]
    assert mcnemar(pairs) == pytest.approx(2 * 79 / 4096)
    assert mcnemar([(outcome(2, 4), outcome(2, 4))]) == 1
    # Twice the completions find a solution twice as often: 4 of 5 is no surprise then.
    uneven = [(outcome(0, 4), outcome(1, 8))] * 4 + [(outcome(1, 4), outcome(0, 8))]
    assert mcnemar(uneven) == pytest.approx(2 * (5 * (2 / 3) ** 4 / 3 + (2 / 3) ** 5))


def reads(folders, base, trained, count=60, samples=8, arms=(("sudoku", 0), ("sudoku", 1), ("maze", 0)), **changes):
    asked = folders.evaluation(arms, count=count, samples=samples, **changes)
    return (
        sort_lines(asked, folders.drawn(asked, base, seed=1)),
        sort_lines(dataclasses.replace(asked, model="trained"), folders.drawn(asked, trained, seed=2)),
    )


def test_compression_alone(folders):
    """Problems that can be solved now and then are solved nearly always; the others stay out of reach."""
    found = compare(*reads(folders, lambda arm, i: 0.5 if i % 2 else 0.0, lambda arm, i: 0.95 if i % 2 else 0.0)).total
    gain = {name: estimate.value for name, estimate in found.difference.items()}
    assert gain["success"] == pytest.approx(0.225, abs=0.05)
    assert gain["compression"] == pytest.approx(gain["success"], abs=0.03)
    assert gain["capability"] == pytest.approx(0, abs=0.03) and gain["pass@8"] == pytest.approx(0, abs=0.02)
    assert found.difference["compression"].low > 0.1
    assert found.p_value > 0.2


def test_capability_alone(folders):
    """Problems out of reach come into reach."""
    found = compare(*reads(folders, lambda arm, i: 0.9 * (i % 2), lambda arm, i: 0.9 * (i % 2) or 0.4)).total
    gain = {name: estimate.value for name, estimate in found.difference.items()}
    assert gain["capability"] == pytest.approx(0.2, abs=0.04) and abs(gain["compression"]) < 0.03
    assert gain["pass@8"] == pytest.approx(0.5 * (1 - 0.6**8), abs=0.03)
    assert found.new > 80 and found.lost == 0 and found.p_value < 1e-9
    assert found.new_share.low < found.new / found.instances < found.new_share.high
    assert found.again == pytest.approx(0, abs=1.0) and found.new_at_half == pytest.approx(
        180 * 0.5 * (1 - 0.6**4), rel=0.1
    )
    assert found.difference["beyond_noise"].low > 0.3


def test_noise_alone_is_not_taken_for_capability(folders):
    """A model sampled twice solves many instances only once; the expected number and the test say that it is noise."""
    found = compare(*reads(folders, lambda arm, i: 0.1, lambda arm, i: 0.1, count=100)).total
    assert found.new > 30 and found.lost > 30 and found.p_value > 0.05
    assert found.again == pytest.approx(300 * 0.9**4 * (1 - 0.9**4), rel=0.15)
    assert found.new_at_half == pytest.approx(found.again, rel=0.2)
    for name in ("success", "pass@8", "capability", "compression", "beyond_noise"):
        assert found.difference[name].low < 0 < found.difference[name].high, name


def test_golden_values(folders):
    asked = folders.evaluation((("sudoku", 0), ("sudoku", 1), ("maze", 0)), count=4, samples=2)
    a = sort_lines(asked, folders.lines(asked, lambda arm, i: [0, 1, 2, 0][i]))
    b = sort_lines(asked, folders.lines(asked, lambda arm, i: [1, 2, 2, 0][i] if arm.level == 0 else 0))
    found = compare(a, b)
    first, second, maze = found.arms
    assert (first.new, first.lost, second.new, second.lost) == (1, 0, 0, 2)
    assert first.difference["success"].value == pytest.approx((0.5 + 0.5) / 4)
    assert second.difference["success"].value == pytest.approx(-1.5 / 4)
    assert found.tasks[0].difference["success"].value == pytest.approx(-0.25 / 4)
    assert found.total.difference["success"].value == pytest.approx((-0.25 / 4 + 1 / 4) / 2)
    assert maze.name == "maze/0" and maze.difference["success"].value == 0.25
    # capability: U q - V with U = 1, 1/2, 0, 1 and V = 0, 1/2, 0, 0
    assert first.difference["capability"].value == pytest.approx((0.5 + (0.5 * 1 - 0.5) + 0 + 0) / 4)
    assert (first.base["pass@2"].value, first.trained["pass@2"].value) == (0.5, 0.75)
    assert first.instances == first.expected == 4
    assert gain_in_success(a, b, [arm for arm in a.planned() if arm.task == "sudoku"]).value == pytest.approx(-0.0625)


def test_one_sample_has_no_parts(folders):
    found = compare(*reads(folders, lambda arm, i: 0.3, lambda arm, i: 0.6, samples=1))
    assert list(found.total.difference) == ["success", "pass@1", "missing", "truncated"]
    assert any("With 1 sample" in note for note in found.notes)
    assert "Capability" not in text_of(found)


OTHER = {
    "suite": "puzzles",
    "suite_version": 2,
    "split": "dev",
    "seed": 1,
    "style": "brief",
    "shots": 2,
    "template": 1,
    "answer_format": "boxed",
    "chat": False,
    "temperature": 0.5,
    "max_new_tokens": 65,
}


@pytest.mark.parametrize("name", SAME)
def test_evaluations_that_asked_otherwise_are_not_compared(folders, tmp_path, run_cli, name):
    asked = folders.evaluation()
    other = dataclasses.replace(asked, **{name: OTHER[name]})
    paths = [
        folders.write(tmp_path / label, settings, folders.lines(settings, lambda arm, i: i % 3))
        for label, settings in (("a", asked), ("b", other))
    ]
    code, out, err = run_cli("compare", *paths)
    assert code == 2 and out == "" and err.count("\n") == 1
    assert f"{name} is {getattr(asked, name)!r} and {OTHER[name]!r}" in err and f"--allow {name}" in err
    code, out, err = run_cli("compare", *paths, "--allow", name)
    assert code == 0 and f"Allowed: {name} is" in out


def test_other_arms_are_a_difference(folders):
    asked = folders.evaluation()
    fewer = dataclasses.replace(asked, arms=asked.arms[:2])
    assert differences(asked, fewer) == {"arms": "the arm maze/0 is only in the first"}
    assert differences(fewer, asked) == {"arms": "the arm maze/0 is only in the second"}
    moved = dataclasses.replace(asked, arms=(dataclasses.replace(asked.arms[0], count=9), *asked.arms[1:]))
    assert differences(asked, moved) == {"arms": "count of sudoku/0 is 5 and 9"}
    assert differences(asked, dataclasses.replace(asked, model="x", batch=3, samples=2)) == {}


def test_another_version_of_a_task_is_never_allowed(folders, tmp_path, run_cli):
    asked = folders.evaluation()
    newer = dataclasses.replace(asked, arms=(PlannedArm("sudoku", 0, 2, 0, 5, 0.0), *asked.arms[1:]))
    paths = [
        folders.write(tmp_path / label, s, folders.lines(s, lambda arm, i: 1))
        for label, s in (("a", asked), ("b", newer))
    ]
    code, _, err = run_cli("compare", *paths, "--allow", "arms")
    assert code == 2 and "version 1 and version 2 of sudoku" in err


def test_bad_input(folders, tmp_path, run_cli):
    asked = folders.evaluation()
    good = folders.write(tmp_path / "a", asked, folders.lines(asked, lambda arm, i: 1))
    empty = folders.write(tmp_path / "b", asked, [])
    cases = {
        (good, good): "compared with itself",
        (good, tmp_path / "nowhere"): "is no folder",
        (good, empty): "nothing to compare",
        (good, tmp_path, "--allow", "temprature"): "holds no evaluation.json",
    }
    for args, wanted in cases.items():
        code, out, err = run_cli("compare", *args)
        assert (code, out) == (2, "") and wanted in err and err.count("\n") == 1, err
    other = folders.write(tmp_path / "c", asked, folders.lines(asked, lambda arm, i: 2))
    assert "did you mean 'temperature'?" in run_cli("compare", good, other, "--allow", "temprature")[2]


def test_only_what_both_have_is_compared(folders, tmp_path):
    asked = folders.evaluation(samples=4)
    records = folders.lines(asked, lambda arm, i: 2)
    a = folders.write(tmp_path / "a", asked, records)
    half = [record for record in records if not (record["task"] == "sudoku" and record["index"] > 2)]
    b = folders.write(tmp_path / "b", asked, half[1:])
    found = compare_folders(a, b)
    assert (found.total.instances, found.total.expected) == (11, 15)
    assert "11 of 15 instances" in found.notes[0] and "1 instances have fewer than 4" in found.notes[1]
    assert found.arms[0].difference["pass@4"].instances == 2


def test_fewer_samples_on_one_side_cut_the_other(folders, tmp_path):
    asked = folders.evaluation(samples=4)
    fewer = dataclasses.replace(asked, samples=2)
    a = folders.write(tmp_path / "a", asked, folders.lines(asked, lambda arm, i: 3))
    b = folders.write(tmp_path / "b", fewer, folders.lines(fewer, lambda arm, i: 1))
    found = compare_folders(a, b)
    assert found.samples == 2 and found.total.base["success"].value == 1  # the first two of three right, one wrong
    assert "4 and 2 samples: the first 2 of each" in found.notes[0]


def text_of(found, width=80):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))
    for part in render(found):
        console.print(part)
    return console.export_text()


def test_the_command(folders, tmp_path, run_cli):
    asked = folders.evaluation(count=30, samples=4)
    a = folders.write(tmp_path / "a", asked, folders.drawn(asked, lambda arm, i: 0.3, 1))
    b = folders.write(tmp_path / "b", asked, folders.drawn(asked, lambda arm, i: 0.6, 2))
    code, out, err = run_cli("compare", a, b, "--out", tmp_path / "c" / "found.json")
    assert code == 0 and err == ""
    data = json.loads((tmp_path / "c" / "found.json").read_text(encoding="utf-8"))
    gain = data["total"]["difference"]["success"]
    assert gain["low"] > 0.1 and gain["low"] < gain["value"] < gain["high"]
    assert f"{100 * gain['value']:+.1f} [{100 * gain['low']:+.1f}, {100 * gain['high']:+.1f}]" in out
    assert f"newly solved in 4, {data['total']['new']} instances" in out
    assert json.loads(run_cli("compare", a, b, "--json")[1]) == data
    assert [row["name"] for row in data["arms"]] == ["sudoku/0", "sudoku/1", "maze/0"]
    assert sum(row["new"] for row in data["arms"]) == data["total"]["new"]
    assert max(map(len, text_of(compare_folders(a, b)).splitlines())) <= 80
