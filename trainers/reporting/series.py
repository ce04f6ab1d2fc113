"""Curves out of records: only finite numbers, smoothed, and thinned so that a long run stays a small file."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

MOST_POINTS = 240
"""Points of a drawn curve; a card is about 360 pixels wide."""


class Points(NamedTuple):
    """A curve."""

    xs: list[float]
    ys: list[float]


def number(value: object) -> float | None:
    """Return a finite number, or None for all else."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if type(value) is not int:  # a bool is no number here
        return None
    try:
        return float(value)
    except OverflowError:
        return None


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
    """Return how often each field of the records holds NaN or an infinity."""
    found: dict[str, int] = {}
    for record in records:
        for name, value in record.items():
            for item in value.values() if isinstance(value, dict) else (value,):
                if isinstance(item, float) and not math.isfinite(item):
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
    """Return the exponential moving average, corrected for its start.

    Without a weight it looks back over about a thirtieth of the curve, ten values at least.
    """
    if weight is None:
        weight = 1 - 1 / max(10.0, len(values) / 30)
    result, total, mass = [], 0.0, 0.0
    for value in values:
        total, mass = weight * total + value, weight * mass + 1
        result.append(total / mass)
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
