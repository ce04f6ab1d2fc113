# tries: writes without end to every descriptor but the standard ones
# outcomes: output_limit
# limits: {"cpu_s": 10.0}
import os


def f(x):
    for fd in range(63, 2, -1):
        try:
            while True:
                os.write(fd, b"[0,0]\n" * 10000)
        except OSError:
            continue
    os._exit(0)
