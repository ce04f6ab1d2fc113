import random
import re
from itertools import permutations, product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.mathematics.number_filtering import KINDS, Params, sieve
from gradarium.verifiers.mathematics.number_filtering import CONDITIONS, decisions, is_prime, verify


def filtering(numbers, *conditions, met=None):
    return {"numbers": numbers, "conditions": list(conditions), "met": met or [len(conditions)] * 2}


LARGER = filtering([3, 8, 1, 9], ["larger", 5])
ONE = filtering([3, 8, 1, 9], ["larger", 8])
BOTH = filtering([12, 7, 30, 9, 18, 4], ["larger", 8], ["divisible", 3])
ANY = filtering([12, 7, 30, 9, 18, 4], ["larger", 15], ["odd"], met=[1, 2])
EXACTLY = filtering([12, 7, 30, 9, 18, 4], ["larger", 8], ["odd"], met=[1, 1])
NEGATIVE = filtering([-7, 4, -12, 3], ["smaller", 4], ["even"])
BOUNDS = filtering([4, 5, 6, 7, 8], ["between", 5, 7])
AGAIN = filtering([5, 2, 5, 8], ["odd"])
PRIMES = filtering([1, 2, 51, 53, 91, 97], ["prime"])
DIGITS = filtering([38, 83, 47, 92, 11], ["digit_sum", 10], ["digit", 8])

