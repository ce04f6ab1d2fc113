"""Everything that the README and the pages under docs/ show is run: a section is one test in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = {
    part.partition("\n")[0]: BLOCK.findall(part)
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)
    if "```" in part
}
SET_UP = ["make train", "make test"]


def commands(text):
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def environment(folder):
    """Put a ``gradarium`` of this interpreter and this checkout first on the path."""
    script = folder / "bin" / "gradarium"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gradarium "$@"\n')
    script.chmod(0o755)
    paths = [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def run_python(code, folder, env):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    promised = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
    assert done.stdout.splitlines() == promised


def run_console(line, folder, env):
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_exactly_two_set_up_commands():
    top = BLOCK.findall(TEXT.partition("\n## ")[0])
    assert [line for kind, body in top if kind == "console" for line in commands(body)] == SET_UP
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in SET_UP:
        assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("section", [name for name, blocks in SECTIONS.items() if blocks and not name.startswith("#")])
def test_section(section, tmp_path):
    blocks = SECTIONS[section]
    if any("gradarium train" in body or "gradarium eval" in body for _, body in blocks):
        pytest.importorskip("torch")
    env = environment(tmp_path)
    for kind, body in blocks:
        if kind == "python":
            run_python(body, tmp_path, env)
        elif kind == "toml":
            (tmp_path / body.split()[1]).write_text(body, encoding="utf-8")
        elif kind == "console":
            for line in commands(body):
                run_console(line, tmp_path, env)


def test_the_sandbox_page(tmp_path):
    env = environment(tmp_path)
    for code in re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "docs" / "sandbox.md").read_text(), re.MULTILINE | re.DOTALL
    ):
        run_python(code, tmp_path, env)


def test_the_sections_that_must_be_there():
    kinds = {name: {kind for kind, _ in blocks} for name, blocks in SECTIONS.items()}
    assert kinds["Gymnasium"] == {"python"}
    assert kinds["A verifier on its own"] == {"python"}
    assert kinds["Command line"] == {"console"}
    assert kinds["Training on a mixture"] == {"toml", "console"}


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *sorted(p.name for p in (ROOT / "docs").glob("*.md"))]
)
def test_local_links_lead_somewhere(page):
    path = ROOT / page if (ROOT / page).is_file() else ROOT / "docs" / page
    text = re.sub(r"^(`{3,}).*?^\1$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), f"{page}: {target}"


def test_the_results_were_measured():
    rows = TEXT.partition("| lift by GRPO |")[2].partition("\n\n")[0].splitlines()[2:]
    assert rows
    for row in rows:
        assert re.fullmatch(r"\|[^|]+\| [01]\.\d+ \| [01]\.\d+ \| [+-]\d\.\d+ \|", row), row


def test_the_layout_is_that_of_the_repository():
    layout = TEXT.partition("\n## Layout\n")[2].split("```")[1].strip()
    for line in layout.splitlines():
        assert (ROOT / line.split()[0]).is_dir(), line
