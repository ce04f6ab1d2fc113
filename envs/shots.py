"""Worked examples: solved problems of the same task and level that stand before the posed one in a prompt.

They come from the training split, so none is ever an instance of dev or test, and from indices that no training run
reaches. A model that ignores the sentence about the answer format often follows what it sees done (Brown et al. 2020,
arXiv:2005.14165).
"""

from functools import lru_cache

from gradarium.core import Instance, derive_seed
from gradarium.errors import BadValue
from gradarium.generators import get_task
from gradarium.verifiers.answers import get_format

FIRST_INDEX = 2**62
"""Examples have indices from here to 2**63 - 1; curricula count up from 0."""

MAX_SHOTS = 64

PATIENCE = 20
"""Further draws for the sake of examples whose answers differ."""


def worked_examples(instance: Instance, shots: int, seed: int = 0) -> tuple[Instance, ...]:
    """Return ``shots`` solved instances of the same task, level and answer format, none of them ``instance`` itself.

    They depend on task, level, format, ``seed`` and ``shots``; where one has the key of ``instance``, the next one
    takes its place. No two have one key, and their answers differ as long as the level has others: two examples that
    both say "yes" would pull a small model towards "yes" (Zhao et al. 2021, arXiv:2102.09690). A level that was changed
    by ``params`` is shown as it stands on the ladder.

    Raises UnknownName for a task that is not installed, CannotPose, or BadValue for a number that is no number of
    examples or that the level cannot give.

    >>> from gradarium.generators import get_task
    >>> posed = get_task("chain_arithmetic").pose(7)
    >>> [e.split for e in worked_examples(posed, 2)]
    ['train', 'train']
    """
    if isinstance(shots, bool) or not isinstance(shots, int) or not 0 <= shots <= MAX_SHOTS:
        raise BadValue("shots", shots, f"must be from 0 to {MAX_SHOTS}")
    keys, answers = {instance.key}, set[str]()
    chosen: list[Instance] = []
    spare: list[Instance] = []
    for number in range(2 * shots + PATIENCE if shots else 0):
        example = _drawn(instance.task, instance.level, instance.answer_format, seed, number)
        if example.key in keys:
            continue
        keys.add(example.key)
        (spare if example.reference in answers else chosen).append(example)
        answers.add(example.reference)
        if len(chosen) == shots:
            break
    chosen += spare[: shots - len(chosen)]
    if len(chosen) < shots:
        reason = f"{instance.task} level {instance.level} gave only {len(chosen)} different ones; ask for fewer"
        raise BadValue("shots", shots, reason)
    return tuple(chosen)


@lru_cache(maxsize=4096)
def _drawn(task: str, level: int, answer_format: str, seed: int, number: int) -> Instance:
    index = FIRST_INDEX + derive_seed("shots", task, level, seed, number) % FIRST_INDEX
    return get_task(task).pose(index, level, "train", answer_format=answer_format)


def answer_text(instance: Instance) -> str:
    """Return the reference as a completion states it; raises BadValue where the format cannot hold it."""
    return get_format(instance.answer_format).render(instance.reference)
