"""The corpus of attacks on the sandbox: load its files, run them, and look from outside whether one got through.

A file is a program as a model would write it, below a header of ``# key: value`` lines (``--`` in SQL):

* ``tries``: one sentence; ``outcomes``: the allowed endings, never ``not_judged``;
* ``kind``: ``call`` (default), ``script``, ``query`` or ``modify``; ``entry``, ``inputs``, ``stdin``, ``limits``,
  ``dialect``: what goes in, in JSON but for ``entry`` and ``dialect``;
* ``may_return``: JSON list of the only values allowed, told apart by exact type; what JSON lacks is written as its type
  and text, ``{"bytes": "b'x'"}``;
* ``replace``: JSON ``{"WORD": [[text, times], ...]}``, for parts of a program that are too long for a file;
* ``runs``: how often it is run, in fresh processes.

The hidden answer to a ``call`` is x + 1000 for each input, to a ``script`` the same for each number on its standard
input, to a ``query`` the sum of ``t.a``, and to a ``modify`` 1000 added to each ``t.a``; no program computes it.
"""

import dataclasses
import json
import os
import re
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from gradarium.errors import BadFile, GradariumError
from gradarium.sandbox.base import Database, Limits, Outcome, Run, SandboxBackend

GROUPS = ("verdict", "information", "resources", "escape", "sql")
"""Folders of the corpus, in the order of their numbers."""

KINDS = ("call", "script", "query", "modify")

PLACEHOLDERS = ("PORT", "UNIX", "ABSTRACT", "SECRET_FILE", "MARKER", "NAME", "PID", "ENV", "PACKAGE")
"""Words that stand between two ``@`` in a program and are filled in before it is run."""

DATABASES: tuple[Database, ...] = (
    {
        "schema": ["CREATE TABLE t (a INTEGER, b TEXT)", "CREATE TABLE other (n INTEGER)"],
        "rows": {"t": [[1, "x"], [2, "y"], [3, None]], "other": [[7]]},
    },
    {
        "schema": ["CREATE TABLE t (a INTEGER, b TEXT)", "CREATE TABLE other (n INTEGER)"],
        "rows": {"t": [[10, "x"], [20, "z"]], "other": [[8]]},
    },
)
"""What every query and modification of the corpus runs on."""

HONEST = {
    "call": "def f(x):\n    return x + 1000\n",
    "script": "while True:\n    try:\n        print(int(input()) + 1000)\n    except EOFError:\n        break\n",
    "query": "SELECT sum(a) AS s FROM t",
    "modify": "UPDATE t SET a = a + 1000",
}
"""Run after every attack, the ``call`` and the one of its kind: they must come to the hidden answer."""

_ADDED = 1000
_INPUTS, _STDIN = ((1,), (2,)), "1\n2\n"
_LIMITS: dict[str, Any] = {"cpu_s": 1.0}
_FILE = re.compile(r"(\d\d)[a-z]?_[a-z0-9_]+")
_WORD = re.compile(r"@([A-Z_]+)@")
_JSON_KEYS = ("inputs", "stdin", "limits", "may_return", "replace", "runs", "expects", "times")
_BREACH = "BREACH"
_OWN_FDS, _PATIENCE_S = 8, 5.0
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Attack:
    """One program that tries to get what it must not have."""

    name: str
    """Name of the file without its suffix, ``28_fork_bomb`` say."""
    group: str
    number: int
    tries: str
    kind: str
    program: str
    """The program without its header, with its placeholders."""
    outcomes: frozenset[Outcome]
    entry: str
    inputs: tuple[tuple[Any, ...], ...]
    stdin: str
    limits: Limits
    dialect: str
    may_return: tuple[Any, ...] | None
    """The only values allowed where the outcome is ``RAN``; None allows all but the hidden answer."""
    replace: Mapping[str, str]
    runs: int


