"""A small Python that can be written and run: each piece is its text and a closure that does the same.

No source text is ever executed here; the closures are this generator's own interpreter. A program that divides by
zero, indexes an empty list, grows too large or runs too long raises ``Redraw``.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradarium.core import Redraw

LARGEST = 10**6
LONGEST = 40
ATOM, PRODUCT, SUM, TEST = 4, 3, 2, 1


class Machine:
    """Variables and a count of the steps taken."""

    def __init__(self, names: dict[str, Any], most: int) -> None:
        self.names = names
        self.most = most
        self.steps = 0

    def tick(self) -> None:
        """Count one step; raises Redraw after ``most``."""
        self.steps += 1
        if self.steps > self.most:
            raise Redraw

    def set(self, name: str, value: Any) -> None:
        """Assign; raises Redraw for a value too large to follow by hand."""
        if isinstance(value, int) and abs(value) > LARGEST:
            raise Redraw
        if isinstance(value, list | str | dict) and len(value) > LONGEST:
            raise Redraw
        self.names[name] = value


Run = Callable[[Machine], Any]


class Expr(NamedTuple):
    """An expression."""

    text: str
    rank: int
    """How tightly it binds: ATOM, PRODUCT, SUM or TEST."""
    run: Run

    def within(self, rank: int) -> str:
        """Return the text, in brackets where it binds less tightly than ``rank``."""
        return self.text if self.rank >= rank else f"({self.text})"


class Stmt(NamedTuple):
    """A statement: its lines and what they do."""

    lines: tuple[str, ...]
    run: Run


class Leave(Exception):
    """``break`` (True) or ``continue`` (False) in the interpreted program."""


_BINARY: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (SUM, lambda a, b: a + b),
    "-": (SUM, lambda a, b: a - b),
    "*": (PRODUCT, lambda a, b: a * b),
    "%": (PRODUCT, lambda a, b: a % b),
    "//": (PRODUCT, lambda a, b: a // b),
    "/": (PRODUCT, lambda a, b: a / b),
    "==": (TEST, lambda a, b: a == b),
    "<": (TEST, lambda a, b: a < b),
    ">": (TEST, lambda a, b: a > b),
    "in": (TEST, lambda a, b: a in b),
    "not in": (TEST, lambda a, b: a not in b),
}


def const(value: Any) -> Expr:
    """Return a constant: an integer of at least 0 or plain text."""
    return Expr(repr(value), ATOM, lambda m: value)


def name(label: str) -> Expr:
    """Return a variable."""
    return Expr(label, ATOM, lambda m: m.names[label])


def binary(left: Expr, sign: str, right: Expr) -> Expr:
    """Return ``left sign right``."""
    rank, work = _BINARY[sign]

    def run(m: Machine) -> Any:
        m.tick()
        return work(left.run(m), right.run(m))

    return Expr(f"{left.within(rank)} {sign} {right.within(rank + 1)}", rank, run)


def call(form: str, work: Callable[..., Any], *parts: Expr) -> Expr:
    """Return an expression of the shape ``form`` (``{0}`` is the first part), which binds tightly."""

    def run(m: Machine) -> Any:
        m.tick()
        return work(*(part.run(m) for part in parts))

    texts = [part.within(ATOM) if form.startswith(f"{{{i}}}") else part.text for i, part in enumerate(parts)]
    return Expr(form.format(*texts), ATOM, run)


def comprehension(item: Expr, label: str, source: Expr, test: Expr | None) -> Expr:
    """Return ``[item for label in source if test]``; ``label`` must be used nowhere else."""

    def run(m: Machine) -> list[Any]:
        result = []
        for value in source.run(m):
            m.tick()
            m.names[label] = value
            if test is None or test.run(m):
                result.append(item.run(m))
        return result

    condition = f" if {test.text}" if test else ""
    return Expr(f"[{item.text} for {label} in {source.text}{condition}]", ATOM, run)


def assign(label: str, value: Expr) -> Stmt:
    """Return ``label = value``."""

    def run(m: Machine) -> None:
        m.tick()
        m.set(label, value.run(m))

    return Stmt((f"{label} = {value.text}",), run)


def update(label: str, sign: str, value: Expr) -> Stmt:
    """Return ``label sign= value``."""
    whole = binary(name(label), sign, value)
    return Stmt((f"{label} {sign}= {value.text}",), lambda m: m.set(label, whole.run(m)))


def act(form: str, work: Callable[..., Any], *parts: Expr) -> Stmt:
    """Return a statement that changes the value of its first part in place."""

    def run(m: Machine) -> None:
        m.tick()
        values = [part.run(m) for part in parts]
        work(*values)
        if len(values[0]) > LONGEST or any(isinstance(v, int) and abs(v) > LARGEST for v in values):
            raise Redraw

    return Stmt((form.format(*(part.text for part in parts)),), run)


def leave(stop: bool) -> Stmt:
    """Return ``break`` or ``continue``."""

    def run(m: Machine) -> None:
        raise Leave(stop)

    return Stmt(("break" if stop else "continue",), run)


def choose(test: Expr, then: Sequence[Stmt], otherwise: Sequence[Stmt]) -> Stmt:
    """Return ``if test: ... else: ...``; no else where ``otherwise`` is empty."""

    def run(m: Machine) -> None:
        m.tick()
        do(m, then if test.run(m) else otherwise)

    lines = [f"if {test.text}:", *indent(then)]
    if otherwise:
        lines += ["else:", *indent(otherwise)]
    return Stmt(tuple(lines), run)


def each(label: str, source: Expr, body: Sequence[Stmt]) -> Stmt:
    """Return ``for label in source: ...``; the body must not change ``source``."""

    def run(m: Machine) -> None:
        for value in source.run(m):
            m.tick()
            m.names[label] = value
            if not _round(m, body):
                break

    return Stmt((f"for {label} in {source.text}:", *indent(body)), run)


def repeat(test: Expr, body: Sequence[Stmt]) -> Stmt:
    """Return ``while test: ...``."""

    def run(m: Machine) -> None:
        while test.run(m):
            m.tick()
            if not _round(m, body):
                break

    return Stmt((f"while {test.text}:", *indent(body)), run)


def _round(m: Machine, body: Sequence[Stmt]) -> bool:
    """Run the body of a loop once; False on ``break``."""
    try:
        do(m, body)
    except Leave as signal:
        return not signal.args[0]
    return True


def do(m: Machine, body: Sequence[Stmt]) -> None:
    """Run statements in order."""
    for statement in body:
        statement.run(m)


def indent(body: Sequence[Stmt]) -> list[str]:
    """Return the lines of statements, one level in; one space a level, widened when printed."""
    return [f" {line}" for statement in body for line in statement.lines]


def evaluate(body: Sequence[Stmt], result: Expr, arguments: dict[str, Any], most: int) -> tuple[Any, int]:
    """Return what the function returns and the steps it takes; raises Redraw for an error or too many steps."""
    m = Machine({label: list(v) if isinstance(v, list) else v for label, v in arguments.items()}, most)
    try:
        do(m, body)
        value = result.run(m)
    except (IndexError, KeyError, ValueError, ZeroDivisionError) as error:
        raise Redraw from error
    return value, m.steps
