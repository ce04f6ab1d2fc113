"""Answers that attack a verifier, made from right ones: near misses, dumps, mutants of mutants.

>>> dict(near_misses("1 2", ["2 3"], random.Random(0), most=9))["two words swapped"]
'2 1'

``gradarium.envs.conformance.mutants`` damages a reference blindly; here its cells, words, lines and values are taken
apart, so that much of what makes an answer right is left in place.
"""

import dataclasses
import random
import re
from collections.abc import Iterator, Sequence

from gradarium.core import Instance
from gradarium.envs.conformance.mutants import contentless, mutants
from gradarium.envs.prompts import render_prompt
from gradarium.errors import BadValue
from gradarium.verifiers.answers import FORMATS

Attack = tuple[str, str]
"""(what was done, answer)."""

_UNITS = {
    "word": re.compile(r"-?[0-9]+(?:\.[0-9]+)?|[^\W\d_]+|[^\s\w]|_"),
    "cell": re.compile(r"\S"),
}
_BLANKS = (".", "?", "_", "0", "-", "*", "x")
_MANY = 3_000
"""Units of an answer that are taken apart; the rest of a longer one stays as it is."""


def attacks(
    instance: Instance, others: Sequence[str], solutions: Sequence[str], rng: random.Random, most: int = 8
) -> dict[str, list[Attack]]:
    """Return group -> attacks on one instance; ``others`` are references of other instances.

    ``solutions`` are right answers of this instance besides the reference, where they are known; they are damaged too.
    """
    rights = [instance.reference, *rng.sample(list(solutions), min(3, len(solutions)))]
    damaged = [a for right in rights for a in mutants(dataclasses.replace(instance, reference=right), rng, most)]
    near = [a for right in rights for a in near_misses(right, others, rng, most)]
    twice = []
    for name, text in rng.sample(damaged + near, min(12, len(damaged + near))):
        half = dataclasses.replace(instance, reference=text)
        twice += [(f"{name}, then {second}", twin) for second, twin in mutants(half, rng, 2)]
        twice += [(f"{name}, then {second}", twin) for second, twin in near_misses(text, others, rng, 2)]
    groups = {
        "without content": list(contentless(instance, render_prompt(instance))),
        "mutants": damaged,
        "near misses": near,
        "mutants of mutants": twice,
        "tricks": list(tricks(instance.reference, others)),
        "answers of other instances": [("the answer of another instance", other) for other in others],
    }
    return {group: _distinct(found) for group, found in groups.items()}


def tricks(right: str, others: Sequence[str]) -> Iterator[Attack]:
    """Yield answers of the kinds that verifiers of other suites accepted, or were stopped by."""
    other = others[0] if others else "0"
    for text in ("banana", "I give up", "NO", "no", "impossible", "infeasible", "not exist", "invalid", "unsolvable"):
        yield f"the word {text!r}", text
    for text in ("6*4*1*1", "24", "[24, 1][0]", "len('aaaa')", "floor(E/pi)+1", "Integral(x, x)", "9**9**9**9"):
        yield "an expression that has nothing to do with it", text
    yield "a list whose first item is right", f"[{right}, {other}][0]"
    yield "a tuple of one", f"({right},)"
    yield "a function around it", f"expand({right})"
    yield "hidden numbers", f"{right} + floor(E/pi) - len('a')"
    yield "nothing added", f"{right} + 0"
    yield "times one", f"({right})*1"
    yield "to the power of one", f"({right})**1"
    yield "per cent", f"{right}%"
    yield "a prefix that says the opposite", f"in{right}"
    yield "a prefix that says the opposite", f"un{right}"
    yield "an equation", f"{right} = {right}"
    yield "an assignment", f"x = {right}"
    yield "numbers moved by 0.9", re.sub(r"[0-9]+", lambda m: f"{m[0]}.9" if len(m[0]) < 9 else m[0], right)
    yield "every number that occurs", " ".join(map(str, sorted({int(m) for m in re.findall(r"[0-9]{1,4}", right)})))
    yield "other rows behind", f"{right}\n{other}"
    yield "other rows before", f"{other}\n{right}"


def near_misses(right: str, others: Sequence[str], rng: random.Random, most: int = 8) -> Iterator[Attack]:
    """Yield answers that keep most of what makes ``right`` right: at most ``most`` of each kind."""
    for unit, pattern in _UNITS.items():
        spans = [match.span() for match in pattern.finditer(right)][:_MANY]
        texts = [right[start:end] for start, end in spans]
        if not texts:
            continue
        elsewhere = [text for other in others[:5] for text in pattern.findall(other)[:_MANY]]
        values = sorted({*texts, *elsewhere})
        values = values if len(values) <= 40 else rng.sample(values, 40)
        for name, changes in _changes(texts, values, rng, most):
            text = _written(right, spans, changes)
            if text.strip() != right.strip():
                yield name.format(unit=unit), text
    for name, text in _by_lines(right, rng, most):
        if text.strip() != right.strip():
            yield name, text


