import re
from itertools import permutations

import pytest

from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.puzzles.cryptarithm import count_solutions
from gradarium.verifiers.puzzles.cryptarithm import verify


def about(line, **given):
    words = re.findall("[A-Z]+", line)
    return {"words": words, "product": "*" in line, "given": given}


SEND = about("SEND + MORE = MONEY")
RIGHT = "S=9, E=5, N=6, D=7, M=1, O=0, R=8, Y=2"
SMALL = about("Q + B = T", Q=3, B=5)
OPEN = about("A + B = C", A=3)
TENS = about("AB + AB = BC")
TIMES = about("AB * C = DE", C=7)
KAY = about("K + B = T", B=5)

ACCEPTED = {
    "as asked": (RIGHT, SEND),
    "sorted, no spaces": ("D=7,E=5,M=1,N=6,O=0,R=8,S=9,Y=2", SEND),
    "lower case": (RIGHT.lower(), SEND),
    "colons on lines": (RIGHT.replace("=", ": ").replace(", ", "\n"), SEND),
    "a dictionary": ('{"B": 5, "Q": 3, "T": 8}', SMALL),
    "in words, with a full stop": ("B is 5, Q is 3, T is 8.", SMALL),
    "one of several": ("A=3, B=5, C=8", OPEN),
    "another one": ("A=3, B=4, C=7", OPEN),
    "zero as a number of one digit": ("A=3, B=0", {**OPEN, "words": ["A", "B", "A"]}),
    "a product": ("A=1, B=2, C=7, D=8, E=4", TIMES),
}
REJECTED = {
    "line not true": ("B=5, Q=3, T=9", SMALL),
    "a given digit changed": ("B=4, Q=3, T=7", SMALL),
    "two letters with one digit": ("A=3, B=3, C=6", OPEN),
    "leading zero": ("A=0, B=0, C=0", TENS),
    "leading zero, all different": ("S=0, E=5, N=6, D=7, M=1, O=9, R=8, Y=2", SEND),
    "zero in front makes the line true": ("A=0, B=1, C=2", about("AB + B = C")),
    "a letter left out": ("B=5, Q=3", SMALL),
    "a letter too many": ("B=5, Q=3, T=8, X=1", SMALL),
    "a letter twice": ("B=5, Q=3, T=8, T=8", SMALL),
    "two digits for one letter": ("B=5, Q=3, T=7, T=8", SMALL),
    "number for a letter": ("B=5, Q=3, T=08", SMALL),
    "two-digit value": ("A=3, B=7, C=10", OPEN),
    "negative": ("A=3, B=-1, C=2", OPEN),
    "only the numbers": ("3 + 5 = 8", SMALL),
    "only the digits": ("5 3 8", SMALL),
    "the line in letters": ("Q + B = T", SMALL),
    "carry forgotten": ("S=9, E=5, N=6, D=7, M=1, O=0, R=8, Y=3", SEND),
    "in a sentence": ("the answer is B=5 and Q=3 and T=8", SMALL),
    "an expression": ("B=5, Q=3, T=3+5", SMALL),
    "chained": ("B=5, Q=3, T=B", SMALL),
    "superscript digit": ("B=5, Q=3, T=\u2078", SMALL),
    "Arabic digit": ("B=5, Q=3, T=\u0668", SMALL),
    "Kelvin sign for K": ("\u212a=3, B=5, T=8", KAY),
    "full-width letter": ("B=5, Q=3, \uff34=8", SMALL),
    "nothing": ("", SMALL),
    "braces": ("{}", SMALL),
    "100,000 characters": ("B=5, " * 20_000, SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def oracle(answer, payload):
    """Write the digits into the line and work it out by school methods; own reading of the answer."""
    text = answer.strip()
    if len(text) > 600 or not text.isascii():
        return False
    text = text[:-1] if text.endswith(".") else text
    text = text[1:-1] if text[:1] == "{" and text[-1:] == "}" else text
    digits = {}
    for piece in re.split("[,;\n]", text.upper()):
        words = re.sub("[\"']", "", re.sub("[:=]| IS ", " ", piece, count=1)).split()
        if not words:
            continue
        if len(words) != 2 or len(words[0]) != 1 or words[1] not in set("0123456789") or words[0] in digits:
            return False
        digits[words[0]] = words[1]
    words = payload["words"]
    if set(digits) != set("".join(words)) or len(set(digits.values())) < len(digits):
        return False
    if any(digits[letter] != str(digit) for letter, digit in payload["given"].items()):
        return False
    numbers = [word.translate({ord(k): v for k, v in digits.items()}) for word in words]
    if any(len(number) > 1 and number[0] == "0" for number in numbers):
        return False
    result = [0] * 40
    if payload["product"]:
        result[0] = 1
        for number in numbers[:-1]:
            fresh = [0] * 60
            for i, a in enumerate(reversed(number)):
                for j, b in enumerate(result):
                    if b:
                        fresh[i + j] += int(a) * b
            result = carried(fresh)[:40]
    else:
        for number in numbers[:-1]:
            for i, a in enumerate(reversed(number)):
                result[i] += int(a)
        result = carried(result)
    return "".join(map(str, reversed(result))).lstrip("0").rjust(1, "0") == numbers[-1]


def carried(columns):
    carry, result = 0, []
    for column in columns:
        carry, digit = divmod(column + carry, 10)
        result.append(digit)
    return result


def all_answers(payload):
    letters = sorted(set("".join(payload["words"])))
    unknown = [letter for letter in letters if letter not in payload["given"]]
    for digits in permutations(range(10), len(unknown)):
        value = {**payload["given"], **dict(zip(unknown, digits, strict=True))}
        yield ", ".join(f"{letter}={value[letter]}" for letter in letters)


def solutions(payload):
    """Try all digits for the unknown letters."""
    return (answer for answer in all_answers(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", [0, 1])
def test_all_digits_of_small_instances(level):
    for index in range(20):
        instance = get_task("cryptarithm").pose(index, level)
        right = [answer for answer in all_answers(instance.payload) if verify(answer, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize(
    "payload", [OPEN, TENS, about("AB * A = CDB"), about("A * B = CD")], ids=lambda p: p["words"][0]
)
def test_the_search_counts_as_brute_force_does(payload):
    right = [answer for answer in all_answers(payload) if verify(answer, payload).score == 1.0]
    assert right == list(solutions(payload))
    assert count_solutions(payload["words"], payload["product"], payload["given"])[0] == min(2, len(right))


def test_levels_hold_what_their_parameters_say():
    for level, params in enumerate(get_task("cryptarithm").levels):
        for index in range(10 if level < 4 else 1):
            payload = get_task("cryptarithm").pose(index, level).payload
            letters = set("".join(payload["words"]))
            assert [len(word) for word in payload["words"][:-1]] == [int(n) for n in params.lengths.split()]
            assert len(letters) >= params.letters and len(letters) - len(payload["given"]) <= params.unknown


@pytest.mark.parametrize(
    "change", [{"lengths": "4"}, {"lengths": "4 x"}, {"lengths": "9 9"}, {"unknown": 0}, {"letters": 11}]
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("cryptarithm").pose(0, 4, params=change)
