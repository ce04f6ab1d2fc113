import threading

import pytest

from gradarium.core import Status, Verdict
from gradarium.errors import BadValue, UnknownName
from gradarium.verifiers import grade, grade_many, load_verifier
from gradarium.verifiers.grading import verifier_of, verifier_paths
from gradarium.verifiers.puzzles.sudoku import verify as verify_sudoku

SUDOKU = {"box": [2, 2], "givens": ["12.4", "3412", "2143", "432."]}
RIGHT = "<answer>\n1234\n3412\n2143\n4321\n</answer>"
WRONG = "<answer>\n1234\n3412\n2143\n4322\n</answer>"


def verify_number(answer, payload):
    """Judge by equality; used as a verifier of a third party."""
    if answer == "boom":
        raise RuntimeError("planted " + "x" * 500)
    return Verdict.correct() if answer == payload["n"] else Verdict.wrong("not the number")


def test_by_name_and_by_function():
    assert grade(RIGHT, "sudoku", SUDOKU).score == grade(RIGHT, verify_sudoku, SUDOKU).score == 1.0
    assert grade(WRONG, "sudoku", SUDOKU).status is Status.WRONG


def test_the_verdict_holds_the_text_that_was_judged():
    assert grade("I say <answer> 7 </answer>", verify_number, {"n": "7"}).answer == "7"
    assert grade("I say 7", verify_number, {"n": "7"}).answer is None


def test_another_format():
    assert grade("so \\boxed{7}", verify_number, {"n": "7"}).status is Status.MISSING
    assert grade("so \\boxed{7}", verify_number, {"n": "7"}, "boxed").status is Status.CORRECT


def test_a_verifier_that_fails_gives_an_error_without_a_reward():
    verdict = grade("<answer>boom</answer>", verify_number, {"n": "7"})
    assert (verdict.status, verdict.reward, verdict.score) == (Status.ERROR, None, 0.0)
    assert "RuntimeError: planted" in verdict.reason
    assert len(verdict.reason) < 300


def test_a_broken_payload_gives_an_error_without_a_reward():
    assert grade(RIGHT, "sudoku", {}).reward is None


@pytest.mark.parametrize("completion", [None, 7, b"<answer>7</answer>", ["7"]])
def test_a_completion_that_is_no_text_is_an_error(completion):
    assert grade(completion, verify_number, {"n": "7"}).status is Status.ERROR


def test_unknown_names():
    with pytest.raises(UnknownName, match="did you mean 'sudoku'"):
        grade("", "sudku", {})
    with pytest.raises(UnknownName, match="answer format"):
        grade("", "sudoku", SUDOKU, "xml")


def test_many_keep_their_order():
    completions = [f"<answer>{i % 3}</answer>" for i in range(30)]
    verdicts = grade_many(completions, verify_number, {"n": "1"})
    assert [v.score for v in verdicts] == [float(i % 3 == 1) for i in range(30)]


def test_many_with_tasks_and_payloads_of_their_own():
    tasks, payloads = ["sudoku", verify_number, "sudoku"], [SUDOKU, {"n": "7"}, SUDOKU]
    verdicts = grade_many([RIGHT, "<answer>7</answer>", WRONG], tasks, payloads)
    assert [v.score for v in verdicts] == [1.0, 1.0, 0.0]


def test_equal_completions_of_one_payload_are_judged_once():
    calls = []

    def count(answer, payload):
        calls.append(answer)
        return Verdict.correct()

    payload = {"n": "7"}
    tagged = ["<answer>7</answer>", "<answer>8</answer>", "<answer>7</answer>"]
    assert len(grade_many(tagged, count, payload)) == 3
    assert sorted(calls) == ["7", "8"]
    calls.clear()
    grade_many(tagged, count, [payload, payload, dict(payload)])
    assert sorted(calls) == ["7", "7", "8"]


def test_many_with_completions_that_are_no_text():
    verdicts = grade_many([["7"], None, "<answer>7</answer>"], verify_number, {"n": "7"})
    assert [v.status for v in verdicts] == [Status.ERROR, Status.ERROR, Status.CORRECT]


def test_many_of_none():
    assert grade_many([], "sudoku", SUDOKU) == []


@pytest.mark.parametrize(("tasks", "payloads"), [(["sudoku"], SUDOKU), ("sudoku", [SUDOKU] * 3)])
def test_many_of_different_lengths_are_refused(tasks, payloads):
    with pytest.raises(BadValue, match="there are 2 completions"):
        grade_many([RIGHT, WRONG], tasks, payloads)


def test_one_error_among_many_harms_no_other():
    verdicts = grade_many([f"<answer>{t}</answer>" for t in ("7", "boom", "7")], verify_number, {"n": "7"})
    assert [v.reward for v in verdicts] == [1.0, None, 1.0]


def test_sandboxed_verdicts_are_shared_out_over_threads_in_order(load_file, tmp_path):
    path = tmp_path / "slow_verifier.py"
    path.write_text(
        "import threading, time\nfrom gradarium.core import Verdict\nSANDBOXED = True\n"
        "def verify(answer, payload):\n    time.sleep(0.02 if answer == '0' else 0)\n"
        "    return Verdict.wrong(f'{answer} {threading.get_ident()}')\n",
        encoding="utf-8",
    )
    slow = load_file(path).verify
    said = [v.reason.split() for v in grade_many([f"<answer>{i}</answer>" for i in range(8)], slow, {}, workers=4)]
    assert [number for number, _ in said] == [str(i) for i in range(8)]
    assert str(threading.get_ident()) not in {thread for _, thread in said}


def test_verifiers_are_found_by_path():
    paths = verifier_paths()
    assert paths["sudoku"] == "gradarium.verifiers.puzzles.sudoku"
    assert not [name for name in paths if name.startswith("_")]
    assert load_verifier("sudoku").verify is verify_sudoku
    assert verifier_of(verify_number).answer_format == "tag"
