"""``manifest.json`` beside shards: what they hold, and the hash of each one that is finished."""

import hashlib
import json
from pathlib import Path
from typing import Any

from gradarium.errors import BadFile
from gradarium.trainers.records import write_text

NAME = "manifest.json"


class Manifest:
    """The record of a folder of shards; it is there before the first of them."""

    def __init__(self, folder: Path, request: dict[str, Any]) -> None:
        """Read the manifest of a folder, or begin one; raises BadFile where it is broken or of another request."""
        self.folder, self.path = folder, folder / NAME
        self.request: dict[str, Any] = json.loads(json.dumps(request))
        self.shards: dict[str, dict[str, Any]] = {}
        if self.path.exists():
            self._read()

    def _read(self) -> None:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            there = dict(found["request"])
            self.shards = {
                str(name): {"rows": noted["rows"], "bytes": noted["bytes"], "sha256": noted["sha256"]}
                for name, noted in dict(found["shards"]).items()
            }
        except OSError as error:
            raise BadFile(self.path, error.strerror or str(error)) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadFile(self.path, "is no manifest of 'gradarium generate'; choose another --out") from None
        if other := differences(there, self.request):
            told = "; ".join(other[:4]) + (f"; and {len(other) - 4} more" if len(other) > 4 else "")
            raise BadFile(self.path, f"the folder holds another request: {told}; choose another --out")

    def save(self) -> None:
        """Write the manifest; raises BadFile."""
        write_text(self.path, json.dumps({"request": self.request, "shards": self.shards}, indent=1) + "\n")

    def add(self, path: Path, rows: int) -> None:
        """Note a finished shard; raises BadFile."""
        self.shards[self._name(path)] = {"rows": rows, "bytes": path.stat().st_size, "sha256": digest(path)}
        self.save()

    def holds(self, path: Path) -> bool:
        """Return whether a shard is finished and still has the bytes that were noted."""
        noted = self.shards.get(self._name(path))
        return (
            noted is not None
            and path.is_file()
            and path.stat().st_size == noted["bytes"]
            and digest(path) == noted["sha256"]
        )

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; raises BadFile."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(path, error.strerror or str(error)) from None


def differences(there: dict[str, Any], here: dict[str, Any], inside: str = "") -> list[str]:
    """Return what differs between two settings, in words.

    >>> differences({"count": 1, "split": "dev"}, {"count": 2, "split": "dev"})
    ['count is 1 there and 2 here']
    """
    found = []
    for name in dict.fromkeys([*there, *here]):
        old, new = there.get(name), here.get(name)
        label = f"{inside}{name}"
        if isinstance(old, dict) and isinstance(new, dict):
            found += differences(old, new, f"{label}.")
            if list(old) != list(new) and set(old) == set(new):
                found.append(f"{label} stand in another order")
        elif name not in there or name not in here:
            found.append(f"{label} is only {'here' if name in here else 'there'}")
        elif old != new:
            found.append(f"{label} is {json.dumps(old)} there and {json.dumps(new)} here")
    return found
