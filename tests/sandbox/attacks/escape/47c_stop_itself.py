# tries: stops itself, for a keeper that waits for ever or takes a stop for an end
# outcomes: ran, wall_limit, signaled, runtime_error
# may_return: [1, 2]
# limits: {"wall_s": 3.0}
import os
import signal


def f(x):
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN):
        try:
            os.kill(os.getpid(), number)
        except OSError:
            continue
    return x
