"""A SAT model for generators that prove what they claim: clauses, counts, and whether a solution is the only one.

Example: two variables of which exactly one is true, and the first is not::

    with Model() as model:
        a, b = model.new(2)
        model.exactly(1, [a, b])
        model.add(-a)
        model.only([-a, b])  # True

Only yes and no leave this module where a problem may have several solutions: which one a solver finds depends on its
version and must not show in an instance. ``solve`` is for models that have one solution at most, or to cut and repeat.
"""

from collections.abc import Callable, Iterable, Sequence

Cut = Callable[[list[int]], list[list[int]]]
"""The true literals of a candidate -> clauses that it breaks; none where it keeps every rule."""


class Model:
    """Clauses over numbered variables, kept in one incremental solver; use it in a ``with`` block.

    A literal is a variable's number, or its negative for "not". Rules that no few clauses can say (connected, one loop)
    are given as a ``cut``: a function that looks at a candidate solution and returns clauses against it.
    """

    def __init__(self, cut: Cut | None = None) -> None:
        from pysat.solvers import Minisat22

        self.variables = 0
        """The highest variable so far."""
        self._cut = cut
        self._solver = Minisat22()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def new(self, count: int) -> list[int]:
        """Return fresh variables."""
        first = self.variables + 1
        self.variables += count
        return list(range(first, first + count))

    def add(self, *literals: int) -> None:
        """Say that at least one of the literals is true."""
        self._solver.add_clause(list(literals))

    def at_most(self, count: int, literals: Sequence[int]) -> None:
        """Say that at most ``count`` of the literals are true (pairs, or a sequential counter)."""
        n = len(literals)
        if count >= n:
            return
        if count <= 0:
            for literal in literals:
                self.add(-literal)
        elif count == 1 and n <= 6:
            for i in range(n):
                for j in range(i):
                    self.add(-literals[i], -literals[j])
        else:
            self._count(count, literals)

    def at_least(self, count: int, literals: Sequence[int]) -> None:
        """Say that at least ``count`` of the literals are true."""
        if count == 1:
            self.add(*literals)
        elif count > len(literals):
            self.add()  # the empty clause: no solution
        elif count > 1:
            self.at_most(len(literals) - count, [-literal for literal in literals])

    def exactly(self, count: int, literals: Sequence[int]) -> None:
        """Say that exactly ``count`` of the literals are true."""
        self.at_most(count, literals)
        self.at_least(count, literals)

    def _count(self, count: int, literals: Sequence[int]) -> None:
        """Sequential counter (Sinz 2005): ``rows[i][j]`` is true if more than j of the first i + 1 literals are."""
        before: list[int] = []
        for i, literal in enumerate(literals):
            row = self.new(min(count, i + 1)) if i + 1 < len(literals) else []
            if len(before) == count:
                self.add(-literal, -before[count - 1])
            for j, here in enumerate(row):
                if j < len(before):
                    self.add(-before[j], here)
                if j == 0:
                    self.add(-literal, here)
                elif j - 1 < len(before):
                    self.add(-literal, -before[j - 1], here)
            before = row

    def solve(self, assumed: Iterable[int] = ()) -> list[int] | None:
        """Return the true literals of a solution in which the assumed ones are true, or None if there is none."""
        literals = list(assumed)
        while self._solver.solve(assumptions=literals):
            found: list[int] = self._solver.get_model()
            cuts = self._cut(found) if self._cut else []
            if not cuts:
                return found
            for clause in cuts:
                self.add(*clause)
        return None

    def satisfiable(self, assumed: Iterable[int] = ()) -> bool:
        """Return whether there is a solution in which the assumed literals are true."""
        return self.solve(assumed) is not None

    def only(self, solution: Sequence[int], assumed: Iterable[int] = ()) -> bool:
        """Return whether no solution differs from this one in the literals given; it is not checked itself.

        The question leaves the model as it was, so it can be asked again under other assumptions.
        """
        (switch,) = self.new(1)
        self.add(-switch, *(-literal for literal in solution))
        unique = not self.satisfiable([*assumed, switch])
        self.add(-switch)
        return unique