@dataclass(frozen=True, slots=True)
class Honest:
    """One program that is right and must be found right: the control of the corpus."""

    name: str
    program: str
    entry: str
    inputs: tuple[tuple[Any, ...], ...]
    limits: Limits
    expects: tuple[Any, ...]
    """The right value for each input."""
    needs: str
    """Package that the sandbox must offer, or an empty text."""

    def is_right(self, run: Run) -> bool:
        """Return whether a run came to the right values, by exact type."""
        return run.outcome is Outcome.RAN and _spelled(list(run.values)) == _spelled(list(self.expects))


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one attack on one backend."""

    attack: Attack
    outcome: Outcome | None
    """None where it could not be run, for want of a package or of what that needs."""
    succeeded: bool
    """Whether the attack got what it must not have."""
    note: str
    """Why it counts as succeeded, as not judged or as not run; else empty."""

    @property
    def mark(self) -> str:
        """``.`` stopped, ``X`` succeeded, ``?`` not judged (a failure of the sandbox too), ``-`` not run here."""
        if self.succeeded:
            return "X"
        return "-" if self.outcome is None else "?" if self.outcome is Outcome.NOT_JUDGED else "."


@dataclass(frozen=True, slots=True)
class Row:
    """One attack over all tiers."""

    name: str
    group: str
    tries: str
    marks: Mapping[str, str]
    """Mark of a finding by tier; a tier without a finding is left out."""


def load(folder: Path) -> list[Attack]:
    """Return the attacks of a corpus in the order of their numbers; raises ``BadFile``."""
    attacks = []
    for group in GROUPS:
        for path in _files(folder / group):
            header, program = _read(path)
            attacks.append(_attack(path, group, header, program))
    return sorted(attacks, key=lambda attack: attack.name)


def load_honest(folder: Path) -> list[Honest]:
    """Return the honest programs of a folder by name; raises ``BadFile``."""
    found = []
    for path in _files(folder):
        header, program = _read(path)
        for key in ("shows", "expects"):
            if key not in header:
                raise BadFile(path, f"its header has no {key}")
        found.append(
            Honest(
                name=path.stem,
                program=program,
                entry=header.get("entry", "f"),
                inputs=_inputs(path, header),
                limits=_limits(path, header, {}),
                expects=tuple(_expected(path, header)),
                needs=header.get("needs", ""),
            )
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise BadFile(folder, "is no folder of programs")
    for path in sorted(folder.iterdir()):
        if path.suffix in (".py", ".sql"):
            yield path


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the header of a file, its JSON parsed, and the rest."""
    known = ("tries", "outcomes", "kind", "entry", "dialect", "shows", "needs", *_JSON_KEYS)
    mark = "-- " if path.suffix == ".sql" else "# "
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeError) as error:
        raise BadFile(path, f"cannot be read: {error}") from None
    header: dict[str, Any] = {}
    while lines and lines[0].startswith(mark):
        key, colon, text = lines.pop(0)[len(mark) :].partition(":")
        if not colon or key not in known or key in header:
            raise BadFile(path, f"its header has the line {key!r}: want one each of {', '.join(known)}")
        try:
            header[key] = json.loads(text) if key in _JSON_KEYS else text.strip()
        except ValueError as error:
            raise BadFile(path, f"{key} of its header is no JSON: {error}") from None
        if header[key] == "":
            raise BadFile(path, f"{key} of its header is empty")
    return header, "\n".join(lines).strip("\n") + "\n"


