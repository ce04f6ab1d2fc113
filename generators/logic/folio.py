"""Judge conclusions from statements in plain English: true, false or unknown; from one rule to a page of them.

Example (level 0)::

    Everyone who is a poet is kind. Tom is a poet. Ana is kind.
    1. Tom is kind. 2. Ana is a poet.

What is right: "true" if the conclusion holds wherever the statements hold, "false" if it holds nowhere, else "unknown";
here ``true, unknown``. Statements are first-order formulas with all quantifiers in front, universal ones or existential
ones, without equality: persons who have names and one more for each "someone" are enough for a proof (Bernays and
Schoenfinkel), which a SAT solver gives.
Version history: 0 first.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.logic.linear_ordering import NAMES
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.logic.folio import judge

Formula = list[Any]
"""See the verifier."""
Claim = tuple[Formula, str]
"""A formula and its sentence, without the full stop."""

NOUNS = "baker dancer doctor farmer gardener lawyer painter pilot poet sailor singer teacher".split()
ADJECTIVES = "brave calm clever generous honest kind lazy polite proud quiet rich tall".split()
VERBS = (("admires", "admire"), ("trusts", "trust"), ("knows", "know"), ("envies", "envy"))


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    names: int
    """Persons with names, from 2 to 6."""
    words: int
    """Properties that are spoken of, from 3 to 12."""
    facts: int
    """Statements about persons with names."""
    rules: int
    """Statements about everyone."""
    kinds: str
    """Rules and facts beyond the plainest, to draw from: ``both either cases ground some pairs``; ``-`` for none."""
    conclusions: int
    """Conclusions to judge."""
    support: int
    """Statements that the longest proof of a conclusion, or of its opposite, needs at least; all need two."""


LEVELS = [
    Params(2, 3, 3, 2, "-", 2, 2),
    Params(3, 4, 4, 3, "-", 2, 2),
    Params(3, 5, 5, 4, "-", 3, 2),
    Params(3, 6, 5, 6, "both either", 3, 3),
    Params(3, 7, 5, 7, "both either ground", 4, 3),
    Params(4, 8, 7, 9, "both either cases ground some", 5, 4),
    Params(4, 9, 8, 11, "both either cases ground some pairs", 5, 5),
    Params(5, 11, 10, 15, "both either cases ground some pairs", 6, 6),
]
KINDS = ("both", "either", "cases", "ground", "some", "pairs")
LABELS = ("true", "false", "unknown")


class Prover:
    """Says what follows from premises, each of which can be left out."""

    def __init__(self, model: Model, names: Sequence[str], premises: Sequence[Formula]) -> None:
        self.model = model
        some = [i for i, premise in enumerate(premises) if premise[0] == "some"]
        self.domain = [*names, *(f"some {i}" for i in some), "spare"]
        self._known: dict[tuple[str | int, ...], int] = {}
        self.switches = model.new(len(premises))
        for i, (switch, premise) in enumerate(zip(self.switches, premises, strict=True)):
            for literal in self.claims(premise, True, f"some {i}"):
                model.add(-switch, literal)

    def claims(self, formula: Formula, sign: bool, witness: str) -> list[int]:
        """Return the literals that say that a formula is true (or false); ``witness`` is the person that exists."""
        if formula[0] == "not":
            return self.claims(formula[1], not sign, witness)
        if formula[0] not in ("all", "some"):
            return [self.literal(formula, {}) if sign else -self.literal(formula, {})]
        _, variables, matrix = formula
        everyone = (formula[0] == "all") == sign
        choices = product(self.domain, repeat=len(variables)) if everyone else [(witness,) * len(variables)]
        found = [self.literal(matrix, dict(zip(variables, choice, strict=True))) for choice in choices]
        return found if sign else [-literal for literal in found]

    def literal(self, formula: Formula, persons: Mapping[str, str]) -> int:
        """Return a literal that is true exactly where the formula is."""
        kind, *parts = formula
        if kind == "not":
            return -self.literal(parts[0], persons)
        if kind in ("is", "does"):
            key: tuple[str | int, ...] = (parts[0], *(persons.get(term, term) for term in parts[1:]))
            if key not in self._known:
                (self._known[key],) = self.model.new(1)
            return self._known[key]
        inner = [self.literal(part, persons) for part in parts]
        key = (kind, *inner)
        if key not in self._known:
            (found,) = self.model.new(1)
            self._known[key] = found
            if kind == "iff":
                a, b = inner
                for clause in ((-found, -a, b), (-found, a, -b), (found, a, b), (found, -a, -b)):
                    self.model.add(*clause)
            else:
                either = inner if kind == "or" else [-inner[0], inner[1]] if kind == "if" else [-part for part in inner]
                whole = found if kind != "and" else -found
                self.model.add(-whole, *either)
                for part in either:
                    self.model.add(whole, -part)
        return self._known[key]

    def label(self, formula: Formula) -> str:
        """Return what the premises say about a conclusion."""
        if not self.model.satisfiable([*self.switches, *self.claims(formula, False, "spare")]):
            return "true"
        return "unknown" if self.model.satisfiable([*self.switches, *self.claims(formula, True, "spare")]) else "false"

    def support(self, formula: Formula, label: str) -> int:
        """Return how many premises are left if one leaves out, one after the other, all that a proof can spare."""
        against = self.claims(formula, label == "false", "spare")
        kept = list(self.switches)
        for switch in self.switches:
            fewer = [other for other in kept if other != switch]
            if not self.model.satisfiable([*fewer, *against]):
                kept = fewer
        return len(kept)


class Speech:
    """Draws statements in English and as formulas."""

    def __init__(self, rng: random.Random, params: Params) -> None:
        self.rng = rng
        self.names = rng.sample(NAMES, params.names)
        self.words = rng.sample(NOUNS + ADJECTIVES, params.words)
        self.verb = rng.choice(VERBS)
        kinds = params.kinds.split()
        self.kinds = [kind for kind in kinds if kind != "-"]

    def phrase(self, word: str, positive: bool) -> str:
        """Return ``is a poet``, ``is not kind``."""
        return f"is {'' if positive else 'not '}{'a ' if word in NOUNS else ''}{word}"

    def properties(self, count: int) -> list[tuple[str, bool]]:
        """Draw properties, each as it is or denied."""
        return [(word, self.rng.random() < 0.65) for word in self.rng.sample(self.words, count)]

    def said_of(self, term: str, word: str, positive: bool) -> Formula:
        """Return the formula that says a property of someone."""
        return ["is", word, term] if positive else ["not", ["is", word, term]]

    def about(self) -> Claim:
        """Draw a statement about one person with a name, or where pairs are spoken of also about two."""
        if "pairs" in self.kinds and self.rng.random() < 0.25:
            first, second = self.rng.choice(self.names), self.rng.choice(self.names)
            does, do = self.verb
            if self.rng.random() < 0.65:
                return ["does", does, first, second], f"{first} {does} {second}"
            return ["not", ["does", does, first, second]], f"{first} does not {do} {second}"
        name, ((word, positive),) = self.rng.choice(self.names), self.properties(1)
        return self.said_of(name, word, positive), f"{name} {self.phrase(word, positive)}"

    def joined(self) -> Claim:
        """Draw a statement that joins two about persons with names."""
        kind = self.rng.choice(("or", "if", "iff"))
        while True:
            (a, first), (b, second) = self.about(), self.about()
            if a != b and a != ["not", b] and b != ["not", a]:
                break
        text = {"or": "{} or {}", "if": "if {}, then {}", "iff": "{} if and only if {}"}[kind]
        return [kind, a, b], text.format(first, second)

    def someone(self) -> Claim:
        """Draw a statement that someone has two properties."""
        two = self.properties(2)
        text = f"someone {self.phrase(*two[0])} and {self.phrase(*two[1])}"
        return ["some", ["x"], ["and", *(self.said_of("x", *item) for item in two)]], text

    def everyone(self, kinds: Sequence[str]) -> Claim:
        """Draw a rule of one of the kinds, or a plain one."""
        kind = self.rng.choice(["plain", "plain", *kinds])
        one, two, three = self.properties(3)
        a, b, c = (self.phrase(*item) for item in (one, two, three))
        ax, bx, cx = (self.said_of("x", *item) for item in (one, two, three))
        if kind == "both":
            return ["all", ["x"], ["if", ["and", ax, bx], cx]], f"everyone who {a} and {b} {c}"
        if kind == "either":
            return ["all", ["x"], ["if", ["or", ax, bx], cx]], f"everyone who {a} or {b} {c}"
        if kind == "cases":
            return ["all", ["x"], ["if", ax, ["or", bx, cx]]], f"everyone who {a} {b} or {c}"
        if kind == "pairs":
            does = self.verb[0]
            by, pair, which = self.said_of("y", *two), ["does", does, "x", "y"], self.rng.randrange(3)
            if which == 0:
                return ["all", ["x", "y"], ["if", ["and", pair, by], ax]], f"everyone who {does} someone who {b} {a}"
            if which == 1:
                return ["all", ["x", "y"], ["if", ["and", ax, by], pair]], f"everyone who {a} {does} everyone who {b}"
            formula = ["all", ["x", "y"], ["if", ["and", ax, by], ["not", pair]]]
            return formula, f"nobody who {a} {does} anyone who {b}"
        if not two[1] and self.rng.random() < 0.5:
            return ["all", ["x"], ["if", ax, bx]], f"nobody who {a} {self.phrase(two[0], True)}"
        return ["all", ["x"], ["if", ax, bx]], f"everyone who {a} {b}"

    def rule(self) -> Claim:
        """Draw a rule."""
        return self.everyone([kind for kind in self.kinds if kind in ("both", "either", "cases", "pairs")])

    def fact(self) -> Claim:
        """Draw a fact; joined ones and "someone" are less frequent."""
        more = [kind for kind in self.kinds if kind in ("ground", "some")]
        if more and self.rng.random() < 0.35:
            return self.joined() if self.rng.choice(more) == "ground" else self.someone()
        return self.about()

    def conclusion(self) -> Claim:
        """Draw a conclusion: mostly about one person, else of the kinds that the level has."""
        if self.rng.random() < 0.3:
            if "ground" in self.kinds and self.rng.random() < 0.5:
                return self.joined()
            if "some" in self.kinds:
                return self.someone() if self.rng.random() < 0.5 else self.everyone(())
        return self.about()


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the premises."""
    return [sorted(map(json.dumps, payload["premises"])), payload["conclusions"]]


