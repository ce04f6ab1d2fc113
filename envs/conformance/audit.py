"""See what the interpreter does while a verifier runs: ``with recording() as events: verify(...)``.

The hook can never be removed (that is how ``sys.addaudithook`` works), so it is added once, at the first use, and asks
a thread-local switch that is off outside ``recording``.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

WATCHED = frozenset(
    {"exec", "compile", "open", "import", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
     "os.startfile", "os.remove", "os.mkdir", "os.rename", "subprocess.Popen", "pickle.find_class", "marshal.loads",
     "ctypes.dlopen", "sqlite3.connect", "webbrowser.open", "pty.spawn"}
)  # fmt: skip
_switch = threading.local()


def _hook(event: str, args: tuple[Any, ...]) -> None:
    events: list[str] | None = getattr(_switch, "events", None)
    if events is None or not (event in WATCHED or event.startswith("socket.")):
        return
    _switch.events = None  # what follows may raise events of its own
    try:
        if not (_switch.sandbox and _in_sandbox()):
            events.append(f"{event}({', '.join(repr(arg)[:60] for arg in args[:2])})")
    finally:
        _switch.events = events


def _in_sandbox() -> bool:
    frame = sys._getframe(2)
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith("gradarium.sandbox"):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


@cache
def _install() -> None:
    sys.addaudithook(_hook)


@contextmanager
def recording(sandbox: bool = False) -> Iterator[list[str]]:
    """Collect what this thread compiles, runs, opens, imports or starts; ``sandbox``: outside the sandbox."""
    _install()
    events: list[str] = []
    _switch.sandbox = sandbox
    _switch.events = events
    try:
        yield events
    finally:
        _switch.events = None
