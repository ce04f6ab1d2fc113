"""What the SAT tasks share: random clauses, their text, and a solver that only ever says yes or no."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

LITERALS = (
    "A literal is the number of a variable or its negative: 3 says that variable 3 is true, -3 says that it is false. "
    "A clause is true if at least one of its literals is true."
)
"""What the questions say about the notation."""


def draw_clause(rng: random.Random, variables: int, shortest: int, longest: int) -> list[int]:
    """Return a clause over distinct variables with fair signs, its literals in the order of the variables."""
    chosen = sorted(rng.sample(range(1, variables + 1), rng.randint(shortest, longest)))
    return [v if rng.random() < 0.5 else -v for v in chosen]


def numbered(clauses: Sequence[Sequence[int]]) -> str:
    """Return one numbered line for each clause."""
    return "\n".join(f"clause {i}: {' or '.join(map(str, clause))}" for i, clause in enumerate(clauses, 1))


def brief(clauses: Sequence[Sequence[int]]) -> str:
    """Return the clauses in one line: ``1,-2 3``."""
    return " ".join(",".join(map(str, clause)) for clause in clauses)


def canonical(payload: Mapping[str, Any]) -> object:
    """Sort literals and clauses: their order does not change a formula."""
    return [payload["variables"], sorted(sorted(clause) for clause in payload["clauses"])]


class Decider:
    """Says which sets of clauses are satisfiable; its models are never read, for they depend on the solver's version.

    Use it in a ``with`` block: the solver holds memory outside Python.
    """

    def __init__(self, variables: int, clauses: Sequence[Sequence[int]]) -> None:
        from pysat.solvers import Minisat22

        # clause i holds only while its switch, variable n + 1 + i, is assumed
        self._switches = range(variables + 1, variables + 1 + len(clauses))
        rows = [[*clause, -switch] for clause, switch in zip(clauses, self._switches, strict=True)]
        self._solver = Minisat22(bootstrap_with=rows)

    def __enter__(self) -> "Decider":
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def satisfiable(self, chosen: Sequence[int]) -> bool:
        """Return whether the clauses of these positions (from 0) can all be true at once."""
        return bool(self._solver.solve(assumptions=[self._switches[i] for i in chosen]))
