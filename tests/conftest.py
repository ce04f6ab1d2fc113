import importlib.util
import signal
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.fixture
def load_file():
    """Import a Python file under a name of its own; the modules are forgotten after the test."""
    names = []

    def load(path, name=None):
        name = name or f"_loaded_{Path(path).stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        names.append(name)
        spec.loader.exec_module(module)
        return module

    yield load
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def interrupts():
    """Let SIGINT interrupt, here and in what is started: the processes of pytest-xdist ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def run_cli(capsys, monkeypatch):
    """Run the command line in this process; return (exit code, stdout, stderr)."""
    from gradarium.trainers.cli import run

    monkeypatch.setenv("COLUMNS", "200")

    def call(*args):
        code = run([str(arg) for arg in args])
        return (code, *capsys.readouterr())

    return call
