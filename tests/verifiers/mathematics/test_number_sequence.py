import re
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from math import prod

import pytest
import sympy

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.mathematics.number_sequence import determined
from gradarium.verifiers.mathematics.number_sequence import equations, normal, verify


def sequence(kind, order, terms, count):
    return {"kind": kind, "order": order, "terms": terms, "count": count}


PLUS = sequence("differences", 1, [3, 5, 7, 9], 1)
DOWN = sequence("differences", 1, [5, 2, -1], 2)
TIMES = sequence("recurrence", 1, [2, -6, 18], 2)
HALF = sequence("recurrence", 1, [48, 24, 12], 2)
FIBONACCI = sequence("recurrence", 2, [1, 1, 2, 3, 5], 3)
DOUBLE = sequence("recurrence", 1, [1, 2, 4], 1)
SQUARES = sequence("differences", 2, [1, 2, 4], 1)
AFFINE = sequence("affine", 1, [3, 7, 15, 31], 2)
TURNS = sequence("turns", 2, [3, 5, 20, 22], 3)
WOVEN = sequence("interleaved", 2, [1, 10, 2, 8, 3, 6], 3)
CUBES = sequence("differences", 3, [0, 1, 8, 27, 64], 2)
PELL = sequence("affine", 2, [0, 1, 3, 8, 20, 49], 1)  # 2 p + q + 1
BIG = sequence("recurrence", 1, [1, 10**14], 2)

