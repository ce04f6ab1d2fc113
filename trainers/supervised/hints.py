"""Guide-GRPO: where every rollout fails, sample again with a hint and learn as if there had been none (2506.13923).

The ratio of such a rollout is pi(answer | problem) / pi_old(answer | problem and hint), so the update is about the
problem without the hint. Deviation: the paper's guidance is a text on how to solve the problem; ours is the first half
of the reference answer.
"""

import dataclasses

from gradarium.core import Instance


def with_hint(instance: Instance) -> Instance:
    r"""Return the same problem with the first half of its reference answer (rounded up, never all) in the prompt.

    A reference of one character cannot be told in part: its problem is returned as it is.

    >>> from gradarium.generators import get_task
    >>> with_hint(get_task("spell_backward").pose(0)).brief
    'soy\nhint: yo'
    """
    reference = instance.reference
    told = reference[: min((len(reference) + 1) // 2, len(reference) - 1)]
    if not told:
        return instance
    return dataclasses.replace(
        instance,
        question=f"{instance.question}\n\nHint: a right answer begins like this:\n{told}",
        brief=f"{instance.brief}\nhint: {told}" if instance.brief else "",
    )