def check(params: Params) -> None:
    """Raise BadValue or UnknownName for parameters that make no sense."""
    if not 2 <= params.names <= 6 or not 3 <= params.words <= 12:
        raise BadValue("folio.names, words", (params.names, params.words), "must lie between 2 and 6, and 3 and 12")
    if not 1 <= params.facts <= 20 or not 1 <= params.rules <= 20 or not 1 <= params.conclusions <= 10:
        raise BadValue("folio.facts, rules, conclusions", (params.facts, params.rules, params.conclusions), "too many")
    for kind in params.kinds.split():
        if kind not in (*KINDS, "-"):
            raise UnknownName("kind of statement", kind, KINDS)


def denied(claim: Claim) -> Claim:
    """Return the opposite of a claim."""
    formula, text = claim
    if formula[0] in ("not", "is", "does") and " is " in text:
        opposite = text.replace(" is not ", " is ") if formula[0] == "not" else text.replace(" is ", " is not ")
        return (formula[1] if formula[0] == "not" else ["not", formula]), opposite
    # without quotes it could be read as "not the first, or else the second"
    return ["not", formula], "it is not true that " + (text if formula[0] in ("not", "does") else f'"{text}"')


def draw_conclusions(
    speech: Speech, params: Params, premises: Sequence[Claim], wanted: Sequence[str]
) -> tuple[list[Claim], int] | None:
    """Return conclusions with these labels and the statements that their proofs need; None if few have them."""
    unknown: list[Claim] = []
    settled: list[tuple[Claim, str, int]] = []
    given = [formula for formula, _ in premises]
    needed, longest = len(wanted) - wanted.count("unknown"), 0
    with Model() as model:
        prover = Prover(model, speech.names, given)
        if not model.satisfiable(prover.switches):
            return None
        for _ in range(8 * params.conclusions):
            claim = speech.conclusion()
            opposite = denied(claim)
            if any(item[0] in given for item in (claim, opposite)):
                continue
            if any(item[0] in (claim[0], opposite[0]) for item in (*unknown, *(entry[0] for entry in settled))):
                continue
            label = prover.label(claim[0])
            if label == "unknown":
                unknown.append(speech.rng.choice((claim, opposite)))  # settled ones are denied as often
            elif len(settled) < needed or longest < params.support:
                support = prover.support(claim[0], label)
                longest = max(longest, support)
                if support > 1:
                    settled.append((claim, label, support))
            enough = len(unknown) >= len(wanted) - needed and len(settled) >= needed
            if enough and (longest >= params.support or not needed):
                break
        else:
            return None
    settled.sort(key=lambda item: -item[2])
    chosen: list[Claim] = []
    steps = 0
    for label in wanted:
        if label == "unknown":
            chosen.append(unknown.pop())
            steps += params.support
        else:
            claim, actual, support = settled.pop(0)
            chosen.append(claim if label == actual else denied(claim))
            steps += support
    return chosen, steps


