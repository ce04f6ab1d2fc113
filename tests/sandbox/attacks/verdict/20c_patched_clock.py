# tries: stops every clock it can reach, to seem to take no time
# outcomes: cpu_limit
import time

for name in ("time", "monotonic", "perf_counter", "process_time", "clock_gettime", "thread_time", "time_ns"):
    setattr(time, name, lambda *args: 0)


def f(x):
    while True:
        x += 1
