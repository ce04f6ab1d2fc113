"""Pages in a real browser: no request, no complaint, buttons work, nothing is cut off."""

from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from gradarium.trainers.reporting.write import write_comparison, write_report

pytestmark = pytest.mark.slow  # starts Chromium

USE = """(() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const seen = {wide: document.documentElement.scrollWidth - innerWidth, night: getComputedStyle(document.body).color};
  const entry = document.querySelector('.legend li');
  entry.click();
  seen.dim = all('.curve.dim').length;
  seen.alone = all('.curve:not(.dim)').filter((c) => c.dataset.key === entry.dataset.key).length;
  entry.click();
  seen.back = all('.curve.dim').length;
  const box = document.querySelector('#samples');
  if (box) {
    const count = () => box.querySelector('output').textContent;
    const put = (field, value) => { field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); };
    seen.every = count();
    put(box.querySelector('select[name=status]'), 'correct');
    seen.correct = count();
    seen.shown = all('#samples details').filter((d) => d.checkVisibility()).map((d) => d.dataset.status);
    put(box.querySelector('input'), 'no such words');
    seen.none = count();
  }
  seen.views = all('.views [data-view]').filter((d) => d.checkVisibility()).length;
  return seen;
})()"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("what", ["run", "evaluation", "comparison"])
def test_no_request_no_complaint_nothing_cut(browser, made_up, folder, tmp_path, what, width):
    evaluation = made_up.write_evaluation(tmp_path / "evaluation", {"countdown": 3, "sudoku": 2})
    page = {
        "run": lambda: write_report(folder),
        "evaluation": lambda: write_report(evaluation),
        "comparison": lambda: write_comparison([folder, made_up.write_run(tmp_path / "b", 30)], tmp_path / "c.html"),
    }[what]()
    seen = browser.look(page, USE, width)
    assert seen.requests == []
    assert seen.messages == []
    value = seen.value
    assert value["wide"] <= 0
    assert value["dim"] > 0 and value["alone"] > 0 and value["back"] == 0
    if what != "comparison":
        assert value["every"].split(" of ")[0] == value["every"].split(" of ")[1]
        assert 0 < int(value["correct"].split(" of ")[0]) < int(value["every"].split(" of ")[0])
        assert set(value["shown"]) == {"correct"}
        assert value["none"].startswith("0 of ")
        assert value["views"] == 1
    night = browser.look(page, USE, width, dark=True)
    assert night.value["night"] != value["night"] and night.messages == []


def test_hostile_text_does_nothing(browser, made_up, folder):
    samples = made_up.samples(20, made_up.arms_of(2, 1), 5)
    for sample in samples:
        sample |= dict.fromkeys(("completion", "question", "reason", "status", "arm"), made_up.HOSTILE)
        sample["completion"] = "<img src=x onerror=alert(1)></pre></script><script>window.hit = 1</script>"
    made_up.lines(folder / "samples.jsonl", samples)
    seen = browser.look(write_report(folder), "[typeof window.hit, document.querySelectorAll('img').length]")
    assert (seen.requests, seen.messages, seen.value) == ([], [], ["undefined", 0])


def test_the_browser_would_have_told(browser, folder):
    """A request and an error that are put into a page on purpose are seen."""
    page = write_report(folder)
    planted = '<img src="http://127.0.0.1:9/pixel.png"><script>no_such_function()</script>'
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", f"{planted}</body>"), encoding="utf-8")
    seen = browser.look(page)
    assert seen.requests == ["http://127.0.0.1:9/pixel.png"]
    assert any("no_such_function is not defined" in message for message in seen.messages)


def test_the_lift_is_seen_on_a_phone_without_scrolling(browser, tmp_path):
    recorded = Path(__file__).parents[3] / "docs" / "runs" / "smollm2-eight-tasks"
    page = write_report(recorded, tmp_path / "page.html")
    script = "(() => { const box = document.querySelector('.scroll'); return box.scrollWidth - box.clientWidth; })()"
    assert browser.look(page, script, 390).value <= 0
