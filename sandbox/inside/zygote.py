"""The worker: confines itself, then forks one confined child for each job (stand-alone).

Lines on the control socket, one message each. To the client: ``ready JSON`` or ``fail REASON`` once; then for each job
``end`` with what the kernel says became of the child, or ``fault REASON`` when it never came to run, the worker's last
word. From the client: a job with its five descriptors, or ``kill``. The worker never reads a payload, so no child finds
another's in its memory.
"""

import _socket as socket  # the module around it would bring five more
import _thread
import gc
import marshal
import os
import resource
import select
import struct
import sys
import time

from gradarium.sandbox.inside import files, landlock, namespaces, python, seccomp, system, values

TYPE_CHECKING = False
if TYPE_CHECKING:  # an import at run time would only cost
    from collections.abc import Callable
    from types import CodeType

Job = tuple[int, int, float, float, int, int, int, int]
JOB = struct.Struct("<IBddQQQI")
"""Serial number, kind, processor seconds, wall seconds, bytes of address space, threads, bytes of scratch, modules."""
END = struct.Struct("<IiBdddQ")
"""Serial number, wait status, cause, processor seconds, wall seconds, seconds without a processor, peak bytes."""
NO_CAUSE, CPU, WALL, ORDERED = range(4)
PYTHON, SQLITE, DUCKDB = range(3)
_CONTROL, _PROC = 10, 11
_FIRST_UID = 1 << 30
_SLICE_S = 0.02
_CONSTANT_LIMITS = {
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_MSGQUEUE: 0,
    resource.RLIMIT_STACK: 64 << 20,
}


