"""The lists of system calls that a worker and its runs may make; every other one fails with EPERM (x86-64 and aarch64).

The list of a run is what CPython needs for pure computation, files it may read, threads and an event loop. There is no
socket, exec, fork, kill, ptrace, mount, namespace, key ring, shared memory, io_uring or bpf in it.

Two filters, of which the stricter counts: the long one is set once, on the worker; each child adds the short one, which
takes away what only the worker needs and looks at arguments. The kernel compiles a filter each time it is set.
"""

import ctypes
import struct

from gradarium.sandbox.inside.system import prctl

_X86 = """
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12
rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 pread64 17 pwrite64 18 readv 19 writev 20 access 21 pipe 22 select 23
sched_yield 24 mremap 25 madvise 28 dup 32 dup2 33 pause 34 nanosleep 35 getitimer 36 alarm 37 setitimer 38 getpid 39
sendfile 40 recvfrom 45 shutdown 48 getsockopt 55 exit 60 uname 63 fcntl 72 fsync 74 fdatasync 75 truncate 76
ftruncate 77 getdents 78 getcwd 79 chdir 80 fchdir 81 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88
readlink 89 chmod 90 fchmod 91 umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102
getgid 104 geteuid 107 getegid 108 getppid 110 getpgrp 111 getgroups 115 sigaltstack 131 statfs 137 fstatfs 138
sched_getparam 143 sched_getscheduler 145 arch_prctl 158 gettid 186 futex 202 sched_getaffinity 204 getdents64 217
set_tid_address 218 restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230 exit_group 231
epoll_wait 232 epoll_ctl 233 openat 257 mkdirat 258 newfstatat 262 unlinkat 263 renameat 264 readlinkat 267
fchmodat 268 faccessat 269 pselect6 270 ppoll 271 set_robust_list 273 utimensat 280 epoll_pwait 281 eventfd2 290
epoll_create1 291 dup3 292 pipe2 293 getcpu 309 renameat2 316 getrandom 318 membarrier 324 copy_file_range 326
statx 332 rseq 334 close_range 436 faccessat2 439
"""
_ARM = """
getcwd 17 eventfd2 19 epoll_create1 20 epoll_ctl 21 epoll_pwait 22 dup 23 dup3 24 fcntl 25 mkdirat 34 unlinkat 35
symlinkat 36 linkat 37 renameat 38 statfs 43 fstatfs 44 truncate 45 ftruncate 46 faccessat 48 chdir 49 fchdir 50
fchmod 52 fchmodat 53 openat 56 close 57 pipe2 59 getdents64 61 lseek 62 read 63 write 64 readv 65 writev 66 pread64 67
pwrite64 68 sendfile 71 pselect6 72 ppoll 73 readlinkat 78 newfstatat 79 fstat 80 fsync 82 fdatasync 83 utimensat 88
exit 93 exit_group 94 set_tid_address 96 futex 98 set_robust_list 99 nanosleep 101 getitimer 102 setitimer 103
clock_gettime 113 clock_getres 114 clock_nanosleep 115 sched_getscheduler 120 sched_getparam 121 sched_getaffinity 123
sched_yield 124 restart_syscall 128 sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139 times 153
getpgid 155 getgroups 158 uname 160 getrlimit 163 getrusage 165 umask 166 getcpu 168 gettimeofday 169 getpid 172
getppid 173 getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178 sysinfo 179 recvfrom 207 getsockopt 209
shutdown 210 brk 214 munmap 215 mremap 216 mmap 222 mprotect 226 madvise 233 renameat2 276 getrandom 278 membarrier 283
copy_file_range 285 statx 291 rseq 293 close_range 436 faccessat2 439
"""


def _numbers(table: str) -> dict[str, int]:
    words = table.split()
    return {name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}


ALLOWED = {"x86_64": _numbers(_X86), "aarch64": _numbers(_ARM)}
"""Calls allowed with any arguments, by machine."""

CONDITIONAL = {
    "x86_64": _numbers("clone 56 clone3 435 tgkill 234 prctl 157 prlimit64 302 ioctl 16 socketpair 53 sendto 44"),
    "aarch64": _numbers("clone 220 clone3 435 tgkill 131 prctl 167 prlimit64 261 ioctl 29 socketpair 199 sendto 206"),
}
"""Calls allowed with some arguments only: see ``build``."""

WORKER = {
    "x86_64": _numbers(
        "sendmsg 46 recvmsg 47 wait4 61 kill 62 capset 126 mount 165 waitid 247 unshare 272 setns 308 pidfd_open 434"
    ),
    "aarch64": _numbers(
        "mount 40 capset 91 waitid 95 unshare 97 kill 129 sendmsg 211 recvmsg 212 wait4 260 setns 268 pidfd_open 434"
    ),
}
"""Calls that the worker needs beside those, and no run."""

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_KILL, _ALLOW, _ERROR = 0x80000000, 0x7FFF0000, 0x00050000
_EPERM, _ENOTTY, _ENOSYS = 1, 25, 38
_LOAD, _EQUAL, _ABOVE, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x25, 0x35, 0x54, 0x06
_PTHREAD_CREATE = 0x3D0F00
_SECCOMP_MODE_FILTER, _PR_SET_SECCOMP = 2, 22

