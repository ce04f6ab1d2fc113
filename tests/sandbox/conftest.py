import pytest

from gradarium.sandbox import SandboxBackend, default_sandbox


@pytest.fixture(scope="session")
def box() -> SandboxBackend:
    return default_sandbox()
