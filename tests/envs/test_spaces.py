import copy
import json
import multiprocessing
import pickle

import gymnasium as gym
import pytest
from gymnasium.vector import utils

from gradarium.envs.spaces import AnyText
from gradarium.errors import BadValue


@pytest.mark.parametrize(
    "text", ["", "plain words", "two\nlines", "\0", "\u4e2d", "\N{SLIGHTLY SMILING FACE}", "\ud800"]
)
def test_any_text_is_inside(text):
    assert text in AnyText()


@pytest.mark.parametrize("other", [None, 1, 1.5, b"bytes", ["a"], ("a",), "x" * 11])
def test_other_things_and_longer_texts_are_outside(other):
    assert other not in AnyText(10)


@pytest.mark.parametrize("length", [1, 2, 50, 1000])
def test_samples_are_inside_and_follow_the_seed(length):
    one, two = AnyText(length, seed=5), AnyText(length, seed=5)
    samples = [one.sample() for _ in range(200)]
    assert samples == [two.sample() for _ in range(200)]
    assert all(sample in one for sample in samples)
    assert len(set(samples)) > (1 if length > 1 else 0)
    one.seed(5)
    assert one.sample() == samples[0]


def test_samples_print():
    space = AnyText(seed=1)
    assert all(char.isprintable() or char == "\n" for _ in range(100) for char in space.sample())


def test_equality_copies_json_and_repr():
    space = AnyText(10, seed=3)
    assert space == AnyText(10)
    assert space != AnyText(11)
    assert space != gym.spaces.Text(10)
    assert copy.deepcopy(space) == space == pickle.loads(pickle.dumps(space))
    assert repr(space) == "AnyText(10)"
    samples = [space.sample() for _ in range(3)]
    assert space.from_jsonable(json.loads(json.dumps(space.to_jsonable(samples)))) == samples
    assert not space.is_np_flattenable
    assert space.shape is None


@pytest.mark.parametrize("length", [0, -1, 1.5, True, "9"])
def test_lengths_that_cannot_be(length):
    with pytest.raises(BadValue, match="max_length"):
        AnyText(length)


def test_masks_are_refused():
    with pytest.raises(BadValue, match="mask"):
        AnyText().sample(mask=(1, None))


def test_vector_functions():
    space = AnyText(10, seed=1)
    batch = utils.batch_space(space, 3)
    assert isinstance(batch, gym.spaces.Tuple) and len(batch) == 3
    assert batch.sample() in batch
    assert len(set(batch.sample())) > 1
    assert list(utils.iterate(batch, ("a", "b", "c"))) == ["a", "b", "c"]
    assert utils.concatenate(space, ["a", "b"], utils.create_empty_array(space, 2)) == ("a", "b")
    assert utils.create_empty_array(space, 2) == ("", "")
    different = utils.batch_differing_spaces([AnyText(1), AnyText(2)])
    assert different == gym.spaces.Tuple([AnyText(1), AnyText(2)])


def test_shared_memory_is_a_live_view_and_copies_to_a_tuple():
    space = AnyText(10)
    memory = utils.create_shared_memory(space, n=3, ctx=multiprocessing)
    view = utils.read_from_shared_memory(space, memory, n=3)
    assert tuple(view) == ("", "", "")
    texts = ("ten chars!", "\u4e2d\0\n", "\N{SLIGHTLY SMILING FACE}\ud800")
    for i, text in enumerate(texts):
        utils.write_to_shared_memory(space, i, text, memory)
    before = copy.deepcopy(view)
    assert before == texts and isinstance(before, tuple)
    assert (len(view), view[1], view[-1], view[:2]) == (3, texts[1], texts[2], texts[:2])
    utils.write_to_shared_memory(space, 1, "", memory)
    assert view[1] == "" and before[1] == texts[1]
    with pytest.raises(BadValue, match="11 characters, 10 fit"):
        utils.write_to_shared_memory(space, 0, "x" * 11, memory)
