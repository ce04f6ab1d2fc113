"""The sandbox 'docker': what a container is made with, what it may say, and runs in a real engine if one is there."""

import io
import json
import multiprocessing
import os
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import textwrap
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from gradarium.errors import BadValue, MissingExtra
from gradarium.sandbox import Limits, Outcome, SandboxUnavailable, containers, make_sandbox, tiers
from gradarium.sandbox.containers import ContainerWorker, DockerWorkers, build_image, image_tag, remove_orphans
from gradarium.sandbox.inside import agent
from gradarium.sandbox.inside.drive import Job, SandboxFault, WorkerLost, WorkerRefused
from gradarium.sandbox.pool import Pool

SOURCES = Path(containers.__file__).resolve().parents[1] / "src"
BENIGN = "import time\ndef f(x):\n    time.sleep(x)\n    return x"


def job(payload=b"", stdin=b"", result_cap=1000, output_cap=1000, memory=512 << 20, threads=19, wall_s=20.0):
    return Job(0, payload, stdin, 2.0, wall_s, memory, threads, 0, result_cap, output_cap, True)


# --- an engine that is none


class Refusal(OSError):
    """An error as the SDK's: a status and an explanation."""

    def __init__(self, status_code, explanation):
        super().__init__(explanation)
        self.status_code, self.explanation = status_code, explanation


class FakeImage:
    id = "sha256:1234"

    def __init__(self, labels):
        self.labels, self.attrs = labels, {"Created": "2024"}


