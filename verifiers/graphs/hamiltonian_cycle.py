"""Hamiltonian cycle: visit every vertex of a graph once and return to the start, or show by a cut that nobody can.

Correct is any cycle through all vertices, from any start, in either direction, with the start written again at the end
or not; or ``none:`` and any set S of vertices without which the graph has more than |S| connected components. No
graph has both. Nothing is compared with a stored solution.

Example: payload ``{"vertices": 4, "edges": [[1, 2], [2, 3], [3, 4], [1, 4]]}``, answer ``1 2 3 4``.
"""

from gradarium.core import Payload, Verdict
from gradarium.verifiers.graphs._hamilton import judge


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the vertices of a cycle in order, or ``none:`` and the vertices of a cut.

    >>> verify("3 4 1 2", {"vertices": 4, "edges": [[1, 2], [2, 3], [3, 4], [1, 4]]}).score
    1.0
    >>> verify("none: 1", {"vertices": 3, "edges": [[1, 2], [1, 3]]}).score
    1.0
    """
    return judge(answer, payload, closed=True)
