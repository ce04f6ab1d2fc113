r"""Output prediction: state the value that a given Python program returns.

Correct is any Python literal of exactly the value and type that the program returns in the sandbox; spaces, the kind
of quotes and the order of a set or dict do not matter. The answer is read, never run, and an answer that is no
literal starts no run.

Example: payload ``{"code": "def f(xs):\n    return xs[::-1]", "entry": "f", "args": [[3, 1, 2]]}``, answer
``[2, 1, 3]``.
"""

import json
from functools import lru_cache
from typing import Any

from gradarium.core import Payload, Verdict
from gradarium.sandbox import Outcome, SandboxUnavailable, default_sandbox
from gradarium.verifiers.literals import NotALiteral, read_literal
from gradarium.verifiers.values import same, show

SANDBOXED = True


class _NoValueError(Exception):
    """The sandbox gave no value for the program of the payload."""


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge a Python literal.

    >>> verify("two", {"code": "def f(x): return x + 1", "entry": "f", "args": [1]}).reason
    'not a Python literal: the name two, which is no literal at character 1'
    """
    try:
        got = read_literal(answer)
    except NotALiteral as error:
        return Verdict.unreadable(f"not a Python literal: {error}")
    try:
        want = _returned(payload["code"], payload["entry"], json.dumps(payload["args"]))
    except (_NoValueError, SandboxUnavailable) as error:
        return Verdict.error(f"the program could not be run: {error}")
    if type(got) is not type(want):
        return Verdict.wrong(f"{show(got)} is of type {type(got).__name__}, which is not the type returned", "type")
    if not same(got, want):
        return Verdict.wrong(f"the program does not return {show(got)}", "value")
    return Verdict.correct()


@lru_cache(maxsize=4096)
def _returned(code: str, entry: str, args: str) -> Any:
    """Run the program of a payload; one run serves a whole group of answers. Only values are kept, never failures."""
    result = default_sandbox().call(code, entry, [json.loads(args)])
    if result.outcome != Outcome.RAN or len(result.values) != 1:
        raise _NoValueError(f"{result.outcome.value}: {result.message}")
    return result.values[0]