class FakeContainer:
    """Remembers what it was made with; once started, ``peer(socket)`` speaks for it."""

    def __init__(self, engine, options):
        self.engine, self.options, self.labels, self.removed = engine, options, options.get("labels", {}), 0
        self.client = engine
        self.attrs = {
            "HostConfig": {
                "NetworkMode": options.get("network_mode"),
                "ReadonlyRootfs": options.get("read_only"),
                "IpcMode": options.get("ipc_mode"),
                "CapDrop": options.get("cap_drop"),
                "Privileged": options.get("privileged"),
                "PidsLimit": options.get("pids_limit"),
                "Memory": options.get("mem_limit"),
                "NanoCpus": options.get("nano_cpus"),
                "AutoRemove": options.get("auto_remove"),
                "Runtime": options.get("runtime", "runc"),
                **engine.instead,
            },
            "Mounts": engine.mounts,
        }

    def reload(self):
        pass

    def attach_socket(self, params):
        assert params == {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        ours, self.end = socket.socketpair()
        return ours

    def start(self):
        threading.Thread(target=self.engine.peer, args=(self.end,), daemon=True).start()

    def remove(self, force, v):
        self.removed += 1


class FakeEngine:
    """Stands for a ``docker.DockerClient`` and its collections of images and containers."""

    def __init__(self, peer=None, instead=None, mounts=(), labels=None, create_error=None):
        self.peer = peer or ready
        self.instead, self.mounts, self.create_error = instead or {}, mounts, create_error
        self.present = [FakeImage(labels or {"gradarium.sandbox.files": containers._digest(containers._files(), "")})]
        self.security, self.made, self.existing, self.built = [], [], [], None
        self.images = self.containers = self
        self.closed = 0

    def close(self):
        self.closed += 1

    def info(self):
        return {"SecurityOptions": self.security}

    def absent(self, name):
        raise Refusal(404, f"No such image: {name}")

    def get(self, name):
        return self.present[0] if self.present and name != "unknown" else self.absent(name)

    def list(self, filters, **options):
        if "host" in filters["label"]:
            return self.existing
        return self.present

    def create(self, image, **options):
        if self.create_error:
            raise self.create_error
        self.made.append(FakeContainer(self, {"image": image, **options}))
        return self.made[-1]

    def build(self, **options):
        self.built = options


def take(end):
    """Read a whole message, so that no answer comes before its question."""
    _, length = agent.HEAD.unpack(end.recv(agent.HEAD.size, socket.MSG_WAITALL))
    while length:
        length -= len(end.recv(min(length, 1 << 16)))


def piece(data, stream=1):
    return struct.pack(">B3xI", stream, len(data)) + data


def message(letter, body=b""):
    return agent.HEAD.pack(letter, len(body)) + body


READY = piece(message(b"R", agent.READY.pack(70000, 3, 3, 11)))


def ready(end):
    """Be an agent that is ready and then never answers."""
    take(end)
    end.sendall(READY)
    time.sleep(60)


def then(*data):
    """Return an agent that is ready, and answers the first job with ``data`` and its end."""

    def peer(end):
        take(end)
        end.sendall(READY)
        take(end)
        with suppress(OSError):  # the other side may have had enough
            for part in data:
                end.sendall(part)
        end.close()

    return peer


def ending(cause=0, status=0, cpu=0.1, wall=0.2, queued=0.0, peak=1, result=b"", output=b"", sizes=None):
    sizes = sizes or (len(result), len(output))
    return message(b"E", agent.ENDING.pack(cause, status, cpu, wall, queued, peak, *sizes) + result + output)


def test_a_container_is_made_with_every_lock():
    engine = FakeEngine()
    worker = DockerWorkers(client=engine, memory_mb=700, cpus=0.5)([1, 2])
    options = dict(engine.made[0].options)
    user, labels = options.pop("user"), options.pop("labels")
    assert options == {
        "image": "sha256:1234",  # the id, since a name may come to mean another image
        "stdin_open": True,
        "tty": False,
        "auto_remove": True,
        "network_mode": "none",
        "read_only": True,
        "tmpfs": {"/tmp": "ro,noexec,nosuid,nodev,size=16m,nr_inodes=1k"},
        "ipc_mode": "none",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "privileged": False,
        "pids_limit": 64,
        "mem_limit": 700 << 20,
        "memswap_limit": 700 << 20,
        "nano_cpus": 500_000_000,
        "ulimits": [{"name": "nofile", "soft": 1024, "hard": 1024}, {"name": "core", "soft": 0, "hard": 0}],
        "hostname": "sandbox",
        "log_config": {"type": "none"},
        "stop_signal": "SIGKILL",
        "use_config_proxy": False,
    }
    uid, gid = map(int, user.split(":"))
    assert uid == gid >= 1 << 30
    assert labels["gradarium.sandbox.pid"] == str(os.getpid())
    assert set(labels) == {f"gradarium.sandbox.{name}" for name in ("host", "pid", "started", "version")}
    assert worker.facts == {"image": "sha256:1234", "uid": 70000, "landlock": 3, "python": "3.11"}
    worker.close()
    worker.close()
    assert engine.made[0].removed == 1


def test_every_container_has_a_user_of_its_own_but_where_users_are_mapped():
    engine = FakeEngine()
    start = DockerWorkers(client=engine)
    for _ in range(2):
        start([]).close()
    assert engine.made[0].options["user"] != engine.made[1].options["user"]
    engine.security = ["name=seccomp,profile=default", "name=rootless"]
    start([]).close()
    assert engine.made[2].options["user"] == "65534:65534"


@pytest.mark.parametrize(
    "instead, named",
    [
        ({"Memory": 0}, "Memory"),
        ({"PidsLimit": None}, "PidsLimit"),
        ({"NetworkMode": "bridge"}, "NetworkMode"),
        ({"ReadonlyRootfs": False}, "ReadonlyRootfs"),
        ({"Binds": ["/:/host"]}, "no Binds"),
        ({"Privileged": True}, "Privileged"),
    ],
)
def test_an_engine_that_leaves_a_lock_out_is_refused(instead, named):
    engine = FakeEngine(instead=instead)
    with pytest.raises(WorkerRefused, match=named):
        DockerWorkers(client=engine)([])
    assert engine.made[0].removed == 1


def test_an_image_with_a_volume_is_refused():
    with pytest.raises(WorkerRefused, match="no volumes"):
        DockerWorkers(client=FakeEngine(mounts=[{"Type": "volume"}]))([])


def test_a_runtime_that_was_not_taken_is_refused_and_an_unknown_one_explained():
    with pytest.raises(WorkerRefused, match="Runtime"):
        DockerWorkers(client=FakeEngine(instead={"Runtime": "runc"}), runtime="runsc")([])
    unknown = Refusal(400, "unknown or invalid runtime name: runsc")
    with pytest.raises(WorkerRefused, match=r"runsc: add the runtime to the engine") as caught:
        DockerWorkers(client=FakeEngine(create_error=unknown), runtime="runsc")([])
    assert "\n" not in str(caught.value)


def test_a_missing_or_foreign_image_names_the_command_that_makes_it():
    engine = FakeEngine()
    with pytest.raises(WorkerRefused, match=r"no image unknown: gradarium sandbox --build"):
        DockerWorkers(client=engine, image="unknown")([])
    engine.present = []
    with pytest.raises(WorkerRefused, match=rf"no image {image_tag()}: gradarium sandbox --build"):
        DockerWorkers(client=engine)([])
    with pytest.raises(WorkerRefused, match="none of this version"):
        DockerWorkers(client=FakeEngine(labels={"gradarium.sandbox.files": "other"}))([])
    assert not engine.made


def test_without_a_name_the_newest_image_of_this_version_is_taken(monkeypatch):
    engine = FakeEngine()
    newer = FakeImage(engine.present[0].labels)
    newer.id, newer.attrs = "sha256:5678", {"Created": "2025"}
    engine.present.append(newer)
    monkeypatch.setattr(engine, "get", engine.absent)
    DockerWorkers(client=engine)([]).close()
    assert engine.made[0].options["image"] == "sha256:5678"


def test_an_engine_that_does_not_answer_is_said_and_nothing_weaker_is_taken(tmp_path):
    pytest.importorskip("docker")
    with pytest.raises(SandboxUnavailable, match=r"no Docker engine answers \(start one, or set DOCKER_HOST\)"):
        make_sandbox("docker", base_url=f"unix://{tmp_path}/none.sock")


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "docker", None)
    with pytest.raises(MissingExtra, match=r"gradarium\[docker\]"):
        DockerWorkers()
    assert "gradarium[docker]" in next(offer.reason for offer in tiers.offers() if offer.name == "docker")


