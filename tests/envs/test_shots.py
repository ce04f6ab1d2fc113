from dataclasses import replace

import pytest

from gradarium.envs import shots as module
from gradarium.envs.shots import FIRST_INDEX, answer_text, worked_examples
from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task

TASK = get_task("chain_arithmetic")
POSED = TASK.pose(0, 1, "test", answer_format="answer_line")


@pytest.mark.parametrize("number", [0, 1, 2, 8])
def test_as_many_as_asked_each_solved_and_from_the_training_split(number):
    examples = worked_examples(POSED, number)
    assert len(examples) == number
    assert len({example.key for example in examples} | {POSED.key}) == number + 1
    for example in examples:
        assert (example.task, example.level, example.split) == (POSED.task, POSED.level, "train")
        assert example.answer_format == "answer_line"
        assert FIRST_INDEX <= example.index < 2**63
        assert TASK.grade(answer_text(example), example).score == 1


def test_the_same_for_every_instance_of_a_level_and_other_ones_for_another_seed_or_level():
    assert worked_examples(POSED, 3) == worked_examples(TASK.pose(5, 1, "dev", answer_format="answer_line"), 3)
    keys = [example.key for example in worked_examples(POSED, 3)]
    assert keys != [example.key for example in worked_examples(POSED, 3, seed=1)]
    assert keys != [example.key for example in worked_examples(TASK.pose(0, 2), 3)]


def test_indices_are_golden():
    module._drawn.cache_clear()
    assert [example.index for example in worked_examples(POSED, 2)] == [6574126607504520200, 5518675391502857402]


def test_the_posed_instance_is_never_its_own_example():
    first, second, third = worked_examples(POSED, 3)
    assert worked_examples(replace(first, index=0), 2) == (second, third)
    assert worked_examples(replace(second, index=0), 2) == (first, third)


@pytest.fixture
def drawn(monkeypatch):
    """Replace what is drawn: texts of key and answer, in order, repeated for ever."""

    def use(*pairs):
        def draw(task, level, answer_format, seed, number):
            key, answer = pairs[number % len(pairs)]
            return replace(POSED, key=key, reference=answer)

        monkeypatch.setattr(module, "_drawn", draw)

    return use


def test_answers_differ_where_the_level_has_others(drawn):
    drawn(("a", "yes"), ("b", "yes"), ("c", "yes"), ("d", "no"))
    assert [e.key for e in worked_examples(POSED, 2)] == ["a", "d"]
    assert [e.key for e in worked_examples(POSED, 3)] == ["a", "d", "b"]


def test_equal_problems_are_shown_once(drawn):
    drawn(("a", "1"), ("a", "1"), (POSED.key, "2"), ("b", "3"))
    assert [e.key for e in worked_examples(POSED, 2)] == ["a", "b"]


def test_a_level_with_too_few_problems_is_named(drawn):
    drawn(("a", "1"), ("b", "2"))
    with pytest.raises(BadValue, match="chain_arithmetic level 1 gave only 2 different ones"):
        worked_examples(POSED, 3)


@pytest.mark.parametrize("number", [-1, 65, True, 1.0, "2"])
def test_wrong_numbers(number):
    with pytest.raises(BadValue, match=r"shots = .*must be from 0 to 64"):
        worked_examples(POSED, number)


def test_a_task_that_is_not_installed():
    with pytest.raises(UnknownName, match="chain_arithmetic"):
        worked_examples(replace(POSED, task="chain_aritmetic"), 1)
