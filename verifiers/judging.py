r"""Judge programs by what they do: values of a function, output of a program, results of methods.

>>> judge_function("def double(x): return 2 * x", "double", [([2], 4), ([-1], -2)]).score
1.0
>>> judge_function("def double(x): return 2.0 * x", "double", [([2], 4), ([-1], -2)]).reason
'double(2) returned the wrong value 4.0; its type should be int'
>>> judge_program("print(sum(map(int, input().split())))", [("1 2\n", "3"), ("4 5\n", "9")]).score
1.0

Only the program and its inputs enter the sandbox; expected values, checkers and the program of the reference never do.
What comes back is plain data and compared here: see ``gradarium.verifiers.values``. Correct is what is right in every
case. ``parts["cases"]`` is the share of cases that were right, for opt-in shaping; the score of a wrong answer is 0.

A run that ends badly is wrong, with the name of its outcome as violation (``cpu_limit``, ``tamper``, ...); it gives no
values, so that its share is 0. Where the sandbox, the cases, the checker or the reference are at fault, the verdict is
``error`` and the reward None. No reason holds an expected value. Nothing is raised, whatever the program.
"""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec

from gradarium.core import Verdict
from gradarium.errors import GradariumError
from gradarium.sandbox import Limits, Outcome, Run, SandboxBackend, default_sandbox
from gradarium.verifiers._flags import flags
from gradarium.verifiers.values import Tolerance, fault_in_output, fault_in_value, same, show, size

__all__ = ["Checker", "Tolerance", "flags", "judge_class", "judge_function", "judge_program", "weak_cases"]

Checker = Callable[[Any, Any], bool] | str
"""Says whether an output is a right one: a function of (input, output), or the source text of one named ``check``.

A function is the task author's code and runs in this process, where nothing can stop it: it gets copies, and outputs of
up to ``MAX_CHECKED`` only, larger ones are wrong; it must take time that is polynomial with a small exponent. Source
text runs in the sandbox under ``CHECKER_LIMITS``, in a run of its own that never sees the program it judges, on outputs
of any size. A checker that raises, is stopped, or answers anything but True and False makes the verdict ``error``.
"""

MAX_CHECKED = 50_000
"""Parts and characters of an output that a function looks at."""
CHECKER_LIMITS = Limits(cpu_s=10.0)
"""What one run of a checker in the sandbox may use."""

_P = ParamSpec("_P")
_INPUT = re.compile(r"input ([0-9]{1,9}): (\w{1,80})", re.ASCII)


class _NotJudged(Exception):
    """The cases, the checker or the reference are at fault; the text is the reason of the verdict."""


def _total(judge: Callable[_P, Verdict]) -> Callable[_P, Verdict]:
    """Turn what is nobody's answer's fault into a verdict of status ``error``."""

    @wraps(judge)
    def total(*args: _P.args, **kwargs: _P.kwargs) -> Verdict:
        try:
            return judge(*args, **kwargs)
        except _NotJudged as fault:
            return Verdict.error(str(fault))
        except GradariumError as error:  # no sandbox on this machine, or inputs that it cannot take
            return Verdict.error(f"the program could not be run: {error}")

    return total


@_total
def judge_function(
    code: str,
    entry: str,
    cases: Sequence[Sequence[Any]],
    *,
    checker: Checker | None = None,
    close: Tolerance | None = None,
    limits: Limits | None = None,
    sandbox: SandboxBackend | None = None,
    repeat: bool = False,
    reference: str | None = None,
) -> Verdict:
    """Judge a function by the value it returns for each case; all cases are one run.

    Args:
        code: The program to judge.
        entry: Name of its function.
        cases: Pairs ``(args, expected)``. With a checker ``expected`` is not looked at and may be left out.
        checker: For tasks with many right answers: gets ``args`` and what was returned.
        close: How far floats may be off; default: not at all.
        limits: For the whole run; default: those of the sandbox.
        sandbox: Default: the one of this process.
        repeat: Run a right program a second time, with the cases in reverse order. Where a case then has another
            value, by the rules of the comparison, the verdict is wrong with violation ``nondeterministic``: a value
            must depend on its input alone, not on clock, chance or earlier calls. (Addresses can be the same in
            two runs on one worker of the sandbox: a program that depends on them is not always found.)
        reference: A right program; if it fails the cases, the verdict is ``error``. Costs a run of its own.
    """
    inputs, wanted = _split(cases, checker is not None, (list, tuple), "a list of arguments")
    box, rules = sandbox or default_sandbox(), () if limits is None else (limits,)

    def attempt(program: str) -> Verdict:
        run = box.call(program, entry, inputs, *rules)
        if failed := _failure(run, len(inputs), "values"):
            return failed
        if checker is None:
            right = [same(got, want, close) for got, want in zip(run.values, wanted, strict=True)]
            faults = ["" if good else "wrong" for good in right]
        else:
            faults = _check(checker, list(zip(inputs, run.values, strict=True)), box)
        share = faults.count("") / len(faults)
        for args, want, got, fault in zip(inputs, wanted, run.values, faults, strict=True):
            if fault and checker is None:
                return Verdict.wrong(f"{_call(entry, args)} {_wrong_value(got, want)}", "value", cases=share)
            if fault:
                return Verdict.wrong(f"{_call(entry, args)} returned {show(got)}, {fault}", "value", cases=share)
        if not repeat:
            return Verdict.correct(cases=1.0)
        again = box.call(program, entry, inputs[::-1], *rules)
        if failed := _failure(again, len(inputs), "values"):
            return failed
        alike = [same(late, early, close) for late, early in zip(again.values[::-1], run.values, strict=True)]
        return _repeated(alike, [_call(entry, args) for args in inputs])

    return _judged(attempt, code, reference)


