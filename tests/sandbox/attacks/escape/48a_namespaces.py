# tries: makes namespaces of its own, to be root in them
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
KINDS = (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000)


def f(x):
    for kind in KINDS:
        if libc.unshare(kind) == 0:
            return f"BREACH: unshare {kind:#x}"
    for name in ("user", "mnt", "pid", "net"):
        for pid in ("self", "1", "@PID@"):
            try:
                fd = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY)
            except OSError:
                continue
            if libc.setns(fd, 0) == 0:
                return f"BREACH: setns {name} of {pid}"
    clone = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine)
    if clone:
        made = libc.syscall(clone, 0x10000000 | 17, 0, 0, 0, 0)
        if made == 0:
            os._exit(0)
        if made > 0:
            return "BREACH: clone into a namespace"
    return "refused"
