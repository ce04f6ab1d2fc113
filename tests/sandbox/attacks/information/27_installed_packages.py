# tries: lists and imports the packages that are installed beside the sandbox
# outcomes: ran
# may_return: ["nothing"]
# limits: {"cpu_s": 3.0}
import importlib
from importlib import metadata


def f(x):
    names = sorted(str(found.metadata["Name"]) for found in metadata.distributions())
    for name in ("pip", "pytest", "numpy", "sympy", "typer", "gymnasium", "torch", "transformers"):
        try:
            importlib.import_module(name)
            names.append(name)
        except ImportError:
            continue
    return "BREACH: " + ", ".join(names) if names else "nothing"