_Code = list[tuple[int, int, int, int]]


def _low(argument: int) -> int:
    return 16 + 8 * argument


def _only(*tests: tuple[int, int, int], otherwise: int) -> _Code:
    """Allow where each ``(offset, mask, value)`` holds; a mask of 0 takes the whole word."""
    code: _Code = []
    for offset, mask, value in tests:
        code.append((_LOAD, 0, 0, offset))
        if mask:
            code.append((_AND, 0, 0, mask))
        code += [(_EQUAL, 1, 0, value), (_RETURN, 0, 0, otherwise)]
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _any(offset: int, values: tuple[int, ...], otherwise: int) -> _Code:
    code: _Code = [(_LOAD, 0, 0, offset)]
    for value in values:
        code += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return [*code, (_RETURN, 0, 0, otherwise)]


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Return the runs of neighbours: three lines of filter for each, however long, and the kernel compiles it often."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _packed(code: _Code) -> bytes:
    return b"".join(struct.pack("HBBI", *line) for line in code)


def outer(machine: str) -> bytes:
    """Return the filter of a worker; raises ``KeyError`` for an unknown machine.

    Another architecture's call (i386's ``int 0x80``, x32) kills the process with SIGSYS.
    """
    code: _Code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCH[machine]), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        code += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for low, high in _ranges([*ALLOWED[machine].values(), *CONDITIONAL[machine].values(), *WORKER[machine].values()]):
        code += [(_AT_LEAST, 0, 2, low), (_ABOVE, 1, 0, high), (_RETURN, 0, 0, _ALLOW)]
    return _packed([*code, (_RETURN, 0, 0, _ERROR | _EPERM)])


def inner(machine: str, pid: int) -> bytes:
    """Return the filter that a run which knows itself as ``pid`` adds; raises ``KeyError`` for an unknown machine."""
    special, deny = CONDITIONAL[machine], _ERROR | _EPERM
    rules = {
        "clone": _only((_low(0), 0, _PTHREAD_CREATE), otherwise=deny),
        "clone3": [(_RETURN, 0, 0, _ERROR | _ENOSYS)],  # the C library falls back to clone
        "tgkill": _only((_low(0), 0, pid), otherwise=deny),
        "prctl": _only((_low(0), 0, 15), otherwise=deny),  # PR_SET_NAME
        "prlimit64": _only((_low(0), 0, 0), (_low(2), 0, 0), (_low(2) + 4, 0, 0), otherwise=deny),  # to ask only
        "ioctl": _any(_low(1), (0x5421, 0x5451, 0x541B), otherwise=_ERROR | _ENOTTY),  # FIONBIO FIOCLEX FIONREAD
        "socketpair": _only((_low(0), 0, 1), (_low(1), 0xF, 1), otherwise=deny),  # AF_UNIX, SOCK_STREAM: for asyncio
        "sendto": _only((_low(4), 0, 0), (_low(4) + 4, 0, 0), otherwise=deny),  # no address
    }
    code: _Code = [(_LOAD, 0, 0, 0)]
    for low, high in _ranges(list(WORKER[machine].values())):
        code += [(_AT_LEAST, 0, 2, low), (_ABOVE, 1, 0, high), (_RETURN, 0, 0, deny)]
    for name, body in rules.items():
        code += [(_EQUAL, 0, len(body), special[name]), *body]
    return _packed([*code, (_RETURN, 0, 0, _ALLOW)])


class Filter:
    """A filter in the form that the kernel takes."""

    def __init__(self, code: bytes) -> None:
        self._code = ctypes.create_string_buffer(code, len(code))
        self._program = ctypes.create_string_buffer(16)
        struct.pack_into("HxxxxxxP", self._program, 0, len(code) // 8, ctypes.addressof(self._code))
        self._address = ctypes.addressof(self._program)

    def install(self) -> None:
        """Confine this process for good; ``no_new_privs`` must be set. Raises ``OSError`` where there is no seccomp."""
        prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, self._address)


class RunFilter(Filter):
    """The filter of a run, made once by its worker; each child puts its own number in."""

    def __init__(self, machine: str) -> None:
        code = inner(machine, 1)
        pairs = enumerate(zip(code, inner(machine, 2), strict=True))
        self._pid_at = next(i for i, (a, b) in pairs if a != b)
        super().__init__(code)

    def install_for(self, pid: int) -> None:
        """Confine this process, which knows itself as ``pid``; see ``install``."""
        struct.pack_into("I", self._code, self._pid_at, pid)
        self.install()
