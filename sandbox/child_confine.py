"""Runs inside the fresh interpreter, before any untrusted code: give up every power, then hand over (stand-alone).

Two processes: a keeper, which waits outside the namespaces and reports what the kernel says became of the run, and
the run itself. The keeper ends the run when its control pipe closes, so nothing outlives a parent that was killed.
Lines on the status pipe: ``start`` when all is in place, or ``fail REASON``; then ``end STATUS CPU RSS DELAY``.
"""

import ctypes
import os
import resource
import select
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # an import at run time would cost every run two milliseconds
    from collections.abc import Callable

NAMESPACES, PRIVATE_ROOT, DROP_USER = 1, 2, 4
"""Bits of the asked powers: each one that is asked for is got, or nothing is run."""

_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_NEW_REST = 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000  # pid, net, ipc, uts
_NOSUID, _NODEV, _NOEXEC, _BIND, _RECURSIVE, _SLAVE = 2, 4, 8, 0x1000, 0x4000, 0x80000
_READ_ONLY = 1
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR = 442  # one number on every machine
_CAPSET = {"x86_64": 126, "aarch64": 91}
_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVS, _SUBREAPER = 1, 4, 38, 36
_FIRST_UID, _NOBODY, _SIGKILL = 1 << 30, 65534, 9  # the module signal is slow to import
_libc = ctypes.CDLL(None, use_errno=True)


def _check(what: str, result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _prctl(option: int, value: int) -> None:
    _check(f"prctl {option}", _libc.prctl(option, ctypes.c_ulong(value), *(ctypes.c_ulong(0),) * 3))


def _unshare(flags: int) -> None:
    _check("unshare", _libc.unshare(ctypes.c_int(flags)))


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _check(f"mount {target}", _libc.mount(*texts, ctypes.c_ulong(flags), data.encode() or None))


def _write(folder: int, name: str, text: str) -> None:
    fd = os.open(name, os.O_WRONLY, dir_fd=folder)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _drop_user(uid: int) -> None:
    """Become a user of this run's own, so that runs can neither signal nor starve each other."""
    os.setgroups([])
    try:
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError:  # a container that knows few ids
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _enter_user_namespace(flags: int, proc: int) -> None:
    """Enter new namespaces as the user that we are; ``proc`` is the folder of this process in /proc."""
    uid, gid = os.geteuid(), os.getegid()
    _prctl(_DUMPABLE, 1)  # else a process that changed its user cannot write its own maps
    _unshare(_NEW_USER | flags)
    _write(proc, "setgroups", "deny")
    _write(proc, "uid_map", f"{uid} {uid} 1")
    _write(proc, "gid_map", f"{gid} {gid} 1")


def _visible() -> list[str]:
    """Return what a run may read: the interpreter's library, the shared libraries, three devices."""
    paths = [os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64"), *sys.path]
    paths += ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"]
    paths += ["/dev/null", "/dev/zero", "/dev/urandom"]
    found: list[str] = []
    for path in paths:
        inside = any(path.startswith(parent + "/") for parent in found)
        if path.startswith("/") and path not in found and not inside and os.path.exists(path):
            found.append(path)
    return found


def _private_root(file_bytes: int) -> None:
    """Leave the machine's files for a small read-only root and a scratch folder of bounded size."""
    root, machine, visible = os.getcwd(), os.uname().machine, _visible()
    _unshare(_NEW_MOUNTS)
    _mount(None, "/", None, _RECURSIVE | _SLAVE)
    _mount("tmpfs", root, "tmpfs", _NOSUID | _NODEV, "size=1m,nr_inodes=256,mode=755")
    os.mkdir(root + "/tmp")
    for path in visible:
        target = root + path
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        if os.path.islink(path) and os.path.isdir(path) and path.count("/") == 1:  # /lib -> usr/lib
            os.symlink(os.readlink(path).lstrip("/"), target)
            continue
        if os.path.isdir(path):
            os.makedirs(target, mode=0o755, exist_ok=True)
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY))
        _mount(path, target, None, _BIND | _RECURSIVE)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for parent in [*visible, *(p + f"/{name}" for p in visible for name in (version, "python3"))]:
        for name in ("site-packages", "dist-packages"):  # installed packages are not the run's business
            if os.path.isdir(f"{root}{parent}/{name}") and not os.path.islink(root + parent):
                _mount("tmpfs", f"{root}{parent}/{name}", "tmpfs", _NOSUID | _NODEV, "size=4k,nr_inodes=2,mode=755")
    attributes = (ctypes.c_uint64 * 4)(_READ_ONLY | _NOSUID, 0, 0, 0)
    arguments = (ctypes.c_long(-100), root.encode(), ctypes.c_long(0x8000), attributes, ctypes.c_long(32))
    _check("mount_setattr", _libc.syscall(ctypes.c_long(_MOUNT_SETATTR), *arguments))
    limits = f"size={file_bytes},nr_inodes=256,mode=1777"
    _mount("tmpfs", root + "/tmp", "tmpfs", _NOSUID | _NODEV | _NOEXEC, limits)
    os.chdir(root)
    _check("pivot_root", _libc.syscall(ctypes.c_long(_PIVOT_ROOT[machine]), b".", b"."))
    _check("umount", _libc.umount2(b".", 2))
    os.chdir("/tmp")


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check("capset", _libc.syscall(ctypes.c_long(_CAPSET[os.uname().machine]), header, nothing))


