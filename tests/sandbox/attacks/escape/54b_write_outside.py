# tries: makes, links, renames or truncates files of the host
# outcomes: ran
# may_return: ["refused"]
# limits: {"scratch_bytes": 1000000}
import os


def make(path):
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))


def f(x):
    ways = (
        lambda: make("@MARKER@"),
        lambda: os.mkdir("@MARKER@"),
        lambda: os.symlink("/etc/passwd", "@MARKER@"),
        lambda: os.link("@SECRET_FILE@", "@MARKER@"),
        lambda: os.mkfifo("@MARKER@"),
        lambda: os.rename("@SECRET_FILE@", "@SECRET_FILE@.moved"),
        lambda: os.truncate("@SECRET_FILE@", 10**6),
        lambda: os.unlink("@UNIX@"),
    )
    for number, way in enumerate(ways):
        try:
            way()
        except OSError:
            continue
        return f"BREACH: way {number} to change the host"
    return "refused"
