"""Follow arrows from word to word, from one step to a trillion rounds through an automaton with three labels.

Example (level 0)::

    red -> sun
    cat -> red
    sun -> cat
    Start at cat and follow 1 arrow.

What is right: the one word at which the walk ends, here ``red``. Where the walk is longer than the graph is large, the
length of its cycle is found while the instance is made, and it is never short.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue
from gradarium.generators.task import Picture, task

WORDS = (
    "ant arm axe bag bat bed bee bell bird blue boat book box bus cake cap car cat coat coin corn cow crab cup desk "
    "dog door duck ear egg eye fan fig fish flag foot fork fox frog gate gold goat grey ham hand hat hen hill hood "
    "ice ink iron jam jar key king kite lake lamp leaf leg lid lime lion lip map milk mint moon moth mud nail nest "
    "net nose nut oak oil owl pan park pea pear pen pig pin pink pipe plum pond pot rain red rice ring road roof root "
    "rope rose rug salt sand seal ship shoe silk snow soap sock sofa star sun swan tea tent toad toe tree tub vase "
    "wall well wolf wood wool yard"
).split()
STRANGER = "zebra"
"""The example answer; no node is called like that."""
LABELS = "abcd"
MOST_NODES = 60


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    nodes: int
    """How many nodes there are, from 3 to 60."""
    labels: int
    """How many labelled edges leave each node (enter it, if ``backward``), at most 4; 0 for one without a label."""
    word: int
    """How many labels are to be followed in one round; 1 without labels."""
    fewest: int
    """The fewest rounds."""
    most: int
    """The most rounds; where it is not below ``nodes``, the walk runs into a cycle."""
    backward: bool
    """Whether edges are followed from head to tail."""


LEVELS = [
    Params(3, 0, 1, 1, 1, False),
    Params(5, 0, 1, 2, 2, False),
    Params(7, 0, 1, 3, 4, False),
    Params(12, 0, 1, 5, 7, True),
    Params(10, 2, 8, 1, 1, False),
    Params(16, 0, 1, 1_000, 999_999, False),
    Params(16, 2, 4, 1_000, 999_999, False),
    Params(40, 3, 8, 10**9, 10**12, True),
]

Leads = list[list[int]]
"""``leads[label][node]`` is where the edge of that label leads from the node, in the direction of the walk."""


def draw_path(rng: random.Random, nodes: int, most: int) -> tuple[Leads, int]:
    """Return a graph with one edge a node, and the start of a walk in it that visits many nodes.

    For walks of fewer steps than there are nodes, the graph is one cycle: no node stands out by the number of its
    edges. For longer ones, the walk ends in a cycle of at least a third of the nodes, after it has seen more than half
    of them.
    """
    long = most >= nodes
    leads = [rng.choice([other for other in range(nodes) if other != node]) for node in range(nodes)]
    visited = rng.sample(range(nodes), rng.randint(nodes // 2 + 1, nodes) if long else nodes)
    for here, there in pairwise(visited):
        leads[here] = there
    leads[visited[-1]] = rng.choice(visited[: 1 - max(2, nodes // 3)]) if long else visited[0]
    return [leads], visited[0]


def draw_automaton(rng: random.Random, nodes: int, labels: int) -> tuple[Leads, int]:
    """Return a graph in which each label permutes the nodes and leaves none where it is, and a start."""
    leads: Leads = []
    while len(leads) < labels:
        permuted = rng.sample(range(nodes), nodes)
        if all(head != node for node, head in enumerate(permuted)):
            leads.append(permuted)
    return leads, rng.randrange(nodes)


def rounds_to_repeat(leads: Leads, start: int, word: Sequence[int]) -> tuple[list[int], int]:
    """Return the nodes at the starts of the rounds until one comes back, and the place of that one in the list."""
    nodes = [start]
    while True:
        node = nodes[-1]
        for label in word:
            node = leads[label][node]
        if node in nodes:
            return nodes, nodes.index(node)
        nodes.append(node)


def in_words(params: Params, start: str, word: Sequence[str], times: int) -> str:
    """Return what is to be done as sentences."""
    way = "go backwards, from head to tail, along" if params.backward else "follow"
    if not params.labels:
        return f"Start at {start} and {way} {'1 arrow' if times == 1 else f'{times} arrows, one after the other'}."
    text = f"Start at {start} and {way} the arrows with the labels {' '.join(word)}, in this order."
    return text if times == 1 else f"{text} Do this {times} times in all, each time from where you are."


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the edges."""
    return [sorted(payload["edges"]), payload["start"], payload["word"], payload["times"], payload["backward"]]


