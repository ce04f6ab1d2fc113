# tries: imports the suite itself and asks its solvers
# outcomes: ran
# may_return: ["nothing"]
import importlib
import sys

NAMES = ("gradarium", "gradarium.generators", "gradarium.verifiers", "gradarium.core", "generators", "verifiers")


def f(x):
    sys.path += ["@PACKAGE@", "@PACKAGE@/gradarium", "/", "/src", "/app", "."]
    importlib.invalidate_caches()
    for name in NAMES:
        try:
            module = importlib.import_module(name)
        except (ImportError, OSError):
            continue
        if name != "gradarium" or getattr(module, "__file__", None):
            return f"BREACH: {name} is {module!r}"
    return "nothing"
