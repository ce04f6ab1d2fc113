import itertools

import numpy as np
import pytest

from gradarium.envs.drawing import CHANGED, FILLED, FRAMES
from gradarium.envs.graph_drawing import draw_graph
from gradarium.generators.task import Picture

TRIANGLE = [("1", "2"), ("2", "3"), ("1", "3")]


def colours(image):
    return {tuple(int(part) for part in dot) for dot in image.reshape(-1, 3)}


@pytest.mark.parametrize("count", [0, 1, 2, 12, 60])
def test_shape(count):
    names = [str(i) for i in range(count)]
    image = draw_graph(Picture(names, list(itertools.pairwise(names)), directed=True))
    assert image.dtype == np.uint8
    assert image.shape[0] == image.shape[1] <= 960


def test_walked_edges_are_blue_and_those_that_are_not_there_red():
    graph = Picture("1234", TRIANGLE)
    assert FILLED not in colours(draw_graph(graph))
    walked = colours(draw_graph(Picture("1234", TRIANGLE, walked=[("2", "1")])))
    assert FILLED in walked and CHANGED not in walked
    assert CHANGED in colours(draw_graph(Picture("1234", TRIANGLE, walked=[("1", "4")])))
    assert CHANGED in colours(draw_graph(Picture("123", TRIANGLE, walked=[("2", "1")], directed=True)))


def test_strangers_are_left_out_and_the_frame_tells_the_verdict():
    strange = Picture("12", [("1", "9")], [("8", "7")], labels={("1", "9"): "a", ("1", "2"): "b"})
    assert FRAMES[False] in colours(draw_graph(strange, False))
    assert FRAMES[True] in colours(draw_graph(strange, True))
