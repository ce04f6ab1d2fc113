"""Car painting: reorder cars, each by a few places at most, so that the colour changes seldom.

Correct is any order of all cars that keeps each within reach of its place and has no more changes than ``changes``, the
fewest there are; fewer would be right too. The payload holds ``cars``, each ``[number, colour]``, from first to last,
and ``places``, how far a car may move.

Example: payload ``{"cars": [[52, "red"], [17, "blue"], [80, "red"], [33, "blue"]], "places": 1, "changes": 1}``, answer
``52 80 17 33``.
"""

from itertools import pairwise

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the numbers of the cars in their new order.

    >>> cars = [[52, "red"], [17, "blue"], [80, "red"], [33, "blue"]]
    >>> verify("52 80 17 33", {"cars": cars, "places": 1, "changes": 1}).score
    1.0
    """
    order = read_ints(answer)
    if not order:
        return Verdict.unreadable("expected the numbers of the cars, separated by spaces")
    cars, places = payload["cars"], payload["places"]
    if len(order) > len(cars):
        return Verdict.wrong(f"{len(order)} numbers for {len(cars)} cars", "cars")
    at = {number: place for place, (number, _) in enumerate(cars)}
    for number in order:
        if number not in at:
            return Verdict.wrong(f"there is no car {number}", "cars")
    if len(set(order)) < len(cars):
        return Verdict.wrong("each car must be named exactly once", "cars")
    for place, number in enumerate(order):
        if abs(place - at[number]) > places:
            return Verdict.wrong(f"car {number} is more than {places} from its place", "places")
    colours = [cars[at[number]][1] for number in order]
    changes = sum(a != b for a, b in pairwise(colours))
    if changes > payload["changes"]:
        return Verdict.wrong(f"{changes} colour changes are more than {payload['changes']}", "changes")
    return Verdict.correct()