def _set_limits(cpu_s: float, memory: int, processes: int, file_bytes: int) -> None:
    hard = {
        resource.RLIMIT_CPU: 2 + int(1.25 * cpu_s),  # it counts by ticks, up to a fifth too fast: the report decides
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    if processes:
        hard[resource.RLIMIT_NPROC] = processes
    for name, value in hard.items():
        ceiling = resource.getrlimit(name)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(name, (value, value))  # soft = hard: a signal that warns first could be caught


def _spent(process: int) -> tuple[float, float, int]:
    """Return seconds on a processor, seconds in wait for one and the number of threads of a process and its offspring.

    The kernel's own sum leaves out what is killed together with its namespace, so it is taken while they live.
    """
    used, waited, tasks = 0.0, 0.0, 0
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/schedstat") as stat:
                here = stat.read().split()
            used, waited, tasks = used + int(here[0]) / 1e9, waited + int(here[1]) / 1e9, tasks + 1
            with open(f"/proc/{process}/task/{task}/children") as listing:
                children = listing.read().split()
            for child in children:
                below = _spent(int(child))
                used, waited, tasks = used + below[0], waited + below[1], tasks + below[2]
    except (OSError, ValueError, IndexError, RecursionError):
        pass  # it ended meanwhile, or the kernel does not count
    return used, waited, tasks


def _keep(run: int, control: int, status: int, parent: int, cpu_s: float) -> None:
    """Wait for the run, end it at a sign of the parent or when the parent is gone, end what it left, report."""
    _prctl(_DUMPABLE, 0)
    watch = select.poll()  # looks up now and then: a copy that the parent forked may hold the control pipe open
    pidfd = os.pidfd_open(run)
    watch.register(pidfd, select.POLLIN)
    watch.register(control, select.POLLIN | select.POLLHUP)
    ready: list[tuple[int, int]] = []
    used, waited, tasks = 0.0, 0.0, 0
    while not ready and os.getppid() == parent and used <= cpu_s:
        ready = watch.poll(min(1000.0, max(20.0, (cpu_s - used) * 1000)))
        used, waited, tasks = _spent(run)
    if all(fd != pidfd for fd, _ in ready):
        os.kill(run, _SIGKILL)
    else:
        used, waited = 0.0, 0.0
    _, code, usage = os.wait4(run, 0)
    _end_children()
    used = max(used, usage.ru_utime + usage.ru_stime)
    waited = waited if tasks == 1 else 0.0  # a run of many queues behind itself
    try:
        os.write(status, f"end {code} {used:.6f} {usage.ru_maxrss} {waited:.3f}\n".encode())
    except BrokenPipeError:  # nobody is left to tell, or to tidy up
        try:
            os.rmdir(os.getcwd())
        except OSError:
            pass


def _end_children() -> None:
    """End what the run started and left behind; with a pid namespace the kernel has done so already."""
    for _ in range(1000):
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as listing:
                children = [int(pid) for pid in listing.read().split()]
        except OSError:
            children = []
        if not children:
            return
        for pid in children:
            os.kill(pid, _SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)


def main(arguments: list[str], answer: "Callable[[bytes, int], int]") -> None:
    """Confine this process and run ``answer(payload, result_fd)`` in it; its return value is the exit status."""
    payload_fd, result_fd, status, control, powers, memory, processes, file_bytes = map(int, arguments[:8])
    cpu_s, parent = float(arguments[8]), int(arguments[9])
    root = os.geteuid() == 0
    try:
        if powers & NAMESPACES and root:  # root makes the namespaces first and loses its powers over them after
            _unshare(_NEW_REST)
        elif powers & NAMESPACES:
            _enter_user_namespace(_NEW_REST, os.open("/proc/self", os.O_PATH))
        _prctl(_SUBREAPER, 1)
        uid, run = _FIRST_UID + os.getpid(), os.fork()
    except OSError as error:
        os.write(status, f"fail {error}\n".encode())
        os._exit(1)
    if run:
        os.close(result_fd)
        _keep(run, control, status, parent, cpu_s)
        os._exit(0)
    try:
        os.setsid()  # a signal to the group of the run must not reach the keeper
        proc, sysctl = os.open("/proc/self", os.O_PATH), os.open("/proc/sys/user", os.O_PATH)
        if powers & PRIVATE_ROOT:
            _private_root(file_bytes)
        elif powers & DROP_USER:
            os.chmod(".", 0o777)
        if powers & DROP_USER:
            _drop_user(uid)
        if powers & NAMESPACES:
            if root:
                _enter_user_namespace(0, proc)
            _write(sysctl, "max_user_namespaces", "0")  # a new one would bring the powers back
            _drop_capabilities()
        _prctl(_PDEATHSIG, _SIGKILL)
        _prctl(_NO_NEW_PRIVS, 1)
        payload = os.pread(payload_fd, os.fstat(payload_fd).st_size, 0)
        _prctl(_DUMPABLE, 0)
        _set_limits(cpu_s, memory, processes, file_bytes)
        os.write(status, b"start\n")
    except (OSError, ValueError, KeyError) as error:
        os.write(status, f"fail {error}\n".encode())
        os._exit(1)
    os.close(status)
    os.dup2(result_fd, 4)
    os.dup2(0, 3)
    os.close(3)
    os.closerange(5, 1 << 20)
    os._exit(answer(payload, 4))
