"""docs/curricula.md is current: every rule with its options and defaults, and an example that works as it stands."""

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradarium.trainers.curricula import get_rule, rule_names

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "curricula.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## The rules")[2].partition("\n## ")[0]
ROWS = {row.split("`")[1]: row for row in TABLE.splitlines() if row.startswith("| `")}


def test_every_rule_has_its_row_and_its_paper():
    assert sorted(ROWS) == list(rule_names())
    papers = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
    for name in set(rule_names()) - {"uniform", "weighted", "stages"}:
        assert f'`curriculum.name = "{name}"`' in papers, name


@pytest.mark.parametrize("name", rule_names())
def test_the_row_lists_every_option_with_its_default(name):
    listed = dict(re.findall(r"`(\w+)` \(?([^,|)]+)", re.split(r"(?<!\\)\|", ROWS[name])[4]))
    assert set(listed) == {field.name for field in dataclasses.fields(get_rule(name).Options)}
    for option in dataclasses.fields(get_rule(name).Options):
        if option.default != ():  # which the page says in words
            value = option.default
            text = f'"{value}"' if isinstance(value, str) else str(value).lower() if value is True else str(value)
            assert listed[option.name].strip() == text, option.name


@pytest.fixture(scope="module")
def example():
    (found,) = re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return found


def test_the_example_is_a_rule_once_its_file_is_there(example, tmp_path):
    """In a copy of the package; nothing else is edited."""
    name, text = example
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "src" / "gradarium" / name
    assert path.parent.is_dir() and not path.exists()
    path.write_text(text, encoding="utf-8")
    program = """
from gradarium.trainers.config import TaskEntry
from gradarium.trainers.curricula import Feedback, get_rule, rule_names
found = get_rule("failing")
rule = found([TaskEntry("countdown", (0, 1))], 0, options=found.Options(power=2.0))
rule.update([Feedback(arm, 0, [float(arm.level == 0)] * 4, [0.0] * 4, 0) for arm in rule.arms])
print(rule.name in rule_names(), rule.name, rule.probabilities(), sorted(rule.metrics()))
found.Options(power=11.0)
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "True failing [0.0, 1.0] ['share/countdown/0', 'share/countdown/1']\n", done.stderr
    assert done.stderr.endswith("BadValue: curriculum.power = 11.0: must be in [0, 10]\n")


def test_the_example_is_in_style(example):
    name, text = example
    ruff = shutil.which("ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not ruff:
        pytest.skip("ruff is not installed")
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        line = [ruff, *command, "--config", str(ROOT / "pyproject.toml"), "--stdin-filename", str(ROOT / name), "-"]
        done = subprocess.run(line, input=text, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stdout + done.stderr
