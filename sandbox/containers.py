"""The tier ``docker``: each worker is a container that lives long, has no network, and can write nowhere.

Inside runs ``inside/agent.py`` with a worker of its own, which forks and confines a process for each run as elsewhere.
Nothing of this machine is mounted into the container: jobs and answers go over its standard streams, so that an engine
on another machine, or in one, does as well. What comes back is distrusted down to its lengths.
"""

import functools
import hashlib
import importlib
import io
import json
import math
import os
import secrets
import socket
import struct
import sys
import tarfile
import time
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import gradarium
from gradarium.errors import BadValue, MissingExtra
from gradarium.sandbox.base import SandboxUnavailable
from gradarium.sandbox.inside import agent
from gradarium.sandbox.inside.drive import Ending, Job, SandboxFault, WorkerLost, WorkerRefused

BASE = "python:3.11-slim"
"""Image that ``build_image`` starts from unless told otherwise."""

_LABEL = "gradarium.sandbox."
_BUILD = "gradarium sandbox --build"
_FIRST_UID = 1 << 30
_NOBODY = 65534
_MAX_TASKS = 64
_OWN_TASKS, _OWN_MEMORY = 3, 128 << 20
"""Tasks and bytes of a container that are the agent's and its worker's; ``Job.threads`` counts the tasks too."""
_ENGINE_S, _START_S, _GRACE_S = 60, 60.0, 30.0
_SLOWEST = 4e6
"""Bytes a second at which a message must get through at least."""
_CHUNK = 1 << 16
_STREAM = struct.Struct(">B3xI")
"""What the engine puts before each piece of output: its stream, and its length."""


@functools.cache
def _files() -> dict[str, bytes]:
    """Return the files that an image is made of, by their path in the build."""
    folder = Path(__file__).parent
    found = {"Dockerfile": (folder / "data" / "Dockerfile").read_bytes()}
    for path in sorted((folder / "inside").glob("*.py")):
        found[f"inside/{path.name}"] = path.read_bytes()
    return found


def _digest(files: dict[str, bytes], base: str) -> str:
    parts = [base.encode(), *(part for name in sorted(files) for part in (name.encode(), files[name]))]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "little") + part for part in parts)).hexdigest()[:16]


def image_tag(base: str = BASE) -> str:
    """Return the name of the image that this version of the suite builds on ``base``."""
    return f"gradarium-sandbox:{_digest(_files(), base)}"


def build_image(base: str = BASE, client: Any = None) -> str:
    """Build the image of the sandbox on an engine and return its name; a few seconds once the base is there.

    Args:
        base: Image with ``python3`` of 3.11 or newer, and with the packages that runs shall import. Pin it by digest
            (``python@sha256:...``) for an image that never changes.
        client: A ``docker.DockerClient``; default: the engine of the environment (``DOCKER_HOST``).

    Raises:
        SandboxUnavailable: There is no engine, no such base, or the build failed, with the reason.
        MissingExtra: The package ``docker`` is not installed.
    """
    files, tag = _files(), image_tag(base)
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    context.seek(0)
    try:
        client = client or _connect(_sdk(), None)
        with _errors_of(f"cannot build on {base!r}"):
            client.images.build(
                fileobj=context,
                custom_context=True,
                tag=tag,
                buildargs={"BASE": base},
                labels={_LABEL + "files": _digest(files, "")},
                network_mode="none",
                rm=True,
                forcerm=True,
            )
    except WorkerRefused as refusal:
        raise SandboxUnavailable(str(refusal)) from None
    return tag


