import numpy as np
import pytest

from gradarium.envs import drawing
from gradarium.envs.drawing import draw_board


def colours(image):
    return {tuple(int(part) for part in dot) for dot in image.reshape(-1, 3)}


@pytest.mark.parametrize("rows", [1, 2, 9, 20, 60])
@pytest.mark.parametrize("columns", [1, 3, 30])
def test_shape_and_type(rows, columns):
    image = draw_board([["7"] * columns] * rows)
    assert image.dtype == np.uint8
    assert image.ndim == 3 and image.shape[2] == 3
    assert max(image.shape) <= 1000
    assert (image.shape[0] > image.shape[1]) == (rows > columns) or rows == columns


@pytest.mark.parametrize(
    "cells", [[], [[]], [["1"], ["1", "2"]], [["\u2654"]], [["a long word"] * 3], [[""]], [[" ", "."]]]
)
def test_odd_boards_are_drawn(cells):
    assert draw_board(cells, cells, (0, 0)).ndim == 3
    assert draw_board(cells, [["1"]], (2, 2), True).ndim == 3


def test_equal_boards_give_equal_pictures():
    assert (draw_board([["1", " "]]) == draw_board([["1", " "]])).all()
    assert (draw_board([["1", " "]]) != draw_board([["2", " "]])).any()


def test_colours_tell_given_added_and_changed():
    start = [["1", " ", "#"]]
    assert drawing.GIVEN in colours(draw_board(start, start))
    assert drawing.WALL in colours(draw_board(start, start))
    assert drawing.FILLED not in colours(draw_board(start, start))
    assert drawing.FILLED in colours(draw_board([["1", "2", "#"]], start))
    assert drawing.CHANGED not in colours(draw_board([["1", "2", "#"]], start))
    assert drawing.CHANGED in colours(draw_board([["3", " ", "#"]], start))


@pytest.mark.parametrize("right", [None, True, False])
def test_the_frame_tells_the_verdict(right):
    image = draw_board([["1"]], right=right)
    for corner in (image[0, 0], image[-1, -1], image[0, -1]):
        assert tuple(corner) == drawing.FRAMES[right]


def test_boxes_have_thick_lines():
    cells = [[" "] * 4] * 4
    plain, boxed = draw_board(cells), draw_board(cells, box=(2, 2))
    assert (boxed == drawing.INK).all(axis=2).sum() > (plain == drawing.INK).all(axis=2).sum()


def test_every_glyph_is_seven_rows_of_five_dots_and_no_two_look_alike():
    for char, rows in drawing._GLYPHS.items():
        assert len(char) == 1 and len(rows) == 7 and all(int(row, 32) < 32 for row in rows)
    twins = {"-": "\N{MINUS SIGN}", "x": "\N{MULTIPLICATION SIGN}"}
    distinct = [rows for char, rows in drawing._GLYPHS.items() if char not in twins.values()]
    assert len(set(distinct)) == len(distinct)
    assert set(map(chr, range(32, 127))) <= set(drawing._GLYPHS)


def test_texts_of_several_characters_are_drawn_whole():
    def inked(text):
        return (draw_board([[text]]) == drawing.INK).all(axis=2).sum()

    assert inked("11") > inked("1 ") > inked(" ")
    assert (draw_board([["12"]]) != draw_board([["13"]])).any()
    assert (draw_board([["100"]]) != draw_board([["101"]])).any()


def test_regions_are_set_off_by_thick_lines():
    cells = [[" "] * 3] * 2
    plain = (draw_board(cells) == drawing.INK).all(2).sum()
    one = (draw_board(cells, regions=["AAA", "AAA"]) == drawing.INK).all(2).sum()
    two = (draw_board(cells, regions=["AAB", "AAB"]) == drawing.INK).all(2).sum()
    three = (draw_board(cells, regions=["AAB", "CCC"]) == drawing.INK).all(2).sum()
    assert plain == one < two < three
