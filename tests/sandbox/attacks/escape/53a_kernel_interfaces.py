# tries: opens the large interfaces of the kernel: io_uring, bpf, userfaultfd, perf, fanotify
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": {"io_uring": 425, "bpf": 321, "userfaultfd": 323, "perf": 298, "fanotify": 300, "landlock": 444},
    "aarch64": {"io_uring": 425, "bpf": 280, "userfaultfd": 282, "perf": 241, "fanotify": 262, "landlock": 444},
}


def f(x):
    numbers = NUMBERS.get(os.uname().machine, {})
    uring = ctypes.create_string_buffer(120)
    event = ctypes.create_string_buffer((1).to_bytes(4, "little") + (112).to_bytes(4, "little"), 112)
    event[40] = 0x60  # leave kernel and hypervisor out
    table = ctypes.create_string_buffer(b"".join(n.to_bytes(4, "little") for n in (2, 4, 4, 1)), 72)
    calls = {
        "io_uring": (8, uring),
        "bpf": (0, table, 72),
        "userfaultfd": (1,),
        "perf": (event, 0, -1, -1, 0),
        "fanotify": (0x200, 0),
    }
    worked = [name for name, args in calls.items() if name in numbers and libc.syscall(numbers[name], *args) >= 0]
    return "BREACH: " + ", ".join(worked) if worked else "refused"
