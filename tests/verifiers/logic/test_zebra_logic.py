import re
from itertools import permutations, product

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.logic.zebra_logic import CATEGORIES
from gradarium.verifiers.logic.zebra_logic import verify

TWO = {
    "titles": ["name", "pet"],
    "values": [["Ana", "Tom"], ["cat", "dog"]],
    "clues": [["at", "Tom", 2], ["same", "Ana", "dog"]],
}
OPEN = {**TWO, "clues": [["differ", "Ana", "cat"]]}
KAI = {"titles": ["name", "pet"], "values": [["Kai", "Tom"], ["cat", "dog"]], "clues": [["at", "Tom", 2]]}
RIGHT = "1, Ana, dog\n2, Tom, cat"

ACCEPTED = {
    "as asked": (RIGHT, TWO),
    "lines in another order": ("2, Tom, cat\n1, Ana, dog", TWO),
    "lower case, colons": ("1: ana, dog\n2: tom, cat", TWO),
    "the word house": ("House 1: Ana, dog\nHouse 2: Tom, cat", TWO),
    "spaces only": ("1 Ana dog\n2 Tom cat", TWO),
    "a table with titles and a ruler": (
        "| House | Name | Pet |\n|---|---|---|\n| 1 | Ana | dog |\n| 2 | Tom | cat |",
        TWO,
    ),
    "titles that begin with number": (f"Number, Name, Pet\n{RIGHT}", TWO),
    "titles that begin with no.": (f"No. | NAME | PET\n{RIGHT}", TWO),
    "a ruler above the titles": (f"+---+---+---+\n| house | name | pet |\n+---+---+---+\n{RIGHT}", TWO),
    "one of two solutions": (RIGHT, OPEN),
    "the other one": ("1, Tom, cat\n2, Ana, dog", OPEN),
}
REJECTED = {
    "a clue broken": ("1, Ana, cat\n2, Tom, dog", TWO),
    "houses swapped": ("1, Tom, cat\n2, Ana, dog", TWO),
    "wrong and right rows dumped": (f"{RIGHT}\n1, Ana, cat\n2, Tom, dog", TWO),
    "all rows dumped": (
        "\n".join(f"{h}, {n}, {p}" for h in (1, 2) for n in ("Ana", "Tom") for p in ("cat", "dog")),
        TWO,
    ),
    "the right table twice": (f"{RIGHT}\n{RIGHT}", TWO),
    "a third house": (f"{RIGHT}\n3, Alex, mouse", TWO),
    "a row missing": ("1, Ana, dog", TWO),
    "a value twice": ("1, Ana, dog\n2, Tom, dog", TWO),
    "a name twice": ("1, Ana, dog\n2, Ana, cat", TWO),
    "a house twice": ("1, Ana, dog\n1, Tom, cat", TWO),
    "columns swapped": ("1, dog, Ana\n2, cat, Tom", TWO),
    "two values in one cell": ("1, Ana, dog cat\n2, Tom, cat dog", TWO),
    "two values joined": ("1, Ana, dog/cat\n2, Tom, cat/dog", TWO),
    "a cell left open": ("1, Ana, dog\n2, Tom, ?", TWO),
    "no house numbers": ("Ana, dog\nTom, cat", TWO),
    "only the column that is sure": ("1, Ana\n2, Tom", TWO),
    "counted from 0": ("0, Ana, dog\n1, Tom, cat", TWO),
    "on one line": ("1, Ana, dog, 2, Tom, cat", TWO),
    "titles twice": (f"house, name, pet\nhouse, name, pet\n{RIGHT}", TWO),
    "junk instead of titles": (f"House, Ben, nonsense\n{RIGHT}", TWO),
    "a row of values instead of titles": (f"House, Tom, cat\n{RIGHT}", TWO),
    "titles in another order": (f"house, pet, name\n{RIGHT}", TWO),
    "a title too many": (f"house, name, pet, drink\n{RIGHT}", TWO),
    "a title missing": (f"house, name\n{RIGHT}", TWO),
    "titles without the house": (f"name, pet\n{RIGHT}", TWO),
    "titles below the table": (f"{RIGHT}\nhouse, name, pet", TWO),
    "titles between the houses": ("1, Ana, dog\nhouse, name, pet\n2, Tom, cat", TWO),
    "the word house alone": (f"House\n{RIGHT}", TWO),
    "the word house on a ruler": (f"{RIGHT}\nhouse ---", TWO),
    "nothing but titles": ("house, name, pet", TWO),
    "json": ('{"1": ["Ana", "dog"], "2": ["Tom", "cat"]}', TWO),
    "Arabic digits": ("\u0661, Ana, dog\n\u0662, Tom, cat", TWO),
    "Kelvin sign": ("1, \u212aai, dog\n2, Tom, cat", KAI),
    "full-width letters": ("1, \uff21na, dog\n2, Tom, cat", TWO),
    "nothing": ("", TWO),
    "100,000 characters": (f"{RIGHT}\n" * 4_000, TWO),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def keeps(clue, row):
    """Tell whether a clue holds where ``row[i]`` has the values of house i + 1; written apart from the verifier."""
    kind, first, *rest = clue
    i = next(k for k, values in enumerate(row) if first in values)
    if kind == "at":
        return first in row[rest[0] - 1]
    if kind == "end":
        return first in row[0] | row[-1]
    if kind == "either":
        return first in row[rest[0] - 1] | row[rest[1] - 1]
    second = rest[0]
    if kind == "same":
        return second in row[i]
    if kind == "differ":
        return second not in row[i]
    if kind == "left":
        return second in set().union(*row[i + 1 : i + 2])
    if kind == "before":
        return second in set().union(*row[i + 1 :])
    step = {"next": 1, "gap": 2}[kind]
    return any(second in row[k] for k in (i - step, i + step) if 0 <= k < len(row))


def oracle(answer, payload):
    """Read lines of words, rebuild the houses as sets, and look at each clue."""
    if len(answer) > 10_000 or not answer.isascii():
        return False
    spelled = {v.lower(): (c, v) for c, column in enumerate(payload["values"]) for v in column}
    n, k = len(payload["values"][0]), len(payload["titles"])
    row = [None] * n
    titles = " ".join(title.lower() for title in payload["titles"])
    above = True
    for line in answer.strip().lower().split("\n"):
        words = re.sub("[,;|:]", " ", line).split()
        if "".join(words).strip("-+=") == "":
            continue
        if above and " ".join(words) in {f"{first} {titles}" for first in ("house", "number", "no.")}:
            above = False
            continue
        above = False
        if words[0] == "house":
            words.pop(0)
        if len(words) != k + 1 or not re.fullmatch("[1-9][0-9]?", words[0]) or int(words[0]) > n:
            return False
        if row[int(words[0]) - 1] is not None or any(spelled.get(w, (-1,))[0] != c for c, w in enumerate(words[1:])):
            return False
        row[int(words[0]) - 1] = {spelled[word][1] for word in words[1:]}
    if None in row or len(set().union(*row)) != n * k:
        return False
    return all(keeps(clue, row) for clue in payload["clues"])


def all_answers(payload):
    n = len(payload["values"][0])
    for columns in product(*(list(permutations(column)) for column in payload["values"])):
        yield "\n".join(", ".join([str(i + 1), *(column[i] for column in columns)]) for i in range(n))


def solutions(payload):
    """Try all tables."""
    return (answer for answer in all_answers(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", range(3))
def test_all_tables_of_small_instances(level):
    for index in range(20 if level < 2 else 6):
        instance = get_task("zebra_logic").pose(index, level)
        answers = list(all_answers(instance.payload))
        right = [answer for answer in answers if verify(answer, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload)) == [instance.reference]


@pytest.mark.parametrize("kind", "at either end same differ next left before gap".split())
def test_each_kind_of_clue_in_all_tables(kind):
    values = [["Ana", "Tom", "Mia", "Leo"], ["cat", "dog", "goat", "horse"]]
    rest = {"at": [2], "either": [1, 3], "end": []}.get(kind, ["goat"])
    payload = {"titles": ["name", "pet"], "values": values, "clues": [[kind, "Tom", *rest]]}
    answers = list(all_answers(payload))
    right = [answer for answer in answers if verify(answer, payload).score == 1.0]
    assert right == list(solutions(payload)) and 0 < len(right) < len(answers)


def test_no_clue_is_to_spare():
    for index in range(10):
        payload = get_task("zebra_logic").pose(index, 2).payload
        for i in range(len(payload["clues"])):
            fewer = {**payload, "clues": payload["clues"][:i] + payload["clues"][i + 1 :]}
            assert len(list(solutions(fewer))) > 1


def test_values_cannot_be_mistaken():
    values = [value.lower() for category in CATEGORIES for value in category.values]
    assert len(set(values)) == len(values) and all(re.fullmatch("[a-z]+", value) for value in values)


def test_senseless_parameters_are_refused():
    task = get_task("zebra_logic")
    for change in ({"houses": 1}, {"houses": 9}, {"categories": 1}, {"kinds": "same"}, {"kinds": ""}):
        with pytest.raises(BadValue):
            task.pose(0, 0, params=change)
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"kinds": "at near"})
