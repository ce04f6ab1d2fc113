import json
import random
from dataclasses import dataclass

import pytest

from gradarium.core import SPLITS, Draft, Instance, Redraw, Verdict, content_key, split_of
from gradarium.errors import BadValue, CannotPose, UnknownName
from gradarium.generators import all_tasks, get_task, task, task_names


@dataclass(frozen=True)
class Params:
    top: int
    share: float = 0.5


def verify(answer, payload):
    return Verdict.correct() if answer == str(2 * payload["n"]) else Verdict.wrong("not the double")


def draft(rng, params):
    n = rng.randint(0, params.top)
    return Draft(f"Double {n}.", {"n": n}, str(2 * n), str(2 * n + 1), str(n), {"effort": params.top})


def double(**settings):
    settings = {"name": "double", "levels": [Params(10), Params(10**6)], "verify": verify, **settings}
    return task(**settings)(draft)


def test_the_same_place_gives_the_same_instance():
    first, again = double().pose(3, 1), double().pose(3, 1)
    assert first == again
    assert first != double().pose(4, 1)
    assert (first.task, first.level, first.index, first.split) == ("double", 1, 3, "train")


def test_version_split_level_and_index_all_change_the_stream():
    one = double()
    bytes_of = {
        json.dumps(instance.payload)
        for instance in (
            *(one.pose(0, 1, split) for split in SPLITS),
            one.pose(1, 1),
            double(version=1).pose(0, 1),
            double(name="double_two").pose(0, 1),
        )
    }
    assert len(bytes_of) == 6


def test_posing_leaves_the_global_generator_alone():
    state = random.getstate()
    double().pose(0)
    assert random.getstate() == state


def test_json_round_trip():
    instance = double().pose(5, 1, "test")
    assert Instance.from_json(json.loads(json.dumps(instance.to_json()))) == instance


@pytest.mark.parametrize("change", [{"extra": 1}, {"payload": None}])
def test_json_with_other_fields_is_refused(change):
    data = double().pose(0).to_json()
    if change == {"payload": None}:
        del data["payload"]
    else:
        data.update(change)
    with pytest.raises(BadValue, match="fields missing or unknown"):
        Instance.from_json(data)


def test_the_key_says_the_split():
    keys = {}
    for split in SPLITS:
        for index in range(200):
            instance = double().pose(index, 0, split)
            assert instance.key == content_key("double", instance.payload)
            assert split_of(instance.key) == split
            keys.setdefault(split, set()).add(instance.key)
    assert not keys["train"] & keys["dev"] and not keys["train"] & keys["test"] and not keys["dev"] & keys["test"]


def test_splits_take_their_shares():
    buckets = [split_of(content_key("x", i)) for i in range(4000)]
    assert [round(buckets.count(split) / 4000, 1) for split in SPLITS] == [0.8, 0.1, 0.1]


def test_canonical_payloads_that_are_equal_have_equal_keys():
    folded = double(canonical=lambda payload: payload["n"] % 7)
    keys = {folded.pose(i, 1).key for i in range(100)}
    assert len(keys) <= 7


REFUSED = {
    "level above": ({"index": 0, "level": 2}, UnknownName, r"level of double '2'.*known: 0, 1"),
    "level below": ({"index": 0, "level": -1}, UnknownName, "level of double"),
    "level that is no number": ({"index": 0, "level": "1"}, UnknownName, "level of double"),
    "level that is a truth value": ({"index": 0, "level": True}, UnknownName, "level of double"),
    "split": ({"index": 0, "split": "tests"}, UnknownName, "did you mean 'test'"),
    "index below": ({"index": -1}, BadValue, "integer of at least 0"),
    "index that is no number": ({"index": 1.0}, BadValue, "integer of at least 0"),
    "format": ({"index": 0, "answer_format": "boxd"}, UnknownName, "did you mean 'boxed'"),
    "parameter": ({"index": 0, "params": {"tpo": 3}}, UnknownName, "did you mean 'top'"),
    "parameter of another type": ({"index": 0, "params": {"top": "3"}}, BadValue, "must be int"),
    "parameter that is a truth value": ({"index": 0, "params": {"top": True}}, BadValue, "must be int"),
}


@pytest.mark.parametrize(("arguments", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        double().pose(**arguments)


def test_parameters_override_the_level():
    instances = [double().pose(i, 1, params={"top": 3}) for i in range(20)]
    assert {instance.payload["n"] for instance in instances} <= {0, 1, 2, 3}
    assert double().params(0, {"share": 1}) == Params(10, 1)  # an integer will do for a float
    assert double(levels=[7]).params(0) == 7
    with pytest.raises(BadValue, match="no named parameters"):
        double(levels=[7]).params(0, {"top": 3})


def test_a_redraw_is_followed_by_the_next_draw():
    calls = []

    def make(rng, params):
        calls.append(1)
        if len(calls) < 5:
            raise Redraw
        return draft(rng, params)

    task(name="double", levels=[Params(10**6)], verify=verify)(make).pose(0)
    assert len(calls) >= 5


def test_redraws_do_not_use_up_the_draws_for_a_rare_split():
    calls = []

    def make(rng, params):
        calls.append(1)
        if len(calls) % 500:
            raise Redraw
        return draft(rng, params)

    rare = task(name="double", levels=[Params(10**6)], verify=verify)(make)
    assert {rare.pose(i, split="test").split for i in range(5)} == {"test"}
    assert len(calls) > 2000

    def never(rng, params):
        raise Redraw

    with pytest.raises(CannotPose, match="2000 draws"):
        task(name="double", levels=[Params(10)], verify=verify)(never).pose(0)


def test_a_split_that_has_no_instance_is_an_error_and_no_endless_loop():
    def make(rng, params):
        return Draft("Double 1.", {"n": 1}, "2", "3")

    fixed = task(name="fixed", levels=[None], verify=verify)(make)
    home = split_of(content_key("fixed", {"n": 1}))
    other = next(split for split in SPLITS if split != home)
    assert fixed.pose(0, split=home).payload == {"n": 1}
    with pytest.raises(CannotPose, match="2000 draws"):
        fixed.pose(0, split=other)


def test_grade_uses_the_format_of_the_instance():
    instance = double().pose(1, answer_format="boxed")
    assert double().grade(f"\\boxed{{{instance.reference}}}", instance).score == 1.0
    assert double().grade(f"<answer>{instance.reference}</answer>", instance).score == 0.0


@pytest.mark.parametrize(
    "settings", [{"name": "Double"}, {"name": "2x"}, {"name": "a b"}, {"levels": []}, {"verify": None}], ids=str
)
def test_a_task_declared_wrongly_is_refused(settings):
    with pytest.raises(BadValue):
        double(**settings)


def test_registry():
    assert "sudoku" in task_names()
    assert get_task("sudoku") is get_task("sudoku")
    assert get_task("sudoku").family == "puzzles"
    assert get_task("sudoku").env_id == f"gradarium/sudoku-v{get_task('sudoku').version}"
    assert [t.family for t in all_tasks("puzzles")] == ["puzzles"] * len(all_tasks("puzzles"))
    assert get_task("sudoku") in all_tasks(tag="grid")
    for call in (lambda: get_task("sudku"), lambda: all_tasks("puzzle"), lambda: all_tasks(tag="gird")):
        with pytest.raises(UnknownName, match="did you mean"):
            call()
