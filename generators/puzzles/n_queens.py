"""Queens: complete a placement of n queens that do not attack each other, from 8x8 with two missing to 24x24.

Example (level 0)::

    . . . . . . . Q
    . . Q . . . . .
    Q . . . . . . .
    . . . . . Q . .
    . Q . . . . . .
    . . . . . . . .
    . . . . . . Q .
    . . . . . . . .

What is right: every placement that keeps the given queens, here ``8 3 1 6 2 5 7 4``; SAT proves that there is one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.puzzles._cells import Rules
from gradarium.generators.task import task
from gradarium.verifiers.reading import read_ints


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    size: int
    """Rows, columns and queens."""
    missing: int
    """Most queens to place; fewer where the solution would not stay the only one."""


LEVELS = [
    Params(8, 2),
    Params(8, 4),
    Params(10, 6),
    Params(12, 7),
    Params(14, 8),
    Params(17, 17),
    Params(20, 20),
    Params(24, 24),
]


def place(rng: random.Random, n: int) -> list[int]:
    """Return the column of each row's queen in a random placement; raises Redraw after too many dead ends."""
    queens: list[int] = []
    tries = 0

    def step() -> bool:
        nonlocal tries
        r = len(queens)
        if r == n:
            return True
        for c in rng.sample(range(n), n):
            if all(c != other and abs(c - other) != r - i for i, other in enumerate(queens)):
                tries += 1
                if tries > 10 * n:
                    raise Redraw
                queens.append(c)
                if step():
                    return True
                queens.pop()
        return False

    step()
    return queens


def rules_of(n: int) -> Rules:
    """Return the rules: the variable r * n + c + 1 is true where a queen stands."""
    rules = Rules(n * n)
    for i in range(n):
        rules.say(1, 1, [i * n + c + 1 for c in range(n)])
        rules.say(1, 1, [r * n + i + 1 for r in range(n)])
    for d in range(-n + 2, n - 1):
        rules.say(0, 1, [r * n + r + d + 1 for r in range(n) if 0 <= r + d < n])
        rules.say(0, 1, [r * n + n - r - d for r in range(n) if 0 <= n - 1 - r - d < n])
    return rules


def canonical(payload: Mapping[str, Any]) -> object:
    """Identify a problem up to turning and mirroring the board."""
    n = payload["size"]
    cells = [(r, c) for r, c in payload["queens"]]
    forms = []
    for turned in (cells, [(c, r) for r, c in cells]):
        for up in (False, True):
            for left in (False, True):
                forms.append(sorted((n + 1 - r if up else r, n + 1 - c if left else c) for r, c in turned))
    return [n, min(forms)]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the board with the queens of the answer, or the given ones where it is no list of columns."""
    n = payload["size"]
    columns = read_ints(answer, n) or []
    queens = set(enumerate(columns, 1)) if len(columns) == n else {(r, c) for r, c in payload["queens"]}
    return [["Q" if (r, c) in queens else " " for c in range(1, n + 1)] for r in range(1, n + 1)]


@task(
    levels=LEVELS,
    tags={"classic", "search"},
    chance=0.08,
    canonical=canonical,
    board=board,
    slow="each queen taken away is proved not to open a second solution",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Place queens at random and take away those without which the rest still has one completion."""
    n = params.size
    columns = place(rng, n)
    literals = [r * n + c + 1 for r, c in enumerate(columns)]
    given = set(literals)
    rules = rules_of(n)
    with rules.model() as model:
        for literal in rng.sample(literals, n):
            if n - len(given) == params.missing:
                break
            given.remove(literal)
            # The completion was the only one before, so another must differ in this queen.
            if model.satisfiable([*sorted(given), -literal]):
                given.add(literal)
    if n - len(given) < min(params.missing, n * 2 // 5):
        raise Redraw
    queens = [[r + 1, c + 1] for r, c in enumerate(columns) if r * n + c + 1 in given]
    rows = ["".join("Q" if [r, c] in queens else "." for c in range(1, n + 1)) for r in range(1, n + 1)]
    wrong = list(range(1, n + 1))
    question = (
        f"Place {n} queens on a board of {n} rows and {n} columns so that no two of them stand in the same row, the "
        f"same column or on the same diagonal. {len(queens)} queens (Q) stand already and must stay:\n\n"
        + "\n".join(" ".join(row) for row in rows)
        + f"\n\nAnswer with {n} numbers separated by spaces: for each row, from the top row down, the column of its "
        "queen, counted from 1 at the left."
    )
    return Draft(
        question=question,
        payload={"size": n, "queens": queens},
        reference=" ".join(str(c + 1) for c in columns),
        example=" ".join(map(str, wrong)),
        brief="\n".join(rows),
        certificate={"unique": True, "effort": n * (n - len(queens)) + rules.steps(sorted(given), 30 * n * n)},
    )
