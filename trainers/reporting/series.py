"""Curves out of records: only finite numbers, smoothed, and thinned so that a long run stays a small file."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

MOST_POINTS = 240
"""Points of a drawn curve; a card is about 360 pixels wide."""


LARGEST = 1e100
"""Sums and ranges of larger numbers could overflow; no figure of a run is one."""


class Points(NamedTuple):
    """A curve."""

    xs: list[float]
    ys: list[float]


def number(value: object) -> float | None:
    """Return a finite number of at most ``LARGEST``, or None for all else."""
    if type(value) is float:
        return value if abs(value) <= LARGEST else None
    if type(value) is not int:  # a bool is no number here
        return None
    return float(value) if abs(value) <= LARGEST else None


def value_at(record: Mapping[str, Any], *path: str) -> float | None:
    """Return the number at a path of keys, or None."""
    found: Any = record
    for key in path:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return number(found)


def points(records: Iterable[Mapping[str, Any]], *path: str) -> Points:
    """Return (step, value) of the records that have a finite number there."""
    pairs = [(float(r["step"]), v) for r in records if (v := value_at(r, *path)) is not None]
    return Points([x for x, _ in pairs], [y for _, y in pairs])


def mean_points(records: Iterable[Mapping[str, Any]], *path: str) -> Points:
    """Return (step, mean) of the records that have figures by name there, such as one for each arm."""
    xs, ys = [], []
    for record in records:
        found: Any = record
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        values = [v for value in found.values() if (v := number(value)) is not None] if isinstance(found, dict) else []
        if values:
            xs.append(float(record["step"]))
            ys.append(sum(values) / len(values))
    return Points(xs, ys)


def not_finite(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how often each field of the records holds NaN, an infinity or what is too large."""
    found: dict[str, int] = {}
    for record in records:
        for name, value in record.items():
            for item in value.values() if isinstance(value, dict) else (value,):
                if type(item) in (int, float) and number(item) is None:
                    found[name] = found.get(name, 0) + 1
    return found


def keys_of(records: Iterable[Mapping[str, Any]], *path: str) -> list[str]:
    """Return the keys that the table at a path has in any record, in order of their arms."""
    seen: set[str] = set()
    for record in records:
        found: Any = record
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, dict):
            seen.update(found)
    return sorted(seen, key=arm_order)


def arm_order(arm: str) -> tuple[str, int, str]:
    """Return what arms are sorted by: task, then level as a number."""
    task, _, level = arm.rpartition("/")
    return (task, int(level), "") if task and level.isascii() and level.isdigit() else (arm, -1, "")


def task_of(arm: str) -> str:
    """Return the task of an arm."""
    return arm_order(arm)[0]


def smooth(values: Sequence[float], weight: float | None = None) -> list[float]:
    """Return the exponential moving average over both sides, so that a curve is not drawn later than it was.

    Without a weight it looks about a sixtieth of the curve to each side, two to five values where that is less.
    """
    if weight is None:
        weight = 1 - 1 / max(2.0, min(5.0, len(values) / 8), len(values) / 60)
    forth, back = _sums(values, weight), _sums(values[::-1], weight)[::-1]
    return [(a + b - v) / (m + n - 1) for (a, m), (b, n), v in zip(forth, back, values, strict=True)]


def _sums(values: Sequence[float], weight: float) -> list[tuple[float, float]]:
    """Return at each value the weighted sum of it and those before it, and the sum of their weights."""
    result, total, mass = [], 0.0, 0.0
    for value in values:
        total, mass = weight * total + value, weight * mass + 1
        result.append((total, mass))
    return result


def thin(curve: Points, most: int = MOST_POINTS) -> Points:
    """Return at most about ``most`` points: of each stretch the lowest and the highest, so that no spike is lost."""
    n = len(curve.xs)
    if n <= most:
        return curve
    stretches = max(1, most // 2)
    kept = [0]
    for i in range(stretches):
        part = range(i * n // stretches, (i + 1) * n // stretches)
        low, high = min(part, key=curve.ys.__getitem__), max(part, key=curve.ys.__getitem__)
        kept += sorted({low, high})
    kept = sorted({*kept, n - 1})
    return Points([curve.xs[i] for i in kept], [curve.ys[i] for i in kept])


def binned(curve: Points, first: float, last: float, bins: int) -> list[float]:
    """Return the mean of each of ``bins`` equal stretches of [first, last]; an empty one has the value before it."""
    sums, counts = [0.0] * bins, [0] * bins
    width = (last - first) / bins or 1.0
    for x, y in zip(*curve, strict=True):
        i = min(bins - 1, max(0, int((x - first) / width)))
        sums[i] += y
        counts[i] += 1
    result, latest = [], math.nan
    for total, count in zip(sums, counts, strict=True):
        latest = total / count if count else latest
        result.append(latest)
    return result
