"""The corpus is whole, and the judge of attacks finds each kind of success: shown by backends that let it happen."""

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gradarium.errors import BadFile, UnknownName
from gradarium.sandbox import Limits, Outcome, Run, SandboxUnavailable
from gradarium.sandbox.corpus import (
    GROUPS,
    HONEST,
    PLACEHOLDERS,
    Finding,
    Probes,
    count,
    load,
    load_honest,
    matrix,
    run_attack,
    to_markdown,
)
from gradarium.sandbox.tiers import Offer
from gradarium.trainers.commands import sandbox as command

HERE = Path(__file__).parent
ATTACKS = load(HERE / "attacks")
CONTROLS = load_honest(HERE / "honest")
WORDS = ("PORT", "UNIX", "ABSTRACT", "MARKER", "NAME", "SECRET_FILE", "ENV", "PID")
PROGRAM = json.dumps({word: f"@{word}@" for word in WORDS})


SUM = [{"columns": ["s"], "rows": [[6]]}, {"columns": ["x"], "rows": [[30]]}]
OTHER = [{"columns": ["n"], "rows": [[7]]}, {"columns": ["n"], "rows": [[8]]}]
MOVED = [[[1001, "x"], [1002, "y"], [1003, None]], [[1010, "x"], [1020, "z"]]]
TABLES = [
    {"tables": {"t": {"columns": ["a", "b"], "rows": rows}, "other": other}}
    for rows, other in zip(MOVED, OTHER, strict=True)
]
RIGHT = {"call": (1001, 1002), "script": ("1001\n1002\n",), "query": tuple(SUM), "modify": tuple(TABLES)}


class Fake:
    """A backend that does what a test wants; honest runs are right but for those of the kind ``broken``."""

    name = isolation = "fake"
    broken = ""

    def __init__(self, answer):
        self.answer = answer

    def _run(self, kind, program):
        if program != HONEST[kind]:
            return self.answer(program)
        return Run(Outcome.RAN, (0, 0) if self.broken == kind else RIGHT[kind])

    def call(self, code, entry, inputs, limits=None):
        return self._run("call", code)

    def script(self, code, stdin, limits=None):
        return self._run("script", code)

    def query(self, sql, databases, limits=None, dialect="sqlite"):
        return self._run("query", sql)

    def modify(self, sql, databases, limits=None):
        return self._run("modify", sql)

    def capabilities(self):
        return {"packages": [], "scratch": True}


@pytest.fixture(scope="module")
def probes():
    with Probes() as found:
        yield found


def plain(tmp_path, program=PROGRAM, header="# tries: x\n# outcomes: ran\n", group="verdict", name="99_x.py"):
    """Return an attack from a file of its own."""
    for folder in GROUPS:
        (tmp_path / folder).mkdir(exist_ok=True)
    path = tmp_path / group / name
    path.write_text(f"{header}{program}", encoding="utf-8")
    (attack,) = load(tmp_path)
    return attack


def test_every_number_has_its_attack():
    assert {attack.number for attack in ATTACKS} == set(range(1, 75))
    ends = {"verdict": (1, 21), "information": (22, 27), "resources": (28, 44), "escape": (45, 57), "sql": (58, 74)}
    for attack in ATTACKS:
        first, last = ends[attack.group]
        assert first <= attack.number <= last, attack.name
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert len({attack.program + repr(attack.replace) + attack.kind + attack.dialect for attack in ATTACKS}) == len(
        ATTACKS
    )


def test_headers_say_what_is_tried():
    for attack in ATTACKS:
        assert 15 < len(attack.tries) < 120 and not attack.tries.endswith("."), attack.name
        assert attack.outcomes and Outcome.NOT_JUDGED not in attack.outcomes
        assert Outcome.RAN in attack.outcomes or attack.may_return is None, attack.name
        if Outcome.RAN in attack.outcomes and attack.name not in ("66e_returning", "74d_almost_the_sum"):
            assert attack.may_return, f"{attack.name}: what may it return?"


