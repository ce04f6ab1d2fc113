"""Einstein's riddle: who lives in which house with which colour, pet and drink, from two houses to seven with six rows.

Example (level 0)::

    2 houses; name: Ana, Tom; pet: cat, dog. Tom lives in house 2. Ana is the person with the dog.

What is right: the table that keeps every clue, one line a house, here ``1, Ana, dog`` and ``2, Tom, cat``. A SAT solver
proves that there is one only, and that no clue can be left out.
Version history: 0 first.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradarium.core import Draft, Redraw
from gradarium.errors import BadValue, UnknownName
from gradarium.generators.logic.linear_ordering import NAMES, STRANGERS
from gradarium.generators.solving import Model
from gradarium.generators.task import task
from gradarium.verifiers.logic.zebra_logic import read_table


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    houses: int
    """Houses in the row, from 2 to 8."""
    categories: int
    """What is asked of each house, from 2 to 8: the name, the pet, ..."""
    kinds: str
    """Kinds of clues to draw from; one that is named twice is drawn twice as often."""


LEVELS = [
    Params(2, 2, "at same"),
    Params(3, 2, "at same left"),
    Params(3, 3, "at same same left next"),
    Params(4, 3, "at same same left next before differ"),
    Params(4, 5, "at same same left next before differ end"),
    Params(5, 5, "at same same left next before differ end gap"),
    Params(6, 6, "same same left next before differ end gap"),
    Params(7, 6, "same left next before differ differ end gap either either"),
]


class Category(NamedTuple):
    """One column of the table."""

    title: str
    phrase: str
    """How the owner of a value is called."""
    values: list[str]
    """The first two stand in examples only."""


CATEGORIES = [
    Category("name", "{}", [*STRANGERS[:2], *NAMES]),
    Category("pet", "the person with the {}", "mouse pony cat dog horse parrot rabbit turtle hamster goat".split()),
    Category("drink", "the person who drinks {}", "wine beer tea coffee milk water juice cocoa lemonade cider".split()),
    Category("colour", "the owner of the {} house", "pink brown red green blue white yellow black orange grey".split()),
    Category("job", "the {}", "judge clerk baker doctor teacher painter pilot farmer lawyer singer".split()),
    Category(
        "sport", "the person who plays {}", "polo squash tennis golf rugby chess cricket hockey darts football".split()
    ),
    Category("food", "the person who eats {}", "beans bread pizza soup pasta salad cheese curry apples rice".split()),
    Category(
        "flower",
        "the person who grows {}",
        "ivy moss roses tulips lilies daisies violets poppies irises orchids".split(),
    ),
]
UNARY = ("at", "end", "either")
RELATIONS = {
    "same": "{} is {}.",
    "differ": "{} is not {}.",
    "next": "{} lives next to {}.",
    "left": "{} lives directly to the left of {}.",
    "before": "{} lives somewhere to the left of {}.",
    "gap": "There is exactly one house between {} and {}.",
}
Clue = list[Any]


def allowed(kind: str, i: int, j: int) -> bool:
    """Tell whether two values may stand in houses i and j.

    >>> allowed("left", 1, 2), allowed("gap", 3, 1), allowed("before", 2, 2)
    (True, True, False)
    """
    return {
        "same": i == j,
        "differ": i != j,
        "next": abs(i - j) == 1,
        "left": j == i + 1,
        "before": i < j,
        "gap": abs(i - j) == 2,
    }[kind]


def draw_clue(rng: random.Random, kinds: list[str], columns: list[list[str]]) -> Clue:
    """Draw a clue that holds where the columns list the values from house 1 on."""
    n = len(columns[0])
    while True:
        kind = rng.choice(kinds)
        first, second = rng.sample(range(len(columns)), 2)
        i = rng.randrange(n)
        value = columns[first][i]
        if kind == "at":
            return ["at", value, i + 1]
        if kind == "end":
            if n > 2 and i in (0, n - 1):
                return ["end", value]
        elif kind == "either":
            other = rng.choice([j for j in range(n) if j != i])
            return ["either", value, *sorted((i + 1, other + 1))]
        else:
            if kind in ("next", "left", "before", "gap") and rng.random() < 0.2:
                second = first
            fits = [j for j in range(n) if allowed(kind, i, j) and (first != second or i != j)]
            if fits:
                pair = [value, columns[second][rng.choice(fits)]]
                if kind in ("same", "differ", "next", "gap") and rng.random() < 0.5:
                    pair.reverse()
                return [kind, *pair]


def needed_clues(rng: random.Random, kinds: list[str], columns: list[list[str]]) -> list[Clue]:
    """Return clues that hold and leave one table, none of them to spare."""
    n = len(columns[0])
    places = range(n)
    clues: list[Clue] = []
    with Model() as model:
        var = {value: model.new(n) for column in columns for value in column}
        for column in columns:
            for value in column:
                model.exactly(1, var[value])
            for i in places:
                model.exactly(1, [var[value][i] for value in column])
        truth = [var[value][i] for column in columns for i, value in enumerate(column)]
        switches: list[int] = []
        for _ in range(12 * len(columns)):
            for _ in range(max(2, n // 2)):
                clue = draw_clue(rng, kinds, columns)
                if clue in clues or [clue[0], *clue[:0:-1]] in clues:
                    continue
                (switch,) = model.new(1)
                kind, value, *rest = clue
                if kind in RELATIONS:
                    other = rest[0]
                    for i in places:
                        model.add(-switch, -var[value][i], *(var[other][j] for j in places if allowed(kind, i, j)))
                        model.add(-switch, -var[other][i], *(var[value][j] for j in places if allowed(kind, j, i)))
                else:
                    model.add(-switch, *(var[value][i - 1] for i in ((1, n) if kind == "end" else rest)))
                clues.append(clue)
                switches.append(switch)
            if model.only(truth, switches):
                break
        else:
            raise Redraw
        kept = list(range(len(clues)))
        for k in rng.sample(kept, len(kept)):
            fewer = [other for other in kept if other != k]
            if model.only(truth, [switches[other] for other in fewer]):
                kept = fewer
    return [clues[k] for k in kept]


def canonical(payload: Mapping[str, Any]) -> object:
    """Forget the order of the clues."""
    return [payload["titles"], [sorted(c) for c in payload["values"]], sorted([*map(str, c)] for c in payload["clues"])]


def board(payload: Mapping[str, Any], answer: str) -> list[list[str]]:
    """Return the table of the answer, or an empty one, with a line of titles."""
    rows = dict(read_table(answer, len(payload["values"][0]), payload["titles"]) or [])
    houses = range(1, len(payload["values"][0]) + 1)
    blank = [""] * len(payload["titles"])
    return [["house", *payload["titles"]], *([str(i), *rows.get(i, blank)] for i in houses)]


@task(levels=LEVELS, tags={"enigmata", "logic"}, chance=0.02, canonical=canonical, board=board)
def make(rng: random.Random, params: Params) -> Draft:
    """Draw a table and clues, and leave out what can be spared."""
    n, k, kinds = params.houses, params.categories, params.kinds.split()
    if not 2 <= n <= 8 or not 2 <= k <= len(CATEGORIES):
        raise BadValue("zebra_logic.houses, categories", (n, k), "must both lie between 2 and 8")
    for kind in kinds:
        if kind not in RELATIONS and kind not in UNARY:
            raise UnknownName("kind of clue", kind, [*RELATIONS, *UNARY])
    chosen = [CATEGORIES[0], *rng.sample(CATEGORIES[1:], k - 1)]
    columns = [rng.sample(category.values[2:], n) for category in chosen]
    if not kinds or (set(kinds) <= {"same", "differ"}):
        raise BadValue("zebra_logic.kinds", params.kinds, "must hold a kind that speaks of places")
    clues = needed_clues(rng, kinds, columns)
    called = {v: category.phrase.format(v) for category, column in zip(chosen, columns, strict=True) for v in column}

    def sentence(clue: Clue) -> str:
        kind, value, *rest = clue
        if kind in RELATIONS:
            text = RELATIONS[kind].format(called[value], called[rest[0]])
        else:
            where = {"at": "{}", "end": "1 or {}", "either": "{} or {}"}[kind].format(*(rest or [n]))
            text = f"{called[value]} lives in house {where}."
        return text[0].upper() + text[1:]

    told = "\n".join(f"{i}. {sentence(clue)}" for i, clue in enumerate(clues, 1))
    values = [rng.sample(column, n) for column in columns]
    lists = "\n".join(f"{c.title}: {', '.join(column)}" for c, column in zip(chosen, values, strict=True))
    rows = [", ".join([str(i + 1), *(column[i] for column in columns)]) for i in range(n)]
    example = [", ".join([str(i + 1), *(category.values[i] for category in chosen)]) for i in range(2)]
    question = (
        f"There are {n} houses in a row, numbered from 1 on the left to {n} on the right. In each house lives one "
        "person. Each house has one of each of these, and each of them belongs to one house only:\n\n"
        f"{lists}\n\nClues:\n{told}\n\n"
        '"Next to" means: in the house directly to the left or directly to the right. Exactly one table keeps all '
        f"clues.\n\nAnswer with the table: one line for each house with its number, "
        f"{', '.join(c.title for c in chosen[:-1])} and {chosen[-1].title}, separated by commas."
    )
    return Draft(
        question=question,
        payload={"titles": [category.title for category in chosen], "values": values, "clues": clues},
        reference="\n".join(rows),
        example="\n".join(example),
        brief=f"{lists}\n{told}",
        certificate={"unique": True, "minimal": True, "effort": n * n * k * len(clues)},
    )
