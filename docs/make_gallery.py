"""Write ``docs/gallery``: a page and a picture for every task of the registry, an index, and how effort grows.

python docs/make_gallery.py                 # all tasks; takes some minutes
python docs/make_gallery.py sudoku hitori   # these tasks, and the index
python docs/make_gallery.py --check         # is the text current? exit code 1 if not

The text depends on the registry and on ``effort.json``, the mean efforts that the last full run measured.
"""

import argparse
import ast
import dataclasses
import inspect
import itertools
import json
import re
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from gradarium.core import Verdict
from gradarium.envs.drawing import Image
from gradarium.envs.prompts import render_prompt
from gradarium.envs.task_env import picture
from gradarium.generators import Task, all_tasks
from gradarium.verifiers import get_format

FOLDER = Path(__file__).with_name("gallery")
LEVEL = 1
"""The level whose whole prompt is shown: past the trivial, still short."""
EFFORTS, SECONDS = 30, 6.0
"""Instances of each level whose effort is averaged; fewer, 10 at least, where they take longer than so many seconds."""
DOTS = 330
"""Longest side of one board."""
LONGEST = 2500
"""Characters of data or of an answer that are shown."""

INDEX = """\
# Tasks

Written by `python docs/make_gallery.py` from the registry; do not edit. Each page has the task's rule, its levels with
their parameters, one instance of every level (instance 0 of the train split: `gradarium show TASK --level 1` prints the
same) with its reference answer, and the verdicts of a right and a wrong answer.

"""


def index(tasks: Sequence[Task]) -> str:
    """Return the text of the index."""
    rows = [
        f"| [{task.name}]({task.family}/{task.name}.md) | {task.family} | 0-{len(task.levels) - 1} "
        f"| {task.answer_format} | {task.chance:g} | {', '.join(sorted(task.tags))} | {task.slow} |"
        for task in tasks
    ]
    head = "| task | family | levels | answer format | chance | tags | slow, since |\n|---|---|---|---|---|---|---|\n"
    legend = (
        "\n`chance` is the most a constant answer may score at any level. The parameters of a level can be overridden\n"
        "one by one: `get_task(NAME).pose(0, level=3, params={...})`.\n"
        f"\n{len(tasks)} tasks. A task under *slow* is posed less than 200 times a second at its middle level.\n"
    )
    plots = "".join(f"\n![Effort by level, {name}](effort-{name}.png)\n" for name in sorted({t.family for t in tasks}))
    effort = (
        "\n## Effort\n\nWhat each solver or plain search did for an instance (nodes, propagations, states; "
        f'`certificate["effort"]`), mean of up to {EFFORTS} instances of each level. Units differ from task to task.\n'
    )
    return INDEX + head + "\n".join(rows) + "\n" + legend + effort + plots


def page(task: Task, efforts: Mapping[str, Sequence[float]]) -> str:
    """Return the text of one task's page."""
    instance = task.pose(0, LEVEL)
    answer_format = get_format(instance.answer_format)
    right = task.grade(answer_format.render(instance.reference), instance)
    wrong = task.grade(answer_format.render(instance.example), instance)
    paths = [f"{part}/{task.family}/{task.name}.py" for part in ("generators", "verifiers")]
    drawn = f"\n![Levels 0 to {len(task.levels) - 1}, with their answers]({task.name}.png)\n" if has_board(task) else ""
    return "\n".join(
        [
            f"# {task.name}\n",
            task.summary.replace("``", "`") + "\n",
            rule(task) + "\n",
            f"Files: {', '.join(f'[{path}](../../../{path})' for path in paths)}."
            + (f" Slow: {task.slow}." if task.slow else "")
            + "\n",
            ladder(task, efforts.get(task.name, ())) + drawn,
            f"## Level {LEVEL}, whole\n\nPrompt:\n",
            block(render_prompt(instance)),
            f"A right answer: {said(right)}\n",
            block(instance.reference),
            f"A wrong answer, the one that the prompt shows as an example of the form: {said(wrong)}\n",
            block(instance.example),
            f"What was proved: `{json.dumps(instance.certificate)}`\n",
            '## The other levels\n\nThe data alone, as `style = "brief"` gives it, and a right answer.\n',
            *(level_of(task, level) for level in range(len(task.levels)) if level != LEVEL),
        ]
    )


def level_of(task: Task, level: int) -> str:
    """Return the first instance of a level: its data and reference."""
    instance = task.pose(0, level)
    return f"### Level {level}\n\n{block(cut(instance.brief))}\n{block(cut(instance.reference))}"


