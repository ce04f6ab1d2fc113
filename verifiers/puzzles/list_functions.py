"""Functions of a list and a number, by example: find the conditions and actions and work out one more value.

The function treats the items one after another: the first of its conditions that holds decides which action follows.
The generator proved that all functions of this form that fit the examples have the same value. Correct is that one
list.

Example: payload ``{"test": [[4, 7, 2], 3], "conditions": ["even"], "actions": ["add k", "keep"], ...}``, answer
``7 7 5``.
"""

from collections.abc import Callable, Sequence

from gradarium.core import Payload, Verdict
from gradarium.verifiers.reading import read_ints

CONDITIONS: dict[str, Callable[[Sequence[int], int, int], bool]] = {
    "even": lambda items, i, k: items[i] % 2 == 0,
    "above k": lambda items, i, k: items[i] > k,
    "even place": lambda items, i, k: i % 2 == 1,
    "rising": lambda items, i, k: i > 0 and items[i] > items[i - 1],
    "third": lambda items, i, k: items[i] % 3 == 0,
    "seen": lambda items, i, k: items[i] in items[:i],
    "largest": lambda items, i, k: items[i] == max(items),
    "early": lambda items, i, k: i < k,
    "low": lambda items, i, k: items[i] < 6,
    "sum even": lambda items, i, k: (items[i] + i + 1) % 2 == 0,
}
"""Name -> whether it holds for item ``i`` of a list, counted from 0."""

ACTIONS: dict[str, Callable[[Sequence[int], int, int], tuple[int, ...]]] = {
    "add k": lambda items, i, k: (items[i] + k,),
    "subtract k": lambda items, i, k: (items[i] - k,),
    "double": lambda items, i, k: (2 * items[i],),
    "from k": lambda items, i, k: (k - items[i],),
    "keep": lambda items, i, k: (items[i],),
    "drop": lambda items, i, k: (),
    "write k": lambda items, i, k: (k,),
    "twice": lambda items, i, k: (items[i], items[i]),
    "add place": lambda items, i, k: (items[i] + i + 1,),
    "times k": lambda items, i, k: (items[i] * k,),
    "then k": lambda items, i, k: (items[i], k),
    "write place": lambda items, i, k: (i + 1,),
}
"""Name -> what stands in the result for item ``i``."""


def value(items: Sequence[int], k: int, conditions: Sequence[str], actions: Sequence[str]) -> list[int]:
    """Return the value of a function; the last action is for items of which no condition holds.

    >>> value([4, 7, 2], 3, ["even"], ["add k", "keep"])
    [7, 7, 5]
    """
    result: list[int] = []
    for i in range(len(items)):
        held = [name for name, condition in enumerate(conditions) if CONDITIONS[condition](items, i, k)]
        result += ACTIONS[actions[held[0] if held else -1]](items, i, k)
    return result


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of numbers.

    >>> verify("7 7 5", {"test": [[4, 7, 2], 3], "conditions": ["even"], "actions": ["add k", "keep"]}).score
    1.0
    """
    items = read_ints(answer, most=1000)
    if items is None or not answer.strip():
        return Verdict.unreadable("expected whole numbers separated by spaces")
    numbers, k = payload["test"]
    right = value(numbers, k, payload["conditions"], payload["actions"])
    if len(items) != len(right):
        return Verdict.wrong("the list has another length", "length")
    if items != right:
        return Verdict.wrong("the list has other numbers or another order", "numbers")
    return Verdict.correct()
