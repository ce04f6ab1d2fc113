"""What the verifiers of the two skyscraper tasks share: a Latin square and clues at its four sides."""

from collections.abc import Callable

from gradarium.core import Payload, Verdict
from gradarium.verifiers.puzzles._latin import changed, repeated
from gradarium.verifiers.reading import read_grid


def judge(answer: str, payload: Payload, measure: Callable[[list[int]], int], unit: str) -> Verdict:
    """Judge a city; ``measure`` takes the heights that are seen from a side, ``unit`` names what it gives."""
    n = len(payload["givens"])
    grid = read_grid(answer, n, n, "123456789"[:n])
    if grid is None:
        return Verdict.unreadable(f"expected {n} lines of {n} heights from 1 to {n}")
    if fault := changed(grid, payload["givens"]) or repeated(grid):
        return fault
    rows = [[int(cell) for cell in line] for line in grid]
    columns = [list(column) for column in zip(*rows, strict=True)]
    sides = {
        "left": ("row", rows),
        "right": ("row", [row[::-1] for row in rows]),
        "top": ("column", columns),
        "bottom": ("column", [column[::-1] for column in columns]),
    }
    for side, (kind, lines) in sides.items():
        for i, (line, clue) in enumerate(zip(lines, payload["clues"][side], strict=True)):
            seen: list[int] = []
            for height in line:
                if not seen or height > seen[-1]:
                    seen.append(height)
            if clue and measure(seen) != clue:
                what = f"{kind} {i + 1} shows {unit} {measure(seen)} from the {side}, not {clue}"
                return Verdict.wrong(what, "clue")
    return Verdict.correct()
