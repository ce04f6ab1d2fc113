import pytest

from gradarium.errors import BadFile
from gradarium.trainers.records import Log

LINES = [f'{{"stage": "grpo", "step": {i}}}\n' for i in range(1, 5)]


def test_going_back_drops_what_came_after_and_a_torn_last_line(tmp_path):
    log = Log(tmp_path / "metrics.jsonl")
    for torn in ('{"stage": "gr', '{"stage": "grpo"}', "5"):
        log.path.write_text("".join(LINES) + torn)
        log.rewind("grpo", 3)
        assert log.path.read_text() == "".join(LINES[:3])


@pytest.mark.parametrize("bad", [b'{"stage": "gr\n', b"5\n", b'{"step": 2}\n', b"\xff\n", b"[" * 100_000 + b"\n"])
def test_damage_in_the_middle_is_told_and_nothing_behind_it_is_lost(tmp_path, bad):
    log = Log(tmp_path / "metrics.jsonl")
    found = LINES[0].encode() + bad + "".join(LINES[2:]).encode()
    log.path.write_bytes(found)
    with pytest.raises(BadFile, match=r"metrics.jsonl: (line 2 is damaged|cannot be read)"):
        log.rewind("grpo", 3)
    assert log.path.read_bytes() == found
