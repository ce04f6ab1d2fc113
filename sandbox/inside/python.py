"""Runs in the child: execute the answer's code and send back what it says (stand-alone).

The process holds the code and the inputs and nothing else, so the code may do to it what it likes.
"""

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # an import at run time would only cost
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import Any

    Encode = Callable[[object], str]

RUNTIME, SYNTAX, MALFORMED, MEMORY, LEFT, REFUSED, STEPS, OUTPUT = range(10, 18)
"""Exit statuses; all mean that the answer failed, so that to forge one gains nothing (REFUSED counts for SQL only)."""


class Sender:
    """Sends lines of ASCII in large pieces: each write wakes the reader."""

    def __init__(self, fd: int) -> None:
        self.fd, self.kept, self.size = fd, list[str](), 0

    def add(self, line: str) -> None:
        """Keep a line, and send what is kept if it is much."""
        self.kept.append(line)
        self.size += len(line)
        if self.size > 32_000:
            self.flush()

    def flush(self) -> None:
        """Send what is kept."""
        data = memoryview("".join(self.kept).encode("ascii"))
        self.kept, self.size = [], 0
        while data:
            data = data[os.write(self.fd, data) :]


def describe(error: BaseException) -> str:
    """Return type and text of an exception that may lie about both."""
    try:
        return f"{type(error).__name__}: {error}"[:280]
    except BaseException:
        return "an exception without a text"


class Failure(Exception):  # carries an exit status
    """Ends the run with a status and a text."""

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


def load(code: str, name: str) -> "tuple[CodeType, ModuleType]":
    """Return the compiled code and the empty module that it shall fill; raises ``Failure``."""
    try:
        program = compile(code, "<answer>", "exec", dont_inherit=True)
    except MemoryError:
        raise
    except Exception as error:  # SyntaxError; ValueError for a null byte, RecursionError, UnicodeEncodeError
        raise Failure(SYNTAX, describe(error)) from None
    if "random" in code:
        import random

        random.seed(0)
    module = type(sys)(name)
    sys.modules[name] = module
    return program, module


def call(sender: Sender, encode: "Encode", code: str, entry: str, inputs: list[bytes], expected: list[int]) -> None:
    """Run the code, then the entry for each input; send ``[index, value]`` lines.

    ``expected`` is a decoy: wrong values under the name that a cheat looks for.
    """
    program, module = load(code, "answer")  # a name of its own: a main guard at the end of the code stays shut
    module.__dict__["expected"] = expected
    exec(program, module.__dict__)  # noqa: S102 - this is the place where answers run
    function = module.__dict__.get(entry)
    if not callable(function):
        raise Failure(RUNTIME, f"NameError: there is no function {entry!r}")
    for index, packed in enumerate(inputs):
        where[0] = f"input {index + 1}: "
        value = function(*marshal.loads(packed))  # unpacked anew: no call can spoil the input of another
        sender.add(f"[{index},{encode(value)}]\n")


def operate(
    sender: Sender, encode: "Encode", code: str, entry: str, operations: list[bytes], expected: list[int]
) -> None:
    """Run the code, then make objects of the class and call their methods; send ``[index, value]`` lines."""
    program, module = load(code, "answer")
    module.__dict__["expected"] = expected
    exec(program, module.__dict__)  # noqa: S102
    made = module.__dict__.get(entry)
    if not callable(made):
        raise Failure(RUNTIME, f"NameError: there is no class {entry!r}")
    subject: Any = None
    for index, packed in enumerate(operations):
        where[0] = f"operation {index + 1}: "
        operation = marshal.loads(packed)
        if operation[0] == "new":
            subject, value = made(*operation[1]), None
        else:
            value = getattr(subject, operation[1])(*operation[2])
        sender.add(f"[{index},{encode(value)}]\n")


def script(code: str) -> None:
    """Run a whole program as ``__main__`` on the standard streams, to the end of its threads."""
    program, module = load(code, "__main__")
    sys.argv[:] = ["answer.py"]
    try:
        exec(program, module.__dict__)  # noqa: S102
    except SystemExit as leaving:
        if leaving.code not in (None, 0, False):
            raise Failure(RUNTIME, f"it ended with status {leaving.code!r}"[:280]) from None
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    import atexit

    atexit._run_exitfuncs()
    sys.stdout.flush()


where = [""]
"""Where the run is, for the message of a failure."""


def answer(payload: bytes, fd: int, encode: "Encode", malformed: type[Exception]) -> int:
    """Do the job of the payload, send ``END``; or send the reason of a failure and return its status."""
    mode, *parts = marshal.loads(payload)
    sender = Sender(fd)
    where[0] = "" if mode == "script" else "when loaded: "
    try:
        if mode == "script":
            script(*parts)
        else:
            (call if mode == "call" else operate)(sender, encode, *parts)
        sender.add("END\n")
        sender.flush()
    except Failure as failure:
        status, text = failure.status, failure.text
    except malformed as error:
        status, text = MALFORMED, f"{where[0]}it returned {error}"
    except MemoryError:
        status, text = MEMORY, where[0] + "MemoryError"
    except SystemExit:
        status, text = LEFT, where[0] + "it ended the program"
    except BaseException as error:
        status, text = RUNTIME, where[0] + describe(error)
    else:
        return 0
    sender.kept = [encode(["!", str(status), text]) + "\n"]
    sender.flush()
    return status
