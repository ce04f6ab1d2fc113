"""Runs inside the sandbox: execute the answer's code and call it once for each input (stand-alone).

The process holds the code and the inputs and nothing else, so the code may do to it what it likes.
"""

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # an import at run time would cost every run two milliseconds
    from collections.abc import Callable

RUNTIME, SYNTAX, MALFORMED, MEMORY, LEFT, REFUSED, STEPS, OUTPUT = range(10, 18)
"""Exit statuses; all but REFUSED mean that the answer failed, so that to forge one gains nothing."""


def send(fd: int, text: str) -> None:
    """Write all of an ASCII text."""
    data = memoryview(text.encode("ascii"))
    while data:
        data = data[os.write(fd, data) :]


def describe(error: BaseException) -> str:
    """Return type and text of an exception that may lie about both."""
    try:
        return f"{type(error).__name__}: {error}"[:280]
    except BaseException:
        return "an exception without a text"


def fail(fd: int, encode: "Callable[[object], str]", status: int, text: str) -> int:
    """Send the reason as the last line; return the exit status."""
    send(fd, encode(["!", str(status), text]) + "\n")
    return status


def answer(payload: bytes, fd: int, encode: "Callable[[object], str]", malformed: type[Exception]) -> int:
    """Run the code, then the entry for each input; send ``[index, value]`` lines and ``END``."""
    code, entry, inputs = marshal.loads(payload)
    where = "when loaded: "
    try:
        try:
            program = compile(code, "<answer>", "exec", dont_inherit=True)
        except MemoryError:
            raise
        except Exception as error:  # SyntaxError; ValueError for a null byte, RecursionError, UnicodeEncodeError
            return fail(fd, encode, SYNTAX, describe(error))
        if "random" in code:
            import random

            random.seed(0)
        module = type(sys)("answer")  # a name of its own: a main guard at the end of the code stays shut
        sys.modules["answer"] = module
        exec(program, module.__dict__)  # noqa: S102 - this is the place where answers run
        function = module.__dict__.get(entry)
        if not callable(function):
            return fail(fd, encode, RUNTIME, f"NameError: there is no function {entry!r}")
        for index, packed in enumerate(inputs):
            where = f"input {index + 1}: "
            value = function(*marshal.loads(packed))  # unpacked anew: no call can spoil the input of another
            send(fd, f"[{index},{encode(value)}]\n")
    except malformed as error:
        return fail(fd, encode, MALFORMED, f"{where}it returned {error}")
    except MemoryError:
        return fail(fd, encode, MEMORY, where + "MemoryError")
    except SystemExit:
        return fail(fd, encode, LEFT, where + "it ended the program")
    except BaseException as error:
        return fail(fd, encode, RUNTIME, where + describe(error))
    send(fd, "END\n")
    return 0
