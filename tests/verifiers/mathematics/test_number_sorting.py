import re
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise, product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.verifiers.mathematics.number_sorting import verify

UP = {"numbers": ["7", "2", "5"], "order": "ascending"}
DOWN = {"numbers": ["7", "2", "5"], "order": "descending"}
TIES = {"numbers": ["4", "-3", "4", "0"], "order": "ascending"}
MIXED = {"numbers": ["1/2", "-0.75", "0.5", "0.3333", "1/3"], "order": "ascending"}
LONG = {"numbers": ["1000000", "99"], "order": "descending"}

ACCEPTED = {
    "ascending": ("2 5 7", UP),
    "descending": ("7 5 2", DOWN),
    "commas": ("2, 5, 7", UP),
    "semicolons": ("2;5;7", UP),
    "lines": ("2\n5\n7\n", UP),
    "square brackets": ("[2, 5, 7]", UP),
    "round brackets": ("( 2 5 7 )", UP),
    "curly brackets": ("{2,5,7}", UP),
    "leading zeros and plus": ("02 +5 7", UP),
    "whole numbers as decimals and fractions": ("2.0 10/2 7", UP),
    "a number twice": ("-3 0 4 4", TIES),
    "typographic minus": ("\u22123 0 4 4", TIES),
    "minus zero": ("-3 -0 4 4", TIES),
    "ties as listed": ("-0.75 0.3333 1/3 1/2 0.5", MIXED),
    "ties the other way": ("-0.75 0.3333 1/3 0.5 1/2", MIXED),
    "other notations of the same values": ("-3/4 3333/10000 2/6 0.50 0.5", MIXED),
}
REJECTED = {
    "as listed": ("7 2 5", UP),
    "the other direction": ("7 5 2", UP),
    "the other direction, descending": ("2 5 7", DOWN),
    "one pair swapped": ("2 7 5", UP),
    "sorted as text": ("99 1000000", LONG),
    "sorted by size without sign": ("0 -3 4 4", TIES),
    "every number 0.9 larger": ("2.9 5.9 7.9", UP),
    "one number nearly right": ("2 5 7.000000001", UP),
    "other numbers in order": ("1 2 3", UP),
    "one number replaced": ("2 5 8", UP),
    "number missing": ("2 5", UP),
    "number added": ("2 5 7 9", UP),
    "tie written once": ("-3 0 4", TIES),
    "tie written three times": ("-3 0 4 4 4", TIES),
    "another number twice": ("-3 -3 0 4", TIES),
    "sign lost": ("3 0 4 4", TIES),
    "fraction before the smaller decimal": ("-0.75 1/3 0.3333 0.5 1/2", MIXED),
    "third rounded": ("-0.75 0.3333 0.3333 0.5 1/2", MIXED),
    "both directions": ("2 5 7 5 2", UP),
    "two answers": ("2 5 7\n7 5 2", UP),
    "range": ("2-7", UP),
    "dots": ("2 ... 7", UP),
    "inequalities": ("2 < 5 < 7", UP),
    "joined": ("257", UP),
    "code": ("sorted([7, 2, 5])", UP),
    "brackets inside": ("[[2, 5, 7]]", UP),
    "brackets that do not match": ("[2, 5, 7)", UP),
    "one bracket": ("[2 5 7", UP),
    "percent": ("2 5 700%", UP),
    "scientific": ("2e0 5 7", UP),
    "underscore": ("2 5 0_7", UP),
    "hexadecimal": ("0x2 5 7", UP),
    "separators": ("1,000,000 99", LONG),
    "nan": ("2 nan 7", UP),
    "infinity": ("2 5 inf", UP),
    "division by zero": ("2 5 7/0", UP),
    "nested fraction": ("2 5 14/4/2", UP),
    "point without digits": ("2. 5 7", UP),
    "Arabic digits": ("\u0662 5 7", UP),
    "superscript": ("2 5 7\u00b2", UP),
    "fraction sign": ("-0.75 0.3333 1/3 \u00bd 0.5", MIXED),
    "words": ("two five seven", UP),
    "sentence": ("the order is 2 5 7", UP),
    "100,000 digits": ("2 5 " + "7" * 100_000, UP),
    "50,000 numbers": ("2 " * 50_000, UP),
    "1,001 numbers": ("2 " * 1_001, UP),
    "empty brackets": ("[]", UP),
    "empty": ("", UP),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def ratio(word):
    """Return numerator and denominator of a number, or None; written apart from the verifier."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,30})(?:\.([0-9]{1,30})|/([0-9]{1,30}))?", word, re.ASCII)
    if not found:
        return None
    sign, whole, behind, below = found.groups()
    top, bottom = int(whole + (behind or "")), int(below) if below else 10 ** len(behind or "")
    return (-top if sign == "-" else top, bottom) if bottom else None


def compare(a, b):
    """Compare by cross multiplication."""
    left, right = a[0] * b[1], b[0] * a[1]
    return (left > right) - (left < right)


def oracle(answer, payload):
    """Sort the list and compare place by place; the verifier looks at neighbours instead."""
    if len(answer) > 20_000:
        return False
    inside = answer.strip()
    if inside[:1] + inside[1:][-1:] in ("[]", "()", "{}"):
        inside = inside[1:-1]
    inside = inside.strip().replace("\u2212", "-").replace("\u2013", "-")
    found = [ratio(word) for word in re.split(r"[\s,;]+", inside)]
    if None in found or len(found) != len(payload["numbers"]):
        return False
    want = sorted(map(ratio, payload["numbers"]), key=cmp_to_key(compare))
    want = want if payload["order"] == "ascending" else want[::-1]
    return all(compare(a, b) == 0 for a, b in zip(found, want, strict=True))


POOL = ("-1", "0.5", "1/2", "2", "10")


def test_all_answers_to_all_small_lists_agree_with_the_oracle():
    for n in (1, 2, 3):
        answers = [" ".join(words) for m in range(5) for words in product(POOL, repeat=m) if m < 4 or n == 3]
        for numbers in product(POOL, repeat=n):
            for order in ("ascending", "descending") if n < 3 or len(set(numbers)) < 3 else ("descending",):
                payload = {"numbers": list(numbers), "order": order}
                accepted = [answer for answer in answers if verify(answer, payload).score == 1.0]
                assert accepted == [answer for answer in answers if oracle(answer, payload)]
                halves = sum(word in ("0.5", "1/2") for word in numbers)
                assert len(accepted) == 2**halves


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("number_sorting")
    params = task.levels[level]
    for index in range(40):
        instance = task.pose(index, level)
        words = instance.payload["numbers"]
        values = [ratio(word) for word in words]
        assert len(words) == params.numbers
        assert all(params.least * q <= p <= params.largest * q for p, q in values)
        distinct = len({Fraction(p, q) for p, q in values})
        assert distinct == params.numbers - params.ties == instance.certificate["distinct"]
        assert max(len(word.partition(".")[2]) for word in words) <= params.places
        assert params.denominator > 1 or "/" not in instance.question
        assert instance.question.count(f"\n{' '.join(words)}\n") == 1
        assert instance.brief == f"{instance.payload['order']}: {' '.join(words)}"
        wanted = {"ascending": "smallest to largest", "descending": "largest to smallest"}
        assert wanted[instance.payload["order"]] in instance.question
        assert oracle(instance.reference, instance.payload)
        assert not oracle(" ".join(words), instance.payload)


def test_the_top_level_has_equal_values_in_different_notations_and_very_near_ones():
    for index in range(20):
        words = get_task("number_sorting").pose(index, 7).reference.split()
        pairs = [(a, b, abs(Fraction(*ratio(a)) - Fraction(*ratio(b)))) for a, b in pairwise(words)]
        assert sum(a != b and gap == 0 for a, b, gap in pairs) >= 5
        assert sum(0 < gap <= Fraction(1, 10**5) for _, _, gap in pairs) >= 8


def test_the_order_of_the_list_is_not_part_of_the_key():
    task = get_task("number_sorting")
    up, down = ({"numbers": ["1", "2"], "order": order} for order in ("ascending", "descending"))
    assert task.canonical(up) == task.canonical({"numbers": ["2", "1"], "order": "ascending"})
    assert task.canonical(up) != task.canonical(down)


@pytest.mark.parametrize(
    "payload", [{"numbers": ["1", "x"], "order": "ascending"}, {"numbers": ["1"], "order": "sideways"}]
)
def test_a_broken_payload_is_no_judgement(payload):
    assert verify("1", payload).status == Status.ERROR


@pytest.mark.parametrize(
    ("name", "value"),
    [("numbers", 7), ("places", 0), ("places", 30), ("denominator", 0), ("least", 3), ("largest", 10**10)],
)
def test_senseless_parameters_are_refused(name, value):
    with pytest.raises(BadValue):
        get_task("number_sorting").pose(0, 6, params={name: value})
