"""Output prediction: what does this short Python program return?

Example (level 2)::

    def f(xs):
        a = 4
        ys = []
        for x in xs:
            if x % 2 == 0:
                ys.append(x + a)
            else:
                a += x
        return [a] + ys

    What does f([5, 2, 8]) return?   [9, 11, 17]

What is right: every Python literal of exactly the value and type returned. The programs are drawn at random from
assignments, loops, conditionals, lists, strings and dicts; the dial is the number of steps they take.
Version history: 0 first.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.generators.programs._toy import (
    ATOM,
    Expr,
    Stmt,
    act,
    assign,
    binary,
    call,
    choose,
    comprehension,
    const,
    each,
    evaluate,
    indent,
    leave,
    name,
    repeat,
    update,
)
from gradarium.generators.task import task


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    items: int
    """Elements of the list that is passed in, give or take one."""
    statements: int
    """Statements in a block; 0 for a program that is one expression."""
    depth: int
    """Blocks inside each other, or operations in a one-expression program."""
    least: int
    """Fewest steps the program takes when it runs."""
    most: int
    """Most steps the program takes when it runs."""
    kinds: int
    """0 integers and lists, 1 strings and fractions too, 2 dicts and while loops too."""


LEVELS = [
    Params(3, 0, 1, 1, 1, 0),
    Params(4, 0, 2, 2, 24, 0),
    Params(4, 2, 1, 14, 30, 0),
    Params(5, 2, 2, 31, 60, 0),
    Params(6, 3, 2, 61, 110, 1),
    Params(6, 3, 2, 111, 200, 2),
    Params(7, 3, 3, 201, 350, 2),
    Params(8, 4, 3, 351, 650, 2),
]

LONGEST_OUTPUT = 150
"""Characters of the value that has to be predicted."""


class Writer:
    """Draws expressions and statements over the variables in scope."""

    def __init__(self, rng: random.Random, params: Params) -> None:
        self.rng = rng
        self.kinds = params.kinds
        self.statements = params.statements
        self.ints = ["a", "b"]
        """Integer variables that can be read; a and b can be assigned."""
        self.loops = 0

    def some(self, low: int, high: int) -> Expr:
        """Return a constant between the two, ends included."""
        return const(self.rng.randint(low, high))

    # Expressions.

    def atom(self) -> Expr:
        """Return a variable, rarely a constant or a look at a list."""
        draw = self.rng.random()
        if draw < 0.7:
            return name(self.rng.choice(self.ints[2:] or self.ints) if draw < 0.4 else self.rng.choice(self.ints))
        if draw < 0.85:
            return self.some(1, 9)
        if draw < 0.92:
            return call("len({0})", len, name(self.rng.choice(["xs", "ys"])))
        index = binary(name(self.rng.choice(self.ints)), "%", call("len({0})", len, name("xs")))
        return call("{0}[{1}]", lambda v, i: v[i], name("xs"), index)

    def rival(self, expr: Expr) -> Expr:
        """Return an atom that is not the expression itself."""
        while (found := self.atom()).text == expr.text:
            pass
        return found

    def number(self, depth: int = 2) -> Expr:
        """Return an integer expression."""
        draw = self.rng.random()
        if depth == 0 or draw < 0.15:
            return self.atom()
        if draw < 0.6:
            left = self.number(depth - 1)
            return binary(left, self.rng.choice("+-"), self.rival(left))
        if draw < 0.75:
            return binary(self.number(depth - 1), "*", self.some(2, 4))
        if draw < 0.92:
            return binary(self.number(depth - 1), "%", self.some(3, 11))
        if draw < 0.96:
            return call("abs({0})", abs, self.number(depth - 1))
        return binary(self.number(depth - 1), "//", self.some(2, 4))

    def test(self) -> Expr:
        """Return a condition."""
        draw = self.rng.random()
        if draw < 0.45:
            divisor = self.rng.choice([2, 2, 3, 4])
            return binary(binary(self.number(1), "%", const(divisor)), "==", self.some(0, divisor - 1))
        if draw < 0.8:
            left = self.number(1)
            return binary(left, self.rng.choice("<>"), self.rival(left))
        if draw < 0.9:
            return binary(self.atom(), self.rng.choice(["in", "not in"]), name(self.rng.choice(["xs", "ys"])))
        return binary(call("len({0})", len, name("ys")), "<", self.some(2, 6))

    # Statements.

    def simple(self) -> Stmt:
        """Return a statement that is one line."""
        makers: list[Callable[[], Stmt]] = [self.count, self.count, self.count, self.lists, self.lists]
        if self.kinds >= 1:
            makers += [self.text]
        if self.kinds >= 2:
            makers += [self.table]
        return self.rng.choice(makers)()

    def count(self) -> Stmt:
        """Return a change of an integer."""
        label = self.rng.choice("ab")
        draw = self.rng.random()
        if draw < 0.45:
            return update(label, self.rng.choice(["+", "+", "-"]), self.number(1))
        if draw < 0.85:
            mixed = binary(binary(name(label), "*", self.some(2, 5)), self.rng.choice("+-"), self.atom())
            return assign(label, binary(mixed, "%", self.some(7, 29)))
        return assign(label, self.number(2))

    def lists(self) -> Stmt:
        """Return a change of the list ys."""
        ys = name("ys")
        draw = self.rng.randrange(10)
        if draw < 5:
            return act("{0}.append({1})", list.append, ys, self.number())
        if draw == 5:
            return act("{0}.insert(0, {1})", lambda v, x: v.insert(0, x), ys, self.number(1))
        if draw == 6:
            return assign("ys", call("{0}[::-1]", lambda v: v[::-1], ys))
        if draw == 7:
            one = self.some(1, 2)
            cut = call("{0}[{1}:]", lambda v, n: v[n:], ys, one)
            return assign("ys", binary(cut, "+", call("{0}[:{1}]", lambda v, n: v[:n], ys, one)))
        if draw == 8:
            last = call("{0}.pop()", list.pop, ys)
            return choose(ys, [update(self.rng.choice("ab"), self.rng.choice("+-"), last)], [])
        place = binary(self.atom(), "%", call("len({0})", len, ys))
        put = act("{0}[{1}] = {2}", lambda v, i, x: v.__setitem__(i, x), ys, place, self.number(1))
        return choose(ys, [put], [])

    def text(self) -> Stmt:
        """Return a change of the string s."""
        s = name("s")
        draw = self.rng.randrange(5)
        if draw < 2:
            letters = "".join(self.rng.sample("abcdefgh", self.rng.randint(2, 4)))
            index = binary(self.number(1), "%", const(len(letters)))
            return update("s", "+", call("{0}[{1}]", lambda v, i: v[i], const(letters), index))
        if draw == 2:
            digit = call("str({0})", str, binary(self.number(1), "%", const(10)))
            return update("s", "+", digit)
        if draw == 3:
            return assign("s", call("{0}[::-1]", lambda v: v[::-1], s))
        cut = call("{0}[1:]", lambda v: v[1:], s)
        return assign("s", binary(cut, "+", call("{0}[:1]", lambda v: v[:1], s)))

    def table(self) -> Stmt:
        """Return a change of the dict d."""
        d = name("d")
        key = binary(self.atom(), "%", self.some(3, 6))
        if self.rng.random() < 0.7:
            old = call("{0}.get({1}, 0)", lambda v, k: v.get(k, 0), d, key)
            value = binary(old, "+", self.atom())
        else:
            value = self.number(1)
        return act("{0}[{1}] = {2}", lambda v, k, x: v.__setitem__(k, x), d, key, value)

    def branch(self, depth: int, looped: bool) -> Stmt:
        """Return a conditional."""
        if looped and self.rng.random() < 0.15:
            return choose(self.test(), [*self.block(0, 1, looped), leave(self.rng.random() < 0.3)], [])
        otherwise = self.block(depth - 1, 1, looped) if self.rng.random() < 0.6 else []
        return choose(self.test(), self.block(depth - 1, self.rng.randint(1, 2), looped), otherwise)

    def loop(self, depth: int) -> Stmt:
        """Return a loop with a new variable."""
        self.loops += 1
        draw = self.rng.random()
        outer = self.ints
        if self.kinds >= 2 and draw < 0.25:
            label = "nmkpqr"[self.loops % 6] + (str(self.loops // 6) if self.loops > 5 else "")
            self.ints = [*outer, label]
            body = self.block(depth - 1, self.statements, True)
            self.ints = outer
            shrink = update(label, *self.rng.choice([("-", self.some(1, 3)), ("//", self.some(2, 3))]))
            begin = assign(label, binary(self.number(1), "%", self.some(7, 40)))
            # the counter shrinks first, so that no continue can leave it as it was
            cycle = repeat(binary(name(label), ">", const(0)), [shrink, *body])
            return Stmt((*begin.lines, *cycle.lines), lambda m: (begin.run(m), cycle.run(m)))
        if draw < 0.6:
            label, source = f"x{self.loops}" if self.loops > 1 else "x", name("xs")
        else:
            label = f"i{self.loops}" if self.loops > 1 else "i"
            source = call("range({0})", range, self.some(3, 6))
        self.ints = [*outer, label]
        body = self.block(depth - 1, self.statements, True)
        self.ints = outer
        return each(label, source, body)

    def block(self, depth: int, count: int, looped: bool) -> list[Stmt]:
        """Return statements of which the deep ones hold blocks."""
        body = []
        for _ in range(count):
            draw = self.rng.random()
            if depth > 0 and draw < 0.3:
                body.append(self.branch(depth, looped))
            elif depth > 1 and draw < 0.6:
                body.append(self.loop(depth - 1))
            else:
                body.append(self.simple())
        return body

    def program(self, depth: int) -> tuple[list[Stmt], Expr]:
        """Return the body of a function and what it returns."""
        body = [assign("a", self.some(0, 9)), assign("b", self.some(0, 9))]
        body.append(assign("ys", Expr("[]", ATOM, lambda m: [])))
        parts = [name("a"), name("b"), name("ys")]
        if self.kinds >= 1:
            body.append(assign("s", const(self.rng.choice(["", "x", "ab"]))))
            parts += [name("s"), binary(name("a"), "/", self.rng.choice([const(2), const(4)]))]
        if self.kinds >= 2:
            body.append(assign("d", Expr("{}", ATOM, lambda m: {})))
            parts.append(name("d"))
        body.append(self.loop(depth))
        if self.statements > 2:
            body.append(self.loop(depth))
        if self.rng.random() < 0.5:
            body.append(self.simple())
        shown = self.rng.sample(parts, 2 if self.kinds == 0 else 3)
        if self.kinds == 0 and self.rng.random() < 0.3:
            shown = [name("ys")]
        if len(shown) == 1:
            return body, shown[0]
        left, right = self.rng.choice([("[", "]"), ("(", ")")])
        form = ", ".join(f"{{{i}}}" for i in range(len(shown)))
        gather: Callable[..., Any] = (lambda *v: list(v)) if left == "[" else (lambda *v: tuple(v))
        return body, call(left + form + right, gather, *shown)

    def expression(self, depth: int) -> Expr:
        """Return an expression of ``depth`` operations on the list xs."""
        value = name("xs")
        for _ in range(depth):
            value = self.change(value, depth > 1)
        return value

    def change(self, v: Expr, deep: bool) -> Expr:
        """Return an operation on a list."""
        c = self.some(1, 9)
        alone = Expr(f"[{c.text}]", ATOM, lambda m: [c.run(m)])
        draw = self.rng.randrange(11 if deep else 7)
        if draw == 0:
            return call("{0}[::-1]", lambda x: x[::-1], v)
        if draw == 1:
            return binary(v, "+", alone)
        if draw == 2:
            return binary(alone, "+", v)
        if draw == 3:
            return call("{0}[1:]", lambda x: x[1:], v)
        if draw == 4:
            return call("{0}[:-1]", lambda x: x[:-1], v)
        if draw == 5:
            return call("sorted({0})", sorted, v)
        if draw == 6:
            return binary(v, "*", const(2))
        e = name("e")
        if draw == 7:
            return comprehension(binary(e, "+", c), "e", v, None)
        if draw == 8:
            return comprehension(binary(e, "*", self.some(2, 4)), "e", v, None)
        if draw == 9:
            return comprehension(e, "e", v, binary(e, self.rng.choice("<>"), self.some(2, 7)))
        return call("{0}[::2]", lambda x: x[::2], v)


def widen(lines: list[str], gap: int) -> str:
    """Return lines with ``gap`` spaces for each level of indentation."""
    return "\n".join(" " * gap * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)


def other_value(value: Any) -> str:
    """Return a literal of the same type and another value."""
    for other in ([1, 2, 3], [4, 5], (1, [2, 3]), (4, 5)):
        if type(other) is type(value) and other != value:
            return repr(other)
    raise Redraw


@task(
    levels=LEVELS,
    tags={"code", "sandboxed"},
    chance=0.02,
    slow="the first verdict on an instance runs its program in the sandbox; the value is kept for later ones",
)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a program that runs for a fitting number of steps and whose value depends on the list."""
    writer = Writer(rng, params)
    n = params.items if params.statements == 0 else params.items + rng.randint(-1, 1)
    xs = [rng.randint(0, 9) if params.statements == 0 else rng.randint(-9, 20) for _ in range(n)]
    if params.statements:
        body, result = writer.program(params.depth)
    else:
        body, result = [], writer.expression(params.depth)
    value, steps = evaluate(body, result, {"xs": xs}, params.most)
    if steps < params.least or value == xs or len(repr(value)) > LONGEST_OUTPUT:
        raise Redraw
    rival, _ = evaluate(body, result, {"xs": [x + 1 for x in xs[::-1]]}, 4 * params.most)
    if rival == value or len(repr(value)) < 6:
        raise Redraw
    lines = ["def f(xs):", *indent([*body, Stmt((f"return {result.text}",), lambda m: None)])]
    code = widen(lines, 4)
    given = repr(xs).replace(" ", "")
    one = result.text.count("xs") == 1 and not body
    brief = result.text.replace("xs", given).replace(" ", "") if one and "for" not in result.text else ""
    if one and not brief:
        brief = result.text.replace("xs", given)
    return Draft(
        question=(
            f"What does the call f({xs!r}) return?\n\n{code}\n\n"
            "Answer with the value as Python would print it with repr: a Python literal of exactly the right value "
            "and type (1.0 and True are not 1, a tuple is not a list). The order of a dict's entries does not matter."
        ),
        payload={"code": code, "entry": "f", "args": [xs]},
        reference=repr(value),
        example=other_value(value),
        brief=brief or f"{widen(lines, 1)}\nf({given})",
        certificate={"steps": steps, "effort": steps},
    )
