"""The meaning of every pipeline step, as plain functions; the verifier's own, shared with no generator.

A pipeline is a list of steps ``[name, *arguments]``; each works on the result of the one before. Values are integers,
lists of integers, strings and lists of strings. Conditional steps hold other steps:
``["map_if", test, then, otherwise]`` for each element and ``["when", test, then, otherwise]`` for the whole list.
"""

from collections.abc import Callable, Sequence
from typing import Any

Step = Sequence[Any]
VOWELS = "aeiouAEIOU"


def run(steps: Sequence[Step], value: Any) -> Any:
    """Return what the pipeline makes of ``value``; raises KeyError for a step that does not exist.

    >>> run([["keep_mod", 2, 0], ["mul", 3], ["reverse"]], [1, 2, 3, 4])
    [12, 6]
    """
    for name, *arguments in steps:
        value = STEPS[name](value, *arguments)
    return value


# Tests and maps of single elements, tests of whole lists.


def holds(test: Step, x: int) -> bool:
    """Return whether an element passes a test."""
    kind = test[0]
    if kind == "rest":
        return bool(x % test[1] == test[2])
    if kind == "above":
        return bool(x > test[1])
    if kind == "below":
        return bool(x < test[1])
    raise KeyError(kind)


def mapped(change: Step, x: int) -> int:
    """Return an element after a change."""
    kind = change[0]
    if kind == "plus":
        return int(x + change[1])
    if kind == "times":
        return int(x * change[1])
    if kind == "rest":
        return int(x % change[1])
    if kind == "over":
        return int(x // change[1])
    if kind == "minus_from":
        return int(change[1] - x)
    if kind == "if":
        return mapped(change[2] if holds(change[1], x) else change[3], x)
    raise KeyError(kind)


def list_holds(test: Step, values: list[int]) -> bool:
    """Return whether a whole list passes a test."""
    kind = test[0]
    if kind == "longer":
        return len(values) > int(test[1])
    if kind == "sum_above":
        return sum(values) > int(test[1])
    if kind == "sum_rest":
        return bool(sum(values) % test[1] == test[2])
    if kind == "has_below":
        return any(x < test[1] for x in values)
    raise KeyError(kind)


# Lists of integers to lists of integers.


def keep_mod(values: list[int], divisor: int, rest: int) -> list[int]:
    kept = []
    for x in values:
        if x % divisor == rest:
            kept.append(x)
    return kept


def clamp(values: list[int], low: int, high: int) -> list[int]:
    result = []
    for x in values:
        if x < low:
            result.append(low)
        elif x > high:
            result.append(high)
        else:
            result.append(x)
    return result


def take_last(values: list[int], count: int) -> list[int]:
    start = len(values) - count
    return values[start if start > 0 else 0 :]


def drop_last(values: list[int], count: int) -> list[int]:
    stop = len(values) - count
    return values[: stop if stop > 0 else 0]


def every(values: list[int], gap: int) -> list[int]:
    return [x for i, x in enumerate(values) if i % gap == 0]


def dedupe_first(values: list[Any]) -> list[Any]:
    seen = set()
    result = []
    for x in values:
        if x not in seen:
            seen.add(x)
            result.append(x)
    return result


def dedupe_last(values: list[int]) -> list[int]:
    return dedupe_first(values[::-1])[::-1]


def running_sum(values: list[int]) -> list[int]:
    total = 0
    result = []
    for x in values:
        total += x
        result.append(total)
    return result


def running_max(values: list[int]) -> list[int]:
    result: list[int] = []
    for x in values:
        result.append(x if not result or x > result[-1] else result[-1])
    return result


def differences(values: list[int]) -> list[int]:
    return [values[i] - values[i - 1] for i in range(1, len(values))]


def rotate(values: Any, count: int) -> Any:
    shift = count % len(values) if values else 0
    return values[shift:] + values[:shift]


def swap_pairs(values: list[int]) -> list[int]:
    result = list(values)
    for i in range(0, len(values) - 1, 2):
        result[i], result[i + 1] = values[i + 1], values[i]
    return result


def chunk_sums(values: list[int], size: int) -> list[int]:
    return [sum(values[i : i + size]) for i in range(0, len(values), size)]


def occurrences(values: list[int]) -> list[int]:
    count: dict[int, int] = {}
    for x in values:
        count[x] = count.get(x, 0) + 1
    return [count[x] for x in values]


def smaller(values: list[int]) -> list[int]:
    first: dict[int, int] = {}
    for i, x in enumerate(sorted(values)):
        first.setdefault(x, i)
    return [first[x] for x in values]


def run_lengths(values: list[int]) -> list[int]:
    result: list[int] = []
    for i, x in enumerate(values):
        if i and values[i - 1] == x:
            result[-1] += 1
        else:
            result.append(1)
    return result


def drop_max(values: list[int]) -> list[int]:
    if not values:
        return []
    top = max(values)
    return [x for x in values if x != top]


def peaks(values: list[int]) -> list[int]:
    result = []
    for i, x in enumerate(values):
        if i > 0 and values[i - 1] >= x:
            continue
        if i + 1 < len(values) and values[i + 1] >= x:
            continue
        result.append(x)
    return result


def swing(values: list[int], start: int, limit: int) -> list[int]:
    t = start
    result = []
    for x in values:
        t += -x if t > limit else x
        result.append(t)
    return result


def digit_sum(x: int) -> int:
    x = abs(x)
    total = 0
    while x:
        total += x % 10
        x //= 10
    return total


def when(values: list[int], test: Step, then: Step, otherwise: Step) -> list[int]:
    chosen = then if list_holds(test, values) else otherwise
    result: list[int] = run([chosen], values)
    return result


# Lists of integers to one integer.


def product_mod(values: list[int], modulus: int) -> int:
    result = 1
    for x in values:
        result = result * x % modulus
    return result % modulus


def alternating(values: list[int]) -> int:
    return sum(values[0::2]) - sum(values[1::2])


def nth(values: list[int], index: int, default: int) -> int:
    return values[index] if index < len(values) else default


def where_max(values: list[int]) -> int:
    return values.index(max(values)) if values else -1


def neighbour_products(values: list[int]) -> int:
    total = 0
    for i in range(len(values) - 1):
        total += values[i] * values[i + 1]
    return total


# Text and words.


def shift(text: str, count: int) -> str:
    result = ""
    for char in text:
        result += chr((ord(char) - ord("a") + count) % 26 + ord("a")) if "a" <= char <= "z" else char
    return result


def words(text: str) -> list[str]:
    found: list[str] = []
    fresh = True
    for char in text:
        if char == " ":
            fresh = True
        elif fresh:
            found.append(char)
            fresh = False
        else:
            found[-1] += char
    return found


def collapse(text: str) -> str:
    result = ""
    for char in text:
        if not result or result[-1] != char:
            result += char
    return result


STEPS: dict[str, Callable[..., Any]] = {
    "reverse": lambda v: v[::-1],
    "add": lambda v, c: [x + c for x in v],
    "mul": lambda v, c: [x * c for x in v],
    "take": lambda v, n: v[:n],
    "drop": lambda v, n: v[n:],
    "sort_up": lambda v: sorted(v),
    "sort_down": lambda v: sorted(v)[::-1],
    "negate": lambda v: [0 - x for x in v],
    "keep_mod": keep_mod,
    "keep_above": lambda v, c: [x for x in v if x > c],
    "keep_below": lambda v, c: [x for x in v if x < c],
    "modulo": lambda v, m: [x - m * (x // m) for x in v],
    "floordiv": lambda v, d: [(x - x % d) // d for x in v],
    "square": lambda v: [x * x for x in v],
    "absolute": lambda v: [-x if x < 0 else x for x in v],
    "clamp": clamp,
    "take_last": take_last,
    "drop_last": drop_last,
    "every": every,
    "dedupe_first": dedupe_first,
    "dedupe_last": dedupe_last,
    "running_sum": running_sum,
    "running_max": running_max,
    "differences": differences,
    "append_sum": lambda v: [*v, sum(v)],
    "times_index": lambda v: [i * x for i, x in enumerate(v)],
    "plus_index": lambda v: [i + x for i, x in enumerate(v)],
    "rotate": rotate,
    "swap_pairs": swap_pairs,
    "chunk_sums": chunk_sums,
    "sort_abs": lambda v: sorted(v, key=abs),
    "sort_mod": lambda v, m: sorted(v, key=lambda x: x % m),
    "sort_digits": lambda v: sorted(v, key=digit_sum),
    "occurrences": occurrences,
    "smaller": smaller,
    "run_lengths": run_lengths,
    "drop_max": drop_max,
    "peaks": peaks,
    "swing": swing,
    "map_if": lambda v, test, then, otherwise: [mapped(["if", test, then, otherwise], x) for x in v],
    "when": when,
    "sum": lambda v: sum(v),
    "length": lambda v: len(v),
    "distinct": lambda v: len(set(v)),
    "maximum": lambda v, d: max(v) if v else d,
    "minimum": lambda v, d: min(v) if v else d,
    "nth": nth,
    "span": lambda v: max(v) - min(v) if v else 0,
    "product_mod": product_mod,
    "alternating": alternating,
    "where_max": where_max,
    "neighbour_products": neighbour_products,
    "write": lambda v, mark: mark.join(str(x) for x in v),
    "text_reverse": lambda v: v[::-1],
    "upper": lambda v: v.upper(),
    "swap_case": lambda v: v.swapcase(),
    "drop_vowels": lambda v: "".join(c for c in v if c not in VOWELS),
    "letters": lambda v: "".join(c for c in v if "a" <= c <= "z" or "A" <= c <= "Z"),
    "text_take": lambda v, n: v[:n],
    "text_drop": lambda v, n: v[n:],
    "text_rotate": rotate,
    "double": lambda v: "".join(c + c for c in v),
    "text_dedupe": lambda v: "".join(dedupe_first(list(v))),
    "collapse": collapse,
    "replace": lambda v, old, new: "".join(new if c == old else c for c in v),
    "shift": shift,
    "words": words,
    "codes": lambda v: [ord(c) for c in v],
    "digits": lambda v: [ord(c) - ord("0") for c in v if "0" <= c <= "9"],
    "words_reverse": lambda v: v[::-1],
    "words_sort": lambda v: sorted(v),
    "words_sort_length": lambda v: sorted(v, key=len),
    "each_reverse": lambda v: [w[::-1] for w in v],
    "longer": lambda v, n: [w for w in v if len(w) > n],
    "words_dedupe": dedupe_first,
    "join": lambda v, mark: mark.join(v),
    "initials": lambda v: "".join(w[0] for w in v),
    "lengths": lambda v: [len(w) for w in v],
}
"""Name of a step -> what it does to a value."""
