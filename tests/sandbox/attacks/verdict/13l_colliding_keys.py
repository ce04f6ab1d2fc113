# tries: makes the reader hang by keys of a dict that all have one hash
# outcomes: malformed, no_result
# inputs: [[0]]
# limits: {"cpu_s": 5.0}
import os

collide = b",".join(b"[%d,0]" % (i * (2**61 - 1)) for i in range(1, 30000))


def f(x):
    for fd in range(3, 64):
        try:
            os.write(fd, b'[0,{"d":[%s]}]\nEND\n' % collide)
        except OSError:
            continue
    os._exit(0)
