import dataclasses
import math
import sys

import pytest

from gradarium.errors import BadValue, UnknownName
from gradarium.sandbox import Limits, Outcome, Run, SandboxUnavailable, TrustedRunFailed, default_sandbox
from gradarium.sandbox.processes import ProcessSandbox
from gradarium.sandbox.trusted import run_python


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan, "2", True, [], 2**60])
def test_limits_refuse_what_is_no_limit(field, value):
    with pytest.raises(BadValue, match=field):
        Limits(**{field: value})


def test_limits_whole_numbers_and_floor():
    with pytest.raises(BadValue, match="whole"):
        Limits(rows=1.5)
    with pytest.raises(BadValue, match="64"):
        Limits(memory_mb=63)
    assert Limits().wall_seconds == 20.0
    assert Limits(cpu_s=3).wall_seconds == 30.0
    assert Limits(cpu_s=3, wall_s=0.5).wall_seconds == 0.5


def test_default_is_one_and_says_what_it_does(box):
    assert default_sandbox() is box
    have = box.capabilities()
    assert have["backend"] == box.name == "processes" and have["isolation"] == box.isolation == "process"
    assert have["cpu_limit"] and have["memory_limit"] and have["system_call_filter"] is False
    assert {"network_blocked", "files_hidden", "processes_hidden", "unprivileged", "reasons"} <= set(have)
    run = box.call("def f(): pass", "f", [[]])
    assert (run.backend, run.isolation) == ("processes", "process")


def test_required_capability_that_is_missing_is_an_error():
    with pytest.raises(SandboxUnavailable, match="system_call_filter"):
        ProcessSandbox(require=["system_call_filter"])
    with pytest.raises(UnknownName, match="network_blocked"):
        ProcessSandbox(require=["network_blockd"])


def test_other_systems_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match="Linux"):
        ProcessSandbox()


def test_closed_sandbox_does_not_judge():
    own = ProcessSandbox()
    assert own.call("def f(): return 1", "f", [[]]).values == (1,)
    own.close()
    own.close()
    run = own.call("def f(): return 1", "f", [[]])
    assert run.outcome is Outcome.NOT_JUDGED and "closed" in run.message


def test_failed_self_test_fails_closed(monkeypatch):
    monkeypatch.setattr("gradarium.sandbox.processes._SELF_TEST", "def f(x): return {'answer': 3}")
    own = ProcessSandbox()
    with pytest.raises(SandboxUnavailable, match="self-test"):
        own.capabilities()
    assert own.call("def f(): return 1", "f", [[]]).outcome is Outcome.NOT_JUDGED
    own.close()


@pytest.mark.parametrize("powers", [0, 1])
def test_lesser_levels_keep_the_protocol_and_tidy_up(powers, tmp_path, monkeypatch):
    own = ProcessSandbox()
    have = own.capabilities()
    if powers and not have["processes_hidden"]:
        pytest.skip("no namespaces here")
    own._powers = powers
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    leave = "import os\ndef f(x):\n    os.makedirs('a/b'); open('a/b/c', 'w').close(); os.chmod('a', 0)\n    return x"
    daemon = "import os, time\ndef f(x):\n    if os.fork() == 0: os.setsid(); time.sleep(1000)\n    return x"
    for code in (leave, daemon):
        assert own.call(code, "f", [[1]]).values == (1,)
    assert own.call("def f(x):\n    while True: pass", "f", [[1]], Limits(cpu_s=0.2)).outcome is Outcome.CPU_LIMIT
    assert own.call("import gradarium", "f", [[1]]).outcome is Outcome.RUNTIME_ERROR
    assert not list(tmp_path.iterdir())
    own.close()


def test_interpreter_that_cannot_start_is_not_judged(monkeypatch):
    own = ProcessSandbox()
    own.capabilities()
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    run = own.call("def f(): return 1", "f", [[]])
    assert run.outcome is Outcome.NOT_JUDGED and run.values == () and "cannot start" in run.message
    own.close()


def test_empty_or_unsendable_inputs_are_not_judged(box):
    assert box.call("def f(): return 1", "f", []).outcome is Outcome.NOT_JUDGED
    assert box.call("def f(x): return 1", "f", [[object()]]).outcome is Outcome.NOT_JUDGED
    assert box.query("SELECT 1", []).outcome is Outcome.NOT_JUDGED
    assert box.query("SELECT 1", [{"schema": ["CREATE TABLE"], "rows": {}}]).outcome is Outcome.NOT_JUDGED
    assert box.query("SELECT 1", [{"schema": [], "rows": {"t": [[1]]}}]).outcome is Outcome.NOT_JUDGED


def test_run_is_plain_and_frozen():
    run = Run(Outcome.RAN)
    assert run.values == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.values = (1,)


def test_trusted_run_has_our_path_and_the_asked_environment():
    code = "import os, gradarium; print(os.environ['PYTHONHASHSEED'])"
    assert run_python(["-c", code], {"PYTHONHASHSEED": "7"}, 60.0) == "7\n"
    hashes = {run_python(["-c", "print(hash('a'))"], {"PYTHONHASHSEED": seed}, 60.0) for seed in "12"}
    assert len(hashes) == 2


def test_trusted_run_fails_loudly():
    with pytest.raises(TrustedRunFailed, match="ZeroDivisionError"):
        run_python(["-c", "1 / 0"], {}, 60.0)
    with pytest.raises(TrustedRunFailed, match="no end"):
        run_python(["-c", "import time; time.sleep(60)"], {}, 0.3)
    with pytest.raises(BadValue, match="timeout_s"):
        run_python(["-c", ""], {}, 0)
