"""One process at a time in the folder of a run or an evaluation."""

from pathlib import Path
from typing import Any

from gradarium.errors import BadFile, MissingExtra


def lock_folder(folder: Path) -> Any:
    """Make the folder if it is not there, and hold it until ``release`` is called or this process ends.

    Raises BadFile where another process holds it or the disk refuses, and MissingExtra without filelock.
    """
    try:
        from filelock import FileLock, Timeout
    except ImportError as error:
        raise MissingExtra("a folder of results", "endpoint", error.name or str(error)) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise BadFile(folder, "is in use by another process; wait for it, or choose another --out") from None
    except OSError as error:
        raise BadFile(folder, f"cannot be written: {error}") from None
    return lock
