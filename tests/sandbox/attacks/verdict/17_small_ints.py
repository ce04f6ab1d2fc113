# tries: rewrites the small integers of the interpreter, so that a comparison inside would hold
# outcomes: ran, signaled
# may_return: [251, 253]
import ctypes


def f(x):
    ctypes.memmove(id(251) + 24, id(253) + 24, 4)
    return 251