class DockerWorkers:
    """Starts workers in containers: call it with the decoys. The first call connects and removes orphans.

    An orphan is a container of ours whose owner, a process of this machine, is gone.
    """

    def __init__(
        self,
        packages: Sequence[str] = (),
        image: str | None = None,
        runtime: str | None = None,
        memory_mb: int = 1024,
        cpus: float = 1.0,
        base_url: str | None = None,
        client: Any = None,
    ) -> None:
        """Say what the containers shall be like; nothing is started yet.

        Args:
            packages: Distributions that runs can import; they must be installed in the image.
            image: Name or id of an image made by ``build_image``; default: the one on ``BASE``, else the newest.
            runtime: ``"runsc"`` for gVisor; default: the engine's own.
            memory_mb: Memory of a container, at least 640; a run may use 128 less.
            cpus: Processors of a container.
            base_url: Where the engine listens, ``unix:///run/docker.sock`` say; default: as in ``DOCKER_HOST``.
            client: A ``docker.DockerClient`` to use instead.

        Raises:
            MissingExtra: The package ``docker`` is not installed.
            BadValue: For a wrong argument.
        """
        if type(memory_mb) is not int or not 640 <= memory_mb <= 1 << 20:
            raise BadValue("memory_mb", memory_mb, "must be a whole number from 640 to 1048576")
        if type(cpus) not in (int, float) or not (math.isfinite(cpus) and 0.01 <= cpus <= 1024):
            raise BadValue("cpus", cpus, "must be a number from 0.01 to 1024")
        self.packages, self.image, self.runtime = tuple(packages), image, runtime
        self.memory_mb, self.cpus, self.base_url = memory_mb, cpus, base_url
        self._given = client
        self._client: Any = None
        self._owner = 0
        if client is None:
            _sdk()

    def __call__(self, decoys: list[int]) -> "ContainerWorker":
        """Start a worker; raises ``WorkerRefused`` with the reason and what to do."""
        client = self._engine()
        try:
            return self._start(client, decoys)
        finally:
            client.close()  # its idle connections only: it opens new ones when it needs them

    def _start(self, client: Any, decoys: list[int]) -> "ContainerWorker":
        image = self._find_image(client)
        with _errors_of("the engine does not start a container"):
            uid = self._uid(client)
            container = client.containers.create(image, **self.options(uid))
        connection: Any = None
        try:
            with _errors_of("the engine does not start a container"):
                container.reload()
                _check_applied(container.attrs, self.options(uid))
                wanted = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                connection = container.attach_socket(params=wanted)  # before its start: nothing it says is missed
                container.start()
            room = (self.memory_mb << 20) - _OWN_MEMORY
            return ContainerWorker(container, connection, list(self.packages), decoys, room, {"image": image})
        except BaseException:
            if connection is not None:
                _release(connection)
            _remove(container)
            raise

    def options(self, uid: int) -> dict[str, Any]:
        """Return what a container is created with, for the user ``uid`` inside."""
        options: dict[str, Any] = {
            "stdin_open": True,  # ends with the connection, and the agent with it
            "tty": False,
            "auto_remove": True,
            "network_mode": "none",
            "read_only": True,
            "tmpfs": {"/tmp": "ro,noexec,nosuid,nodev,size=16m,nr_inodes=1k"},
            "ipc_mode": "none",  # private, and without a /dev/shm that one run could leave something in
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "privileged": False,
            "pids_limit": _MAX_TASKS,
            "mem_limit": self.memory_mb << 20,
            "memswap_limit": self.memory_mb << 20,
            "nano_cpus": int(self.cpus * 1e9),
            "ulimits": [{"name": "nofile", "soft": 1024, "hard": 1024}, {"name": "core", "soft": 0, "hard": 0}],
            "user": f"{uid}:{uid}",
            "hostname": "sandbox",
            "log_config": {"type": "none"},
            "stop_signal": "SIGKILL",
            "use_config_proxy": False,  # a proxy's address can hold a password
            "labels": _labels(),
        }
        return {**options, "runtime": self.runtime} if self.runtime else options

    def _engine(self) -> Any:
        """Return the client of this process; its connections are no good in a forked copy."""
        if self._owner != os.getpid():
            self._client = self._given or _connect(_sdk(), self.base_url)
            self._owner = os.getpid()
            remove_orphans(self._client)
        return self._client

    def _uid(self, client: Any) -> int:
        """Return a user that no other container has: the kernel counts a user's processes over all of them."""
        security = client.info().get("SecurityOptions") or ()
        if any("userns" in option or "rootless" in option for option in security):
            return _NOBODY  # users are counted apart there, and large numbers do not exist
        return _FIRST_UID + secrets.randbelow(1 << 29)

    def _find_image(self, client: Any) -> str:
        """Return the id of the image: a name may come to mean another one."""
        files = _digest(_files(), "")
        with _errors_of("the engine does not say what images it has"):
            name = self.image or image_tag()
            found = _get_image(client, name)
            if found is None and self.image is None:
                made = client.images.list(filters={"label": f"{_LABEL}files={files}"})
                found = max(made, key=lambda image: str(image.attrs.get("Created", "")), default=None)
        if found is None:
            raise WorkerRefused(f"the engine has no image {name}: {_BUILD} [--base IMAGE]")
        if (found.labels or {}).get(_LABEL + "files") != files:
            raise WorkerRefused(f"the image {name} is none of this version of the suite: {_BUILD} [--base IMAGE]")
        return str(found.id)


