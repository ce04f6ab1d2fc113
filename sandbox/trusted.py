"""Run the suite's own code in a fresh interpreter: no sandbox, for code that is trusted already."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from gradarium.errors import BadValue
from gradarium.sandbox.base import TrustedRunFailed


def run_python(args: Sequence[str], env: Mapping[str, str], timeout_s: float) -> str:
    r"""Return the standard output of ``python *args`` with today's import path and ``env`` on top of the environment.

    Raises ``TrustedRunFailed`` with the last line of its errors when it fails, hangs or cannot start.

    >>> run_python(["-c", "print(hash('a') == hash('a'))"], {"PYTHONHASHSEED": "1"}, 30.0)
    'True\\n'
    """
    if not 0 < timeout_s < float("inf"):
        raise BadValue("timeout_s", timeout_s, "must be above 0 and finite")
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    command = [sys.executable, *args]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": path, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TrustedRunFailed(f"python {' '.join(args)[:100]}: no end in {timeout_s:g} s") from None
    except (OSError, ValueError) as error:
        raise TrustedRunFailed(f"python {' '.join(args)[:100]}: {error}") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise TrustedRunFailed(f"python {' '.join(args)[:100]}: exit status {done.returncode}: {last[:300]}")
    return done.stdout.decode("utf-8", "replace")
