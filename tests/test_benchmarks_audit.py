"""The audit finds what is planted in a toy task, and only that; its bounds and its dealings with peers are right."""

import random
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradarium.core import Draft, Verdict
from gradarium.generators.task import task

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    """Let the benchmarks import each other, as they do when they are run; forget them afterwards."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield
    for name in ("attacks", "peers", "peers_judges"):
        sys.modules.pop(name, None)


@pytest.fixture
def audit(load_file):
    return load_file(BENCHMARKS / "audit.py")


@dataclass(frozen=True)
class Params:
    least: int


def right(answer, payload):
    words = answer.split()
    return (
        len(words) == 2
        and all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words)
        and sum(map(int, words)) == payload["sum"]
    )


def honest(answer, payload):
    """Judge two numbers with a given sum."""
    return Verdict.correct() if right(answer, payload) else Verdict.wrong("another sum", "sum")


def solutions(payload):
    for first in range(payload["sum"] + 1):
        yield f"{first} {payload['sum'] - first}"


def toy(verify):
    """Return a task of two numbers with a given sum."""

    @task(levels=[Params(20), Params(200)], name="toy", family="toys", verify=verify, chance=0.1)
    def make(rng, params):
        first, second = rng.randint(params.least, 2 * params.least), rng.randint(params.least, 2 * params.least)
        return Draft(
            question=f"Name two numbers whose sum is {first + second}.",
            payload={"sum": first + second},
            reference=f"{first} {second}",
            example=f"{first} {second + 1}",
            brief=str(first + second),
        )

    return make


def audited(audit, verify):
    return audit.Audit(toy(verify), right, solutions, audit.Limits(cases=400, seconds=30)).run()


def test_an_honest_task_has_no_faults(audit):
    row = audited(audit, honest)
    assert not row.faults
    assert row.wrong >= 400 and row.right >= 400 and row.solutions >= 400
    assert (row.false_positives, row.false_negatives) == (0, 0)
    assert 0 < row.best < 0.2 and row.guessed == 200


def test_the_same_cases_each_time(audit):
    first, second = (audited(audit, lambda answer, payload: Verdict.correct()) for _ in range(2))
    assert [str(fault) for fault in first.faults] == [str(fault) for fault in second.faults]


def test_a_planted_false_positive_is_found(audit):
    def verify(answer, payload):
        words = answer.split()  # a third number is let pass
        return honest(" ".join(words[:2]), payload)

    row = audited(audit, verify)
    assert row.false_positives >= 5 and not row.false_negatives
    assert {fault.kind for fault in row.faults} == {"false positive"}
    assert all(len(fault.answer.split()) > 2 for fault in row.faults)
    assert "false positive: toy, level 0" in str(row.faults[0])


def test_a_planted_false_negative_is_found(audit):
    def verify(answer, payload):
        if answer.startswith("7 "):
            return Verdict.wrong("not the stored solution", "stored")
        return honest(answer, payload)

    row = audited(audit, verify)
    assert row.false_negatives >= 5 and not row.false_positives
    assert all(fault.kind == "false negative" and fault.answer.startswith("7 ") for fault in row.faults)


def test_a_verifier_that_raises_and_an_oracle_that_refuses_the_reference_are_faults(audit):
    def verify(answer, payload):
        return honest(answer, {"sum": payload["sum"] + 0 * len(answer.split()[0])})  # no first word: IndexError

    assert {fault.kind for fault in audited(audit, verify).faults} == {"no verdict"}
    blind = audit.Audit(toy(honest), lambda answer, payload: False, None, audit.Limits(50, 10)).run()
    assert {"oracle", "false positive"} <= {fault.kind for fault in blind.faults}


@pytest.mark.parametrize(
    ("found", "cases", "bound"),
    [
        (0, 2_000, 0.0014967),  # 1 - 0.05 ** (1 / 2000)
        (0, 300, 0.0099362),
        (0, 1, 0.95),
        (1, 20, 0.2161),  # Clopper and Pearson
        (3, 100, 0.0757),
        (10, 10, 1.0),
    ],
)
def test_upper_bounds(audit, found, cases, bound):
    assert audit.upper_bound(found, cases) == pytest.approx(bound, rel=1e-3)


def test_the_table_has_a_row_for_each_task_and_their_sum(audit):
    rows = [audit.Row("a", "x", 0.1, wrong=2_000, right=2_500), audit.Row("b|", "x", 0.0, wrong=10, false_positives=1)]
    lines = audit.table(rows).splitlines()
    assert lines[2] == "| a | 2,000 | 0 | 0.15 % | 2,500 | 0 | 0.12 % | 0.000 | 0.1 |  |"
    assert lines[-1].startswith("| **all** | 2,010 | 1 |")
    text = audit.page("python benchmarks/audit.py", rows, "Not installed.")
    assert "```console\npython benchmarks/audit.py\n```" in text and "## Peers\n\nNot installed." in text


def test_near_misses_differ_from_the_answer_and_keep_within_their_number():
    import attacks

    right_one = "1 2 3\n4 5 6\n7 8 9"
    found = list(attacks.near_misses(right_one, ["9 8 7\n6 5 4\n3 2 1"], random.Random(1), most=8))
    assert right_one not in [text for _, text in found]
    assert {"4 5 6\n1 2 3\n7 8 9", "1 2 3\n7 8 9\n4 5 6"} <= {
        text for name, text in found if name == "two lines swapped"
    }
    assert dict(found)["transposed"] == "1 4 7\n2 5 8\n3 6 9"
    assert not list(attacks.near_misses("", [], random.Random(1)))


SUDOKU = {
    "answer": "1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1",
    "metadata": {"puzzle": [[1, 2, 0, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 0]]},
}
MADE = {"answer": "8*3*1*1", "metadata": {"numbers": [8, 3, 1, 1]}}
SUM = {
    "answer": "A=1,B=2",
    "metadata": {"words_letters": ["A", "A"], "result_letters": "B", "allow_leading_zero": False},
}


@pytest.mark.parametrize(
    ("dataset", "item", "answer", "verdict"),
    [
        ("mini_sudoku", SUDOKU, "1234 3412 2143 4321", True),
        ("mini_sudoku", SUDOKU, "1 2 4 3\n3 4 1 2\n2 1 4 3\n4 3 2 1", False),
        ("puzzle24", MADE, "3*8/1/1", True),
        ("puzzle24", MADE, "6*4*1*1", False),
        ("puzzle24", MADE, "(8+3+1+1)*floor(E/pi)+len('aaa')", False),
        ("cryptarithm", SUM, "B=4, A=2", True),
        ("cryptarithm", SUM, "A=3,A=2,B=4", False),
        ("chain_sum", {"answer": "-4", "metadata": {}}, "\u0664", False),
        ("chain_sum", {"answer": "4", "metadata": {}}, "\u0664", True),
        ("rush_hour", {"answer": "", "metadata": {}}, "", False),
        ("rush_hour", {"answer": "", "metadata": {}}, "A+1", None),
    ],
)
def test_what_is_right_for_the_peers(dataset, item, answer, verdict):
    from peers_judges import judge

    assert judge(dataset, answer, item) is verdict


def test_without_the_peers_the_page_says_so():
    import peers

    text, found = peers.report(str(BENCHMARKS / "no such interpreter"), [], [])
    assert text.startswith("Not installed") and not found


def test_a_peer_that_hangs_is_stopped_and_asked_the_rest(tmp_path, monkeypatch):
    import peers

    inside = tmp_path / "inside.py"
    inside.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    request = json.loads(line)\n"
        "    for _, text in request.get('cases', [(0, '')]):\n"
        "        while text == 'hang':\n"
        "            pass\n"
        "        print(json.dumps({'reply': float(len(text))}), flush=True)\n"
    )
    monkeypatch.setattr(peers, "INSIDE", inside)
    monkeypatch.setattr(peers, "LIMIT", 0.3)
    peer = peers.Peer(sys.executable)
    try:
        assert peer.judge("score", [(0, "a"), (0, "hang"), (0, "bb"), (0, "hang")]) == [1.0, "hang", 2.0, "skipped"]
    finally:
        peer.stop()
    assert not peer.ran_text()
