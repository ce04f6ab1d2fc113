"""A file that appears whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gradarium.errors import BadFile


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into; it takes the place of ``path`` when the block ends, or vanishes if it fails.

    A process that is killed leaves a hidden file ending in ``.part``, which the next one that writes ``path`` removes.
    Raises BadFile when the disk refuses.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        for left in path.parent.glob(f".{path.name}.*.part"):
            left.unlink(missing_ok=True)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise BadFile(path, f"cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)
