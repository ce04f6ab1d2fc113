"""Fixed shares: the weights of the mixture."""

from gradarium.trainers.curricula.curriculum import Curriculum


class Weighted(Curriculum):
    """Draws arms in proportion to their weights; a task's weight is split evenly over its levels."""

    usual_floor = usual_rehearsal = 0.0

    def probabilities(self) -> list[float]:
        """Return the weights of the mixture."""
        return list(self.weights)
