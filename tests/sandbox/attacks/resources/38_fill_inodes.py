# tries: fills the scratch folder with empty files, folders and links
# outcomes: ran
# may_return: ["stopped"]
# limits: {"scratch_bytes": 4000000, "cpu_s": 5.0}
import os


def f(x):
    made = 0
    for folder in dict.fromkeys((os.getcwd(), "/tmp", "/dev/shm", "/var/tmp")):
        try:
            for number in range(5000):
                place = f"{folder}/{number}"
                (lambda p: open(p, "wb").close(), os.mkdir, lambda p: os.symlink("x", p))[number % 3](place)
                made += 1
        except OSError:
            continue
    return f"BREACH: made {made} files" if made > 2000 else "stopped"
