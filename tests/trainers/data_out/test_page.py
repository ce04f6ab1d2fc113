"""The reward functions of docs/data.md do what the page says."""

import json
import re
from pathlib import Path

import pytest

from gradarium.generators import get_task
from gradarium.trainers.data_out.columns import COLUMNS
from gradarium.verifiers import FORMATS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "data.md"


@pytest.fixture
def blocks(tmp_path, load_file):
    """Return the functions of the page's Python blocks."""
    found = {}
    for i, text in enumerate(re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)):
        if "def " in text:
            path = tmp_path / f"block_{i}.py"
            path.write_text(text)
            found |= vars(load_file(path))
    return found


def test_the_reward_functions_pay_for_right_answers_only(blocks):
    instances = [get_task("sudoku").pose(1, 1), get_task("countdown").pose(1, 2, answer_format="boxed")]
    replies = [FORMATS[i.answer_format].render(answer) for i in instances for answer in (i.reference, i.example)]
    rows = [COLUMNS["chat"](i, "full") for i in instances for _ in range(2)]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    chats = [[{"role": "assistant", "content": reply}] for reply in replies]
    assert blocks["reward"](chats, **columns) == [1.0, 0.0, 1.0, 0.0]
    rows = [json.loads(json.dumps(COLUMNS["verl"](i, "full"))) for i in instances for _ in range(2)]
    assert [
        blocks["compute_score"](row["data_source"], reply, row["reward_model"]["ground_truth"], row["extra_info"])
        for row, reply in zip(rows, replies, strict=True)
    ] == [1.0, 0.0, 1.0, 0.0]
