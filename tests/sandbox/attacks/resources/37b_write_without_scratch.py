# tries: writes somewhere although it was given no room to write
# outcomes: ran
# may_return: ["refused"]
import os
import tempfile

WAYS = (lambda path: open(path, "wb").write(b"x"), os.mkdir, lambda path: os.symlink("x", path), os.mkfifo)


def f(x):
    folders = [".", "/", "/tmp", "/dev/shm", "/var/tmp", "/run", "/dev", "/home", "/etc", os.path.dirname("@MARKER@")]
    folders += [os.path.dirname(os.__file__)]
    try:
        folders.append(tempfile.gettempdir())
    except FileNotFoundError:
        pass
    for folder in folders:
        for way in WAYS:
            try:
                way(f"{folder}/left-by-@NAME@")
            except OSError:
                continue
            return "BREACH: wrote to " + folder
    return "refused"
