"""Look through a verifier's source, and that of the verifier modules it imports, for anything that runs text."""

import ast
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

NAMES = frozenset({"eval", "exec", "compile", "open", "breakpoint", "globals", "vars", "__import__", "__builtins__"})
"""Built-in functions that run text or reach those that do."""
ATTRIBUTES = frozenset(
    {"literal_eval", "sympify", "parse_expr", "parse_latex", "system", "popen", "import_module", "__builtins__",
     "__globals__", "__subclasses__", "eval", "exec", "spawn", "fork"}
)  # fmt: skip
MODULES = frozenset(
    {"subprocess", "multiprocessing", "pickle", "marshal", "shelve", "dill", "cloudpickle", "ctypes", "builtins",
     "importlib", "runpy", "code", "codeop", "ast", "sympy", "numexpr", "pty", "os", "socket",
     "urllib", "sqlite3", "yaml"}
)  # fmt: skip
"""Modules no verifier needs; processes and databases are the sandbox's business."""
PREFIX = "gradarium.verifiers"


def scan(module_name: str) -> list[str]:
    """Return one line for each use of what runs text, in the module and the ``gradarium.verifiers`` it imports."""
    found = []
    todo, seen = [module_name], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        module = sys.modules.get(name) or importlib.import_module(name)
        tree = _tree(module)
        if tree is None:
            found.append(f"{name}: its source cannot be read")
            continue
        found += [f"{name} line {line}: {what}" for line, what in _uses(tree)]
        todo += sorted(_imports(tree))
    return found


def _tree(module: ModuleType) -> ast.Module | None:
    try:
        with open(str(module.__file__), encoding="utf-8") as file:
            return ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return None


def _uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in NAMES | {"literal_eval", "sympify", "parse_expr"}:
            yield node.lineno, f"uses {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield node.lineno, f"uses .{node.attr}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if name.split(".")[0] in MODULES:
                    yield node.lineno, f"imports {name}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            if len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
                yield node.lineno, "uses getattr with a computed name"


def _imports(tree: ast.Module) -> set[str]:
    """Return the ``gradarium.verifiers`` modules that are imported anywhere in the source."""
    wanted = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    inside = {name for name in wanted if name.startswith(PREFIX + ".")}
    return {name for name in inside if isinstance(sys.modules.get(name), ModuleType)}
