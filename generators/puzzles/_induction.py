"""Hidden chains of steps: prove that examples leave no doubt about what such a chain does to another input."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Value = TypeVar("Value")


def determined(
    steps: Mapping[str, Callable[[Value], Value]],
    depth: int,
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    test: Value,
) -> int:
    """Return how many steps were tried to prove that the examples determine the result for ``test``; 0 if not.

    Every chain of one to ``depth`` steps is tried, chains with equal results on the examples and the test together. The
    proof holds if some chain of ``depth`` steps fits the examples, no shorter one does, and all that fit agree.
    """
    memory: list[tuple[Callable[[Value], Value], dict[Value, Value]]] = [(step, {}) for step in steps.values()]
    first, *others = zip(inputs, outputs, strict=True)
    results: set[Value] = set()
    tried = 0
    known: set[tuple[Value, ...]] = {(*inputs, test)}
    layer = [(*inputs, test)]
    goal = tuple(outputs)
    for length in range(1, depth + 1):
        following = []
        for state in layer:
            for step, memo in memory:
                tried += 1
                value = memo.get(state[0])
                if value is None:
                    value = memo[state[0]] = step(state[0])
                if length < depth:
                    after = (value, *map(step, state[1:]))
                    if after[:-1] == goal:
                        return 0
                    if after not in known:
                        known.add(after)
                        following.append(after)
                elif value == first[1] and all(
                    step(x) == y for x, (_, y) in zip(state[1:-1], others, strict=True)
                ):  # what does not fit the first example is not looked at further
                    results.add(step(state[-1]))
                    if len(results) > 1:
                        return 0
        layer = following
    return tried if results else 0
