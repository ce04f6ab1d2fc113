"""The peers' tasks that have a counterpart here, and the same attacks on them.

The peers, ``reasoning-gym`` and ``satquest``, need not be installed beside gradarium: they run in a process of their
own (``peers_inside.py``), which is killed when it takes too long, and under any interpreter::

    python -m venv ~/peers && ~/peers/bin/pip install reasoning-gym satquest
    python benchmarks/audit.py --peers --peers-python ~/peers/bin/python

What is right in their problems is worked out by ``peers_judges.py``.
"""

import dataclasses
import itertools
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import attacks
from peers_judges import JUDGES, OTHERS, TRICKS, Item, judge

from gradarium.core import Instance, content_key, derive_seed
from gradarium.envs.conformance.decorations import decorations
from gradarium.envs.conformance.report import shorten
from gradarium.generators import get_task, task_names

INSIDE = Path(__file__).with_name("peers_inside.py")
LIMIT = 4.0
"""Seconds of its processor after which a scorer counts as hanging; ``PATIENCE`` times as long if it does nothing."""
PATIENCE, HANGS = 30, 12
ITEMS, POSING, EACH = 40, 20.0, 72
"""Problems of a dataset, the processor seconds they may take to pose, and the wrong answers tried on each."""
CANARY = "run_by_the_scorer"
BOMBS = ("9**9**9**9", "10**10**8", "factorial(10**7)", "(" * 2_000 + "1" + ")" * 2_000, "1e999999", "9" * 5_000,
         f"open({CANARY!r}, 'w').close()", f"__import__('pathlib').Path({CANARY!r}).touch()")  # fmt: skip
IDLE, CONSOLATION = "I do not know", 0.05
"""What these words earn, and what several scorers pay for the form alone: pay for a wrong answer begins above both."""


@dataclass(frozen=True)
class Common:
    """A dataset of a peer and the task here that asks for the same."""

    peer: str
    dataset: str
    ours: tuple[str, ...]
    """Names that the task may have; the first one in the registry counts."""
    level: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    """Of our task, at matched size."""
    config: dict[str, Any] = field(default_factory=dict)
    """Of theirs, at matched size."""
    matched: str = ""
    """What was matched, for the table of speeds; empty where sizes cannot be matched."""
    poses: str = ""
    """Why posing may be slower here."""
    judges: str = ""
    """Why judging may be slower here."""
    checks: bool = False
    """Whether their scorer checks the rules, too, and does not compare with what is stored."""

    @property
    def task(self) -> str | None:
        """Our name of it, or None where there is no such task."""
        return next((name for name in self.ours if name in task_names()), None)


def _gym(dataset: str, *ours: str, **matching: Any) -> Common:
    return Common("reasoning-gym", dataset, (*ours, dataset), **matching)


def _exactly(value: Any, *names: str) -> dict[str, Any]:
    """Return {"min_x": value, "max_x": value} for each x."""
    return {f"{end}_{x}": value for x in names for end in ("min", "max")}


_STORED = "theirs compares with the stored answer; ours reads it in any usual notation and works out what is right"
_CELLS = "theirs counts cells that agree with a stored solution; ours checks every rule"
_PLACED = "a draw of microseconds: ours is also hashed and placed in a split, and drawn again if it is another's"
_BOTH = "both prove that there is one solution; ours is also hashed and placed in a split"
_UNIQUE = "ours proves that there is one solution; theirs does not"

