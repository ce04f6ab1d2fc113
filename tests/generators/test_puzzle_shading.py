import random
from itertools import product

import pytest

from gradarium.core import Redraw
from gradarium.generators.puzzles._shading import draw_sea, edge, groups, join, least_view, show, squares, touching
from gradarium.generators.solving import Model


def test_cells_of_a_board():
    assert touching(2, 2) == [[1, 2], [0, 3], [0, 3], [1, 2]]
    assert squares(2, 3) == [(0, 1, 3, 4), (1, 2, 4, 5)]
    assert groups({0, 1, 5}, touching(2, 3)) == [[0, 1], [5]]
    assert edge([0, 1], touching(2, 3)) == [2, 3, 4]


def connected(cells, near):
    return len(groups(cells, near)) < 2


def model_of(rows, columns, sign):
    """Connected shaded (sign 1) or unshaded cells (sign -1), and no 2x2 square of them."""
    near = touching(rows, columns)

    def cut(found):
        cells = [abs(x) - 1 for x in found if abs(x) <= len(near) and x * sign > 0]
        return join(groups(cells, near), near, sign)

    model = Model(cut)
    literals = model.new(rows * columns)
    for block in squares(rows, columns):
        model.add(*(-sign * literals[cell] for cell in block))
    return model


def boards(rows, columns):
    """Yield by brute force what ``model_of`` describes, as sets of cells."""
    near = touching(rows, columns)
    for marks in product((False, True), repeat=rows * columns):
        cells = {cell for cell, mark in enumerate(marks) if mark}
        if connected(cells, near) and not any(cells.issuperset(block) for block in squares(rows, columns)):
            yield cells


@pytest.mark.parametrize("sign", [1, -1])
def test_cuts_say_connected_and_nothing_more(sign):
    rng = random.Random(sign)
    every = list(boards(3, 4))
    with model_of(3, 4, sign) as model:
        for _ in range(200):
            known = {cell: rng.random() < 0.5 for cell in rng.sample(range(12), rng.randint(2, 12))}
            fits = any(all((cell in cells) == mark for cell, mark in known.items()) for cells in every)
            assumed = [sign * (cell + 1) if mark else -sign * (cell + 1) for cell, mark in known.items()]
            assert model.satisfiable(assumed) == fits


def test_cells_shown_leave_one_solution():
    rng = random.Random(0)
    every = list(boards(3, 3))
    for _ in range(20):
        truth_cells = draw_sea(rng, 3, 3, 9)
        truth = [cell + 1 if cell in truth_cells else -cell - 1 for cell in range(9)]
        with model_of(3, 3, 1) as model:
            shown = show(model, rng, truth, range(9), 9)
        assert shown is not None
        fits = [cells for cells in every if all((cell in cells) == (cell in truth_cells) for cell in shown)]
        assert fits == [truth_cells]


def test_no_more_are_shown_than_may_be():
    with model_of(3, 3, 1) as model:
        assert show(model, random.Random(0), [1, -2, -3, -4, -5, -6, -7, -8, -9], range(9), 2) is None


def test_seas_are_connected_without_squares():
    rng = random.Random(1)
    for _ in range(20):
        try:
            sea = draw_sea(rng, 4, 5, 4)
        except Redraw:
            continue
        assert connected(sea, touching(4, 5)) and not any(sea.issuperset(block) for block in squares(4, 5))
        assert max(map(len, groups(set(range(20)) - sea, touching(4, 5)))) <= 4


def test_views_of_a_board_have_one_name():
    board = ["ab", "cd", "ef"]
    turned = ["eca", "fdb"]
    mirrored = ["ba", "dc", "fe"]
    assert least_view(board) == least_view(turned) == least_view(mirrored)
    assert least_view(board) != least_view(["ab", "cd", "fe"])
