"""Every arm alike, whatever the weights say."""

from gradarium.trainers.curricula.curriculum import Curriculum


class Uniform(Curriculum):
    """Draws all arms equally often: what every other rule has to beat."""

    usual_floor = usual_rehearsal = 0.0

    def probabilities(self) -> list[float]:
        """Return the same share for each arm."""
        return [1 / len(self.arms)] * len(self.arms)
