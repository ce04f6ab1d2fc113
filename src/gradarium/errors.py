"""Mistakes a user can make, one class each; every message names the value, the reason and the fix.

The command line prints such an error as one line and ends with exit code 2. Anything else that is raised is a bug.
"""

from collections.abc import Iterable


class GradariumError(Exception):
    """Base of every error that a user can cause and mend."""


class UnknownName(GradariumError, LookupError):
    """A task, level, split, format or option that does not exist.

    >>> str(UnknownName("task", "sudku", ["sudoku", "countdown"]))
    "unknown task 'sudku': did you mean 'sudoku'? (known: countdown, sudoku)"
    """

    def __init__(self, kind: str, value: object, known: Iterable[object]) -> None:
        import difflib  # only an error needs it, and every import of the suite would pay for it

        names = sorted(str(name) for name in known)
        near = difflib.get_close_matches(str(value), names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        super().__init__(f"unknown {kind} {str(value)!r}: {hint}(known: {shown or 'none'})")


class BadValue(GradariumError, ValueError):
    """A known setting with a value it cannot have."""

    def __init__(self, name: str, value: object, reason: str) -> None:
        super().__init__(f"{name} = {value!r}: {reason}")


class BadFile(GradariumError):
    """A file that cannot be read, parsed, trusted or written."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class MissingExtra(GradariumError, ImportError):
    """A feature whose optional dependencies are not installed."""

    def __init__(self, feature: str, extra: str, cause: str) -> None:
        super().__init__(f"{feature} needs {cause}: pip install 'gradarium[{extra}]'")


class DuplicateTask(GradariumError):
    """Two tasks with one name."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(f"task name {name!r} is used by {first} and by {second}: rename one, names are unique")


class CannotPose(GradariumError):
    """A generator found no instance for the split within its bounded number of draws."""

    def __init__(self, name: str, level: object, split: str, draws: int) -> None:
        super().__init__(
            f"{name} level {level} has no instance for split {split!r} in {draws} draws: change its params"
        )