COMMON = [
    _gym(
        "arc_1d",
        level=2,
        poses="ours tries all chains of steps: those that fit the pairs agree on the answer",
        judges=_STORED,
        matched="3 pairs of 10 cells",
        config=_exactly(10, "size"),
    ),
    _gym("arc_agi", "arc_agi", "grid_transformation"),
    _gym(
        "chain_sum",
        "chain_arithmetic",
        level=1,
        poses=_PLACED,
        judges=_STORED,
        matched="5 terms of 2 digits, + and -",
        params={"terms": 5, "least": 10, "largest": 99},
        config={**_exactly(5, "terms"), **_exactly(2, "digits")},
    ),
    _gym(
        "color_cube_rotation",
        "colour_cube_rotation",
        level=1,
        poses=_PLACED,
        judges="theirs asks for one colour and compares it; ours asks for all six",
        matched="2 turns",
        config=_exactly(2, "rotations"),
    ),
    _gym(
        "countdown",
        checks=True,
        level=4,
        matched="4 numbers to 25, target 10 to 999",
        config={**_exactly(4, "numbers"), "min_value": 1, "max_value": 25, "min_target": 10, "max_target": 999},
    ),
    _gym(
        "cryptarithm",
        checks=True,
        level=4,
        poses=_UNIQUE,
        judges="both check the sum; ours also reads other notations, and refuses contradictions",
        matched="two words, no digit told",
        config=_exactly(2, "words"),
    ),
    _gym(
        "futoshiki",
        level=3,
        poses=_BOTH,
        judges=_CELLS,
        matched="5 x 5",
        config={**_exactly(5, "board_size"), **_exactly(1, "difficulty")},
    ),
    _gym(
        "jugs",
        "water_jugs",
        level=4,
        checks=True,
        poses="both search all states",
        judges="both play the moves; ours reads more notations, keeps to a number of moves and names the first bad one",
        matched="3 jugs, 7 or 8 moves",
        config={"num_jugs": 3, "difficulty": 7},
    ),
    _gym(
        "kakurasu",
        checks=True,
        level=3,
        poses=_BOTH,
        judges="both check the sums; ours reads more notations",
        matched="5 x 5",
        config=_exactly(5, "rows", "cols"),
    ),
    _gym("knight_swap"),
    _gym(
        "knights_knaves",
        "knights_and_knaves",
        level=1,
        poses=_BOTH,
        judges="theirs compares with the stored answer; ours evaluates every statement",
        matched="3 persons",
        config={"n_people": 3, "depth_constraint": 2, "width_constraint": 2},
    ),
    _gym(
        "list_functions",
        "list_function",
        level=3,
        poses="ours proves that one function of the menu fits",
        judges=_STORED,
        matched="4 or 5 examples of one function",
    ),
    _gym(
        "maze",
        level=2,
        poses="theirs counts steps; ours draws a maze in which every room can be reached",
        judges="theirs compares a number of steps as text; ours walks the path",
        matched="9 x 9 characters",
        config=_exactly(9, "grid_size"),
    ),
    _gym(
        "mini_sudoku",
        "sudoku",
        level=2,
        poses=_BOTH,
        judges=_CELLS,
        matched="4 x 4, 9 empty",
        config=_exactly(9, "empty"),
    ),
    _gym(
        "n_queens",
        level=1,
        poses="theirs takes queens off a stored list of all solutions; " + _UNIQUE,
        judges="theirs looks the text up among stored solutions; ours checks every rule",
        matched="8 x 8, 4 to place",
        config={"n": 8, "min_remove": 4, "max_remove": 4},
    ),
    _gym(
        "number_filtering",
        level=1,
        poses=_PLACED,
        judges=_STORED,
        matched="5 whole numbers, larger or smaller",
        params={"kinds": "larger smaller"},
        config={**_exactly(5, "numbers"), "max_decimals": 0, "min_value": 1.0, "max_value": 50.0},
    ),
    _gym(
        "number_sequence",
        level=2,
        poses=_PLACED,
        judges=_STORED,
        matched="8 terms, about as hard a rule",
        config={**_exactly(8, "terms"), "max_complexity": 2},
    ),
    _gym(
        "number_sorting",
        level=3,
        poses=_PLACED,
        judges="theirs allows each number an error of 1; ours compares exactly, in several notations",
        matched="8 whole numbers, -99 to 99",
        params={"ties": 0},
        config={**_exactly(8, "numbers"), "max_decimals": 0, "min_value": -99.0, "max_value": 99.0},
    ),
    _gym("puzzle24", "game24", "game_24", checks=True, level=2, matched="4 numbers, 1 to 10"),
    _gym(
        "rubiks_cube",
        level=4,
        checks=True,
        poses="theirs only scrambles; ours searches for the fewest turns",
        matched="2 x 2 x 2, 5 turns",
        config={"cube_size": 2, **_exactly(5, "scramble_steps")},
    ),
    _gym(
        "rush_hour",
        level=4,
        checks=True,
        poses="theirs takes boards from a stored list; ours makes and solves them",
        matched="6 x 6, 9 to 11 moves",
        config={"min_moves": 9, "max_moves": 11},
    ),
    _gym(
        "self_reference",
        "self_referential_statements",
        level=3,
        poses="theirs draws once and counts the solutions; ours draws until there is exactly one",
        judges="theirs compares the number of solutions; ours evaluates every statement",
        matched="7 statements",
    ),
    _gym(
        "shortest_path",
        "maze",
        level=2,
        poses="theirs blocks cells at random; ours draws a maze in which every room can be reached",
        judges="theirs compares with the stored answer first; ours walks the path",
        matched="9 x 9 characters",
        config=_exactly(9, "rows", "cols"),
    ),
    _gym(
        "simple_equations",
        "linear_equation_system",
        level=1,
        poses=_PLACED,
        judges=_STORED,
        matched="one unknown, numbers to 20",
        config={"max_terms": 3, "max_value": 20},
    ),
    _gym(
        "sokoban",
        checks=True,
        level=6,
        matched="8 x 8, 3 boxes",
        poses="both search; ours for the fewest steps, and draws again until there are many",
        judges="both play the steps; ours names the first impossible one",
        config=_exactly(8, "w", "h") | _exactly(3, "boxes"),
    ),
    _gym(
        "spell_backward",
        level=2,
        poses=_PLACED,
        judges=_STORED,
        matched="a word of 5 to 8 letters",
        config={"min_word_len": 5, "max_word_len": 8},
    ),
    _gym("sudoku", level=5, judges=_CELLS, matched="9 x 9, 40 empty", config=_exactly(40, "empty")),
    _gym(
        "survo",
        level=4,
        poses=_UNIQUE,
        judges=_CELLS,
        matched="4 x 4, 5 empty",
        params={"empty": 5},
        config={**_exactly(5, "board_size"), **_exactly(5, "empty")},
    ),
    _gym(
        "tower_of_hanoi",
        "hanoi",
        checks=True,
        level=5,
        poses="theirs always moves a whole tower; ours draws both positions and searches for the fewest moves",
        matched="7 disks, 3 pegs",
        config={**_exactly(7, "disks"), **_exactly(3, "pegs")},
    ),
    _gym(
        "word_ladder",
        level=3,
        checks=True,
        poses="ours lists the words and proves how short a ladder of them can be",
        judges="both check every step; theirs knows the words, ours reads them from the problem",
        matched="4 letters, 5 steps",
        config=_exactly(6, "chain_length"),
    ),
    _gym(
        "word_sorting",
        level=2,
        poses=_PLACED,
        judges=_STORED,
        matched="5 words, either way",
        config=_exactly(5, "words"),
    ),
    _gym(
        "zebra_puzzles",
        "zebra_logic",
        "zebra",
        level=3,
        judges="theirs asks for one name and compares it; ours checks every clue on the whole table",
        matched="4 houses, 4 categories",
        params={"categories": 4},
        config={"num_people": 4, "num_characteristics": 4},
    ),
    Common("satquest", "satsp", ("sat_assignment",)),
    Common("satquest", "mus", ("sat_unsat_core",)),
]


