"""A minimal unsatisfiable core of a contradictory formula, from two unit clauses to 25 or more of 90 clauses.

Example (level 0)::

    clause 1: -1 or -3
    clause 2: -2
    clause 3: 3
    clause 4: 2
    clause 5: -1
    clause 6: 1
    clause 7: -1 or -2
    clause 8: -2 or 3

Answer: ``2 4``. ``5 6`` and ``1 3 6`` are right as well; ``1 2 4`` is not, for clause 1 can be left out.

What is right: every set of clauses that contradict each other while any one left out makes the rest satisfiable. It
need not be the smallest. The SAT solver only says yes or no, so the core that serves as the reference does not
depend on its version: clauses are taken out from the last to the first, and put back where the rest is satisfiable.
Version history: 0 first.
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.generators.sat._cnf import LITERALS, Decider, brief, canonical, draw_clause, numbered
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    variables: int
    """Variables of the formula, at most 16: the verifier looks at the whole truth table."""
    clauses: int
    """Clauses of the formula, those of the core among them."""
    shortest: int
    """Literals of the shortest clause."""
    longest: int
    """Literals of the longest clause."""
    least: int
    """Fewest clauses of the core that is found."""
    most: int
    """Most clauses of the core that is found."""


LEVELS = [
    Params(3, 8, 1, 2, 2, 2),
    Params(4, 10, 1, 2, 3, 4),
    Params(5, 16, 1, 3, 5, 8),
    Params(6, 26, 2, 3, 7, 16),
    Params(8, 40, 3, 3, 10, 25),
    Params(10, 55, 3, 3, 15, 32),
    Params(12, 70, 3, 3, 20, 40),
    Params(15, 90, 3, 3, 25, 50),
]


def find_core(variables: int, clauses: list[list[int]]) -> list[int] | None:
    """Return the positions of a minimal core, found by deletion from the last clause on; None if satisfiable."""
    core = list(range(len(clauses)))
    with Decider(variables, clauses) as decider:
        if decider.satisfiable(core):
            return None
        for i in reversed(range(len(clauses))):
            rest = [j for j in core if j != i]
            if not decider.satisfiable(rest):
                core = rest
    return core


@task(levels=LEVELS, tags={"satquest", "proof"}, chance=0.1, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw distinct clauses until the formula contradicts itself, and find a core."""
    clauses: list[list[int]] = []
    while len(clauses) < params.clauses:
        clause = draw_clause(rng, params.variables, params.shortest, params.longest)
        if clause not in clauses:
            clauses.append(clause)
    core = find_core(params.variables, clauses)
    if core is None or not params.least <= len(core) <= min(params.most, len(clauses) - 1):
        raise Redraw
    question = (
        f"The {len(clauses)} clauses below contradict each other: no choice of true or false for the variables 1 to "
        f"{params.variables} makes all of them true. {LITERALS} Find a minimal unsatisfiable core: a set of clauses "
        f"that cannot all be true at once, but can if any single one of them is left out. Any such set will do; it "
        f"need not be the smallest.\n\n{numbered(clauses)}\n\nAnswer with the numbers of the clauses of the core, "
        f"separated by spaces."
    )
    opposite = len(clauses[0]) == 1 and clauses[1] == [-clauses[0][0]]
    return Draft(
        question=question,
        payload={"variables": params.variables, "clauses": clauses},
        reference=" ".join(str(i + 1) for i in core),
        example="1 3" if opposite else "1 2",  # two clauses are a core only if they are opposite units
        brief=brief(clauses),
        certificate={
            "satisfiable": False,
            "minimal": True,
            "core_size": len(core),
            "effort": len(core) * len(clauses),
        },
    )
