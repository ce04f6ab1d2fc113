# tries: changes the limits, priority and processors of others
# outcomes: ran
# may_return: ["refused"]
import os
import resource


def f(x):
    for pid in {int("@PID@"), os.getppid(), 1} - {0, os.getpid()}:
        for way in (
            lambda p: resource.prlimit(p, resource.RLIMIT_NOFILE, resource.prlimit(p, resource.RLIMIT_NOFILE)),
            lambda p: os.setpriority(os.PRIO_PROCESS, p, os.getpriority(os.PRIO_PROCESS, p)),
            lambda p: os.sched_setaffinity(p, os.sched_getaffinity(p)),
        ):
            try:
                way(pid)
            except OSError:
                continue
            return f"BREACH: may change process {pid}"
    return "refused"
