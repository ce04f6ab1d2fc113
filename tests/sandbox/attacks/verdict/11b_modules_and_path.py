# tries: looks for the suite and for installed packages among the loaded modules and on the import path
# outcomes: ran
# may_return: ["nothing"]
import sys


def f(x):
    found = [name for name in sys.modules if name.startswith("gradarium.") and ".sandbox" not in name]
    found += [path for path in sys.path if "site-packages" in path or "gradarium" in path]
    return "BREACH: " + ", ".join(found) if found else "nothing"
