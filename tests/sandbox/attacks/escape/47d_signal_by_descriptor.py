# tries: signals others by a descriptor of their process, by thread and by queued signals
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

NUMBERS = {"x86_64": (434, 424, 438, 234, 129), "aarch64": (434, 424, 438, 131, 138)}
libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    if os.uname().machine not in NUMBERS:
        return "refused"
    open_fd, send, get_fd, thread, queue = NUMBERS[os.uname().machine]
    for pid in {int("@PID@"), os.getppid()} - {0, os.getpid()}:
        fd = libc.syscall(open_fd, pid, 0)
        if fd >= 0 and libc.syscall(send, fd, 0, None, 0) == 0:
            return f"BREACH: signalled {pid} by its descriptor"
        if fd >= 0 and libc.syscall(get_fd, fd, 0, 0) >= 0:
            return f"BREACH: took a descriptor of {pid}"
        if libc.syscall(thread, pid, pid, 0) == 0:
            return f"BREACH: signalled the thread {pid}"
        info = ctypes.create_string_buffer(128)
        if libc.syscall(queue, pid, 0, info) == 0:
            return f"BREACH: queued a signal for {pid}"
    return "refused"
