"""What a run may read: the standard library, the shared libraries it loads, three devices and asked-for packages."""

import os
import sys

MODULES = (
    *("bisect", "collections", "functools", "heapq", "itertools", "json", "math", "operator", "random", "re"),
    *("string", "typing", "dataclasses", "datetime", "decimal", "fractions", "statistics", "copy", "enum", "abc"),
)
"""Modules that a worker imports when a program with their name comes: never before, since each makes forks slower."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
LIBRARY = os.path.dirname(os.__file__)
"""The folder of the standard library."""
_PRIVATE = ("site-packages", "dist-packages", "__pycache__")


def is_private(name: str) -> bool:
    """Return whether an entry of the library's folder is not the run's business: it holds installed packages."""
    return name in _PRIVATE[:2]


def shared_folders() -> list[str]:
    """Return folders of shared libraries: those this process has loaded from, and the system's usual ones."""
    machine = os.uname().machine
    usual = [f"/lib/{machine}-linux-gnu", f"/usr/lib/{machine}-linux-gnu", "/lib64", "/usr/lib64", "/usr/local/lib"]
    with open("/proc/self/maps") as maps:
        loaded = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line and line.count("/") > 1}
    found: list[str] = []
    for folder in [*usual, *sorted(os.path.dirname(path) for path in loaded)]:
        real = os.path.realpath(folder)
        inside = real == LIBRARY or any((real + "/").startswith(other + "/") for other in [*found, LIBRARY])
        if os.path.isdir(real) and real != "/" and not inside:
            found.append(real)
    return found


def links() -> list[tuple[str, str]]:
    """Return the links at the root, ``("lib64", "usr/lib64")`` say, that paths to shared libraries go through."""
    names = ("lib", "lib64", "usr/lib64")
    return [(name, os.readlink("/" + name)) for name in names if os.path.islink("/" + name)]


def of_packages(names: list[str]) -> list[str]:
    """Return files and folders of installed distributions; raises ``ValueError`` for one that is not installed."""
    from importlib import metadata

    found: list[str] = []
    for name in names:
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise ValueError(f"the package {name!r} is not installed") from None
        tops = {path.parts[0] for path in distribution.files or () if path.parts[0] != ".."}
        tops = {top for top in tops if not top.endswith(".pth") and top not in _PRIVATE}
        found += [str(distribution.locate_file(top)) for top in sorted(tops)]
    return found


def preload(packages: list[str], folders: list[str]) -> None:
    """Import packages once, so that no run has to, from ``folders``, which then leave the path again."""
    sys.path[:0] = folders
    for name in packages:
        __import__(name)
    for folder in folders:
        sys.path.remove(folder)
