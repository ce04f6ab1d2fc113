import re
from itertools import product

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.generators import get_task
from gradarium.generators.logic.knights_and_knaves import Worlds, draw_formula
from gradarium.verifiers.logic.knights_and_knaves import verify


def about(persons, *statements):
    return {"persons": persons.split(), "statements": [*map(list, statements)]}


PAIR = about("Mia Tom", ("Mia", ["and", ["knave", "Mia"], ["knave", "Tom"]]), ("Tom", ["knave", "Mia"]))
OPEN = about("Mia Tom", ("Mia", ["knight", "Tom"]))
KAI = about("Kai Ana", ("Kai", ["and", ["knave", "Kai"], ["knave", "Ana"]]))
THREE = about(
    "Ana Ben Eva",
    ("Ana", ["count", "exactly", 1, ["Ana", "Ben", "Eva"]]),
    ("Ben", ["says", "Ana", ["knave", "Ben"]]),
    ("Eva", ["if", ["knight", "Ana"], ["even", ["Ana", "Eva"]]]),
)

ACCEPTED = {
    "as asked": ("Mia: knave, Tom: knight", PAIR),
    "other order": ("Tom: knight, Mia: knave", PAIR),
    "sentences": ("Mia is a knave, Tom is a knight.", PAIR),
    "equals signs": ("Mia=knave; Tom=knight", PAIR),
    "on lines": ("Mia knave\nTom knight\n", PAIR),
    "lower case": ("mia: knave, tom: knight", PAIR),
    "upper case": ("MIA: KNAVE, TOM: KNIGHT", PAIR),
    "bullets": ("- Mia: knave\n- Tom: knight", PAIR),
    "typographic bullets": ("\u2022 Mia is a knave\n\u2022 Tom is a knight", PAIR),
    "stars": ("* Mia: knave\n* Tom: knight", PAIR),
    "bullets and and": ("- Mia: knave, and\n- Tom: knight", PAIR),
    "dashes": ("Mia - knave, Tom - knight", PAIR),
    "typographic dashes": ("Mia \u2013 knave, Tom \u2014 knight", PAIR),
    "bullets and dashes": ("- Mia - knave\n- Tom - knight", PAIR),
    "roles in brackets": ("Mia (knave), Tom (knight)", PAIR),
    "and after the comma": ("Mia: knave, and Tom: knight", PAIR),
    "and at the end of a line": ("Mia: knave, and\nTom: knight", PAIR),
    "and without a comma": ("Mia is a knave and Tom is a knight.", PAIR),
    "round brackets around the whole": ("(Mia: knave, Tom: knight)", PAIR),
    "square brackets around the whole": ("[Mia: knave, Tom: knight].", PAIR),
    "braces around the whole": ("{Mia: knave, Tom: knight}", PAIR),
    "brackets inside and outside": ("(Mia (knave), Tom (knight))", PAIR),
    "one of two solutions": ("Mia: knight, Tom: knight", OPEN),
    "the other one": ("Mia: knave, Tom: knave", OPEN),
}
REJECTED = {
    "roles swapped": ("Mia: knight, Tom: knave", PAIR),
    "all knights": ("Mia: knight, Tom: knight", PAIR),
    "all knaves": ("Mia: knave, Tom: knave", PAIR),
    "one left out": ("Tom: knight", PAIR),
    "one twice": ("Mia: knave, Tom: knight, Tom: knight", PAIR),
    "both roles for one": ("Mia: knave, Mia: knight, Tom: knight", PAIR),
    "every claim dumped": ("Mia: knave, Mia: knight, Tom: knight, Tom: knave", PAIR),
    "a stranger too": ("Mia: knave, Tom: knight, Alex: knight", PAIR),
    "a stranger instead": ("Mia: knave, Alex: knight", PAIR),
    "roles without names": ("knave, knight", PAIR),
    "names without roles": ("Mia, Tom", PAIR),
    "another role": ("Mia: spy, Tom: knight", PAIR),
    "negated": ("Mia: not knight, Tom: knight", PAIR),
    "a choice": ("Mia: knave or knight, Tom: knight", PAIR),
    "knights only": ("knights: Tom", PAIR),
    "shortened": ("Mia: N, Tom: K", PAIR),
    "code": ("{'Mia': 'knave', 'Tom': 'knight'}", PAIR),
    "in a sentence": ("So Mia is a knave and Tom is a knight", PAIR),
    "one bracket is left open": ("(Mia (knave), Tom (knight)", PAIR),
    "unlike brackets": ("[Mia: knave, Tom: knight)", PAIR),
    "brackets around each": ("(Mia: knave), (Tom: knight)", PAIR),
    "both roles in brackets": ("Mia (knave, knight), Tom (knight)", PAIR),
    "two names for one role": ("Mia and Tom: knave", PAIR),
    "role in brackets contradicts": ("Mia: knight (knave), Tom: knight", PAIR),
    "another role in brackets": ("Mia (spy), Tom (knight)", PAIR),
    "dashes and one twice": ("- Mia - knave\n- Tom - knight\n- Mia - knave", PAIR),
    "and at the end": ("Mia: knave, Tom: knight, and", PAIR),
    "and before a full stop": ("Mia: knave, Tom: knight, and .", PAIR),
    "and before a comma": ("Mia: knave and , Tom: knight", PAIR),
    "and alone": ("Mia: knave, and, Tom: knight", PAIR),
    "and in front": ("and Mia: knave, Tom: knight", PAIR),
    "minus for not": ("Mia: -knight, Tom: knight", PAIR),
    "Kelvin sign": ("\u212aai: knave, Ana: knight", KAI),
    "Cyrillic letters": ("Mi\u0430: knave, Tom: knight", PAIR),
    "nothing": ("", PAIR),
    "only commas": (",,,", PAIR),
    "100,000 characters": ("Mia: knave, " * 9_000, PAIR),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def true(formula, knights):
    """Tell whether a formula is true if exactly these persons are knights; written apart from the verifier."""
    match formula:
        case ["knight", name]:
            return name in knights
        case ["knave", name]:
            return name not in knights
        case ["and", *parts]:
            return {true(part, knights) for part in parts} == {True}
        case ["or", *parts]:
            return True in {true(part, knights) for part in parts}
        case ["iff", *parts]:
            return len({true(part, knights) for part in parts}) == 1
        case ["if", first, second]:
            return [true(first, knights), true(second, knights)] != [True, False]
        case ["even", names]:
            return len(knights & set(names)) in range(0, 100, 2)
        case ["says", name, part]:
            return (name in knights, true(part, knights)) in ((True, True), (False, False))
        case ["count", how, k, names]:
            right = {"exactly": [k], "at least": range(k, 100), "at most": range(k + 1)}[how]
            return len(knights & set(names)) in right
    raise TypeError(formula)


def oracle(answer, payload):
    """Cut the answer at commas, lines and ``and``, take first and last words, and go through the statements."""
    text = re.sub("[\u2013\u2014]", "-", answer.replace("\u2022", "*")).strip()
    if not text.isascii() or len(text) > 10_000:
        return False
    text = text[:-1] if text.endswith(".") else text
    if re.match(r"\(.*\)\Z|\[.*\]\Z|\{.*\}\Z", text, re.DOTALL):
        text = text[1:-1].strip()
        text = text[:-1] if text.endswith(".") else text
    pieces = []
    for piece in re.split("[,;\n]", re.sub(r"\band\s+", "and ", text.lower())):
        words = re.sub("[:=]", " : ", re.sub(r"\((knight|knave)\)", r" : \1", piece)).split()
        if pieces and words[:1] == ["and"]:
            words = words[1:] or ["and"]
        cuts = [i for i, word in enumerate(words) if word == "and"]
        parts = [words[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(words)], strict=True)]
        if cuts and [] in parts:
            return False
        pieces += parts
    seen, knights = [], set()
    spelled = {name.lower(): name for name in payload["persons"]}
    for words in pieces:
        if not words:
            continue
        if words[0] in ("-", "*"):
            words.pop(0)
        if len(words) > 2 and words[1] in (":", "is", "-"):
            words.pop(1)
        if len(words) > 2 and words[1] in ("a", "an"):
            words.pop(1)
        if len(words) != 2 or words[0] not in spelled or words[1] not in ("knight", "knave"):
            return False
        seen.append(spelled[words[0]])
        if words[1] == "knight":
            knights.add(seen[-1])
    if sorted(seen) != sorted(payload["persons"]):
        return False
    return all((speaker in knights) == true(formula, knights) for speaker, formula in payload["statements"])


