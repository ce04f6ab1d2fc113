"""River crossing: loads of the boat that bring everything over and never leave a forbidden pair without the farmer.

Correct is every list of at most ``limit`` crossings, one a line, the first from left to right, after which everything
and the farmer are on the right bank; the verifier carries them out. A line names the things in the boat, or is
``alone``. ``weights`` and ``capacity`` are null where nothing is weighed.

Example: payload ``{"things": ["fox", "hen"], "conflicts": [["fox", "hen"]], "places": 1, "weights": null, "capacity":
null, "limit": 3}``, answer ``fox``, ``alone``, ``hen`` on three lines.
"""

import re

from gradarium.core import Payload, Verdict

_LINE = re.compile(r"[a-z]{1,20}(?:[\s,;]{1,3}[a-z]{1,20}){0,20}", re.ASCII)
_GAP = re.compile(r"[\s,;]+")


def read_loads(text: str, most: int) -> list[list[str]] | None:
    r"""Return the words of each line in lower case; None if anything else is there, or nothing.

    >>> read_loads("fox\nalone\nhen, goat", 5)
    [['fox'], ['alone'], ['hen', 'goat']]
    """
    if len(text) > 200 * (most + 1) or not text.isascii():
        return None
    lines = [line.strip() for line in text.strip().lower().split("\n")]
    lines = [line for line in lines if line]
    if not lines or len(lines) > 2 * most + 10 or not all(map(_LINE.fullmatch, lines)):
        return None
    return [_GAP.split(line) for line in lines]


def verify(answer: str, payload: Payload) -> Verdict:
    r"""Judge a list of crossings.

    >>> two = {"things": ["fox", "hen"], "conflicts": [["fox", "hen"]], "places": 1, "weights": None,
    ...        "capacity": None, "limit": 3}
    >>> verify("fox\nalone\nhen", two).score
    1.0
    >>> verify("alone\nfox", two).reason
    'crossing 1 leaves fox and hen together'
    """
    limit = payload["limit"]
    loads = read_loads(answer, limit)
    if loads is None:
        return Verdict.unreadable("expected one line for each crossing: names of things, or alone")
    if len(loads) > limit:
        return Verdict.wrong(f"{len(loads)} crossings; at most {limit} are allowed", "limit")
    things, weights = set(payload["things"]), payload["weights"]
    here, there = set(things), set()
    for number, words in enumerate(loads, 1):
        load = [] if words == ["alone"] else words
        for thing in load:
            if thing not in things:
                return Verdict.wrong(f"crossing {number}: {thing} is not one of the things", "things")
            if thing not in here:
                return Verdict.wrong(f"crossing {number}: {thing} is not on the farmer's bank", "bank")
        if len(set(load)) < len(load):
            return Verdict.wrong(f"crossing {number} names a thing twice", "things")
        if len(load) > payload["places"]:
            return Verdict.wrong(f"crossing {number} has too many things in the boat", "places")
        if weights and sum(weights[thing] for thing in load) > payload["capacity"]:
            return Verdict.wrong(f"crossing {number} is too heavy", "weight")
        here -= set(load)
        there |= set(load)
        for first, second in payload["conflicts"]:
            if first in here and second in here:
                return Verdict.wrong(f"crossing {number} leaves {first} and {second} together", "conflict")
        here, there = there, here
    if len(loads) % 2 == 0 or there:
        return Verdict.wrong("in the end not everyone is on the right bank", "goal")
    return Verdict.correct()
