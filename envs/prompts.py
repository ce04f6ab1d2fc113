"""Prompts: from an instance to the text a model reads."""

from gradarium.core import Instance
from gradarium.errors import BadValue, UnknownName
from gradarium.verifiers.answers import get_format

STYLES = ("full", "brief")
"""``full`` states rules, data and answer format; ``brief`` the task's name and the bare data, for small models that
know the rules from training."""


def check_style(style: str) -> str:
    """Return the style; raises UnknownName."""
    if style not in STYLES:
        raise UnknownName("prompt style", style, STYLES)
    return style


def render_prompt(instance: Instance, style: str = "full") -> str:
    """Return the prompt of an instance; raises UnknownName, or BadValue where the instance has no brief.

    >>> from gradarium.generators import get_task
    >>> render_prompt(get_task("sudoku").pose(7), "brief").splitlines()[0]
    'sudoku'
    """
    if check_style(style) == "full":
        return f"{instance.question}\n\n{get_format(instance.answer_format).ask(instance.example)}"
    if not instance.brief:
        raise BadValue("style", style, f"the instances of {instance.task} have no brief; use 'full'")
    return f"{instance.task}\n{instance.brief}"


def messages(instance: Instance, style: str = "full", system: str | None = None) -> tuple[dict[str, str], ...]:
    """Return the prompt as chat messages, after a system message where one is given; raises as ``render_prompt``."""
    user = {"role": "user", "content": render_prompt(instance, style)}
    return (user,) if system is None else ({"role": "system", "content": system}, user)
