# tries: fills pipes of its own and every channel, then hangs in a write that nobody reads
# outcomes: wall_limit
# limits: {"wall_s": 3.0}
import os


def f(x):
    _, write = os.pipe()
    while True:
        os.write(write, bytes(65536))
