import json
import re
from functools import cache
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.generators.puzzles.symbolic_hard import TEXTS, write
from gradarium.verifiers.puzzles.symbolic_hard import BINARY, UNARY, evaluate, verify

JOIN = {
    "equations": [[["@", "ab", "c"], "abc"], [["~", "abc"], "cba"]],
    "query": ["@", "ab", ["~", "cd"]],
    "binary": ["join", "join backward"],
    "unary": ["reverse", "sort"],
    "meanings": {"@": "join", "~": "reverse"},
}

ACCEPTED = {
    "plain": ("abdc", JOIN),
    "upper case": ("ABDC", JOIN),
    "letters apart": ("a b d c", JOIN),
    "list of letters": ("['a', 'b', 'd', 'c']", JOIN),
    "full stop": ("abdc.", JOIN),
}
REJECTED = {
    "inner sign ignored": ("abcd", JOIN),
    "the other meaning": ("dcab", JOIN),
    "a letter too many": ("abdcc", JOIN),
    "a letter missing": ("abd", JOIN),
    "the expression": ("ab @ ~cd", JOIN),
    "an equation": ("ab @ ~cd = abdc", JOIN),
    "two answers": ("abdc or abcd", JOIN),
    "twice": ("abdc abdc", JOIN),
    "letters beyond the alphabet": ("abdz", JOIN),
    "full-width letters": ("\uff41bdc", JOIN),
    "nothing": ("", JOIN),
    "brackets around nothing": ("[]", JOIN),
    "code": ("'ab' + 'cd'[::-1]", JOIN),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def one(name, x):
    """Work out a meaning of a sign before a word, letter by letter; written apart from the verifier."""
    n = len(x)
    places = {
        "reverse": range(n - 1, -1, -1),
        "twice": [*range(n), *range(n)],
        "without first": range(1, n),
        "sort": sorted(range(n), key=x.__getitem__),
        "without last": range(n - 1),
        "first to end": [(i + 1) % n for i in range(n)],
        "last to front": [(i - 1) % n for i in range(n)],
        "without repeats": [i for i in range(n) if x.index(x[i]) == i],
        "squeeze": [i for i in range(n) if i == 0 or x[i] != x[i - 1]],
        "mirror": [*range(n), *reversed(range(n))],
        "odd places": range(0, n, 2),
    }
    if name == "next letters":
        return "".join("bcdefa"["abcdef".index(letter)] for letter in x)
    return "".join(x[i] for i in places[name])


def two(name, x, y):
    """Work out a meaning of a sign between two words."""
    letters_x, letters_y = list(x), list(y)
    match name:
        case "join":
            return "".join([x, y])
        case "join backward":
            return "".join([y, x])
        case "join reversed":
            return "".join(letters_x + letters_y[::-1])
        case "wrap":
            return "".join([x, y, x])
        case "alternate":
            out = ""
            while letters_x or letters_y:
                out += letters_x.pop(0) if letters_x else ""
                out += letters_y.pop(0) if letters_y else ""
            return out
        case "remove":
            return re.sub(f"[{y}]", "", x) if y else x
        case "keep":
            return re.sub(f"[^{y}]", "", x) if y else ""
        case "longer":
            return sorted([x, y], key=lambda word: -len(word))[0]
        case "insert":
            letters_x.insert(len(x) // 2, y)
            return "".join(letters_x)
        case "after first":
            letters_x.insert(1, y)
            return "".join(letters_x)
        case "cut":
            for _ in y:
                del letters_x[:1]
            return "".join(letters_x)
        case "earlier":
            return sorted([x, y])[0]
        case "exchange":
            if letters_x and letters_y:
                letters_x[0], letters_y[0] = letters_y[0], letters_x[0]
            return "".join(letters_x + letters_y)
        case "overwrite":
            letters_x[: len(y)] = letters_y
            return "".join(letters_x)
    raise ValueError(name)


def value(term, meanings):
    if isinstance(term, str):
        return term
    parts = [value(part, meanings) for part in term[1:]]
    return one(meanings[term[0]], *parts) if len(parts) == 1 else two(meanings[term[0]], *parts)


def signs_of(term):
    return sorted(set(re.findall("[@#&%~!^?]", write(term))))


def choices(payload):
    """Yield all choices of different meanings that satisfy the equations, equation by equation."""

    def extend(meanings, rest):
        if not rest:
            yield meanings
            return
        term, shown = rest[0]
        fresh = [sign for sign in signs_of(term) if sign not in meanings]
        menus = [payload["unary" if sign in "~!^?" else "binary"] for sign in fresh]
        for names in product(*menus):
            more = {**meanings, **dict(zip(fresh, names, strict=True))}
            if len(set(more.values())) == len(more) and value(term, more) == shown:
                yield from extend(more, rest[1:])

    yield from extend({}, payload["equations"])


@cache
def _result(text):
    payload = json.loads(text)
    return value(payload["query"], next(choices(payload)))


def oracle(answer, payload):
    """Find meanings that satisfy the equations, without the stored ones, and compare."""
    if len(answer) > 2_000 or not answer.isascii():
        return False
    word = re.sub(r"[][ \t\r\n,'\"]", "", answer)
    word = re.sub(r"\.\Z", "", word)
    right = _result(json.dumps({name: payload[name] for name in ("equations", "query", "binary", "unary")}))
    return word.lower() == right


def solutions(payload):
    """Yield the values under all choices that satisfy the equations."""
    yield from sorted({value(payload["query"], meanings) for meanings in choices(payload)})


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_all_meanings_that_fit_agree(level):
    for index in range(20):
        instance = get_task("symbolic_hard").pose(index, level)
        payload = instance.payload
        assert list(solutions(payload)) == [instance.reference]
        signs = sorted(payload["meanings"], key="@#&%~!^?".index)
        twos = [sign for sign in signs if sign in "@#&%"]
        values = {
            value(payload["query"], dict(zip(signs, (*a, *b), strict=True)))
            for a in permutations(payload["binary"][:6], len(twos))
            for b in permutations(payload["unary"][:4], len(signs) - len(twos))
        }
        for text in sorted({*values, instance.reference}):
            assert (verify(text, payload).score == 1.0) == oracle(text, payload) == (text == instance.reference)


def test_meanings_agree_with_the_letter_by_letter_ones():
    words = ["", "a", "ab", "bba", "abcf", "ffeda", "aabbaac"]
    for x in words:
        for name in UNARY:
            assert UNARY[name](x) == one(name, x), (name, x)
        for y in words:
            for name in BINARY:
                assert BINARY[name](x, y) == two(name, x, y), (name, x, y)


@pytest.mark.parametrize(
    ("name", "x", "y", "right"),
    [
        ("exchange", "abc", "", "abc"),
        ("exchange", "", "abc", "abc"),
        ("exchange", "", "", ""),
        ("exchange", "abc", "de", "dbcae"),
        ("earlier", "abc", "", ""),
        ("earlier", "", "abc", ""),
        ("earlier", "ab", "a", "a"),
    ],
)
def test_empty_words(name, x, y, right):
    assert BINARY[name](x, y) == two(name, x, y) == right


def test_every_meaning_is_explained():
    assert list(TEXTS) == [*UNARY, *BINARY]


def test_brackets():
    assert write(["~", ["@", "ab", ["!", ["~", "c"]]]]) == "~(ab @ !~c)"
    assert evaluate(["~", ["@", "ab", ["~", "cd"]]], JOIN["meanings"]) == "cdba"
