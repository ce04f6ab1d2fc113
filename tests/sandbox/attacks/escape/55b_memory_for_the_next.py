# tries: finds the program or the inputs of the run before in its own memory
# outcomes: ran
# may_return: ["nothing"]
# runs: 3
# limits: {"cpu_s": 3.0}
import gc
import re
import time

OWN = f"left behind {time.time_ns()}"
KEPT = [[OWN], {"key": OWN}, {OWN: 1}]


def f(x):
    for thing in gc.get_objects():
        if isinstance(thing, (list, tuple, dict)):
            for item in (*thing, *thing.values()) if isinstance(thing, dict) else thing:
                if type(item) is str and re.fullmatch(r"left behind \d+", item) and item != OWN:
                    return "BREACH: the memory of the run before: " + item
    return "nothing"