@_total
def judge_program(
    code: str,
    cases: Sequence[Sequence[str]],
    *,
    checker: Checker | None = None,
    close: Tolerance | None = None,
    limits: Limits | None = None,
    sandbox: SandboxBackend | None = None,
    repeat: bool = False,
    reference: str | None = None,
    all_cases: bool = False,
) -> Verdict:
    """Judge a whole program by what it prints for each standard input; every case is a fresh run.

    All lines are compared; white space at their ends and empty lines at the end of the output do not count. What it
    prints to standard error does not count either; to end with another status than 0 is wrong, and so is to print more
    than ``limits.output_bytes``.

    Args:
        code: The program to judge.
        cases: Pairs of texts ``(stdin, expected)``. With a checker ``expected`` may be left out.
        checker: For tasks with many right answers: gets ``stdin`` and what was printed.
        close: How far a number may be off where the expected one has a point or an exponent; see ``fault_in_output``.
        limits: For each run; default: those of the sandbox.
        sandbox: Default: the one of this process.
        repeat: Run every case of a right program once more; other output is wrong, violation ``nondeterministic``.
        reference: A right program; if it fails the cases, the verdict is ``error``. Costs runs of its own.
        all_cases: Go on after the first wrong case. If not, the cases not reached count as wrong in ``parts["cases"]``.
    """
    inputs, wanted = _split(cases, checker is not None, (str,), "a text")
    if checker is None and any(type(want) is not str for want in wanted):
        raise _NotJudged("a case expects something else than text")
    box, rules = sandbox or default_sandbox(), () if limits is None else (limits,)

    def once(program: str, number: int) -> tuple[Verdict | None, str]:
        """Return the verdict on a case that is not right, and the output."""
        run = box.script(program, inputs[number], *rules)
        if failed := _failure(run, 1, "output"):
            return failed, ""
        text = run.values[0]
        if checker is None:
            fault = fault_in_output(text, wanted[number], close)
        else:
            fault = _check(checker, [(inputs[number], text)], box, number + 1)[0]
            fault = fault and f"it printed {show(text)}, {fault}"
        return Verdict.wrong(fault, "output") if fault else None, text

    def attempt(program: str) -> Verdict:
        printed: list[str] = []
        first: Verdict | None = None
        for number, stdin in enumerate(inputs):
            failed, text = once(program, number)
            if failed is None:
                printed.append(text)
                continue
            if failed.reward is None:
                return failed
            first = first or replace(failed, reason=f"on input {show(stdin)}: {failed.reason}")
            if not all_cases:
                break
        if first:
            return replace(first, parts={"cases": len(printed) / len(inputs)})
        if not repeat:
            return Verdict.correct(cases=1.0)
        alike = []
        for stdin, early in zip(inputs, printed, strict=True):
            run = box.script(program, stdin, *rules)
            if failed := _failure(run, 1, "output"):
                return failed
            alike.append(not fault_in_output(run.values[0], early, close))
        return _repeated(alike, [f"the program on input {show(stdin)}" for stdin in inputs])

    return _judged(attempt, code, reference)


