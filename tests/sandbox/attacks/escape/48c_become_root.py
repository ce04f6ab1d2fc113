# tries: becomes another user, and takes capabilities
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
CAPSET = {"x86_64": 126, "aarch64": 91}


def f(x):
    if os.getuid() == 0 and os.getpid() > 100:
        return "BREACH: runs as root"
    ways = (
        lambda: os.setuid(0),
        lambda: os.setgid(0),
        lambda: os.setgroups([0]),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setfsuid(0),
        lambda: os.seteuid(0),
    )
    for number, way in enumerate(ways):
        try:
            way()
        except (OSError, AttributeError):
            continue
        return f"BREACH: way {number} to another user"
    header, all_of_them = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    if libc.syscall(CAPSET.get(os.uname().machine, -1), header, all_of_them) == 0:
        return "BREACH: took capabilities"
    return "refused"
