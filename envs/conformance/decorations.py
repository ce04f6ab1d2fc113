r"""Harmless ways to write one and the same answer: prose, bold, ``$..$``, a correction, a ``<think>`` block."""

from collections.abc import Iterator

from gradarium.errors import BadValue
from gradarium.verifiers.answers import FORMATS

TIDIED = ("tag", "boxed", "last_line", "answer_line", "plain")
"""Formats that take harmless marks off the answer; a fenced block is taken as it is."""
_INSIDE = {
    "spaces around": "  {}  ",
    "bold": "**{}**",
    "dollar signs": "${}$",
    "code marks": "`{}`",
    "boxed inside": "\\boxed{{{}}}",
    "'Answer:' in front": "Answer: {}",
    "'The final answer is' in front": "The final answer is {}",
}


def decorations(name: str, answer: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield (what was done, completion) for answer format ``name``; ``other`` is a different answer.

    Only decorations that the format defines as harmless for this answer are yielded.
    """
    form = FORMATS[name]
    try:
        right, wrong = form.render(answer), form.render(other)
    except BadValue:
        return
    yield "trailing newlines", right + "\n\n"
    yield "leading newlines", "\n\n" + right
    yield "a <think> block with another answer", f"<think>\nIt could be {wrong}\n</think>\n{right}"
    if name != "plain":
        yield "prose before", f"Let me work this out step by step.\nFirst 1, then 2.\n{right}"
        yield "corrected", f"{wrong}\nWait, that breaks a rule, so I take it back. Corrected:\n{right}"
        yield "given twice", f"{right}\n{right}"
    if name in ("tag", "fence"):
        yield "prose behind", f"{right}\nI am sure of it."
    if name == "tag":
        yield "upper-case tag", right.replace("answer>", "ANSWER>")
        yield "newlines inside", f"<answer>\n\n{answer}\n</answer>"
    if name == "fence":
        yield "language named", right.replace("```", "```text", 1)
    if name in TIDIED and "\n" not in answer and not set(answer) & set("*$`\\{}"):
        for label, mark in _INSIDE.items():
            yield label, form.render(mark.format(answer))
