"""The mean that stands for a whole evaluation: every task weighs the same, however many levels it has."""

from collections.abc import Mapping


def mean_over_tasks(values: Mapping[tuple[str, int], float]) -> float | None:
    """Return the mean over tasks of the mean over their levels, by (task, level); None for nothing.

    >>> mean_over_tasks({("maze", 0): 1.0, ("maze", 1): 0.0, ("sudoku", 0): 1.0})
    0.75
    """
    tasks: dict[str, list[float]] = {}
    for (task, _), value in values.items():
        tasks.setdefault(task, []).append(value)
    return sum(sum(v) / len(v) for v in tasks.values()) / len(tasks) if tasks else None
