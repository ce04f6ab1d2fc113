"""Program synthesis: write a Python function ``solve`` that does what a list of steps says.

Correct is any function that returns, for every hidden input, the value of the pipeline, with the same builtin types.
The code runs in the sandbox on the inputs alone; what it should return is computed here and never enters it.

Example: payload ``{"steps": [["reverse"]], "inputs": [[], [1, 2]]}``, answer ``def solve(v): return v[::-1]``.
"""

from gradarium.core import Payload, Verdict
from gradarium.sandbox import SandboxUnavailable, default_sandbox
from gradarium.verifiers.judging import judge_function
from gradarium.verifiers.programs._pipeline import run

ANSWER_FORMAT = "fence"
SANDBOXED = True

ENTRY = "solve"
MAX_CODE = 20_000
"""Longer programs are unreadable (characters)."""


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a Python program by the values of its function ``solve``.

    >>> verify("print(1)", {"steps": [["reverse"]], "inputs": [[], [1, 2]]}).reason
    'the program defines no function solve'
    """
    if len(answer) > MAX_CODE:
        return Verdict.unreadable(f"the program has more than {MAX_CODE} characters")
    if ENTRY not in answer:
        return Verdict.unreadable(f"the program defines no function {ENTRY}")
    if "\0" in answer or (not answer.isascii() and not _encodes(answer)):
        return Verdict.unreadable("the program holds characters that no Python source can hold")
    cases = [([value], run(payload["steps"], value)) for value in payload["inputs"]]
    try:
        return judge_function(answer, ENTRY, cases, sandbox=default_sandbox())
    except SandboxUnavailable as error:
        return Verdict.error(f"no sandbox: {error}")


def _encodes(text: str) -> bool:
    """Return whether the text is free of lone surrogates, which no source file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
