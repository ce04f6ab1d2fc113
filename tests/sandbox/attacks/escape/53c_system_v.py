# tries: makes shared memory, queues and semaphores that outlive a process
# outcomes: ran
# may_return: ["refused"]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
QUEUE = {"x86_64": 240, "aarch64": 180}


def f(x):
    worked = []
    made = libc.shmget(0, 4096, 0o1600)
    if made >= 0:
        libc.shmctl(made, 0, None)
        worked.append("shared memory")
    made = libc.msgget(0, 0o1600)
    if made >= 0:
        libc.msgctl(made, 0, None)
        worked.append("a queue")
    made = libc.semget(0, 1, 0o1600)
    if made >= 0:
        libc.semctl(made, 0, 0)
        worked.append("a semaphore")
    fd = libc.syscall(QUEUE.get(os.uname().machine, -1), b"@NAME@", 0o102, 0o600, None)
    if fd >= 0:
        worked.append("a POSIX queue")
    return "BREACH: " + ", ".join(worked) if worked else "refused"