class Worker:
    """One worker process, after ``enter`` and until its client is gone."""

    def __init__(self, tier: str, client: int, packages: list[str], paths: list[str], decoys: list[int]) -> None:
        self.tier, self.client, self.packages, self.paths, self.decoys = tier, client, packages, paths, decoys
        self.uid, self.alone = 0, False
        self.pidfd = -1
        self.facts: dict[str, object] = {}
        self.filter: seccomp.RunFilter | None = None
        self.parent = 0
        self.answers: dict[int, Callable[..., int]] = {}
        self.later: dict[str, CodeType] = {}
        self.imported = 0

    def enter(self) -> None:
        """Give up every power that no job needs; raises ``OSError`` where the machine refuses one."""
        os.umask(0o022)
        system.name_process(b"gradarium-box")
        self.uid = _FIRST_UID + os.getpid() if os.geteuid() == 0 else os.getuid()
        if self.tier == "namespaces":
            namespaces.enter(self.uid, self.paths, self.decoys)
            _stay_while_child_lives(self.client)
            os.chdir("/")
            self.pidfd = os.pidfd_open(os.getpid())
            files.preload(self.packages, [namespaces.PACKAGES] if self.packages else [])
        else:
            self.parent = self.client
            # Imports list the library's folder once and remember it: later nothing may list it.
            files.preload(self.packages, sorted({os.path.dirname(path) for path in self.paths}))
            if self.tier == "landlock" or (self.tier == "container" and landlock.abi()):
                self.facts["landlock"] = landlock.restrict(self.paths)  # in a container it is one fence more
            if os.geteuid() == 0:
                system.become(self.uid)
            if not os.access(os.__file__, os.R_OK):
                raise OSError(13, f"{files.LIBRARY} cannot be read by an unprivileged user: use another interpreter")
        if self.tier != "unsafe":
            if system.MACHINE not in seccomp.ALLOWED:
                raise OSError(38, f"seccomp: no table of system calls for {system.MACHINE}")
            self.filter = seccomp.RunFilter(system.MACHINE)
        # The limit on processes counts all of a user's, so it is for a user who has no others.
        self.alone = self.tier == "namespaces" or os.getuid() >= _FIRST_UID
        self.facts["uid"], self.facts["python"] = os.getuid(), sys.version.split()[0]
        self._give_up()

    def _give_up(self) -> None:
        """Set here, once, what is the same for all children: they inherit it."""
        for name, value in _CONSTANT_LIMITS.items():
            _limit(name, value)
        if self.tier != "unsafe":
            system.forbid_new_powers()
        if self.tier in ("landlock", "container"):
            system.drop_capabilities()
        sys.dont_write_bytecode = True
        try:
            system.prctl(41, 1)  # no huge pages: a child that touches one would pay for two megabytes
        except OSError as error:  # a kernel that has none
            self.facts["huge_pages"] = error.errno or 0
        system.set_dumpable(False)
        if self.filter:
            seccomp.Filter(seccomp.outer(system.MACHINE)).install()

    def serve(self, control: socket.socket) -> None:
        """Do jobs until the client is gone."""
        watch = select.poll()
        watch.register(control, select.POLLIN)
        self.prepare(PYTHON)
        os.closerange(0, 5)  # a job's descriptors arrive under the numbers that its child needs
        while True:
            while not watch.poll(1000):
                if self.parent and os.getppid() != self.parent:  # a forked copy of it may hold the socket open
                    return
            message, fds = _receive(control)
            if not message:
                return
            if len(message) == JOB.size and fds == [0, 1, 2, 3, 4]:
                self.do(control, JOB.unpack(message))
            os.closerange(0, 5)

    def import_modules(self, wanted: int) -> None:
        """Import modules that the client has seen the name of in a program, once for all later children."""
        self.imported |= wanted
        for bit, name in enumerate(files.MODULES):
            if wanted >> bit & 1:
                __import__(name)
        gc.collect()
        gc.freeze()

    def prepare(self, kind: int) -> None:
        """Import what runs of a kind need and do a small one here, so that all is set up for the children to come.

        SQL waits until it is asked for: every module that a worker holds makes its forks slower.
        """
        if kind == PYTHON:
            self.answers[kind] = python.answer
            packed = marshal.dumps([[1, "a", 2.5, None]])
            payload = marshal.dumps(("call", "def f(x): return x", "f", [packed], []))
        else:
            name = "sql" if kind == SQLITE else "duckdb_sql"
            module = type(sys)("gradarium.sandbox.inside." + name)
            exec(self.later[name], module.__dict__)  # noqa: S102 - our own code, sent at the start
            self.answers[kind] = module.answer
            database: dict[str, object] = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[1]]}}
            payload = marshal.dumps(("query", "SELECT a FROM t", [database], 99999, 9, 999, 1 << 40))
        null = os.open(os.devnull, os.O_WRONLY)
        self.answers[kind](payload, null, values.encode, values.Malformed)
        os.close(null)
        sys.modules.pop("answer", None)
        gc.collect()
        gc.freeze()  # the collector would write to, and so copy, every page of every child

    def do(self, control: socket.socket, job: Job) -> None:
        """Run one job to its end and report it.

        Its descriptors, 0 to 4, stay open here meanwhile: to see them closed would wake the client before the report.
        """
        try:
            if job[1] not in self.answers:
                self.prepare(job[1])
            if wanted := job[7] & ~self.imported:
                self.import_modules(wanted)
            child = self._fork(control, job)
        except (OSError, ImportError, KeyError, MemoryError) as error:
            _tell(control, f"fault cannot start a run: {error}".encode()[:500])
            return
        serial, _, cpu_s, wall_s, *_ = job
        begun = time.monotonic()
        cause, pidfd = NO_CAUSE, _until_end(child)
        watch = select.poll()
        watch.register(pidfd, select.POLLIN)
        watch.register(control, select.POLLIN)
        clock = ((~child) << 3) | 2  # the processor clock of another process
        queued = 0.0
        while True:
            left = wall_s - (time.monotonic() - begun)
            used = _clock(clock)
            if used > cpu_s or left <= 0:
                cause = CPU if used > cpu_s else WALL
                queued = _queued(pidfd) if cause == WALL else 0.0
            elif ready := watch.poll(1000 * min(left, 1.0, max(_SLICE_S, cpu_s - used)) + 1):
                if any(fd == pidfd for fd, _ in ready):
                    break
                if not control.recv(64):  # the client is gone
                    os._exit(0)
                cause = ORDERED
            else:
                if self.parent and os.getppid() != self.parent:
                    os._exit(0)
                continue
            os.kill(child, system.SIGKILL)
            break
        _, status, usage = os.wait4(child, 0)
        os.close(pidfd)
        wall, used = time.monotonic() - begun, usage.ru_utime + usage.ru_stime
        _tell(control, b"end " + END.pack(serial, status, cause, used, wall, queued, usage.ru_maxrss << 10))

    def _fork(self, control: socket.socket, job: Job) -> int:
        if self.tier != "namespaces":
            parent = os.getpid()
            child = os.fork()
            if child == 0:
                self._child(control, job, parent)
            return child
        system.unshare(system.NEW_PID)
        try:
            child = os.fork()
            if child == 0:
                self._child(control, job, 0)
        finally:
            system.setns(self.pidfd, system.NEW_PID)  # the next child shall start a namespace of its own again
        return child

    def _child(self, control: socket.socket, job: Job, parent: int) -> None:
        """Confine the child, then answer; never returns."""
        try:
            _, kind, cpu_s, _, memory, threads, scratch, _ = job
            if parent:  # in namespaces the kernel ends it with the worker
                system.end_with_parent()
                if os.getppid() != parent:
                    os._exit(1)
            if scratch:
                namespaces.private_scratch(scratch)
            payload = os.pread(3, os.fstat(3).st_size, 0)
            os.close(3)
            _limit(resource.RLIMIT_CPU, 2 + int(1.25 * cpu_s))  # by ticks, up to a fifth too fast: the worker decides
            _limit(resource.RLIMIT_FSIZE, scratch or 1)
            if threads and self.alone:
                _limit(resource.RLIMIT_NPROC, threads)
            _limit(resource.RLIMIT_AS, memory)
            if self.filter:
                if not parent:
                    system.drop_capabilities()
                self.filter.install_for(os.getpid())
        except (OSError, ValueError, MemoryError) as error:
            _tell(control, f"fault {error}".encode()[:500])
            os._exit(1)
        os.closerange(5, 1 << 20)
        os._exit(self.answers[kind](payload, 4, values.encode, values.Malformed))


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """Return a message and its descriptors; an empty one when the client is gone."""
    try:
        message, ancillary, _, _ = control.recvmsg(4096, socket.CMSG_SPACE(5 * 4))
    except ConnectionError:
        return b"", []
    fds: list[int] = []
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds += struct.unpack(f"{len(data) // 4}i", data)
    return message, fds


