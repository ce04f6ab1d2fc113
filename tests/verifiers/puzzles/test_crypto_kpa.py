import re
from functools import cache
from itertools import permutations, product
from string import ascii_lowercase as ABC

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.puzzles._words import words_of
from gradarium.verifiers.puzzles.crypto_kpa import verify


def about(steps, known, coded, target):
    return {
        "steps": [[name, int(size)] for name, size in (step.split(":") for step in steps.split("+"))],
        "known": known,
        "coded": coded,
        "target": target,
    }


CAESAR = about("caesar:3", "dog", "FQI", "ECV")
SMALL = about("caesar:1", "dog", "FQI", "ECV")
ALPHABET = about("alphabet:26", "catsdog", "XYZQWER", "RQWE")
VIGENERE = about("vigenere:5", "attackatdawn", "LXFOPVEFRNHR", "PRQRNS")
RAILS = about("rail_fence:5", "wearediscovered", "WECRERDSOEEAIVD", "FEDLERM")
COLUMNS = about("columns:3", "abcdefgh", "CFADGBEH", "TCNOIXAS")
HILL = about("hill:26", "helpshow", "HIATKLUM", "HIAT")
AFFINE = about("affine:26", "affine", "IHHWVC", "SWFRCP")
AUTO = about("autokey:7", "attackatdawn", "QNXEPVYTWTWP", "DIITNLOVL")
TWO = about("rail_fence:3+caesar:25", "alphabetical", "BCSMQIEFUIDB", "UIFPNMOPHN")

