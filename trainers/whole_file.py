"""A file that appears whole or not at all."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gradarium.errors import BadFile


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into; it takes the place of ``path`` when the block ends, or vanishes if it fails.

    A process that is killed leaves a hidden file ending in ``.part``, which the next one that writes ``path`` removes;
    those of processes that live stay, so of two that write one path both are done and the last one's content remains.
    Raises BadFile when the disk refuses, and where the path is a device, a pipe or a folder, whose place no file takes.
    """
    if path.exists() and not path.is_file():
        raise BadFile(path, "is no file that could be written anew; name another")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _clear(path)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Remove what killed processes left of this path."""
    mine = re.compile(re.escape(f".{path.name}.") + r"(\d+)\.part")
    for left in path.parent.iterdir():
        found = mine.fullmatch(left.name)
        if found and not _lives(int(found[1])):
            left.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    """Return whether a process of this machine may still be writing."""
    if process == os.getpid() or os.name != "posix":  # elsewhere such a question may end it
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # somebody else's
    return True
