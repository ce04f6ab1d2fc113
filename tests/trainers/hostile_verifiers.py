"""Verifiers that misbehave as the answer says; workers import them by name."""

import os
import sys
import time
from pathlib import Path

from gradarium.core import Verdict


def verify(answer, payload):
    """Do what the answer says; a number is right where it equals the payload's."""
    word, _, rest = answer.partition(" ")
    if word == "sleep":
        time.sleep(1e6)
    elif word == "spin":
        pow(7, 10**9)  # hours in C, holding the interpreter's lock: no signal handler of Python ever runs
    elif word == "exit":
        os._exit(3)
    elif word == "kill":
        os.kill(os.getpid(), 9)
    elif word == "quit":
        raise SystemExit(5)
    elif word == "memory":
        return Verdict.wrong(str(len(bytearray(int(rest)))))
    elif word == "once":  # die at the first try only
        path = Path(rest)
        if not path.exists():
            path.touch()
            os._exit(4)
        return Verdict.correct()
    elif word == "wait":  # until a file is there
        while not Path(rest).exists():
            time.sleep(0.01)
    elif word == "pid":
        return Verdict.wrong(str(os.getpid()))
    elif word == "has":
        return Verdict.wrong(str(rest in sys.modules))
    elif word == "lambda":
        return Verdict(0.0, "wrong", "", parts={"f": lambda: 0})
    elif word == "none":
        return None
    return Verdict.correct(part=0.5) if answer == str(payload["n"]) else Verdict.wrong("not the number", "value")
