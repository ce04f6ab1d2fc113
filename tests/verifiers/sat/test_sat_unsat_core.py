import re
from functools import cache
from itertools import combinations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.sat.sat_unsat_core import verify

UNITS = {"variables": 2, "clauses": [[1, 2], [-1], [2], [-2]]}  # cores: 3 4 and 1 2 4
SQUARE = {"variables": 2, "clauses": [[1, 2], [1, -2], [-1, 2], [-1, -2]]}

ACCEPTED = {
    "smallest core": ("3 4", UNITS),
    "minimal, not the smallest": ("1 2 4", UNITS),
    "other order": ("4 1 2", UNITS),
    "commas and brackets": ("[3, 4]", UNITS),
    "set": ("{3, 4}", UNITS),
    "one a line": ("3\n4", UNITS),
    "all clauses where all are needed": ("1 2 3 4", SQUARE),
}
REJECTED = {
    "every clause": ("1 2 3 4", UNITS),
    "core with one clause too many": ("2 3 4", UNITS),
    "core with one clause too few": ("1 2", UNITS),
    "one clause": ("3", UNITS),
    "two cores dumped": ("3 4\n1 2 4", UNITS),
    "clause named twice": ("3 3 4", UNITS),
    "clause zero": ("0 3 4", UNITS),
    "clause out of range": ("3 4 5", UNITS),
    "counted from zero": ("2 3", UNITS),
    "negative number, read from the end": ("-1 -2", UNITS),
    "mask of bits": ("0011", UNITS),
    "literals in place of numbers": ("2 -2", UNITS),
    "three of the four clauses": ("1 2 3", SQUARE),
    "range": ("3-4", UNITS),
    "words": ("clauses 3 and 4", UNITS),
    "Arabic digits": ("3 \u0664", UNITS),
    "superscript digits": ("\u00b3 4", UNITS),
    "decimals": ("3.0 4.0", UNITS),
    "huge number": ("3 4 " + "9" * 5000, UNITS),
    "code": ("range(3, 5)", UNITS),
    "brackets alone": ("[]", UNITS),
    "empty": ("", UNITS),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def test_reasons_name_the_first_broken_rule():
    assert verify("1 2", UNITS).reason == "the named clauses can all be true at once"
    assert verify("4 3 2", UNITS).reason == "clause 2 is not needed: the others still contradict each other"
    assert verify("3 9", UNITS).reason == "there is no clause 9: they are 1 to 4"
    assert verify("3 3", UNITS).reason == "clause 3 is named twice"


@pytest.mark.parametrize("payload", [{"variables": 17, "clauses": [[1]]}, {"variables": 2, "clauses": [[1]] * 401}])
def test_a_formula_too_large_is_no_judgement(payload):
    assert verify("1", payload).reward is None


def satisfiable(clauses, n):
    """By brute force, or by a solver where that takes too long."""
    if n <= 8:
        return any(
            all(any(row[abs(lit) - 1] == (lit > 0) for lit in clause) for clause in clauses)
            for row in product((False, True), repeat=n)
        )
    from pysat.solvers import Cadical153

    with Cadical153(bootstrap_with=clauses) as solver:
        return solver.solve()


def oracle(answer, payload):
    """Judge by the definition: unsatisfiable, and satisfiable without any one; written apart from the verifier."""
    text = answer.strip()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1]
    if not re.fullmatch(r"[0-9\s,;+]+", text):
        return False
    words = re.split(r"[\s,;]+", text.strip())
    if not all(re.fullmatch(r"\+?[0-9]{1,30}", word, re.ASCII) for word in words):
        return False
    numbers = [int(word) for word in words]
    clauses = payload["clauses"]
    if len(set(numbers)) < len(numbers) or not all(1 <= i <= len(clauses) for i in numbers):
        return False
    core = [clauses[i - 1] for i in numbers]
    if satisfiable(core, payload["variables"]):
        return False
    return all(satisfiable(core[:i] + core[i + 1 :], payload["variables"]) for i in range(len(core)))


def subsets(count):
    for size in range(1, count + 1):
        for chosen in combinations(range(1, count + 1), size):
            yield " ".join(map(str, chosen))


def all_clauses(n, sizes):
    for size in sizes:
        for chosen in combinations(range(1, n + 1), size):
            for signs in product((1, -1), repeat=size):
                yield [sign * v for sign, v in zip(signs, chosen, strict=True)]


def test_all_sets_of_clauses_over_two_variables_agree_with_the_oracle():
    payload = {"variables": 2, "clauses": list(all_clauses(2, (1, 2)))}
    answers = list(subsets(8))
    verdicts = [verify(answer, payload).score == 1.0 for answer in answers]
    assert verdicts == [oracle(answer, payload) for answer in answers]
    assert len(answers) == 255
    # two pairs of units; a unit and the two clauses that contradict it (4); two units and one clause (4); all four
    assert sum(verdicts) == 2 + 4 + 4 + 1


def test_all_sets_of_clauses_over_three_variables_agree_with_the_oracle():
    clauses = [*all_clauses(3, (3,)), [1, 2], [-1, 3], [-2]]
    payload = {"variables": 3, "clauses": clauses}
    rows = list(product((False, True), repeat=3))
    false_in = [{row for row in rows if all(row[abs(lit) - 1] != (lit > 0) for lit in c)} for c in clauses]

    @cache
    def unsatisfiable(chosen):
        return len(set().union(*(false_in[i] for i in chosen))) == len(rows)

    cores = 0
    for answer in subsets(len(clauses)):
        chosen = tuple(int(i) - 1 for i in answer.split())
        right = unsatisfiable(chosen) and not any(
            unsatisfiable(chosen[:i] + chosen[i + 1 :]) for i in range(len(chosen))
        )
        assert (verify(answer, payload).score == 1.0) == right, answer
        cores += right
    assert cores > 1


@pytest.mark.parametrize("level", [0, 1])
def test_all_sets_of_clauses_of_posed_formulas_agree_with_the_oracle(level):
    for index in range(2):
        payload = get_task("sat_unsat_core").pose(index, level).payload
        for answer in subsets(len(payload["clauses"])):
            assert (verify(answer, payload).score == 1.0) == oracle(answer, payload), answer


@pytest.mark.parametrize("level", range(8))
def test_cores_are_proper_and_true_by_the_oracle(level):
    params = get_task("sat_unsat_core").levels[level]
    for index in range(5):
        instance = get_task("sat_unsat_core").pose(index, level)
        assert oracle(instance.reference, instance.payload)
        size = len(instance.reference.split())
        assert params.least <= size == instance.certificate["core_size"] < len(instance.payload["clauses"])


def test_the_reference_does_not_depend_on_the_solver():
    # the same deletion, from the last clause to the first, decided by brute force
    for index in range(10):
        instance = get_task("sat_unsat_core").pose(index, 2)
        clauses = instance.payload["clauses"]
        core = list(range(len(clauses)))
        for i in reversed(range(len(clauses))):
            rest = [j for j in core if j != i]
            if not satisfiable([clauses[j] for j in rest], instance.payload["variables"]):
                core = rest
        assert instance.reference == " ".join(str(i + 1) for i in core)
