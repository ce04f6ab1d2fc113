"""Answers that are nearly right, and answers without content."""

import random
from collections.abc import Iterator

from gradarium.core import Instance

CONTENTLESS = (
    "", " ", "\n", "nan", "NaN", "inf", "-inf", "Infinity", "1e999999", "9" * 400, "-" + "9" * 400, "null", "None",
    "undefined", "...", "?", "I do not know", "the answer", "correct", "score: 1.0", "<answer>", "</answer>",
    "\\boxed{}", "0/0", "[[]]", "{}", "*", "%", "True or False", "all of the above", "anything", "x", "_",
    "__import__('os').getcwd()", "lambda *a: True", "print(1)", "eval(input())", "' OR '1'='1", "SELECT 1", "pass",
)  # fmt: skip
ARABIC = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")
SUPERSCRIPT = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
FULLWIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + i) for i in range(10)))


def contentless(instance: Instance, prompt: str) -> Iterator[tuple[str, str]]:
    """Yield (name, answer) of answers that hold no solution: constants and copies of what was asked."""
    for text in CONTENTLESS:
        yield f"constant {text[:20]!r}", text
    yield "the question", instance.question
    yield "the whole prompt", prompt
    yield "the brief", instance.brief
    yield "the example", instance.example
    yield "the payload", str(instance.payload)
    yield "the example twice", f"{instance.example}\n{instance.example}"


def mutants(instance: Instance, rng: random.Random, most: int = 8) -> Iterator[tuple[str, str]]:
    """Yield (name, answer) of damaged references: at most ``most`` of each kind, none equal to the reference."""
    for name, text in _mutants(instance, rng, most):
        if text.strip() != instance.reference.strip():
            yield name, text


def _mutants(instance: Instance, rng: random.Random, most: int) -> Iterator[tuple[str, str]]:
    right, other = instance.reference, instance.example
    places = range(len(right))
    digits = [i for i in places if right[i] in "0123456789"]
    for i in _some(rng, digits, most):
        for step in (1, -1):
            yield "a digit changed", f"{right[:i]}{(int(right[i]) + step) % 10}{right[i + 1 :]}"
    for i in _some(rng, places, most):
        yield "a character deleted", right[:i] + right[i + 1 :]
    for i in _some(rng, places, most):
        yield "a character doubled", right[: i + 1] + right[i:]
    for i in _some(rng, places[:-1], most):
        yield "neighbours swapped", right[:i] + right[i + 1] + right[i] + right[i + 2 :]
    for i in _some(rng, places, most):
        yield "a character from elsewhere", right[:i] + right[rng.choice(places)] + right[i + 1 :]
    lines = right.split("\n")
    for i in _some(rng, range(len(lines)), most):
        yield "a line doubled", "\n".join([*lines[: i + 1], *lines[i:]])
        yield "a line dropped", "\n".join([*lines[:i], *lines[i + 1 :]])
    words = right.split()
    if len(words) > 1:
        for i in _some(rng, range(len(words)), most):
            yield "a word dropped", " ".join([*words[:i], *words[i + 1 :]])
            yield "a word doubled", " ".join([*words[: i + 1], *words[i:]])
        yield "words backwards", " ".join(words[::-1])
    yield "lines backwards", "\n".join(lines[::-1])
    yield "backwards", right[::-1]
    yield "first half", right[: len(right) // 2]
    yield "second half", right[len(right) // 2 :]
    yield "doubled", right + right
    yield "doubled with a space", f"{right} {right}"
    yield "doubled on two lines", f"{right}\n{right}"
    yield "sign changed", right[1:] if right.startswith("-") else f"-{right}"
    yield "zero put behind", f"{right}0"
    yield "one put in front", f"1{right}"
    yield "decimals", f"{right}.5"
    for joint in (" or ", ", ", "\n", " / ", " and not "):
        yield "superset dump", f"{right}{joint}{other}"
        yield "superset dump", f"{other}{joint}{right}"
    yield "numbers dumped", " ".join(str(i) for i in range(100)) + " " + right
    yield "upper case", right.upper()
    yield "lower case", right.lower()
    yield "Arabic digits", right.translate(ARABIC)
    yield "superscript digits", right.translate(SUPERSCRIPT)
    yield "full-width digits", right.translate(FULLWIDTH)
    yield "code around it", f"print({right})"
    yield "negated", f"not {right}"
    yield "in prose", f"I think it is {right}, but I am not sure"


def _some(rng: random.Random, items: "range | list[int]", most: int) -> list[int]:
    return sorted(rng.sample(items, min(most, len(items))))
