"""Program synthesis: write a Python function ``solve`` that does what a list of steps says.

Correct is any function that returns, for every hidden input, the value of the pipeline, with the same builtin types.
The code runs in the sandbox on the inputs alone; what it should return is computed here and never enters it.

Example: payload ``{"steps": [["reverse"]], "inputs": [[], [1, 2]]}``, answer ``def solve(v): return v[::-1]``.
"""

from gradarium.core import Payload, Verdict
from gradarium.sandbox import Outcome, SandboxUnavailable, default_sandbox
from gradarium.verifiers.programs._pipeline import run
from gradarium.verifiers.programs._values import same, show

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
    inputs = payload["inputs"]
    try:
        result = default_sandbox().call(answer, ENTRY, [[value] for value in inputs])
    except SandboxUnavailable as error:
        return Verdict.error(f"no sandbox: {error}")
    if result.outcome == Outcome.NOT_JUDGED:
        return Verdict.error(f"the sandbox failed: {result.message}")
    if result.outcome != Outcome.RAN:
        name = str(result.outcome.value)
        return Verdict.wrong(f"the program gave no values ({name}): {result.message}", name)
    if len(result.values) != len(inputs):
        return Verdict.error(f"the sandbox gave {len(result.values)} values for {len(inputs)} inputs")
    for value, got in zip(inputs, result.values, strict=True):
        want = run(payload["steps"], value)
        if not same(got, want):
            told = f"; its type should be {type(want).__name__}" if type(got) is not type(want) else ""
            return Verdict.wrong(f"{ENTRY}({show(value)}) returned the wrong value {show(got)}{told}", "value")
    return Verdict.correct()


def _encodes(text: str) -> bool:
    """Return whether the text is free of lone surrogates, which no source file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
