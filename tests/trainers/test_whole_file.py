import os
import subprocess
import sys

import pytest

from gradarium.errors import BadFile
from gradarium.trainers.whole_file import whole_file


def test_it_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x.jsonl"
    with whole_file(path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(b"two")
        raise ZeroDivisionError
    assert path.read_bytes() == b"one" and list(tmp_path.iterdir()) == [path]
    with (
        pytest.raises(BadFile, match="no/x: cannot be written: No such file or directory"),
        whole_file(tmp_path / "no/x"),
    ):
        pass


def test_what_dead_processes_left_goes_and_what_others_write_stays(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".x.jsonl.{dead.pid}.part"
    kept = [
        tmp_path / f".x.jsonl.{os.getppid()}.part",  # of a process that lives
        tmp_path / f".x.jsonl.gz.{dead.pid}.part",  # of another file
        tmp_path / f".xyjsonl.{dead.pid}.part",
    ]
    for path in (left, *kept):
        path.write_bytes(b"half")
    with whole_file(tmp_path / "x.jsonl"):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "x.jsonl"])
    with whole_file(tmp_path / "*"):  # a name is no pattern
        pass
    assert all(path.exists() for path in kept)


def test_a_pipe_stays_a_pipe(tmp_path):
    """The system manager who writes to /dev/null must not lose it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(BadFile, match="is no file"), whole_file(path):
        raise AssertionError("not reached")
    assert path.is_fifo()
