import pytest

from gradarium.sandbox import SandboxUnavailable, make_sandbox


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
