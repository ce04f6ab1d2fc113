"""A satisfying assignment of a formula in conjunctive normal form, from plain facts to 160 variables at the hardest.

Example (level 0)::

    clause 1: -1
    clause 2: 4
    clause 3: 2 or -4
    clause 4: -6
    clause 5: 1 or 5
    clause 6: 3

Answer: ``-1 2 3 4 5 -6``.

What is right: every complete assignment that makes all clauses true. The formula is drawn around a hidden assignment,
so it has one. At level 0 each value is a fact or follows from one; up to 10 variables the truth table proves that
there is no other. Above that the clauses with one, two and three true literals are drawn as 8 : 5 : 3 for each
pattern of signs. Each literal of the hidden assignment is then as often true as false, so that neither counting signs
nor local search is drawn to it
(H. Jia, C. Moore and D. Strain, "Generating Hard Satisfiable Formulas by Hiding Solutions Deceptively", 2005).
Version history: 0 first.
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft, Redraw
from gradarium.generators.sat._cnf import LITERALS, brief, canonical, draw_clause, numbered
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    variables: int
    """Variables of the formula; at most 12 where ``clauses`` is 0."""
    clauses: int
    """Clauses of three literals; 0 draws short clauses until the hidden assignment is the only one."""
    shortest: int = 3
    """Literals of the shortest clause, where ``clauses`` is 0."""
    longest: int = 3
    """Literals of the longest clause, where ``clauses`` is 0."""
    facts: int = 0
    """Variables that a clause of one literal decides; where this is not 0, each other one follows from a fact."""


LEVELS = [
    Params(6, 0, facts=4),
    Params(6, 0, 1, 3),
    Params(10, 0, 2, 3),
    Params(20, 80),
    Params(40, 166),
    Params(70, 294),
    Params(110, 462),
    Params(160, 672),
]


def draw_unique(rng: random.Random, params: Params, hidden: list[int]) -> list[list[int]]:
    """Draw clauses that are true in ``hidden``, each of which rules out another assignment, until none is left."""
    n = params.variables
    true = set(hidden)
    others = [set(row) for row in _rows(n) if set(row) != true]
    clauses: list[list[int]] = []
    while others:
        clause = draw_clause(rng, n, params.shortest, params.longest)
        if not true.isdisjoint(clause):
            left = [row for row in others if not row.isdisjoint(clause)]
            if len(left) < len(others):
                clauses.append(clause)
                others = left
    return clauses


def draw_facts(rng: random.Random, params: Params, hidden: list[int]) -> list[list[int]]:
    """Draw a clause for each variable: a fact, or one that makes its value follow from a fact."""
    facts = rng.sample(hidden, params.facts)
    clauses = [[literal] if literal in facts else [literal, -rng.choice(facts)] for literal in hidden]
    rng.shuffle(clauses)
    return [sorted(clause, key=abs) for clause in clauses]


def _rows(n: int) -> list[list[int]]:
    """Return all assignments as lists of literals."""
    return [[v if row >> (v - 1) & 1 else -v for v in range(1, n + 1)] for row in range(1 << n)]


def draw_hidden(rng: random.Random, params: Params, hidden: list[int]) -> list[list[int]]:
    """Draw distinct clauses of three literals that are true in ``hidden`` and give no hint of it."""
    clauses: list[list[int]] = []
    seen: set[tuple[int, ...]] = set()
    while len(clauses) < params.clauses:
        ticket = rng.randrange(42)  # 3 patterns with one true literal at 8, 3 with two at 5, 1 with three at 3
        true = 1 if ticket < 24 else 2 if ticket < 39 else 3
        literals = rng.sample(hidden, 3)
        clause = sorted(literals[:true] + [-literal for literal in literals[true:]], key=abs)
        if tuple(clause) not in seen:
            seen.add(tuple(clause))
            clauses.append(clause)
    return clauses


@task(levels=LEVELS, tags={"satquest", "search"}, chance=0.1, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Hide an assignment and draw clauses that it makes true."""
    n = params.variables
    hidden = [v if rng.random() < 0.5 else -v for v in range(1, n + 1)]
    draw = draw_facts if params.facts else draw_hidden if params.clauses else draw_unique
    clauses = draw(rng, params, hidden)
    example = list(range(1, n + 1))
    if all(max(clause) > 0 for clause in clauses):
        example = [-v for v in example]
        if all(min(clause) < 0 for clause in clauses):
            raise Redraw  # either example in the prompt would be an answer
    question = (
        f"Find a satisfying assignment. There are {n} variables, numbered 1 to {n}, and each is true or false. "
        f"{LITERALS} Choose the values so that all {len(clauses)} clauses are true.\n\n{numbered(clauses)}\n\n"
        f"Answer with one literal for each variable, {n} literals in all, separated by spaces."
    )
    proof = {"satisfiable": True, "ratio": round(len(clauses) / n, 2), "effort": n + len(clauses)}
    return Draft(
        question=question,
        payload={"variables": n, "clauses": clauses},
        reference=" ".join(map(str, hidden)),
        example=" ".join(map(str, example)),
        brief=brief(clauses),
        certificate=proof if params.clauses else {**proof, "unique": True},
    )