def _tell(control: socket.socket, message: bytes) -> None:
    try:
        control.send(message, socket.MSG_NOSIGNAL)
    except ConnectionError:
        os._exit(0)  # nobody is left to tell


def _until_end(child: int) -> int:
    """Return a descriptor that polls as ready once the child has ended; the caller closes it."""
    try:
        return os.pidfd_open(child)
    except OSError:  # gVisor has none: a thread waits
        readable, writable = os.pipe()
        _thread.start_new_thread(_wait_and_close, (child, writable))
        return readable


def _wait_and_close(child: int, fd: int) -> None:
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    except ChildProcessError:
        return  # reaped already
    finally:
        os.close(fd)


def _clock(number: int) -> float:
    """Return the processor seconds of a process, 0 once it is gone."""
    try:
        return time.clock_gettime(number)
    except OSError:
        return 0.0


def _queued(pidfd: int) -> float:
    """Return how long a process of one thread was ready and had no processor; 0 where that cannot be known."""
    try:
        with open(os.open(f"self/fdinfo/{pidfd}", os.O_RDONLY, dir_fd=_PROC)) as about:
            pid = next(line.split()[1] for line in about if line.startswith("Pid:"))
        folder = os.open(f"{pid}/task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=_PROC)
        try:
            if len(os.listdir(folder)) > 1:  # a run of many queues behind itself
                return 0.0
        finally:
            os.close(folder)
        with open(os.open(f"{pid}/schedstat", os.O_RDONLY, dir_fd=_PROC)) as stat:
            return int(stat.read().split()[1]) / 1e9
    except (OSError, StopIteration, ValueError, IndexError):
        return 0.0


_ceilings = {name: resource.getrlimit(name)[1] for name in range(16)}  # RLIMIT_CPU is 0, RLIMIT_RTTIME 15


def _limit(name: int, value: int) -> None:
    """Set a limit, soft and hard, since a signal that warns first could be caught; never above what we have."""
    ceiling = _ceilings[name]
    value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
    try:
        resource.setrlimit(name, (value, value))
    except ValueError:
        if name != resource.RLIMIT_MSGQUEUE:  # gVisor has no such queues, and no limit on them to set
            raise


def _stay_while_child_lives(parent: int) -> None:
    """Fork; the child returns as first process of its namespace, this process waits for it and for its own parent."""
    child = os.fork()
    if child == 0:
        system.end_with_parent()
        return
    os.closerange(0, 1 << 20)
    pidfd = os.pidfd_open(child)
    watch = select.poll()
    watch.register(pidfd, select.POLLIN)
    while not watch.poll(1000):
        if os.getppid() != parent:
            os.kill(child, system.SIGKILL)
    os._exit(0)


def main(control_fd: int, settings: bytes, later: "dict[str, CodeType]") -> None:
    """Become a worker; never returns. ``later`` is the code of modules that may never be needed."""
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(control_fd, _CONTROL)
    for fd in range(5):  # so that nothing opened meanwhile gets a number that a job's descriptor needs
        os.dup2(null, fd)
    os.closerange(5, _CONTROL)
    os.closerange(_CONTROL + 1, 1 << 20)
    control = socket.socket(fileno=_CONTROL)
    try:
        os.dup2(os.open("/proc", os.O_PATH | os.O_DIRECTORY), _PROC)
        os.closerange(5, _CONTROL)
        worker = Worker(*marshal.loads(settings))
        worker.later = later
        worker.enter()
        facts = [part for pair in worker.facts.items() for part in pair]
        _tell(control, b"ready " + values.encode(facts).encode())
    except Exception as error:  # whatever it is, the client has to hear of it
        _tell(control, f"fail {error}".encode()[:500])
        os._exit(1)
    worker.serve(control)
    os._exit(0)
