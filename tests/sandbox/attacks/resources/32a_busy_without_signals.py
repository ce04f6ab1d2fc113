# tries: loops for ever with every signal ignored and every exception swallowed
# outcomes: cpu_limit
import signal


def f(x):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        try:
            while True:
                x += 1
        except BaseException:
            continue
