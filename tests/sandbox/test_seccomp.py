"""The filter of system calls, run by a small interpreter of BPF beside a plain statement of the rules."""

import struct

import pytest

from gradarium.sandbox.inside.seccomp import ALLOWED, CONDITIONAL, WORKER, RunFilter, inner, outer

ALLOW, KILL, EPERM, ENOTTY, ENOSYS = 0x7FFF0000, 0x80000000, 0x50001, 0x50019, 0x50026
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PTHREAD = 0x3D0F00


def said_of_a_run(machine, number, args=(), arch=None):
    """Return what both filters say of a call: the stricter counts, of equal ones the later."""
    arch = ARCH[machine] if arch is None else arch
    both = [run(inner(machine, 7), arch, number, args), run(outer(machine), arch, number, args)]
    return min(both, key=lambda answer: (answer >> 16) - (0x10000 if answer == KILL else 0))


def run(code, arch, number, args=()):
    """Return what a filter says of a call."""
    data = struct.pack("<IIQ6Q", number, arch, 0, *[*args, *[0] * (6 - len(args))])
    lines = list(struct.iter_unpack("HBBI", code))
    at = word = 0
    while True:
        operation, if_true, if_false, k = lines[at]
        at += 1
        if operation == 0x06:
            return k
        if operation == 0x20:
            (word,) = struct.unpack_from("<I", data, k)
        elif operation == 0x54:
            word &= k
        else:
            holds = {0x15: word == k, 0x25: word > k, 0x35: word >= k}[operation]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", ALLOWED)
def test_every_call_is_allowed_or_refused_as_listed(machine):
    allowed, special = set(ALLOWED[machine].values()), set(CONDITIONAL[machine].values())
    for number in range(600):
        if number not in special:
            assert said_of_a_run(machine, number) == (ALLOW if number in allowed else EPERM), number


@pytest.mark.parametrize("machine", ALLOWED)
def test_the_worker_has_a_list_too(machine):
    known = {**ALLOWED[machine], **CONDITIONAL[machine], **WORKER[machine]}
    assert len(known) == len(ALLOWED[machine]) + len(CONDITIONAL[machine]) + len(WORKER[machine])
    for number in range(600):
        wanted = ALLOW if number in known.values() else EPERM
        assert run(outer(machine), ARCH[machine], number) == wanted, number


@pytest.mark.parametrize("machine", ALLOWED)
def test_calls_of_other_architectures_kill(machine):
    for arch in (0x40000003, *(ARCH[other] for other in ARCH if other != machine), 0):
        assert said_of_a_run(machine, 0, arch=arch) == KILL
    if machine == "x86_64":
        for number in (0x40000000, 0x40000001, 0x400000FF, 0xFFFFFFFF):
            assert said_of_a_run(machine, number) == KILL


# name, arguments: what is said
CONDITIONS = [
    ("clone", (PTHREAD,), ALLOW),
    ("clone", (0x11,), EPERM),
    ("clone", (PTHREAD | 0x10000000,), EPERM),
    ("clone3", (0,), ENOSYS),
    ("tgkill", (7, 7, 9), ALLOW),
    ("tgkill", (1, 1, 9), EPERM),
    ("tgkill", (0xFFFFFFFF, 1, 9), EPERM),
    ("prctl", (15,), ALLOW),
    ("prctl", (1,), EPERM),
    ("prctl", (22,), EPERM),
    ("prlimit64", (0, 7, 0), ALLOW),
    ("prlimit64", (0, 7, 0x7F0000000000), EPERM),
    ("prlimit64", (0, 7, 1), EPERM),
    ("prlimit64", (1, 7, 0), EPERM),
    ("ioctl", (3, 0x5421), ALLOW),
    ("ioctl", (3, 0x5451), ALLOW),
    ("ioctl", (3, 0x541B), ALLOW),
    ("ioctl", (3, 0x5412), ENOTTY),
    ("socketpair", (1, 1 | 0x80000 | 0x800, 0), ALLOW),
    ("socketpair", (1, 2, 0), EPERM),
    ("socketpair", (1, 5, 0), EPERM),
    ("socketpair", (2, 1, 0), EPERM),
    ("sendto", (3, 1, 1, 0, 0, 0), ALLOW),
    ("sendto", (3, 1, 1, 0, 0x7F0000000000, 16), EPERM),
    ("sendto", (3, 1, 1, 0, 8, 16), EPERM),
]


@pytest.mark.parametrize("machine", ALLOWED)
@pytest.mark.parametrize(("name", "args", "said"), CONDITIONS)
def test_calls_allowed_with_some_arguments_only(machine, name, args, said):
    assert said_of_a_run(machine, CONDITIONAL[machine][name], args) == said


@pytest.mark.parametrize("machine", ALLOWED)
def test_nothing_dangerous_is_on_the_list(machine):
    names = set(ALLOWED[machine]) | set(CONDITIONAL[machine])
    assert not names & set(WORKER[machine])
    for name in """socket connect bind listen accept execve execveat fork vfork kill tkill ptrace process_vm_readv mount
        umount2 unshare setns chroot pivot_root bpf perf_event_open userfaultfd io_uring_setup keyctl add_key
        memfd_create shmget shmat semget msgget landlock_restrict_self seccomp personality setuid setresuid
        clock_settime init_module kexec_load reboot pidfd_open open_by_handle_at sendmsg recvmsg""".split():
        assert name not in names


def test_unknown_machine():
    with pytest.raises(KeyError):
        outer("m68k")
    with pytest.raises(KeyError):
        inner("m68k", 1)


def test_the_pid_is_put_where_it_belongs():
    made = RunFilter("x86_64")
    struct.pack_into("I", made._code, made._pid_at, 4321)
    assert made._code.raw == inner("x86_64", 4321)


def test_filters_are_short_enough_for_the_kernel():
    for machine in ALLOWED:
        assert len(outer(machine)) // 8 < 250 and len(inner(machine, 1)) // 8 < 100


def test_known_numbers():
    assert ALLOWED["x86_64"]["openat"] == 257 and ALLOWED["aarch64"]["openat"] == 56
    assert CONDITIONAL["x86_64"]["clone"] == 56 and CONDITIONAL["aarch64"]["clone"] == 220