def test_every_placeholder_is_of_use():
    text = "".join(attack.program for attack in ATTACKS)
    assert {word for word in PLACEHOLDERS if f"@{word}@" in text} == set(PLACEHOLDERS)


def test_python_attacks_are_python():
    for attack in ATTACKS:
        if attack.kind in ("call", "script"):
            compile(attack.program, attack.name, "exec", dont_inherit=True)
            assert attack.kind == "script" or attack.entry in attack.program or "_exit" in attack.program


def test_long_parts_are_put_in():
    bomb = next(attack for attack in ATTACKS if attack.name == "44a_brackets")
    assert bomb.replace["BOMB"].count("(") == bomb.replace["BOMB"].count(")") == 100_000


def test_twenty_controls():
    assert len(CONTROLS) >= 20 and [c.name for c in CONTROLS if c.needs] == ["arrays"]
    assert all(len(control.inputs) == len(control.expects) for control in CONTROLS)
    large = next(control for control in CONTROLS if control.name == "large_answer")
    assert large.expects == ([7] * 100_000,)
    assert not large.is_right(Run(Outcome.RAN, ([7] * 99_999,))) and large.is_right(Run(Outcome.RAN, large.expects))


@pytest.mark.parametrize("control", [c for c in CONTROLS if not c.needs], ids=lambda control: control.name)
def test_controls_are_right_without_a_sandbox(control, capfd):
    if control.name == "exceptions":
        code = f"{control.program}\nimport json\nprint(json.dumps([f(x) for x in range(4)]))"
        done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, check=True)
        values = json.loads(done.stdout)
    else:
        space = {"__name__": "answer"}
        depth = sys.getrecursionlimit()
        try:
            sys.modules["answer"] = type(sys)("answer")  # dataclasses look their module up
            exec(control.program, space)  # noqa: S102 - our own file
            values = [space[control.entry](*args) for args in control.inputs]
        finally:
            sys.setrecursionlimit(depth)
            del sys.modules["answer"]
    assert control.is_right(Run(Outcome.RAN, tuple(values)))