def cut(text: str) -> str:
    """Return text, or its beginning where it is very long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n... ({len(text) - LONGEST} more characters)"


def has_board(task: Task) -> bool:
    """Return whether a task can be drawn."""
    return task.board is not None or task.graph is not None


def drawing(task: Task) -> Image:
    """Return all levels side by side, problems above and their references below."""
    columns = []
    for level in range(len(task.levels)):
        instance = task.pose(0, level)
        verdict = dataclasses.replace(task.verify(instance.reference, instance.payload), answer=instance.reference)
        pair = [picture(task, instance.payload, said, DOTS) for said in (None, verdict)]
        columns.append([image[::2, ::2] if len(image) > 2 * DOTS else image for image in pair])
    half = (len(columns) + 1) // 2
    rows = [[pair[which] for pair in part] for part in (columns[:half], columns[half:]) for which in (0, 1)]
    return stack([stack(row, 1) for row in rows if row], 0)


def stack(images: Sequence[Image], axis: int) -> Image:
    """Put images side by side (axis 1) or one below the other (axis 0), on white."""
    size = max(image.shape[1 - axis] for image in images)
    padded = []
    for image in images:
        room = [(0, 0), (0, 0), (0, 0)]
        room[axis], room[1 - axis] = (0, 8), (0, size - image.shape[1 - axis])
        padded.append(np.pad(image, room, constant_values=255))
    return np.concatenate(padded, axis)


def measure(task: Task) -> list[float]:
    """Return the mean effort of each level."""
    means = []
    for level in range(len(task.levels)):
        end, found = time.monotonic() + SECONDS, []
        while len(found) < EFFORTS and (len(found) < 10 or time.monotonic() < end):
            found.append(task.pose(len(found), level).certificate["effort"])
        means.append(round(fmean(found), 1))
    return means


def plot(family: str, efforts: Mapping[str, Sequence[float]], path: Path) -> None:
    """Draw the effort of each task of a family by level."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    wide = min(6, len(efforts))
    tall = -(-len(efforts) // wide)
    figure, axes = pyplot.subplots(tall, wide, figsize=(2.1 * wide, 1.7 * tall), squeeze=False, layout="constrained")
    for axis, (name, values) in itertools.zip_longest(axes.flat, efforts.items(), fillvalue=("", ())):
        if not values:
            axis.axis("off")
            continue
        axis.plot(range(len(values)), [max(value, 0.5) for value in values], "o-", markersize=3, color="#1f62b0")
        axis.set_yscale("log")
        axis.set_title(name, fontsize=7)
        axis.tick_params(labelsize=6, which="both")
    figure.supxlabel(f"level ({family})", fontsize=7)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    pyplot.close(figure)


def rule(task: Task) -> str:
    """Return the paragraph of the module's docstring that says what is right."""
    doc = inspect.cleandoc(sys.modules[task.make.__module__].__doc__ or "")
    found = re.search(r"^(What is right: .*?)(?:^\s*$|^Version history|\Z)", doc, re.MULTILINE | re.DOTALL)
    text = " ".join(found[1].split()) if found else ""
    return text.replace("``", "`")


def ladder(task: Task, efforts: Sequence[float]) -> str:
    """Return the parameters: what each means, its value at each level, and the mean effort."""
    params = type(task.levels[0])
    names = [field.name for field in dataclasses.fields(params)]
    meanings = dict(_field_docs(params))
    lines = [f"* `{name}`: {meanings.get(name, '')}" for name in names]
    table = [
        "| level | " + " | ".join(names) + " | mean effort |",
        "|---" * (len(names) + 2) + "|",
        *(
            f"| {i} | "
            + " | ".join(f"`{getattr(level, name)}`" for name in names)
            + (f" | {efforts[i]:,} |" if i < len(efforts) else " | |")
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


def pages(tasks: Sequence[Task]) -> Iterator[tuple[Path, str]]:
    """Yield path and text of the pages of some tasks."""
    efforts = json.loads((FOLDER / "effort.json").read_text(encoding="utf-8"))
    for task in tasks:
        yield FOLDER / task.family / f"{task.name}.md", page(task, efforts)


def stale(tasks: Sequence[Task]) -> list[str]:
    """Return the names of pages whose text is not current, and of files that no task has."""
    own = suite()
    wrong = [path.name for path, text in pages(tasks) if not path.is_file() or path.read_text(encoding="utf-8") != text]
    kept = {FOLDER / task.family / f"{task.name}.md" for task in own}
    kept |= {FOLDER / task.family / f"{task.name}.png" for task in own if has_board(task)}
    wrong += [path.name for path in FOLDER.glob("*/*") if path not in kept]
    wrong += [path.name for path in kept if not path.exists()]
    if (FOLDER / "README.md").read_text(encoding="utf-8") != index(own):
        wrong.append("README.md")
    return sorted(set(wrong))


def suite() -> list[Task]:
    """Return the suite's own tasks."""
    return [task for task in all_tasks() if task.make.__module__.startswith("gradarium.")]


def write(tasks: Sequence[Task]) -> None:
    """Write pages and pictures of some tasks, and the index."""
    from PIL.Image import fromarray

    own, store = suite(), FOLDER / "effort.json"
    known: dict[str, Any] = json.loads(store.read_text(encoding="utf-8")) if store.is_file() else {}
    known.update({task.name: measure(task) for task in tasks})
    known = {task.name: known[task.name] for task in own if task.name in known}
    FOLDER.mkdir(exist_ok=True)
    store.write_text(json.dumps(known, indent=0) + "\n", encoding="utf-8")
    for task in tasks:
        (FOLDER / task.family).mkdir(exist_ok=True)
        if has_board(task):
            image = fromarray(drawing(task)).quantize(24)  # few colours: small files
            image.save(FOLDER / task.family / f"{task.name}.png", optimize=True)
    for path, text in pages(tasks):
        path.write_text(text, encoding="utf-8")
    for family in sorted({task.family for task in tasks}):
        listed = {task.name: known[task.name] for task in own if task.family == family and task.name in known}
        plot(family, listed, FOLDER / f"effort-{family}.png")
    (FOLDER / "README.md").write_text(index(own), encoding="utf-8")
    names = {task.name for task in own}
    for path in FOLDER.glob("*/*"):
        if path.stem not in names:
            path.unlink()


def main() -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="*", help="only these")
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args()
    tasks = [task for task in suite() if not given.task or task.name in given.task]
    if not given.check:
        write(tasks)
        return 0
    wrong = stale(tasks)
    if wrong:
        sys.stderr.write(f"not current: {', '.join(wrong)}: run python docs/make_gallery.py\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
