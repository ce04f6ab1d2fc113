# tries: writes to standard error without end, where nobody may be reading
# outcomes: output_limit, cpu_limit
# limits: {"cpu_s": 10.0}
import os


def f(x):
    while True:
        os.write(2, b"x" * 100_000)
