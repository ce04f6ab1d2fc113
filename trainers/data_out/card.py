"""The data set card of a folder: what it holds and how to load and judge it; its head tells ``datasets`` the files."""

from gradarium import __version__
from gradarium.generators import get_task
from gradarium.trainers.data_out.request import Request

_HEAD = """---
pretty_name: {name}
tags:
- gradarium
- reinforcement-learning
- verifiable-rewards
configs:
- config_name: default
  data_files:
  - split: {split}
    path: data/{split}-*.parquet
---

# {name}

{total} instances of {tasks} {word}, split `{split}`, made by gradarium {version}; the settings and the hash of every
file are in `manifest.json`. The same settings give the same bytes anywhere, and no instance of one split stands in
another.

```python
from datasets import load_dataset

rows = load_dataset("path/of/this/folder", split="{split}")
```

"""

_JUDGE = {
    "instance": """\
Judge a reply (`payload` and `certificate` are JSON text):

```python
import json
from gradarium.verifiers import grade

row = rows[0]
verdict = grade(reply, row["task"], json.loads(row["payload"]), row["answer_format"])
```
""",
    "verl": """\
Judge a reply with this reward function of verl:

```python
import json
from gradarium.verifiers import grade


def compute_score(data_source, solution_str, ground_truth, extra_info):
    return grade(solution_str, data_source, json.loads(ground_truth), extra_info["answer_format"]).score
```
""",
}
_JUDGE["chat"] = _JUDGE["prompt"] = _JUDGE["instance"].replace("`payload` and `certificate` are", "`payload` is")


def card(name: str, request: Request) -> str:
    """Return the text of ``README.md``."""
    levels: dict[str, list[int]] = {}
    for task, level in request.arms:
        levels.setdefault(task, []).append(level)
    head = _HEAD.format(
        name=name,
        split=request.split,
        total=request.total,
        tasks=len(levels),
        word="task" if len(levels) == 1 else "tasks",
        version=__version__,
    )
    rows = [
        f"| `{task}` | {get_task(task).version} | {', '.join(map(str, found))} | {len(found) * request.count} |"
        for task, found in levels.items()
    ]
    table = "\n".join(["| task | version | levels | instances |", "|---|---|---|---|", *rows])
    return f"{head}{_JUDGE[request.columns]}\n{table}\n"
