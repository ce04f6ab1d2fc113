"""Run untrusted Python and SQL; the only part of the suite that starts processes.

>>> from gradarium.sandbox import default_sandbox
>>> default_sandbox().call("def f(a, b): return a + b", "f", [[1, 2], ["x", "y"]]).values  # doctest: +SKIP
(3, 'xy')
"""

import os
import threading
from typing import TYPE_CHECKING, Any

from gradarium.sandbox.base import (
    Database,
    Limits,
    Outcome,
    Run,
    SandboxBackend,
    SandboxUnavailable,
    TrustedRunFailed,
)

if TYPE_CHECKING:
    from gradarium.sandbox.pool import Pool

__all__ = [
    "Database",
    "Limits",
    "Outcome",
    "Run",
    "SandboxBackend",
    "SandboxUnavailable",
    "TrustedRunFailed",
    "default_sandbox",
    "make_sandbox",
    "use_sandbox",
]

_lock = threading.Lock()
_default: SandboxBackend | None = None


def default_sandbox() -> SandboxBackend:
    """Return the sandbox of this process, made at first use; raises ``SandboxUnavailable`` where there is none."""
    global _default
    with _lock:
        if _default is None:
            from gradarium.sandbox.tiers import make_sandbox  # only those who run something pay for the import

            _default = make_sandbox()
        return _default


def make_sandbox(tier: str = "auto", **options: Any) -> "Pool":
    """Return a new sandbox of a tier; see ``gradarium.sandbox.tiers.make_sandbox``."""
    from gradarium.sandbox import tiers

    return tiers.make_sandbox(tier, **options)


def use_sandbox(tier: str = "auto", **options: Any) -> SandboxBackend:
    """Make a sandbox of a tier and have ``default_sandbox`` return it from now on; the one before is closed."""
    global _default
    made = make_sandbox(tier, **options)
    with _lock:
        before, _default = _default, made
    if before is not None:
        before.close()
    return made


def _forget_lock() -> None:
    """Start anew in a forked copy: a lock that another thread held stays shut for ever there."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_lock)