def _attack(path: Path, group: str, header: dict[str, Any], program: str) -> Attack:
    named = _FILE.fullmatch(path.stem)
    if not named:
        raise BadFile(path, "its name is not like 28_fork_bomb or 28a_fork_bomb")
    for key in ("tries", "outcomes"):
        if key not in header:
            raise BadFile(path, f"its header has no {key}")
    for key in ("shows", "expects", "needs"):
        if key in header:
            raise BadFile(path, f"{key} is for honest programs")
    kind = header.get("kind", "query" if path.suffix == ".sql" else "call")
    if kind not in KINDS or (kind in ("query", "modify")) != (path.suffix == ".sql"):
        raise BadFile(path, f"kind {kind!r} is none of {', '.join(KINDS)}, or not for {path.suffix}")
    replace = header.get("replace", {})
    runs = header.get("runs", 1)
    if type(runs) is not int or not 1 <= runs <= 10:
        raise BadFile(path, "runs must be from 1 to 10")
    for word in _WORD.findall(program + json.dumps(header.get("stdin", ""))):
        if word not in PLACEHOLDERS:
            raise BadFile(path, f"unknown placeholder @{word}@: known are {', '.join(PLACEHOLDERS)}")
    return Attack(
        name=path.stem,
        group=group,
        number=int(named.group(1)),
        tries=header["tries"],
        kind=kind,
        program=program,
        outcomes=_outcomes(path, header["outcomes"]),
        entry=header.get("entry", "f"),
        inputs=_inputs(path, header),
        stdin=_text(path, header.get("stdin", "1\n2\n")),
        limits=_limits(path, header, _LIMITS),
        dialect=header.get("dialect", "sqlite"),
        may_return=tuple(_list(path, header, "may_return")) if "may_return" in header else None,
        replace=_parts(path, replace, program),
        runs=runs,
    )


def _outcomes(path: Path, text: str) -> frozenset[Outcome]:
    try:
        found = frozenset(Outcome(word.strip()) for word in text.split(","))
    except ValueError as error:
        raise BadFile(path, f"outcomes of its header: {error}") from None
    if Outcome.NOT_JUDGED in found:
        raise BadFile(path, "outcomes of its header: not_judged is the sandbox's own fault and never allowed")
    return found


def _list(path: Path, header: Mapping[str, Any], key: str) -> list[Any]:
    if not isinstance(header[key], list):
        raise BadFile(path, f"{key} of its header is no list")
    return list(header[key])


def _expected(path: Path, header: Mapping[str, Any]) -> list[Any]:
    """Return the right values; with ``times``, each is a list that is repeated so often."""
    values, times = _list(path, header, "expects"), header.get("times", 1)
    if type(times) is not int or (times != 1 and not all(isinstance(value, list) for value in values)):
        raise BadFile(path, "times of its header is no whole number, or is not for lists")
    return [value * times for value in values] if times != 1 else values


def _text(path: Path, stdin: Any) -> str:
    if not isinstance(stdin, str):
        raise BadFile(path, "stdin of its header is no text")
    return stdin


