# tries: reads from descriptors that it was started with
# outcomes: ran
# may_return: ["nothing"]
import os
import stat


def f(x):
    found = []
    for fd in range(1024):
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            continue
        found.append(fd)
        if stat.S_ISDIR(mode) or stat.S_ISSOCK(mode) or stat.S_ISBLK(mode):
            return f"BREACH: descriptor {fd} is of mode {mode:o}"
        if stat.S_ISREG(mode):
            try:
                data = os.pread(fd, 100, 0)
            except OSError:
                continue
            if data:
                return f"BREACH: descriptor {fd}: {data!r}"
    return "BREACH: too many descriptors" if len(found) > 5 else "nothing"
