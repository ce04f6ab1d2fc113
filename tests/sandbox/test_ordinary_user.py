"""Both tiers as a user without any power, in a process of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import gradarium

PROGRAM = """
import os, sys
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
sys.path.insert(0, {source!r})
from gradarium.sandbox import Limits, make_sandbox
box = make_sandbox({tier!r})
code = '''
import os, threading
def f(a, b):
    threads = [threading.Thread(target=print) for _ in range(5)]
    [t.start() for t in threads]; [t.join() for t in threads]
    return [a + b, os.getuid()]
'''
print(box.call(code, "f", [[1, 2]]).values[0] == [3, os.getuid()])
scratch = "import os\\ndef f():\\n    open('x', 'w').close()\\n    return os.listdir('.')"
if {tier!r} == "namespaces":
    print(box.call(scratch, "f", [[]], Limits(scratch_bytes=10000)).values == (["x"],))
"""


@pytest.fixture
def open_copy():
    """Return a folder with a copy of the sandbox that every user can read, wherever the checkout lies."""
    package = Path(gradarium.__file__).resolve().parent
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = Path(folder) / "gradarium"
        copy.mkdir()
        for name in ("__init__.py", "core.py", "errors.py"):
            shutil.copy(package / name, copy / name)
        shutil.copytree(package / "sandbox", copy / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder


@pytest.mark.parametrize("tier", ["namespaces", "landlock"])
def test_tiers_work_without_root(request, tier, open_copy):
    request.getfixturevalue(tier)
    python = sys.executable
    if os.geteuid() == 0:  # the interpreter may lie in a home that is closed to others
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
        version = subprocess.run([python, "-c", "import sys; print(sys.version_info >= (3, 11))"], capture_output=True)
        if version.stdout.strip() != b"True":
            pytest.skip("no Python 3.11 outside of root's home")
    program = PROGRAM.format(source=open_copy, tier=tier)
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=120, cwd="/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True"] * (2 if tier == "namespaces" else 1)
