"""What an import costs: verifiers are used on their own, in other people's trainers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("numpy", "sympy", "gymnasium", "torch", "transformers", "pysat", "networkx", "ortools", "typer", "rich")


def loaded_by(code):
    """Return the modules that are loaded after ``code`` ran in a fresh interpreter."""
    script = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_verifiers_load_nothing_heavy_and_no_generator():
    loaded = loaded_by("import gradarium.verifiers")
    assert not loaded & {*HEAVY, "gradarium.generators", "gradarium.envs", "gradarium.trainers"}


def test_every_single_verifier_loads_nothing_heavy():
    code = "from gradarium.verifiers.grading import load_verifier, verifier_paths\n"
    loaded = loaded_by(code + "for name in verifier_paths(): load_verifier(name)")
    assert not loaded & {*HEAVY, "gradarium.generators", "gradarium.envs", "gradarium.trainers"}


def test_all_generators_load_no_solver():
    loaded = loaded_by("from gradarium.generators import all_tasks\nall_tasks()")
    assert not loaded & {*HEAVY, "gradarium.envs", "gradarium.trainers"}


def test_environments_load_no_trainer():
    assert not loaded_by("import gradarium.envs") & {"torch", "transformers", "gradarium.trainers"}


def test_the_command_line_loads_no_task_before_it_is_asked_to():
    loaded = loaded_by("import gradarium.trainers.cli")
    assert not loaded & {"numpy", "torch", "gymnasium", "gradarium.generators", "gradarium.envs"}


@pytest.mark.parametrize("family", sorted(p.parent.name for p in (ROOT / "verifiers").glob("*/__init__.py")))
def test_every_task_has_generator_verifier_and_cases(family):
    def names(folder, prefix=""):
        return {p.stem.removeprefix(prefix) for p in (ROOT / folder / family).glob(f"{prefix}[a-z]*.py")}

    assert names("verifiers") == names("generators")
    assert names("verifiers") <= names("tests/verifiers", "test_")
