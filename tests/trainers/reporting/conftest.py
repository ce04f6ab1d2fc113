import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load(name: str) -> ModuleType:
    """Return a module that lies beside the tests."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made_up():
    """The module that writes runs and evaluations with made-up figures."""
    return load("made_up")


@pytest.fixture
def folder(made_up, tmp_path):
    """A finished run of nine arms."""
    return made_up.write_run(tmp_path / "made-up")


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Headless Chromium; without one the test is skipped."""
    module = load("browser")
    if not module.CHROMIUM.exists():
        pytest.skip(f"{module.CHROMIUM} is not installed")
    with module.Browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found