ACCEPTED = {
    "plus a fixed number": ("11", PLUS),
    "spaces around": ("  11\n", PLUS),
    "brackets": ("[11]", PLUS),
    "leading zero and plus": ("+011", PLUS),
    "negative": ("-4 -7", DOWN),
    "commas": ("-4, -7", DOWN),
    "lines": ("-4\n-7", DOWN),
    "typographic minus": ("\u22124 \u22127", DOWN),
    "times a negative number": ("-54 162", TIMES),
    "times a fraction": ("6 3", HALF),
    "recurrence": ("8 13 21", FIBONACCI),
    "the same terms by another rule": ("8", DOUBLE),
    "second differences": ("7", SQUARES),
    "third differences": ("125 216", CUBES),
    "times and plus": ("63 127", AFFINE),
    "turns that go on with times": ("88 90 360", TURNS),
    "interleaved": ("4 4 5", WOVEN),
    "recurrence with a constant": ("119", PELL),
    "29 digits": (str(10**28), {**BIG, "count": 1}),
}
REJECTED = {
    "the last term again": ("9", PLUS),
    "off by one": ("12", PLUS),
    "the term after the next": ("13", PLUS),
    "more terms than are asked for": ("11 13", PLUS),
    "the sequence and the next term": ("3 5 7 9 11", PLUS),
    "list of guesses": ("10, 11, 12", PLUS),
    "the fixed number": ("2", PLUS),
    "fewer terms than are asked for": ("-4", DOWN),
    "sign lost": ("4 7", DOWN),
    "the other way round": ("-7 -4", DOWN),
    "the same term twice": ("-4 -4", DOWN),
    "right only at the end": ("-5 -7", DOWN),
    "right only at the beginning": ("-54 -162", TIMES),
    "goes on from a wrong number": ("-5 -8", DOWN),
    "a rule of its own from there on": ("8 11 14", FIBONACCI),
    "the usual guess, which another rule would give": ("7", DOUBLE),
    "doubling, where the differences are asked for": ("8", SQUARES),
    "all zero": ("0 0 0", FIBONACCI),
    "turns begun again with plus": ("24 96 98", TURNS),
    "interleaved as one sequence": ("9 4 5", WOVEN),
    "interleaved, swapped": ("4 4 4", WOVEN),
    "recurrence without its constant": ("118", PELL),
    "decimal": ("11.0", PLUS),
    "fraction": ("22/2", PLUS),
    "scientific": ("1.1e1", PLUS),
    "arithmetic": ("9 + 2", PLUS),
    "equation": ("x = 11", PLUS),
    "ellipsis": ("11 ...", PLUS),
    "question mark": ("?", PLUS),
    "underscore": ("1_1", PLUS),
    "hexadecimal": ("0xb", PLUS),
    "words": ("eleven", PLUS),
    "sentence": ("the next number is 11", PLUS),
    "nan": ("nan", PLUS),
    "infinity": ("inf", PLUS),
    "code": ("int('11')", PLUS),
    "tower": ("9**9**9**9", PLUS),
    "Arabic digits": ("\u0661\u0661", PLUS),
    "superscript": ("11\u00b2", PLUS),
    "100,000 digits": ("1" * 100_000, PLUS),
    "50,000 numbers": ("1 " * 50_000, PLUS),
    "43 digits": (f"{10**28} {10**42}", BIG),
    "empty brackets": ("[]", PLUS),
    "empty": ("", PLUS),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def polynomial(terms, degree, at):
    """Return the value of the polynomial through the first ``degree + 1`` terms (Lagrange)."""
    places = range(degree + 1)
    return sum(terms[i] * prod(Fraction(at - j, i - j) for j in places if j != i) for i in places)


@cache
def continuation(kind, order, terms, count):
    """Return the next terms, or None where the terms leave a choice; each kind by its definition.

    Polynomials, quotients and sympy; the verifier looks at determinants instead.
    """
    found = list(map(Fraction, terms))
    if kind == "differences":
        ok = len(terms) > order
        found += [polynomial(terms, order, len(terms) + i) for i in range(count)] if ok else []
        ok = ok and all(polynomial(terms, order, i) == term for i, term in enumerate(terms))
    elif kind == "turns":
        ok = len(terms) > 2 and terms[1] != 0
        plus, times = (terms[1] - terms[0], Fraction(terms[2], terms[1])) if ok else (0, 0)
        for _ in range(count):
            found.append(found[-1] + plus if len(found) % 2 else found[-1] * times)
        ok = ok and all(b == (a * times if i % 2 else a + plus) for i, (a, b) in enumerate(pairwise(found)))
    elif kind == "interleaved":
        ok = len(terms) >= 2 * order
        for _ in range(count if ok else 0):
            found.append(2 * found[-order] - found[-2 * order])
        ok = ok and all(len({b - a for a, b in pairwise(found[i::order])}) == 1 for i in range(order))
    else:
        names = sympy.symbols(f"c0:{order + (kind == 'affine')}")
        laws = []
        for i in range(order, len(terms)):
            constant = names[order] if kind == "affine" else 0
            laws.append(sum(names[j] * terms[i - 1 - j] for j in range(order)) + constant - terms[i])
        # as in the verifier, the first equations must do
        solved = sympy.linsolve(laws[: len(names)], *names) if len(laws) >= len(names) else sympy.EmptySet
        values = next(iter(solved), None)
        ok = values is not None and not any(value.free_symbols for value in values)
        values = [Fraction(int(v.p), int(v.q)) for v in values] if ok else [Fraction(0)] * len(names)
        constant = values[order] if kind == "affine" else 0
        for _ in range(count):
            found.append(sum(a * b for a, b in zip(values, reversed(found[-order:]), strict=False)) + constant)
        follow = range(order, len(terms))
        ok = ok and all(sum(values[j] * terms[i - 1 - j] for j in range(order)) + constant == terms[i] for i in follow)
    return found[len(terms) :] if ok else None


def oracle(answer, payload):
    """Compute the continuation and compare."""
    inside = answer.strip()
    if inside[:1] + inside[1:][-1:] in ("[]", "()", "{}"):
        inside = inside[1:-1]
    words = re.split(r"[\s,;]+", inside.strip().replace("\u2212", "-").replace("\u2013", "-"))
    if not all(re.fullmatch("[+-]?[0-9]{1,30}", word, re.ASCII) for word in words):
        return False
    want = continuation(payload["kind"], payload["order"], tuple(payload["terms"]), payload["count"])
    return want is not None and list(map(int, words)) == want


SMALL = [
    ("differences", 1, 3),
    ("differences", 2, 3),
    ("differences", 2, 4),
    ("recurrence", 1, 3),
    ("affine", 1, 3),
    ("affine", 1, 4),
    ("recurrence", 2, 4),
    ("turns", 2, 3),
    ("turns", 2, 4),
    ("interleaved", 2, 4),
]


@pytest.mark.parametrize(("kind", "order", "shown"), SMALL)
def test_all_small_sequences_agree_with_the_oracle(kind, order, shown):
    posed = 0
    for terms in product((-1, 0, 1, 2), repeat=shown):
        payload = sequence(kind, order, list(terms), 1)
        want = continuation(kind, order, terms, 1)
        verdicts = [verify(str(n), payload) for n in range(-30, 31)]
        if want is None:
            assert all(verdict.status == Status.ERROR and verdict.reward is None for verdict in verdicts)
        else:
            posed += 1
            assert [verdict.score == 1.0 for verdict in verdicts] == [n == want[0] for n in range(-30, 31)]
    assert posed > 3


def test_all_pairs_of_next_terms_agree_with_the_oracle():
    for payload in (DOWN, TIMES, HALF, AFFINE, TURNS, WOVEN, CUBES):
        payload = {**payload, "count": 2}
        want = continuation(payload["kind"], payload["order"], tuple(payload["terms"]), 2)
        for a, b in product(range(-2, 3), repeat=2):
            numbers = [want[0] + a, want[1] + b]
            assert (verify(" ".join(map(str, numbers)), payload).score == 1.0) == (a == b == 0)


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("number_sequence")
    params = task.levels[level]
    rules = set()
    for index in range(40):
        instance = task.pose(index, level)
        kind, order, terms, count = (instance.payload[name] for name in ("kind", "order", "terms", "count"))
        rules.add(f"{kind}:{order}")
        assert continuation(kind, order, tuple(terms), count) == list(map(int, instance.reference.split()))
        assert count == params.count == instance.brief.count("?")
        unknowns = len(instance.certificate["fixed"])
        assert len(equations(kind, order, terms)) == unknowns + params.spare
        assert params.signed or min(terms) >= 1
        listed = " ".join(map(str, terms))
        assert f"\n\n{listed}\n\n" in instance.question and f": {listed} ?" in instance.brief
        assert f"next {count} numbers" in instance.question if count > 1 else "next number" in instance.question
    assert rules == set(params.rules.split())


@pytest.mark.parametrize("level", range(8))
def test_dropping_one_term_more_than_is_spare_leaves_the_rule_open(level):
    task = get_task("number_sequence")
    for index in range(20):
        payload = task.pose(index, level).payload
        few = payload["terms"][: len(payload["terms"]) - task.levels[level].spare - 1]
        assert continuation(payload["kind"], payload["order"], tuple(few), 1) is None
        assert verify("1", {**payload, "terms": few, "count": 1}).status == Status.ERROR


def test_the_question_states_the_rule():
    """Every kind and order has words of its own."""
    task, stated = get_task("number_sequence"), {}
    rules = [*(f"differences:{k}" for k in range(1, 5)), *(f"recurrence:{k}" for k in range(1, 6))]
    rules += [*(f"affine:{k}" for k in range(1, 6)), "turns:2", *(f"interleaved:{k}" for k in range(2, 5))]
    for rule in rules:
        instance = task.pose(0, 6, params={"rules": rule})
        stated[rule] = instance.question.partition("\n")[0], instance.brief.partition(":")[0]
        assert oracle(instance.reference, instance.payload)
    assert len({text for text, _ in stated.values()}) == len({brief for _, brief in stated.values()}) == len(rules)
    assert stated["affine:2"][1] == "a*p + b*q + c"
    assert "each number from the third on is a*p + b*q + c." in stated["affine:2"][0]
    assert "from the sixth on is a*p + b*q + c*r + d*s + e*t." in stated["recurrence:5"][0]


def test_determined_needs_independent_equations():
    assert determined("recurrence", 2, [1, 2, 4, 8]) is None  # doubling is also a rule of order one
    assert determined("affine", 1, [3, 3, 3]) is None
    assert determined("recurrence", 2, [1, 1, 2, 3]) == [1, 1]
    assert determined("recurrence", 1, [4, 2]) == [Fraction(1, 2)]
    assert determined("turns", 2, [-3, 0, 5]) is None


def test_normal_is_the_vector_of_minors():
    assert normal([[2, 6]]) == [-6, 2]
    rows = [[2, -1, 3, 5], [0, 4, 1, -2], [7, 3, -6, 1]]
    matrix = sympy.Matrix(rows)
    vector = normal(rows)
    assert vector[-1] == matrix[:, :3].det()
    assert matrix * sympy.Matrix(vector) == sympy.zeros(3, 1)
    with pytest.raises(ValueError, match="one for each unknown"):
        normal(rows[:2])


@pytest.mark.parametrize(
    "payload",
    [
        sequence("cubic", 1, [1, 2, 3], 1),
        sequence("differences", 3, [1], 1),
        sequence("differences", 1, [], 1),
        sequence("differences", 7, [1] * 20, 1),
        sequence("differences", 0, [1, 1], 1),
        sequence("differences", 1, [1, 2, 4], 1),
        sequence("recurrence", 2, [1, 2, 4, 8, 16], 1),
        sequence("recurrence", 1, [0, 0], 1),
        sequence("differences", 1, list(range(200)), 1),
        sequence("differences", 1, [1, 2], 0),
    ],
)
def test_a_payload_that_determines_no_rule_is_no_judgement(payload):
    assert verify("3", payload).status == Status.ERROR


@pytest.mark.parametrize(
    "change",
    [
        {"rules": ""},
        {"rules": "primes:1"},
        {"rules": "affine"},
        {"rules": "recurrence:6"},
        {"rules": "turns:1"},
        {"rules": "interleaved:1"},
        {"spare": -1},
        {"count": 0},
        {"start": 0},
        {"step": 0},
        {"factor": 1},
    ],
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("number_sequence").pose(0, 5, params=change)
