"""The tier ``landlock``: no namespaces; the kernel forbids every file but the listed ones, and the network."""

import ctypes
import os
import struct

from gradarium.sandbox.inside import files, system

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET, _SCOPES = 3, 3  # TCP bind and connect; abstract sockets and signals


def abi() -> int:
    """Return the version of Landlock that the kernel offers, 0 where there is none."""
    return max(0, system.syscall(_CREATE, None, 0, 1))


def restrict(packages: list[str]) -> int:
    """Confine this process and all its children to reading the listed files; return the version of Landlock used.

    Raises ``OSError`` where the kernel has no Landlock. ``no_new_privs`` is set on the way.
    """
    version = abi()
    if not version:
        raise OSError(38, "landlock: the kernel has none, or it is not switched on")
    rights = _RIGHTS[min(version, 5)]
    attributes = struct.pack("QQQ", rights, _NET if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = system.check("landlock", system.syscall(_CREATE, attributes, size, 0))
    for path, access in _rules(packages):
        _allow(ruleset, path, access & rights)
    system.prctl(38, 1)
    system.check("landlock", system.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)
    return version


def _rules(packages: list[str]) -> list[tuple[str, int]]:
    """Return paths with what is allowed below them; a folder that holds installed packages is listed by its entries."""
    rules = [(path, _READ_FILE | (_WRITE_FILE if path == "/dev/null" else 0)) for path in files.DEVICES]
    rules.append(("/etc/ld.so.cache", _READ_FILE))
    rules += [(f"{files.LIBRARY}/{name}", _READ_FILE | _READ_DIR) for name in os.listdir(files.LIBRARY)]
    rules = [rule for rule in rules if not files.is_private(os.path.basename(rule[0]))]
    for folder in files.shared_folders():
        if (files.LIBRARY + "/").startswith(folder + "/") or folder == "/usr/local/lib":
            rules += [(f"{folder}/{name}", _READ_FILE) for name in os.listdir(folder) if ".so" in name]
        else:
            rules.append((folder, _READ_FILE))
    return rules + [(path, _READ_FILE | _READ_DIR) for path in packages]


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH)
    except FileNotFoundError:
        return  # a dangling link, or a device that this machine lacks
    if not os.path.isdir(path):
        access &= ~_READ_DIR
    rule = struct.pack("=Qi", access, fd)  # the kernel's struct is packed
    try:
        system.check(f"landlock {path}", system.syscall(_ADD, ruleset, 1, ctypes.create_string_buffer(rule, 12), 0))
    finally:
        os.close(fd)