ACCEPTED = {
    "larger": ("8 9", LARGER),
    "one number": ("9", ONE),
    "commas": ("8, 9", LARGER),
    "lines": ("8\n9\n", LARGER),
    "brackets": ("[8, 9]", LARGER),
    "leading zero and plus": ("08 +9", LARGER),
    "both conditions": ("12 30 9 18", BOTH),
    "at least one condition": ("7 30 9 18", ANY),
    "exactly one condition": ("12 7 30 18", EXACTLY),
    "negative": ("-12", NEGATIVE),
    "typographic minus": ("\u221212", NEGATIVE),
    "bounds are included": ("5 6 7", BOUNDS),
    "a number that is listed twice": ("5 5", AGAIN),
    "primes": ("2 53 97", PRIMES),
    "digits": ("38 83", DIGITS),
}
REJECTED = {
    "the whole list": ("3 8 1 9", LARGER),
    "what is to be left out": ("3 1", LARGER),
    "one missing": ("8", LARGER),
    "one too many": ("8 1 9", LARGER),
    "another order": ("9 8", LARGER),
    "sorted": ("9 12 18 30", BOTH),
    "a number that is not listed": ("8 9 10", LARGER),
    "every number over the bound": ("6 7 8 9", LARGER),
    "every number 0.9 larger": ("8.9 9.9", LARGER),
    "a number twice": ("8 8 9", LARGER),
    "the answer twice": ("8 9 8 9", LARGER),
    "two answers": ("8 9\n3 1", LARGER),
    "the bound itself": ("8 9", ONE),
    "only the first condition": ("12 30 9 18 7", BOTH),
    "only the second condition": ("7 9", ANY),
    "at least one where exactly one is asked for": ("12 7 30 9 18", EXACTLY),
    "all where exactly one is asked for": ("9", EXACTLY),
    "sign lost": ("12", NEGATIVE),
    "bounds left out": ("6", BOUNDS),
    "a repeated number once": ("5", AGAIN),
    "a repeated number three times": ("5 5 5", AGAIN),
    "one as a prime": ("1 2 53 97", PRIMES),
    "odd multiples as primes": ("2 51 53 91 97", PRIMES),
    "count": ("2", LARGER),
    "positions": ("2 4", LARGER),
    "joined": ("89", LARGER),
    "decimals": ("8.0 9.0", LARGER),
    "ellipsis": ("8 ... 9", LARGER),
    "inequality": ("x > 5", LARGER),
    "sentence": ("the numbers are 8 and 9", LARGER),
    "and": ("8 and 9", LARGER),
    "words": ("eight nine", LARGER),
    "code": ("[n for n in numbers if n > 5]", LARGER),
    "one bracket": ("[8 9", LARGER),
    "hexadecimal": ("0x8 0x9", LARGER),
    "nan": ("8 nan 9", LARGER),
    "tower": ("9**9**9**9", LARGER),
    "Arabic digits": ("\u0668 \u0669", LARGER),
    "superscript": ("8 9\u00b2", LARGER),
    "100,000 digits": ("8 " + "9" * 100_000, LARGER),
    "50,000 numbers": ("8 " * 50_000, LARGER),
    "empty brackets": ("[]", LARGER),
    "none": ("none", LARGER),
    "empty": ("", LARGER),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def composite(n):
    """Whether an odd number over 1 has a divisor in between."""
    return any(n % d == 0 for d in range(3, int(n**0.5) + 1, 2))


def holds(n, name, a=None, b=None):
    """Decide about one number by the definition; written apart from the verifier."""
    text = str(abs(n))
    if name in ("larger", "smaller"):
        return n - a > 0 if name == "larger" else a - n > 0
    if name == "between":
        return n in range(a, b + 1)
    if name in ("even", "odd"):
        return (text[-1] in "02468") == (name == "even")
    if name in ("divisible", "remainder"):
        return (n - (b or 0)) / a == (n - (b or 0)) // a and 0 <= (b or 0) < a
    if name == "digit":
        return text.count(str(a)) > 0
    if name in ("digit_sum", "digit_multiple"):
        total = sum(digit * text.count(str(digit)) for digit in range(10))
        return total > a if name == "digit_sum" else total in range(0, total + 1, a)
    assert name == "prime"
    return n == 2 or (n > 2 and n % 2 == 1 and not composite(n))


def oracle(answer, payload):
    """Strike out what is not kept and compare as text."""
    inside = answer.strip()
    if inside[:1] + inside[1:][-1:] in ("[]", "()", "{}"):
        inside = inside[1:-1]
    words = re.split(r"[\s,;]+", inside.strip().replace("\u2212", "-").replace("\u2013", "-"))
    if not all(re.fullmatch("[+-]?[0-9]{1,30}", word, re.ASCII) for word in words):
        return False
    fewest, most = payload["met"]
    left = list(payload["numbers"])
    for n in payload["numbers"]:
        times = [holds(n, *condition) for condition in payload["conditions"]].count(True)
        if times < fewest or times > most:
            left.remove(n)
    return " ".join(map(str, left)) == " ".join(str(int(word)) for word in words)


EVERY = [
    ["larger", 3],
    ["smaller", 3],
    ["between", 2, 3],
    ["even"],
    ["odd"],
    ["divisible", 3],
    ["remainder", 3, 1],
    ["digit", 2],
    ["digit_sum", 3],
    ["digit_multiple", 3],
    ["prime"],
]


def test_all_answers_to_all_small_lists_agree_with_the_oracle():
    assert sorted(condition[0] for condition in EVERY) == sorted(CONDITIONS) == sorted(KINDS)
    pool = (2, 3, 4, 21)
    answers = [" ".join(map(str, words)) for n in range(4) for words in product(pool, repeat=n)]
    for condition in EVERY:
        for numbers in permutations(pool, 3):
            payload = filtering(list(numbers), condition)
            accepted = [answer for answer in answers if verify(answer, payload).score == 1.0]
            assert accepted == [answer for answer in answers if oracle(answer, payload)]
            assert len(accepted) == any(holds(n, *condition) for n in numbers)


def test_all_pairs_of_conditions_agree_with_the_oracle():
    numbers = [21, 2, 4, 3]
    answers = [" ".join(map(str, words)) for n in range(5) for words in permutations(numbers, n)]
    for a, b in product(EVERY, repeat=2):
        for met in ([2, 2], [1, 2], [1, 1]):
            payload = filtering(numbers, a, b, met=met)
            assert [verify(x, payload).score == 1.0 for x in answers] == [oracle(x, payload) for x in answers]


@pytest.mark.parametrize("condition", EVERY, ids=lambda condition: condition[0])
def test_conditions_hold_for_the_same_numbers_as_by_definition(condition):
    numbers = range(2_000) if condition[0].startswith(("digit", "prime")) else range(-2_000, 2_000)
    assert decisions(numbers, condition) == [holds(n, *condition) for n in numbers]


def test_primes_are_those_of_the_sieve():
    marks = sieve()
    near = [*range(30_000), *range(999_000, 1_000_001)]
    assert [is_prime(n) for n in near] == [marks[n] == 1 for n in near]
    assert sum(marks) == 78_498  # primes below a million


@pytest.mark.parametrize("name", KINDS)
def test_the_generator_decides_like_the_definition(name):
    rng = random.Random(name)
    params = Params(10, 10, 5_000, name, 1, "all")
    for _ in range(30):
        condition = KINDS[name](rng, params)
        assert condition.data[0] == name
        numbers = rng.sample(range(10, 5_000), 200)
        assert [condition.test(n) for n in numbers] == [holds(n, *condition.data) for n in numbers]
        for text in (condition.clause, condition.brief):
            assert sorted(map(int, re.findall("[0-9]+", text))) == sorted(condition.data[1:])


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("number_filtering")
    params = task.levels[level]
    kinds, rules = set(), set()
    for index in range(40):
        instance = task.pose(index, level)
        numbers, conditions, (fewest, most) = (instance.payload[name] for name in ("numbers", "conditions", "met"))
        assert len(set(numbers)) == params.numbers == len(numbers)
        assert params.least <= min(numbers) and max(numbers) <= params.largest
        assert len(conditions) == params.conditions
        kinds |= {name for name, *_ in conditions}
        total = len(conditions)
        rule = "all" if fewest == total else "any" if most == total else "exactly"
        rules.add(rule)
        listed = " ".join(map(str, numbers))
        assert f"\n\n{listed}\n\n" in instance.question and instance.brief.endswith(f": {listed}")
        every = "both of" if total == 2 else f"all {total} of"
        wanted = {"all": every, "any": "at least one of", "exactly": f"exactly {fewest} of these {total}"}[rule]
        assert total == 1 or f" {wanted} " in instance.question
        assert oracle(instance.reference, instance.payload)
        kept = instance.reference.split()
        assert 1 <= len(kept) == instance.certificate["kept"] < len(numbers)
        for condition in conditions:
            alone = [str(n) for n in numbers if holds(n, *condition)]
            assert 0 < len(alone) < len(numbers)
            assert total == 1 or alone != kept
    assert kinds == set(params.kinds.split()) and rules == set(params.rules.split())


def test_the_order_of_the_conditions_is_not_part_of_the_key():
    canonical = get_task("number_filtering").canonical
    one, other = ["larger", 8], ["divisible", 3]
    assert canonical(filtering([12, 7], one, other)) == canonical(filtering([12, 7], other, one))
    assert canonical(filtering([12, 7], one, other)) != canonical(filtering([7, 12], one, other))
    assert canonical(filtering([12, 7], one, other)) != canonical(filtering([12, 7], one, other, met=[1, 2]))


@pytest.mark.parametrize(
    "condition",
    [["nice"], ["larger"], ["larger", 1, 2], ["larger", "5"], ["divisible", 0], ["remainder", -2, 1], ["even", 2]],
)
def test_an_unknown_condition_is_no_judgement(condition):
    verdict = verify("8", filtering([8, 9], condition))
    assert verdict.status == Status.ERROR and verdict.reward is None


def test_a_number_too_large_for_trial_division_is_no_judgement():
    assert verify("8", filtering([8, 10**30], ["prime"])).status == Status.ERROR


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": ""},
        {"kinds": "larger nice"},
        {"kinds": "larger larger"},
        {"conditions": 0},
        {"conditions": 9},
        {"rules": ""},
        {"rules": "some"},
        {"rules": "exactly", "conditions": 1},
        {"least": -5},
        {"least": 999},
        {"largest": 10**7},
        {"numbers": 1},
        {"numbers": 5_000},
    ],
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("number_filtering").pose(0, 5, params=change)
