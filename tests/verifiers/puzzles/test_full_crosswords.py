import re
from itertools import permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.full_crosswords import verify

OPEN = {"grid": ["...", ".##", ".##"], "words": ["cat", "cow", "dog"], "clues": []}
CLUED = {**OPEN, "clues": [[1, "down", "ends", "w"]]}
SQUARE = {"grid": ["...", ".#.", "..."], "words": ["bat", "big", "get", "tot", "top"], "clues": []}

ACCEPTED = {
    "spaces": ("c a t\no # #\nw # #", CLUED),
    "no spaces": ("cat\no##\nw##", CLUED),
    "upper case and bars": ("| C | A | T |\n| O | # | # |\n| W | # | # |", CLUED),
    "list of lists": ("[[c, a, t],\n[o, #, #],\n[w, #, #]]", CLUED),
    "one of two fillings": ("cow\na##\nt##", OPEN),
}
REJECTED = {
    "clue broken": ("cow\na##\nt##", CLUED),
    "word used twice": ("cat\na##\nt##", OPEN),
    "word not in the list": ("car\no##\nw##", OPEN),
    "words listed, not crossed": ("cat cow", OPEN),
    "every word only somewhere": ("cat\ncow\ndog", OPEN),
    "given letter changed": ("cat\no##\nw##", {**OPEN, "grid": ["d..", ".##", ".##"]}),
    "blocked cell filled": ("cat\noxx\nwxx", OPEN),
    "cell blocked": ("cat\n###\n###", OPEN),
    "dots left": ("cat\n.##\n.##", OPEN),
    "unchecked last entry": ("bat\ni#o\ngxt", SQUARE),
    "row missing": ("cat\no##", OPEN),
    "two grids dumped": ("cat\no##\nw##\ncow\na##\nt##", OPEN),
    "full-width letters": ("\uff43at\no##\nw##", OPEN),
    "Kelvin sign": ("\u212aat\no##\nw##", {**OPEN, "words": ["kat", "kow"]}),
    "empty": ("", OPEN),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def runs(rows):
    """Return {(row, column, way): text} of all runs of two or more cells, by patterns on rows and columns."""
    found = {(r, m.start(), "across"): m[0] for r, row in enumerate(rows) for m in re.finditer("[^#]{2,}", row)}
    for c, column in enumerate(map("".join, zip(*rows, strict=True))):
        found |= {(m.start(), c, "down"): m[0] for m in re.finditer("[^#]{2,}", column)}
    return found


CLUES = {
    "letters": lambda word, value: sorted(word) == list(value),
    "begins": lambda word, value: word[0] == value,
    "ends": lambda word, value: word[-1] == value,
    "vowels": lambda word, value: len(re.sub("[^aeiou]", "", word)) == int(value),
    "half": lambda word, value: bool(re.match(f"[{value}]", word)),
}


def oracle(answer, payload):
    """Judge by patterns; written apart from the verifier."""
    given = payload["grid"]
    if len(answer) > 5_000 or not answer.isascii():
        return False
    rows = [line for line in re.sub(r"[ \t,|\[\]]", "", answer.lower()).splitlines() if line.strip("-+=")]
    if len(rows) != len(given):
        return False
    for row, line in zip(rows, given, strict=True):
        if not re.fullmatch(line.replace(".", "[a-z]"), row):
            return False
    found = runs(rows)
    words = list(found.values())
    if len(set(words)) < len(words) or not set(words) <= set(payload["words"]):
        return False
    starts = sorted({place[:2] for place in found})
    return all(CLUES[kind](found[(*starts[n - 1], way)], value) for n, way, kind, value in payload["clues"])


def fillings(payload):
    """Yield every grid in which different words of the list stand in the entries, crossings right or not."""
    given = payload["grid"]
    places = sorted(runs(given))
    lengths = [len(runs(given)[place]) for place in places]
    for words in permutations(payload["words"], len(places)):
        if [len(word) for word in words] == lengths:
            cells = [list(row) for row in given]
            for (r, c, way), word in zip(places, words, strict=True):
                for i, letter in enumerate(word):
                    cells[r + i * (way == "down")][c + i * (way == "across")] = letter
            yield "\n".join(map(" ".join, cells))


def solutions(payload):
    """Yield all right grids."""
    yield from dict.fromkeys(grid for grid in fillings(payload) if oracle(grid, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_filling_of_small_instances(level):
    for index in range(20):
        instance = get_task("full_crosswords").pose(index, level)
        answers = list(fillings(instance.payload))
        answers += [instance.reference.replace(letter, "e") for letter in "abc"]
        judged = [verify(answer, instance.payload).score == 1.0 for answer in answers]
        assert judged == [oracle(answer, instance.payload) for answer in answers]
        assert list(solutions(instance.payload)) == [instance.reference]


def test_open_grids_have_several_fillings():
    assert len(list(solutions(OPEN))) == 2
    assert all(verify(answer, OPEN).score == 1.0 for answer in solutions(OPEN))
