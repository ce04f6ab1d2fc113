"""Read a list of named moves: ASCII only, bounded; None means "not of this form"."""

import re

LONGEST = 20_000
"""Longer answers are not read (characters)."""

_GAP = re.compile(r"[\s,;]+", re.ASCII)


def read_moves(text: str, form: re.Pattern[str]) -> list[str] | None:
    """Return the moves of a list separated by spaces, commas, semicolons or line breaks; each must match ``form``.

    Brackets around the whole and quotes around single moves are taken off.

    >>> read_moves("[R1, 'U2']", re.compile("[RU][12]")), read_moves("R1 X9", re.compile("[RU][12]"))
    (['R1', 'U2'], None)
    """
    if len(text) > LONGEST or not text.isascii():
        return None
    text = text.strip()
    if text[:1] + text[-1:] in ("[]", "()", "{}"):
        text = text[1:-1].strip()
    moves = _GAP.split(text) if text else []
    for i, move in enumerate(moves):
        if len(move) > 2 and move[0] == move[-1] and move[0] in "\"'":
            moves[i] = move = move[1:-1]
        if not form.fullmatch(move):
            return None
    return moves or None
