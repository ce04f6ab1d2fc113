# tries: closes every descriptor, so that nothing can be said and the sandbox may look at fault
# outcomes: no_result, runtime_error, signaled, malformed
import os

os.closerange(0, 64)


def f(x):
    return x
