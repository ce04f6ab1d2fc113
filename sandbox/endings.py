"""Say what became of a run: by what the kernel reports; the run's own words only say why it failed."""

import os
import signal
from typing import Any

from gradarium.sandbox.base import MESSAGE_CHARS, Limits, Outcome, Run
from gradarium.sandbox.inside.drive import Ending, SandboxFault
from gradarium.sandbox.values import BadFrame, decode_failure, decode_frames

_STATUSES = {
    10: Outcome.RUNTIME_ERROR,
    11: Outcome.SYNTAX_ERROR,
    12: Outcome.MALFORMED,
    13: Outcome.MEM_LIMIT,
    14: Outcome.NO_RESULT,
    16: Outcome.CPU_LIMIT,
    17: Outcome.OUTPUT_LIMIT,
}
_REFUSED = 15
_FOUND_DECOY = "it gave a value that only a search for the expected ones can find"
_OVERLOAD = 0.25
"""Share of the wall limit a run must have spent queueing before its end by the clock is not its own fault."""


def judge(ending: Ending, count: int, limits: Limits, *, sql: bool, script: bool, decoys: frozenset[int]) -> Run:
    """Return the run that an ending amounts to; raises ``SandboxFault`` where it was not the answer's fault."""

    def over(outcome: Outcome, message: str, values: tuple[Any, ...] = ()) -> Run:
        return Run(outcome, values, message[:MESSAGE_CHARS], ending.cpu_s, ending.wall_s, ending.peak_bytes)

    number = os.WTERMSIG(ending.status) if os.WIFSIGNALED(ending.status) else 0
    if ending.cause == "output":
        return over(Outcome.OUTPUT_LIMIT, f"over {limits.output_bytes} bytes of output")
    if ending.cause == "cpu" or ending.cpu_s > limits.cpu_s:
        return over(Outcome.CPU_LIMIT, f"over {limits.cpu_s:g} s of processor time")
    if ending.cause == "wall":
        if ending.queued_s > _OVERLOAD * limits.wall_seconds and ending.cpu_s < 0.5 * limits.cpu_s:
            raise SandboxFault(f"the machine is overloaded: {ending.queued_s:.1f} s without a processor")
        return over(Outcome.WALL_LIMIT, f"over {limits.wall_seconds:g} s")
    if number:
        if number == signal.SIGKILL and ending.peak_bytes > 0.8 * (limits.memory_mb << 20):
            return over(Outcome.MEM_LIMIT, f"over {limits.memory_mb} MB")
        outcome = Outcome.TAMPER if number == signal.SIGSYS else Outcome.SIGNALED
        return over(outcome, f"ended by signal {number}")
    status = os.WEXITSTATUS(ending.status)
    if status:
        told = decode_failure(ending.result)
        if sql and status == _REFUSED and told:
            raise SandboxFault(told[1])
        if told is None or told[0] != str(status) or status not in _STATUSES:
            return over(Outcome.NO_RESULT, f"it ended early with status {status}")
        return over(_STATUSES[status], told[1])
    if script:
        text = ending.output.decode("utf-8", "replace")
        if any(str(decoy) in text for decoy in decoys):
            return over(Outcome.TAMPER, _FOUND_DECOY)
        return over(Outcome.RAN, "", (text,))
    if not ending.result.endswith(b"END\n"):
        return over(Outcome.NO_RESULT, "it ended before it had answered")
    try:
        values = decode_frames(ending.result, count)
    except BadFrame as error:
        return over(Outcome.MALFORMED, str(error))
    if _holds(values, decoys):
        return over(Outcome.TAMPER, _FOUND_DECOY)
    return over(Outcome.RAN, "", values)


def _holds(value: Any, decoys: frozenset[int]) -> bool:
    """Return whether one of the decoys is in ``value``, at any depth."""
    if type(value) is int:
        return value in decoys
    if type(value) in (list, tuple, set, frozenset):
        return any(_holds(item, decoys) for item in value)
    if type(value) is dict:
        return any(_holds(key, decoys) or _holds(item, decoys) for key, item in value.items())
    return False
