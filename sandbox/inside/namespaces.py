"""The tier ``namespaces``: a worker with a user, processes, files, network and hostname of its own."""

import os

from gradarium.sandbox.inside import files, system

_PLACES = ("/mnt", "/media", "/srv", "/opt", "/home", "/var", "/run", "/tmp")
_EVERY = system.NEW_PID | system.NEW_NET | system.NEW_IPC | system.NEW_UTS | system.NEW_CGROUP
PACKAGES = "/packages"
"""Where asked-for packages are found inside."""
DECOY = "/tmp/expected_outputs.json"
"""A file that looks like what a cheat is looking for; its values are wrong and unlike any other."""


def _enter_user_namespace(flags: int, proc: int) -> None:
    """Enter new namespaces and know ourselves by the ids we had; ``proc`` is this process's folder in /proc."""
    uid, gid = os.geteuid(), os.getegid()
    system.set_dumpable(True)  # else a process that changed its user cannot write its own maps
    system.unshare(system.NEW_USER | flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        fd = os.open(name, os.O_WRONLY, dir_fd=proc)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def _bind(source: str, root: str, path: str) -> None:
    target = root + path
    if os.path.isdir(source):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    system.mount(source, target, None, system.BIND | system.RECURSIVE)


def _hide(path: str) -> None:
    system.mount("tmpfs", path, "tmpfs", system.NOSUID | system.NODEV, "size=4k,nr_inodes=2,mode=755")


def _build_root(packages: list[str], decoys: list[int]) -> None:
    """Leave the machine's files for a read-only root with nothing of ours in it, and an empty /tmp."""
    shared = files.shared_folders()
    taken = [files.LIBRARY, *shared, *packages]
    free = (p for p in _PLACES if os.path.isdir(p) and not any((t + "/").startswith(p + "/") for t in taken))
    root = next(free, None)
    if root is None:
        raise OSError(2, f"no folder to build a root in: none of {', '.join(_PLACES)} is there and free")
    system.mount(None, "/", None, system.RECURSIVE | system.SLAVE)
    system.mount("tmpfs", root, "tmpfs", system.NOSUID | system.NODEV, "size=1m,nr_inodes=2048,mode=755")
    os.mkdir(root + "/tmp", 0o755)
    for path in [*shared, files.LIBRARY]:
        if not os.path.exists(root + path):
            _bind(path, root, path)
    for path in packages:
        _bind(path, root, f"{PACKAGES}/{os.path.basename(path)}")
    for path in (*files.DEVICES, "/etc/ld.so.cache"):
        if os.path.exists(path):
            _bind(path, root, path)
    for name, target in files.links():
        if not os.path.lexists(f"{root}/{name}"):
            os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
            os.symlink(target, f"{root}/{name}")
    for place in [files.LIBRARY, *shared]:
        pythons = [f"{place}/{name}" for name in os.listdir(place) if name.startswith("python")]
        for parent in [place, *(path for path in pythons if os.path.isdir(path))]:
            for name in os.listdir(parent):
                hidden = f"{root}{parent}/{name}"
                if files.is_private(name) and os.path.isdir(hidden):
                    _hide(hidden)
    with open(root + DECOY, "w") as decoy:
        decoy.write(str(decoys))  # JSON too, being a list of whole numbers
    os.chmod(root + DECOY, 0o644)
    system.make_read_only(root)
    system.change_root(root)


def enter(uid: int, packages: list[str], decoys: list[int]) -> None:
    """Move this process into namespaces and a root of its own; its next child is the first process there.

    ``uid`` is the user to become where we are root. Raises ``OSError`` where the machine does not allow it.
    """
    proc = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY)
    if os.geteuid() == 0:
        system.unshare(system.NEW_MOUNTS)
        _build_root(packages, decoys)  # first, since mounts are locked for a user namespace that comes after
        system.become(uid)
        _enter_user_namespace(_EVERY | system.NEW_MOUNTS, proc)
    else:
        _enter_user_namespace(_EVERY | system.NEW_MOUNTS, proc)
        _build_root(packages, decoys)
    os.close(proc)


def private_scratch(size: int) -> None:
    """Give this process an empty /tmp of ``size`` bytes that ends with it."""
    system.unshare(system.NEW_MOUNTS)
    limits = f"size={size},nr_inodes=256,mode=1777"
    system.mount("tmpfs", "/tmp", "tmpfs", system.NOSUID | system.NODEV | system.NOEXEC, limits)
    os.chdir("/tmp")
