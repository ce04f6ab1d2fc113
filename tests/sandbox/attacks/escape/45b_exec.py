# tries: becomes another program
# outcomes: ran
# may_return: ["refused"]
import glob
import os
import sys


def f(x):
    programs = ["/bin/true", "/bin/sh", "/usr/bin/env", "/usr/bin/python3", os.path.realpath(sys.executable)]
    programs += glob.glob("/lib*/ld-linux*") + glob.glob("/lib/*/ld-linux*") + glob.glob("/usr/lib/*/ld-linux*")
    for program in programs:
        try:
            os.execve(program, [program, "--help"], {})
        except (OSError, ValueError):
            continue
    return "refused"