@pytest.mark.parametrize("options", [{"memory_mb": 100}, {"memory_mb": 1e3}, {"cpus": 0}, {"cpus": float("nan")}])
def test_wrong_options_are_refused(options):
    with pytest.raises(BadValue):
        DockerWorkers(client=FakeEngine(), **options)


def test_orphans_are_removed_and_nothing_else():
    engine = FakeEngine()
    own = containers._labels()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    cases = [
        (own, 0),
        ({**own, "gradarium.sandbox.pid": str(gone.pid)}, 1),
        ({**own, "gradarium.sandbox.started": "1"}, 1),  # the number was given to another process since
        ({}, 0),
        ({**own, "gradarium.sandbox.pid": "-1"}, 0),
    ]
    engine.existing = [FakeContainer(engine, {"labels": labels}) for labels, _ in cases]
    DockerWorkers(client=engine)([]).close()
    assert [container.removed for container in engine.existing] == [count for _, count in cases]


def test_an_image_is_built_of_our_files_only_with_no_network():
    engine = FakeEngine()
    tag = build_image("some/base:1", engine)
    assert tag == image_tag("some/base:1") != image_tag()
    assert tag.startswith("gradarium-sandbox:")
    built = engine.built
    assert (built["tag"], built["buildargs"], built["network_mode"]) == (tag, {"BASE": "some/base:1"}, "none")
    with tarfile.open(fileobj=io.BytesIO(built["fileobj"].getvalue())) as tar:
        names = set(tar.getnames())
        agents = tar.extractfile("inside/agent.py").read()
    assert agents == Path(agent.__file__).read_bytes()
    assert names == {"Dockerfile", *(f"inside/{path.name}" for path in Path(agent.__file__).parent.glob("*.py"))}


# --- what a container may say


