# tries: reads its own file, command line and source for asserts
# outcomes: ran
# may_return: ["nothing"]
import inspect
import linecache
import sys


def f(x):
    texts = [repr(sys.argv), repr(getattr(sys, "orig_argv", [])), repr(linecache.cache)]
    for path in (globals().get("__file__"), "/proc/self/cmdline", sys.argv[0]):
        try:
            with open(path, errors="replace") as source:
                texts.append(source.read())
        except (OSError, TypeError, ValueError):
            continue
    for thing in (f, sys.modules.get("__main__")):
        try:
            texts.append(inspect.getsource(thing))
        except (OSError, TypeError):
            continue
    for text in texts:
        for word in ("ass" + "ert ", "expec" + "ted =", "def check" + "("):
            if word in text:
                return "BREACH: the tests are beside the program"
    return "nothing"