@task(levels=LEVELS, tags={"enigmata", "logic"}, chance=0.15, canonical=canonical)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a label for each place, then statements that agree and conclusions that have these labels."""
    check(params)
    wanted = rng.choices(LABELS, k=params.conclusions)
    for _ in range(1_000):  # not by Redraw, which would prefer the labels that are found more often
        speech = Speech(rng, params)
        premises: list[Claim] = []
        while len(premises) < params.facts + params.rules:
            claim = speech.fact() if len(premises) < params.facts else speech.rule()
            if claim[0] not in [formula for formula, _ in premises]:
                premises.append(claim)
        drawn = draw_conclusions(speech, params, premises, wanted)
        if not drawn:
            continue
        chosen, steps = drawn
        rng.shuffle(premises)  # before the verifier is asked: the number of its steps depends on the order
        payload = {
            "names": speech.names,
            "premises": [formula for formula, _ in premises],
            "conclusions": [formula for formula, _ in chosen],
        }
        if None not in judge(payload):  # the labels are our own; this asks only whether a verdict takes too long
            break
    else:
        raise Redraw
    sentences = [text[0].upper() + text[1:] + "." for _, text in premises]
    asked = [f"{i}. {text[0].upper()}{text[1:]}." for i, (_, text) in enumerate(chosen, 1)]
    pairs = (
        ' "Everyone" and "someone" in a sentence may be one and the same person, also in sentences about two persons.'
        if "pairs" in speech.kinds
        else ""
    )
    question = (
        f"All of these statements are true:\n\n{chr(10).join(sentences)}\n\n"
        '"Everyone" means all persons, named or not; there may be more persons than those who are named. "Or" means: '
        'the one, or the other, or both. "If ..., then ..." is false only if the first part is true and the second is '
        f"false. What the statements do not settle is open.{pairs}\n\n"
        f"Judge each conclusion:\n\n{chr(10).join(asked)}\n\n"
        '"true": it must be true if the statements are true. "false": it must be false if they are true. "unknown": it '
        "can be true and it can be false.\n\n"
        f"Answer with {params.conclusions} words, each of them true, false or unknown, in the order of the "
        "conclusions, separated by commas."
    )
    example = wanted
    while example == wanted:
        example = [rng.choice(LABELS) for _ in wanted]
    return Draft(
        question=question,
        payload=payload,
        reference=", ".join(wanted),
        example=", ".join(example),
        brief="\n".join([*sentences, *asked]),
        certificate={"unique": True, "steps": steps, "effort": steps * len(premises)},
    )