def _inputs(path: Path, header: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    inputs = header.get("inputs", [[1], [2]])
    if not isinstance(inputs, list) or not inputs or not all(isinstance(args, list) for args in inputs):
        raise BadFile(path, "inputs of its header is no list of lists of arguments")
    return tuple(tuple(args) for args in inputs)


def _limits(path: Path, header: Mapping[str, Any], defaults: Mapping[str, Any]) -> Limits:
    try:
        return Limits(**{**defaults, **header.get("limits", {})})
    except (TypeError, GradariumError) as error:
        raise BadFile(path, f"limits of its header: {error}") from None


def _parts(path: Path, replace: Any, program: str) -> dict[str, str]:
    try:
        parts = {word: "".join(text * times for text, times in pieces) for word, pieces in replace.items()}
    except (AttributeError, TypeError, ValueError):
        raise BadFile(path, 'replace of its header is not like {"WORD": [["(", 100000]]}') from None
    for word in parts:
        if word not in program:
            raise BadFile(path, f"replace of its header: {word} is not in the program")
    return parts


class Probes:
    """What an attack could reach for, set up on the host, and the look at it afterwards (Linux).

    Enter it *before* the sandbox is made: then the secret lies in the environment that its processes start from, and
    in a descriptor that they could inherit.

    >>> with Probes() as probes:  # doctest: +SKIP
    ...     run_attack(make_sandbox("namespaces"), load(folder)[0], probes)
    """

    token: str
    """The secret: in a readable file, in the environment, in our memory and in an inheritable descriptor."""

    def __init__(self) -> None:
        self.token = "gradarium-secret-" + secrets.token_hex(16)
        self._env = "GRADARIUM_PROBE_" + secrets.token_hex(4).upper()
        self._stack = ExitStack()
        self._listeners: dict[str, socket.socket] = {}
        self._words: dict[str, str] = {}
        self._open = Path()
        self._watched: tuple[int, int] | None = None

    def __enter__(self) -> "Probes":
        with ExitStack() as stack:
            folder = Path(stack.enter_context(_folder(0o755)))
            self._open = folder / "open"
            self._open.mkdir()
            self._open.chmod(0o777)  # mkdir obeys the umask
            secret = folder / "secret.txt"
            secret.write_text(self.token)
            secret.chmod(0o644)
            fd = os.open(secret, os.O_RDONLY)
            stack.callback(os.close, fd)
            os.set_inheritable(fd, True)
            os.environ[self._env] = self.token
            stack.callback(os.environ.pop, self._env, None)
            path, abstract = str(folder / "socket"), "gradarium-probe-" + secrets.token_hex(8)
            port = self._listen(stack, "tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
            self._listen(stack, "udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port))
            for name, address in (("unix", path), ("abstract", "\0" + abstract)):
                self._listen(stack, name, socket.AF_UNIX, socket.SOCK_STREAM, address)
                self._listen(stack, name + " datagram", socket.AF_UNIX, socket.SOCK_DGRAM, address + ".dgram")
            for name in (path, path + ".dgram"):
                os.chmod(name, 0o777)
            self._words = {
                "PORT": str(port),
                "UNIX": path,
                "ABSTRACT": abstract,
                "SECRET_FILE": str(secret),
                "PID": str(os.getpid()),
                "ENV": self._env,
                "PACKAGE": str(Path(__file__).parents[2]),
            }
            self._stack = stack.pop_all()
        self.renew()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _listen(self, stack: ExitStack, name: str, family: int, kind: int, address: Any) -> int:
        """Open a listener; return its port, 0 for one that has none."""
        link = stack.enter_context(socket.socket(family, kind))
        link.bind(address)
        if kind == socket.SOCK_STREAM:
            link.listen(64)
        link.setblocking(False)
        self._listeners[name] = link
        return int(link.getsockname()[1]) if family == socket.AF_INET else 0

    def renew(self) -> None:
        """Give the next attack a marker and a process name of its own."""
        self._words["MARKER"] = str(self._open / secrets.token_hex(8))
        self._words["NAME"] = "probe-" + secrets.token_hex(4)  # the kernel keeps 15 letters

    def fill(self, text: str) -> str:
        """Return a text with its placeholders filled in."""
        return _WORD.sub(lambda found: self._words[found.group(1)], text)

    def watch(self, backend: SandboxBackend) -> None:
        """Warm a backend up with honest runs at its first use and count our descriptors from then on."""
        if self._watched is None or self._watched[0] != id(backend):
            for _ in range(2):
                _after(backend)
            self._watched = id(backend), _descriptors()

    def tripped(self, run: Run) -> str:
        """Return what a run reached that it must not have, or an empty text; clears the traces."""
        found = [f"the {name} listener was hit" for name, link in self._listeners.items() if _hits(link)]
        made = sorted(os.listdir(self._open))
        for name in made:
            path = self._open / name
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        if made:
            found.append("it made a file outside of the sandbox")
        if survivors := _wait(lambda: _named(self._words["NAME"])):
            for pid in survivors:
                os.kill(pid, signal.SIGKILL)
            found.append("a process of it lives on")
        if any(self.token in text for text in [run.message, *_texts(run.values)]):
            found.append("it got hold of the secret")
        if any(_BREACH in text for text in [run.message, *_texts(run.values)]):
            said = next(text for text in [run.message, *_texts(run.values)] if _BREACH in text)
            found.append(said[said.index(_BREACH) :][:200].replace(self.token, "SECRET"))
        return "; ".join(found)

    def leaked(self) -> str:
        """Return how many descriptors of ours are open too many, or an empty text."""
        before = self._watched[1] if self._watched else _descriptors()
        more = _wait(lambda: max(0, _descriptors() - before - _OWN_FDS))
        return f"over {_OWN_FDS} descriptors of ours more than before are open" if more else ""


def run_attack(backend: SandboxBackend, attack: Attack, probes: Probes) -> Finding:
    """Run one attack, look at every probe, and see that an honest program is still judged right.

    An attack that asks for a folder to write in goes without one where the backend has none.
    """
    missing = set(packages_of(attack)) - set(backend.capabilities().get("packages", ()))
    if missing:
        return Finding(attack, None, False, f"not run: this sandbox has no {', '.join(missing)}")
    probes.watch(backend)
    if packages_of(attack) and (refusal := _honest(backend, attack.kind, attack.dialect)).outcome is Outcome.NOT_JUDGED:
        return Finding(attack, None, False, f"not run: {refusal.message}")
    probes.renew()
    finding = Finding(attack, None, False, "")
    for _ in range(attack.runs):
        run = _run(backend, attack, probes)
        faults = [_judged(attack, run), probes.tripped(run), _after(backend, attack), probes.leaked()]
        note = "; ".join(fault for fault in faults if fault)
        if not note and run.outcome is Outcome.NOT_JUDGED:
            return Finding(attack, run.outcome, False, f"not judged: {run.message}")
        finding = Finding(attack, run.outcome, bool(note), note)
        if finding.succeeded:
            break
    return finding


def packages_of(attack: Attack) -> tuple[str, ...]:
    """Return the packages that a sandbox must offer for an attack to be run."""
    return ("duckdb",) if attack.dialect == "duckdb" else ()


def run_honest(backend: SandboxBackend, honest: Honest) -> Run:
    """Run an honest program; ``honest.is_right`` says whether it came to its values."""
    return backend.call(honest.program, honest.entry, [list(args) for args in honest.inputs], honest.limits)


def matrix(findings: Mapping[str, Sequence[Finding]]) -> list[Row]:
    """Return one row for each attack, in order, with its mark on each tier."""
    rows: dict[str, Row] = {}
    for tier, found in findings.items():
        for finding in found:
            attack = finding.attack
            row = rows.get(attack.name, Row(attack.name, attack.group, attack.tries, {}))
            rows[attack.name] = Row(row.name, row.group, row.tries, {**row.marks, tier: finding.mark})
    return [rows[name] for name in sorted(rows)]


def to_markdown(rows: Sequence[Row]) -> str:
    """Return a matrix as a Markdown table, with the number of stopped attacks of each tier in its last line."""
    tiers = list(dict.fromkeys(tier for row in rows for tier in row.marks))
    lines = [["attack", "tries", *tiers], ["---", "---", *("---" for _ in tiers)]]
    lines += [[row.name, row.tries.replace("|", "\\|"), *(row.marks.get(t, " ") for t in tiers)] for row in rows]
    lines.append(["stopped", "", *(f"{stopped} of {ran}" for stopped, ran in (count(rows, t) for t in tiers))])
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def count(rows: Sequence[Row], tier: str) -> tuple[int, int]:
    """Return how many attacks a tier stopped, and how many were run on it."""
    marks = [row.marks[tier] for row in rows if row.marks.get(tier, "-") != "-"]
    return marks.count("."), len(marks)


def _run(backend: SandboxBackend, attack: Attack, probes: Probes) -> Run:
    program, limits = attack.program, attack.limits
    if limits.scratch_bytes and not backend.capabilities().get("scratch", True):
        limits = dataclasses.replace(limits, scratch_bytes=0)
    for word, text in attack.replace.items():
        program = program.replace(word, text)
    program, stdin = probes.fill(program), probes.fill(attack.stdin)
    return _sent(backend, attack.kind, program, attack.entry, attack.inputs, stdin, limits, attack.dialect)


def _sent(
    backend: SandboxBackend,
    kind: str,
    program: str,
    entry: str,
    inputs: Sequence[Sequence[Any]],
    stdin: str,
    limits: Limits,
    dialect: str,
) -> Run:
    if kind == "script":
        return backend.script(program, stdin, limits)
    if kind == "query":
        return backend.query(program, DATABASES, limits, dialect=dialect)
    if kind == "modify":
        return backend.modify(program, DATABASES, limits)
    return backend.call(program, entry, [list(args) for args in inputs], limits)


def _judged(attack: Attack, run: Run) -> str:
    """Return what is wrong with outcome and values of a run, or an empty text."""
    if run.outcome is Outcome.NOT_JUDGED:
        return ""
    if (run.outcome is Outcome.RAN) != bool(run.values):
        return f"outcome {run.outcome} with {len(run.values)} values"
    if run.outcome is Outcome.RAN and _is_right(attack.kind, attack.inputs, attack.stdin, run.values):
        return "it came to the hidden answer"
    if run.outcome not in attack.outcomes:
        return f"outcome {run.outcome}, allowed are {', '.join(sorted(attack.outcomes))}: {run.message}"
    if attack.may_return is not None:
        allowed = {_spelled(value) for value in attack.may_return}
        for value in run.values:
            if _spelled(value) not in allowed:
                return f"it returned {_spelled(value)[:200]}"
    return ""


def _is_right(kind: str, inputs: Sequence[Sequence[Any]], stdin: str, values: Sequence[Any]) -> bool:
    """Return whether values are the hidden answer."""
    if kind == "script":
        numbers = [word for word in stdin.split() if word.isdigit()]
        return bool(numbers) and str(values[0]).split() == [str(int(word) + _ADDED) for word in numbers]
    if kind == "query":
        rows = [_part(value, "rows") for value in values]
        return _spelled(rows) == _spelled([[[sum(a for a, _ in base["rows"]["t"])]] for base in DATABASES])
    if kind == "modify":
        found = [_part(value, "tables") or {} for value in values]
        tables = [{name: _part(table, "rows") for name, table in state.items()} for state in found]
        moved = [[[a + _ADDED, b] for a, b in base["rows"]["t"]] for base in DATABASES]
        right = [{"t": rows, "other": base["rows"]["other"]} for rows, base in zip(moved, DATABASES, strict=True)]
        return _spelled(tables) == _spelled(right)
    sums = [args[0] + _ADDED for args in inputs if args and type(args[0]) is int]
    return _spelled(list(values)) == _spelled(sums)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _spelled(value: Any) -> str:
    """Return a text that is equal for values of equal types and contents."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [_plain(item) for item in value]
    if kind is dict and all(type(key) is str for key in value):
        return {key: _plain(item) for key, item in value.items()}
    return {kind.__name__: repr(value)}


def _texts(value: Any) -> Iterator[str]:
    """Yield every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _texts(item)


def _honest(backend: SandboxBackend, kind: str, dialect: str) -> Run:
    return _sent(backend, kind, HONEST[kind], "f", _INPUTS, _STDIN, Limits(), dialect)


def _after(backend: SandboxBackend, attack: Attack | None = None) -> str:
    """Return what is wrong with honest runs, or an empty text."""
    kinds = dict.fromkeys(("call", attack.kind if attack else "call"))
    dialect = attack.dialect if attack else "sqlite"
    for kind in kinds:
        run = _honest(backend, kind, dialect)
        if run.outcome is not Outcome.RAN or not _is_right(kind, _INPUTS, _STDIN, run.values):
            return f"an honest {kind} afterwards: {run.outcome} {run.values!r} {run.message}"
    return ""


def _folder(mode: int) -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="probes-")
    os.chmod(folder.name, mode)
    return folder


def _hits(link: socket.socket) -> int:
    hits = 0
    while True:
        try:
            if link.type == socket.SOCK_STREAM:
                link.accept()[0].close()
            else:
                link.recv(1)
            hits += 1
        except BlockingIOError:
            return hits


def _named(name: str) -> list[int]:
    """Return the live processes of a name."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (OSError, UnicodeError):  # it ended meanwhile
            continue
        inside, _, rest = stat.partition("(")[2].rpartition(")")
        if inside == name and rest.split()[0] not in "ZX":
            found.append(int(pid))
    return found


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def _wait(look: Callable[[], Seen]) -> Seen:
    """Return what ``look`` sees once that is nothing, or what it still sees after some seconds."""
    deadline = time.monotonic() + _PATIENCE_S
    while (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return seen
