# tries: makes the reader hang: huge numbers, keys that collide, infinities, one key twice
# outcomes: malformed, no_result
# limits: {"cpu_s": 5.0}
# inputs: [[0], [1], [2], [3], [4]]
import os

collide = b",".join(b"[%d,0]" % (i * (2**61 - 1)) for i in range(20000))
bad = b'[0,[%s,{"d":[%s]},NaN,1e999999,{"a":1,"a":2}]]' % (b"9" * 200000, collide)


def f(x):
    for fd in range(3, 64):
        try:
            os.write(fd, bad + b"".join(b"\n[%d,0]" % i for i in range(1, 5)) + b"\nEND\n")
        except OSError:
            continue
    os._exit(0)
