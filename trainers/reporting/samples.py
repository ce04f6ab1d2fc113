"""The sample browser: a bounded choice of completions with their verdicts, spread over arms and verdicts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from gradarium.trainers.reporting.text import escape

MOST = 200
"""Samples in a page."""
CHARACTERS = 700_000
"""Characters of all samples together."""
LONGEST = {"question": 1_800, "completion": 2_500}
"""Characters of each text that are shown; others: 1,000."""

T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """One completion with its verdict."""

    arm: str
    status: str
    reason: str
    place: str
    """Where it is from, such as a step or an index."""
    texts: tuple[tuple[str, str], ...]
    """(title, text) of all there is to read."""


def spread(items: Sequence[T], arm: Callable[[T], str], status: Callable[[T], str], most: int = MOST) -> list[T]:
    """Return at most ``most`` items, in their order: from all arms about equally often, and in each from all verdicts.

    >>> spread(["a1", "a1", "a2", "a1", "b1"], lambda s: s[0], lambda s: s[1], 3)
    ['a1', 'a2', 'b1']
    """
    arms: dict[str, dict[str, list[int]]] = {}
    for i, item in enumerate(items):
        arms.setdefault(arm(item), {}).setdefault(status(item), []).append(i)
    queues = []
    for turn, found in enumerate(arms.values()):  # not all arms begin with the same verdict
        kinds = [found[kind] for kind in sorted(found)]
        first = turn % len(kinds)
        queues.append(list(_in_turn([*kinds[first:], *kinds[:first]])))
    if len(queues) > most:
        queues = [queues[i * len(queues) // most] for i in range(most)]
    return [items[i] for i in sorted(islice(_in_turn(queues), most))]


def _in_turn(rows: Sequence[Sequence[int]]) -> Iterator[int]:
    for turn in range(max(map(len, rows), default=0)):
        for row in rows:
            if turn < len(row):
                yield row[turn]


def browser(samples: Sequence[Sample], total: int) -> str:
    """Return the samples with filters; ``total`` is how many there were to choose from."""
    if not samples:
        return ""
    shown, left = [], CHARACTERS
    for sample in samples:
        text = _sample(sample)
        left -= len(text)
        if left < 0:
            break
        shown.append(text)
    arms = list(dict.fromkeys(sample.arm for sample in samples))
    statuses = sorted({sample.status for sample in samples})
    choices = _choice("arm", "all arms", sorted(arms)) + _choice("status", "all verdicts", statuses)
    search = '<input type="search" placeholder="search" aria-label="Search the samples">'
    some = f"{len(shown):,} of {total:,}, spread over arms and verdicts." if total > len(shown) else ""
    note = f'<p class="intro">{some}</p>' if some else ""
    return f'{note}<div><div class="filter" hidden>{choices}{search}<output></output></div>{"".join(shown)}</div>'


def _choice(name: str, every: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value, 120)}</option>" for value in values)
    return f'<select name="{name}" aria-label="{name}"><option value="">{every}</option>{options}</select>'


def _sample(sample: Sample) -> str:
    kind = sample.status if sample.status in ("correct", "wrong", "partial") else "other"
    parts = "".join(
        f"<h4>{escape(title)}</h4><pre>{escape(text, LONGEST.get(title, 1_000)) or '(nothing)'}</pre>"
        for title, text in sample.texts
    )
    arm, status = escape(sample.arm, 120), escape(sample.status, 120)
    head = f'<span class="verdict {kind}">{status}</span> {arm} <small>{escape(sample.place)}</small>'
    reason = f' <bdi class="reason">{escape(sample.reason, 400)}</bdi>' if sample.reason else ""
    return (
        f'<details class="sample" data-arm="{arm}" data-status="{status}"><summary>{head}{reason}</summary>'
        f"<div>{parts}</div></details>"
    )
