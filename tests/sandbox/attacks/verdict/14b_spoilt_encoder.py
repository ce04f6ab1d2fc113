# tries: rewrites the functions of its callers, so that they write a constant
# outcomes: ran, malformed, runtime_error, no_result
# may_return: [0, 1, 2]
import sys
import types


def rewrite(function):
    constant = (lambda *a, **k: "0").__code__
    try:
        function.__code__ = constant
    except ValueError:  # it closes over something
        pass


def f(x):
    frame = sys._getframe().f_back
    while frame:
        for space in (frame.f_locals, frame.f_globals):
            for name, thing in list(space.items()):
                if isinstance(thing, types.FunctionType) and thing is not f and name in ("encode", "dumps", "pack"):
                    rewrite(thing)
        frame = frame.f_back
    return x
