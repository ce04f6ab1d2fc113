"""What a run was made with: the command, versions, and the kind of machine."""

import os
import platform
import shlex
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

PACKAGES = ("gradarium", "torch", "transformers", "tokenizers", "numpy", "gymnasium", "peft", "bitsandbytes")


def provenance(device: str) -> dict[str, Any]:
    """Return command, versions and machine as JSON-ready data; it names neither the machine nor its user.

    Args:
        device: The setting ``model.device``; the name of the GPU is written down unless it is ``cpu``.
    """
    machine = {"system": platform.system(), "processor": platform.machine(), "processors": os.cpu_count()}
    if device != "cpu" and torch.cuda.is_available():
        machine["gpu"] = torch.cuda.get_device_name()
    name = Path(sys.argv[0]).name
    command = ["python", "-m", "gradarium"] if name == "__main__.py" else [name]
    return {
        "command": shlex.join([*command, *sys.argv[1:]]),
        "versions": {"python": platform.python_version(), **_versions()},
        "machine": machine,
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue  # an extra that this run did without
    return found
