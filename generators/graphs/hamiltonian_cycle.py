"""Find a cycle through all vertices of a graph, or a cut that shows that there is none; from 6 to 70 vertices.

Example (level 0)::

    1-2 1-3 1-4 2-3 4-5 4-6 5-6

What is right: every cycle through all vertices; where there is none, ``none:`` and every set of vertices without which
the graph falls into more pieces than the set has vertices, here ``none: 1`` or ``none: 4``.
Version history: 0 first.
"""

import random

from gradarium.core import Draft, Redraw
from gradarium.generators.graphs._hamilton import LEVELS, Params, draw, effort, graph, listed
from gradarium.generators.task import task
from gradarium.verifiers.graphs.hamiltonian_cycle import verify


@task(levels=LEVELS, tags={"enigmata", "graph"}, chance=0.12, graph=graph)
def make(rng: random.Random, params: Params) -> Draft:
    """String the pieces of a graph on the vertices of a cut, or one piece too many."""
    edges, tour, cut = draw(rng, params, closed=True)
    n = params.vertices
    payload = {"vertices": n, "edges": [list(edge) for edge in edges]}
    example = " ".join(map(str, range(1, n + 1)))
    denial = "none: 4 2"
    if verify(example, payload).score or verify(denial, payload).score:
        raise Redraw
    question = (
        f"An undirected graph has the vertices 1 to {n} and these edges:\n\n{listed(edges)}\n\n"
        "A Hamiltonian cycle is a closed tour along edges that visits every vertex exactly once and returns to its "
        "start. Either this graph has one, or it has a set S of one or more vertices that proves that there is none: "
        "if the vertices of S are removed together with their edges, the rest falls into more connected components "
        "than S has vertices. (A closed tour falls into at most as many parts as vertices are removed from it.)\n\n"
        "Answer with a Hamiltonian cycle: all vertices in the order of the tour, separated by spaces, each exactly "
        "once (the last is joined to the first). If there is none, answer instead with the word none, a colon and the "
        f"vertices of such a set S, separated by spaces, like this: {denial}."
    )
    return Draft(
        question=question,
        payload=payload,
        reference=" ".join(map(str, tour)) if tour else f"none: {' '.join(map(str, cut))}",
        example=example,
        brief=listed(edges),
        certificate={
            "cycle": tour is not None,
            **({} if tour else {"cut": cut}),
            "effort": effort(edges, params, closed=True),
        },
    )
