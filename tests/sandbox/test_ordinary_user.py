"""Both tiers as a user without any power, in a process of its own."""

import os
import shutil
import subprocess
import sys
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


@pytest.mark.parametrize("tier", ["namespaces", "landlock"])
def test_tiers_work_without_root(request, tier):
    request.getfixturevalue(tier)
    source = Path(gradarium.__file__).resolve().parents[1]
    python = sys.executable
    if os.geteuid() == 0:  # the interpreter and the suite may lie in a home that is closed to others
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
        version = subprocess.run([python, "-c", "import sys; print(sys.version_info >= (3, 11))"], capture_output=True)
        if version.stdout.strip() != b"True":
            pytest.skip("no Python 3.11 outside of root's home")
        reach = ["setpriv", "--reuid=65534", "--clear-groups", "test", "-r", str(source / "gradarium/core.py")]
        if subprocess.run(reach).returncode:
            pytest.skip("other users cannot read this checkout")
    program = PROGRAM.format(source=str(source), tier=tier)
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True"] * (2 if tier == "namespaces" else 1)
