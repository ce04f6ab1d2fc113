"""Suites: the pins are today's tasks, names are found, what moved is told."""

import dataclasses
import json

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import all_tasks, get_task
from gradarium.trainers.evaluation import pin, suites
from gradarium.trainers.evaluation.suites import PINS, define, get_suite, pinned, plan, suite_names


def own_tasks():
    return [task for task in all_tasks() if task.make.__module__.startswith("gradarium.generators.")]


def test_pins_are_the_tasks_of_today():
    old = json.loads(PINS.read_text(encoding="utf-8"))
    moved = [name for name, (_, arms) in define().items() if old.get(name, {}).get("tasks") != pinned(arms)]
    assert not moved, f"{moved} moved: run python -m gradarium.trainers.evaluation.pin and commit {PINS.name}"
    assert pin.dump(pin.renew(old)) == PINS.read_text(encoding="utf-8")


def test_every_family_and_the_named_sources_have_a_suite():
    families = {task.family for task in all_tasks()}
    assert {"core", "enigmata", "satquest", "classic", *families} == set(suite_names())


def test_core_is_small_and_balanced():
    core = get_suite("core")
    assert core.instances <= 2000 and core.tasks == 25
    counted = {}
    for name in {arm.task for arm in core.arms}:
        counted[get_task(name).family] = counted.get(get_task(name).family, 0) + 1
    assert counted == {"graphs": 4, "logic": 4, "mathematics": 4, "sat": 2, "puzzles": 11}
    assert not any(get_task(arm.task).sandboxed for arm in core.arms)
    assert {arm.level for arm in core.arms} == {0, 1, 2, 3, 4, 6} and {arm.count for arm in core.arms} == {20}


@pytest.mark.slow  # poses thousands of instances
def test_problems_of_suites_do_not_repeat():
    """The table REPEATING is what the tasks say at their easy levels, and no suite asks such a level."""

    def repeats(task, level):
        return len({task.pose(i, level, "test").key for i in range(suites.COUNT)}) < suites.COUNT - 1

    found = {task.name: tuple(level for level in range(3) if repeats(task, level)) for task in own_tasks()}
    assert {name: levels for name, levels in found.items() if levels} == suites.REPEATING
    for name in suites.REPEATING:
        assert not any(repeats(get_task(name), level) for level in suites.levels_of(name)[:2]), name


@pytest.mark.parametrize("name", suite_names())
def test_suites_are_of_a_size_that_can_be_run(name):
    suite = get_suite(name)
    assert 200 <= suite.instances <= 2000
    assert len(set(map(str, suite.arms))) == len(suite.arms)


def test_names():
    assert get_suite("core@1") == get_suite("core")
    group = get_suite("family:sat")
    assert (group.name, group.version) == ("family:sat", 0)
    assert {arm.task for arm in group.arms} == {"sat_assignment", "sat_unsat_core"}
    assert {arm.task for arm in get_suite("tag:satquest").arms} == {"sat_assignment", "sat_unsat_core"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cor", "unknown suite 'cor': did you mean 'core'?"),
        ("core@7", "unknown version of suite core '7'"),
        ("family:puzles", "did you mean 'puzzles'"),
        ("tga:x", "did you mean 'tag'"),
    ],
)
def test_unknown_names(name, words):
    with pytest.raises(UnknownName) as caught:
        get_suite(name)
    assert words in str(caught.value)


def test_a_task_that_moved_is_refused(monkeypatch):
    newer = dataclasses.replace(get_task("maze"), version=9)
    monkeypatch.setattr(suites, "get_task", lambda name: newer if name == "maze" else get_task(name))
    with pytest.raises(BadValue, match=r"core@1.*pins maze version 0, installed is version 9"):
        get_suite("core")


def test_a_moved_task_raises_the_versions_that_it_touches(monkeypatch):
    old = json.loads(PINS.read_text(encoding="utf-8"))
    newer = [dataclasses.replace(task, version=1) if task.name == "maze" else task for task in all_tasks()]
    monkeypatch.setattr(suites, "all_tasks", lambda: newer)
    monkeypatch.setattr(suites, "get_task", lambda name: next(task for task in newer if task.name == name))
    fresh = pin.renew(old)
    raised = {name for name in fresh if fresh[name]["version"] == old[name]["version"] + 1}
    assert raised == {"core", "graphs", "enigmata"}
    assert all(fresh[name] == old[name] for name in fresh if name not in raised)


def test_levels_that_a_task_lacks_are_refused():
    with pytest.raises(UnknownName, match="level of maze"):
        plan([get_task("maze")], levels=(0, 99))


def test_the_list(run_cli):
    code, out, _ = run_cli("suites")
    assert code == 0 and "core@1" in out and "1980" in out
    rows = json.loads(run_cli("suites", "--json")[1])
    assert [row["name"] for row in rows] == suite_names()
    assert rows[0] == {
        "name": "core",
        "version": 1,
        "summary": "a balanced look at every family that needs no sandbox",
        "tasks": 25,
        "levels": [0, 1, 2, 3, 4, 6],
        "instances": 1980,
    }
