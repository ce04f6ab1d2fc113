# tries: starts a thousand sleeping threads
# outcomes: ran
# may_return: ["stopped"]
import _thread  # threading waits for ever for a thread that has no memory to begin with
import time


def f(x):
    _thread.stack_size(65536)
    made = 0
    try:
        while made < 1000:
            _thread.start_new_thread(time.sleep, (20,))
            made += 1
    except (RuntimeError, MemoryError):
        pass
    return f"BREACH: {made} threads" if made > 64 else "stopped"
