"""The steps a pipeline is made of: the English sentence, the Python source and the function, one row each.

Nothing here is shared with the verifier, which has its own meaning of every step; tests hold the three against each
other. Source text is only ever printed; what the generator computes it computes with ``work``.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple

Step = list[Any]

INTS, INT, TEXT, WORDS = "ints", "int", "text", "words"
KINDS = {INTS: "a list of integers", INT: "an integer", TEXT: "a string", WORDS: "a list of strings"}
REST = "the remainder is never negative, as in Python: -1 divided by 3 leaves 2"


class Seen(NamedTuple):
    """Thresholds that the values before a step can show to be exact: some value is c and some is c + 1."""

    elements: list[int]
    sums: list[int]
    lengths: list[int]
    least: list[int]

    @classmethod
    def of(cls, values: list[Any]) -> "Seen":
        """Look at the values of all inputs; ``[0]`` where none will do."""
        lists = [v for v in values if isinstance(v, list) and v and isinstance(v[0], int)]

        def exact(numbers: Iterable[int]) -> list[int]:
            seen = set(numbers)
            return sorted((c for c in seen if c + 1 in seen), key=lambda c: (abs(c), c))[:32] or [0]

        return cls(
            exact(x for v in lists for x in v), exact(map(sum, lists)), exact(map(len, lists)), exact(map(min, lists))
        )


Draw = Callable[[random.Random, Seen], list[Any]]


class Op(NamedTuple):
    """One kind of step."""

    takes: str
    gives: str
    tier: int
    """0 for one plain idea, 3 for a step that has to be thought through."""
    english: str
    """Sentence; ``{0}`` is the first argument."""
    source: str
    """Python expression of ``v``, or statements that change ``v`` if there are several lines."""
    work: Callable[..., Any]
    draw: Draw = lambda rng, seen: []
    weight: int = 1
    """How often the step is drawn; more for steps with many arguments, so that no single program is common."""


def pick(*choices: tuple[int, int]) -> Draw:
    """Return a draw of one integer from each range, ends included."""
    return lambda rng, seen: [rng.randint(low, high) for low, high in choices]


def _nonzero(rng: random.Random, most: int) -> int:
    return rng.choice([-1, 1]) * rng.randint(1, most)


def _factor(rng: random.Random, seen: Seen) -> list[Any]:
    return [rng.choice([*range(-9, -1), *range(2, 31)])]


def _class(rng: random.Random, seen: Seen) -> list[Any]:
    divisor = rng.choice([2, 2, 3, 3, 4, 5])
    return [divisor, rng.randrange(divisor)]


def _threshold(rng: random.Random, seen: Seen) -> list[Any]:
    return [rng.choice(seen.elements)]


def _bounds(rng: random.Random, seen: Seen) -> list[Any]:
    return sorted(rng.choices(seen.elements, k=2))


# Conditionals: tests and changes of one element x, tests of the whole list v.


def element_test(test: Step) -> tuple[str, str, Callable[[int], bool]]:
    """Return English, source and function of a test of one element."""
    name, *args = test
    if name == "rest":
        m, r = args
        english = ("x is even", "x is odd")[r] if m == 2 and r in (0, 1) else f"x divided by {m} leaves {r}"
        return english, f"x % {m} == {r}", lambda x: divmod(x, m)[1] == r
    c = args[0]
    if name == "above":
        return f"x is greater than {c}", f"x > {c}", lambda x: c < x
    return f"x is less than {c}", f"x < {c}", lambda x: c > x


def element_change(change: Step) -> tuple[str, str, Callable[[int], int]]:
    """Return English, source and function of a change of one element."""
    name, *args = change
    if name == "if":
        asked, test, holds = element_test(args[0])
        one, yes, then = element_change(args[1])
        two, no, otherwise = element_change(args[2])
        return (
            f"(if {asked}, then {one}, otherwise {two})",
            f"({yes} if {test} else {no})",
            lambda x: then(x) if holds(x) else otherwise(x),
        )
    c = args[0]
    if name == "plus":
        return f"x plus {c}", f"x + {c}", lambda x: sum((x, c))
    if name == "times":
        return f"x times {c}", f"x * {c}", lambda x: c * x
    if name == "rest":
        return f"the remainder of x on division by {c}", f"x % {c}", lambda x: divmod(x, c)[1]
    if name == "over":
        return f"x divided by {c}, rounded down", f"x // {c}", lambda x: divmod(x, c)[0]
    return f"{c} minus x", f"{c} - x", lambda x: -x + c


def list_test(test: Step) -> tuple[str, str, Callable[[list[int]], bool]]:
    """Return English, source and function of a test of the whole list."""
    name, *args = test
    c = args[0]
    if name == "longer":
        return f"the list has more than {c} elements", f"len(v) > {c}", lambda v: not len(v) <= c
    if name == "sum_above":
        return f"the sum of the list (0 if empty) is greater than {c}", f"sum(v) > {c}", lambda v: not sum(v) <= c
    if name == "sum_rest":
        r = args[1]
        text = f"the sum of the list (0 if empty) divided by {c} leaves {r} ({REST})"
        return text, f"sum(v) % {c} == {r}", lambda v: divmod(sum(v), c)[1] == r
    return f"some element is less than {c}", f"any(x < {c} for x in v)", lambda v: min(v, default=c) < c


def draw_test(rng: random.Random, seen: Seen) -> Step:
    """Draw a test of one element."""
    name = rng.choice(["rest", "rest", "above", "below"])
    if name == "rest":
        return [name, *_class(rng, seen)]
    return [name, rng.choice(seen.elements) + (name == "below")]


def draw_change(rng: random.Random, seen: Seen, depth: int = 0) -> Step:
    """Draw a change of one element; ``depth`` conditionals lie inside each other."""
    if depth:
        return ["if", draw_test(rng, seen), draw_change(rng, seen, depth - 1), draw_change(rng, seen)]
    name = rng.choice(["plus", "times", "rest", "over", "minus_from"])
    if name == "plus":
        return [name, _nonzero(rng, 12)]
    return [name, rng.randint(-9, 20) if name == "minus_from" else rng.randint(2, 6)]


def draw_list_test(rng: random.Random, seen: Seen) -> Step:
    """Draw a test of the whole list."""
    name = rng.choice(["longer", "sum_above", "sum_rest", "has_below"])
    if name == "sum_rest":
        return [name, *_class(rng, seen)]
    if name == "has_below":
        return [name, rng.choice(seen.least) + 1]
    return [name, rng.choice(seen.lengths if name == "longer" else seen.sums)]


def _map_if(rng: random.Random, seen: Seen, depth: int) -> list[Any]:
    return draw_change(rng, seen, 1 + depth)[1:]


def _when(rng: random.Random, seen: Seen, depth: int) -> list[Any]:
    names = [name for name, op in OPS.items() if op.takes == op.gives == INTS and op.tier <= 2 and name != "map_if"]
    steps = []
    for level in (depth, 0):
        name = rng.choices(names, [OPS[n].weight for n in names])[0]
        steps.append(["when", *_when(rng, seen, level - 1)] if level else [name, *OPS[name].draw(rng, seen)])
    return [draw_list_test(rng, seen), *steps]


def _apply_map(v: list[int], *conditional: Any) -> list[int]:
    change = element_change(["if", *conditional])[2]
    return [change(x) for x in v]


def _apply_when(v: list[int], test: Step, then: Step, otherwise: Step) -> list[int]:
    result: list[int] = apply(then if list_test(test)[2](v) else otherwise, v)
    return result


# Work that is more than one expression.


def _rotate(v: Any, n: int) -> Any:
    cut = n % max(len(v), 1)
    return v[cut:] + v[:cut]


def _swap(v: list[int]) -> list[int]:
    return [v[j] if j < len(v) else v[i] for i, j in ((i, i ^ 1) for i in range(len(v)))]


def _peaks(v: list[int]) -> list[int]:
    walls = [None, *v, None]
    return [
        x
        for left, x, right in zip(walls, v, walls[2:], strict=False)
        if (left is None or left < x) and (right is None or right < x)
    ]


def _swing(v: list[int], start: int, limit: int) -> list[int]:
    return list(accumulate(v, lambda t, x: t - x if t > limit else t + x, initial=start))[1:]


def _product(v: list[int], modulus: int) -> int:
    total = 1
    for x in v:
        total *= x % modulus
    return total % modulus


def _shift(v: str, n: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return v.translate(str.maketrans(letters, letters[n % 26 :] + letters[: n % 26]))


_SWAP = """v = list(v)
for i in range(0, len(v) - 1, 2):
    v[i], v[i + 1] = v[i + 1], v[i]"""
_PEAKS = """n = len(v)
v = [v[i] for i in range(n) if (i == 0 or v[i - 1] < v[i]) and (i == n - 1 or v[i + 1] < v[i])]"""
_SWING = """t, out = {0}, []
for x in v:
    t = t - x if t > {1} else t + x
    out.append(t)