class ContainerWorker:
    """One container; one job at a time, not to be used from two threads at once."""

    def __init__(
        self, container: Any, connection: Any, packages: list[str], decoys: list[int], room: int, about: dict[str, Any]
    ) -> None:
        """Greet the agent of a started container over ``connection``; raises ``WorkerRefused``.

        ``room`` is the memory that a run may use, in bytes.
        """
        self._container, self._room = container, room
        self._talk: Conversation | None = Conversation(connection)
        settings = json.dumps({"packages": packages, "decoys": decoys}).encode()
        try:
            self._talk.send([agent.HEAD.pack(b"S", len(settings)), settings], _START_S)
            letter, body = self._talk.receive({b"R": agent.READY.size, b"X": agent.MAX_TEXT}, _START_S)
            if letter == b"R" and len(body) != agent.READY.size:
                raise WorkerLost("the container sends what no agent does")
        except WorkerLost as lost:
            raise WorkerRefused(f"the container does not get ready: {lost}") from None
        if letter == b"X":
            raise WorkerRefused(f"inside the container: {_text(body)}")
        uid, landlock, major, minor = agent.READY.unpack(body)
        self.facts: dict[str, Any] = {**about, "uid": uid, "landlock": landlock, "python": f"{major}.{minor}"}

    def run(self, job: Job) -> Ending:
        """Run a job to its end; raises ``WorkerLost`` or ``SandboxFault``, and then nothing is known."""
        if self._talk is None:
            raise WorkerLost("the container is gone")
        if job.memory > self._room:
            raise SandboxFault(
                f"limits.memory_mb = {job.memory >> 20} does not fit into a container that leaves {self._room >> 20}: "
                "make_sandbox('docker', memory_mb=...)"
            )
        if job.threads > _MAX_TASKS:
            most = _MAX_TASKS - _OWN_TASKS
            raise SandboxFault(f"limits.processes = {job.threads - _OWN_TASKS}: a container holds {most} at most")
        parts = agent.pack_job(job)
        caps = {
            b"E": agent.ENDING.size + job.result_cap + job.output_cap + 2,
            b"F": agent.MAX_TEXT,
            b"L": agent.MAX_TEXT,
        }
        try:
            self._talk.send(parts, _GRACE_S)
            letter, body = self._talk.receive(caps, job.wall_s + _GRACE_S)
            if letter == b"E":
                return _ending(job, body)
            if letter == b"L":
                raise WorkerLost(_text(body))
        except BaseException:  # after an interrupt too the next answer would be the last one's
            self.close()
            raise
        raise SandboxFault(_text(body))

    def abandon(self) -> None:
        """Close our end of the connection in a forked copy of the client; the container is the original's."""
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def close(self) -> None:
        """End and remove the container, in the middle of a job too."""
        if self._talk is None:
            return
        self._talk.close()
        self._talk = None
        _remove(self._container)
        self._container.client.close()  # its idle connections


