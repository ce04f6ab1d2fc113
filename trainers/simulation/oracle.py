"""What could be reached: a curriculum that sees into the simulated learner."""

from gradarium.trainers.curricula.curriculum import Curriculum
from gradarium.trainers.simulation.learner import SimulatedLearner, World
from gradarium.trainers.simulation.loop import Trace, mixture, run_curriculum


class Oracle(Curriculum):
    """Draws the one arm that promises the greatest rise of the mean success now; it does not plan ahead."""

    learner: SimulatedLearner

    def probabilities(self) -> list[float]:
        """Return all for the arm of greatest promise."""
        promise = self.learner.promise().tolist()
        best = promise.index(max(promise))
        return [float(i == best) for i in range(len(promise))]


def run_oracle(world: World, seed: int, *, budget: int, prompts: int = 64, group: int = 8) -> Trace:
    """Train with the oracle until ``budget`` rollouts are sampled."""
    oracle = Oracle(mixture(world), seed)
    oracle.learner = SimulatedLearner(world, seed)
    return run_curriculum(oracle, oracle.learner, steps=budget // (prompts * group), prompts=prompts, group=group)
