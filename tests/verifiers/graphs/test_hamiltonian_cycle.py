import re
from itertools import combinations, permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.graphs.hamiltonian_cycle import verify

SQUARE = {"vertices": 4, "edges": [[1, 2], [2, 3], [3, 4], [1, 4]]}
DIAGONAL = {"vertices": 4, "edges": [[1, 2], [1, 4], [2, 3], [2, 4], [3, 4]]}
BOW = {"vertices": 5, "edges": [[1, 2], [1, 3], [2, 3], [3, 4], [3, 5], [4, 5]]}
BIPARTITE = {"vertices": 5, "edges": [[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5]]}

ACCEPTED = {
    "from vertex 1": ("1 2 3 4", SQUARE),
    "other start, other direction": ("3 2 1 4", SQUARE),
    "start written again at the end": ("1 2 3 4 1", SQUARE),
    "commas and brackets": ("[1, 2, 3, 4]", SQUARE),
    "arrows": ("1 -> 2 -> 3 -> 4 -> 1", SQUARE),
    "typographic arrows": ("1 \u2192 2 \u2192 3 \u2192 4", SQUARE),
    "around a diagonal": ("1 2 3 4", DIAGONAL),
    "cut vertex": ("none: 3", BOW),
    "cut of two": ("none: 1 2", BIPARTITE),
    "cut in braces": ("None: {2, 1}", BIPARTITE),
    "dashes": ("1-2-3-4", SQUARE),
    "spaced dashes": ("1 - 2 - 3 - 4", SQUARE),
    "typographic dashes": ("1\u20132\u20133\u20134", SQUARE),
    "long dashes": ("1 \u2014 2 \u2014 3 \u2014 4", SQUARE),
    "cut with its name": ("none: S = {1, 2}", BIPARTITE),
    "cut with its name on a new line": ("none:\ns = 1 2", BIPARTITE),
    "cut joined by and": ("none: 1 and 2", BIPARTITE),
    "cut with a comma and and": ("none: S = {1, and 2}", BIPARTITE),
    "no colon": ("none 3", BOW),
}
REJECTED = {
    "closing edge is missing": ("2 1 4 3", {"vertices": 4, "edges": [[1, 2], [1, 4], [3, 4]]}),
    "last vertex replaced by another one": ("1 2 3 2", SQUARE),
    "start replaced at the end": ("1 2 3 4 2", SQUARE),
    "jump over the square": ("1 3 2 4", SQUARE),
    "vertex left out, the rest is a cycle": ("1 2 4", DIAGONAL),
    "two tours": ("1 2 3 4 1 2 3 4", SQUARE),
    "once round and on": ("1 2 3 4 1 2", SQUARE),
    "vertex that does not exist": ("1 2 3 4 5", SQUARE),
    "vertex 0": ("0 1 2 3", SQUARE),
    "the bare word": ("none", BOW),
    "colon without a cut": ("none:", BOW),
    "NO": ("NO", BOW),
    "denied where there is a cycle": ("none: 1 3", SQUARE),
    "set that is no cut": ("none: 1 2", BOW),
    "as many pieces as vertices": ("none: 1 3", DIAGONAL),
    "cut vertex twice": ("none: 3 3", BOW),
    "cut padded": ("none: 3 1", BOW),
    "cut of the other side": ("none: 3 4 5", BIPARTITE),
    "cut with a stranger": ("none: 3 9", BOW),
    "all vertices removed": ("none: 1 2 3 4 5", BOW),
    "cut without the word": ("3", BOW),
    "tour and cut": ("1 2 3 4 none: 3", SQUARE),
    "cut and tour": ("none: 3\n1 2 3 4 5", BOW),
    "walk through the cut vertex twice": ("1 2 3 4 5 3", BOW),
    "negative number": ("-1 2 3 4", SQUARE),
    "negative numbers": ("1 -2 -3 -4", SQUARE),
    "double dashes": ("1--2--3--4", SQUARE),
    "dash in front": ("-1-2-3-4", SQUARE),
    "edges instead of vertices": ("1-2 2-3 3-4", SQUARE),
    "every other edge": ("1-2, 3-4", SQUARE),
    "dashes and a jump": ("1-3-2-4", SQUARE),
    "range as a cut": ("none: 1-2", BIPARTITE),
    "another name": ("none: T = {1, 2}", BIPARTITE),
    "name without a cut": ("none: S =", BIPARTITE),
    "name twice": ("none: S = S = {1, 2}", BIPARTITE),
    "and without a second": ("none: 3 and", BOW),
    "two cuts joined by or": ("none: 1 or 2", BIPARTITE),
    "and in a cycle": ("1 2 3 and 4", SQUARE),
    "Arabic digits": ("\u0661 2 3 4", SQUARE),
    "superscript digits": ("1 2 3 \u2074", SQUARE),
    "code": ("range(1, 5)", SQUARE),
    "empty": ("", SQUARE),
    "brackets": ("[" * 1000, SQUARE),
    "a huge number": ("9" * 1000, SQUARE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def pieces(vertices, edges):
    """Count connected components by giving all vertices of a piece its smallest number."""
    label = {v: v for v in vertices}
    for _ in vertices:
        for a, b in edges:
            if a in label and b in label:
                label[a] = label[b] = min(label[a], label[b])
    return len(set(label.values()))


def oracle(answer, payload):
    """Judge by the definition, on sets of edges; written apart from the verifier."""
    text = answer.replace("->", " ").replace("\u2192", " ").strip().lower()
    if re.fullmatch("[0-9 \u2013\u2014-]+", text) and not re.search("[0-9] +[^ 0-9][0-9]|[0-9][^ 0-9] ", text):
        pieces_of_text = re.split("[^ 0-9]", text)
        if len(pieces_of_text) > 1 and all(len(piece.split()) == 1 for piece in pieces_of_text):
            text = " ".join(pieces_of_text)
    if text.startswith("none"):
        text = re.sub(r"([0-9])\s*,?\s+and\s+(?=[0-9])", r"\1 ", re.sub(r"\Anone(\s*:|\s)\s*s\s*=", "none:", text))
    form = re.fullmatch(r"(none(?=[:\s])\s*:?)?([0-9\s,;+()\[\]{}]*)", text, re.ASCII)
    if not form:
        return False
    body = form[2].strip()
    if re.match(r"\[.*\]\Z|\(.*\)\Z|\{.*\}\Z", body, re.DOTALL):
        body = body[1:-1].strip()
    words = re.split(r"[\s,;]+", body)
    if not all(re.fullmatch(r"\+?[0-9]{1,9}", word) for word in words):
        return False
    numbers = [int(word) for word in words]
    everything = set(range(1, payload["vertices"] + 1))
    if form[1]:
        if not numbers or len(set(numbers)) != len(numbers) or not set(numbers) <= everything:
            return False
        return pieces(sorted(everything - set(numbers)), payload["edges"]) > len(numbers)
    if len(numbers) == len(everything) + 1 and numbers[0] == numbers[-1]:
        numbers.pop()
    used = {frozenset((numbers[i - 1], numbers[i])) for i in range(len(numbers))}
    return sorted(numbers) == sorted(everything) and used <= {frozenset(edge) for edge in payload["edges"]}


def solutions(payload):
    """Yield every tour, from every start and in both directions, and every cut."""
    everything = range(1, payload["vertices"] + 1)
    joined = {frozenset(edge) for edge in payload["edges"]}
    for tour in permutations(everything):
        if all({a, b} in joined for a, b in zip(tour, tour[1:] + tour[:1], strict=True)):
            yield " ".join(map(str, tour))
    for size in everything:
        for cut in combinations(everything, size):
            if pieces([v for v in everything if v not in cut], payload["edges"]) > size:
                yield "none: " + " ".join(map(str, cut))


@pytest.mark.parametrize("level", [0, 1])
def test_small_instances_have_a_tour_or_a_cut_and_never_both(level):
    for index in range(20 if level == 0 else 2):
        instance = get_task("hamiltonian_cycle").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert len({answer.startswith("none") for answer in right}) == 1
        assert all(verify(answer, instance.payload).score == 1.0 for answer in right)


def test_all_answers_of_small_instances_agree_with_the_oracle():
    everything = range(1, 7)
    answers = [" ".join(map(str, p)) for p in permutations(everything)]
    answers += ["none: " + " ".join(map(str, cut)) for size in range(7) for cut in combinations(everything, size)]
    for index in range(20):
        payload = get_task("hamiltonian_cycle").pose(index).payload
        right = set(solutions(payload))
        assert {answer for answer in answers if verify(answer, payload).score} == right
        assert all(oracle(answer, payload) == (answer in right) for answer in answers)


@pytest.mark.parametrize("level", range(8))
def test_both_kinds_are_balanced_and_proved(level):
    task = get_task("hamiltonian_cycle")
    denied = 0
    for index in range(60):
        instance = task.pose(index, level)
        assert instance.payload["vertices"] == task.levels[level].vertices
        assert len(instance.payload["edges"]) == task.levels[level].edges
        assert oracle(instance.reference, instance.payload)
        assert " ".join(f"{a}-{b}" for a, b in instance.payload["edges"]) in instance.question
        denied += instance.reference.startswith("none")
    assert 15 <= denied <= 45