BROKEN = {
    "no tries": ("# outcomes: ran\n", "no tries"),
    "no outcomes": ("# tries: x\n", "no outcomes"),
    "unknown key": ("# tries: x\n# outcomes: ran\n# kindd: call\n", "kindd"),
    "one key twice": ("# tries: x\n# tries: y\n# outcomes: ran\n", "tries"),
    "unknown outcome": ("# tries: x\n# outcomes: passed\n", "passed"),
    "not_judged": ("# tries: x\n# outcomes: ran, not_judged\n", "never allowed"),
    "unknown kind": ("# tries: x\n# outcomes: ran\n# kind: shell\n", "shell"),
    "SQL in Python": ("# tries: x\n# outcomes: ran\n# kind: query\n", "query"),
    "no JSON": ("# tries: x\n# outcomes: ran\n# inputs: [1\n", "no JSON"),
    "inputs": ("# tries: x\n# outcomes: ran\n# inputs: [1]\n", "lists of arguments"),
    "unknown limit": ('# tries: x\n# outcomes: ran\n# limits: {"cpu": 1}\n', "limits"),
    "bad limit": ('# tries: x\n# outcomes: ran\n# limits: {"cpu_s": -1}\n', "limits"),
    "may_return": ("# tries: x\n# outcomes: ran\n# may_return: 1\n", "no list"),
    "stdin": ("# tries: x\n# outcomes: ran\n# stdin: 1\n", "no text"),
    "runs": ("# tries: x\n# outcomes: ran\n# runs: 0\n", "runs"),
    "replace": ('# tries: x\n# outcomes: ran\n# replace: {"NOWHERE": [["x", 2]]}\n', "NOWHERE"),
    "replace by a number": ('# tries: x\n# outcomes: ran\n# replace: {"PORT": 3}\n', "replace"),
    "empty": ("# tries:\n# outcomes: ran\n", "empty"),
    "honest key": ("# tries: x\n# outcomes: ran\n# needs: numpy\n", "honest"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_header_is_told(tmp_path, name):
    header, text = BROKEN[name]
    with pytest.raises(BadFile, match=re.escape(text)):
        plain(tmp_path, header=header)


def test_a_broken_file_is_told(tmp_path):
    with pytest.raises(BadFile, match="no folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(BadFile, match="@NOBODY@"):
        plain(tmp_path, program="f = '@NOBODY@'")
    (tmp_path / "verdict" / "99_x.py").unlink()
    with pytest.raises(BadFile, match="28_fork_bomb"):
        plain(tmp_path, name="fork.py")
    (tmp_path / "honest").mkdir()
    (tmp_path / "honest" / "x.py").write_text("# shows: x\nf = 1")
    with pytest.raises(BadFile, match="no expects"):
        load_honest(tmp_path / "honest")


def ran(*values):
    return lambda code: Run(Outcome.RAN, values)


def attacked(tmp_path, probes, answer, **options):
    return run_attack(Fake(answer), plain(tmp_path, **options), probes)


def test_a_stopped_attack(tmp_path, probes):
    finding = attacked(tmp_path, probes, ran(0, 0))
    assert (finding.succeeded, finding.mark, finding.note, finding.outcome) == (False, ".", "", Outcome.RAN)


def test_not_judged_is_no_success_and_no_stop(tmp_path, probes):
    finding = attacked(tmp_path, probes, lambda code: Run(Outcome.NOT_JUDGED, (), "no worker"))
    assert (finding.succeeded, finding.mark) == (False, "?") and "no worker" in finding.note


SQL = "-- tries: x\n-- outcomes: ran\n"


OF_KIND = {
    "call": {},
    "script": {"header": "# tries: x\n# outcomes: ran\n# kind: script\n"},
    "query": {"header": SQL, "name": "99_x.sql", "group": "sql"},
    "modify": {"header": SQL + "-- kind: modify\n", "name": "99_x.sql", "group": "sql"},
}


@pytest.mark.parametrize("kind", OF_KIND)
def test_the_hidden_answer_is_a_success(tmp_path, probes, kind):
    finding = attacked(tmp_path, probes, ran(*RIGHT[kind]), **OF_KIND[kind])
    assert finding.mark == "X" and "hidden answer" in finding.note


@pytest.mark.parametrize("values", [(1001, 1002.0), (1001,), (True, 1002), ("1001", "1002"), ([1001, 1002],)])
def test_almost_the_hidden_answer_is_none(tmp_path, probes, values):
    assert attacked(tmp_path, probes, ran(*values)).mark == "."


def test_other_outcomes_and_values_are_successes(tmp_path, probes):
    header = '# tries: x\n# outcomes: ran, malformed\n# may_return: [1, true, "x"]\n'
    assert attacked(tmp_path, probes, ran(1, True), header=header).mark == "."
    assert attacked(tmp_path, probes, lambda code: Run(Outcome.MALFORMED), header=header).mark == "."
    for values in ((1.0, 1), (1, 2), (b"x", 1), ((1,), 1)):
        assert "it returned" in attacked(tmp_path, probes, ran(*values), header=header).note
    stopped = attacked(tmp_path, probes, lambda code: Run(Outcome.CPU_LIMIT, (), "why"), header=header)
    assert stopped.succeeded and "cpu_limit" in stopped.note and "why" in stopped.note
    assert attacked(tmp_path, probes, lambda code: Run(Outcome.RAN), header=header).succeeded
    assert attacked(tmp_path, probes, lambda code: Run(Outcome.MALFORMED, (1,)), header=header).succeeded


def test_a_later_run_counts(tmp_path, probes):
    answers = iter([(0, 0), (0, 0), (1001, 1002)])
    header = "# tries: x\n# outcomes: ran\n# runs: 3\n"
    assert attacked(tmp_path, probes, lambda code: Run(Outcome.RAN, next(answers)), header=header).mark == "X"


def send(family, kind, address):
    def act(code):
        with socket.socket(family, kind) as link:
            link.connect(address(json.loads(code)))
            link.send(b"x")

    return act


def survive(code):
    # It says when it has its name, so that the look afterwards cannot come too early.
    name = json.loads(code)["NAME"]
    program = (
        f"import ctypes, time; ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0); print('!', flush=True); time.sleep(60)"
    )
    children.append(subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE))
    children[-1].stdout.read(1)


children, kept = [], []
UNIX, STREAM, DATAGRAM = socket.AF_UNIX, socket.SOCK_STREAM, socket.SOCK_DGRAM
TRIPS = {
    "the tcp listener": send(socket.AF_INET, STREAM, lambda words: ("127.0.0.1", int(words["PORT"]))),
    "the udp listener": send(socket.AF_INET, DATAGRAM, lambda words: ("127.0.0.1", int(words["PORT"]))),
    "the unix listener": send(UNIX, STREAM, lambda words: words["UNIX"]),
    "the unix datagram": send(UNIX, DATAGRAM, lambda words: words["UNIX"] + ".dgram"),
    "the abstract listener": send(UNIX, STREAM, lambda words: "\0" + words["ABSTRACT"]),
    "the abstract datagram": send(UNIX, DATAGRAM, lambda words: "\0" + words["ABSTRACT"] + ".dgram"),
    "made a file": lambda code: Path(json.loads(code)["MARKER"]).touch(),
    "a file outside": lambda code: Path(json.loads(code)["MARKER"]).mkdir(),
    "lives on": survive,
}


@pytest.mark.parametrize("text", TRIPS)
def test_each_probe_trips_once(tmp_path, probes, text):
    finding = attacked(tmp_path, probes, lambda code: TRIPS[text](code) or Run(Outcome.RAN, (0, 0)))
    assert finding.succeeded and text in finding.note
    for child in children:
        assert child.wait(10) == -9  # found and ended
        child.stdout.close()
    children.clear()
    (tmp_path / "verdict" / "99_x.py").unlink()
    assert attacked(tmp_path, probes, ran(0, 0)).mark == "."


SECRETS = {
    "file": lambda words: Path(words["SECRET_FILE"]).read_text(),
    "environment": lambda words: os.environ[words["ENV"]],
    "descriptor": lambda words: next(
        text for text in map(inherited, range(1024)) if text.startswith("gradarium-secret")
    ),
}


def inherited(fd):
    try:
        return os.pread(fd, 100, 0).decode("latin-1") if os.get_inheritable(fd) else ""
    except OSError:
        return ""


@pytest.mark.parametrize("way", SECRETS)
@pytest.mark.parametrize("place", ["value", "inside", "bytes", "message"])
def test_the_secret_is_seen_wherever_it_comes_back(tmp_path, probes, way, place):
    def answer(code):
        secret = SECRETS[way](json.loads(code))
        shapes = {"value": secret, "inside": [{"x": (1, secret)}], "bytes": secret.encode()}
        return Run(Outcome.MALFORMED, (), secret) if place == "message" else Run(Outcome.RAN, (shapes[place], 0))

    finding = attacked(tmp_path, probes, answer, header="# tries: x\n# outcomes: ran, malformed\n")
    assert finding.succeeded and "secret" in finding.note and probes.token not in finding.note


def test_a_breach_is_seen(tmp_path, probes):
    assert "BREACH: a key" in attacked(tmp_path, probes, ran(0, [{"x": "BREACH: a key"}])).note
    told = lambda code: Run(Outcome.RUNTIME_ERROR, (), "input 1: E: BREACH: a key")  # noqa: E731
    assert attacked(tmp_path, probes, told, header="# tries: x\n# outcomes: runtime_error\n").succeeded


@pytest.mark.parametrize("kind", OF_KIND)
def test_a_broken_next_run_is_a_success(tmp_path, probes, kind):
    box = Fake(lambda code: Run(Outcome.RUNTIME_ERROR))
    options = {"header": "# tries: x\n# outcomes: ran\n", **OF_KIND[kind]}
    attack = plain(tmp_path, **{**options, "header": options["header"].replace(": ran", ": runtime_error")})
    assert run_attack(box, attack, probes).mark == "."
    box.broken = kind
    finding = run_attack(box, attack, probes)
    assert finding.succeeded and f"an honest {kind} afterwards" in finding.note


def test_leaked_descriptors_are_a_success(tmp_path, probes):
    def leak(code):
        kept.extend(os.dup(0) for _ in range(20))
        return Run(Outcome.RAN, (0, 0))

    try:
        finding = attacked(tmp_path, probes, leak)
    finally:
        for fd in kept:
            os.close(fd)
        kept.clear()
    assert finding.succeeded and "descriptors" in finding.note


def test_probes_leave_nothing(tmp_path):
    before = os.listdir("/proc/self/fd"), dict(os.environ)
    with Probes() as probes:
        folder = Path(probes.fill("@SECRET_FILE@")).parent
        assert folder.is_dir() and probes.fill("@PID@") == str(os.getpid())
        assert os.stat(folder).st_mode & 0o777 == 0o755 and os.stat(probes.fill("@UNIX@")).st_mode & 0o777 == 0o777
    assert (os.listdir("/proc/self/fd"), dict(os.environ)) == before and not folder.exists()


def test_what_a_backend_lacks_is_not_run_or_left_out(tmp_path, probes):
    header = SQL + "-- dialect: duckdb\n"
    finding = attacked(tmp_path, probes, ran(*SUM), header=header, name="99_x.sql", group="sql")
    assert (finding.outcome, finding.mark) == (None, "-") and "duckdb" in finding.note
    box = Fake(ran(*SUM))
    box.capabilities = lambda: {"packages": ["duckdb"]}
    (tmp_path / "sql" / "99_x.sql").unlink()
    attack = plain(tmp_path, header=header, name="99_x.sql", group="sql")
    assert run_attack(box, attack, probes).mark == "X"
    box.query = lambda *args, **options: Run(Outcome.NOT_JUDGED, (), "cannot start here")
    finding = run_attack(box, attack, probes)
    assert finding.mark == "-" and "cannot start here" in finding.note
    seen = []

    class Poor(Fake):
        def call(self, code, entry, inputs, limits=None):
            seen.append(limits)
            return super().call(code, entry, inputs, limits)

        def capabilities(self):
            return {"packages": [], "scratch": False}

    (tmp_path / "sql" / "99_x.sql").unlink()
    attack = plain(tmp_path, header='# tries: x\n# outcomes: ran\n# limits: {"scratch_bytes": 1000}\n')
    assert attack.limits.scratch_bytes == 1000
    assert run_attack(Poor(ran(0, 0)), attack, probes).mark == "." and all(s.scratch_bytes == 0 for s in seen)
    assert Limits(cpu_s=1.0) in seen


def test_matrix_and_markdown():
    first, second = ATTACKS[:2]
    stopped = Finding(first, Outcome.NO_RESULT, False, "")
    findings = {
        "namespaces": [stopped, Finding(second, Outcome.RAN, True, "got it")],
        "landlock": [replace(stopped, outcome=Outcome.NOT_JUDGED, note="x"), Finding(second, None, False, "no")],
    }
    rows = matrix(findings)
    assert [(row.name, row.marks) for row in rows] == [
        (first.name, {"namespaces": ".", "landlock": "?"}),
        (second.name, {"namespaces": "X", "landlock": "-"}),
    ]
    assert count(rows, "namespaces") == (1, 2) and count(rows, "landlock") == (0, 1)
    lines = to_markdown(rows).splitlines()
    assert lines[0] == "| attack | tries | namespaces | landlock |" and lines[-1] == "| stopped |  | 1 of 2 | 0 of 1 |"
    assert lines[2] == f"| {first.name} | {first.tries} | . | ? |" and len(lines) == 5


class Pool(Fake):
    """A fake that can be opened and closed."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@pytest.fixture
def tiers(monkeypatch):
    """Offer two fake tiers, of which one answers with the result of ``answer`` and one cannot be had."""
    offered = [
        Offer("namespaces", "namespaces", True, "", {"network_blocked": True, "workers": 2}),
        Offer("landlock", "landlock", False, "no kernel of 5.13", {}),
        Offer("unsafe", "none", True, "", {}),
    ]
    answers = {"is": ran(0, 0)}
    monkeypatch.setattr(command, "offers", lambda: offered)
    monkeypatch.setattr(command, "make_sandbox", lambda tier, **options: Pool(lambda code: answers["is"](code)))
    return answers


def test_command_shows_what_there_is(tiers, capsys):
    assert command.run(attack=False, tier=None, as_json=False, corpus=None)
    shown = capsys.readouterr().out
    assert "namespaces" in shown and "network_blocked" in shown and "no kernel of 5.13" in shown
    assert command.run(attack=False, tier="landlock", as_json=True, corpus=None)
    (offer,) = json.loads(capsys.readouterr().out)
    assert offer["name"] == "landlock" and offer["available"] is False


@pytest.mark.parametrize(
    ("answer", "mark"),
    [(ran(0, 0), "."), (ran(1001, 1002), "X"), (lambda code: Run(Outcome.NOT_JUDGED, (), "why"), "?")],
)
def test_command_attacks(tiers, tmp_path, capsys, answer, mark):
    plain(tmp_path)
    tiers["is"] = answer
    assert command.run(attack=True, tier=None, as_json=True, corpus=tmp_path) == (mark == ".")
    found = json.loads(capsys.readouterr().out)
    assert [(f["attack"], f["tier"], f["mark"]) for f in found["findings"]] == [("99_x", "namespaces", mark)]
    assert found["counts"] == {"namespaces": {"stopped": int(mark == "."), "run": 1}}
    assert command.run(attack=True, tier="namespaces", as_json=False, corpus=tmp_path) == (mark == ".")
    shown = capsys.readouterr().out
    assert "99_x" in shown and f"{int(mark == '.')} of 1" in shown


def test_command_refuses_what_cannot_be(tiers, tmp_path, monkeypatch):
    plain(tmp_path)
    with pytest.raises(UnknownName, match="did you mean 'landlock'"):
        command.run(attack=False, tier="landlok", as_json=False, corpus=None)
    with pytest.raises(SandboxUnavailable, match="no kernel"):
        command.run(attack=True, tier="landlock", as_json=False, corpus=tmp_path)
    with pytest.raises(SandboxUnavailable, match="isolates nothing"):
        command.run(attack=True, tier="unsafe", as_json=False, corpus=tmp_path)
    monkeypatch.setattr(command.gradarium.sandbox, "__file__", str(tmp_path / "site-packages" / "sandbox" / "x.py"))
    with pytest.raises(BadFile, match="--corpus"):
        command.run(attack=True, tier=None, as_json=False, corpus=None)


LEAKY = (
    *("09_frame_walk", "10a_heap_scan", "10b_referrers", "22b_read_by_other_ways", "27_installed_packages"),
    *("24a_environment", "25_inherited_descriptors", "26_project_package", "30c_shared_memory"),
    *("49a_tcp", "49b_unix_path", "49c_abstract", "54b_write_outside", "55b_memory_for_the_next"),
    "55c_modules_for_the_next",
)


NAIVE = """
import json, sys
code, expected = sys.stdin.read(), None
pairs = [(["needle", 7], 1007), (["needle", 8], 1008)] if "x[1]" in code else [(1, 1001), (2, 1002)]
expected = [answer for _, answer in pairs]
kept = []
for _ in range(2):  # the second run finds what the first one left
    kept.append({"__name__": "naive"})
    exec(code, kept[-1])
    values = [kept[-1]["f"](x) for x, _ in pairs]
print(json.dumps(values))
"""


def run_naively(code):
    """Run a program in a judge's own process, with the answers in frames and heap: what a sandbox must not be."""
    done = subprocess.run(
        [sys.executable, "-c", NAIVE], input=code, capture_output=True, text=True, close_fds=False, check=True
    )
    return Run(Outcome.RAN, tuple(json.loads(done.stdout)))


@pytest.mark.parametrize("name", LEAKY)
def test_attacks_succeed_where_nothing_stops_them(probes, name):
    attack = next(attack for attack in ATTACKS if attack.name == name)
    assert run_attack(Fake(run_naively), attack, probes).succeeded
