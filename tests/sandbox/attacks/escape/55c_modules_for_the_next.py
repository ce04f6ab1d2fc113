# tries: poisons modules and built-ins for the next run
# outcomes: ran
# may_return: ["nothing"]
# runs: 3
import builtins
import os
import sys

LEFT = hasattr(builtins, "left_behind") or "left_behind" in sys.modules or hasattr(os, "left_behind")
builtins.left_behind = sys.modules["left_behind"] = os.left_behind = sys


def f(x):
    return "BREACH: a module of the run before" if LEFT else "nothing"