ACCEPTED = {
    "caesar": ("cat", CAESAR),
    "upper case with a full stop": ("CAT.", CAESAR),
    "letters apart": ("c a t", CAESAR),
    "in quotes": ("'cat'", CAESAR),
    "affine": ("cipher", AFFINE),
    "substitution": ("gdog", about("alphabet:26", "catsdog", "XYZQWER", "RWER")),
    "rail fence": ("flee", about("rail_fence:3", "abcdefg", "AEBDFCG", "FLEE")),
    "columns": ("secret", about("columns:3", "abcdefg", "CFADGBE", "CTSREE")),
    "a rail fence and a shift": ("flee", about("rail_fence:3+caesar:25", "abcdefg", "BFCEGDH", "GMFF")),
}
REJECTED = {
    "the known text": ("dog", CAESAR),
    "the ciphertext": ("ecv", CAESAR),
    "encrypted once more": ("gex", CAESAR),
    "another key than the known text has": ("dbu", CAESAR),
    "a key out of the stated range": ("cat", SMALL),
    "one letter off": ("bat", CAESAR),
    "a letter missing": ("ca", CAESAR),
    "a letter too many": ("cats", CAESAR),
    "the text twice": ("cat cat", CAESAR),
    "known and asked text": ("dog cat", CAESAR),
    "two candidates": ("cat or dbu", CAESAR),
    "in a sentence": ("the text is cat", CAESAR),
    "a letter for two": ("gooo", ALPHABET),
    "wildcards": ("c?t", CAESAR),
    "digits": ("c4t", CAESAR),
    "Cyrillic a": ("c\u0430t", CAESAR),
    "full-width letters": ("\uff43\uff41\uff54", CAESAR),
    "nothing": ("", CAESAR),
    "only commas": (",,,", CAESAR),
    "100,000 letters": ("cat" * 33_334, CAESAR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def backwards(method, key, text):
    """Decrypt; written apart from generator and verifier."""
    n = len(text)
    if method == "rail_fence":
        zigzag = [*range(key), *range(key - 2, 0, -1)]
        order = [i for row in range(key) for i in range(n) if zigzag[i % len(zigzag)] == row]
    elif method == "columns":
        order = [i for column in key for i in range(n) if i % len(key) == column]
    elif method == "alphabet":
        return "".join(key.get(c, "?") for c in text)
    elif method == "hill":
        table = {}
        for x, y in product(range(26), repeat=2):
            table[(key[0] * x + key[1] * y) % 26, (key[2] * x + key[3] * y) % 26] = ABC[x] + ABC[y]
        return "".join(table[ABC.index(text[i]), ABC.index(text[i + 1])] for i in range(0, n, 2))
    elif method in ("caesar", "affine"):
        a, b = (1, key) if method == "caesar" else key
        table = {ABC[(a * x + b) % 26]: c for x, c in enumerate(ABC)}
        return "".join(table[c] for c in text)
    else:
        plain = ""
        for i, c in enumerate(text):
            under = key[i % len(key)] if method == "vigenere" or i < len(key) else plain[i - len(key)]
            plain += ABC[ABC.index(c) - ABC.index(under)]
        return plain
    plain = [""] * n
    for place, char in zip(order, text, strict=True):
        plain[place] = char
    return "".join(plain)


def candidates(method, size, plain, coded):
    """Yield keys that may fit, found from the known pair (``plain`` may be None: all keys of a transposition)."""
    if method == "rail_fence":
        yield from range(2, size + 1)
    elif method == "columns":
        for width in range(2, size + 1):
            yield from permutations(range(width))
    elif method == "caesar":
        yield from range(1, size + 1)
    elif method == "affine":
        yield from product((1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25), range(26))
    elif method == "alphabet":
        yield dict(zip(coded, plain, strict=True))
    elif method == "hill":
        known = [[ABC.index(c) for c in text] for text in (plain, coded)]
        rows = []
        for half in (0, 1):
            fit = set(product(range(26), repeat=2))
            for i in range(0, len(plain), 2):
                x, y, z = known[0][i], known[0][i + 1], known[1][i + half]
                fit = {(a, b) for a, b in fit if (a * x + b * y) % 26 == z}
            rows.append(sorted(fit))
        yield from (
            top + low for top in rows[0] for low in rows[1] if (top[0] * low[1] - top[1] * low[0]) % 26 in UNITS
        )
    else:
        stream = "".join(ABC[ABC.index(c) - ABC.index(p)] for p, c in zip(plain, coded, strict=True))
        yield from (stream[:n] for n in range(1, size + 1))


UNITS = {1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 25}


@cache
def texts_of(steps, known, coded, target):
    """Return what every key that fits the known pair makes of the target."""
    (method, size), *more = steps
    found = set()
    if more:
        for key in candidates(method, size, None, None):
            # the transposed known text, by looking where each letter of "backwards" comes from
            n = len(known)
            marks = [chr(0x4E00 + i) for i in range(n)]
            back = backwards(method, key, "".join(marks))
            middle = [""] * n
            for i, mark in enumerate(back):
                middle[marks.index(mark)] = known[i]
            found |= {backwards(method, key, text) for text in texts_of(tuple(more), "".join(middle), coded, target)}
        return found
    for key in candidates(method, size, known, coded):
        if method == "alphabet" and len(set(key.values())) < len(key):
            continue
        if backwards(method, key, coded) == known:
            found.add(backwards(method, key, target))
    return found


def read(answer):
    """Return the letters of an answer as a person would; None if it is no text."""
    text = answer.strip()
    text = text[:-1] if text.endswith(".") else text
    if len(text) > 1 and text[0] + text[-1] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    parts = re.split(r"[\s,;]+", text)
    parts = [part[1:-1] if len(part) > 2 and part[0] == part[-1] and part[0] in "'\"" else part for part in parts]
    if len(answer) > 10_000 or not all(parts) or not set("".join(parts)) <= set(ABC + ABC.upper()):
        return None
    return "".join(parts).lower()


def found_texts(payload):
    steps = tuple((method, size) for method, size in payload["steps"])
    return texts_of(steps, payload["known"], payload["coded"].lower(), payload["target"].lower())


def oracle(answer, payload):
    """Compare with what the keys that fit make of the target."""
    text = read(answer)
    return text is not None and len(text) == len(payload["target"]) and text in found_texts(payload)


def solutions(payload):
    """Decrypt with every key that fits."""
    yield from sorted(found_texts(payload))


@pytest.mark.parametrize("level", range(8))
def test_all_keys_that_fit_give_one_text(level):
    for index in range(20 if level < 6 else 4):
        instance = get_task("crypto_kpa").pose(index, level)
        assert list(solutions(instance.payload)) == [instance.reference.replace(" ", "")]
        assert verify(instance.reference, instance.payload).score == 1.0


@pytest.mark.parametrize("level", [0, 1])
def test_all_words_of_small_instances(level):
    for index in range(12):
        payload = get_task("crypto_kpa").pose(index, level).payload
        length = len(payload["target"])
        shifted = ["".join(ABC[ABC.index(c) - k] for c in payload["target"].lower()) for k in range(26)]
        words = [*words_of(length, length), *shifted, *words_of(length + 1, length + 1)]
        right = [word for word in words if verify(word, payload).score == 1.0]
        assert right == [word for word in words if oracle(word, payload)] and len(set(right)) == 1


@pytest.mark.parametrize("payload", [ALPHABET, VIGENERE, RAILS, COLUMNS, AFFINE, AUTO], ids=lambda p: p["steps"][0][0])
def test_damaged_texts(payload):
    """Every text that a key gives, and all with one letter replaced: both judges agree."""
    right = sorted(found_texts(payload))
    assert right
    texts = {text[:i] + char + text[i + 1 :] for text in right for i in range(len(text)) for char in ABC}
    for text in sorted(texts | set(right)):
        if "?" not in text:
            assert (verify(text, payload).score == 1.0) == oracle(text, payload), text


def test_an_open_key_accepts_every_text_that_fits():
    payload = about("vigenere:3", "ab", "BC", "BBZ")  # keywords b, bb and bb?
    assert {text for text in map("".join, product("a" + ABC, repeat=3)) if verify(text, payload).score == 1.0} >= {
        "aay"
    }


def test_senseless_parameters_are_refused():
    task = get_task("crypto_kpa")
    for ciphers in (
        "caesar:26",
        "columns:9",
        "rail_fence:1",
        "caesar",
        "caesar:3+columns:3",
        "columns:3+columns:3",
        "",
    ):
        with pytest.raises(BadValue):
            task.pose(0, 0, params={"ciphers": ciphers})
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"ciphers": "enigma:3"})
    with pytest.raises(BadValue):
        task.pose(0, 0, params={"known": 0})
