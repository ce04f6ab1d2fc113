# tries: sleeps for ever with every signal blocked, without a second of processor time
# outcomes: wall_limit
# limits: {"wall_s": 2.0}
import signal
import time


def f(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        time.sleep(1e6)
