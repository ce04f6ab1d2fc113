"""The real folders at the top, the links in src/gradarium and the packages of the wheel must agree."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("envs", "generators", "sandbox", "trainers", "verifiers")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_lies_in_packages(folder):
    for file in (ROOT / folder).rglob("*.py"):
        for parent in file.relative_to(ROOT).parents[:-1]:
            assert (ROOT / parent / "__init__.py").is_file(), f"{parent} has no __init__.py: the wheel leaves it out"


def test_the_five_folders_are_the_packages():
    mapped = PROJECT["tool"]["setuptools"]["package-dir"]
    assert mapped == {"gradarium": "src/gradarium", **{f"gradarium.{folder}": folder for folder in FOLDERS}}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_links_point_home(folder):
    link = ROOT / "src" / "gradarium" / folder
    assert link.is_symlink()
    assert link.readlink() == Path("..", "..", folder)
    assert link.resolve() == ROOT / folder


def test_nothing_else_is_in_the_home_package():
    names = {path.name for path in (ROOT / "src" / "gradarium").iterdir()} - {"__pycache__"}
    assert names == {"__init__.py", "__main__.py", "core.py", "errors.py", "py.typed", *FOLDERS}


def test_the_version_is_one():
    from gradarium import __version__

    assert PROJECT["project"]["version"] == __version__


def test_no_folder_under_tests_is_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))
