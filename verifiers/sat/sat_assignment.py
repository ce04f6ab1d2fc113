"""Satisfying assignment: give every variable a truth value so that each clause holds a true literal.

Correct is any complete assignment that makes every clause true; nothing is compared with a stored solution.

Example: payload ``{"variables": 3, "clauses": [[1, 2], [-1], [-2, 3]]}``, answer ``-1 2 3``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.sat._cnf import clause_text, read_literals, too_large


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a list of literals that names each variable once; ``x1=true, x2=false`` is understood too.

    ``parts["satisfied"]`` of a wrong assignment is the share of true clauses.

    >>> verify("-1 2 3", {"variables": 3, "clauses": [[1, 2], [-1], [-2, 3]]}).score
    1.0
    """
    if too_large(payload):
        return Verdict.error("the formula is larger than this verifier judges")
    n, clauses = payload["variables"], payload["clauses"]
    literals = read_literals(answer, 2 * n)
    if literals is None:
        return Verdict.unreadable(f"expected a literal for each of the variables 1 to {n}, such as 1 -2")
    values: dict[int, int] = {}
    for literal in literals:
        variable = abs(literal)
        if not 1 <= variable <= n:
            return Verdict.wrong(f"there is no variable {variable}: they are 1 to {n}", "variable")
        if variable in values:
            return Verdict.wrong(f"variable {variable} is given twice", "twice")
        values[variable] = literal
    if len(values) < n:
        absent = next(v for v in range(1, n + 1) if v not in values)
        return Verdict.wrong(f"variable {absent} has no value", "variable")
    true = set(literals)
    broken = [i for i, clause in enumerate(clauses) if true.isdisjoint(clause)]
    if broken:
        reason = f"clause {broken[0] + 1} ({clause_text(clauses[broken[0]])}) is false"
        return Verdict.wrong(reason, "clause", satisfied=1 - len(broken) / len(clauses))
    return Verdict.correct()
