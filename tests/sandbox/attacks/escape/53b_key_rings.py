# tries: keeps something in the kernel's key rings, for a later run
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"x86_64": (250, 248), "aarch64": (219, 217)}


def f(x):
    if os.uname().machine not in NUMBERS:
        return "refused"
    control, add = NUMBERS[os.uname().machine]
    for ring in (-1, -2, -3, -4):  # thread, process, session, user
        if libc.syscall(add, b"user", b"left", b"x", 1, ring) >= 0:
            return f"BREACH: added a key to ring {ring}"
        if libc.syscall(control, 0, ring, 1) >= 0:
            return f"BREACH: has the ring {ring}"
    return "refused"
