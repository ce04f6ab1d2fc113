"""Tables of an evaluation for a terminal."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradarium.trainers.evaluation.statistics import Estimate

if TYPE_CHECKING:
    from rich.table import Table


def percent(estimate: Estimate, interval: bool = True) -> str:
    """Return ``61.2 [55.0, 67.1]`` in percent, a dash where nothing is known.

    >>> percent(Estimate(0.612, 0.55, 0.671, 100))
    '61.2 [55.0, 67.1]'
    """
    if math.isnan(estimate.value):
        return "-"
    value = f"{100 * estimate.value:.1f}"
    return f"{value} [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]" if interval else value


def new_table(title: str, first: str, columns: Sequence[str]) -> "Table":
    """Return an empty table: a column of names and columns of numbers."""
    from rich.table import Table

    table = Table(title=title, box=None, title_justify="left", title_style="bold", padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True, vertical="bottom")
    return table


def signed(estimate: Estimate, interval: bool = True) -> str:
    """Return ``+6.1 [+2.0, +10.3]`` in points, a dash where nothing is known.

    >>> signed(Estimate(0.061, 0.02, 0.103, 100))
    '+6.1 [+2.0, +10.3]'
    """
    if math.isnan(estimate.value):
        return "-"
    value = f"{100 * estimate.value:+.1f}"
    return f"{value} [{100 * estimate.low:+.1f}, {100 * estimate.high:+.1f}]" if interval else value
