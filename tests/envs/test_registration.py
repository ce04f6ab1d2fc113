import subprocess
import sys

import gymnasium as gym
import pytest

import gradarium.envs
from gradarium.core import Draft, Verdict
from gradarium.envs.registration import find_task, register, register_all
from gradarium.errors import BadValue, DuplicateTask, UnknownName
from gradarium.generators import all_tasks, get_task, task


def verify(answer, payload):
    return Verdict.correct() if answer == str(2 * payload["n"]) else Verdict.wrong("not the double")


@task(name="acme_double", levels=[9, 99], verify=verify)
def make(rng, top):
    n = rng.randint(1, top)
    return Draft(f"Double {n}.", {"n": n}, str(2 * n), example="0")


@pytest.fixture
def clean_registry():
    before = dict(gym.registry)
    yield
    gym.registry.clear()
    gym.registry.update(before)


def run(code, *flags):
    done = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_task_is_registered_by_name_alone():
    for one in all_tasks():
        spec = gym.spec(one.env_id)
        assert spec.kwargs == {"task": one.name}
        assert isinstance(spec.entry_point, str)
        assert gym.envs.registration.EnvSpec.from_json(spec.to_json()) == spec


def test_registering_twice_changes_nothing():
    before = dict(gym.registry)
    register_all()
    assert register(get_task("sudoku")) == "gradarium/sudoku-v0"
    assert dict(gym.registry) == before
    gym.register_envs(gradarium.envs)


def test_make_with_the_module_needs_no_import():
    code = "import gymnasium as gym; print(gym.make('gradarium.envs:gradarium/sudoku-v0', level=2).unwrapped.level)"
    assert run(code, "-W", "error").strip() == "2"


def test_importing_the_package_loads_no_solver_and_no_trainer():
    code = (
        "import sys, gradarium.envs; print([m for m in ('torch','transformers','ortools','pysat') if m in sys.modules])"
    )
    assert run(code).strip() == "[]"


def test_a_task_of_your_own(clean_registry):
    id = register(make)
    assert register(make) == id == "gradarium/acme_double-v0"
    env = gym.make(id, level=1)
    prompt, info = env.reset(seed=3)
    assert prompt.startswith("Double ")
    assert env.step(f"<answer>{info['instance'].reference}</answer>")[1] == 1.0


def test_a_task_in_an_importable_module_is_registered_by_text(clean_registry, monkeypatch, tmp_path):
    (tmp_path / "acme_triple.py").write_text(
        "from gradarium.core import Draft, Verdict\n"
        "from gradarium.envs import register\n"
        "from gradarium.generators import task\n"
        "def verify(answer, payload):\n"
        "    return Verdict.correct() if answer == str(3 * payload['n']) else Verdict.wrong('no')\n"
        "@task(name='acme_triple', levels=[9], verify=verify)\n"
        "def make(rng, top):\n"
        "    n = rng.randint(1, top)\n"
        "    return Draft(f'Triple {n}.', {'n': n}, str(3 * n), example='0')\n"
        "register(make)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    env = gym.make("acme_triple:gradarium/acme_triple-v0")
    assert gym.spec("gradarium/acme_triple-v0").kwargs == {"task": "acme_triple:make"}
    assert env.reset(seed=0)[0].startswith("Triple ")


def test_two_tasks_with_one_id_are_refused(clean_registry):
    register(make)
    other = task(name="acme_double", levels=[5], verify=verify)(make.make)
    with pytest.raises(DuplicateTask, match="acme_double"):
        register(other)


def test_a_broken_task_is_left_out_with_a_warning(monkeypatch):
    def broken(name):
        raise ImportError("no such library")

    monkeypatch.setattr("gradarium.envs.registration.get_task", broken)
    with pytest.warns(UserWarning, match="has no environment: ImportError: no such library"):
        register_all()


def test_find_task():
    assert find_task("sudoku") is find_task("gradarium.generators.puzzles.sudoku:make") is get_task("sudoku")
    assert find_task(make) is make
    with pytest.raises(UnknownName, match="did you mean 'sudoku'"):
        find_task("sudku")
    for wrong in ("json:dumps", "no_such_module:make", "json:nothing", ":", 3, None):
        with pytest.raises(BadValue, match="task"):
            find_task(wrong)


def test_the_id_with_a_typo_names_the_nearest():
    with pytest.raises(gym.error.NameNotFound, match="sudoku"):
        gym.make("gradarium/sudokus-v0")
