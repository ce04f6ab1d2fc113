"""Search for the orders that keep statements about pairs: domains of places, narrowed until nothing changes.

Statements are those of ``gradarium.verifiers.logic.linear_ordering``, with persons as numbers from 0.
"""

from collections.abc import Sequence

Statement = tuple[str, int, int, int]
"""``("above", a, b, 0)``, ``("gap", a, b, k)`` or ``("middle", m, a, b)``."""


class TooHard(Exception):
    """The search took more branches than it was given."""


def count_orders(
    persons: int, statements: Sequence[Statement], most: int = 2, branches: int = 2_000
) -> tuple[int, int]:
    """Return how many orders keep all statements, counted up to ``most``, and how many branches were looked at.

    The search is complete: fewer than ``most`` is the exact number. Raises TooHard after ``branches``.

    >>> count_orders(3, [("above", 2, 0, 0), ("gap", 0, 2, 1)])
    (1, 1)
    >>> count_orders(3, [("gap", 0, 2, 1)])
    (2, 3)
    """
    todo = [[(1 << persons) - 1] * persons]
    found = looked = 0
    while todo and found < most:
        looked += 1
        if looked > branches:
            raise TooHard
        places = todo.pop()
        if not narrow(places, statements):
            continue
        open_persons = [i for i, options in enumerate(places) if options & (options - 1)]
        if not open_persons:
            found += 1
            continue
        chosen = min(open_persons, key=lambda i: places[i].bit_count())
        options = places[chosen]
        while options:
            lowest = options & -options
            todo.append([*places[:chosen], lowest, *places[chosen + 1 :]])
            options ^= lowest
    return found, looked


def narrow(places: list[int], statements: Sequence[Statement]) -> bool:
    """Take away places that a statement, or another person, rules out; False where nothing is left for someone.

    ``places[i]`` has one bit for each place that person i may have, the lowest for the top. With one bit left for
    everyone, True means that all statements hold.
    """
    full = (1 << len(places)) - 1
    before: list[int] = []
    while places != before:
        before = places[:]
        for kind, a, b, c in statements:
            if kind == "above":
                places[b] &= ~lowest_up_to(places[a])
                places[a] &= below_highest(places[b])
            elif kind == "gap":
                places[a] &= places[b] << c + 1 | places[b] >> c + 1
                places[b] &= places[a] << c + 1 | places[a] >> c + 1
            else:
                both = places[b] | places[c]
                places[a] &= ~lowest_up_to(both) & below_highest(both)
                for near, far in ((b, c), (c, b)):
                    if places[near] < places[a] & -places[a]:  # near is above a, so far is below
                        places[far] &= ~lowest_up_to(places[a])
                    elif places[near] & -places[near] > places[a]:
                        places[far] &= below_highest(places[a])
        once = twice = 0
        for options in places:
            twice |= once & options
            once |= options
        if once != full:
            return False
        once &= ~twice  # places that only one person can have
        for i, options in enumerate(places):
            if options & once:
                places[i] = options = options & once
                if options & (options - 1):
                    return False
            if not options & (options - 1):
                places[:] = [other if j == i else other & ~options for j, other in enumerate(places)]
        if not all(places):
            return False
    return True


def lowest_up_to(options: int) -> int:
    """Return the bits up to the lowest one of ``options``, with it; all for none."""
    return options ^ (options - 1) if options else -1


def below_highest(options: int) -> int:
    """Return the bits below the highest one of ``options``."""
    return (1 << options.bit_length() - 1) - 1 if options else 0
