"""The colours of reports: names for the style sheet, and their values by day and by night.

Charts are drawn in the colours of the day; in a page every one of them becomes the CSS variable of its name, which has
another value where the reader prefers a dark page. All values differ, so that each stands for one name.
"""

DAY = {
    "ink": "#1d2126",
    "muted": "#6a7079",
    "grid": "#e6e4de",
    "rule": "#c9c6bd",
    "card": "#fefefe",
    "accent": "#0e766d",
    "good": "#1d7f3c",
    "bad": "#b6322b",
    "warn": "#b3690a",
    "rest": "#b9bdc3",
    # unordered things: runs, phases, parts
    "s0": "#0f7b72",
    "s1": "#d4620f",
    "s2": "#4d5bd1",
    "s3": "#bf3578",
    "s4": "#738700",
    "s5": "#2687bf",
    "s6": "#8a5a3c",
    "s7": "#6b7179",
    # ordered things: levels of a dial
    "l0": "#12857a",
    "l1": "#2b80b9",
    "l2": "#4e5cd6",
    "l3": "#7e4aca",
    "l4": "#a93ba9",
    "l5": "#c83371",
    "l6": "#d14b39",
    "l7": "#c86b10",
    "l8": "#a2820a",
    "l9": "#6c727a",
}

NIGHT = {
    "ink": "#e9e8e3",
    "muted": "#9da3ab",
    "grid": "#2b3036",
    "rule": "#454b53",
    "card": "#1a1e22",
    "accent": "#3bcfbf",
    "good": "#5fcf80",
    "bad": "#ff8279",
    "warn": "#f2b255",
    "rest": "#575e67",
    "s0": "#35c9b9",
    "s1": "#ff9a4d",
    "s2": "#8f9bff",
    "s3": "#ff7fb6",
    "s4": "#b9cc3f",
    "s5": "#62bdf2",
    "s6": "#d19f7d",
    "s7": "#a4aab2",
    "l0": "#2dd4bf",
    "l1": "#5cb8f0",
    "l2": "#8b95ff",
    "l3": "#b48cff",
    "l4": "#e07ee0",
    "l5": "#ff7eb0",
    "l6": "#ff8a78",
    "l7": "#ffa94d",
    "l8": "#e0c341",
    "l9": "#a5abb3",
}

NAME_OF = {value: name for name, value in DAY.items()}


def series(i: int) -> str:
    """Return the name of the colour of the i-th of some unordered things."""
    return f"s{i % 8}"


def level(i: int) -> str:
    """Return the name of the colour of a level."""
    return f"l{min(max(i, 0), 9)}"


def variables() -> str:
    """Return the style rules that define every colour."""
    day, night = (";".join(f"--{name}:{value}" for name, value in values.items()) for values in (DAY, NIGHT))
    # what is printed stays as by day
    return f":root{{{day}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}\n"
