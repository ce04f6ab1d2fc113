import re
from itertools import combinations, pairwise, permutations

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.graphs.hamiltonian_path import verify

LINE = {"vertices": 4, "edges": [[1, 2], [2, 3], [3, 4]]}
SQUARE = {"vertices": 4, "edges": [[1, 2], [2, 3], [3, 4], [1, 4]]}
STAR = {"vertices": 4, "edges": [[1, 2], [1, 3], [1, 4]]}
BIPARTITE = {"vertices": 6, "edges": [[1, 3], [1, 4], [1, 5], [1, 6], [2, 3], [2, 4], [2, 5], [2, 6]]}
NARROW = {"vertices": 5, "edges": [[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5]]}

ACCEPTED = {
    "along the line": ("1 2 3 4", LINE),
    "backwards": ("4 3 2 1", LINE),
    "not closed": ("2 1 4 3", SQUARE),
    "commas and brackets": ("[1, 2, 3, 4]", LINE),
    "arrows": ("1 -> 2 -> 3 -> 4", LINE),
    "typographic arrows": ("1 \u2192 2 \u2192 3 \u2192 4", LINE),
    "from the larger side": ("3 1 4 2 5", NARROW),
    "middle of a star": ("none: 1", STAR),
    "cut of two": ("none: 1 2", BIPARTITE),
    "cut in braces": ("None: {2, 1}", BIPARTITE),
    "dashes": ("1-2-3-4", LINE),
    "spaced dashes": ("1 - 2 - 3 - 4", LINE),
    "typographic dashes": ("1\u20132\u20133\u20134", LINE),
    "long dashes": ("1 \u2014 2 \u2014 3 \u2014 4", LINE),
    "cut with its name": ("none: S = {1, 2}", BIPARTITE),
    "cut with its name on a new line": ("none:\ns = 1 2", BIPARTITE),
    "cut joined by and": ("none: 1 and 2", BIPARTITE),
    "cut with a comma and and": ("none: S = {1, and 2}", BIPARTITE),
    "no colon": ("none 1", STAR),
}
REJECTED = {
    "jump": ("1 3 2 4", LINE),
    "last vertex replaced by another one": ("1 2 3 2", LINE),
    "closed": ("1 2 3 4 1", SQUARE),
    "vertex left out": ("1 2 3", LINE),
    "two paths": ("1 2 3 4 4 3 2 1", LINE),
    "vertex that does not exist": ("1 2 3 4 5", LINE),
    "vertex 0": ("0 1 2 3", LINE),
    "star walked through its middle twice": ("2 1 3 1 4", STAR),
    "the bare word": ("none", STAR),
    "colon without a cut": ("none:", STAR),
    "NO": ("NO", STAR),
    "denied where there is a path": ("none: 2", LINE),
    "cut against a cycle, not against a path": ("none: 1 2", NARROW),
    "cut vertex twice": ("none: 1 1", STAR),
    "cut padded": ("none: 1 2", STAR),
    "cut of the other side": ("none: 3 4 5 6", BIPARTITE),
    "cut with a stranger": ("none: 1 9", STAR),
    "all vertices removed": ("none: 1 2 3 4", STAR),
    "cut without the word": ("1", STAR),
    "path and cut": ("1 2 3 4 none: 3", LINE),
    "cut and path": ("none: 1\n1 2 3 4", STAR),
    "negative number": ("-1 2 3 4", LINE),
    "negative numbers": ("1 -2 -3 -4", LINE),
    "double dashes": ("1--2--3--4", LINE),
    "dash in front": ("-1-2-3-4", LINE),
    "edges instead of vertices": ("1-2 2-3 3-4", LINE),
    "every other edge": ("1-2, 3-4", LINE),
    "dashes and a jump": ("1-3-2-4", LINE),
    "range as a cut": ("none: 1-2", BIPARTITE),
    "another name": ("none: T = {1, 2}", BIPARTITE),
    "name without a cut": ("none: S =", BIPARTITE),
    "name twice": ("none: S = S = {1, 2}", BIPARTITE),
    "and without a second": ("none: 1 and", STAR),
    "two cuts joined by or": ("none: 1 or 2", BIPARTITE),
    "and in a path": ("1 2 3 and 4", LINE),
    "Arabic digits": ("\u0661 2 3 4", LINE),
    "superscript digits": ("1 2 3 \u2074", LINE),
    "code": ("range(1, 5)", LINE),
    "empty": ("", LINE),
    "brackets": ("[" * 1000, LINE),
    "a huge number": ("9" * 1000, LINE),
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
        return pieces(sorted(everything - set(numbers)), payload["edges"]) > len(numbers) + 1
    used = {frozenset(pair) for pair in pairwise(numbers)}
    return sorted(numbers) == sorted(everything) and used <= {frozenset(edge) for edge in payload["edges"]}


def solutions(payload):
    """Yield every tour, from every start and in both directions, and every cut."""
    everything = range(1, payload["vertices"] + 1)
    joined = {frozenset(edge) for edge in payload["edges"]}
    for tour in permutations(everything):
        if all({a, b} in joined for a, b in pairwise(tour)):
            yield " ".join(map(str, tour))
    for size in everything:
        for cut in combinations(everything, size):
            if pieces([v for v in everything if v not in cut], payload["edges"]) > size + 1:
                yield "none: " + " ".join(map(str, cut))


@pytest.mark.parametrize("level", [0, 1])
def test_small_instances_have_a_tour_or_a_cut_and_never_both(level):
    for index in range(20 if level == 0 else 2):
        instance = get_task("hamiltonian_path").pose(index, level)
        right = list(solutions(instance.payload))
        assert instance.reference in right
        assert len({answer.startswith("none") for answer in right}) == 1
        assert all(verify(answer, instance.payload).score == 1.0 for answer in right)


def test_all_answers_of_small_instances_agree_with_the_oracle():
    everything = range(1, 7)
    answers = [" ".join(map(str, p)) for p in permutations(everything)]
    answers += ["none: " + " ".join(map(str, cut)) for size in range(7) for cut in combinations(everything, size)]
    for index in range(20):
        payload = get_task("hamiltonian_path").pose(index).payload
        right = set(solutions(payload))
        assert {answer for answer in answers if verify(answer, payload).score} == right
        assert all(oracle(answer, payload) == (answer in right) for answer in answers)


@pytest.mark.parametrize("level", range(8))
def test_both_kinds_are_balanced_and_proved(level):
    task = get_task("hamiltonian_path")
    denied = 0
    for index in range(60):
        instance = task.pose(index, level)
        assert instance.payload["vertices"] == task.levels[level].vertices
        assert len(instance.payload["edges"]) == task.levels[level].edges
        assert oracle(instance.reference, instance.payload)
        assert " ".join(f"{a}-{b}" for a, b in instance.payload["edges"]) in instance.question
        denied += instance.reference.startswith("none")
    assert 15 <= denied <= 45
