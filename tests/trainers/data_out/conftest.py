import json

import pytest

from gradarium.generators import get_task


@pytest.fixture
def write_rows():
    """Write rows as JSON lines and return the path."""

    def write(path, rows):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def posed():
    """Return instances of a task as JSON-ready data."""

    def pose(name, indices, levels=(2,), split="train"):
        return [get_task(name).pose(i, level, split).to_json() for level in levels for i in indices]

    return pose
