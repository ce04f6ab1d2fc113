import dataclasses
import re
from pathlib import Path

import pytest

from gradarium.trainers.config import RunConfig, TaskEntry
from gradarium.trainers.curricula import get_rule, rule_names
from gradarium.trainers.curricula.curriculum import Feedback
from gradarium.trainers.glossary import CURVES, TABLES, Entry, explain, main, render, table

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_is_made_from_the_glossary():
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"<!-- glossary: (\w+) -->", page) == list(TABLES)
    assert page.count("<!-- end -->") == len(TABLES)
    assert render(page) == page, "run: python -m gradarium.trainers.glossary docs/metrics.md"


def test_a_page_is_made_anew(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- glossary: rejection -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    main(path)
    made = path.read_text(encoding="utf-8")
    assert "old" not in made and "| `kept` |" in made
    assert made.startswith("before\n") and made.endswith("\nafter\n")


def test_a_table():
    rows = table({"x": Entry("X", "what", "s", "", "bad | worse".replace(" | ", " or "))}).splitlines()
    assert rows[2] == "| `x` | what | s | | bad or worse |"


@pytest.mark.parametrize("name", TABLES)
def test_entries_are_whole_lines(name):
    for field, entry in TABLES[name].items():
        assert entry.title and entry.meaning, field
        assert entry.title[0].isupper() and not entry.title.endswith("."), field
        for text in entry:
            assert "\n" not in text and "|" not in text and text == text.strip(), (field, text)


def test_every_curve_says_when_it_is_bad():
    silent = {name for name, entry in CURVES.items() if not (entry.healthy and entry.bad)}
    assert silent == {"stage", "step", "sandbox"}


def test_explain():
    assert explain("reward/sudoku/3") is explain("grpo/reward/sudoku/3") is explain("reward") is CURVES["reward"]
    assert explain("warm_start/dev/sudoku/0") is CURVES["dev"]
    assert explain("grpo/curriculum/level/sudoku") is CURVES["curriculum.level"]
    assert explain("curriculum.no_such_figure") is CURVES["curriculum"]
    assert explain("rewards") is None and explain("grpo") is None and explain("") is None


def test_every_option_that_is_named_exists():
    sections = {field.name: field.default_factory for field in dataclasses.fields(RunConfig) if field.name != "task"}
    for name, entry in CURVES.items():
        for section, option in re.findall(r"`(\w+)\.(\w+)`", " ".join(entry)):
            known = {field.name for field in dataclasses.fields(sections[section]())}
            assert option in known, (name, section, option)


@pytest.mark.parametrize("rule", rule_names())
def test_every_figure_of_a_curriculum_is_explained(rule):
    curriculum = get_rule(rule)([TaskEntry("countdown", (0, 1, 2)), TaskEntry("sudoku", (0, 1))], 0, steps=100)
    for step in range(12):
        drawn = curriculum.draw(8)
        scores = [[1.0, 0.0, 0.0, float(step % 2)], [1.0, 1.0, 1.0, 0.0]]
        curriculum.update([Feedback(arm, i, s, s, 40) for (arm, i), s in zip(drawn, scores * 4, strict=True)])
    for name in curriculum.metrics():
        assert f"curriculum.{name.split('/')[0]}" in CURVES, name
