"""A page needs nothing from outside, shows what was recorded, and is the same text for the same files."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

pytest.importorskip("matplotlib")

from gradarium.trainers.means import mean_over_tasks
from gradarium.trainers.records import read_lines
from gradarium.trainers.reporting.chart import png
from gradarium.trainers.reporting.drawing import BINS
from gradarium.trainers.reporting.folders import read_run
from gradarium.trainers.reporting.held_out import by_arm
from gradarium.trainers.reporting.palette import DAY, NIGHT
from gradarium.trainers.reporting.run_page import run_report
from gradarium.trainers.reporting.write import write_comparison, write_report

VOID = {"meta", "link", "br", "input", "image", "path", "use", "rect"}


class Structure(HTMLParser):
    """Which tags a page has, with what attributes, and whether each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open and self.open.pop() == tag, f"</{tag}> closes another element"


def check_page(page: str) -> Structure:
    """Nothing is fetched, every element is closed, ids are unique, references inside the page have their target."""
    found = Structure(page)
    assert found.open == []
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in found.tags:
        assert not [name for name in attrs if name.startswith("on")], tag
        for name in ("src", "href", "xlink:href", "srcset", "action", "poster"):
            target = attrs.get(name)
            if target is not None:
                assert target.startswith("data:") or target[1:] in ids, (tag, target)
    for target in re.findall(r"url\(([^)]*)\)", "".join(re.findall(r"<[^>]*>|<style>.*?</style>", page, re.S))):
        assert target[1:] in ids
    assert "@import" not in page and "xmlns" not in page
    assert [tag for tag, _ in found.tags].count("script") == 1
    return found


@pytest.fixture(scope="module")
def written(made_up, tmp_path_factory):
    """The folder of a run, and the text of its page."""
    folder = made_up.write_run(tmp_path_factory.mktemp("written") / "made-up")
    return folder, write_report(folder).read_text(encoding="utf-8")


def test_all_sections_of_a_run(written):
    folder, page = written
    check_page(page)
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "Held-out results",
        "Reward",
        "Looks at the dev split",
        "Curriculum",
        "Parts of the reward",
        "Policy",
        "Rollouts",
        "Speed",
        "Alarms",
        "Warm start",
        "Samples",
        "Settings and versions",
    ]
    titles = re.findall(r"<h3>(.*?)</h3>", page)
    assert titles[4:8] == ["All arms", "chain_arithmetic", "countdown", "sudoku"]
    assert page.count("<svg") == page.count("<figure") == len(set(re.findall(r'<figure class="card" id="(.*?)"', page)))
    records = read_lines(folder / "metrics.jsonl")
    tokens = sum(r["tokens"] for r in records if r["stage"] == "grpo")
    assert f"<b>{tokens / 1000:.3g}k</b>" in page
    assert '<div class="tile bad"><span>Alarms</span><b>2</b><small>first at step 20</small></div>' in page
    results = json.loads((folder / "results.json").read_text())
    first, middle, last = (mean_over_tasks(by_arm(results[name])) for name in ("start", "warm_start", "grpo"))
    detail = f"after GRPO ({last - middle:+.3f}); {middle:.3f} after warm start, {first:.3f} untrained"
    tile = f'<div class="tile good"><span>Held-out success</span><b>{last:.3f}</b><small>{detail}</small></div>'
    assert tile in page
    assert "instances x completions of each arm: 100 x 4. The 95 % interval of one arm reaches up to ±0.10." in page
    for before, after in zip(results["warm_start"], results["grpo"], strict=True):
        cells = f"<td>{before['success']:.3f}</td><td>{after['success']:.3f}</td>"
        change = after["success"] - before["success"]
        assert f'{cells}<td class="up">{change:+.3f}</td>' in page
    assert (folder / "report.png").read_bytes().startswith(b"\x89PNG")


def test_a_curve_for_each_arm_and_every_figure_of_the_records(made_up, folder, written):
    _, page = written
    for arm in made_up.arms_of(3, 3):
        # rewards; there are nine arms, so weights and looks are heat maps
        assert page.count(f'<g class="curve" data-key="{arm}">') == 1
        assert f'<li data-key="{arm}">' in page
    lines = read_lines(folder / "metrics.jsonl")
    for record in lines:
        record["never_heard_of"], record["nor_of_these"] = 0.5, {"sudoku/0": 1.0, "sudoku/1": 2.0}
    made_up.lines(folder / "metrics.jsonl", lines)
    titles = [chart.title for chart in run_report(read_run(folder)).charts]
    assert titles[titles.index("never heard of") :][:3] == [
        "never heard of",
        "nor of these",
        "nor of these, each arm",
    ]


