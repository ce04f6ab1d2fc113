"""Curricula choose the next arms, (task, level) pairs; each rule is a file of this folder, named as the rule is."""

from functools import cache
from importlib import import_module
from pathlib import Path

from gradarium.errors import UnknownName
from gradarium.trainers.config import RunConfig
from gradarium.trainers.curricula.curriculum import Curriculum, Feedback, feedback

__all__ = ["Curriculum", "Feedback", "feedback", "get_rule", "make_curriculum", "rule_names"]


@cache
def rule_names() -> tuple[str, ...]:
    """Return the names of all rules, sorted."""
    return tuple(sorted(name for name in _modules() if _rule(name) is not None))


@cache
def get_rule(name: str) -> type[Curriculum]:
    """Return the class of a rule; raises UnknownName."""
    rule = _rule(name) if name in _modules() else None
    if rule is None:
        raise UnknownName("curriculum", name, rule_names())
    return rule


def make_curriculum(config: RunConfig) -> Curriculum:
    """Return the curriculum of a run, at its start."""
    asked = config.curriculum
    return get_rule(asked.name)(
        config.task,
        config.seed,
        steps=config.grpo.steps,
        floor=asked.floor,
        rehearsal=asked.rehearsal,
        options=asked.options,
    )


def _modules() -> list[str]:
    return [path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in ("__init__", "curriculum")]


def _rule(name: str) -> type[Curriculum] | None:
    """Return the subclass of Curriculum that a module of this folder defines, if it does."""
    module = import_module(f"{__name__}.{name}")
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Curriculum) and value.__module__ == module.__name__
    ]
    return found[0] if found else None
