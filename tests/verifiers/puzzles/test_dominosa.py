import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.dominosa import verify

SMALL = {"numbers": [[0, 0, 1], [1, 0, 1]], "shown": ["???", "???"]}
KNOWN = {**SMALL, "shown": ["??D", "??U"]}
DOUBLE = {"numbers": [[0, 1, 1], [0, 0, 1]], "shown": ["???", "???"]}

ACCEPTED = {
    "spaces": ("R L D\nR L U", SMALL),
    "no spaces, small letters": ("rld\nrlu", SMALL),
    "list of lists": ("[[R, L, D],\n[R, L, U]]", KNOWN),
    "another board": ("DRL\nURL", DOUBLE),
}
REJECTED = {
    "a pair twice": ("DRL\nURL", SMALL),
    "a pair twice, the other way round": ("RLD\nRLU", {"numbers": [[0, 1, 1], [1, 0, 1]], "shown": ["???"] * 2}),
    "halves that do not agree": ("RRD\nRLU", SMALL),
    "three cells as one domino": ("RRL\nRLU", SMALL),
    "off the board on the right": ("RLR\nRLU", SMALL),
    "off the board above": ("RLU\nRLU", SMALL),
    "off the board on the left, where index -1 is the last column": ("LLD\nRRU", SMALL),
    "shown halves changed": ("DRL\nURL", {**DOUBLE, "shown": ["RL?", "???"]}),
    "question marks left": ("RL?\nRL?", KNOWN),
    "line missing": ("RLD", SMALL),
    "line too many": ("RLD\nRLU\nRLD", SMALL),
    "two answers": ("RLD\nRLU\n\nRLD\nRLU", SMALL),
    "numbers": ("001\n101", SMALL),
    "arrows": ("\u2192\u2190\u2193\n\u2192\u2190\u2191", SMALL),
    "full-width letters": ("\uff32LD\nRLU", SMALL),
    "bomb": ("R" * 100_000, SMALL),
    "empty": ("", SMALL),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Judge by the definition: the pairs of cells as sets; written apart from the verifier."""
    if len(answer) > 4000 or set(answer) - set("UDLRudlr ,|[]\t\n-+="):
        return False
    lines = ["".join(ch for ch in line.upper() if ch in "UDLR") for line in answer.split("\n")]
    lines = [line for line in lines if line]
    if [len(line) for line in lines] != [len(line) for line in payload["numbers"]]:
        return False
    if any(k not in ("?", m) for pair in zip(payload["shown"], lines, strict=True) for k, m in zip(*pair, strict=True)):
        return False
    step = {"U": -1, "D": 1, "L": -1j, "R": 1j}
    value = {complex(r, c): n for r, line in enumerate(payload["numbers"]) for c, n in enumerate(line)}
    ends = [frozenset({z, z + step[lines[int(z.real)][int(z.imag)]]}) for z in value]
    dominoes = set(ends)
    if set().union(*dominoes) != set(value) or any(ends.count(domino) != 2 for domino in dominoes):
        return False
    dealt = sorted(tuple(sorted(value[z] for z in domino)) for domino in dominoes)
    top = max(value.values())
    return dealt == [(a, b) for a in range(top + 1) for b in range(a, top + 1)]


def tilings(rows, columns):
    """Yield every tiling of a board as a text of letters."""

    def fill(marks):
        if "?" not in marks:
            yield "\n".join(marks[i : i + columns] for i in range(0, rows * columns, columns))
            return
        i = marks.index("?")
        if (i + 1) % columns and marks[i + 1] == "?":
            yield from fill(marks[:i] + "RL" + marks[i + 2 :])
        if i + columns < rows * columns:
            yield from fill(marks[:i] + "D" + marks[i + 1 : i + columns] + "U" + marks[i + columns + 1 :])

    return fill("?" * (rows * columns))


def solutions(payload):
    """Yield every right answer by trying all tilings."""
    yield from (t for t in tilings(len(payload["numbers"]), len(payload["numbers"][0])) if oracle(t, payload))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_every_tiling_of_small_instances(level):
    answers = list(tilings(4, 5))
    assert len(answers) == 95  # the known number
    for index in range(20):
        instance = get_task("dominosa").pose(index, level)
        more = answers + [a.replace("R", "L", 1) for a in answers] + [a[::-1] for a in answers]
        assert [verify(a, instance.payload).score == 1.0 for a in more] == [oracle(a, instance.payload) for a in more]
        assert list(solutions(instance.payload)) == [instance.reference.replace(" ", "")]
