"""Every attack of the corpus on every tier of this machine, and beside them the honest programs."""

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from gradarium.sandbox import SandboxUnavailable, make_sandbox
from gradarium.sandbox.corpus import Probes, load, load_honest, packages_of, run_attack, run_honest

HERE = Path(__file__).parent
ATTACKS = load(HERE / "attacks")
CONTROLS = [control for control in load_honest(HERE / "honest") if not control.needs]
TIERS = ["namespaces", "landlock", pytest.param("docker", marks=pytest.mark.docker)]


def made(tier, **options):
    try:
        return make_sandbox(tier, **options)
    except SandboxUnavailable as error:
        pytest.skip(f"no tier {tier} here: {error}")


@pytest.fixture(scope="module", params=TIERS)
def tier(request):
    if request.param == "docker":
        request.getfixturevalue("image")
    return request.param


@pytest.fixture(scope="module")
def probes(tier):
    with Probes() as found:  # before the sandboxes are made, so that they could inherit the secret
        yield found


@pytest.fixture(scope="module")
def boxes(tier, probes):
    """Return sandboxes of a tier by the packages that they offer, made at first use."""
    found = {}

    def box(packages):
        if packages not in found:
            for name in packages:
                if find_spec(name) is None:
                    pytest.skip(f"{name} is not installed")
            found[packages] = made(tier, packages=packages)
        return found[packages]

    yield box
    for pool in found.values():
        pool.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_stopped(boxes, probes, attack):
    finding = run_attack(boxes(packages_of(attack)), attack, probes)
    if finding.outcome is None:
        pytest.skip(finding.note)
    assert finding.mark == ".", f"{attack.tries}: {finding.mark} {finding.note}"


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_honest_programs_are_right_side_by_side(tier, workers):
    with made(tier, workers=workers) as box, ThreadPoolExecutor(workers) as pool:
        runs = list(pool.map(lambda control: run_honest(box, control), CONTROLS))
    for control, run in zip(CONTROLS, runs, strict=True):
        assert control.is_right(run), f"{control.name}: {run.outcome} {run.message}"


def test_numpy_works_where_it_is_offered(tier, boxes):
    (control,) = [control for control in load_honest(HERE / "honest") if control.needs]
    run = run_honest(boxes((control.needs,)), control)
    assert control.is_right(run), f"{run.outcome} {run.message}"