@_total
def judge_class(
    code: str,
    entry: str,
    operations: Sequence[Sequence[Any]],
    expected: Sequence[Any],
    *,
    close: Tolerance | None = None,
    limits: Limits | None = None,
    sandbox: SandboxBackend | None = None,
    repeat: bool = False,
    reference: str | None = None,
) -> Verdict:
    """Judge a class by what the methods of its objects return; all operations are one run.

    Args:
        code: The program to judge.
        entry: Name of its class.
        operations: ``["new", args]`` makes the object that later ones are for, ``["call", method, args]`` calls one of
            its methods. The first is a ``new``; each further one starts a fresh object.
        expected: One value for each operation, None for ``new``. ``parts["cases"]`` is the share of right calls.
        close: How far floats may be off; default: not at all.
        limits: For the whole run; default: those of the sandbox.
        sandbox: Default: the one of this process.
        repeat: Run a right program a second time, with the objects in reverse order, so that what one object leaves
            for the next shows; other values are wrong with violation ``nondeterministic``.
        reference: A right program; if it fails, the verdict is ``error``. Costs a run of its own.
    """
    lives = _lives(operations, expected)
    box, rules = sandbox or default_sandbox(), () if limits is None else (limits,)

    def played(program: str, order: list[list[int]]) -> Run:
        return box.operate(program, entry, [operations[i] for life in order for i in life], *rules)

    def attempt(program: str) -> Verdict:
        run = played(program, lives)
        if failed := _failure(run, len(operations), "values"):
            return failed
        right = [same(got, want, close) for got, want in zip(run.values, expected, strict=True)]
        calls = [i for i, operation in enumerate(operations) if operation[0] == "call"]
        share = sum(right[i] for i in calls) / len(calls)
        for i, (operation, got) in enumerate(zip(operations, run.values, strict=True)):
            if not right[i]:
                called = _call(*operation[1:]) if operation[0] == "call" else _call(entry, operation[1])
                reason = f"operation {i + 1}: {called} {_wrong_value(got, expected[i])}"
                return Verdict.wrong(reason, "value", cases=share)
        if not repeat:
            return Verdict.correct(cases=1.0)
        again = played(program, lives[::-1])
        if failed := _failure(again, len(operations), "values"):
            return failed
        late = dict(zip([i for life in lives[::-1] for i in life], again.values, strict=True))
        alike = [same(late[i], run.values[i], close) for i in calls]
        return _repeated(alike, [f"operation {i + 1}: {_call(*operations[i][1:])}" for i in calls])

    return _judged(attempt, code, reference)


def weak_cases(
    cases: Sequence[Sequence[Any]], shown: Sequence[Sequence[Any]] = (), close: Tolerance | None = None
) -> list[str]:
    """Return the names of the commonest wrong programs that the cases would let pass; for the tests of a generator.

    They are ``empty output`` (returns None, prints nothing), ``constant``, ``echo`` (one of the arguments, or the whole
    input) and ``lookup table`` (the shown examples, one constant for all else). ``cases`` and ``shown`` are pairs as
    ``judge_function`` or ``judge_program`` take them.

    >>> weak_cases([([2], 4), ([0], 0)]), weak_cases([([2], 4), ([2, 0], 4)]), weak_cases([([2], 2), ([0], 0)])
    ([], ['constant'], ['echo'])
    >>> weak_cases([("1 2", "3"), ("4 5", "9")], shown=[("1 2", "3")])
    ['lookup table']
    """

    def alike(got: Any, want: Any) -> bool:
        both = type(got) is str and type(want) is str and programs
        return not fault_in_output(got, want, close) if both else same(got, want, close)

    def all_alike(values: Sequence[Any]) -> bool:
        return all(alike(values[0], value) for value in values)

    programs = all(type(given) is str for given, _ in cases)
    wanted = [want for _, want in cases]
    answers = [[given] if programs else [*given] for given, _ in cases]
    hidden = [want for given, want in cases if not any(same([*given], [*seen]) for seen, _ in shown)]
    passing = {
        "empty output": all(alike("" if programs else None, want) for want in wanted),
        "constant": all_alike(wanted),
        "echo": any(
            all(alike(given[i], want) for given, want in zip(answers, wanted, strict=True))
            for i in range(min(map(len, answers), default=0))
        ),
        "lookup table": len(hidden) < len(cases) and all_alike(hidden),
    }
    return [name for name, passes in passing.items() if passes]


def _split(
    cases: Sequence[Sequence[Any]], checked: bool, kinds: tuple[type, ...], asked: str
) -> tuple[list[Any], list[Any]]:
    """Return inputs and expected values of the cases; raises ``_NotJudged`` for what is no case."""
    if type(cases) not in (list, tuple) or not cases:
        raise _NotJudged("there are no cases: nothing would be judged")
    for number, case in enumerate(cases, 1):
        if type(case) not in (list, tuple) or len(case) not in ((1, 2) if checked else (2,)):
            raise _NotJudged(f"case {number} is no pair of an input and what is expected")
        if type(case[0]) not in kinds:
            raise _NotJudged(f"case {number}: its input must be {asked}, not a {type(case[0]).__name__}")
        if fault := fault_in_value(case):
            raise _NotJudged(f"case {number} {fault}, which is no plain data")
    return [case[0] for case in cases], [case[1] if len(case) > 1 else None for case in cases]


