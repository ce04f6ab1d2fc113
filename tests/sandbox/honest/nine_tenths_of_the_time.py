# shows: nine tenths of the processor limit may be used
# inputs: [[1.8]]
# expects: ["done"]
# limits: {"cpu_s": 2.0, "wall_s": 120.0}
import time


def f(seconds):
    while time.process_time() < seconds:
        pass
    return "done"