class Hang(Exception):
    """No reply came in time."""


class Failed(Exception):
    """The peer's side reported an error."""


class Peer:
    """The process that holds one dataset; it starts again, with the same problems, after a hang."""

    def __init__(self, python: str) -> None:
        self._python = python
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self._opened: dict[str, Any] = {}
        self._posed = 0
        self._hung: set[str] = set()

    def ask(self, request: dict[str, Any], replies: int = 1, limit: float = 120.0) -> Iterator[Any]:
        """Yield the replies to one request; raises Hang or Failed."""
        if self._process is None:
            # A fixed hash seed: several datasets draw from sets.
            environment = {**os.environ, "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(
                [self._python, str(INSIDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                cwd=self._folder.name, env=environment,
            )  # fmt: skip
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            self.stop()
            raise Failed("its process ended") from error
        for _ in range(replies):
            reply = json.loads(self._line(limit))
            if "error" in reply:
                raise Failed(reply["error"])
            yield reply["reply"]

    def open(self, common: Common, formulas: Sequence[Any] = (), **config: Any) -> None:
        """Choose a dataset."""
        self._opened = {"do": "open", "peer": common.peer, "dataset": common.dataset, "seed": 1_234, "config": config,
                        "formulas": list(formulas)}  # fmt: skip
        self._posed = 0
        list(self.ask(self._opened))

    def seconds(self) -> float:
        """Return the processor time that the process has used: a busy machine makes nothing hang."""
        assert self._process is not None
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def pose(self, limit: float = 60.0) -> Item:
        """Return the next problem."""
        (item,) = self.ask({"do": "pose", "index": self._posed}, limit=limit)
        self._posed += 1
        return item

    def judge(self, how: str, cases: Sequence[tuple[int, str]]) -> list[Any]:
        """Score answers, or grade replies, of (problem, text): a number, the text of an exception, "hang" or "skipped".

        A text that hung is not tried again, and after ``HANGS`` of them nothing is.
        """
        found: list[Any] = []
        while len(found) < len(cases):
            if len(self._hung) >= HANGS or cases[len(found)][1] in self._hung:
                found.append("skipped")
                continue
            rest = list(itertools.takewhile(lambda case: case[1] not in self._hung, cases[len(found) :]))
            try:
                for reply in self.ask({"do": how, "cases": rest}, len(rest), LIMIT):
                    found.append(reply)
            except (Hang, Failed) as problem:
                self._hung.add(cases[len(found)][1])
                found.append("hang" if isinstance(problem, Hang) else "its process ended")
                self.stop()
                list(self.ask(self._opened))
        return found

    def ran_text(self) -> bool:
        """Return whether a scorer ran the text of an answer: the canary's file is there."""
        path = Path(self._folder.name) / CANARY
        ran = path.exists()
        path.unlink(missing_ok=True)
        return ran

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        self._process, self._rest = None, b""

    def _line(self, limit: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        used, end = self.seconds() + limit, time.monotonic() + PATIENCE * limit
        while b"\n" not in self._rest:
            ready, _, _ = select.select([pipe], [], [], 0.1)
            if not ready:
                if self.seconds() > used or time.monotonic() > end:
                    self.stop()
                    raise Hang
                continue
            chunk = os.read(pipe, 1 << 16)
            if not chunk:
                self.stop()
                raise Failed("its process ended")
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line


@dataclass
class Row:
    """What was found about one dataset."""

    peer: str
    dataset: str
    ours: str
    items: int = 0
    wrong: int = 0
    accepted: int = 0
    """Wrong answers that score 1 or more."""
    paid: int = 0
    """Wrong answers that score less, but more than ``IDLE`` and ``CONSOLATION``."""
    dumps: int = 0
    dumps_accepted: int = 0
    """Replies that hold several answers, or none, and score 1 or more."""
    right: int = 0
    refused: int = 0
    """Right answers, the stored one and others, that score less than 1."""
    decorated: int = 0
    decorated_refused: int = 0
    exceptions: int = 0
    hangs: int = 0
    runs: bool = False
    note: str = ""
    examples: dict[str, str] = field(default_factory=dict)
    """One of each kind of fault; of replies, all that was done."""


def formulas(task: str) -> list[list[list[int]]]:
    """Return small formulas of ours: the peer for them has none of its own."""
    levels = (0, 1, 2) if task == "sat_assignment" else (0, 1)
    found = [get_task(task).pose(i, level).payload for i in range(ITEMS) for level in levels]
    return [p["clauses"] for p in found if p["variables"] <= 8 and len(p["clauses"]) <= 11][:ITEMS]


def attack(peer: Peer, common: Common, task: str) -> Row:
    """Attack one dataset."""
    row = Row(common.peer, common.dataset, task)
    peer.open(common, formulas(task) if common.peer == "satquest" else ())
    items = _items(peer, common, row)
    row.items = len(items)
    instances = [_instance(common, number, item, items) for number, item in enumerate(items)]
    floors = peer.judge("score", [(number, IDLE) for number in range(len(items))])
    cases: list[tuple[int, str, str]] = []
    for number, (item, instance) in enumerate(zip(items, instances, strict=True)):
        rng = random.Random(derive_seed("peers", common.dataset, number))
        for name, answer in _wrong_answers(common, item, instance, items, rng):
            if judge(common.dataset, answer, item) is False:
                cases.append((number, name, answer))
    for (number, name, answer), score in zip(cases, peer.judge("score", [(n, a) for n, _, a in cases]), strict=True):
        row.wrong += score != "skipped"
        _note(row, score, f"{name}: {shorten(answer)}")
        if isinstance(score, float):
            row.accepted += score >= 1
            floor = floors[number] if isinstance(floors[number], float) else 0.0
            row.paid += max(floor, CONSOLATION) + 1e-9 < score < 1
            if score >= 1:
                row.examples.setdefault("wrong, accepted", f"{name}: {shorten(answer)}")
    _right_answers(peer, common, items, row)
    if common.peer == "reasoning-gym":
        _replies(peer, instances, row)
    for number in range(min(3, len(items))):
        for bomb, score in zip(BOMBS, peer.judge("score", [(number, bomb) for bomb in BOMBS]), strict=True):
            _note(row, score, shorten(bomb))
    row.runs = peer.ran_text()
    return row


def _items(peer: Peer, common: Common, row: Row) -> list[Item]:
    items: list[Item] = []
    most = len(peer._opened["formulas"]) or ITEMS
    end = peer.seconds() + POSING
    while len(items) < most and (len(items) < 5 or peer.seconds() < end):
        try:
            items.append(peer.pose())
        except Hang:
            row.note = "posing a problem took over 60 s"
            break
    for item in items:
        item["answer"] = item["answer"] or item["metadata"].get("example_correct_answer") or ""
    return items


def _instance(common: Common, number: int, item: Item, items: list[Item]) -> Instance:
    """Return a problem in the form that the attacks take; the example is another problem's answer."""
    example = next((i["answer"] for i in items if i["answer"] != item["answer"]), "0")
    return Instance(
        task=common.dataset, version=0, split="train", level=0, index=number, key=content_key("peers", [number]),
        question=item["question"], example=example, brief="", payload={}, reference=item["answer"], answer_format="tag",
    )  # fmt: skip


def _wrong_answers(
    common: Common, item: Item, instance: Instance, items: list[Item], rng: random.Random
) -> Iterator[attacks.Attack]:
    """Yield answers of which most are wrong: a share of each group, and what has worked before."""
    near = [i["answer"] for i in rng.sample(items, min(4, len(items))) if i is not item and i["answer"]]
    groups = attacks.attacks(instance, near, [], rng) if item["answer"] else {}
    if not groups:
        groups = {"without content": list(attacks.contentless(instance, item["question"]))}
    for found in groups.values():
        yield from rng.sample(found, min(EACH // len(groups), len(found)))
    for answer in TRICKS[common.dataset](item) if common.dataset in TRICKS else ():
        yield "a known trick", answer


def _right_answers(peer: Peer, common: Common, items: list[Item], row: Row) -> None:
    cases = []
    broken = 0
    for number, item in enumerate(items):
        if not item["answer"]:
            continue
        if judge(common.dataset, item["answer"], item) is False:
            broken += 1
            row.examples.setdefault("stored answer breaks the rules", shorten(item["answer"]))
            continue
        cases.append((number, item["answer"], "the stored answer"))
        if common.dataset in OTHERS:
            others = (text for text in OTHERS[common.dataset](item) if text != item["answer"])
            found = (text for text in itertools.islice(others, 50_000) if JUDGES[common.dataset](text, item))
            cases += [(number, text, "another right answer") for text in itertools.islice(found, 20)]
    if broken:
        row.note = f"{broken} of {len(items)} stored answers break the rules of their problem"
    scores = peer.judge("score", [(number, text) for number, text, _ in cases])
    for (_, text, name), score in zip(cases, scores, strict=True):
        row.right += score != "skipped"
        _note(row, score, shorten(text))
        if score != "skipped" and (not isinstance(score, float) or score < 1):
            row.refused += 1
            row.examples.setdefault("right, refused", f"{name}: {shorten(text)} scores {score}")


def _replies(peer: Peer, instances: list[Instance], row: Row) -> None:
    """Grade whole replies the way its users do: the last tag, then the scorer."""
    cases = []
    for instance in instances[:15]:
        if not instance.reference:
            continue
        rng = random.Random(derive_seed("peers", instance.task, instance.index, "replies"))
        others = [i.reference for i in instances if i.reference != instance.reference][:5]
        hedges = [(name, text) for name, text, form in attacks.dumps(instance, others, rng) if form == "tag"]
        cases += [(instance.index, False, name, text) for name, text in hedges]
        plain = [("as it is", f"<answer>{instance.reference}</answer>")]
        cases += [
            (instance.index, True, name, text)
            for name, text in [*plain, *decorations("tag", instance.reference, instance.example)]
        ]
    scores = peer.judge("grade", [(index, text) for index, _, _, text in cases])
    for (_, right, name, text), score in zip(cases, scores, strict=True):
        if score == "skipped":
            continue
        full = isinstance(score, float) and score >= 1
        _note(row, score, f"{name}: {shorten(text)}")
        if right:
            row.decorated += 1
            row.decorated_refused += not full
            if not full:
                _also(row, "decorated, refused", name)
        else:
            row.dumps += 1
            row.dumps_accepted += full
            if full:
                _also(row, "dumps, accepted", name)


def _also(row: Row, kind: str, name: str) -> None:
    names = [*filter(None, row.examples.get(kind, "").split("; ")), name]
    row.examples[kind] = "; ".join(dict.fromkeys(names))


def _note(row: Row, score: Any, what: str) -> None:
    if score == "hang":
        row.hangs += 1
        row.examples.setdefault("hang", what)
    elif score != "skipped" and not isinstance(score, float):
        row.exceptions += 1
        row.examples.setdefault("exception", f"{what}: {score}")


def versions(python: str) -> dict[str, str | None]:
    """Return peer -> version installed, or None; none at all where the interpreter does not run."""
    peer = Peer(python)
    try:
        (found,) = peer.ask({"do": "versions"}, limit=30)
        return dict(found)
    except (OSError, Hang, Failed):
        return {}
    finally:
        peer.stop()


def report(python: str, names: Sequence[str], rows: Sequence[Any]) -> tuple[str, list[dict[str, Any]]]:
    """Attack the peers' counterparts of the tasks named (all if none); return a section of the page, and the rows."""
    installed = versions(python)
    if not any(installed.values()):
        return "Not installed: `pip install reasoning-gym satquest`.", []
    found, absent = [], []
    for common in COMMON:
        if common.task is None:
            absent.append(common.dataset)
        elif installed.get(common.peer) and (not names or common.task in names):
            found.append(_attack_safely(python, common, common.task))
            row = found[-1]
            print(f"{row.peer} {row.dataset}: {row.accepted} of {row.wrong} wrong accepted, {row.refused} of "
                  f"{row.right} right refused {row.note}", file=sys.stderr, flush=True)  # fmt: skip
    named = ", ".join(f"{name} {version or 'not installed'}" for name, version in installed.items())
    ours = {row.task: row for row in rows}
    text = f"""The same attacks on {named}: default configurations, {ITEMS} problems of
each dataset (as many as {POSING:g} s pose, where that is fewer), every verdict in a process that is killed after
{LIMIT:g} s of processor time. satquest poses nothing itself; the formulas are ours.

* **Wrong, accepted**: the answer breaks the rules of the problem, worked out anew from its data, and scores 1 or more;
  **paid** scores less than 1, but more than {CONSOLATION} and more than the words "{IDLE}" do on the same problem: some
  of this is partial credit as meant.
* **Dumps, accepted**: replies with several answers or with none, read as the peer reads them, that score 1.
* **Right, refused**: the stored answer and other right ones, found by brute force, that score less than 1. For the
  tower of Hanoi these take one step aside first, which the prompt does not forbid.
* **Decorated, refused**: the stored answer in the answer tag, in harmless decoration, that scores less than 1.
* **Exceptions** and **hangs** of the scorer on text; **runs text**: it ran what an answer says.
* **Ours**: what our verifier accepts of wrong, and refuses of right answers, from the table above.

{table(found, ours)}

What was accepted, refused or broken, one of each kind:

{examples(found)}
"""
    if absent:
        text += f"\nWithout a counterpart here, and left out: {', '.join(absent)}.\n"
    return text, [dataclasses.asdict(row) for row in found]


def _attack_safely(python: str, common: Common, task: str) -> Row:
    peer = Peer(python)
    try:
        return attack(peer, common, task)
    except (Failed, Hang) as error:
        return Row(common.peer, common.dataset, task, note=f"stopped: {type(error).__name__} {error}")
    finally:
        peer.stop()


def table(rows: list[Row], ours: dict[str, Any]) -> str:
    """Return the table of the peers."""
    lines = [
        "| peer's task | ours | wrong, accepted | paid | dumps, accepted | right, refused | decorated, refused "
        "| exceptions | hangs | runs text | ours: wrong, accepted | ours: right, refused |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        mine = ours.get(row.ours)
        cells = [
            row.dataset, row.ours, _of(row.accepted, row.wrong), str(row.paid), _of(row.dumps_accepted, row.dumps),
            _of(row.refused, row.right), _of(row.decorated_refused, row.decorated), str(row.exceptions),
            str(row.hangs), "**yes**" if row.runs else "no",
            _of(mine.false_positives, mine.wrong) if mine else "",
            _of(mine.false_negatives, mine.right) if mine else "",
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def examples(rows: list[Row]) -> str:
    """Return a list of one fault of each kind of each dataset."""
    lines = []
    for row in rows:
        if row.note:
            lines.append(f"* {row.dataset}: {row.note}")
        for kind, text in row.examples.items():
            lines.append(f"* {row.dataset}: {kind}: ``{text.replace('`', '')}``")
    return "\n".join(lines) or "Nothing."


def _of(found: int, cases: int) -> str:
    return f"{found:,} of {cases:,}" if cases else "none tried"