def check(params: Params) -> None:
    """Raise BadValue for parameters that make no sense."""
    if not 3 <= params.nodes <= MOST_NODES:
        raise BadValue("edge_following.nodes", params.nodes, f"must lie between 3 and {MOST_NODES}")
    if not 0 <= params.labels <= len(LABELS):
        raise BadValue("edge_following.labels", params.labels, f"must lie between 0 and {len(LABELS)}")
    if not 1 <= params.word <= 100 or (params.word > 1 and not params.labels):
        raise BadValue("edge_following.word", params.word, "must lie between 1 and 100, and be 1 without labels")
    if not 1 <= params.fewest <= params.most <= 10**18:
        raise BadValue("edge_following.fewest", params.fewest, "must lie between 1 and most, most below 10**18")


def graph(payload: Mapping[str, Any], answer: str) -> Picture:
    """Return words and arrows; the answer is one word and has no way to show."""
    edges = [(tail, head) for tail, _, head in payload["edges"]]
    labels: dict[tuple[str, str], str] = {}
    for tail, label, head in payload["edges"]:
        labels[tail, head] = labels.get((tail, head), "") + label
    return Picture(sorted({word for edge in edges for word in edge}), edges, directed=True, labels=labels)


@task(levels=LEVELS, tags={"walk"}, chance=0.05, canonical=canonical, graph=graph)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a graph and a start, then follow the edges."""
    check(params)
    n = params.nodes
    leads, start = draw_automaton(rng, n, params.labels) if params.labels else draw_path(rng, n, params.most)
    word = [rng.randrange(max(1, params.labels)) for _ in range(params.word)]
    if params.labels > 1 and params.word > 1 and len(set(word)) == 1:
        raise Redraw
    times = rng.randint(params.fewest, params.most)
    nodes, again = rounds_to_repeat(leads, start, word)
    cycle = len(nodes) - again
    if params.labels and times >= n and cycle < n // 3:
        raise Redraw
    end = nodes[times] if times < len(nodes) else nodes[again + (times - again) % cycle]
    names = rng.sample(WORDS, n)
    marks = LABELS[: params.labels] or [""]
    ends = [(i, mark, there) for mark, row in zip(marks, leads, strict=True) for i, there in enumerate(row)]
    edges = [
        [names[there], mark, names[i]] if params.backward else [names[i], mark, names[there]] for i, mark, there in ends
    ]
    rng.shuffle(edges)
    spelled = [marks[label] for label in word]
    arrows = [f"{tail} -{label}-> {head}" if label else f"{tail} -> {head}" for tail, label, head in edges]
    asked = in_words(params, names[start], spelled, times)
    lines = "\n".join(arrows)
    direction = "backward " if params.backward else ""
    steps = f"{' '.join(spelled)} x {times}" if params.labels else f"{times} step{'s' if times > 1 else ''}"
    walked = min(times, len(nodes)) * params.word
    return Draft(
        question=f"Each arrow leads from one word to another.\n\n{lines}\n\n{asked} At which word do you end?\n\n"
        "Answer with one word.",
        payload={
            "edges": edges,
            "start": names[start],
            "word": spelled,
            "times": times,
            "backward": params.backward,
        },
        reference=names[end],
        example=STRANGER,
        brief=f"{lines}\n{names[start]}, {direction}{steps}",
        certificate={
            "tail": again,
            "cycle": cycle,
            # each step is a search through the list of edges
            "effort": walked * len(edges),
        },
    )
