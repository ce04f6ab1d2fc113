import re
from itertools import combinations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.sat.sat_assignment import verify

ONE = {"variables": 3, "clauses": [[1, 2], [-1], [-2, 3]]}  # only -1 2 3
MANY = {"variables": 3, "clauses": [[1, 2, 3]]}

ACCEPTED = {
    "literals": ("-1 2 3", ONE),
    "other order": ("3 -1 2", ONE),
    "commas and brackets": ("[-1, 2, 3]", ONE),
    "plus signs": ("-1 +2 +3", ONE),
    "typographic minus": ("\u22121 2 3", ONE),
    "one a line": ("-1\n2\n3\n", ONE),
    "named variables": ("-x1 x2 x3", ONE),
    "truth values": ("x1=false, x2=true, x3=true", ONE),
    "truth values with spaces and capitals": ("x1 = False; X2 : True; 3 = TRUE", ONE),
    "one of many": ("-1 -2 3", MANY),
    "another of many": ("1 2 3", MANY),
}
REJECTED = {
    "clause false": ("1 2 3", ONE),
    "every sign turned": ("1 -2 -3", ONE),
    "both signs of every variable": ("1 -1 2 -2 3 -3", ONE),
    "both signs, one clause": ("1 -1 2 3", MANY),
    "variable given twice": ("-1 2 2 3", ONE),
    "variable left out that decides nothing": ("1 2", MANY),
    "variable out of range": ("-1 2 3 4", ONE),
    "variable zero": ("-1 2 3 0", ONE),
    "two assignments dumped": ("-1 2 3\n1 2 3", ONE),
    "sign and value": ("-x1=true, x2=true, x3=true", ONE),
    "bits": ("011", ONE),
    "half a binding": ("x1= x2=true x3=true", ONE),
    "Arabic digits": ("-\u0661 2 3", ONE),
    "superscript digits": ("-1 \u00b2 3", ONE),
    "the clauses copied": ("1 2\n-1\n-2 3", ONE),
    "words": ("-1 2 3 which satisfies all", ONE),
    "glued": ("-12 3", ONE),
    "double sign": ("--1 2 3", ONE),
    "code": ("[-1]+[2,3]", ONE),
    "huge number": ("-1 2 3" + "0" * 5000, ONE),
    "empty": ("", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def test_reasons_name_the_first_broken_rule():
    assert verify("1 2 3", ONE).reason == "clause 2 (-1) is false"
    assert verify("1 2 3", ONE).parts["satisfied"] == pytest.approx(2 / 3)
    assert verify("-1 2", ONE).reason == "variable 3 has no value"
    assert verify("-1 2 1", ONE).reason == "variable 1 is given twice"
    assert verify("-1 2 9", ONE).reason == "there is no variable 9: they are 1 to 3"


def test_reasons_do_not_repeat_huge_numbers():
    for answer in ("9" * 60, "-1 2 " + "9" * 60, "x1=true " + "9" * 60):
        assert len(verify(answer, ONE).reason) < 100


def test_a_formula_too_large_is_no_judgement():
    assert verify("1", {"variables": 10**9, "clauses": []}).reward is None


def oracle(answer, payload):
    """Judge by the definition, from a dict of truth values; written apart from the verifier."""
    text = answer.lower().replace("\u2212", "-").replace("\u2013", "-")
    text = re.sub(r"[ \t]*[=:][ \t]*(true|false)", r"=\1", text)
    text = text.strip()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1]
    words = re.split(r"[\s,;]+", text.strip())
    value = {}
    for word in words:
        found = re.fullmatch(r"([+-]?)x?([0-9]{1,9})(=true|=false)?", word, re.ASCII)
        if not found or (found[1] and found[3]) or int(found[2]) in value:
            return False
        value[int(found[2])] = found[3] == "=true" if found[3] else found[1] != "-"
    if set(value) != set(range(1, payload["variables"] + 1)):
        return False
    return all(any(value[abs(lit)] == (lit > 0) for lit in clause) for clause in payload["clauses"])


def all_clauses(n):
    """Every clause over distinct variables, by itertools."""
    for size in range(1, n + 1):
        for chosen in combinations(range(1, n + 1), size):
            for signs in product((1, -1), repeat=size):
                yield [sign * v for sign, v in zip(signs, chosen, strict=True)]


def assignments(n):
    for signs in product((1, -1), repeat=n):
        yield " ".join(str(sign * v) for v, sign in enumerate(signs, 1))


def test_all_formulas_over_two_variables_agree_with_the_oracle():
    clauses = list(all_clauses(2))
    answers = [*assignments(2), "1", "-2", "1 -1", "2 1 -2", "1 3", "0 1"]
    judged = 0
    for chosen in product((False, True), repeat=len(clauses)):
        payload = {"variables": 2, "clauses": [c for c, taken in zip(clauses, chosen, strict=True) if taken]}
        for answer in answers:
            assert (verify(answer, payload).score == 1.0) == oracle(answer, payload)
            judged += 1
    assert judged == 2**8 * 10


def test_all_pairs_of_clauses_over_three_variables_agree_with_the_oracle():
    for clauses in combinations(list(all_clauses(3)), 2):
        payload = {"variables": 3, "clauses": list(clauses)}
        for answer in assignments(3):
            assert (verify(answer, payload).score == 1.0) == oracle(answer, payload)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_small_formulas_have_one_model_by_brute_force(level):
    for index in range(10):
        instance = get_task("sat_assignment").pose(index, level)
        assert instance.certificate["unique"]
        models = [a for a in assignments(instance.payload["variables"]) if oracle(a, instance.payload)]
        assert models == [instance.reference]


@pytest.mark.parametrize("level", [3, 5, 7])
def test_large_formulas_hold_distinct_clauses_of_three_variables(level):
    instance = get_task("sat_assignment").pose(1, level)
    clauses = instance.payload["clauses"]
    assert all(len({abs(lit) for lit in clause}) == 3 for clause in clauses)
    assert len({tuple(clause) for clause in clauses}) == len(clauses)
    assert oracle(instance.reference, instance.payload)


def test_counting_signs_finds_no_hidden_assignment():
    # each literal of the hidden assignment is as often true as false, so the majority agrees with half of it
    agree = total = 0
    for index in range(20):
        instance = get_task("sat_assignment").pose(index, 5)
        counts = dict.fromkeys(range(1, instance.payload["variables"] + 1), 0)
        for clause in instance.payload["clauses"]:
            for lit in clause:
                counts[abs(lit)] += 1 if lit > 0 else -1
        hidden = {abs(lit): lit > 0 for lit in map(int, instance.reference.split())}
        decided = [v for v, count in counts.items() if count]
        agree += sum((counts[v] > 0) == hidden[v] for v in decided)
        total += len(decided)
    assert 0.44 < agree / total < 0.56
