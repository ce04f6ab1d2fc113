"""The ways to isolate a run, what this machine offers of them, and how to get one."""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradarium.errors import BadValue, MissingExtra, UnknownName
from gradarium.sandbox.base import LEVELS, TIERS, SandboxUnavailable
from gradarium.sandbox.inside.drive import WorkerRefused, Zygote
from gradarium.sandbox.pool import Pool, Worker

UNSAFE_VARIABLE = "GRADARIUM_ALLOW_UNSAFE_SANDBOX"
"""The second of the two opt-ins that the tier ``unsafe`` needs: set it to 1."""

_HELP = {
    "namespaces": "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
    "kernel.apparmor_restrict_unprivileged_userns=0) or run as root",
    "landlock": "boot a kernel of 5.13 or newer with lsm=landlock,...",
    "docker": "start a Docker engine and build the image: gradarium sandbox --build",
    "unsafe": f"never needed where another is there; needs allow_unsafe=True and {UNSAFE_VARIABLE}=1",
}
_log = logging.getLogger("gradarium.sandbox")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a tier would give on this machine."""

    name: str
    isolation: str
    available: bool
    reason: str
    """Why it is not available and what to do; empty where it is."""
    gives: dict[str, Any] = field(default_factory=dict)
    """What its self-test found, as ``capabilities()``."""


def make_sandbox(
    tier: str = "auto",
    *,
    min_isolation: str = "landlock",
    workers: int | None = None,
    packages: Sequence[str] = (),
    allow_unsafe: bool = False,
    **docker: Any,
) -> Pool:
    """Return a started pool of a tier; ``auto`` takes the strongest local one that passes its self-test.

    Args:
        tier: ``auto``, ``namespaces``, ``landlock``, ``docker`` or ``unsafe``.
        min_isolation: Level below which nothing is returned, of ``none < landlock < namespaces < container < gvisor``.
        workers: Runs at one time; default: the processors.
        packages: Installed distributions that runs can import, ``["numpy"]`` say.
        allow_unsafe: One of two opt-ins for ``unsafe``; the other is the environment variable ``UNSAFE_VARIABLE``.
        docker: For the tier ``docker`` only: see ``DockerWorkers``.

    Raises:
        SandboxUnavailable: There is none on this machine, with the reason and what to do.
        UnknownName, BadValue: For a wrong argument.
    """
    if tier != "auto" and tier not in TIERS:
        raise UnknownName("sandbox", tier, ["auto", *TIERS])
    if min_isolation not in LEVELS:
        raise UnknownName("level of isolation", min_isolation, LEVELS)
    if docker and tier != "docker":
        raise BadValue(next(iter(docker)), next(iter(docker.values())), "is for the sandbox 'docker' only")
    if tier == "unsafe":
        if not (allow_unsafe and os.environ.get(UNSAFE_VARIABLE) == "1"):
            raise SandboxUnavailable(
                f"the sandbox 'unsafe' isolates nothing and needs both allow_unsafe=True and {UNSAFE_VARIABLE}=1"
            )
        min_isolation = "none"
        _log.warning("the sandbox 'unsafe' isolates nothing: programs of a model can read and write what you can")
    reasons = []
    for name in ("namespaces", "landlock") if tier == "auto" else (tier,):
        level = "gvisor" if docker.get("runtime") == "runsc" else TIERS[name]
        if LEVELS.index(level) < LEVELS.index(min_isolation):
            reasons.append(f"{name} gives {level}, asked for at least {min_isolation}")
            continue
        pool = _pool(name, level, workers, packages, docker)
        try:
            pool.start()
        except SandboxUnavailable as error:
            pool.close()
            reasons.append(f"{error} (to have it: {_HELP[name]})")
            continue
        if reasons:
            _log.warning("%s; using %s", "; ".join(reasons), name)
        return pool
    raise SandboxUnavailable("; ".join(reasons))


def _pool(name: str, level: str, workers: int | None, packages: Sequence[str], docker: dict[str, Any]) -> Pool:
    start: Callable[[list[int]], Worker]
    if name == "docker":
        from gradarium.sandbox.containers import DockerWorkers  # the Docker SDK takes long to import

        start = DockerWorkers(packages=packages, **docker)
    else:
        start = _local(name, packages)
    return Pool(name, level, start, workers=workers, scratch=name == "namespaces", packages=packages)


def _local(name: str, packages: Sequence[str]) -> Callable[[list[int]], Worker]:
    def start(decoys: list[int]) -> Worker:
        if not sys.platform.startswith("linux"):
            raise WorkerRefused(f"it needs Linux, this is {sys.platform}: use the sandbox 'docker'")
        if not sys.executable:
            raise WorkerRefused("it needs to know its interpreter: sys.executable is empty")
        return Zygote(name, list(packages), decoys, "" if name == "namespaces" else _interpreter())

    return start


def _interpreter() -> str:
    """Return an interpreter whose library an unprivileged user can read: ours, or the system's where we are root."""
    library = Path(os.__file__)
    readable = library.stat().st_mode & 0o004 and all(folder.stat().st_mode & 0o001 for folder in library.parents)
    if os.geteuid() != 0 or readable:
        return ""
    return shutil.which("python3", path="/usr/local/bin:/usr/bin") or ""


def offers() -> list[Offer]:
    """Try every tier but ``unsafe`` on this machine, with its self-test, and say what came of it."""
    found = []
    for name in ("docker", "namespaces", "landlock"):
        try:
            with make_sandbox(name, min_isolation="none", workers=1) as pool:
                found.append(Offer(name, pool.isolation, True, "", pool.capabilities()))
        except (SandboxUnavailable, MissingExtra) as error:
            found.append(Offer(name, TIERS[name], False, str(error)))
    allowed = os.environ.get(UNSAFE_VARIABLE) == "1"
    found.append(Offer("unsafe", "none", allowed, "" if allowed else f"{UNSAFE_VARIABLE} is not set to 1"))
    return found