def worker_of(peer, room=1 << 30):
    engine = FakeEngine(peer)
    container = engine.create("image")
    connection = container.attach_socket({"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    container.start()
    return ContainerWorker(container, connection, [], [], room, {}), container


def test_an_ending_is_read_in_whatever_pieces_it_comes():
    whole = ending(result=b"[0,1]\nEND\n", output=b"hello")
    noise = piece(b"a warning\n" * 900, stream=2)
    data = (
        noise + piece(b"") + b"".join(piece(whole[i : i + 3]) + piece(b"!", stream=2) for i in range(0, len(whole), 3))
    )
    worker, container = worker_of(then(*(data[i : i + 5] for i in range(0, len(data), 5))))
    got = worker.run(job())
    assert (got.result, got.output, got.status, got.cause) == (b"[0,1]\nEND\n", b"hello", 0, "")
    assert not container.removed


HOSTILE = {
    "a length beyond the cap": piece(agent.HEAD.pack(b"E", 1 << 62)),
    "a length just beyond the cap": piece(agent.HEAD.pack(b"E", agent.ENDING.size + 2003)),
    "a fault of megabytes": piece(agent.HEAD.pack(b"F", 1 << 20)),
    "a letter that is none": piece(message(b"?", b"")),
    "ready once more": READY,
    "garbage": piece(bytes(range(256)) * 4),
    "no stream of the engine": piece(b"xxxx", stream=7),
    "a stream of text": b"HTTP/1.1 500 whatever\r\n\r\n",
    "half an ending": piece(message(b"E", b"1234")),
    "an end in the middle": piece(ending(result=b"123456"))[:-3],
    "an end at once": b"",
    "a cause that is none": piece(ending(cause=9)),
    "a status that is none": piece(ending(status=-1)),
    "not a number": piece(ending(cpu=float("nan"))),
    "infinite time": piece(ending(wall=float("inf"))),
    "time before zero": piece(ending(queued=-1.0)),
    "sizes that lie": piece(ending(result=b"12", output=b"34", sizes=(1, 1))),
    "sizes that overflow": piece(ending(result=b"12", output=b"34", sizes=(1 << 63, (1 << 63) + 4))),
    "a result over its cap": piece(ending(result=b"x" * 1500)),
    "an output over its cap": piece(ending(output=b"x" * 1500)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_container_that_lies_is_lost_and_removed(data):
    worker, container = worker_of(then(data))
    with pytest.raises(WorkerLost):
        worker.run(job())
    assert container.removed == 1
    with pytest.raises(WorkerLost):
        worker.run(job())


def test_a_container_that_does_not_answer_is_removed(monkeypatch):
    monkeypatch.setattr(containers, "_GRACE_S", 0.1)
    worker, container = worker_of(ready)
    with pytest.raises(WorkerLost, match="does not answer"):
        worker.run(job(wall_s=0.1))
    assert container.removed == 1


def test_endless_noise_is_no_answer(monkeypatch):
    def flood(end):
        take(end)
        end.sendall(READY)
        take(end)
        with suppress(OSError):
            while True:
                end.sendall(piece(b"x" * 60_000, stream=2))

    monkeypatch.setattr(containers, "_GRACE_S", 0.1)
    worker, container = worker_of(flood)
    with pytest.raises(WorkerLost, match="does not answer"):
        worker.run(job(wall_s=0.1))
    assert container.removed == 1


def test_a_container_that_does_not_read_is_removed(monkeypatch):
    monkeypatch.setattr(containers, "_GRACE_S", 0.1)
    monkeypatch.setattr(containers, "_SLOWEST", 1e9)
    worker, container = worker_of(ready)
    with pytest.raises(WorkerLost, match="does not answer"):
        worker.run(job(payload=b"x" * 20_000_000))
    assert container.removed == 1


def test_a_fault_inside_is_told_and_the_container_kept():
    worker, container = worker_of(then(piece(message(b"F", b"no\x1b processes \xff")), piece(ending())))
    with pytest.raises(SandboxFault, match="no  processes") as caught:
        worker.run(job())
    assert not isinstance(caught.value, WorkerLost)
    assert not container.removed


@pytest.mark.parametrize(
    "answer, said",
    [
        (piece(message(b"X", b"the package 'x' is not installed")), "inside the container: the package 'x'"),
        (piece(b"exec: python3: not found\n", stream=2), "does not get ready: .*: exec: python3: not found"),
        (piece(message(b"E")), "does not get ready"),
        (piece(message(b"R", b"12")), "does not get ready"),
        (b"", "does not get ready"),
    ],
)
def test_a_container_that_does_not_get_ready_is_refused_and_removed(answer, said):
    def peer(end):
        take(end)
        end.sendall(answer)
        end.close()

    engine = FakeEngine(peer)
    with pytest.raises(WorkerRefused, match=said):
        DockerWorkers(client=engine)([])
    assert engine.made[0].removed == 1


@pytest.mark.parametrize(
    "wanted, said",
    [
        ({"memory": 2 << 30}, "memory_mb = 2048 does not fit"),
        ({"threads": 65}, "limits.processes = 62"),
        ({"output_cap": 1 << 30}, "limits.output_bytes"),
    ],
)
def test_what_does_not_fit_into_a_container_is_the_callers_to_mend(wanted, said):
    worker, container = worker_of(ready)
    with pytest.raises(SandboxFault, match=said):
        worker.run(job(**wanted))
    assert not container.removed


# --- the agent itself, as a process of this machine


@pytest.fixture
def local_agent():
    """The agent over a socket that wraps its output as an engine does; it and its runs are only half fenced in here."""
    program = (
        f"import sys; sys.path.insert(0, {str(SOURCES)!r}); from gradarium.sandbox.inside.agent import main; main()"
    )
    command = [tiers._interpreter() or sys.executable, "-s", "-S", "-P", "-B", "-c", program]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def carry_in(end):
        while data := end.recv(100_000):
            process.stdin.write(data)
        process.stdin.close()

    def carry_out(end):
        while data := os.read(process.stdout.fileno(), 100_000):
            end.sendall(piece(data))
        end.close()

    def peer(end):
        threading.Thread(target=carry_in, args=(end,), daemon=True).start()
        carry_out(end)

    worker, _ = worker_of(peer)
    yield worker, process
    worker.close()
    process.stdout.close()
    assert process.wait(30) == 0


def script(code, **more):
    import marshal

    return job(payload=marshal.dumps(("script", code)), **more)


def test_the_agent_does_jobs_one_after_the_other(local_agent):
    worker, process = local_agent
    with suppress(PermissionError):  # only root may look, and sees none of what the image or the engine has set
        assert Path(f"/proc/{process.pid}/environ").read_bytes() == b"LC_ALL=C.UTF-8\0"
    assert worker.facts["python"].startswith("3.")
    got = worker.run(script("print(input()[::-1])", stdin=b"hello\n"))
    assert (got.output, got.status, got.cause) == (b"olleh\n", 0, "")
    assert os.WEXITSTATUS(worker.run(script("1 / 0")).status) == 10
    assert worker.run(script("while True: pass")._replace(cpu_s=0.2)).cause == "cpu"
    assert worker.run(script("import time; time.sleep(1e6)", wall_s=0.2)).cause == "wall"
    assert worker.run(script("while True: print('x' * 9999)")).cause == "output"
    assert worker.run(script("print(1)")).output == b"1\n"


def test_many_megabytes_go_both_ways(local_agent):
    worker, _ = local_agent
    data = bytes(range(256)) * 80_000
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    got = worker.run(script(code, stdin=data, output_cap=30_000_000))
    assert got.output == data


def test_the_agent_ends_in_the_middle_of_a_job_when_its_client_is_gone(local_agent):
    worker, process = local_agent
    payload = script("import time; time.sleep(1e6)", wall_s=1e6)
    worker._talk.send(agent.pack_job(payload), 10.0)
    worker.abandon()
    assert process.wait(30) == 0


# --- a real engine


@pytest.fixture(scope="module")
def box(image):
    with make_sandbox("docker", workers=2, image=image) as box:
        yield box


def ours(engine, pid=None):
    labels = [f"gradarium.sandbox.pid={pid or os.getpid()}"]
    return engine.containers.list(all=True, filters={"label": labels}, ignore_removed=True)


def eventually(test, seconds=60.0):
    """Return whether ``test`` comes true; the engine takes its time."""
    deadline = time.monotonic() + seconds
    while not test() and time.monotonic() < deadline:
        time.sleep(0.1)
    return test()


@pytest.mark.docker
def test_answers_are_right(box):
    facts = box.capabilities()
    assert (facts["backend"], facts["isolation"]) == ("docker", "container")
    assert facts["uid"] > 0
    assert facts["landlock"] >= 0
    assert box.call("def f(a, b): return a + b", "f", [[1, 2], ["x", "y"]]).values == (3, "xy")
    assert box.script("print(input()[::-1])", "hello\n").values == ("olleh\n",)
    code = "class C:\n    def __init__(self, n): self.n = n\n    def up(self): self.n += 1; return self.n"
    operations = [["new", [1]], ["call", "up", []], ["call", "up", []], ["new", [7]], ["call", "up", []]]
    assert box.operate(code, "C", operations).values == (None, 2, 3, None, 8)
    database = {"schema": ["CREATE TABLE t (a)"], "rows": {"t": [[1], [2]]}}
    assert box.query("SELECT sum(a) AS s FROM t", [database]).values == ({"columns": ["s"], "rows": [[3]]},)
    changed = box.modify("DELETE FROM t WHERE a = 1", [database]).values
    assert changed == ({"tables": {"t": {"columns": ["a"], "rows": [[2]]}}},)


@pytest.mark.docker
@pytest.mark.parametrize(
    "code, limits, outcome",
    [
        ("def f(x):\n    while True: pass", Limits(cpu_s=0.3), Outcome.CPU_LIMIT),
        ("import time\ndef f(x): time.sleep(1e6)", Limits(wall_s=0.5), Outcome.WALL_LIMIT),
        ("def f(x): return len(bytearray(10 ** 10))", Limits(), Outcome.MEM_LIMIT),
        (
            "def f(x):\n    kept = []\n    while True: kept.append(bytearray(10 ** 7))",
            Limits(memory_mb=896, cpu_s=20.0),
            Outcome.MEM_LIMIT,
        ),
        ("def f(x):\n    while True: print('x' * 9999)", Limits(), Outcome.OUTPUT_LIMIT),
        ("import os\nos._exit(0)", Limits(), Outcome.NO_RESULT),
        ("import ctypes\ndef f(x): ctypes.string_at(0)", Limits(), Outcome.SIGNALED),
    ],
)
def test_limits_hold(box, code, limits, outcome):
    assert box.call(code, "f", [[1]], limits).outcome is outcome
    assert box.call("def f(x): return x", "f", [[5]]).values == (5,)


@pytest.mark.docker
def test_threads_are_counted_for_each_container_alone(box):
    code = """
    import threading, time
    def f(n):
        started = []
        for _ in range(n):
            thread = threading.Thread(target=time.sleep, args=(0.5,))
            try:
                thread.start()
            except RuntimeError:
                break
            started.append(thread)
        return len(started)
    """
    code, limits, found = textwrap.dedent(code), Limits(memory_mb=800), []
    runs = [
        threading.Thread(target=lambda: found.append(box.call(code, "f", [[100]], limits).values)) for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert found == [(15,), (15,)]  # and its own makes sixteen


@pytest.mark.docker
def test_nothing_of_the_engine_or_of_us_is_inside(box):
    code = """
    import os
    def f(x):
        found = []
        for path in ("/var/run/docker.sock", "/run/docker.sock", "/root", "/etc/passwd", "/etc/shadow", "/dev/shm"):
            if os.path.exists(path):
                found.append(path)
        for folder in ("/", "/tmp", "/run", "/var/tmp", "/dev", "/dev/mqueue", "/sandbox"):
            try:
                os.close(os.open(folder + "/left", os.O_CREAT | os.O_WRONLY))
                found.append(folder)
            except OSError:
                pass
        for name in ("environ", "mem", "maps", "fd"):
            for pid in {*range(1, 40)} - {os.getpid()}:
                try:
                    os.listdir(f"/proc/{pid}/{name}") if name == "fd" else open(f"/proc/{pid}/{name}").close()
                    found.append(f"{pid}/{name}")
                except OSError:
                    pass
        return found, sorted(os.environ)
    """
    found, environment = box.call(textwrap.dedent(code), "f", [[1]]).values[0]
    assert found == []
    assert set(environment) <= {"PYTHONHASHSEED", "LC_ALL"}


@pytest.mark.docker
def test_it_holds_where_the_engine_has_no_landlock(engine, image):
    """The container alone has to stop what the self-test tries, for a kernel that lacks the second fence."""

    class Without(DockerWorkers):
        def options(self, uid):
            names = ["landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"]
            rule = {"names": names, "action": "SCMP_ACT_ERRNO"}
            profile = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}
            options = super().options(uid)
            return {**options, "security_opt": [*options["security_opt"], f"seccomp={json.dumps(profile)}"]}

    with Pool("docker", "container", Without(image=image), workers=1) as box:
        assert box.capabilities()["landlock"] == 0
        test_nothing_of_the_engine_or_of_us_is_inside(box)


@pytest.mark.docker
def test_large_inputs_and_outputs_pass(box):
    text = "0123456789" * 2_000_000
    assert box.call("def f(s): return len(s)", "f", [[text]], Limits(memory_mb=800)).values == (len(text),)
    got = box.script("import sys\nsys.stdout.write(sys.stdin.read())", text, Limits(output_bytes=25_000_000))
    assert got.values == (text,)


@pytest.mark.docker
def test_a_hundred_runs_take_one_container_which_ends_with_the_sandbox(engine, image):
    before = {container.id for container in ours(engine)}
    with make_sandbox("docker", workers=1, image=image) as box:
        for number in range(100):
            assert box.call("def f(x): return x + 1", "f", [[number]]).values == (number + 1,)
        (made,) = [container for container in ours(engine) if container.id not in before]
        config, host = made.attrs["Config"], made.attrs["HostConfig"]
        assert config["StdinOnce"] and config["OpenStdin"] and not config["Tty"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert host["LogConfig"]["Type"] == "none"
        assert not host["Binds"] and host["MemorySwap"] == host["Memory"] == 1 << 30
    assert eventually(lambda: {container.id for container in ours(engine)} <= before)


@pytest.mark.docker
def test_a_killed_owner_leaves_no_container(engine, image):
    code = f"""
    import sys
    from gradarium.sandbox import Limits, make_sandbox
    box = make_sandbox("docker", workers=2, image={image!r})
    print("ready", flush=True)
    box.call("import time\\ndef f(x): time.sleep(1e6)", "f", [[1]], Limits(wall_s=1e6))
    """
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    owner = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=environment, stdout=subprocess.PIPE)
    try:
        assert owner.stdout.readline() == b"ready\n"
        assert eventually(lambda: any(container.status == "running" for container in ours(engine, owner.pid)))
        time.sleep(0.5)  # into the middle of the run
    finally:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        owner.stdout.close()
    assert eventually(lambda: not ours(engine, owner.pid))


@pytest.mark.docker
def test_an_orphan_is_removed_when_a_sandbox_is_made(engine, image):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    labels = {**containers._labels(), "gradarium.sandbox.pid": str(gone.pid), "gradarium.sandbox.started": "1"}
    engine.containers.create(image, labels=labels, network_mode="none")  # never started: nothing else removes it
    assert len(ours(engine, gone.pid)) == 1
    DockerWorkers(image=image)([]).close()
    assert not ours(engine, gone.pid)
    assert remove_orphans(engine) == 0


@pytest.mark.docker
@pytest.mark.parametrize("times, outcome", [(1, Outcome.RAN), (2, Outcome.NOT_JUDGED)])
def test_a_run_whose_container_is_killed_is_tried_once_more(engine, image, times, outcome):
    before = {container.id for container in ours(engine)}

    def running():
        found = [container for container in ours(engine) if container.id not in before]
        return [container for container in found if container.status == "running"]

    with make_sandbox("docker", workers=1, image=image) as box:
        found = []
        run = threading.Thread(target=lambda: found.append(box.call(BENIGN, "f", [[3]])))
        run.start()
        for _ in range(times):
            assert eventually(running)
            time.sleep(1.0)  # into the middle of the run
            (killed,) = running()
            killed.kill()
            before.add(killed.id)
        run.join()
        assert found[0].outcome is outcome
        assert found[0].values == ((3,) if outcome is Outcome.RAN else ())
        assert box.call("def f(x): return x", "f", [[5]]).values == (5,)
    assert eventually(lambda: {container.id for container in ours(engine)} <= before)


@pytest.mark.docker
def test_a_forked_copy_has_containers_of_its_own(engine, box):
    assert box.call("def f(x): return x", "f", [[1]]).values == (1,)
    context = multiprocessing.get_context("fork")
    ours_r, theirs_w = context.Pipe(duplex=False)

    def copy():
        theirs_w.send(box.call("def f(x): return x * 2", "f", [[21]]).values)
        box.close()
        os._exit(0)

    process = context.Process(target=copy)
    process.start()
    assert ours_r.poll(60)
    assert ours_r.recv() == (42,)
    process.join()
    assert eventually(lambda: not ours(engine, process.pid))
    assert box.call("def f(x): return x", "f", [[7]]).values == (7,)


@pytest.mark.docker
def test_the_engine_says_what_it_lacks(engine, image):
    with pytest.raises(SandboxUnavailable, match=r"(?i)runtime.*gradarium-no-such"):
        make_sandbox("docker", image=image, runtime="gradarium-no-such")
    with pytest.raises(SandboxUnavailable, match="no image gradarium/none: gradarium sandbox --build"):
        make_sandbox("docker", image="gradarium/none")
    with pytest.raises(SandboxUnavailable, match="the package 'gradarium-none' is not installed"):
        make_sandbox("docker", image=image, packages=["gradarium-none"])
    assert not [container for container in ours(engine) if container.status == "created"]


def test_idle_connections_to_the_engine_are_closed():
    engine = FakeEngine()
    worker = containers.DockerWorkers(client=engine)([])
    assert engine.closed == 1
    worker.close()
    assert engine.closed == 2
    engine.present = []
    with pytest.raises(WorkerRefused, match="no image"):
        containers.DockerWorkers(client=engine)([])
    assert engine.closed == 3
