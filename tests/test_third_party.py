"""A task of another package is found by name, graded, listed, checked and made an environment."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "examples" / "acme_double"

USE = """
import gymnasium as gym
import gradarium.envs
from gradarium.generators import all_tasks, get_task
from gradarium.verifiers import grade, grade_many

task = get_task("acme_double")
instance = task.pose(3, level=2, split="test")
right = f"<answer>{instance.reference}</answer>"
assert task in all_tasks(family="acme")
assert grade(right, "acme_double", instance.payload).score == 1.0
assert grade(f"<answer>{instance.example}</answer>", "acme_double", instance.payload).score == 0.0
assert [v.score for v in grade_many([right, "?"], "acme_double", instance.payload)] == [1.0, 0.0]
env = gym.make("gradarium/acme_double-v0", level=2)
prompt, info = env.reset(seed=1)
assert prompt.startswith("Double ")
_, reward, terminated, _, _ = env.step(f"<answer>{info['instance'].reference}</answer>")
assert (reward, terminated) == (1.0, True)
print("all well")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install the example into a folder of its own; return the environment in which Python finds it."""
    folder = tmp_path_factory.mktemp("acme")
    source = shutil.copytree(
        SOURCE, folder / "source", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    )
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*pip, "--target", str(folder / "site"), str(source)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(folder / "site")])}


def run(env, *args):
    done = subprocess.run([sys.executable, *args], env=env, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_finds_it(installed):
    assert run(installed, "-c", USE) == "all well\n"


def test_the_command_line_finds_it(installed):
    rows = json.loads(run(installed, "-m", "gradarium", "list", "--json", "--tag", "example"))
    assert [(row["name"], row["family"], row["levels"]) for row in rows] == [("acme_double", "acme", 6)]
    assert "Double " in run(installed, "-m", "gradarium", "show", "acme_double", "--level", "1")


def test_it_keeps_the_property_table(installed):
    (report,) = json.loads(run(installed, "-m", "gradarium", "check", "acme_double", "--quick", "--json"))
    assert report["passed"], report
