"""Double a number: a task of a package of its own, in one file.

After ``pip install examples/acme_double`` the name ``acme_double`` works wherever a task name does::

    gradarium show acme_double --level 2
    gym.make("gradarium/acme_double-v0", level=2)
"""

import random
from dataclasses import dataclass

from gradarium.core import Draft, Payload, Verdict
from gradarium.generators import task
from gradarium.verifiers.reading import read_int


@dataclass(frozen=True)
class Params:
    """One step of the ladder."""

    top: int
    """Largest number to double."""


LEVELS = [Params(100), Params(10**3), Params(10**4), Params(10**6), Params(10**9), Params(10**12)]


def verify(answer: str, payload: Payload) -> Verdict:
    """Judge an integer."""
    number = read_int(answer)
    if number is None:
        return Verdict.unreadable("expected one integer")
    if number != 2 * payload["n"]:
        return Verdict.wrong(f"{number} is not the double", "value")
    return Verdict.correct()


@task(name="acme_double", family="acme", levels=LEVELS, verify=verify, chance=0.02, tags={"example"})
def make(rng: random.Random, params: Params) -> Draft:
    """Draw the number."""
    n = rng.randint(0, params.top)
    return Draft(
        question=f"Double {n}. Answer with one integer.",
        payload={"n": n},
        reference=str(2 * n),
        example=str(2 * n + 1),
        brief=str(n),
        certificate={"effort": len(str(params.top))},
    )
