"""The speed tables: every task and level has a row, and two sides are compared round by round."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def tasks(load_file, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield load_file(BENCHMARKS / "tasks.py")
    for name in ("attacks", "peers", "peers_judges"):
        sys.modules.pop(name, None)


def test_a_row_for_each_level(tasks, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["tasks.py", "spell_backward", "--seconds", "0"])
    tasks.main()
    lines = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith("| spell_backward")]
    assert [int(line[1]) for line in lines] == list(range(8))
    assert all(float(cell.replace(",", "")) > 0 for line in lines for cell in line[2:7])


def test_the_ratio_is_taken_within_each_round(tasks):
    rounds = [(100.0, 50.0), (10.0, 4.0), (30.0, 10.0)]  # the machine slowed down in the second
    assert tasks.pair(rounds) == tasks.Pair(30.0, 10.0, 2.5)


def test_without_the_peer_the_comparison_says_so(tasks):
    assert tasks.beside_all("no such interpreter", [], 0.1) == "Not installed: reasoning-gym."


def test_every_match_can_be_posed(tasks):
    from gradarium.generators import get_task

    for common in tasks.peers.COMMON:
        if common.task and common.matched:
            get_task(common.task).params(common.level, common.params)
