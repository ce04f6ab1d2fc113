"""What a reader could take for something else: colours, lines on each other, a value of 0 and no value."""

import base64
import io
import re
from itertools import combinations

import pytest

pytest.importorskip("matplotlib")
import numpy as np
from matplotlib.image import imread

from gradarium.trainers.reporting import learning, machinery
from gradarium.trainers.reporting.chart import svg
from gradarium.trainers.reporting.drawing import Curve, before_after, heat_over_steps, lines
from gradarium.trainers.reporting.evaluation_page import STATUSES
from gradarium.trainers.reporting.held_out import COLOURS
from gradarium.trainers.reporting.palette import DAY, NIGHT
from gradarium.trainers.reporting.series import Points

EYES = {
    "all cones": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""Linear RGB as eyes without some cones see it: Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113."""


def seen(colour: str, eye: str) -> np.ndarray:
    """The colour in CIE L*a*b* as an eye sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    there = np.clip(np.array(EYES[eye]) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ there / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(names, colours) -> float:
    """The least distance of two of the colours to any eye."""
    pairs = [(colours[a], colours[b]) for a, b in combinations(names, 2)]
    return min(float(np.linalg.norm(seen(a, eye) - seen(b, eye))) for a, b in pairs for eye in EYES)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_colours_that_stand_side_by_side_differ_for_every_eye(colours):
    sets = {
        "levels": ([f"l{i}" for i in range(8)], 20),
        "first levels": ([f"l{i}" for i in range(5)], 25),
        "series": ([f"s{i}" for i in range(8)], 15),
        "verdicts": ([colour for _, colour in STATUSES], 13),
        "evaluations": (list(COLOURS.values()), 15),
        "groups": (["s0", *(colour for *_, colour in learning.FATES)], 15),
        "phases": (["rest", *(colour for _, colour in machinery.PHASES)], 15),
        "signs": (["good", "bad"], 15),
    }
    assert {name: True for name in sets} == {
        name: nearest(names, colours) >= least for name, (names, least) in sets.items()
    }


def test_lines_that_lie_on_each_other_are_seen_in_turn():
    points = Points([1.0, 2.0, 3.0], [0.0, 1.0, 0.5])
    other = Points([1.0, 2.0, 3.0], [0.0, 1.0, 0.6])
    curves = [Curve("a", points, "s0"), Curve("b", other, "s1"), Curve("c", points, "s2")]
    drawn = svg(lines("x", "x", curves))
    dashes = {
        key: re.findall("stroke-dash[^;]*", style)
        for key, style in re.findall(r'data-key="(.)">.*?style="(.*?)"', drawn)
    }
    assert dashes["b"] == []
    assert dashes["a"][0] == dashes["c"][0] == "stroke-dasharray: 8,8"
    assert dashes["a"][1] != dashes["c"][1]


def test_a_heat_map_of_zeros_is_not_empty():
    first = Curve("a", Points([1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.5, 1.0]), "s0")
    late = Curve("b", Points([3.0, 4.0], [0.0, 0.0]), "s0")
    chart = heat_over_steps("x", "x", [first, late], high=1.0)
    assert chart.note == "Palest is 0, full colour 1, no colour nothing yet."
    data = re.search(r"base64,([^\"]*)", svg(chart))[1]
    alpha = imread(io.BytesIO(base64.b64decode(data)))[..., 3]
    corners = [alpha[y, x] for y in (-3, 2) for x in (2, -3)]
    assert corners == pytest.approx([0.07, 1, 0, 0.07], abs=0.01)


def test_a_later_dot_leaves_an_earlier_one_to_be_seen():
    stages = [("a", "rest"), ("b", "s2"), ("c", "accent")]
    chart = before_after("x", "x", ["row"], [(name, colour, [0.0]) for name, colour in stages], axis="")
    curve = r'data-key="(.)">.*?<path id="[^"]*" d="M 0 ([\d.]+)C'
    sizes = {key: float(size) for key, size in re.findall(curve, svg(chart))}
    assert list(sizes) == ["a", "b", "c"] and sizes["a"] > sizes["b"] + 0.8 and sizes["b"] > sizes["c"] + 0.8
