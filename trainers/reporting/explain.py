"""What is said about a curve, from the glossary of metrics."""

from typing import NamedTuple

from gradarium.trainers import glossary


class Said(NamedTuple):
    """Texts that stand at a chart."""

    title: str
    note: str = ""
    """What is shown, one sentence."""
    hints: str = ""
    """What a healthy one and a bad one look like, a line each."""


def explain(field: str) -> Said:
    """Return what the glossary says about a field, plain text; of one that it does not know, the name alone."""
    entry = glossary.explain(field)
    if entry is None:
        return Said(field.replace("_", " "))
    said = {*entry.meaning.lower().split(), "see"}
    unit = f" ({entry.unit})" if entry.unit and entry.unit.split()[0] not in said else ""
    hints = [f"{name}: {text}." for name, text in (("Healthy", entry.healthy), ("Bad", entry.bad)) if text]
    return Said(entry.title, _sentence(f"{entry.meaning}{unit}"), "\n".join(hints).replace("`", ""))


def _sentence(text: str) -> str:
    plain = text.replace("`", "")
    return f"{plain[:1].upper()}{plain[1:]}."
