"""Pictures of boards: NumPy only, with a font of 5 x 7 dots."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

PAPER: Colour = (250, 249, 246)
CELL: Colour = (255, 255, 255)
GIVEN: Colour = (236, 234, 228)
WALL: Colour = (58, 62, 71)
LINE: Colour = (198, 196, 190)
INK: Colour = (38, 41, 48)
FILLED: Colour = (31, 98, 176)
CHANGED: Colour = (193, 39, 45)
FRAMES: dict[bool | None, Colour] = {None: (120, 124, 132), True: (46, 139, 87), False: (193, 39, 45)}

# Each glyph: seven rows from the top, one base-32 digit a row, the leftmost dot in the highest of five bits.
_GLYPHS = dict(
    glyph.split(" ")
    for glyph in """
0 ehjlphe|1 4c4444e|2 eh1248v|3 v2421he|4 26aiv22|5 vgu11he|6 68guhhe|7 v124888|8 ehhehhe|9 ehhf12c
A ehhhvhh|B uhhuhhu|C ehggghe|D sihhhis|E vgguggv|F vgguggg|G ehgnhhf|H hhhvhhh|I e44444e|J 72222ic|K hikokih
L ggggggv|M hrllhhh|N hhpljhh|O ehhhhhe|P uhhuggg|Q ehhhlid|R uhhukih|S fgge11u|T v444444|U hhhhhhe|V hhhhha4
W hhhllla|X hha4ahh|Y hhha444|Z v1248gv
a 00e1fhf|b ggmphhu|c 00egghe|d 11djhhf|e 00ehvge|f 698s888|g 0fhhf1e|h ggmphhh|i 40c444e|j 20622ic|k ggikoki
l c44444e|m 00qllhh|n 00mphhh|o 00ehhhe|p 00uhugg|q 00djf11|r 00mpggg|s 00ege1u|t 88s8896|u 00hhhjd|v 00hhha4
w 00hhlla|x 00ha4ah|y 00hhf1e|z 00v248v
. 00000cc|, 0000c48|+ 044v440|- 000v000|* 04lel40|/ 01248g0|\\ 0g84210|= 00v0v00|< 248g842|> 8421248|( 2488842
) 8422248|[ e88888e|] e22222e|# aavavaa|? eh12404|! 4444004|: 0cc0cc0|; 0cc0c48|_ 000000v|' c480000|" aaa0000
^ 4ah0000|% op248j3|& cik8lid|@ eh1dlle|~ 008l200|$ 4fke5u4|` 8420000|{ 2448442|} 8442448|↑ 4el4444|↓ 4444le4
→ 042v240|← 048v840|● 0evvve0|○ 0ehhhe0|■ 0vvvvv0|□ 0vhhhv0|· 0004000
""".strip()
    .replace("\n", "|")
    .split("|")
) | {
    "|": "4444444",
    " ": "0000000",
    "\N{MINUS SIGN}": "000v000",
    "\N{MULTIPLICATION SIGN}": "0ha4ah0",
}
_UNKNOWN = "vhhhhhv"


def draw_board(
    cells: Sequence[Sequence[str]],
    start: Sequence[Sequence[str]] | None = None,
    box: tuple[int, int] | None = None,
    right: bool | None = None,
    regions: Sequence[Sequence[str]] | None = None,
    dots: int = 960,
) -> Image:
    """Draw the cells of a board, rows from the top.

    Cells that were already in ``start`` stand on grey, those that were added are blue, and changed ones red; ``#`` is
    a wall. ``box`` (rows, columns) is set off by thick lines, and so are ``regions``, which are named cell by cell; the
    frame is green or red where ``right`` is True or False.

    Returns:
        An image of shape ``(height, width, 3)``, at most about ``dots`` on the longer side while cells have 12.
    """
    rows, columns = max(1, len(cells)), max(1, *(len(row) for row in cells), 1)
    size = max(12, min(48, dots // max(rows, columns)))
    edge = max(6, size // 4)
    image = np.empty((rows * size + 2 * edge + 1, columns * size + 2 * edge + 1, 3), dtype=np.uint8)
    image[:] = PAPER
    for r, row in enumerate(cells):
        for c, text in enumerate(row):
            given = start[r][c] if start is not None and r < len(start) and c < len(start[r]) else None
            top, left = edge + r * size, edge + c * size
            _cell(image[top : top + size + 1, left : left + size + 1], text, given)
    for thick in (False, True):  # the thin lines first: they must not cut the thick ones they cross
        for axis, count, other, step in ((image, rows, columns, 0), (image.transpose(1, 0, 2), columns, rows, 1)):
            for i in range(count + 1):
                if (i in (0, count) or (box is not None and box[step] > 0 and i % box[step] == 0)) == thick:
                    at = edge + i * size
                    axis[at - thick : at + 1 + thick, edge - 1 : edge + other * size + 2] = INK if thick else LINE
    for r, row in enumerate(regions or ()):
        for c, name in enumerate(row):
            top, left = edge + r * size, edge + c * size
            if r and regions and regions[r - 1][c : c + 1] != row[c : c + 1]:
                image[top - 1 : top + 2, left - 1 : left + size + 2] = INK
            if c and row[c - 1] != name:
                image[top - 1 : top + size + 2, left - 1 : left + 2] = INK
    rim = max(2, edge // 4)
    for side in (image[:rim], image[-rim:], image[:, :rim], image[:, -rim:]):
        side[:] = FRAMES[right]
    return image


def _cell(area: Image, text: str, given: str | None) -> None:
    """Draw one cell into ``area``."""
    kept = given is not None and given == text and text.strip() != ""
    added = given is not None and given != text and not given.strip(" .")
    changed = given is not None and given != text and not added
    area[:] = WALL if text == "#" else GIVEN if kept else CELL
    if text != "#":
        write(area, text, FILLED if added else CHANGED if changed else INK)


def write(area: Image, text: str, ink: Colour) -> None:
    """Write ``text`` into the middle of ``area``, as large as fits; what does not fit is cut off."""
    height, width = area.shape[0] - 1, area.shape[1] - 1
    scale = max(1, min(height // 10, (width - 10) // max(1, 6 * len(text) - 1)))
    text = text[: max(1, (width - 3 + scale) // (6 * scale))]
    if not text.strip():
        return
    dots = np.zeros((7, 6 * len(text) - 1), dtype=bool)
    for i, char in enumerate(text):
        for y, row in enumerate(_GLYPHS.get(char, _UNKNOWN)):
            dots[y, 6 * i : 6 * i + 5] = [int(row, 32) >> (4 - x) & 1 for x in range(5)]
    dots = dots.repeat(scale, axis=0).repeat(scale, axis=1)
    top, left = (area.shape[0] - dots.shape[0]) // 2, (area.shape[1] - dots.shape[1]) // 2
    area[top : top + dots.shape[0], left : left + dots.shape[1]][dots] = ink
