import os

import pytest

from gradarium.sandbox import SandboxUnavailable, make_sandbox
from gradarium.sandbox.containers import BASE, build_image


def made(tier):
    """Return a started sandbox of a tier; skips, with the reason, where this machine has none."""
    try:
        return make_sandbox(tier)
    except SandboxUnavailable as error:
        pytest.skip(f"no tier {tier} here: {error}")


@pytest.fixture(scope="session")
def namespaces():
    with made("namespaces") as pool:
        yield pool


@pytest.fixture(scope="session")
def landlock():
    with made("landlock") as pool:
        yield pool


@pytest.fixture(params=["namespaces", "landlock"])
def box(request):
    """Each local tier in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def engine():
    """The Docker engine of the environment; skips, with the reason, where there is none."""
    docker = pytest.importorskip(
        "docker", reason="the package docker is not installed: pip install 'gradarium[docker]'"
    )
    try:
        client = docker.from_env(timeout=60)
    except docker.errors.DockerException as error:
        pytest.skip(f"no Docker engine answers (tests/docker_engine.sh starts one): {error}")
    base = os.environ.get("GRADARIUM_TEST_BASE", BASE)
    try:
        client.images.get(base)
    except docker.errors.ImageNotFound:
        pytest.skip(f"the engine has no image {base}: set GRADARIUM_TEST_BASE")
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(engine):
    """The image of the sandbox, built on the base that ``GRADARIUM_TEST_BASE`` names."""
    return build_image(os.environ.get("GRADARIUM_TEST_BASE", BASE), engine)
