import random
import re
from itertools import product

import pytest

from gradarium.core import Status
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.generators.graphs.edge_following import LABELS, STRANGER, WORDS, draw_automaton, draw_path
from gradarium.verifiers.graphs.edge_following import follow, verify


def walk(edges, start, times=1, word=("",), backward=False):
    return {"edges": edges, "start": start, "word": [*word], "times": times, "backward": backward}


RHO = [["cat", "", "red"], ["red", "", "sun"], ["sun", "", "key"], ["key", "", "red"], ["box", "", "cat"]]
TREE = [["cat", "", "red"], ["cat", "", "sun"], ["red", "", "cat"], ["sun", "", "box"]]
AUTOMATON = [["cat", "a", "red"], ["red", "a", "cat"], ["cat", "b", "cat"], ["red", "b", "sun"], ["sun", "a", "sun"]]
CAPITAL = [["Kai", "", "Mia"], ["Mia", "", "Kai"]]

ACCEPTED = {
    "one step": ("red", walk(RHO, "cat")),
    "three steps": ("key", walk(RHO, "cat", 3)),
    "into the cycle": ("red", walk(RHO, "box", 5)),
    "a huge number of steps": ("sun", walk(RHO, "box", 3 * 10**40)),
    "backwards where forwards is open": ("cat", walk(TREE, "box", 2, backward=True)),
    "labels in order": ("sun", walk(AUTOMATON, "cat", 1, "bab")),
    "labels, twice": ("cat", walk(AUTOMATON, "cat", 2, "a")),
    "spaces around": ("  red\n", walk(RHO, "cat")),
    "upper case": ("RED", walk(RHO, "cat")),
    "full stop": ("red.", walk(RHO, "cat")),
    "names in upper case": ("mia", walk(CAPITAL, "Kai")),
}
REJECTED = {
    "the start": ("cat", walk(RHO, "cat")),
    "a step too far": ("sun", walk(RHO, "cat")),
    "a step short": ("sun", walk(RHO, "cat", 3)),
    "the start of a cycle that was not counted from its entry": ("cat", walk(RHO, "box", 3 * 10**40)),
    "forwards": ("sun", walk(TREE, "cat", 1, backward=True)),
    "labels in reverse order": ("red", walk(AUTOMATON, "cat", 1, "ab")),
    "the labels only once": ("red", walk(AUTOMATON, "cat", 2, "a")),
    "no node": ("zebra", walk(RHO, "cat")),
    "the label": ("a", walk(AUTOMATON, "cat", 1, "a")),
    "all nodes": ("cat red sun key box", walk(RHO, "cat")),
    "two nodes": ("red, sun", walk(RHO, "cat")),
    "the way": ("cat -> red", walk(RHO, "cat")),
    "the node twice": ("red red", walk(RHO, "cat")),
    "part of the name": ("re", walk(RHO, "cat")),
    "more than the name": ("redx", walk(RHO, "cat")),
    "negated": ("not red", walk(RHO, "cat")),
    "in quotes": ('"red"', walk(RHO, "cat")),
    "code": ("print('red')", walk(RHO, "cat")),
    "Kelvin sign for k": ("\u212aai", walk(CAPITAL, "Mia")),
    "Cyrillic letter": ("r\u0435d", walk(RHO, "cat")),
    "full-width letters": ("\uff52\uff45\uff44", walk(RHO, "cat")),
    "two full stops": ("red..", walk(RHO, "cat")),
    "100,000 letters": ("red" * 40_000, walk(RHO, "cat")),
    "empty": ("", walk(RHO, "cat")),
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


def squared(payload):
    """Return the end of the walk by squaring the map of one round; written apart from the verifier."""
    nodes = {name for tail, _, head in payload["edges"] for name in (tail, head)}
    single = {}
    for tail, label, head in payload["edges"]:
        single[(head if payload["backward"] else tail), label] = tail if payload["backward"] else head
    power = {}
    for node in nodes:
        at = node
        for label in payload["word"]:
            at = single.get((at, label))
        power[node] = at
    end, times = payload["start"], payload["times"]
    while times:
        if times % 2:
            end = power.get(end)
        power = {node: power.get(there) for node, there in power.items()}
        times //= 2
    return end


def oracle(answer, payload):
    """Compare as text, without regard to case; one full stop may follow."""
    text = answer.strip()
    text = text[:-1] if text[-1:] == "." else text
    return text.isascii() and text.lower() == squared(payload).lower()


@pytest.mark.parametrize("word", ["a", "b", "ab", "aab"])
@pytest.mark.parametrize("backward", [False, True])
def test_all_small_permutation_automata_agree_with_the_oracle(word, backward):
    """Every pair of permutations of three nodes, every start, 0 to 8 and 10^18 rounds, every answer."""
    nodes = ["cat", "red", "sun"]
    turns = [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 0, 1)]
    for a, b in product(turns, repeat=2):
        edges = [[nodes[i], mark, nodes[row[i]]] for mark, row in (("a", a), ("b", b)) for i in range(3)]
        for start, times in product(nodes, [*range(9), 10**18]):
            payload = walk(edges, start, times, word, backward)
            accepted = [node for node in nodes if verify(node, payload).score == 1.0]
            assert accepted == [node for node in nodes if oracle(node, payload)] == [squared(payload)]


