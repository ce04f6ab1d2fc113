# tries: leaves files and a closed folder for the next run, and looks for those of the one before
# outcomes: ran
# may_return: ["nothing"]
# runs: 3
# limits: {"scratch_bytes": 1000000}
import os

FOLDERS = (os.getcwd(), "/tmp", "/dev/shm", "/var/tmp", "/run", "/", os.path.dirname("@MARKER@"))


def f(x):
    for folder in FOLDERS:
        if x == 1 and os.path.exists(f"{folder}/@NAME@-left"):
            return "BREACH: there is a folder of the run before in " + folder
    for folder in FOLDERS:
        try:
            os.mkdir(f"{folder}/@NAME@-left")
            open(f"{folder}/@NAME@-left/file", "w").close()
            os.chmod(f"{folder}/@NAME@-left", 0)
        except OSError:
            continue
    return "nothing"