v = out"""
_RUNS = """out = []
for i, x in enumerate(v):
    if i and v[i - 1] == x:
        out[-1] += 1
    else:
        out.append(1)
v = out"""
_PRODUCT = """p = 1
for x in v:
    p = p * x % {0}
v = p % {0}"""
_SHIFT = "''.join(chr((ord(c) - 97 + {0}) % 26 + 97) if 'a' <= c <= 'z' else c for c in v)"

OPS: dict[str, Op] = {
    # lists of integers
    "reverse": Op(INTS, INTS, 0, "Reverse the list.", "v[::-1]", lambda v: list(reversed(v))),
    "sort_up": Op(INTS, INTS, 0, "Sort the list, smallest first.", "sorted(v)", lambda v: sorted(v)),
    "sort_down": Op(
        INTS, INTS, 0, "Sort the list, largest first.", "sorted(v, reverse=True)", lambda v: sorted(v, reverse=True)
    ),
    "negate": Op(INTS, INTS, 0, "Negate every element.", "[-x for x in v]", lambda v: [x * -1 for x in v]),
    "add": Op(
        INTS,
        INTS,
        0,
        "Add {0} to every element.",
        "[x + {0} for x in v]",
        lambda v, c: [c + x for x in v],
        lambda rng, seen: [_nonzero(rng, 50)],
        8,
    ),
    "mul": Op(
        INTS,
        INTS,
        0,
        "Multiply every element by {0}.",
        "[x * {0} for x in v]",
        lambda v, c: [c * x for x in v],
        _factor,
        8,
    ),
    "take": Op(
        INTS,
        INTS,
        0,
        "Keep only the first {0} elements (all of them if there are fewer).",
        "v[:{0}]",
        lambda v, n: [x for i, x in enumerate(v) if i < n],
        pick((2, 9)),
        6,
    ),
    "drop": Op(
        INTS,
        INTS,
        0,
        "Remove the first {0} elements (all of them if there are fewer).",
        "v[{0}:]",
        lambda v, n: [x for i, x in enumerate(v) if i >= n],
        pick((1, 4)),
        6,
    ),
    "keep_above": Op(
        INTS,
        INTS,
        0,
        "Keep only the elements greater than {0}.",
        "[x for x in v if x > {0}]",
        lambda v, c: [x for x in v if c < x],
        _threshold,
        8,
    ),
    "keep_below": Op(
        INTS,
        INTS,
        0,
        "Keep only the elements less than {0}.",
        "[x for x in v if x < {0}]",
        lambda v, c: [x for x in v if c > x],
        lambda rng, seen: [rng.choice(seen.elements) + 1],
        8,
    ),
    "keep_mod": Op(
        INTS,
        INTS,
        1,
        f"Keep only the elements that leave {{1}} when divided by {{0}} ({REST}).",
        "[x for x in v if x % {0} == {1}]",
        lambda v, m, r: [x for x in v if divmod(x, m)[1] == r],
        _class,
        8,
    ),
    "modulo": Op(
        INTS,
        INTS,
        1,
        f"Replace every element by its remainder on division by {{0}} ({REST}).",
        "[x % {0} for x in v]",
        lambda v, m: [divmod(x, m)[1] for x in v],
        pick((2, 12)),
        6,
    ),
    "floordiv": Op(
        INTS,
        INTS,
        1,
        "Divide every element by {0} and round down (towards minus infinity: -1 divided by 2 gives -1).",
        "[x // {0} for x in v]",
        lambda v, d: [divmod(x, d)[0] for x in v],
        pick((2, 6)),
        6,
    ),
    "square": Op(INTS, INTS, 1, "Square every element.", "[x * x for x in v]", lambda v: [pow(x, 2) for x in v]),
    "absolute": Op(
        INTS,
        INTS,
        1,
        "Replace every element by its absolute value.",
        "[abs(x) for x in v]",
        lambda v: list(map(abs, v)),
    ),
    "clamp": Op(
        INTS,
        INTS,
        1,
        "Replace every element less than {0} by {0} and every element greater than {1} by {1}.",
        "[min(max(x, {0}), {1}) for x in v]",
        lambda v, low, high: [sorted((low, x, high))[1] if low <= high else min(max(x, low), high) for x in v],
        _bounds,
        6,
    ),
    "take_last": Op(
        INTS,
        INTS,
        1,
        "Keep only the last {0} elements (all of them if there are fewer).",
        "v[max(len(v) - {0}, 0):]",
        lambda v, n: [x for i, x in enumerate(v, 1) if i > len(v) - n],
        pick((2, 8)),
        4,
    ),
    "drop_last": Op(
        INTS,
        INTS,
        1,
        "Remove the last {0} elements (all of them if there are fewer).",
        "v[:max(len(v) - {0}, 0)]",
        lambda v, n: [x for i, x in enumerate(v, 1) if i <= len(v) - n],
        pick((1, 4)),
        4,
    ),
    "every": Op(
        INTS,
        INTS,
        1,
        "Keep only the elements at index 0, {0}, 2*{0}, 3*{0} and so on (the first element has index 0).",
        "v[::{0}]",
        lambda v, k: [v[i] for i in range(0, len(v), k)],
        pick((2, 4)),
        2,
    ),
    "dedupe_first": Op(
        INTS,
        INTS,
        1,
        "Of equal elements keep only the first; the order stays.",
        "list(dict.fromkeys(v))",
        lambda v: [x for i, x in enumerate(v) if x not in v[:i]],
    ),
    "dedupe_last": Op(
        INTS,
        INTS,
        2,
        "Of equal elements keep only the last; the order stays.",
        "[x for i, x in enumerate(v) if x not in v[i + 1:]]",
        lambda v: [x for i, x in enumerate(v) if v[i:].count(x) == 1],
    ),
    "running_sum": Op(
        INTS,
        INTS,
        1,
        "Replace every element by the sum of all elements up to and including it.",
        "[sum(v[:i + 1]) for i in range(len(v))]",
        lambda v: list(accumulate(v)),
    ),
    "running_max": Op(
        INTS,
        INTS,
        2,
        "Replace every element by the largest of all elements up to and including it.",
        "[max(v[:i + 1]) for i in range(len(v))]",
        lambda v: list(accumulate(v, max)),
    ),
    "differences": Op(
        INTS,
        INTS,
        1,
        "Replace the list by its differences, each element minus the one before it "
        "(one element fewer; a list of less than two elements becomes empty).",
        "[v[i + 1] - v[i] for i in range(len(v) - 1)]",
        lambda v: [b - a for a, b in pairwise(v)],
    ),
    "append_sum": Op(
        INTS,
        INTS,
        1,
        "Append the sum of the list as a new last element (0 if the list is empty).",
        "v + [sum(v)]",
        lambda v: [*v, sum(v)],
    ),
    "times_index": Op(
        INTS,
        INTS,
        2,
        "Multiply every element by its index (the first element has index 0).",
        "[i * x for i, x in enumerate(v)]",
        lambda v: [v[i] * i for i in range(len(v))],
    ),
    "plus_index": Op(
        INTS,
        INTS,
        1,
        "Add to every element its index (the first element has index 0).",
        "[i + x for i, x in enumerate(v)]",
        lambda v: [v[i] + i for i in range(len(v))],
    ),
    "rotate": Op(
        INTS,
        INTS,
        2,
        "Do this {0} times: move the first element to the end (an empty list stays empty).",
        "v[{0} % len(v):] + v[:{0} % len(v)] if v else v",
        _rotate,
        pick((1, 9)),
        4,
    ),
    "swap_pairs": Op(
        INTS,
        INTS,
        2,
        "Swap the elements at index 0 and 1, at index 2 and 3, and so on; "
        "where the length is odd the last element stays in its place.",
        _SWAP,
        _swap,
    ),
    "chunk_sums": Op(
        INTS,
        INTS,
        2,
        "Cut the list from the left into pieces of {0} elements (the last piece may be shorter) "
        "and replace each piece by its sum.",
        "[sum(v[i:i + {0}]) for i in range(0, len(v), {0})]",
        lambda v, n: [sum(x for j, x in enumerate(v) if j // n == i) for i in range(-(-len(v) // n))],
        pick((2, 4)),
        3,
    ),
    "sort_abs": Op(
        INTS,
        INTS,
        2,
        "Sort the list by absolute value, smallest first; elements of equal absolute value keep their order.",
        "sorted(v, key=abs)",
        lambda v: [x for _, _, x in sorted((abs(x), i, x) for i, x in enumerate(v))],
    ),
    "sort_mod": Op(
        INTS,
        INTS,
        2,
        f"Sort the list by the remainder on division by {{0}}, smallest remainder first ({REST}); "
        "elements of equal remainder keep their order.",
        "sorted(v, key=lambda x: x % {0})",
        lambda v, m: [x for _, _, x in sorted((divmod(x, m)[1], i, x) for i, x in enumerate(v))],
        pick((3, 9)),
        4,
    ),
    "sort_digits": Op(
        INTS,
        INTS,
        3,
        "Sort the list by the sum of the decimal digits (the sign is left out), smallest first; "
        "elements of equal digit sum keep their order.",
        "sorted(v, key=lambda x: sum(int(c) for c in str(abs(x))))",
        lambda v: [x for _, _, x in sorted((sum(map(int, str(abs(x)))), i, x) for i, x in enumerate(v))],
        weight=2,
    ),
    "occurrences": Op(
        INTS,
        INTS,
        2,
        "Replace every element by the number of times it occurs in the list.",
        "[v.count(x) for x in v]",
        lambda v: [sum(y == x for y in v) for x in v],
    ),
    "smaller": Op(
        INTS,
        INTS,
        3,
        "Replace every element by the number of elements of the list that are less than it.",
        "[sum(y < x for y in v) for x in v]",
        lambda v: [sorted(v).index(x) for x in v],
        weight=2,
    ),
    "run_lengths": Op(
        INTS,
        INTS,
        3,
        "Replace every longest run of equal neighbours by the number of elements in the run.",
        _RUNS,
        lambda v: [len(list(group)) for _, group in groupby(v)],
        weight=2,
    ),
    "drop_max": Op(
        INTS,
        INTS,
        2,
        "Remove every element that is equal to the largest element (an empty list stays empty).",
        "[x for x in v if x != max(v)]",
        lambda v: [x for x in v if any(y > x for y in v)],
    ),
    "peaks": Op(
        INTS,
        INTS,
        3,
        "Keep only the elements that are greater than each of their neighbours "
        "(the first and last element have one neighbour; a lone element has none and stays).",
        _PEAKS,
        _peaks,
        weight=2,
    ),
    "swing": Op(
        INTS,
        INTS,
        3,
        "Begin with t = {0}. For every element x in order: if t is greater than {1}, subtract x from t, "
        "otherwise add x to t; then replace the element by t.",
        _SWING,
        _swing,
        pick((-5, 9), (0, 20)),
        4,
    ),
    "map_if": Op(INTS, INTS, 2, "", "", _apply_map, lambda rng, seen: _map_if(rng, seen, 0), 8),
    "when": Op(INTS, INTS, 3, "", "", _apply_when, lambda rng, seen: _when(rng, seen, 0), 8),
    # lists of integers to something else
    "sum": Op(INTS, INT, 0, "Return the sum of the list (0 if empty).", "sum(v)", lambda v: sum(v)),
    "length": Op(INTS, INT, 0, "Return the number of elements.", "len(v)", lambda v: len(v)),
    "distinct": Op(INTS, INT, 1, "Return the number of different elements.", "len(set(v))", lambda v: len(set(v))),
    "maximum": Op(
        INTS,
        INT,
        1,
        "Return the largest element ({0} if the list is empty).",
        "max(v) if v else {0}",
        lambda v, d: sorted(v)[-1] if v else d,
        pick((-1, 0)),
        2,
    ),
    "minimum": Op(
        INTS,
        INT,
        1,
        "Return the smallest element ({0} if the list is empty).",
        "min(v) if v else {0}",
        lambda v, d: sorted(v)[0] if v else d,
        pick((-1, 0)),
        2,
    ),
    "nth": Op(
        INTS,
        INT,
        1,
        "Return the element at index {0} (the first element has index 0), or {1} if there is none.",
        "v[{0}] if len(v) > {0} else {1}",
        lambda v, n, d: dict(enumerate(v)).get(n, d),
        pick((1, 4), (-1, 1)),
        3,
    ),
    "span": Op(
        INTS,
        INT,
        2,
        "Return the largest element minus the smallest (0 if the list is empty).",
        "max(v) - min(v) if v else 0",
        lambda v: sorted(v)[-1] - sorted(v)[0] if v else 0,
    ),
    "product_mod": Op(
        INTS,
        INT,
        2,
        f"Return the remainder on division by {{0}} of the product of all elements, where the product of none is 1 "
        f"({REST}).",
        _PRODUCT,
        _product,
        lambda rng, seen: [rng.choice([97, 101, 103, 107, 109, 113])],
        3,
    ),
    "alternating": Op(
        INTS,
        INT,
        2,
        "Return the sum of the elements with even index minus the sum of those with odd index "
        "(the first element has index 0; 0 if the list is empty).",
        "sum(v[::2]) - sum(v[1::2])",
        lambda v: sum(-x if i % 2 else x for i, x in enumerate(v)),
        weight=2,
    ),
    "where_max": Op(
        INTS,
        INT,
        2,
        "Return the index of the largest element, the first one of equals (the first element has index 0; "
        "-1 if the list is empty).",
        "v.index(max(v)) if v else -1",
        lambda v: min((-x, i) for i, x in enumerate(v))[1] if v else -1,
    ),
    "neighbour_products": Op(
        INTS,
        INT,
        3,
        "Return the sum of the products of all pairs of neighbours (0 if there are fewer than two elements).",
        "sum(v[i] * v[i + 1] for i in range(len(v) - 1))",
        lambda v: sum(a * b for a, b in pairwise(v)),
        weight=2,
    ),
    "write": Op(
        INTS,
        TEXT,
        1,
        "Write the elements as decimal numbers into one string, with {0!r} between neighbours "
        "(the empty string if there are none).",
        "{0!r}.join(str(x) for x in v)",
        lambda v, mark: mark.join(map(str, v)),
        lambda rng, seen: [rng.choice([",", ";", "/", "+", " "])],
        2,
    ),
    # text
    "text_reverse": Op(TEXT, TEXT, 0, "Reverse the string.", "v[::-1]", lambda v: "".join(reversed(v))),
    "upper": Op(TEXT, TEXT, 0, "Turn every letter into upper case.", "v.upper()", lambda v: v.upper()),
    "swap_case": Op(
        TEXT,
        TEXT,
        1,
        "Turn every lower-case letter into upper case and every upper-case letter into lower case.",
        "v.swapcase()",
        lambda v: v.swapcase(),
    ),
    "drop_vowels": Op(
        TEXT,
        TEXT,
        1,
        "Remove the vowels a, e, i, o, u in lower and upper case.",
        "''.join(c for c in v if c not in 'aeiouAEIOU')",
        lambda v: v.translate(dict.fromkeys(map(ord, "aeiouAEIOU"))),
        weight=2,
    ),
    "letters": Op(
        TEXT,
        TEXT,
        1,
        "Keep only the letters a to z and A to Z.",
        "''.join(c for c in v if c.isalpha())",
        lambda v: "".join(filter(str.isalpha, v)),
        weight=2,
    ),
    "text_take": Op(
        TEXT,
        TEXT,
        0,
        "Keep only the first {0} characters (all of them if there are fewer).",
        "v[:{0}]",
        lambda v, n: "".join(c for i, c in enumerate(v) if i < n),
        pick((3, 15)),
        3,
    ),
    "text_drop": Op(
        TEXT,
        TEXT,
        0,
        "Remove the first {0} characters (all of them if there are fewer).",
        "v[{0}:]",
        lambda v, n: "".join(c for i, c in enumerate(v) if i >= n),
        pick((1, 4)),
        3,
    ),
    "text_rotate": Op(
        TEXT,
        TEXT,
        2,
        "Do this {0} times: move the first character to the end (an empty string stays empty).",
        "v[{0} % len(v):] + v[:{0} % len(v)] if v else v",
        _rotate,
        pick((1, 9)),
        3,
    ),
    "double": Op(
        TEXT,
        TEXT,
        1,
        "Write every character twice in a row.",
        "''.join(c + c for c in v)",
        lambda v: "".join(c * 2 for c in v),
    ),
    "text_dedupe": Op(
        TEXT,
        TEXT,
        2,
        "Of equal characters keep only the first; the order stays.",
        "''.join(dict.fromkeys(v))",
        lambda v: "".join(c for i, c in enumerate(v) if c not in v[:i]),
        weight=2,
    ),
    "collapse": Op(
        TEXT,
        TEXT,
        2,
        "Replace every run of equal neighbouring characters by one of them.",
        "''.join(c for i, c in enumerate(v) if i == 0 or v[i - 1] != c)",
        lambda v: "".join(c for c, _ in groupby(v)),
        weight=2,
    ),
    "replace": Op(
        TEXT,
        TEXT,
        1,
        "Replace every {0!r} by {1!r}.",
        "v.replace({0!r}, {1!r})",
        lambda v, old, new: new.join(v.split(old)),
        lambda rng, seen: [rng.choice("aeiotn"), rng.choice("xyzXYZ_")],
        3,
    ),
    "shift": Op(
        TEXT,
        TEXT,
        2,
        "Move every lower-case letter {0} places on in the alphabet, from z on to a; other characters stay.",
        _SHIFT,
        _shift,
        pick((1, 20)),
        4,
    ),
    "words": Op(
        TEXT,
        WORDS,
        1,
        "Split the string at its spaces into a list of words (runs of spaces separate words; no word is empty).",
        "[w for w in v.split(' ') if w]",
        lambda v: v.split(),
        weight=6,
    ),
    "codes": Op(
        TEXT,
        INTS,
        2,
        "Replace the string by the list of the codes of its characters (Python's ord).",
        "[ord(c) for c in v]",
        lambda v: list(v.encode("ascii")),
        weight=2,
    ),
    "digits": Op(
        TEXT,
        INTS,
        2,
        "Replace the string by the list of the digits 0 to 9 in it, as integers from 0 to 9, in order.",
        "[int(c) for c in v if c in '0123456789']",
        lambda v: [int(c) for c in v if c.isdigit()],
    ),
    # words
    "words_reverse": Op(WORDS, WORDS, 0, "Reverse the order of the words.", "v[::-1]", lambda v: list(reversed(v))),
    "words_sort": Op(
        WORDS,
        WORDS,
        1,
        "Sort the words by character codes, as Python sorts strings (digits before capitals before small letters).",
        "sorted(v)",
        lambda v: sorted(v),
    ),
    "words_sort_length": Op(
        WORDS,
        WORDS,
        2,
        "Sort the words by length, shortest first; words of equal length keep their order.",
        "sorted(v, key=len)",
        lambda v: [w for _, _, w in sorted((len(w), i, w) for i, w in enumerate(v))],
        weight=2,
    ),
    "each_reverse": Op(
        WORDS,
        WORDS,
        1,
        "Reverse every word.",
        "[w[::-1] for w in v]",
        lambda v: ["".join(reversed(w)) for w in v],
    ),
    "longer": Op(
        WORDS,
        WORDS,
        1,
        "Keep only the words of more than {0} characters.",
        "[w for w in v if len(w) > {0}]",
        lambda v, n: [w for w in v if w[n:]],
        pick((1, 4)),
        2,
    ),
    "words_dedupe": Op(
        WORDS,
        WORDS,
        2,
        "Of equal words keep only the first; the order stays.",
        "list(dict.fromkeys(v))",
        lambda v: [w for i, w in enumerate(v) if w not in v[:i]],
    ),
    "join": Op(
        WORDS,
        TEXT,
        1,
        "Join the words into one string with {0!r} between neighbours (the empty string if there are no words).",
        "{0!r}.join(v)",
        lambda v, mark: mark.join(v),
        lambda rng, seen: [rng.choice(["-", "+", "/", "", "."])],
        2,
    ),
    "initials": Op(
        WORDS,
        TEXT,
        1,
        "Make one string of the first characters of the words, in order.",
        "''.join(w[0] for w in v)",
        lambda v: "".join(w[:1] for w in v),
    ),
    "lengths": Op(
        WORDS,
        INTS,
        1,
        "Replace every word by its length.",
        "[len(w) for w in v]",
        lambda v: list(map(len, v)),
    ),
}
"""Name of a step -> what it says, how it is written, what it does."""

PLAIN = {"add": 50, "mul": 30, "keep_above": 30, "keep_below": 30, "take": 8, "drop": 4}
"""Weights of the easiest level: about the number of programs, so that no single program is common in a split."""


def apply(step: Step, value: Any) -> Any:
    """Return what one step makes of a value."""
    return OPS[step[0]].work(value, *step[1:])


def english(step: Step) -> str:
    """Return the sentence that states a step."""
    name, *args = step
    if name == "map_if":
        asked, one, two = element_test(args[0])[0], element_change(args[1])[0], element_change(args[2])[0]
        note = f" Remainders: {REST}." if "'rest'" in repr(args) else ""
        return f"Replace every element x as follows: if {asked}, by {one}; otherwise by {two}.{note}"
    if name == "when":
        one, two = english(args[1]), english(args[2])
        return f"If {list_test(args[0])[0]}, do only this: [{one}] Otherwise do only this: [{two}]"
    return OPS[name].english.format(*args)


def expression(step: Step) -> str:
    """Return the step as an expression of ``v``, or an empty string where it takes several statements."""
    name, *args = step
    if name == "map_if":
        return f"[{element_change(['if', *args])[1][1:-1]} for x in v]"
    source = OPS[name].source
    return "" if "\n" in source or not source else source.format(*args)


def statements(step: Step) -> Iterator[str]:
    """Yield the lines of Python that apply a step to ``v``."""
    name, *args = step
    text = expression(step)
    if text:
        yield f"v = {text}"
    elif name == "when":
        yield f"if {list_test(args[0])[1]}:"
        yield from (f"    {line}" for line in statements(args[1]))
        yield "else:"
        yield from (f"    {line}" for line in statements(args[2]))
    else:
        yield from OPS[name].source.format(*args).split("\n")


def draw_step(rng: random.Random, seen: Seen, takes: str, gives: tuple[str, ...], tier: int, depth: int) -> Step:
    """Draw a step of at most that tier; ``depth`` conditionals may lie inside a conditional."""
    names = [name for name, op in OPS.items() if op.takes == takes and op.gives in gives and op.tier <= tier]
    # where conditionals lie inside each other they are also drawn more often
    weights = [OPS[n].weight * (1 + depth if n in ("map_if", "when") else 1) for n in names]
    if tier == 0:
        weights = [PLAIN.get(n, 1) for n in names]
    name = rng.choices(names, weights)[0]
    if name == "map_if":
        return [name, *_map_if(rng, seen, depth)]
    if name == "when":
        return [name, *_when(rng, seen, depth)]
    return [name, *OPS[name].draw(rng, seen)]


def size(step: Step) -> int:
    """Return how much there is to think about in a step."""
    return 2 + OPS[step[0]].tier + sum(_branches(part) for part in step[1:])


def _branches(part: Any) -> int:
    if not isinstance(part, list):
        return 0
    return 1 + sum(_branches(inner) for inner in part)


def variants(step: Step) -> Iterator[Step]:
    """Yield steps next to this one: every integer one up and one down, every conditional with one of its branches."""
    if step[0] == "when":
        yield from (step[2], step[3])
    elif step[0] == "map_if":
        yield from ([step[0], step[1], branch, branch] for branch in step[2:])
    elif step[0] == "if":
        yield from (step[2], step[3])
    for i, part in enumerate(step):
        if isinstance(part, list):
            changed: Iterator[Any] = variants(part)
        elif isinstance(part, int):
            changed = iter((part - 1, part + 1))
        else:
            continue
        for other in changed:
            yield [*step[:i], other, *step[i + 1 :]]