def _lives(operations: Sequence[Sequence[Any]], expected: Sequence[Any]) -> list[list[int]]:
    """Return the operations of each object as indices; raises ``_NotJudged`` for what is no script of operations."""
    lives: list[list[int]] = []
    if len(operations) != len(expected):
        raise _NotJudged(f"there are {len(operations)} operations and {len(expected)} expected values")
    for number, (operation, want) in enumerate(zip(operations, expected, strict=True), 1):
        parts = operation if type(operation) in (list, tuple) else []
        new = len(parts) == 2 and parts[0] == "new"
        if not new and not (len(parts) == 3 and parts[0] == "call" and type(parts[1]) is str):
            raise _NotJudged(f'operation {number} is neither ["new", args] nor ["call", method, args]')
        if type(parts[-1]) not in (list, tuple):
            raise _NotJudged(f"operation {number}: its arguments must be a list")
        if fault := fault_in_value([parts, want]):
            raise _NotJudged(f"operation {number} {fault}, which is no plain data")
        if new and want is not None:
            raise _NotJudged(f"operation {number} makes an object: expect None")
        if new:
            lives.append([])
        elif not lives:
            raise _NotJudged("the first operation must make an object")
        lives[-1].append(number - 1)
    if len(lives) == len(operations):
        raise _NotJudged("there are no calls: nothing would be judged")
    return lives


def _judged(attempt: Callable[[str], Verdict], code: str, reference: str | None) -> Verdict:
    """Judge the program, after the reference if there is one."""
    if reference is not None:
        own = attempt(reference)
        if own.reward is None:
            return own
        if own.score < 1.0:  # its reason could hold a part of the solution
            raise _NotJudged(f"the reference fails its own cases ({', '.join(own.violations)})")
    return attempt(code)


def _failure(run: Run, count: int, what: str) -> Verdict | None:
    """Return the verdict on a run that gave no values; None for one that did."""
    if run.outcome is Outcome.NOT_JUDGED:
        return Verdict.error(f"the sandbox failed: {run.message}")
    if run.outcome is not Outcome.RAN:
        name = str(run.outcome.value)
        return Verdict.wrong(f"the program gave no {what} ({name}): {run.message}", name, cases=0.0)
    if len(run.values) != count:
        return Verdict.error(f"the sandbox gave {len(run.values)} values for {count} inputs")
    return None


def _check(checker: Checker, pairs: Sequence[tuple[Any, Any]], box: SandboxBackend, first: int = 1) -> list[str]:
    """Return what the checker has against each output, an empty text for a right one; raises ``_NotJudged``.

    ``first`` is the number of the first case.
    """
    refused = "which the checker does not accept"
    if isinstance(checker, str):
        run = box.call(checker, "check", [list(pair) for pair in pairs], CHECKER_LIMITS)
        if run.outcome is not Outcome.RAN or len(run.values) != len(pairs):
            # Only the type of an exception is told: its text could hold a part of the solution.
            found = _INPUT.match(run.message)
            where = f" on case {first + int(found[1]) - 1}: {found[2]}" if found else ""
            raise _NotJudged(f"the checker failed ({run.outcome.value}){where}")
        answers = [(answer, refused) for answer in run.values]
    else:
        answers = []
        for number, pair in enumerate(pairs, first):
            if size(pair[1]) > MAX_CHECKED:
                answers.append((False, f"of over {MAX_CHECKED} parts and characters, too large to be checked"))
                continue
            try:
                answers.append((checker(*deepcopy(pair)), refused))
            except (Exception, SystemExit) as error:  # whatever it is, it says nothing about the answer
                raise _NotJudged(f"the checker failed on case {number}: {type(error).__name__}") from None
    for number, (answer, _) in enumerate(answers, first):
        if type(answer) is not bool:
            kind = type(answer).__name__
            raise _NotJudged(f"the checker answered with a {kind} for case {number}: it must be True or False")
    return ["" if answer else fault for answer, fault in answers]


def _repeated(alike: list[bool], names: list[str]) -> Verdict:
    """Return the verdict on a program that was right and has been run again."""
    if all(alike):
        return Verdict.correct(cases=1.0)
    reason = f"{names[alike.index(False)]} did not give the same twice: it must depend on its input alone"
    return Verdict.wrong(reason, "nondeterministic", cases=sum(alike) / len(alike))


def _call(name: str, args: Sequence[Any]) -> str:
    """Return a call as text, of at most some hundred characters."""
    text = ", ".join(show(value) for value in args[:20])
    return f"{name}({text if len(text) <= 400 else text[:400] + '...'}{', ...' if len(args) > 20 else ''})"


def _wrong_value(got: Any, want: Any) -> str:
    told = f"; its type should be {type(want).__name__}" if type(got) is not type(want) else ""
    return f"returned the wrong value {show(got)}{told}"
