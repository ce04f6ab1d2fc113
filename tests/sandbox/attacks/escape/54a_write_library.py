# tries: changes the standard library, or leaves a .pth file or bytecode for later runs
# outcomes: ran
# may_return: ["refused"]
import heapq
import os
import sys
import sysconfig


def f(x):
    library = os.path.dirname(os.__file__)
    folders = [library, *sys.path, sysconfig.get_path("purelib"), library + "/__pycache__", library + "/site-packages"]
    paths = [heapq.__file__, os.__file__]
    paths += [f"{folder}/@NAME@{end}" for folder in folders for end in (".pth", ".py", ".pyc") if folder]
    for path in paths:
        new = not os.path.exists(path)
        try:
            os.close(os.open(path, os.O_WRONLY | (os.O_CREAT if new else 0)))
        except OSError:
            continue
        if new:
            os.unlink(path)
        return "BREACH: may write " + path
    for way in (lambda: os.chmod(heapq.__file__, 0o666), lambda: os.utime(heapq.__file__)):
        try:
            way()
        except OSError:
            continue
        return "BREACH: changed the library"
    return "refused"
