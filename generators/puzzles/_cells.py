"""Rules on yes/no cells, said once and used twice: to prove uniqueness by SAT and to count a plain solver's steps.

Example: of the cells 1, 2 and 3 exactly one is filled, and it is not the first::

    rules = Rules(3)
    rules.say(1, 1, [1, 2, 3])
    with rules.model() as model:
        model.only([-1, 2, -3], assumed=[-1, 2])  # True
    rules.steps([-1, -2], 1000)  # how many rules a solver looks at until all is settled
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from gradarium.generators.solving import Cut, Model


class Rules:
    """Rules of the form "at least ``low`` and at most ``high`` of these literals are true".

    A literal is the number of a cell (from 1), or its negative for "not filled". What such rules cannot say is given as
    a ``cut``, as in ``Model``.
    """

    def __init__(self, cells: int, cut: Cut | None = None) -> None:
        self.cells = cells
        self.variables = cells
        """The highest variable so far: the cells, then the guards."""
        self._cut = cut
        self._sums: list[tuple[int, int, list[int], int]] = []

    def guard(self) -> int:
        """Return a variable that turns on the rules said with it when it is assumed."""
        self.variables += 1
        return self.variables

    def say(self, low: int, high: int, literals: Sequence[int], guard: int = 0) -> None:
        """Add a rule; a guarded one should have few literals, as it becomes plain clauses."""
        self._sums.append((low, high, list(literals), guard))

    def model(self) -> Model:
        """Return the rules as a SAT model; use it in a ``with`` block."""
        model = Model(self._cut)
        model.new(self.variables)
        for low, high, literals, guard in self._sums:
            if guard:
                if high < len(literals):
                    for some in combinations(literals, high + 1):
                        model.add(-guard, *(-literal for literal in some))
                if low > 0:
                    for some in combinations(literals, max(0, len(literals) - low + 1)):
                        model.add(-guard, *some)
            else:
                if high < len(literals):
                    model.at_most(high, literals)
                if low > 0:
                    model.at_least(low, literals)
        return model

    def steps(self, known: Iterable[int], most: int) -> int:
        """Return how many rules a solver looks at after the known literals until it has seen every possibility.

        It fills in what single rules force and tries both values of a cell where nothing is forced. It gives up soon
        after ``most`` steps: its count is a measure, not a proof.
        """
        return _Solver(self, list(known), most, self._sums, self._cut).run()


class _Solver:
    """Depth-first search with counters; deterministic, so that its steps are the same on every machine."""

    def __init__(
        self,
        rules: Rules,
        known: list[int],
        most: int,
        sums: list[tuple[int, int, list[int], int]],
        cut: Cut | None,
    ) -> None:
        chosen = set(known)
        self.sums = [rule[:3] for rule in sums if not rule[3] or rule[3] in chosen]
        self.size = rules.variables
        self.cells = rules.cells
        self.cut = cut
        self.most = most
        self.count = 0
        self.known = known
        self.value = [0] * (self.size + 1)
        self.trues = [0] * len(self.sums)
        self.free = [len(literals) for _, _, literals in self.sums]
        self.inside: list[list[int]] = [[] for _ in range(2 * self.size + 1)]
        for number, (_, _, literals) in enumerate(self.sums):
            for literal in literals:
                self.inside[literal + self.size].append(number)
        self.trail: list[int] = []

    def run(self) -> int:
        if self._settle(self.known) and self._settle(self._forced(range(len(self.sums)))):
            self._search()
        return self.count

    def _forced(self, numbers: Iterable[int]) -> list[int]:
        """Return what the rules force by themselves, or a contradiction where one is broken."""
        found = []
        for number in numbers:
            low, high, literals = self.sums[number]
            trues, free = self.trues[number], self.free[number]
            if trues > high or trues + free < low:
                return [1, -1]
            if free and trues == high:
                found += [-literal for literal in literals if not self.value[abs(literal)]]
            elif free and trues + free == low:
                found += [literal for literal in literals if not self.value[abs(literal)]]
        return found

    def _settle(self, literals: list[int]) -> bool:
        """Assign the literals and all that follows; False at a contradiction."""
        todo = list(literals)
        counted = literals is not self.known
        while todo:
            literal = todo.pop()
            sign = 1 if literal > 0 else -1
            held = self.value[abs(literal)]
            if held == sign:
                continue
            if held:
                return False
            self.value[abs(literal)] = sign
            self.trail.append(literal)
            true, false = self.inside[literal + self.size], self.inside[self.size - literal]
            for number in true:
                self.trues[number] += 1
                self.free[number] -= 1
            for number in false:
                self.free[number] -= 1
            if counted:
                self.count += len(true) + len(false)
            todo += self._forced(true)
            todo += self._forced(false)
        return True

    def _undo(self, length: int) -> None:
        while len(self.trail) > length:
            literal = self.trail.pop()
            self.value[abs(literal)] = 0
            for number in self.inside[literal + self.size]:
                self.trues[number] -= 1
                self.free[number] += 1
            for number in self.inside[self.size - literal]:
                self.free[number] += 1

    def _search(self) -> None:
        if self.count > self.most:
            return
        best, fewest = -1, self.size + 1
        for number, free in enumerate(self.free):
            if 0 < free < fewest and self.trues[number] < self.sums[number][0]:
                best, fewest = number, free
        if best >= 0:
            literal = next(x for x in self.sums[best][2] if not self.value[abs(x)])
        else:
            literal = next((x for x in range(1, self.cells + 1) if not self.value[x]), 0)
        if not literal:
            if self.cut:  # a candidate that a cut refuses costs as much as it has cells
                self.count += self.cells if self.cut([i * held for i, held in enumerate(self.value) if held]) else 0
            return
        length = len(self.trail)
        for choice in (literal, -literal):
            if self._settle([choice]):
                self._search()
            self._undo(length)
