"""Knights and knaves: name the role of every person so that knights say true things only and knaves false ones only.

Correct is every complete assignment of roles for which each statement is true exactly if its speaker is a knight;
nothing is compared with a stored solution. ``Mia: knight``, ``Mia = knight``, ``Mia - knight``, ``Mia (knight)``,
``Mia knight`` and ``Mia is a knight`` are the same; bullets, ``and`` and brackets around the whole change nothing.

A statement is a speaker and a formula: ``["knight", name]``, ``["knave", name]``, ``["and", f, g]``, ``["or", f, g]``,
``["iff", f, g]``, ``["if", f, g]``, ``["count", "exactly" or "at least" or "at most", k, names]`` (knights among the
names), ``["even", names]`` and ``["says", name, f]`` (what that person would say).

Example: payload ``{"persons": ["Mia", "Tom"], "statements": [["Mia", ["and", ["knave", "Mia"], ["knave", "Tom"]]]]}``,
answer ``Mia: knave, Tom: knight``.
"""

import re
from collections.abc import Mapping
from typing import Any

from gradarium.core import Payload, Verdict

_SPLIT = re.compile(r"[,;\n]\s{0,3}(?:and\s{1,3}(?=[-*a-z]))?|\s{1,3}and\s{1,3}(?=[-*a-z])", re.ASCII)
_BULLET = r"(?:[-*]\s{1,3})?"
_BETWEEN = r"(?:\s{0,3}[:=]\s{0,3}|\s{1,3}is\s{1,3}|\s{1,3}-\s{1,3}|\s{1,3})"
_ITEM = re.compile(
    rf"{_BULLET}([a-z]{{1,20}})(?:{_BETWEEN}(?:an?\s{{1,3}})?(knight|knave)|\s{{0,3}}\((knight|knave)\))", re.ASCII
)
_PLAIN = str.maketrans({"\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{BULLET}": "*"})


def read_roles(text: str, most: int) -> list[tuple[str, bool]] | None:
    """Return pairs of name (in lower case) and whether it is called a knight; None if anything else is there.

    >>> read_roles("Mia: knight, Tom is a knave.", 5), read_roles("Mia", 5)
    ([('mia', True), ('tom', False)], None)
    """
    if len(text) > 60 * (most + 1):
        return None
    text = text.translate(_PLAIN)
    if not text.isascii():
        return None
    text = text.strip().removesuffix(".").lower()
    if text[:1] + text[-1:] in ("()", "[]", "{}"):
        text = text[1:-1].strip().removesuffix(".")
    items = [item.strip() for item in _SPLIT.split(text)]
    found = [_ITEM.fullmatch(item) for item in items if item]
    return [(item[1], "knight" in (item[2], item[3])) for item in found if item] if all(found) and found else None


def holds(formula: list[Any], knights: Mapping[str, bool]) -> bool:
    """Tell whether a formula is true where the persons have these roles."""
    kind, *parts = formula
    if kind in ("knight", "knave"):
        knight: bool = knights[parts[0]]
        return not knight if kind == "knave" else knight
    if kind == "even":
        return sum(knights[name] for name in parts[0]) % 2 == 0
    if kind == "count":
        how, k, names = str(parts[0]), int(parts[1]), list(parts[2])
        count: int = sum(knights[name] for name in names)
        least, most = (k if how != "at most" else 0), (k if how != "at least" else len(names))
        return least <= count <= most
    if kind == "says":
        knight = knights[parts[0]]
        return holds(parts[1], knights) == knight
    first, second = holds(parts[0], knights), holds(parts[1], knights)
    if kind == "and":
        return first and second
    if kind == "or":
        return first or second
    return first == second if kind == "iff" else second or not first


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge the roles.

    >>> pair = {"persons": ["Mia", "Tom"], "statements": [["Mia", ["and", ["knave", "Mia"], ["knave", "Tom"]]]]}
    >>> verify("Mia: knave, Tom: knight", pair).score
    1.0
    >>> verify("Mia: knight, Tom: knight", pair).reason
    'what Mia says would be false, and Mia would be a knight'
    """
    persons, statements = payload["persons"], payload["statements"]
    roles = read_roles(answer, 2 * len(persons))
    if roles is None:
        return Verdict.unreadable("expected each name with its role, separated by commas, like 'Mia: knight'")
    known = {person.lower(): person for person in persons}
    knights: dict[str, bool] = {}
    for name, knight in roles:
        if name not in known:
            return Verdict.wrong(f"{name} is not one of the persons", "persons")
        if known[name] in knights:
            return Verdict.wrong(f"{known[name]} is named twice", "persons")
        knights[known[name]] = knight
    if len(knights) < len(persons):
        return Verdict.wrong(f"{len(knights)} of {len(persons)} persons are named", "persons")
    faults = [speaker for speaker, formula in statements if holds(formula, knights) != knights[speaker]]
    if faults:
        said, role = ("false", "knight") if knights[faults[0]] else ("true", "knave")
        share = 1 - len(faults) / len(statements)
        reason = f"what {faults[0]} says would be {said}, and {faults[0]} would be a {role}"
        return Verdict.wrong(reason, "statements", statements=share)
    return Verdict.correct(statements=1.0)
