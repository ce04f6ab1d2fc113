# tries: traces the parent and reads and writes its memory by system calls
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {"x86_64": (101, 310, 311, 312), "aarch64": (117, 270, 271, 272)}


class Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def f(x):
    if os.uname().machine not in NUMBERS:
        return "refused"
    trace, read, write, compare = NUMBERS[os.uname().machine]
    here = ctypes.create_string_buffer(64)
    parts = Part(ctypes.addressof(here), 64), Part(id(None), 64)  # a forked copy has the same layout as its parent
    for pid in {int("@PID@"), os.getppid()} - {0, os.getpid()}:
        if libc.syscall(trace, 0x4206, pid, 0, 0) == 0:  # SEIZE
            return f"BREACH: traces {pid}"
        for number in (read, write):
            if libc.syscall(number, pid, ctypes.byref(parts[0]), 1, ctypes.byref(parts[1]), 1, 0) > 0:
                return f"BREACH: memory of {pid}"
        if libc.syscall(compare, pid, os.getpid(), 3, 0, 0) >= 0:
            return f"BREACH: compared itself with {pid}"
    return "refused"
