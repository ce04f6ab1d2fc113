# shows: numpy works where it is offered
# needs: numpy
# inputs: [[4]]
# expects: [[30.0, [[0, 1], [2, 3]]]]
# limits: {"cpu_s": 10.0, "memory_mb": 1024}
import numpy as np


def f(n):
    grid = np.arange(n).reshape(2, 2)
    return [float((np.arange(1, n + 1) ** 2).sum()), grid.tolist()]
