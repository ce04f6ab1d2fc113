# tries: gets at files by descriptors of paths, and at unnamed files outside of its scratch folder
# outcomes: ran
# may_return: ["refused"]
import os

FOLDERS = ("/", "/etc", "/home", "/proc", os.path.dirname(os.__file__), os.path.dirname("@MARKER@"))


def f(x):
    for folder in FOLDERS:
        try:
            os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
        except OSError:
            continue
        return "BREACH: an unnamed file in " + folder
    for path in ("@SECRET_FILE@", "/etc/passwd"):
        try:
            fd = os.open(path, os.O_PATH)
        except OSError:
            continue
        for again in (f"/proc/self/fd/{fd}", f"/dev/fd/{fd}"):
            try:
                with open(again) as text:
                    return f"BREACH: {path}: {text.read(50)}"
            except OSError:
                continue
    try:
        folder = os.open(os.path.dirname("@SECRET_FILE@"), os.O_PATH)
        return f"BREACH: {os.read(os.open(os.path.basename('@SECRET_FILE@'), os.O_RDONLY, dir_fd=folder), 50)!r}"
    except OSError:
        return "refused"
