"""Limits, runs and the trusted run: what is refused at once."""

import dataclasses
import math

import pytest

from gradarium.errors import BadValue
from gradarium.sandbox import Limits, Outcome, Run, TrustedRunFailed
from gradarium.sandbox.trusted import run_python


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [-1, math.inf, math.nan, "2", True, [], 2**60])
def test_limits_refuse_what_is_no_limit(field, value):
    with pytest.raises(BadValue, match=field):
        Limits(**{field: value})


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Limits) if f.name != "scratch_bytes"])
def test_limit_of_zero_says_what_to_do(field):
    with pytest.raises(BadValue, match=f"limits.{field} = 0: .*leave it out for the default"):
        Limits(**{field: 0})


def test_limits_whole_numbers_and_floor():
    with pytest.raises(BadValue, match="whole"):
        Limits(rows=1.5)
    with pytest.raises(BadValue, match="64"):
        Limits(memory_mb=63)
    assert Limits().wall_seconds == 20.0
    assert Limits(cpu_s=3).wall_seconds == 30.0
    assert Limits(cpu_s=3, wall_s=0.5).wall_seconds == 0.5
    assert Limits().scratch_bytes == 0


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