class Conversation:
    """Messages over a connection of the engine to the standard streams of a container."""

    def __init__(self, connection: Any) -> None:
        """Take over what ``attach_socket`` gave."""
        self._connection = connection
        self._socket: socket.socket = getattr(connection, "_sock", connection)
        self._raw = memoryview(b"")
        self._left = 0  # of the piece of output that is being read
        self._errors = b""  # the end of what it wrote to its standard error

    def send(self, parts: Sequence[bytes], seconds: float) -> None:
        """Send the parts of a message; raises ``WorkerLost`` after so long, and what the size allows for."""
        deadline = time.monotonic() + seconds + sum(map(len, parts)) / _SLOWEST
        for part in parts:
            view = memoryview(part)
            while view:
                try:
                    self._socket.settimeout(_left(deadline))
                    view = view[self._socket.send(view[: 16 * _CHUNK]) :]
                except OSError as error:
                    self._lose(error)

    def receive(self, caps: dict[bytes, int], seconds: float) -> tuple[bytes, bytes]:
        """Return letter and body of the next message; ``caps`` has the letters that may come and their longest bodies.

        Raises ``WorkerLost`` for anything else, and after so many seconds and what the size allows for.
        """
        deadline = time.monotonic() + seconds
        letter, length = agent.HEAD.unpack(self._output(agent.HEAD.size, deadline))
        if letter not in caps or length > caps[letter]:
            raise WorkerLost(f"the container sends what no agent does: {letter!r} of {length} bytes")
        return letter, self._output(length, deadline + length / _SLOWEST)

    def close(self) -> None:
        """Close our end."""
        _release(self._connection)

    def _output(self, size: int, deadline: float) -> bytes:
        """Return so many bytes of its standard output; the standard error between them is put aside."""
        data = bytearray()
        while len(data) < size:
            if not self._left:
                head = b""
                while len(head) < _STREAM.size:
                    head += self._some(_STREAM.size - len(head), deadline)
                stream, self._left = _STREAM.unpack(head)
                if stream == 2:
                    while self._left:
                        piece = self._some(self._left, deadline)
                        self._left -= len(piece)
                        self._errors = (self._errors + piece)[-2000:]
                elif stream != 1:
                    raise WorkerLost(f"the engine sends what no engine does: stream {stream}")
                continue
            piece = self._some(min(self._left, size - len(data)), deadline)
            self._left -= len(piece)
            data += piece
        return bytes(data)

    def _some(self, most: int, deadline: float) -> memoryview:
        """Return one to ``most`` bytes as they come over the connection."""
        if not self._raw:
            try:
                self._socket.settimeout(_left(deadline))
                self._raw = memoryview(self._socket.recv(_CHUNK))
            except OSError as error:
                self._lose(error)
            if not self._raw:
                self._lose(None)
        piece, self._raw = self._raw[:most], self._raw[most:]
        return piece

    def _lose(self, error: OSError | None) -> NoReturn:
        if isinstance(error, TimeoutError):
            raise WorkerLost("the container does not answer") from None
        said = _text(self._errors.rstrip().rpartition(b"\n")[2])
        raise WorkerLost("the container ended" + (f": {said}" if said else "")) from None


def remove_orphans(client: Any) -> int:
    """Remove the containers of owners that are gone from this machine, return how many; raises ``WorkerRefused``."""
    mine, removed = _labels(), 0
    with _errors_of("the engine does not say what containers it has"):
        host = f"{_LABEL}host={mine[_LABEL + 'host']}"
        found = client.containers.list(all=True, filters={"label": host}, ignore_removed=True)
    for container in found:
        labels = container.labels
        pid, started = labels.get(_LABEL + "pid", ""), labels.get(_LABEL + "started", "")
        if pid.isdecimal() and not _lives(int(pid), started):
            _remove(container)
            removed += 1
    return removed


def _labels() -> dict[str, str]:
    """Return whose a container is."""
    pid = os.getpid()
    values = {"host": _host(), "pid": str(pid), "started": _started(pid), "version": gradarium.__version__}
    return {_LABEL + name: value for name, value in values.items()}


def _host() -> str:
    """Return what tells this machine, since its last start and seen from where we are, from every other."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}-{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:  # no Linux
        return socket.gethostname()


def _started(pid: int) -> str:
    """Return when a process began, in ticks since the machine's start; empty where it is not there, or no Linux."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _lives(pid: int, started: str) -> bool:
    if started:
        return _started(pid) == started
    if sys.platform == "win32":
        return True  # there is no harmless way to ask
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another user's, but it lives
    return True


def _sdk() -> Any:
    try:
        return importlib.import_module("docker")
    except ImportError:
        raise MissingExtra("the sandbox 'docker'", "docker", "the package docker") from None