def dumps(instance: Instance, others: Sequence[str], rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield (what was done, completion, answer format) of replies that state no answer, or several at once.

    The example is wrong, so none of these replies is right, though most hold the right answer.
    """
    right, wrong = instance.reference, instance.example
    prompt = render_prompt(instance)
    other = rng.choice(others) if others else wrong
    for name, form in FORMATS.items():
        try:
            sure, hedge, foreign = form.render(right), form.render(wrong), form.render(other)
        except BadValue:
            continue
        if name in ("tag", "boxed"):
            for joint in (" or ", "\n", ", ", " and ", " / "):
                yield "two answers side by side", f"{sure}{joint}{hedge}", name
                yield "two answers side by side, the right one last", f"{hedge}{joint}{sure}", name
            yield "every answer", " ".join([foreign, hedge, sure]), name
            yield "an answer that is taken back", f"{sure}\nNo, that is wrong. Instead:\n{hedge}", name
        if name != "plain":
            yield "an answer in thoughts alone", f"<think>{sure}</think>\nI leave it at that.\n\n{_end(name)}", name
            yield "thoughts that never end", f"<think>\n{sure}", name
        if name in ("tag", "boxed", "fence"):
            yield "the prompt, then the answer without its marks", f"{prompt}\n{right}", name


def _end(name: str) -> str:
    """Return a last line that is no answer, for the format that takes the last line for one."""
    return "The end." if name == "last_line" else ""


def _changes(
    texts: list[str], values: list[str], rng: random.Random, most: int
) -> Iterator[tuple[str, dict[int, str | None]]]:
    """Yield (name, place -> new text; None deletes it)."""
    n = len(texts)
    for i, j in _pairs(n, rng, 2 * most):
        yield "two {unit}s swapped", {i: texts[j], j: texts[i]}
    every = [(i, value) for i in _some(n, rng, 6 * most) for value in values if value != texts[i]]
    for i, value in rng.sample(every, min(4 * most, len(every))):
        yield "a {unit} changed", {i: value}
    for i, j in _pairs(n, rng, most):
        yield "two {unit}s changed", {i: rng.choice(values), j: rng.choice(values)}
    for i in _some(n, rng, most):
        yield "a {unit} blanked", {i: rng.choice(_BLANKS)}
        yield "a {unit} too many", {i: f"{texts[i]} {rng.choice(values)}"}
    kinds = sorted(set(texts))
    for a, b in _pairs(len(kinds), rng, most):
        old, new = kinds[a], kinds[b]
        yield "two values renamed", {i: new if t == old else old for i, t in enumerate(texts) if t in (old, new)}
        yield "a value replaced everywhere", {i: new for i, t in enumerate(texts) if t == old}
    for i, j in _pairs(n, rng, most):
        yield "a stretch turned round", dict(zip(range(i, j + 1), texts[i : j + 1][::-1], strict=True))
    for shift in _some(n, rng, 3):
        yield "rotated", dict(enumerate(texts[shift:] + texts[:shift]))
    for i in _some(n, rng, 4):
        yield "cut short", {k: None for k in range(i, n)}
        yield "begun late", {k: None for k in range(i)}
    shuffled = rng.sample(texts, n)
    yield "shuffled", dict(enumerate(shuffled))
    yield "all alike", dict.fromkeys(range(n), rng.choice(texts))
    yield "drawn at random", {i: rng.choice(values) for i in range(n)}


def _by_lines(right: str, rng: random.Random, most: int) -> Iterator[Attack]:
    lines = right.split("\n")
    for i, j in _pairs(len(lines), rng, most):
        swapped = list(lines)
        swapped[i], swapped[j] = lines[j], lines[i]
        yield "two lines swapped", "\n".join(swapped)
        yield "a line written over another", "\n".join(lines[j] if k == i else line for k, line in enumerate(lines))
    if len(lines) > 1:
        yield "one line only", rng.choice(lines)
        yield "a line more", f"{right}\n{rng.choice(lines)}"
        yield "on one line", " ".join(lines)
    rows = [line.split() if " " in line else list(line) for line in lines]
    gap = " " if " " in right else ""
    if len(rows) > 1 and len({len(row) for row in rows}) == 1:
        yield "mirrored", "\n".join(gap.join(row[::-1]) for row in rows)
        yield "transposed", "\n".join(gap.join(column) for column in zip(*rows, strict=True))
        for i, j in _pairs(len(rows[0]), rng, most):
            order = list(range(len(rows[0])))
            order[i], order[j] = j, i
            yield "two columns swapped", "\n".join(gap.join(row[k] for k in order) for row in rows)


def _written(right: str, spans: list[tuple[int, int]], changes: dict[int, str | None]) -> str:
    parts, done = [], 0
    for place in sorted(changes):
        start, end = spans[place]
        parts += [right[done:start], changes[place] or ""]
        done = end
    return "".join([*parts, right[done:]])


def _pairs(n: int, rng: random.Random, most: int) -> list[tuple[int, int]]:
    """Return different pairs i < j below n: all, or a sample."""
    if n < 2:
        return []
    if n * (n - 1) // 2 <= most:
        return [(i, j) for i in range(n) for j in range(i + 1, n)]
    found: dict[tuple[int, int], None] = {}
    while len(found) < most:
        i, j = sorted(rng.sample(range(n), 2))
        found[i, j] = None
    return list(found)


def _some(n: int, rng: random.Random, most: int) -> list[int]:
    return sorted(rng.sample(range(n), min(most, n)))


def _distinct(found: list[Attack]) -> list[Attack]:
    return list({answer: (name, answer) for name, answer in reversed(found)}.values())
