# tries: replaces built-ins and modules on the first input, so that the second is treated otherwise
# outcomes: ran, runtime_error, malformed
# may_return: [1, 2]
import builtins
import sys


def spoil():
    for name in ("compile", "__build_class__", "__import__", "len", "isinstance", "getattr", "list", "range"):
        setattr(builtins, name, lambda *args, **kwargs: 0)
    for name in ("json", "marshal", "os", "struct", "io"):
        sys.modules[name] = None


def f(x):
    if x == 1:
        spoil()
    return x
