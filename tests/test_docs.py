"""The documentation is current: the gallery, the worked example of CONTRIBUTING, the pinned versions, the indexes."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from gradarium.generators import all_tasks
from gradarium.sandbox.corpus import load

ROOT = Path(__file__).parents[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the verdicts of the page need the sandbox")
def test_the_gallery_is_current(load_file):
    gallery = load_file(ROOT / "docs" / "make_gallery.py")
    assert gallery.stale(gallery.suite()) == [], "run python docs/make_gallery.py"


def test_the_matrix_of_attacks_is_current():
    table = read("docs/sandbox.md").partition("<!-- attacks -->")[2].partition("<!-- /attacks -->")[0]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines() if line.startswith("| ")]
    attacks = load(ROOT / "tests" / "sandbox" / "attacks")
    listed = [(row[0].removeprefix("| "), row[1]) for row in rows[2:-1]]
    wanted = [(attack.name, attack.tries.replace("|", "\\|")) for attack in attacks]
    assert listed == wanted, "run gradarium sandbox --attack --markdown"
    assert {mark.removesuffix(" |") for row in rows[2:-1] for mark in row[2:]} <= {".", "-"}


def test_no_shipped_configuration_runs_programs_without_isolation():
    shipped = sorted((ROOT / "examples").rglob("*.toml"))
    assert shipped
    for path in shipped:
        sandbox = tomllib.loads(path.read_text(encoding="utf-8")).get("sandbox", {})
        assert sandbox.get("tier") != "unsafe" and not sandbox.get("allow_unsafe"), path


def test_every_task_is_in_the_change_log():
    for task in all_tasks():
        if task.make.__module__.startswith("gradarium."):
            assert f"`{task.name}`" in read("CHANGELOG.md"), task.name


@pytest.fixture(scope="module")
def worked_example(tmp_path_factory):
    """Return a copy of the package that holds the task which CONTRIBUTING builds."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    found = re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", read("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)
    files = dict(found)
    assert sorted(name.split("/")[0] for name in files) == ["generators", "tests", "verifiers"]
    for name, text in files.items():
        path = root / name if name.startswith("tests/") else root / "src" / "gradarium" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root, files


def run(root, *args):
    env = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run(
        [sys.executable, *args],
        cwd=root,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_worked_example_keeps_the_property_table(worked_example):
    root = worked_example[0]
    done = run(root, "-m", "gradarium", "check", "subset_sum", "--quick", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    properties = json.loads(done.stdout)[0]["properties"]
    assert properties["sound"]["notes"] == [], "the oracle of the test file was not found"


def test_the_cases_of_the_worked_example_pass(worked_example):
    root = worked_example[0]
    case = "tests/verifiers/puzzles/test_subset_sum.py"
    done = run(root, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", case)
    assert done.returncode == 0, done.stdout + done.stderr
    doctest = root / "src" / "gradarium" / "verifiers" / "puzzles" / "subset_sum.py"
    assert run(root, "-m", "doctest", str(doctest)).returncode == 0


def test_the_worked_example_is_in_style(worked_example):
    files = worked_example[1]
    ruff = shutil.which("ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not ruff:
        pytest.skip("ruff is not installed")
    for name, text in files.items():
        for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
            line = [ruff, *command, "--config", str(ROOT / "pyproject.toml"), "--stdin-filename", str(ROOT / name), "-"]
            done = subprocess.run(line, input=text, capture_output=True, text=True, cwd=ROOT)
            assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"]]
    for extra in ("train", "dev"):
        wanted += project["optional-dependencies"][extra]
    names = {canonical(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in wanted}
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    pinned = dict(line.split("==") for line in lines)
    assert names <= set(pinned), sorted(names - set(pinned))
    assert all(name == canonical(name) and "+" not in version for name, version in pinned.items())
    assert pinned["torch"] == "2.13.0"


def test_papers_lists_every_variant():
    pytest.importorskip("torch")
    from gradarium.trainers.advantages import ADVANTAGES
    from gradarium.trainers.aggregation import AGGREGATIONS
    from gradarium.trainers.losses import LOSSES

    page = read("docs/papers.md")
    for name in [*ADVANTAGES, *LOSSES, *AGGREGATIONS]:
        assert f"`{name}`" in page, name
    for number in re.findall(
        r"arXiv (\d{4}\.\d{5})", "".join(p.read_text() for p in (ROOT / "trainers").rglob("*.py"))
    ):
        assert number in page, number


def test_metrics_lists_every_field_of_a_run(tmp_path):
    pytest.importorskip("torch")
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.evaluate import ArmResult
    from gradarium.trainers.run import train

    config = tmp_path / "tiny.toml"
    config.write_text(
        'style = "brief"\nanswer_format = "plain"\n[[task]]\nname = "chain_arithmetic"\n', encoding="utf-8"
    )
    tiny = {
        "out": (tmp_path / "run").as_posix(),
        "model.width": 16,
        "model.layers": 1,
        "warm_start.steps": 1,
        "warm_start.batch": 2,
        "warm_start.check_every": 1,
        "warm_start.check_count": 2,
        "grpo.steps": 1,
        "grpo.prompts": 2,
        "grpo.group": 2,
        "grpo.max_new_tokens": 4,
        "evaluation.count": 2,
    }
    train(load_config(config, [text for name, value in tiny.items() for text in (f"--{name}", str(value))]))
    page = read("docs/metrics.md")
    written = {field for name in ("metrics", "samples") for field in fields_of(tmp_path / "run" / f"{name}.jsonl")}
    for name in sorted(written | {field.name for field in fields(ArmResult)}):
        assert f"| `{name}` |" in page, name


def fields_of(path):
    return {name for line in path.read_text(encoding="utf-8").splitlines() for name in json.loads(line)}
