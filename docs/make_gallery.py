"""Write ``docs/tasks.md`` from the registry; with ``--check``, say whether it is current (exit code 1 if not).

python docs/make_gallery.py
"""

import ast
import dataclasses
import inspect
import itertools
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from gradarium.core import Verdict
from gradarium.envs.prompts import render_prompt
from gradarium.generators import Task, all_tasks
from gradarium.verifiers import get_format

FILE = Path(__file__).with_name("tasks.md")
LEVEL = 1
"""The level whose first instance is shown: past the trivial, still short."""

HEAD = """\
# Tasks

Written by `python docs/make_gallery.py` from the registry; do not edit. Every prompt is instance 0 of level 1 of the
train split: `gradarium show TASK --level 1` prints the same.

"""


def gallery() -> str:
    """Return the text of the page."""
    tasks = [task for task in all_tasks() if task.make.__module__.startswith("gradarium.")]
    rows = [
        f"| [{task.name}](#{task.name}) | {task.family} | 0-{len(task.levels) - 1} | {task.answer_format} "
        f"| {task.chance:g} | {', '.join(sorted(task.tags))} |"
        for task in tasks
    ]
    head = "| task | family | levels | answer format | chance | tags |\n|---|---|---|---|---|---|\n"
    legend = (
        "\n`chance` is the most a constant answer may score at any level. The parameters of a level can be overridden\n"
        "one by one: `get_task(NAME).pose(0, level=3, params={...})`.\n"
    )
    return HEAD + head + "\n".join(rows) + "\n" + legend + "".join(map(section, tasks))


def section(task: Task) -> str:
    """Return what the page says about one task."""
    instance = task.pose(0, LEVEL)
    answer_format = get_format(instance.answer_format)
    right = task.grade(answer_format.render(instance.reference), instance)
    wrong = task.grade(answer_format.render(instance.example), instance)
    paths = [f"{part}/{task.family}/{task.name}.py" for part in ("generators", "verifiers")]
    return "\n".join(
        [
            f"\n## {task.name}\n",
            task.summary.replace("``", "`") + "\n",
            rule(task) + "\n",
            f"Files: {', '.join(f'[{path}](../{path})' for path in paths)}."
            + (f" Slow: {task.slow}." if task.slow else "")
            + "\n",
            ladder(task),
            f"Prompt of level {LEVEL}:\n",
            block(render_prompt(instance)),
            f"A right answer: {said(right)}\n",
            block(instance.reference),
            f"A wrong answer, the one that the prompt shows as an example of the form: {said(wrong)}\n",
            block(instance.example),
            f"What was proved: `{json.dumps(instance.certificate)}`\n",
        ]
    )


def rule(task: Task) -> str:
    """Return the paragraph of the module's docstring that says what is right."""
    doc = inspect.cleandoc(sys.modules[task.make.__module__].__doc__ or "")
    found = re.search(r"^(What is right: .*?)(?:^\s*$|^Version history|\Z)", doc, re.MULTILINE | re.DOTALL)
    text = " ".join(found[1].split()) if found else ""
    return text.replace("``", "`")


def ladder(task: Task) -> str:
    """Return the parameters: what each means and its value at each level."""
    params = type(task.levels[0])
    names = [field.name for field in dataclasses.fields(params)]
    meanings = dict(_field_docs(params))
    lines = [f"* `{name}`: {meanings.get(name, '')}" for name in names]
    table = [
        "| level | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
        *(
            f"| {i} | " + " | ".join(f"`{getattr(level, name)}`" for name in names) + " |"
            for i, level in enumerate(task.levels)
        ),
    ]
    return "\n".join([*lines, "", *table, ""])


def _field_docs(params: type) -> Iterator[tuple[str, str]]:
    """Yield (field, the string under it), those of base classes first."""
    for cls in reversed(params.__mro__[:-1]):
        body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, text in itertools.pairwise(statements):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                value = text.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield field.target.id, " ".join(value.value.split()).replace("``", "`")


def block(text: str) -> str:
    """Return a fenced block that may itself hold fences."""
    return f"````text\n{text}\n````\n"


def said(verdict: Verdict) -> str:
    """Return status, score and, for a wrong answer, the reason."""
    reason = f" ({verdict.reason})" if verdict.score < 1 else ""
    return f"`{verdict.status}`, score {verdict.score:g}{reason}."


def main() -> int:
    """Write or check the page; return the exit code."""
    text = gallery()
    if "--check" in sys.argv[1:]:
        if not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{FILE.name} is not current: run python docs/make_gallery.py\n")
            return 1
        return 0
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
