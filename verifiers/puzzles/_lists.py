"""Steps that change a list of whole numbers; every step is defined on every list, the empty one too."""

from collections.abc import Callable
from itertools import accumulate, pairwise

Numbers = tuple[int, ...]


def _swap(items: Numbers) -> Numbers:
    swapped = list(items)
    for i in range(0, len(items) - 1, 2):
        swapped[i], swapped[i + 1] = items[i + 1], items[i]
    return tuple(swapped)


STEPS: dict[str, Callable[[Numbers], Numbers]] = {
    "reverse": lambda items: items[::-1],
    "ascending": lambda items: tuple(sorted(items)),
    "add 1": lambda items: tuple(x + 1 for x in items),
    "drop first": lambda items: items[1:],
    "drop last": lambda items: items[:-1],
    "double": lambda items: tuple(2 * x for x in items),
    "first to end": lambda items: items[1:] + items[:1],
    "last to front": lambda items: items[-1:] + items[:-1],
    "descending": lambda items: tuple(sorted(items, reverse=True)),
    "swap pairs": _swap,
    "repeat": lambda items: tuple(x for x in items for _ in "xx"),
    "distinct": lambda items: tuple(dict.fromkeys(items)),
    "every second": lambda items: items[::2],
    "running sums": lambda items: tuple(accumulate(items)),
    "differences": lambda items: tuple(b - a for a, b in pairwise(items)),
    "append sum": lambda items: (*items, sum(items)),
    "drop evens": lambda items: tuple(x for x in items if x % 2),
    "drop odds": lambda items: tuple(x for x in items if x % 2 == 0),
    "prepend length": lambda items: (len(items), *items),
    "drop largest": lambda items: tuple(x for x in items if x != max(items)),
    "drop smallest": lambda items: tuple(x for x in items if x != min(items)),
    "subtract smallest": lambda items: tuple(x - min(items) for x in items),
    "from largest": lambda items: tuple(max(items) - x for x in items),
    "counts": lambda items: tuple(map(items.count, items)),
    "add position": lambda items: tuple(x + i for i, x in enumerate(items, 1)),
    "running maximum": lambda items: tuple(accumulate(items, max)),
    "mirror": lambda items: items + items[::-1],
    "evens first": lambda items: tuple(sorted(items, key=lambda x: x % 2)),
    "triple": lambda items: tuple(3 * x for x in items),
    "last digit": lambda items: tuple(abs(x) % 10 for x in items),
    "neighbour sums": lambda items: tuple(a + b for a, b in pairwise(items)),
    "ranks": lambda items: tuple(sorted(set(items)).index(x) + 1 for x in items),
}
"""Name of a step -> what it does."""
