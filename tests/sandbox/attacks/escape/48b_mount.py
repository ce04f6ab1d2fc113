# tries: mounts, changes its root and the name of the machine
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
PIVOT = {"x86_64": 155, "aarch64": 41}


def f(x):
    if os.getuid() == 0 and os.getpid() > 100:
        return "refused"  # the machine's own root: this would do harm, and is no sandbox
    done = {
        "mount": libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
        "bind": libc.mount(b"/", b"/tmp", None, 0x1000, None),
        "proc": libc.mount(b"proc", b"/tmp", b"proc", 0, None),
        "remount": libc.mount(None, b"/", None, 0x20 | 0x1000, None),
        "umount": libc.umount2(b"/tmp", 2),
        "chroot": libc.chroot(b"/tmp"),
        "pivot_root": libc.syscall(PIVOT.get(os.uname().machine, -1), b"/tmp", b"/tmp"),
        "sethostname": libc.sethostname(b"x", 1),
        "open_tree": libc.syscall(428, -100, b"/", 1),
        "fsopen": libc.syscall(430, b"tmpfs", 0),
        "mount_setattr": libc.syscall(442, -100, b"/", 0, (ctypes.c_uint64 * 4)(0, 1, 0, 0), 32),
    }
    worked = [name for name, result in done.items() if result >= 0]
    return "BREACH: " + ", ".join(worked) if worked else "refused"
