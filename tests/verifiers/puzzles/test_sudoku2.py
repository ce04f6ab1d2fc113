import re
from functools import cache
from itertools import permutations, product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.sudoku2 import verify

ONE = {"givens": ["12.4", "3412", "2143", "432."], "links": []}
OPEN = {"givens": ["12..", "....", "....", "...."], "links": []}
TWO = {
    "givens": ["12.4", "3412", "2143", "432.", "1...", "34..", "....", "..2."],
    "links": [
        {"rule": "<", "cells": [[0, 0, 0], [1, 0, 2]]},
        {"rule": "=", "cells": [[0, 0, 1], [1, 0, 1]]},
        {"rule": "+", "cells": [[0, 0, 2], [1, 2, 0]], "total": 5},
    ],
}
A = "1234\n3412\n2143\n4321"
B = "1234\n3421\n2143\n4321"  # keeps the givens and links of TWO, column 3 repeats

ACCEPTED = {
    "spaces": ("1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1", ONE),
    "bars and rulers": ("12 | 34\n34 | 12\n---+---\n\n21 | 43\n43 | 21\n", ONE),
    "list of lists": ("[[1, 2, 3, 4],\n[3, 4, 1, 2],\n[2, 1, 4, 3],\n[4, 3, 2, 1]]", ONE),
    "one of many solutions": ("1 2 3 4\n3 4 2 1\n2 1 4 3\n4 3 1 2", OPEN),
    "two grids, blank line between": (f"{A}\n\n{A}", TWO),
    "headings as in the question": (f"Grid A\n{A}\n\nGrid B\n{A}", TWO),
    "headings with colons": (f"A:\n{A}\n B: \n{A}", TWO),
    "lower case": (f"grid a:\n\n{A}\n\ngrid b:\n{A}\n", TWO),
    "only the second heading": (f"{A}\nGrid B\n{A}", TWO),
}
REJECTED = {
    "given changed to make the rules hold": ("2134\n3412\n1243\n4321", ONE),
    "column repeats": ("1234\n3412\n2143\n1324", OPEN),
    "rows and columns fine, boxes repeat": ("1234\n2341\n3412\n4123", OPEN),
    "dots left over": ("12.4\n3412\n2143\n432.", ONE),
    "digit out of range": ("1254\n3412\n2143\n4321", ONE),
    "zero for unknown": ("1204\n3412\n2143\n4320", ONE),
    "row missing": ("1234\n3412\n2143", ONE),
    "row too many": (f"{A}\n1234", ONE),
    "two grids for one": (f"{A}\n\n{A}", ONE),
    "one grid for two": (A, TWO),
    "smaller-than link broken: equal is not less": (
        f"{A}\n\n{A}",
        {"givens": ["...."] * 8, "links": [{"rule": "<", "cells": [[0, 0, 0], [1, 0, 0]]}]},
    ),
    "equality link broken": (
        f"{A}\n\n{A}",
        {"givens": ["...."] * 8, "links": [{"rule": "=", "cells": [[0, 0, 0], [1, 0, 1]]}]},
    ),
    "sum link broken": (
        f"{A}\n\n{A}",
        {"givens": ["...."] * 8, "links": [{"rule": "+", "cells": [[0, 0, 0], [1, 0, 0]], "total": 3}]},
    ),
    "links hold, second grid repeats": (f"{A}\n\n{B}", TWO),
    "grids swapped against a link": (
        "1234\n3412\n2143\n4321\n2134\n3421\n1243\n4312",
        {"givens": ["...."] * 8, "links": [{"rule": "<", "cells": [[1, 0, 0], [0, 0, 0]]}]},
    ),
    "headings exchanged": (f"Grid B\n{A}\n\nGrid A\n{A}", TWO),
    "the same heading twice": (f"Grid A\n{A}\n\nGrid A\n{A}", TWO),
    "heading repeated": (f"Grid A\nA:\n{A}\n\nGrid B\n{A}", TWO),
    "headings together": (f"Grid A\nGrid B\n{A}\n{A}", TWO),
    "heading inside a grid": (f"Grid A\n1234\nGrid B\n3412\n2143\n4321\n{A}", TWO),
    "heading of a third grid": (f"Grid A\n{A}\nGrid B\n{A}\nGrid C", TWO),
    "headings without grids": ("Grid A\nGrid B", TWO),
    "heading and row on one line": (f"A: {A}\nB: {A}", TWO),
    "heading of one grid alone": (f"Grid A\n{A}", ONE),
    "other words": (f"First grid\n{A}\nSecond grid\n{A}", TWO),
    "superscript digits": ("1\u00b234\n3412\n2143\n4321", ONE),
    "Arabic digits": ("\u0661234\n3412\n2143\n4321", ONE),
    "code": ("[[1,2,3,4]]*4", ONE),
    "empty": ("", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0
    assert oracle(answer, payload)


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0
    assert not oracle(answer, payload)


def oracle(answer, payload):
    """Judge by the definition: twelve sets for each grid, and each link looked up by name."""
    count = len(payload["givens"]) // 4
    for letter in "ABCDEFGH"[: count if count > 1 else 0]:
        heading = rf"^[ \t]*(grid[ \t]+{letter}[ \t]*:?|{letter}[ \t]*:)[ \t]*$"
        before, *after = re.split(heading, answer, maxsplit=1, flags=re.MULTILINE | re.IGNORECASE)
        if after and sum(ch in "1234" for ch in before) == 16 * "ABCDEFGH".index(letter):
            answer = before + after[-1]
    digits = [int(ch) for ch in answer if ch in "123456789"]
    if len(digits) != 16 * count or set(answer) - set("01234 \t\n|-+=[],"):
        return False
    full = [line for line in answer.split("\n") if set(line) & set("1234")]
    if any(set(line) & set("0-+=") or sum(ch in "1234" for ch in line) != 4 for line in full):
        return False
    at = {(i // 16, i // 4 % 4, i % 4): d for i, d in enumerate(digits)}
    if any(
        ch not in (".", str(at[i // 4, i % 4, c])) for i, ln in enumerate(payload["givens"]) for c, ch in enumerate(ln)
    ):
        return False
    for g in range(count):
        for key in (lambda r, c: r, lambda r, c: c, lambda r, c: (r // 2, c // 2)):
            if len({(key(r, c), at[g, r, c]) for r, c in product(range(4), repeat=2)}) < 16:
                return False
    for link in payload["links"]:
        values = [at[tuple(cell)] for cell in link["cells"]]
        ok = {"<": values[1] - values[0] > 0, "=": len(set(values)) == 1, "+": sum(values) == link.get("total")}
        if not ok[link["rule"]]:
            return False
    return True


@cache
def all_squares():
    """Return the Latin squares of order 4 as tuples of four rows."""
    rows = ["".join(p) for p in permutations("1234")]
    found = [()]
    for _ in rows[0]:
        found = [
            (*g, row) for g in found for row in rows if all(x != y for old in g for x, y in zip(old, row, strict=True))
        ]
    return found


def solutions(payload):
    """Yield every right answer of an instance of one grid, by trying all Latin squares."""
    for grid in all_squares():
        text = "\n".join(" ".join(row) for row in grid)
        if oracle(text, payload):
            yield text


def test_all_4x4_grids_agree_with_the_oracle():
    grids = ["\n".join(grid) for grid in all_squares()]
    assert len(grids) == 576
    empty = {"givens": ["...."] * 4, "links": []}
    verdicts = [verify(grid, empty).score == 1.0 for grid in grids]
    assert verdicts == [oracle(grid, empty) for grid in grids]
    assert sum(verdicts) == 288


@pytest.mark.parametrize("level", [0, 1, 2])
def test_puzzles_have_one_solution_by_brute_force(level):
    grids = ["\n".join(grid) for grid in all_squares()]
    for index in range(10):
        instance = get_task("sudoku2").pose(index, level)
        verdicts = [verify(grid, instance.payload).score == 1.0 for grid in grids]
        assert verdicts == [oracle(grid, instance.payload) for grid in grids]
        assert [g for g, ok in zip(grids, verdicts, strict=True) if ok] == [instance.reference.replace(" ", "")]


def test_two_linked_grids_have_one_solution_by_brute_force():
    halves = ["\n".join(g) for g in all_squares() if oracle("\n".join(g), {"givens": ["...."] * 4, "links": []})]
    for index in range(2):
        instance = get_task("sudoku2").pose(index, 3)
        ways = [
            [h for h in halves if oracle(h, {"givens": instance.payload["givens"][i : i + 4], "links": []})]
            for i in (0, 4)
        ]
        right = [f"{a}\n{b}" for a in ways[0] for b in ways[1] if oracle(f"{a}\n{b}", instance.payload)]
        assert right == [instance.reference.replace(" ", "")]
        assert verify(right[0], instance.payload).score == 1.0
