"""Pictures of graphs: nodes on a circle, NumPy only."""

import math
from collections.abc import Mapping

import numpy as np

from gradarium.envs.drawing import CELL, CHANGED, FILLED, FRAMES, INK, LINE, PAPER, Colour, Image, write
from gradarium.generators.task import Picture

Point = tuple[float, float]


def draw_graph(graph: Picture, right: bool | None = None) -> Image:
    """Draw nodes on a circle, from the top clockwise, with straight edges.

    Walked edges are thick and blue, those among them that the graph does not have are red; directed edges have a dot
    near their head. The frame is green or red where ``right`` is True or False.

    Returns:
        A square image of shape ``(size, size, 3)``, of at most 960 dots.
    """
    size = min(960, 240 + 24 * len(graph.nodes))
    image = np.empty((size, size, 3), dtype=np.uint8)
    image[:] = PAPER
    places = _places(graph, size)
    known = set(graph.edges) | (set() if graph.directed else {(b, a) for a, b in graph.edges})
    for edge in graph.edges:
        _line(image, places, edge, LINE, 1)
    for edge in graph.walked:
        _line(image, places, edge, FILLED if edge in known else CHANGED, 2)
    for (a, b), text in graph.labels.items():
        if a in places and b in places:
            _label(image, _between(places[a], places[b], 0.5), text, 9, INK)
    if graph.directed:
        for a, b in graph.edges:
            if a in places and b in places and a != b:
                _disc(image, _between(places[a], places[b], 0.86), 4, FILLED if (a, b) in graph.walked else INK)
    for name, point in places.items():
        if len(name) <= 4:
            _disc(image, point, 17, INK)
            _disc(image, point, 15, CELL)
            _label(image, point, name, 14, INK)
        else:
            _plate(image, point, name)
    for side in (image[:3], image[-3:], image[:, :3], image[:, -3:]):
        side[:] = FRAMES[right]
    return image


def _places(graph: Picture, size: int) -> Mapping[str, Point]:
    """Return (row, column) of the middle of each node."""
    middle, count = size / 2, max(1, len(graph.nodes))
    angles = {name: 2 * math.pi * i / count for i, name in enumerate(graph.nodes)}
    reach = middle - 30
    return {name: (middle - reach * math.cos(a), middle + reach * math.sin(a)) for name, a in angles.items()}


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


def _line(image: Image, places: Mapping[str, Point], edge: tuple[str, str], colour: Colour, half: int) -> None:
    if edge[0] not in places or edge[1] not in places:
        return
    (r0, c0), (r1, c1) = places[edge[0]], places[edge[1]]
    steps = int(max(abs(r1 - r0), abs(c1 - c0))) + 1
    rows = np.linspace(r0, r1, steps).astype(int)
    columns = np.linspace(c0, c1, steps).astype(int)
    for shift in range(-half + 1, half):
        image[rows + shift, columns] = colour
        image[rows, columns + shift] = colour


def _disc(image: Image, middle: Point, radius: int, colour: Colour) -> None:
    top, left = int(middle[0]) - radius, int(middle[1]) - radius
    rows, columns = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    area = image[top : top + 2 * radius + 1, left : left + 2 * radius + 1]
    area[(rows**2 + columns**2 <= radius**2)[: area.shape[0], : area.shape[1]]] = colour


def _plate(image: Image, middle: Point, name: str) -> None:
    """Write a long name on a plate of its own width, moved inwards where it would leave the image."""
    size, half = len(image), min(len(image) // 2 - 6, 3 * len(name) + 5)
    left = min(max(4, int(middle[1]) - half), size - 2 * half - 5)
    top = int(middle[0]) - 10
    image[top : top + 21, left : left + 2 * half + 1] = INK
    area = image[top + 1 : top + 20, left + 1 : left + 2 * half]
    area[:] = CELL
    write(area, name, INK)


def _label(image: Image, middle: Point, text: str, half: int, ink: Colour) -> None:
    top, left = max(0, int(middle[0]) - half), max(0, int(middle[1]) - half)
    write(image[top : top + 2 * half + 1, left : left + 2 * half + 1], text, ink)
