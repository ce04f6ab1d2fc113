"""``@task`` makes a task of a ``make`` function; ``Task.pose`` gives instances."""

import dataclasses
import importlib
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradarium.core import (
    SPLITS,
    Draft,
    Instance,
    Redraw,
    Split,
    Verdict,
    Verify,
    canonical_json,
    content_key,
    derive_seed,
    split_of,
)
from gradarium.errors import BadValue, CannotPose, UnknownName
from gradarium.verifiers.answers import get_format
from gradarium.verifiers.grading import Verifier, grade, verifier_of

MAX_DRAWS = 2_000
"""Most drafts until one falls into the split that was asked for, and most draws in a row for each of them."""

Make = Callable[[random.Random, Any], Draft]
Canonical = Callable[[Mapping[str, Any]], Any]
Board = Callable[[Mapping[str, Any], str], list[list[str]]]


@dataclass(frozen=True)
class Picture:
    """A graph to be drawn; its edges are pairs of names."""

    nodes: Sequence[str]
    """In the order in which they stand on a circle."""
    edges: Sequence[tuple[str, str]]
    walked: Sequence[tuple[str, str]] = ()
    """Edges of the answer; they need not be edges of the graph."""
    directed: bool = False
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What stands on edges."""


Graph = Callable[[Mapping[str, Any], str], Picture]


@dataclass(frozen=True)
class Task:
    """A family of problems with a dial of difficulty."""

    name: str
    family: str
    version: int
    """A changed stream of instances is a new version."""
    levels: tuple[Any, ...]
    """The ladder: one ``Params`` for each level, from trivial to out of reach."""
    make: Make
    tags: frozenset[str]
    chance: float
    """The most a constant answer may score at any level."""
    canonical: Canonical
    """Payload -> what identifies the problem up to cheap symmetries."""
    summary: str
    slow: str = ""
    """Why the task is slower than 200 instances a second at its middle level; empty if it is not."""
    board: Board | None = None
    """(payload, answer or "") -> cells of the board for pictures; None where the task has no board."""
    graph: Graph | None = None
    """(payload, answer or "") -> the graph for pictures; None where the task has no graph."""
    _verify: Verify | None = field(default=None, repr=False)
    _answer_format: str = ""

    @cached_property
    def verifier(self) -> Verifier:
        """The verifier: given to ``@task``, or the module of the same family and name under ``verifiers``."""
        verify = self._verify or importlib.import_module(f"gradarium.verifiers.{self.family}.{self.name}").verify
        found = verifier_of(verify)
        return found._replace(answer_format=self._answer_format or found.answer_format)

    @property
    def verify(self) -> Verify:
        """``verify(answer, payload) -> Verdict``."""
        return self.verifier.verify

    @property
    def answer_format(self) -> str:
        """Name of the default answer format."""
        return self.verifier.answer_format

    @property
    def sandboxed(self) -> bool:
        """True where a verdict starts a sandbox run."""
        return self.verifier.sandboxed

    @property
    def env_id(self) -> str:
        """The Gymnasium id, ``gradarium/<name>-v<version>``."""
        return f"gradarium/{self.name}-v{self.version}"

    def grade(self, completion: str, instance: Instance) -> Verdict:
        """Judge a completion in the answer format of the instance."""
        return grade(completion, self.verify, instance.payload, instance.answer_format)

    def params(self, level: int, overrides: Mapping[str, Any] | None = None) -> Any:
        """Return the parameters of a level, with overrides; raises UnknownName for an unknown level or field."""
        if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level < len(self.levels):
            raise UnknownName(f"level of {self.name}", level, range(len(self.levels)))
        params = self.levels[level]
        if not overrides:
            return params
        if not dataclasses.is_dataclass(params) or isinstance(params, type):
            raise BadValue("params", dict(overrides), f"the levels of {self.name} have no named parameters")
        known = {f.name: type(getattr(params, f.name)) for f in dataclasses.fields(params)}
        for name, value in overrides.items():
            if name not in known:
                raise UnknownName(f"parameter of {self.name}", name, known)
            if type(value) is not known[name] and not (known[name] is float and type(value) is int):
                raise BadValue(f"{self.name}.{name}", value, f"must be {known[name].__name__}")
        return dataclasses.replace(params, **overrides)

    def pose(
        self,
        index: int,
        level: int = 0,
        split: Split = "train",
        params: Mapping[str, Any] | None = None,
        answer_format: str | None = None,
    ) -> Instance:
        """Return instance ``index`` of a level and split: always the same bytes, and in no other split.

        ``params`` overrides single parameters of the level. Raises UnknownName, BadValue or CannotPose.

        >>> from gradarium.generators import get_task
        >>> get_task("sudoku").pose(7, level=2).key == get_task("sudoku").pose(7, level=2).key
        True
        """
        if split not in SPLITS:
            raise UnknownName("split", split, SPLITS)
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            raise BadValue("index", index, "must be an integer of at least 0")
        chosen = self.params(level, params)
        stated = get_format(answer_format or self.answer_format).name
        extra = [canonical_json(dict(params))] if params else []
        rng = random.Random(derive_seed(self.name, self.version, split, level, index, *extra))
        for _ in range(MAX_DRAWS):
            draft = self._draft(rng, chosen)
            if draft is None:
                break
            key = content_key(self.name, self.canonical(draft.payload))
            if split_of(key) == split:
                return Instance(
                    task=self.name,
                    version=self.version,
                    split=split,
                    level=level,
                    index=index,
                    key=key,
                    question=draft.question,
                    example=draft.example,
                    brief=draft.brief,
                    payload=draft.payload,
                    reference=draft.reference,
                    answer_format=stated,
                    certificate=draft.certificate,
                )
        raise CannotPose(self.name, level, split, MAX_DRAWS)

    def _draft(self, rng: random.Random, params: Any) -> Draft | None:
        """Return the next draft that is not drawn again, or None where ``MAX_DRAWS`` in a row are."""
        for _ in range(MAX_DRAWS):
            try:
                return self.make(rng, params)
            except Redraw:
                continue
        return None


def task(
    *,
    levels: Sequence[Any],
    tags: Iterable[str] = (),
    chance: float = 0.0,
    version: int = 0,
    name: str = "",
    family: str = "",
    verify: Verify | None = None,
    answer_format: str = "",
    canonical: Canonical = dict,
    slow: str = "",
    board: Board | None = None,
    graph: Graph | None = None,
) -> Callable[[Make], Task]:
    """Turn ``make(rng, params) -> Draft`` into a Task.

    In the suite, name, family and verifier follow from the module's path; elsewhere give ``name`` and ``verify``.
    ``canonical`` maps a payload to what identifies the problem (default: the payload itself).
    """

    def wrap(make: Make) -> Task:
        parts = make.__module__.split(".")
        inside = parts[:2] == ["gradarium", "generators"] and len(parts) == 4
        label = name or parts[-1]
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", label):
            raise BadValue("task name", label, "use lower-case letters, digits and underscores")
        if not inside and verify is None:
            raise BadValue("verify", None, f"task {label!r} lies outside the suite; pass verify=")
        if not levels:
            raise BadValue("levels", levels, f"task {label!r} needs at least one level")
        doc = importlib.import_module(make.__module__).__doc__ or make.__doc__ or label
        return Task(
            name=label,
            family=family or (parts[2] if inside else "external"),
            version=version,
            levels=tuple(levels),
            make=make,
            tags=frozenset(tags),
            chance=chance,
            canonical=canonical,
            summary=doc.strip().splitlines()[0],
            slow=slow,
            board=board,
            graph=graph,
            _verify=verify,
            _answer_format=answer_format,
        )

    return wrap