def _connect(sdk: Any, base_url: str | None) -> Any:
    with _errors_of("no Docker engine answers (start one, or set DOCKER_HOST)"):
        if base_url:
            return sdk.DockerClient(base_url=base_url, timeout=_ENGINE_S)
        return sdk.from_env(timeout=_ENGINE_S)


@contextmanager
def _errors_of(what: str) -> Iterator[None]:
    """Turn an error of the engine or of the way to it into ``WorkerRefused``, in one line."""
    try:
        yield
    except WorkerRefused:
        raise
    except _engine_errors() as error:
        raise WorkerRefused(f"{what}: {_explain(error)}") from None


def _engine_errors() -> tuple[type[BaseException], ...]:
    docker_errors: types.ModuleType | None = sys.modules.get("docker.errors")
    return (OSError, docker_errors.DockerException) if docker_errors else (OSError,)


def _explain(error: BaseException) -> str:
    text = str(getattr(error, "explanation", None) or getattr(error, "msg", None) or error)
    if "runtime" in text and ("unknown" in text.lower() or "invalid" in text.lower()):
        text += ": add the runtime to the engine's settings (gVisor: runsc install) and start it anew"
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _get_image(client: Any, name: str) -> Any:
    try:
        return client.images.get(name)
    except _engine_errors() as error:
        if getattr(error, "status_code", None) == 404:
            return None
        raise


def _check_applied(about: dict[str, Any], options: dict[str, Any]) -> None:
    """Raise ``WorkerRefused`` where the engine left out one of our limits: old and rootless ones warn and go on."""
    host = about.get("HostConfig") or {}
    wanted = {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "IpcMode": "none",
        "CapDrop": ["ALL"],
        "Privileged": False,
        "PidsLimit": options["pids_limit"],
        "Memory": options["mem_limit"],
        "NanoCpus": options["nano_cpus"],
        "AutoRemove": True,
    }
    if "runtime" in options:
        wanted["Runtime"] = options["runtime"]
    missing = [name for name, value in wanted.items() if host.get(name) != value]
    missing += [f"no {name}" for name in ("Binds", "Mounts", "Devices", "CapAdd", "VolumesFrom") if host.get(name)]
    missing += ["no volumes"] if any(mount.get("Type") != "tmpfs" for mount in about.get("Mounts") or ()) else []
    if missing:
        raise WorkerRefused(f"the engine or the image does not keep to {', '.join(missing)}: use another")


def _remove(container: Any) -> None:
    """Remove a container with all its processes; one that is going already is left to the engine."""
    with suppress(*_engine_errors()):  # if the engine is gone: the agent ends with our connection all the same
        container.remove(force=True, v=True)


def _left(deadline: float) -> float:
    """Return the seconds up to a deadline; raises ``TimeoutError`` once it is past."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _release(connection: Any) -> None:
    """Close our descriptor only: the engine's end is shared with the original in a forked copy."""
    raw = getattr(connection, "_sock", connection)
    if hasattr(raw, "detach") and raw.fileno() >= 0:
        os.close(raw.detach())


def _text(data: bytes) -> str:
    return "".join(c if c.isprintable() else " " for c in bytes(data).decode("utf-8", "replace"))[: agent.MAX_TEXT]


def _ending(job: Job, body: bytes) -> Ending:
    """Read an ending; raises ``WorkerLost`` where no agent sends such a one."""
    if len(body) < agent.ENDING.size:
        raise WorkerLost("the container sends half an ending")
    numbers = agent.ENDING.unpack_from(body)
    cause, status, cpu_s, wall_s, queued_s, peak, result_size, output_size = numbers
    honest = (
        cause < len(agent.CAUSES)
        and 0 <= status <= 0xFFFF
        and all(0 <= value < 1e9 for value in (cpu_s, wall_s, queued_s))
        and result_size <= job.result_cap + 1
        and output_size <= job.output_cap + 1
        and len(body) == agent.ENDING.size + result_size + output_size
    )
    if not honest:
        raise WorkerLost(f"the container sends an ending that cannot be: {numbers}")
    middle = agent.ENDING.size + result_size
    result, output = body[agent.ENDING.size : middle], body[middle:]
    return Ending(agent.CAUSES[cause], status, cpu_s, wall_s, queued_s, peak, result, output)
