"""The colours of reports: names for the style sheet, and their values by day and by night.

Charts are drawn in the colours of the day; in a page every one of them becomes the CSS variable of its name, which has
another value where the reader prefers a dark page. All values differ, so that each stands for one name. Those of a
series or of levels are as far apart as they get for eyes without red, green or blue cones, the first ones the farthest;
so neighbours differ in lightness too.
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
    "s3": "#74341a",
    "s4": "#c96dc5",
    "s5": "#63407c",
    "s6": "#ca735b",
    "s7": "#33383f",
    # levels of a dial
    "l0": "#12857a",
    "l1": "#cb7e1a",
    "l2": "#8c4bcd",
    "l3": "#861512",
    "l4": "#383e70",
    "l5": "#988f5a",
    "l6": "#838dca",
    "l7": "#72373d",
    "l8": "#f53687",
    "l9": "#9a6a27",
}

NIGHT = {
    "ink": "#e9e8e3",
    "muted": "#9da3ab",
    "grid": "#2b3036",
    "rule": "#454b53",
    "card": "#1a1e22",
    "accent": "#3bcfbf",
    "good": "#7be39a",
    "bad": "#f0554b",
    "warn": "#f2b255",
    "rest": "#575e67",
    "s0": "#35c9b9",
    "s1": "#ff9a4d",
    "s2": "#8f9bff",
    "s3": "#ef6763",
    "s4": "#ede49d",
    "s5": "#efca1c",
    "s6": "#eaadf5",
    "s7": "#737982",
    "l0": "#2dd4bf",
    "l1": "#f2b716",
    "l2": "#9778f0",
    "l3": "#e7674e",
    "l4": "#c4e7a4",
    "l5": "#85a7da",
    "l6": "#c8757f",
    "l7": "#ecd86e",
    "l8": "#ef8e38",
    "l9": "#dfcdfb",
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
