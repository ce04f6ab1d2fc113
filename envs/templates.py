"""Prompt templates: other ways to put one question, and to ask for its answer.

A model that has met one phrasing only learns the phrasing with the task. Template 0 is the question and the sentence of
its answer format; the others change order, headings and wording. Each holds the question as it is, says where the
answer goes, and shows an example of the form, so a stranger could answer from it alone.

>>> render(1, "Double 4.", "tag", "3").splitlines()[:3]
['## Problem', '', 'Double 4.']
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gradarium.core import Instance, derive_seed
from gradarium.errors import BadValue
from gradarium.verifiers.answers import get_format


class Template(NamedTuple):
    """One way to put a question."""

    layout: str
    """Text with ``{question}``, ``{where}`` (where the answer goes) and ``{shown}`` (an example of the form)."""
    where: Mapping[str, str]
    """For each answer format, the sentence that says where the answer goes."""


_WRITE = {
    "tag": "Write your answer inside <answer> tags: <answer> before it, </answer> behind it.",
    "boxed": "Write your answer inside \\boxed{}.",
    "fence": "Write your answer in a Markdown code block, with a line of three backticks above and below it.",
    "last_line": "Write your answer by itself as the last line of your reply.",
    "answer_line": "Write your answer on a line of its own, after the word 'answer:'.",
    "plain": "Write the answer and nothing else: the whole reply is taken as the answer.",
}
_FINISH = {
    "tag": "Finish with the answer, enclosed in <answer> and </answer>.",
    "boxed": "Finish with the answer as the content of \\boxed{}.",
    "fence": "Finish with the answer in one block that is fenced by triple backticks.",
    "last_line": "Finish with a line that holds the answer and nothing else.",
    "answer_line": "Finish with one line that starts with 'answer:' and goes on with the answer.",
    "plain": "Reply with only the answer, without an explanation.",
}
_MUST = {
    "tag": "The answer must stand between an opening <answer> and a closing </answer>.",
    "boxed": "The answer must stand inside \\boxed{...}.",
    "fence": "The answer must stand in a single code block, fenced by three backticks above and below.",
    "last_line": "The last line of the reply must be the answer alone.",
    "answer_line": "The answer must stand on a line of its own, with 'answer:' in front.",
    "plain": "The reply must consist of the answer alone.",
}
_READ = {
    "tag": "Only what stands in <answer>...</answer> is read as your answer.",
    "boxed": "Only what stands in \\boxed{...} is read as your answer.",
    "fence": "Only what stands in a code block, fenced by three backticks, is read as your answer.",
    "last_line": "Only the last line of your reply is read as your answer; put nothing else there.",
    "answer_line": "Only the line that begins with 'answer:' is read; put your answer behind the colon.",
    "plain": "Your whole reply is read as the answer, so leave everything else out.",
}

# Number 0 is render_prompt's own. The last ones, which are the first to be held out, are no near copies of the others.
_OTHERS: tuple[Template, ...] = (
    Template(
        "## Problem\n\n{question}\n\n## Answer\n\n{where} An answer, not the right one, would look like this:\n{shown}",
        _WRITE,
    ),
    Template("{where} The form, with made-up content:\n{shown}\n\nHere is the problem.\n\n{question}", _MUST),
    Template("Question:\n{question}\n\nHow to answer: {where} In form, not in content, like this:\n{shown}", _FINISH),
    Template("Solve the following.\n\n{question}\n\n{where} A sample of the form, with other content:\n{shown}", _READ),
    Template(
        "1. The problem\n\n{question}\n\n2. The form of the answer\n\n{where} Example (not the solution):\n{shown}",
        _MUST,
    ),
    Template(
        "{question}\n\n---\n\n{where} The following shows the form only; what it says is not the answer.\n{shown}",
        _READ,
    ),
    Template(
        "Below is a problem, and after it how the answer has to be written.\n\n{question}\n\n"
        "{where} For illustration, a reply with a wrong answer:\n{shown}",
        _WRITE,
    ),
    Template("# Output format\n\n{where} The form (the content is made up):\n{shown}\n\n# Task\n\n{question}", _FINISH),
    Template(
        "<problem>\n{question}\n</problem>\n\n<output_format>\n{where} The form, not the solution:\n{shown}\n"
        "</output_format>",
        _WRITE,
    ),
    Template(
        "You will be given a problem. {where} In the right form, though wrong:\n{shown}\n\n"
        "The problem begins below this line.\n\n{question}",
        _READ,
    ),
    Template(
        "TASK\n====\n{question}\n\nREPLY\n=====\n{where} What comes next shows the form, with arbitrary content.\n"
        "{shown}",
        _FINISH,
    ),
)

TEMPLATES = 1 + len(_OTHERS)
"""How many templates there are, the plain one with number 0 included."""


def check_template(template: int) -> int:
    """Return the number of a template; raises BadValue."""
    if isinstance(template, bool) or not isinstance(template, int) or not 0 <= template < TEMPLATES:
        raise BadValue("template", template, f"must be a whole number from 0 to {TEMPLATES - 1}")
    return template


def render(template: int, question: str, answer_format: str, example: str) -> str:
    """Return a question with the request for its answer, as a template puts it.

    Raises UnknownName for another format, BadValue for another template, and from template 1 on for an example that the
    format cannot hold.
    """
    form = get_format(answer_format)
    if check_template(template) == 0:
        return f"{question}\n\n{form.ask(example)}"
    chosen = _OTHERS[template - 1]
    return chosen.layout.format(question=question, where=chosen.where[form.name], shown=form.render(example))


def choose_template(instance: Instance, among: Sequence[int], seed: int = 0) -> int:
    """Return the template of an instance: always the same for one seed, and each of ``among`` alike often.

    ``range(n)`` is what training with ``prompts.templates = n`` draws from; ``held_out(n)`` are the others.
    """
    if len(among) == 1:
        return among[0]
    number = derive_seed("template", instance.task, instance.split, instance.level, instance.index, seed)
    return among[number % len(among)]


def held_out(templates: int) -> range:
    """Return the templates that training with the first ``templates`` never shows; raises BadValue where none is left.

    >>> held_out(8)
    range(8, 12)
    """
    if not 1 <= templates < TEMPLATES:
        raise BadValue("templates", templates, f"must be from 1 to {TEMPLATES - 1} for one to be held out")
    return range(templates, TEMPLATES)
