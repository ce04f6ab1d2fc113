"""Edge following: where a walk along labelled edges of a graph ends.

Correct is the one node at which the walk ends; the verifier walks itself. The payload holds ``edges``, each ``[from,
label, to]``, the node ``start``, the labels ``word`` to follow, how often the word is followed (``times``), and whether
edges are followed ``backward``, from head to tail. Edges without labels have the label "". ``times`` may be huge: once
a node comes back at the start of a round, whole cycles are skipped, so that no walk has more rounds than twice the
number of nodes.

Example: payload ``{"edges": [["cat", "", "red"], ["red", "", "sun"], ["sun", "", "cat"]], "start": "cat", "word": [""],
"times": 2, "backward": false}``, answer ``sun``.
"""

import re
from typing import Any

from gradarium.core import Payload, Verdict

MOST_EDGES = 2_000
MOST_LABELS = 200
"""Length of the word."""

_NODE = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)


def follow(payload: Payload) -> str:
    """Return the node at which the walk ends.

    Raises ValueError where the graph is too large, or an edge is missing or not the only one of its label.

    >>> edges = [["cat", "", "red"], ["red", "", "sun"], ["sun", "", "cat"]]
    >>> follow({"edges": edges, "start": "cat", "word": [""], "times": 3 * 10**30 + 1, "backward": True})
    'sun'
    """
    edges, word, times = payload["edges"], payload["word"], payload["times"]
    if len(edges) > MOST_EDGES or not 0 < len(word) <= MOST_LABELS:
        raise ValueError("the graph or the word is too large")
    leads: dict[tuple[str, str], Any] = {}
    for tail, label, head in edges:
        here, there = (head, tail) if payload["backward"] else (tail, head)
        if leads.setdefault((here, label), there) != there:
            raise ValueError(f"two edges {label!r} at {here!r}")
    node = payload["start"]
    rounds: dict[str, int] = {}  # node at the start of a round -> number of the round
    done = 0
    while done < times:
        if node in rounds:
            times = done + (times - done) % (done - rounds[node])
            rounds = {}
            if done == times:
                break
        rounds[node] = done
        for label in word:
            if (node, label) not in leads:
                raise ValueError(f"no edge {label!r} at {node!r}")
            node = leads[node, label]
        done += 1
    return str(node)


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge one node.

    >>> edges = [["cat", "", "red"], ["red", "", "sun"], ["sun", "", "cat"]]
    >>> verify("sun", {"edges": edges, "start": "cat", "word": [""], "times": 2, "backward": False}).score
    1.0
    >>> verify("box", {"edges": edges, "start": "cat", "word": [""], "times": 2, "backward": False}).reason
    'there is no node box'
    """
    written = answer.strip().removesuffix(".") if len(answer) <= 64 else ""
    if not _NODE.fullmatch(written):
        return Verdict.unreadable("expected one word, the name of a node")
    node = written.lower()
    try:
        end = follow(payload)
    except ValueError as error:
        return Verdict.error(f"the payload holds no valid walk: {error}")
    if node == end.lower():
        return Verdict.correct()
    if not any(node in (tail.lower(), head.lower()) for tail, _, head in payload["edges"]):
        return Verdict.wrong(f"there is no node {node}", "node")
    return Verdict.wrong("the walk ends elsewhere", "end")
