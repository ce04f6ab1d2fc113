"""Run untrusted Python and SQL; the only part of the suite that starts processes.

>>> from gradarium.sandbox import default_sandbox
>>> default_sandbox().call("def f(a, b): return a + b", "f", [[1, 2], ["x", "y"]]).values  # doctest: +SKIP
(3, 'xy')
"""

import os
import threading

from gradarium.sandbox.base import (
    Database,
    Limits,
    Outcome,
    Run,
    SandboxBackend,
    SandboxUnavailable,
    TrustedRunFailed,
)

__all__ = [
    "Database",
    "Limits",
    "Outcome",
    "Run",
    "SandboxBackend",
    "SandboxUnavailable",
    "TrustedRunFailed",
    "default_sandbox",
]

_lock = threading.Lock()
_default: SandboxBackend | None = None


def default_sandbox() -> SandboxBackend:
    """Return the sandbox of this process, made at first use; raises ``SandboxUnavailable`` where there is none."""
    global _default
    with _lock:
        if _default is None:
            from gradarium.sandbox.processes import ProcessSandbox  # only those who run something pay for the import

            _default = ProcessSandbox()
        return _default


def _forget() -> None:
    """Start anew in a forked copy: a lock that another thread held stays shut for ever there."""
    global _lock, _default
    _lock, _default = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
