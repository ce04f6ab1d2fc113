"""Prompts: from an instance to the text a model reads."""

from gradarium.core import Instance
from gradarium.envs.shots import answer_text, worked_examples
from gradarium.envs.templates import check_template, render
from gradarium.errors import BadValue, UnknownName

STYLES = ("full", "brief")
"""``full`` states rules, data and answer format; ``brief`` the task's name and the bare data, for small models that
know the rules from training."""


def check_style(style: str, template: int = 0) -> str:
    """Return the style; raises UnknownName, or BadValue for a template that it cannot be in."""
    if style not in STYLES:
        raise UnknownName("prompt style", style, STYLES)
    if check_template(template) and style != "full":
        raise BadValue("template", template, f"the style {style!r} has one form only; use the style 'full'")
    return style


def render_prompt(instance: Instance, style: str = "full", template: int = 0) -> str:
    """Return the prompt of an instance.

    ``template`` is one of ``envs/templates.py``. Raises UnknownName, or BadValue where the instance has no brief, the
    style no other template, or the format cannot hold the example.

    >>> from gradarium.generators import get_task
    >>> render_prompt(get_task("sudoku").pose(7), "brief").splitlines()[0]
    'sudoku'
    """
    if check_style(style, template) == "full":
        return render(template, instance.question, instance.answer_format, instance.example)
    if not instance.brief:
        raise BadValue("style", style, f"the instances of {instance.task} have no brief; use 'full'")
    return f"{instance.task}\n{instance.brief}"


def messages(
    instance: Instance,
    style: str = "full",
    system: str | None = None,
    shots: int = 0,
    seed: int = 0,
    template: int = 0,
) -> tuple[dict[str, str], ...]:
    """Return the prompt as chat messages; raises as ``render_prompt`` and ``worked_examples``.

    A system message comes first where one is given, then ``shots`` worked examples as pairs of a user's and an
    assistant's message, then the prompt. Examples are put as the prompt is, in the same template.
    """
    found = [] if system is None else [{"role": "system", "content": system}]
    for example in worked_examples(instance, shots, seed):
        found.append({"role": "user", "content": render_prompt(example, style, template)})
        found.append({"role": "assistant", "content": answer_text(example)})
    return (*found, {"role": "user", "content": render_prompt(instance, style, template)})


def render_text(instance: Instance, style: str = "full", shots: int = 0, seed: int = 0, template: int = 0) -> str:
    """Return the prompt as plain text for a model without a chat template; raises as ``messages``.

    The answer is what comes next. Without examples the prompt ends in a blank line. With them, each is prompt, line
    break, answer, two blank lines, and the prompt ends in one line break: most tokenizers have one token for two breaks
    at the end of a text but take two when text follows, so a blank line there would look to the model like the gap
    between examples (SmolLM2-135M then answered in the shown form in 0 of 100 cases).
    """
    examples = worked_examples(instance, shots, seed)
    blocks = [f"{render_prompt(example, style, template)}\n{answer_text(example)}\n\n\n" for example in examples]
    return "".join(blocks) + render_prompt(instance, style, template) + ("\n" if examples else "\n\n")