def test_all_maps_of_four_nodes_agree_with_a_plain_walk():
    nodes = ["cat", "red", "sun", "key"]
    for heads in product(nodes, repeat=4):
        edges = [[tail, "", head] for tail, head in zip(nodes, heads, strict=True)]
        leads, node = dict(zip(nodes, heads, strict=True)), "cat"
        for times in range(12):
            assert follow(walk(edges, "cat", times)) == node
            node = leads[node]


@pytest.mark.parametrize("level", range(8))
def test_levels_hold_what_their_parameters_say(level):
    task = get_task("edge_following")
    params = task.levels[level]
    for index in range(30):
        instance = task.pose(index, level)
        payload = instance.payload
        ends = [(head if params.backward else tail, mark) for tail, mark, head in payload["edges"]]
        nodes = {name for tail, _, head in payload["edges"] for name in (tail, head)}
        assert len(nodes) == params.nodes and all(tail != head for tail, _, head in payload["edges"])
        assert sorted(ends) == sorted((n, m) for n in nodes for m in (LABELS[: params.labels] or [""]))
        assert params.fewest <= payload["times"] <= params.most and len(payload["word"]) == params.word
        assert squared(payload) == instance.reference
        if params.most < params.nodes and not params.labels:  # no way back to a node that was seen
            seen = [squared(payload | {"times": k}) for k in range(payload["times"] + 1)]
            assert len(set(seen)) == len(seen)
        elif params.most >= params.nodes:
            cycle, whole = instance.certificate["cycle"], 10**6 * params.nodes
            assert cycle >= params.nodes // 3
            later = [squared(payload | {"times": whole + k}) for k in range(cycle + 1)]
            assert len(set(later)) == cycle and later[0] == later[-1]


LINE = re.compile(r"([a-z]+) -(?:([a-d])-)?> ([a-z]+)")


@pytest.mark.parametrize("level", range(8))
def test_the_question_says_what_the_payload_holds(level):
    for index in range(20):
        instance = get_task("edge_following").pose(index, level)
        payload = instance.payload
        told = [list(found.groups(default="")) for found in LINE.finditer(instance.question)]
        assert told == payload["edges"]
        assert [list(found.groups(default="")) for found in LINE.finditer(instance.brief)] == payload["edges"]
        assert f"Start at {payload['start']} and " in instance.question
        for text in (instance.question, instance.brief):
            assert ("backward" in text) == payload["backward"]
            assert payload["times"] == 1 or re.search(rf"\b{payload['times']}\b", text)
            assert " ".join(payload["word"]) in text


@pytest.mark.parametrize("edges", [RHO[1:2], [*RHO, ["cat", "", "sun"]], RHO * 500, []])
def test_a_payload_without_one_walk_is_no_judgement(edges):
    verdict = verify("red", walk(edges, "cat", 3))
    assert verdict.status == Status.ERROR and verdict.reward is None


def test_an_edge_that_is_listed_twice_is_one_edge():
    assert follow(walk([*RHO, RHO[0]], "cat")) == "red"


def test_the_pieces_of_the_generator():
    assert len(set(WORDS)) == len(WORDS) > 100 and STRANGER not in WORDS
    for seed in range(50):
        leads, start = draw_path(random.Random(seed), 9, 8)
        node, seen = start, set()
        for _ in range(9):
            seen.add(node)
            node = leads[0][node]
        assert len(seen) == 9 and node == start
        for row in draw_automaton(random.Random(seed), 5, 2)[0]:
            assert sorted(row) == list(range(5)) and all(head != tail for tail, head in enumerate(row))


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": 2},
        {"nodes": 61},
        {"labels": 5},
        {"labels": -1},
        {"labels": 0},
        {"word": 0},
        {"fewest": 0},
        {"most": 5},
    ],
)
def test_senseless_parameters_are_refused(change):
    with pytest.raises(BadValue):
        get_task("edge_following").pose(0, 6, params=change)
