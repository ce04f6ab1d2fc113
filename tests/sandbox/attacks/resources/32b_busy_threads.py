# tries: spends the time in threads while the first one sleeps
# outcomes: cpu_limit
# limits: {"wall_s": 30.0}
import threading
import time


def burn():
    while True:
        pass


def f(x):
    for _ in range(4):
        threading.Thread(target=burn, daemon=True).start()
    time.sleep(60)
