"""An address as a QR code, so that a phone can open it (RFC 8628 §3.3.1), drawn with half blocks: two modules in one cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

MARGINS: Final = (4, 2)
"""Light modules around the code: the margin that ISO/IEC 18004 requires, and a smaller one that phones read too."""

BLOCKS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
"""The character for two modules, the upper and the lower one; 1 is a dark module, drawn in the foreground."""

INVERTED: Final = str.maketrans(" ▀▄█", "█▄▀ ")
"""The characters inverted, for a light foreground on a dark terminal without colours."""


class QrCode(NamedTuple):
    """A drawn QR code. lines: with a margin, dark modules in the foreground; size: modules of a side, without the margin."""

    lines: tuple[str, ...]
    size: int

    @property
    def width(self) -> int:
        """The width in cells."""
        return len(self.lines[0])

    @property
    def height(self) -> int:
        """The height in lines."""
        return len(self.lines)


def qr_code(text: str, columns: int, lines: int) -> QrCode:
    """The QR code of a text, with the wider margin if it fits. The code may be larger than the space.

    columns, lines: the space in cells. Raises ValueError for a text that is too long for a QR code (2,953 bytes).
    """
    import segno

    try:
        made = segno.make_qr(text, error="l")
    except segno.DataOverflowError as error:
        raise ValueError("The text is too long for a QR code.") from error
    codes = [QrCode(_drawn(made.matrix_iter(border=margin)), len(made.matrix)) for margin in MARGINS]
    return next((code for code in codes if fits(code, columns, lines)), codes[-1])


def fits(code: QrCode, columns: int, lines: int) -> bool:
    """Whether a code fits into the space, in cells."""
    return code.width <= columns and code.height <= lines


def too_big(code: QrCode, columns: int, lines: int) -> str:
    """The sentence that says how much space the code needs."""
    return (
        f"The QR code of this URL needs {code.width} columns and {code.height} lines, and there are {columns} and {lines}. "
        "Make the terminal larger, or its letters smaller."
    )


def _drawn(modules: Iterable[Iterable[int]]) -> tuple[str, ...]:
    """The lines, each of two rows of modules; a light row is added to an odd number of rows."""
    rows = [*map(tuple, modules)]
    rows += [(0,) * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return tuple("".join(BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
