"""Runs in the container: takes jobs from its standard input, has its worker do them, answers on its standard output.

Stand-alone. A message either way is a letter, a length and that many bytes. To the agent: ``S`` once, the settings as
JSON, then ``J`` for each job. From it: ``R`` once it is ready or ``X`` with the reason why it is not; then for each job
``E`` with its ending, ``F`` with the sandbox's fault, or ``L`` when the worker is lost, which is the agent's end too.
Nothing that it sends is more than numbers and raw bytes, since the other side has to distrust it.
"""

import json
import os
import select
import site
import struct
import sys
import threading
from typing import Any, Literal

from gradarium.sandbox.inside import system
from gradarium.sandbox.inside.drive import Ending, Job, SandboxFault, WorkerLost, WorkerRefused, Zygote

HEAD = struct.Struct("<cQ")
"""Letter and length."""
JOB = struct.Struct("<BddQQQQQ?IQQ")
"""A ``Job`` with the lengths of its two texts at the end; they follow in the order of payload and standard input."""
READY = struct.Struct("<IHBB")
"""User, version of Landlock in force (0: none), and the two parts of Python's version."""
ENDING = struct.Struct("<BidddQQQ")
"""An ``Ending`` with the lengths of its two texts at the end; they follow in the order of result and output."""
CAUSES: tuple[Literal["", "cpu", "wall", "output"], ...] = ("", "cpu", "wall", "output")
MAX_TEXT = 500
"""Bytes of a fault's text."""
MAX_MESSAGE, MAX_ANSWER = 256 << 20, 64 << 20
"""Bytes of a message to the agent, and of the texts that come back: both are held in the container's memory."""


class _Gone(Exception):  # there is nobody left to tell
    """The client is gone or speaks another language."""


def pack_job(job: Job) -> list[bytes]:
    """Return the parts of the message for a job; raises ``SandboxFault`` for one that is too large."""
    numbers = (*job[:1], *job[3:])
    body = JOB.pack(*numbers, len(job.payload), len(job.stdin))
    length = len(body) + len(job.payload) + len(job.stdin)
    if job.result_cap + job.output_cap > MAX_ANSWER:
        raise SandboxFault(f"limits.output_bytes: what comes out of a container is at most {MAX_ANSWER >> 21} MB")
    if length > MAX_MESSAGE:
        raise SandboxFault(f"what goes into a container is at most {MAX_MESSAGE >> 20} MB, not {length >> 20}")
    return [HEAD.pack(b"J", length) + body, job.payload, job.stdin]


def _exactly(fd: int, size: int) -> bytes:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = os.readv(fd, [view])
        if not count:
            raise _Gone
        view = view[count:]
    return bytes(data)


def _head(fd: int, expected: bytes) -> int:
    letter, length = HEAD.unpack(_exactly(fd, HEAD.size))
    if letter != expected or length > MAX_MESSAGE:
        raise _Gone
    return int(length)


def _receive_job(fd: int) -> Job:
    length = _head(fd, b"J")
    kind, *numbers, payload_size, stdin_size = JOB.unpack(_exactly(fd, JOB.size))
    if JOB.size + payload_size + stdin_size != length:
        raise _Gone
    payload = _exactly(fd, payload_size)
    return Job(kind, payload, _exactly(fd, stdin_size), *numbers)


def _send(fd: int, letter: bytes, *parts: bytes) -> None:
    for part in (HEAD.pack(letter, sum(map(len, parts))), *parts):
        view = memoryview(part)
        while view:
            view = view[os.write(fd, view) :]


def _send_ending(fd: int, ending: Ending) -> None:
    numbers = (CAUSES.index(ending.cause), *ending[1:6], len(ending.result), len(ending.output))
    _send(fd, b"E", ENDING.pack(*numbers), ending.result, ending.output)


def _end_without_client(fd: int) -> None:
    """End the process, and with it the container, as soon as nobody holds the other end of ``fd``, job or no job."""
    watch = select.poll()
    watch.register(fd, 0)
    while not any(event & (select.POLLHUP | select.POLLERR) for _, event in watch.poll()):
        continue
    os._exit(0)


def serve(source: int, sink: int) -> None:
    """Be ready for the settings, then do jobs until the client is gone; raises ``OSError`` at its end too."""
    settings: dict[str, Any] = json.loads(_exactly(source, _head(source, b"S")))
    sys.path += site.getsitepackages()  # started without them; asked-for packages are looked up there
    try:
        zygote = Zygote("container", settings["packages"], settings["decoys"])
        system.set_dumpable(False)  # the runs share our user and our /proc
    except (WorkerRefused, OSError) as refusal:
        _send(sink, b"X", str(refusal).encode()[:MAX_TEXT])
        return
    facts = zygote.facts
    _send(sink, b"R", READY.pack(os.getuid(), facts.get("landlock", 0), *sys.version_info[:2]))
    while True:
        job = _receive_job(source)
        try:
            ending = zygote.run(job)
        except WorkerLost as lost:
            _send(sink, b"L", str(lost).encode()[:MAX_TEXT])
            return
        except SandboxFault as fault:
            _send(sink, b"F", str(fault).encode()[:MAX_TEXT])
        else:
            _send_ending(sink, ending)
        del job


def main() -> None:
    """Serve the standard streams; never returns."""
    if set(os.environ) - {"LC_ALL"}:  # what the image has set is none of the runs' business, in our /proc neither
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {"LC_ALL": "C.UTF-8"})
    threading.Thread(target=_end_without_client, args=(0,), daemon=True).start()
    try:
        serve(0, 1)
    except (_Gone, OSError):
        os._exit(0)
    os._exit(1)
