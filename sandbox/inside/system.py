"""The few calls of the Linux kernel that Python does not offer, by ctypes (x86-64 and aarch64)."""

import ctypes
import os

MACHINE = os.uname().machine
SIGKILL = 9
"""Written out, since the module signal is slow to import."""

NEW_MOUNTS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE, SLAVE = 2, 4, 8, 0x1000, 0x4000, 0x80000

_PDEATHSIG, _DUMPABLE, _SET_NAME, _NO_NEW_PRIVS = 1, 4, 15, 38
_CAPSET = {"x86_64": 126, "aarch64": 91}
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR = 442  # one number on every machine
_libc = ctypes.CDLL(None, use_errno=True)
_zero = ctypes.c_ulong(0)
# Made once, here: ctypes makes a new class for each array type, which takes longer than the call.
_header, _nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
_no_capabilities = (ctypes.c_long(_CAPSET.get(MACHINE, -1)), _header, _nothing)


def check(what: str, result: int) -> int:
    """Return ``result``, or raise the ``OSError`` of the last call if it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *args: object) -> int:
    """Call the kernel by number and return what it gave, -1 for an error."""
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return int(_libc.syscall(ctypes.c_long(number), *plain))


def prctl(option: int, value: int, address: int = 0) -> None:
    """Set a property of this process."""
    check(f"prctl {option}", _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(address), _zero, _zero))


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    check("unshare", _libc.unshare(ctypes.c_int(flags)))


def setns(fd: int, flags: int) -> None:
    """Enter the namespaces that ``fd`` stands for."""
    check("setns", _libc.setns(ctypes.c_int(fd), ctypes.c_int(flags)))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount a file system or bind a path."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    check(f"mount {target}", _libc.mount(*texts, ctypes.c_ulong(flags), data.encode() or None))


def make_read_only(path: str) -> None:
    """Make the mount at ``path`` and all below it read-only, without devices or set-uid programs."""
    attributes = (ctypes.c_uint64 * 4)(1 | NOSUID, 0, 0, 0)
    check("mount_setattr", syscall(_MOUNT_SETATTR, -100, path.encode(), 0x8000, attributes, 32))


def change_root(path: str) -> None:
    """Make ``path``, a mount, the root folder and forget the old one."""
    os.chdir(path)
    check("pivot_root", syscall(_PIVOT_ROOT[MACHINE], b".", b"."))
    check("umount", _libc.umount2(b".", 2))
    os.chdir("/")


def name_process(name: bytes) -> None:
    """Give this process a name for lists of processes; its children inherit it."""
    check("prctl name", _libc.prctl(_SET_NAME, name, _zero, _zero, _zero))


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends; set it after every change of user."""
    prctl(_PDEATHSIG, SIGKILL)


def set_dumpable(on: bool) -> None:
    """Allow or forbid others of the same user to look into this process."""
    prctl(_DUMPABLE, int(on))


def forbid_new_powers() -> None:
    """See to it that no program started from here can bring a power back."""
    prctl(_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability."""
    check("capset", _libc.syscall(*_no_capabilities))


def become(uid: int) -> None:
    """Change from root to an unprivileged user; 65534 where ``uid`` is not known (a container of few users)."""
    os.setgroups([])
    for user in (uid, 65534):
        try:
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:
            if user == 65534:
                raise
            continue
        return