def all_answers(payload):
    for roles in product(("knight", "knave"), repeat=len(payload["persons"])):
        yield ", ".join(f"{name}: {role}" for name, role in zip(payload["persons"], roles, strict=True))


def solutions(payload):
    """Try all roles."""
    return (answer for answer in all_answers(payload) if oracle(answer, payload))


@pytest.mark.parametrize("level", range(6))
def test_all_roles_of_small_instances(level):
    for index in range(20 if level < 3 else 4):
        instance = get_task("knights_and_knaves").pose(index, level)
        right = [answer for answer in all_answers(instance.payload) if verify(answer, instance.payload).score == 1.0]
        assert right == list(solutions(instance.payload)) == [instance.reference]


def test_formulas_of_all_kinds():
    for statement in THREE["statements"]:
        payload = {"persons": THREE["persons"], "statements": [statement]}
        right = [answer for answer in all_answers(payload) if verify(answer, payload).score == 1.0]
        assert right == list(solutions(payload)) and 0 < len(right) < 8


def test_sets_of_worlds_are_what_formulas_say():
    import random

    rng = random.Random(1)
    worlds = Worlds(4)
    for _ in range(60):
        formula = draw_formula(rng, 4, 0, 2, ["count", "even", "says"])
        expected = 0
        for world in range(16):
            expected |= true(formula, {i for i in range(4) if world >> i & 1}) << world
        assert worlds.where(formula) == expected


def test_the_question_says_what_the_payload_holds():
    for level in range(8):
        instance = get_task("knights_and_knaves").pose(1, level)
        for speaker, formula in instance.payload["statements"]:
            (said,) = re.findall(f'^{speaker} says: "(.*)"$', instance.question, re.MULTILINE)
            names = set(re.findall("'([A-Z][a-z]+)'", str(formula)))
            spoken = set(re.findall(r"\b[A-Z][a-z]+\b", said)) & set(instance.payload["persons"])
            assert spoken == names - {speaker} and bool(re.search(r"\b(I|me)\b", said)) == (speaker in names)
            assert said.count("(") == said.count(")")


def test_senseless_parameters_are_refused():
    task = get_task("knights_and_knaves")
    for change in ({"persons": 1}, {"persons": 15}, {"depth": 0}, {"kinds": ""}):
        with pytest.raises(BadValue):
            task.pose(0, 0, params=change)
    with pytest.raises(UnknownName):
        task.pose(0, 0, params={"kinds": "and nand"})
