import random
import re
from itertools import permutations, product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.logic._orders import TooHard, count_orders
from gradarium.generators.logic.linear_ordering import NAMES, STRANGERS, draw_statements
from gradarium.verifiers.logic.linear_ordering import verify


def about(persons, rank, *statements):
    return {"persons": persons.split(), "rank": rank, "statements": [*map(list, statements)]}


FOUR = "Tom Ana Kofi Mia"
CHAIN = (("above", "Ana", "Mia"), ("above", "Kofi", "Tom"), ("above", "Mia", "Kofi"))  # Ana Mia Kofi Tom
FIRST, SECOND, LAST, WHOLE = (about(FOUR, rank, *CHAIN) for rank in (1, 2, 4, 0))
MIXED = about(FOUR, 0, ("gap", "Tom", "Ana", 2), ("middle", "Mia", "Ana", "Kofi"), ("above", "Mia", "Kofi"))
LOOSE = about("Tom Ana Mia", 0, ("above", "Mia", "Tom"))
OPEN = about("Tom Ana Mia", 1, ("above", "Mia", "Tom"))
KAI = about("Kai Ana", 1, ("above", "Kai", "Ana"))

ACCEPTED = {
    "the first": ("Ana", FIRST),
    "the second": ("Mia", SECOND),
    "the last": ("Tom", LAST),
    "lower case": ("ana", FIRST),
    "upper case": ("ANA", FIRST),
    "spaces around": ("  Ana\n", FIRST),
    "full stop": ("Ana.", FIRST),
    "the whole order": ("Ana, Mia, Kofi, Tom", WHOLE),
    "on lines": ("Ana\nMia\nKofi\nTom", WHOLE),
    "without commas": ("Ana Mia Kofi Tom.", WHOLE),
    "commas without spaces": ("Ana,Mia,Kofi,Tom", WHOLE),
    "by statements of all kinds": ("Ana, Mia, Kofi, Tom", MIXED),
    "one of several orders": ("Mia, Ana, Tom", LOOSE),
    "another of them": ("Mia, Tom, Ana", LOOSE),
}
REJECTED = {
    "from the wrong end": ("Tom", FIRST),
    "the next one": ("Kofi", SECOND),
    "a stranger": ("Alex", FIRST),
    "the first of an order where the second is asked": ("Ana, Mia", SECOND),
    "two names": ("Ana Mia", FIRST),
    "all names": ("Ana, Mia, Kofi, Tom", FIRST),
    "first of those that are compared, where others could be first": ("Mia", OPEN),
    "one that is compared with nobody": ("Ana", OPEN),
    "a sentence": ("Ana is the tallest", FIRST),
    "negated": ("not Ana", FIRST),
    "part of a name": ("An", FIRST),
    "the name twice": ("Ana Ana", FIRST),
    "a choice": ("Ana or Mia", FIRST),
    "upside down": ("Tom, Kofi, Mia, Ana", WHOLE),
    "neighbours swapped": ("Ana, Mia, Tom, Kofi", WHOLE),
    "one left out": ("Ana, Mia, Tom", WHOLE),
    "one twice": ("Ana, Mia, Kofi, Kofi, Tom", WHOLE),
    "one twice in other letters": ("Ana, Mia, mia, Kofi, Tom", WHOLE),
    "one twice for one left out": ("Ana, Mia, Mia, Tom", WHOLE),
    "a stranger among them": ("Ana, Mia, Alex, Kofi, Tom", WHOLE),
    "only the first": ("Ana", WHOLE),
    "every order at once": ("Ana, Mia, Kofi, Tom, Ana, Kofi, Mia, Tom", WHOLE),
    "greater-than signs": ("Ana > Mia > Kofi > Tom", WHOLE),
    "less-than signs": ("Tom < Kofi < Mia < Ana", WHOLE),
    "numbered": ("1. Ana 2. Mia 3. Kofi 4. Tom", WHOLE),
    "a list in code": ("['Ana', 'Mia', 'Kofi', 'Tom']", WHOLE),
    "comma at the end": ("Ana, Mia, Kofi, Tom,", WHOLE),
    "gap too small": ("Ana, Tom, Mia, Kofi", MIXED),
    "mirrored, so that one comparison is broken": ("Tom, Kofi, Mia, Ana", MIXED),
    "not in the middle": ("Tom, Mia, Kofi, Ana", MIXED),
    "a comparison broken where much is open": ("Tom, Ana, Mia", LOOSE),
    "Kelvin sign for k": ("\u212aai", KAI),
    "Cyrillic letters": ("\u0410n\u0430", FIRST),
    "full-width letters": ("\uff21\uff4e\uff41", FIRST),
    "100,000 letters": ("Ana" * 40_000, FIRST),
    "40,000 names": ("Ana, " * 40_000, WHOLE),
    "empty": ("", FIRST),
    "no names": (", , ,", WHOLE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.score == 0.0 and verdict.reward == 0.0
    assert not oracle(answer, payload)


def holds(order, kind, *rest):
    """Tell whether a statement holds in a list of names; written apart from the verifier."""
    if kind == "above":
        return order.index(rest[1]) in range(order.index(rest[0]) + 1, len(order))
    ends = rest[:2] if kind == "gap" else rest[1:]
    left, right = sorted(map(order.index, ends))
    inside = order[left + 1 : right]
    return len(inside) == rest[2] if kind == "gap" else rest[0] in inside


def peeled(payload):
    """Return the persons from the top, as far as comparisons say at each step who is next; the same from below."""
    pairs = [statement[1:] for statement in payload["statements"]]
    known = {}
    for side, places in ((1, range(1, 200)), (0, range(len(payload["persons"]), -200, -1))):
        left = set(payload["persons"])
        for place in places:
            free = left - {pair[side] for pair in pairs if pair[0] in left and pair[1] in left}
            if len(free) != 1:
                break
            known[place] = free.copy().pop()
            left -= free
    return known


def oracle(answer, payload):
    """Read names as a person would; all statements hold, or the place is the one that is left by peeling."""
    text = answer.strip()
    text = text[:-1] if text[-1:] == "." else text
    words = re.sub("[,;]", " , ", text).split(" , ") if re.search("[,;]", text) else text.split()
    words = [part for word in words for part in (word.split() or [""])]
    spelled = {person.casefold(): person for person in payload["persons"]}
    if not text.isascii() or any(word.casefold() not in spelled for word in words):
        return False
    order = [spelled[word.casefold()] for word in words]
    if payload["rank"]:
        return len(order) == 1 and peeled(payload).get(payload["rank"]) == order[0]
    return sorted(order) == sorted(payload["persons"]) and all(holds(order, *s) for s in payload["statements"])


@pytest.mark.parametrize("kinds", ["above", "above gap", "above gap middle"])
@pytest.mark.parametrize("asked", ["end", "rank", "order"])
def test_all_answers_of_small_instances(kinds, asked):
    """Every sequence of the names, also short ones: both judges agree, and exactly one is right."""
    if kinds != "above" and asked != "order":
        return
    task = get_task("linear_ordering")
    for index in range(15):
        change = {"persons": 5, "kinds": kinds, "asked": asked, "extra": 2 if kinds == "above" else 0}
        payload = task.pose(index, 4, params=change).payload
        answers = [", ".join(order) for size in range(1, 6) for order in permutations(payload["persons"], size)]
        accepted = [answer for answer in answers if verify(answer, payload).score == 1.0]
        assert accepted == [answer for answer in answers if oracle(answer, payload)]
        assert len(accepted) == 1


def test_one_place_with_all_sets_of_comparisons_of_four_persons():
    """Also where the order stays open: a person is right if it has the place in every order that fits."""
    persons = "Ana Kofi Mia Tom".split()
    pairs = [(a, b) for i, a in enumerate(persons) for b in persons[i + 1 :]]
    for chosen in product((False, True), repeat=len(pairs)):
        statements = [["above", *pair] for pair, take in zip(pairs, chosen, strict=True) if take]
        fits = [order for order in permutations(persons) if all(holds([*order], *s) for s in statements)]
        for rank, person in product(range(1, 5), persons):
            right = all(order[rank - 1] == person for order in fits)
            payload = {"persons": persons, "statements": statements, "rank": rank}
            assert (verify(person, payload).score == 1.0) == right


def test_the_search_counts_as_brute_force_does():
    for seed in range(150):
        rng = random.Random(seed)
        n = rng.randint(3, 6)
        source = draw_statements(rng, n, ["above", "gap", "middle"])
        statements = [next(source) for _ in range(rng.randint(0, 5))]
        if rng.random() < 0.3:  # perhaps one that contradicts the others
            statements.append(("above", n - 1, 0, 0))
        named = [(kind, a, b, c) if kind != "above" else (kind, a, b) for kind, a, b, c in statements]
        brute = sum(all(holds([*order], *s) for s in named) for order in permutations(range(n)))
        assert count_orders(n, statements, most=1_000)[0] == brute
        assert count_orders(n, statements)[0] == min(brute, 2)


def test_the_search_gives_up_when_told():
    with pytest.raises(TooHard):
        count_orders(8, [], most=10**6, branches=100)


def sat_clauses(persons, statements):
    """Encode orders as clauses: variable person * n + place + 1; each fact by the pairs of places it forbids."""
    n = len(persons)

    def var(name, place):
        return persons.index(name) * n + place + 1

    clauses = [[var(name, place) for place in range(n)] for name in persons]
    clauses += [[var(name, place) for name in persons] for place in range(n)]
    for a, b in permutations(range(n), 2):
        clauses += [[-var(name, a), -var(name, b)] for name in persons if a < b]
    for statement in statements:
        names = [part for part in statement[1:] if isinstance(part, str)]
        rest = [part for part in statement[1:] if not isinstance(part, str)]
        for places in permutations(range(n), len(names)):
            order = [None] * n
            for name, place in zip(names, places, strict=True):
                order[place] = name
            if not holds(order, statement[0], *names, *rest):
                clauses.append([-var(name, place) for name, place in zip(names, places, strict=True)])
    return clauses, var


@pytest.mark.parametrize("level", [4, 5, 6])
def test_a_sat_solver_finds_no_second_order(level):
    from pysat.solvers import Minisat22

    for index in range(4):
        instance = get_task("linear_ordering").pose(index, level)
        order = instance.reference.split(", ")
        clauses, var = sat_clauses(order, instance.payload["statements"])
        with Minisat22(bootstrap_with=clauses) as solver:
            assert solver.solve()
            solver.add_clause([-var(name, place) for place, name in enumerate(order)])
            assert not solver.solve()


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("linear_ordering")
    params = task.levels[level]
    ranks = set()
    for index in range(40 if level < 6 else 8):
        instance = task.pose(index, level)
        payload = instance.payload
        assert len(set(payload["persons"])) == params.persons
        ranks.add(payload["rank"])
        kinds = {statement[0] for statement in payload["statements"]}
        assert kinds <= set(params.kinds.split())
        assert kinds != {"above"} or len(payload["statements"]) == params.persons - 1 + params.extra
        assert not set(STRANGERS) & set(payload["persons"])
    wanted = {"end": {1, params.persons}, "rank": set(range(1, params.persons + 1)), "order": {0}}
    assert ranks == wanted[params.asked]


def read(sentence):
    """Return the statement that a sentence makes."""
    if found := re.fullmatch(r"(\w+) is (\w+) than (\w+)", sentence):
        more = found[2] in ("taller", "older", "faster", "heavier", "stronger")
        return ["above", found[1], found[3]] if more else ["above", found[3], found[1]]
    if found := re.fullmatch(r"(\w+) is between (\w+) and (\w+)", sentence):
        return ["middle", *found.groups()]
    if found := re.fullmatch(r"No one is between (\w+) and (\w+)", sentence):
        return ["gap", *found.groups(), 0]
    found = re.fullmatch(r"Exactly (\d+) persons? (?:is|are) between (\w+) and (\w+)", sentence)
    return ["gap", found[2], found[3], int(found[1])]


ORDINALS = ["", *"second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()]


@pytest.mark.parametrize("level", range(8))
def test_the_question_says_what_the_payload_holds(level):
    for index in range(40 if level < 6 else 8):
        instance = get_task("linear_ordering").pose(index, level)
        payload = instance.payload
        *told, asked = re.split(r"(?<=\.) ", instance.brief)
        assert [read(sentence.removesuffix(".")) for sentence in told] == payload["statements"]
        assert " ".join(told) in instance.question and asked in instance.question
        if payload["rank"]:
            ordinal, word = re.fullmatch(r"Who is the (\w+ )?(\w+)\?", asked).groups(default="")
            place = 1 + ORDINALS.index(ordinal.strip())
            top = word in ("tallest", "oldest", "fastest", "heaviest", "strongest")
            assert payload["rank"] == (place if top else len(payload["persons"]) + 1 - place)
        else:
            assert re.search(r"order from the (tall|old|fast|heavi|strong)est to the ", asked)
            assert ", ".join(payload["persons"]) in instance.question


def test_the_same_problem_has_the_same_key():
    task = get_task("linear_ordering")
    for index in range(10):
        payload = task.pose(index, 6).payload
        turned = [
            [kind, b, a, *more] if kind == "gap" else [kind, a, *more, b] if kind == "middle" else [kind, a, b]
            for kind, a, b, *more in payload["statements"][::-1]
        ]
        other = {**payload, "persons": payload["persons"][::-1], "statements": turned}
        assert task.canonical(other) == task.canonical(payload)
        assert verify(task.pose(index, 6).reference, other).score == 1.0


def test_names_cannot_be_mistaken():
    assert len({name.lower() for name in NAMES}) == len(NAMES) == 60
    assert not set(STRANGERS) & set(NAMES)


def test_the_share_of_statements_that_hold_is_told_but_not_paid():
    verdict = verify("Ana, Mia, Tom, Kofi", WHOLE)
    assert verdict.parts == {"statements": pytest.approx(2 / 3)} and verdict.score == 0.0


@pytest.mark.parametrize(
    ("answer", "payload"),
    [
        ("Ana", about("Ana Mia", 1, ("above", "Ana", "Mia"), ("above", "Mia", "Ana"))),
        ("Ana", about("Ana Mia", 1, ("gap", "Ana", "Mia", 0))),
        ("Ana", about("Ana " * 101, 0)),
    ],
    ids=["contradiction", "one place by distances", "too many persons"],
)
def test_a_payload_without_an_answer_is_no_judgement(answer, payload):
    verdict = verify(answer, payload)
    assert verdict.status == Status.ERROR and verdict.reward is None


@pytest.mark.parametrize(
    "change",
    [
        {"persons": 2},
        {"persons": 25},
        {"asked": "all"},
        {"kinds": "gap"},
        {"kinds": "above below"},
        {"extra": -1},
        {"extra": 29},
        {"kinds": "above gap", "asked": "rank", "extra": 0},
        {"kinds": "above gap", "extra": 1},
    ],
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("linear_ordering").pose(0, 4, params=change)
