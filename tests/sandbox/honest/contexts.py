# shows: context managers and their order of closing work
# inputs: [[3]]
# expects: [["open 0", "open 1", "open 2", "close 2", "close 1", "close 0"]]
from contextlib import ExitStack, contextmanager


@contextmanager
def step(log, i):
    log.append(f"open {i}")
    try:
        yield
    finally:
        log.append(f"close {i}")


def f(n):
    log = []
    with ExitStack() as stack:
        for i in range(n):
            stack.enter_context(step(log, i))
    return log
