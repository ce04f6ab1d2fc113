"""Stages in a fixed order (multi-stage training as in Enigmata, arXiv 2505.19914).

Each stage names the tasks or arms that it adds; ``lengths`` are the shares of the run. In the stage at hand, what it
names is drawn by the weights of the mixture, and a share ``keep`` of the draws goes, by weight, to what earlier stages
named. Without ``stages`` there is one for each level: the easiest of all tasks first, then the second, and so on.

The paper compares this with mix-training, all at once, which is the rule ``weighted``. Its stages are data sets; how
long they are and what they keep is not a formula there, so both are options here.
"""

from dataclasses import dataclass

from gradarium.errors import BadValue, UnknownName
from gradarium.generators.levels import parse_levels
from gradarium.trainers.curricula.bounds import within
from gradarium.trainers.curricula.curriculum import Curriculum
from gradarium.trainers.data import Arm


@dataclass(frozen=True)
class Options:
    """Options of the rule."""

    stages: tuple[tuple[str, ...], ...] = ()
    """For each stage the names of tasks, ``sudoku``, or of some of their levels, ``sudoku/0`` or ``sudoku/0-2``."""
    lengths: tuple[float, ...] = ()
    """Length of each stage in proportion to the others; empty: all alike."""
    keep: float = 0.3
    """Share of the draws for arms of earlier stages."""

    def __post_init__(self) -> None:
        """Check the bounds; raises BadValue."""
        within(self, keep=(0, 0.95))
        for i, names in enumerate(self.stages):
            if not names:
                raise BadValue(f"curriculum.stages[{i}]", [], "a stage names one task or level at least")
        if not all(0 < length <= 1e9 for length in self.lengths):
            raise BadValue("curriculum.lengths", list(self.lengths), "must all be above 0, and at most 1e9")


class Stages(Curriculum):
    """Draws one stage's arms after the other's, and some of those before."""

    Options = Options

    def start(self) -> None:
        """Look up the names; raises UnknownName or BadValue, also where an arm is in no stage."""
        depth = max(len(positions) for positions in self.tasks.values())
        self.added = [self._named(names, f"curriculum.stages[{i}]") for i, names in enumerate(self.options.stages)]
        if not self.options.stages:
            self.added = [{row[i] for row in self.tasks.values() if i < len(row)} for i in range(depth)]
        lost = [str(arm) for i, arm in enumerate(self.arms) if not any(i in stage for stage in self.added)]
        if lost:
            reason = f"{', '.join(lost[:8])}{', ...' if len(lost) > 8 else ''} in the mixture but in no stage"
            raise BadValue("curriculum.stages", [list(names) for names in self.options.stages], reason)
        lengths = self.options.lengths or (1.0,) * len(self.added)
        if len(lengths) != len(self.added):
            reason = f"there are {len(self.added)} stages; give one length for each, or none"
            raise BadValue("curriculum.lengths", list(lengths), reason)
        self.ends = [sum(lengths[: i + 1]) / sum(lengths) for i in range(len(lengths))]

    def _named(self, names: tuple[str, ...], where: str) -> set[int]:
        """Return the positions that a stage names."""
        found: set[int] = set()
        for name in names:
            task, slash, text = name.partition("/")
            if task not in self.tasks:
                raise UnknownName(f"task in {where}", task, self.tasks)
            levels = parse_levels(text, where) if slash else None
            if levels is None:
                found.update(self.tasks[task])
                continue
            for level in levels:
                if Arm(task, level) not in self.position:
                    known = [str(self.arms[i]) for i in self.tasks[task]]
                    raise UnknownName(f"level in {where}", f"{task}/{level}", known)
                found.add(self.position[Arm(task, level)])
        return found

    @property
    def stage(self) -> int:
        """Number of the stage at hand, from 0."""
        return next((i for i, end in enumerate(self.ends[:-1]) if self.progress < end), len(self.ends) - 1)

    def probabilities(self) -> list[float]:
        """Return the shares of this stage's arms and of those before."""
        now = self.added[self.stage]
        before = set().union(*self.added[: self.stage]) - now
        shares = [0.0] * len(self.arms)
        keep = self.options.keep if before else 0.0
        for part, share in ((now, 1 - keep), (before, keep)):
            total = sum(self.weights[i] for i in part)
            for i in part:
                shares[i] = share * self.weights[i] / total
        return shares

    def figures(self) -> dict[str, float]:
        """Return ``stage``, from 1."""
        return {"stage": float(self.stage + 1)}