def test_same_files_same_bytes(made_up, written, tmp_path):
    folder, page = written
    other = made_up.write_run(tmp_path / "elsewhere" / "made-up")
    assert write_report(other).read_text(encoding="utf-8") == page
    assert (folder / "report.png").read_bytes() == (other / "report.png").read_bytes()
    charts = [run_report(read_run(each)).charts for each in (folder, other)]
    assert [png(chart) for chart in charts[0][:3]] == [png(chart) for chart in charts[1][:3]]


@pytest.mark.slow  # makes and reads 32 MB of metrics
def test_a_long_run_of_many_arms_stays_small(made_up, tmp_path):
    folder = made_up.write_run(tmp_path / "run", 3000, made_up.arms_of(10, 4))
    page = write_report(folder).read_text(encoding="utf-8")
    check_page(page)
    assert len(page) < 1_200_000
    most = max(path.count("L") for path in re.findall(r'<path d="([^"]*)"', page))
    assert most <= 2 * BINS + 10  # areas go there and back


def test_colours_are_variables_that_differ_by_night(written):
    _, page = written
    assert DAY.keys() == NIGHT.keys()
    assert len(set(DAY.values())) == len(DAY)
    body = page[page.index("<body>") :]
    assert re.findall(r"#[0-9a-f]{6}\b", body) == []
    used = set(re.findall(r"var\(--([a-z]\w*)\)", body))
    assert {"muted", "grid", "s0", "l0", "l2"} <= used <= DAY.keys()


def test_what_a_model_wrote_stays_text(made_up, folder):
    samples = read_lines(folder / "samples.jsonl")
    for sample in samples[:40]:
        sample |= dict.fromkeys(("completion", "question", "brief", "reason", "status", "arm"), made_up.HOSTILE)
    made_up.lines(folder / "samples.jsonl", samples)
    records = read_lines(folder / "metrics.jsonl")
    for record in records:
        if record["stage"] == "grpo":
            record["reward"] = {made_up.HOSTILE: 0.5, "$x^{2$/1": 0.1, "</svg>#123456/0": 0.2}
            record["curriculum"] = {f"share/{made_up.HOSTILE}": 0.5, 'share/" style="x/1': 0.1}
            record["drops"] = {f"groups/drawn/{made_up.HOSTILE}": 3.0}
            record["alarms"] = [made_up.HOSTILE]
            record[made_up.HOSTILE] = 1.0
    made_up.lines(folder / "metrics.jsonl", records)
    config = json.loads((folder / "config.json").read_text())
    config["model"]["path"] = config[made_up.HOSTILE] = made_up.HOSTILE
    (folder / "config.json").write_text(json.dumps(config))
    path = write_report(folder)
    assert all(png(chart) for chart in run_report(read_run(folder)).charts if "x" in chart.name)
    page = path.read_text(encoding="utf-8")
    check_page(page)
    assert page.count("<script") == 1
    assert html.escape("<script>alert(1)</script>⟨U+0000⟩⟨U+202E⟩evil⟨U+202C⟩⟨U+D800⟩ $x^{2$") in page
    assert not re.search("[\x00\u202e\ud800]", page)
    assert "A" * 3000 not in page and "more characters)" in page
    assert path.stat().st_size < 1_500_000


def test_comparison(made_up, folder, tmp_path):
    other = made_up.write_run(tmp_path / "other", 40, seed=1, step={"lr": 0.002}, only_here="<b>")
    page = write_comparison([folder, other], tmp_path / "comparison.html").read_text(encoding="utf-8")
    check_page(page)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Overview", "Held-out results", "Curves", "Settings that differ"]
    settings = page[page.index("Settings that differ</h2>") :]
    rows = re.findall(r"<tr><td>(.*?)</td>", settings)
    assert rows == ["seed", "warm_start.steps", "grpo.steps", "step.lr", "only_here"]
    assert "&lt;b&gt;" in settings
    for name in ("made-up", "other"):
        assert page.count(f'<g class="curve" data-key="{name}">') == page.count("<svg")


def test_a_stage_that_made_it_worse_is_not_praised_for_what_came_before(folder):
    results = json.loads((folder / "results.json").read_text())
    for row in results["grpo"]:
        row["success"] = 0.3
    for row in results["start"]:
        row["success"] = 0.0
    (folder / "results.json").write_text(json.dumps(results))
    page = write_report(folder).read_text(encoding="utf-8")
    assert '<div class="tile bad"><span>Held-out success</span><b>0.300</b>' in page
    before = mean_over_tasks(by_arm(results["warm_start"]))
    assert f"after GRPO ({0.3 - before:+.3f}); {before:.3f} after warm start, 0.000 untrained" in page


def test_of_many_tasks_the_first_are_named(made_up, tmp_path):
    folder = made_up.write_run(tmp_path / "run", 1, made_up.arms_of(14, 1))
    assert run_report(read_run(folder)).subtitle.endswith("made_up_task_2, made_up_task_3 and 2 more")
