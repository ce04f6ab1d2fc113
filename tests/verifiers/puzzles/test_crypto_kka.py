import random
import re
from itertools import product
from string import ascii_lowercase as ABC

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.puzzles._ciphers import decrypt, encrypt
from gradarium.generators.puzzles._words import words_of
from gradarium.verifiers.puzzles.crypto_kka import UNDO, verify


def about(ciphertext, *steps):
    return {"ciphertext": ciphertext, "steps": [[*step] for step in steps]}


CAT = about("ECV", ("caesar", 2))
RAIN = about("RIAN", ("rail_fence", 2))
KAYAK = about("LBZBL", ("caesar", 1))

ACCEPTED = {
    "a word": ("cat", CAT),
    "upper case": ("CAT", CAT),
    "in quotes": ('"cat"', CAT),
    "with a full stop": ("cat.", CAT),
    "letters apart": ("c a t", CAT),
    "a list of letters": ("[c, a, t]", CAT),
    "rail fence": ("rain", RAIN),
    "the classical example": ("attackatdawn", about("LXFOPVEFRNHR", ("vigenere", "lemon"))),
    "with spaces": ("attack at dawn", about("LXFOPVEFRNHR", ("vigenere", "lemon"))),
    "autokey": ("attack at dawn", about("QNXEPVYTWTWP", ("autokey", "queenly"))),
    "Hill, from the textbooks": ("help", about("HIAT", ("hill", [3, 3, 2, 5]))),
    "affine, from the textbooks": ("affine cipher", about("IHHWVCSWFRCP", ("affine", [5, 8]))),
    "three rails": (
        "we are discovered flee at once",
        about("WECRLTEERDSOEEFEAOCAIVDEN", ("rail_fence", 3)),
    ),
    "columns": (
        "we are discovered flee at once",
        about("EVLNACDTESEAROFODEECWIREE", ("columns", [5, 3, 2, 4, 6, 1])),
    ),
    "playfair": ("hide", about("BMOD", ("playfair", "playfirexm"))),
    "two steps": ("cats", about("FWDV", ("rail_fence", 2), ("caesar", 3))),
    "atbash": ("wizard", about("DRAZIW", ("atbash", None))),
}
REJECTED = {
    "the ciphertext": ("ecv", CAT),
    "encrypted once more": ("gex", CAT),
    "another word": ("dog", CAT),
    "one letter off": ("bat", CAT),
    "a letter missing": ("ca", CAT),
    "a letter too many": ("cats", CAT),
    "the message twice": ("cat cat", CAT),
    "two candidates": ("cat or dog", CAT),
    "all shifts dumped": (" ".join("".join(chr(97 + (ord(c) - 97 - k) % 26) for c in "ecv") for k in range(26)), CAT),
    "in a sentence": ("the message is cat", CAT),
    "backwards": ("tac", CAT),
    "anagram": ("iran", RAIN),
    "with a hyphen": ("c-at", CAT),
    "with a digit": ("c4t", CAT),
    "Cyrillic a": ("c\u0430t", CAT),
    "full-width letters": ("\uff43\uff41\uff54", CAT),
    "Kelvin sign for k": ("\u212aayak", KAYAK),
    "Turkish dotless i": ("ra\u0131n", RAIN),
    "wildcards": ("c?t", CAT),
    "code": ("'cat'.lower()", CAT),
    "nothing": ("", CAT),
    "only commas": (",,,", CAT),
    "100,000 letters": ("cat" * 33_334, CAT),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def pairwise(text):
    return [text[i : i + 2] for i in range(0, len(text), 2)]


def forward(method, key, text):
    """Encrypt; written apart from generator and verifier: tables and matrices, as one would draw them on paper."""
    place = ABC.index
    shift = lambda a, b: ABC[(place(a) + place(b)) % 26]  # noqa: E731
    if method == "caesar":
        return "".join(ABC[(place(c) + key) % 26] for c in text)
    if method == "atbash":
        return "".join(ABC[25 - place(c)] for c in text)
    if method == "affine":
        return "".join(ABC[(place(c) * key[0] + key[1]) % 26] for c in text)
    if method in ("alphabet", "keyword"):
        table = key + "".join(c for c in ABC if c not in key)
        table = [c for i, c in enumerate(table) if c not in table[:i]]
        return "".join(table[place(c)] for c in text)
    if method == "vigenere":
        return "".join(shift(c, key[i % len(key)]) for i, c in enumerate(text))
    if method == "autokey":
        return "".join(map(shift, text, key + text))
    if method == "rail_fence":
        rows = [""] * key
        zigzag = [*range(key), *range(key - 2, 0, -1)]
        for i, c in enumerate(text):
            rows[zigzag[i % len(zigzag)]] += c
        return "".join(rows)
    if method == "columns":
        return "".join(text[column - 1 :: len(key)] for column in key)
    if method == "hill":
        a, b, c, d = key
        codes = [(place(x), place(y)) for x, y in pairwise(text)]
        return "".join(ABC[(a * x + b * y) % 26] + ABC[(c * x + d * y) % 26] for x, y in codes)
    letters = [c for c in key + ABC if c != "j"]
    square = [c for i, c in enumerate(letters) if c not in letters[:i]]
    result = ""
    for x, y in pairwise(text):
        i, j = square.index(x), square.index(y)
        if i // 5 == j // 5:
            result += square[i // 5 * 5 + (i + 1) % 5] + square[j // 5 * 5 + (j + 1) % 5]
        elif i % 5 == j % 5:
            result += square[(i + 5) % 25] + square[(j + 5) % 25]
        else:
            result += square[i // 5 * 5 + j % 5] + square[j // 5 * 5 + i % 5]
    return result


def read(answer):
    """Return the letters of an answer as a person would; None if it is no message."""
    text = answer.strip()
    text = text[:-1] if text.endswith(".") else text
    if len(text) > 1 and text[0] + text[-1] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    parts = re.split(r"[\s,;]+", text)
    parts = [part[1:-1] if len(part) > 2 and part[0] == part[-1] and part[0] in "'\"" else part for part in parts]
    if len(answer) > 10_000 or not all(parts) or not set("".join(parts)) <= set(ABC + ABC.upper()):
        return None
    return "".join(parts).lower()


def oracle(answer, payload):
    """Encrypt the answer and look whether the ciphertext comes out."""
    text = read(answer)
    if text is None or len(text) != len(payload["ciphertext"]):
        return False
    for method, key in payload["steps"]:
        if method == "playfair" and ("j" in text or any(a == b for a, b in pairwise(text))):
            return False
        text = forward(method, key, text)
    return text.upper() == payload["ciphertext"]


def solutions(payload):
    """Encrypt every common word (level 0 and 1 have one)."""
    for word in words_of(len(payload["ciphertext"]), len(payload["ciphertext"])):
        if oracle(word, payload):
            yield word


@pytest.mark.parametrize("level", [0, 1])
def test_all_words_of_small_instances(level):
    for index in range(12):
        payload = get_task("crypto_kka").pose(index, level).payload
        length = len(payload["ciphertext"])
        words = [*words_of(length, length), *(w[:-1] for w in words_of(length + 1, length + 1)), payload["ciphertext"]]
        right = [word for word in words if verify(word, payload).score == 1.0]
        assert right == [word for word in words if oracle(word, payload)]
        assert len(set(right)) == 1 and set(solutions(payload)) == set(right)


def test_all_texts_of_three_letters_have_one_right_one():
    texts = ["".join(chars) for chars in product("abcdefgh", repeat=3)]
    for step in (("caesar", 2), ("affine", [3, 1]), ("vigenere", "ace"), ("autokey", "ac"), ("columns", [2, 1])):
        payload = about(forward(*step, "fed").upper(), step)
        assert [text for text in texts if verify(text, payload).score == 1.0] == ["fed"]


KEYS = {
    "caesar": [1, 25],
    "atbash": [None],
    "affine": [[3, 0], [25, 7]],
    "alphabet": ["qwertyuiopasdfghjklzxcvbnm"],
    "keyword": ["balloon", "zebra"],
    "vigenere": ["b", "lemon"],
    "autokey": ["b", "lemonade"],
    "rail_fence": [2, 3, 9],
    "columns": [[2, 1], [3, 1, 2], [5, 3, 1, 2, 4, 6, 9, 8, 7]],
    "hill": [[3, 3, 2, 5], [0, 1, 1, 0]],
    "playfair": ["balloon", "xyz"],
}


@pytest.mark.parametrize("method", UNDO)
def test_three_implementations_agree(method):
    rng = random.Random(method)
    for key in KEYS[method]:
        for _ in range(30):
            text = "".join(rng.sample(ABC.replace("j", ""), 2 * rng.randint(1, 12)))
            cipher = encrypt(method, key, text)
            assert cipher == forward(method, key, text) and len(cipher) == len(text)
            assert UNDO[method](key, cipher) == decrypt(method, key, cipher) == text


def test_every_level_uses_all_its_ciphers():
    for level, params in enumerate(get_task("crypto_kka").levels):
        posed = [get_task("crypto_kka").pose(i, level) for i in range(40)]
        assert {step[0] for p in posed for step in p.payload["steps"]} == set(params.ciphers.split())
        assert all(len(p.payload["steps"]) == params.steps and oracle(p.reference, p.payload) for p in posed)


def test_senseless_parameters_are_refused():
    task = get_task("crypto_kka")
    for change in ({"steps": 0}, {"steps": 9}, {"size": 0}, {"words": 0}):
        with pytest.raises(BadValue):
            task.pose(0, 0, params=change)
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"ciphers": "enigma"})
