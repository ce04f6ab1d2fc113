# tries: fills pages that the limit of the address space does not count, by shared memory files
# outcomes: ran
# may_return: ["stopped"]
# limits: {"cpu_s": 3.0}
import os


def f(x):
    total, block = 0, bytes(1 << 20)
    for number in range(200):
        try:
            fd = os.memfd_create(str(number))
        except OSError:
            break
        try:
            for _ in range(16):
                total += os.write(fd, block)
        except OSError:
            continue
        if total > 600 << 20:
            return "BREACH: over 600 MB in memory files"
    return "stopped"
