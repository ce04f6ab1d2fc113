# tries: gives a scratch file the set-user bit and runs it
# outcomes: ran
# may_return: ["refused"]
# limits: {"scratch_bytes": 2000000}
import os


def f(x):
    for folder in dict.fromkeys((os.getcwd(), "/tmp", "/dev/shm")):
        path = folder + "/program"
        try:
            with open(path, "wb") as program:
                program.write(b"#!/bin/sh\necho x > @MARKER@\n")
            os.chmod(path, 0o4755)
        except OSError:
            continue
        try:
            os.execve(path, ["program"], {})
        except FileNotFoundError:
            return "BREACH: may run scratch files, there is but no shell"
        except OSError:
            continue
    return "refused"
