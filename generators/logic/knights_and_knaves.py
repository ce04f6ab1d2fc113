"""Who is a knight and who is a knave, from two persons to fourteen with nested statements.

Example (level 0)::

    Mia says: "I am a knave and Tom is a knave." Tom says: "Mia is a knave."

What is right: the roles for which knights say true things only and knaves false things only, here ``Mia: knave, Tom:
knight``. All assignments of roles are tried, as one bit each: there is exactly one.
Version history: 0 first.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.logic.linear_ordering import NAMES, STRANGERS
from gradarium.generators.task import task

Formula = list[Any]
"""``["knight", i]``, ``["count", "exactly", 2, [i, j]]``, ``["and", f, g]`` and so on: see the verifier."""


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    persons: int
    """How many persons there are, from 2 to 14; each says one thing."""
    depth: int
    """How deep statements are nested; 1 joins two claims about one person each."""
    kinds: str
    """What joins claims, to draw from: ``and or iff if count even says``."""


LEVELS = [
    Params(2, 1, "and or"),
    Params(3, 1, "and or"),
    Params(4, 1, "and or iff"),
    Params(5, 1, "and or iff if count"),
    Params(6, 2, "and or iff if count"),
    Params(8, 2, "and or iff if count even says"),
    Params(10, 3, "and or iff if count even says"),
    Params(14, 3, "and or iff if count even says"),
]

KINDS = ("and", "or", "iff", "if", "count", "even", "says")
MOST_PERSONS = 14
NOTES = {
    "or": '"Or" means: the one, or the other, or both.',
    "iff": '"If and only if" means: both are true, or both are false.',
    "if": '"If ... then ..." is false only if the first part is true and the second part is false.',
    "says": (
        '"X would say that ..." is true if X is a knight and what X would say is true, or if X is a knave and that is '
        "false; otherwise it is false."
    ),
}


class Worlds:
    """Sets of assignments of roles as bits of one number: bit w stands for the knights that are the bits of w."""

    def __init__(self, persons: int) -> None:
        self.all = (1 << (1 << persons)) - 1
        self.knight = []
        for i in range(persons):
            block = ((1 << (1 << i)) - 1) << (1 << i)  # 2^i worlds without person i, then as many with
            for k in range(i + 1, persons):
                block |= block << (1 << k)
            self.knight.append(block)

    def counts(self, persons: Sequence[int]) -> list[int]:
        """Return for each number k the worlds with exactly k knights among the persons."""
        sets = [self.all]
        for i in persons:
            yes, no = self.knight[i], self.all ^ self.knight[i]
            sets = [a & no | b & yes for a, b in zip([*sets, 0], [0, *sets], strict=True)]
        return sets

    def where(self, formula: Formula) -> int:
        """Return the worlds in which a formula is true."""
        kind, *parts = formula
        if kind == "knight":
            return self.knight[parts[0]]
        if kind == "knave":
            return self.all ^ self.knight[parts[0]]
        if kind in ("count", "even"):
            sets = self.counts(parts[-1])
            chosen = sets[::2]
            if kind == "count":
                least, k = parts[0], parts[1]
                chosen = sets[k:] if least == "at least" else sets[: k + 1] if least == "at most" else [sets[k]]
            found = 0
            for worlds in chosen:
                found |= worlds
            return found
        left = self.knight[parts[0]] if kind == "says" else self.where(parts[0])
        right = self.where(parts[1])
        if kind == "and":
            return left & right
        if kind == "or":
            return left | right
        return self.all ^ left ^ right if kind in ("iff", "says") else (self.all ^ left) | right


def draw_formula(rng: random.Random, persons: int, speaker: int, depth: int, kinds: Sequence[str]) -> Formula:
    """Draw a claim of the speaker."""
    if depth == 0:
        person = speaker if rng.random() < 0.1 else rng.choice([i for i in range(persons) if i != speaker])
        return [rng.choice(("knight", "knave")), person]
    kind = rng.choice(kinds)
    if kind in ("count", "even"):
        group = sorted(rng.sample(range(persons), rng.randint(min(3, persons), min(5, persons))))
        if kind == "even":
            return ["even", group]
        how = rng.choice(("exactly", "at least", "at most"))
        low, high = {"exactly": (0, len(group)), "at least": (1, len(group)), "at most": (0, len(group) - 1)}[how]
        return ["count", how, rng.randint(low, high), group]
    if kind == "says":
        other = rng.choice([i for i in range(persons) if i != speaker])
        return ["says", other, draw_formula(rng, persons, speaker, depth - 1, kinds)]
    parts = [draw_formula(rng, persons, speaker, d, kinds) for d in (depth - 1, rng.randint(0, depth - 1))]
    rng.shuffle(parts)
    if len(parts[0]) == len(parts[1]) == 2 and parts[0][1] == parts[1][1]:
        raise Redraw  # both about the same person
    return [kind, *parts]


def size(formula: Formula) -> int:
    """Return the number of claims in a formula, counted groups as their persons."""
    if formula[0] in ("knight", "knave"):
        return 1
    if formula[0] in ("count", "even"):
        return len(formula[-1])
    return sum(size(part) if isinstance(part, list) else 1 for part in formula[1:])


def in_words(formula: Formula, speaker: int, names: Sequence[str]) -> str:
    """Return a formula as the speaker would say it, with brackets around joined parts of joined parts."""
    kind, *parts = formula
    if kind in ("knight", "knave"):
        return f"I am a {kind}" if parts[0] == speaker else f"{names[parts[0]]} is a {kind}"
    if kind in ("count", "even"):
        group = [names[i] for i in parts[-1] if i != speaker] + ["me"] * (speaker in parts[-1])
        how = "even" if kind == "even" else f"{parts[0]} {parts[1]}"
        return f"the number of knights among {', '.join(group[:-1])} and {group[-1]} is {how}"

    def part(child: Formula) -> str:
        text = in_words(child, speaker, names)
        return text if child[0] in ("knight", "knave") else f"({text})"

    if kind == "says":
        return f"{names[parts[0]]} would say that {part(parts[1])}"
    if kind == "if":
        return f"if {part(parts[0])} then {part(parts[1])}"
    return f"{part(parts[0])} {'if and only if' if kind == 'iff' else kind} {part(parts[1])}"


def with_names(formula: Formula, names: Sequence[str]) -> Formula:
    """Return a formula with names for the numbers of persons."""
    kind, *parts = formula
    if kind in ("count", "even"):
        return [kind, *parts[:-1], [names[i] for i in parts[-1]]]
    return [kind, *(names[part] if isinstance(part, int) else with_names(part, names) for part in parts)]


def used_kinds(formula: Formula) -> set[str]:
    """Return the kinds that stand in a formula."""
    return {formula[0]}.union(*(used_kinds(p) for p in formula[1:] if isinstance(p, list) and isinstance(p[0], str)))


def canonical(payload: Mapping[str, Any]) -> object:
    """Name the persons by their places in the list."""
    places = {name: str(i) for i, name in enumerate(payload["persons"])}

    def renamed(data: Any) -> Any:
        return [renamed(item) for item in data] if isinstance(data, list) else places.get(data, data)

    return [len(places), renamed(payload["statements"])]


@task(levels=LEVELS, tags={"enigmata", "logic"}, chance=0.05, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw roles and statements that fit them, each the one of a few that leaves the fewest other assignments."""
    n, kinds = params.persons, params.kinds.split()
    if not 2 <= n <= MOST_PERSONS:
        raise BadValue("knights_and_knaves.persons", n, f"must lie between 2 and {MOST_PERSONS}")
    if not 1 <= params.depth <= 5 or not kinds:
        raise BadValue("knights_and_knaves.depth", params.depth, "must lie between 1 and 5, with some kinds")
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownName("kind of statement", kind, KINDS)
    roles = [rng.random() < 0.5 for _ in range(n)]
    actual = 1 << sum(1 << i for i in range(n) if roles[i])
    worlds = Worlds(n)
    alive = worlds.all
    statements: list[Formula] = []
    looked = 0
    for speaker in range(n):
        offers = []
        for _ in range(40):
            try:
                formula = draw_formula(rng, n, speaker, params.depth if rng.random() < 0.8 else 1, kinds)
            except Redraw:
                continue
            fits = worlds.all ^ worlds.where(formula) ^ worlds.knight[speaker]
            if fits & actual and fits != worlds.all:
                offers.append(((alive & fits).bit_count(), formula, fits))
            if len(offers) == 3:
                break
        if not offers:
            raise Redraw
        _, formula, fits = min(offers, key=lambda offer: offer[0])
        looked += alive.bit_count() * size(formula)
        alive &= fits
        statements.append(formula)
    if alive != actual:
        raise Redraw
    names = rng.sample(NAMES, n)
    told = [
        f'{names[i]} says: "{in_words(f, i, names)[0].upper()}{in_words(f, i, names)[1:]}."'
        for i, f in enumerate(statements)
    ]
    lines = "\n".join(told)
    used = set().union(*(used_kinds(formula) for formula in statements))
    notes = "".join(f" {note}" for kind, note in NOTES.items() if kind in used)
    brackets = " Brackets show what belongs together." if "(" in lines else ""
    question = (
        f"Each of these {n} persons is either a knight or a knave: {', '.join(names)}. A knight says true things only, "
        f"a knave says false things only.{notes}{brackets}\n\n{lines}\n\n"
        "Who is what? There is exactly one solution.\n\n"
        "Answer with each name and its role, separated by commas."
    )
    return Draft(
        question=question,
        payload={"persons": names, "statements": [[names[i], with_names(f, names)] for i, f in enumerate(statements)]},
        reference=", ".join(
            f"{name}: {'knight' if role else 'knave'}" for name, role in zip(names, roles, strict=True)
        ),
        example=", ".join(f"{name}: {('knight', 'knave')[i % 2]}" for i, name in enumerate(STRANGERS[: min(n, 3)])),
        brief=lines,
        certificate={"unique": True, "effort": looked},
    )
