"""Tables of a page; each scrolls inside its own box."""

from collections.abc import Sequence
from typing import NamedTuple

from gradarium.trainers.reporting.text import escape


class Cell(NamedTuple):
    """One cell."""

    text: str
    kind: str = ""
    """Class of the style sheet: ``up``, ``down``, ``text``, ``minus``."""
    share: float | None = None
    """How strong its colour is, 0 to 1; None: no colour."""


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Cell | str]],
    *,
    kind: str = "",
    last_is_mean: bool = False,
    tall: bool = False,
) -> str:
    """Return a table of escaped cells; ``kind`` is a class of the style sheet, such as ``heat``."""
    lines = ["<tr>" + "".join(f"<th>{escape(name, 80)}</th>" for name in head) + "</tr>"] if head else []
    for i, row in enumerate(rows):
        cells = "".join(_cell(cell if isinstance(cell, Cell) else Cell(cell)) for cell in row)
        mean = ' class="mean"' if last_is_mean and i == len(rows) - 1 else ""
        lines.append(f"<tr{mean}>{cells}</tr>")
    named = f' class="{kind}"' if kind else ""
    return f'<div class="scroll box{" tall" if tall else ""}"><table{named}>{"".join(lines)}</table></div>'


def _cell(cell: Cell) -> str:
    kind = f' class="{cell.kind}"' if cell.kind else ""
    style = f' style="--v:{min(1.0, max(0.0, cell.share)):.2f}"' if cell.share is not None else ""
    return f"<td{kind}{style}>{escape(cell.text, 400)}</td>"


def change(value: float | None) -> Cell:
    """Return a difference of two rates, coloured by its sign."""
    if value is None:
        return Cell("")
    return Cell(f"{value:+.3f}", "up" if value > 0.0005 else "down" if value < -0.0005 else "")


def rate(value: float | None) -> str:
    """Return a rate with three decimals, or nothing."""
    return "" if value is None else f"{value:.3f}"


def grid(values: dict[tuple[str, int], float], *, signed: bool = False, strongest: float = 1.0) -> str:
    """Return a heat map task x level of rates; with ``signed`` of differences. What is below 0 has another colour."""
    levels = sorted({level for _, level in values})
    tasks = list(dict.fromkeys(task for task, _ in values))
    rows: list[list[Cell | str]] = []
    for task in tasks:
        row: list[Cell | str] = [task]
        for level in levels:
            value = values.get((task, level))
            if value is None:
                row.append("")
            else:
                text = f"{value:+.2f}" if signed else f"{value:.2f}"
                row.append(Cell(text, "minus" if value < 0 else "", abs(value) / (strongest or 1.0)))
        rows.append(row)
    return table(["task", *(f"level {level}" for level in levels)], rows, kind="heat", tall=len(tasks) > 16)
