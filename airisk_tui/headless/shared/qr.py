"""An address as a QR code on stderr."""

from __future__ import annotations

import os
import sys

from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import is_terminal
from airisk_tui.qr import INVERTED, fits, qr_code, too_big

DARK_ON_LIGHT = "\x1b[30;107m"
"""SGR parameters for black on bright white, whatever the terminal's own colours are (ECMA-48 §8.3.117)."""

PLAIN = "\x1b[0m"

ANY = 10_000
"""Columns and lines where stderr is no terminal: as many as any code needs."""


def say_qr(address: str) -> None:
    """Draw the QR code of an address, or say why it cannot be drawn. Raises nothing."""
    columns, lines = _room()
    try:
        code = qr_code(address, columns, lines)
        "█▀▄".encode(getattr(sys.stderr, "encoding", None) or "ascii")
    except ValueError as error:  # UnicodeEncodeError is one
        words = "stderr's encoding lacks block characters" if isinstance(error, UnicodeEncodeError) else str(error)
        output.say(f"No QR code: {words.rstrip('.')}.")
        return
    if not fits(code, columns, lines):
        output.say(too_big(code, columns, lines))
    elif is_terminal("stderr") and not os.environ.get("NO_COLOR"):
        output.draw(f"{DARK_ON_LIGHT}{line}{PLAIN}" for line in code.lines)
    else:
        output.draw(line.translate(INVERTED) for line in code.lines)


def _room() -> tuple[int, int]:
    """The columns and lines of the terminal, one line left for what is written next."""
    try:
        size = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return ANY, ANY
    return size.columns, size.lines - 1
