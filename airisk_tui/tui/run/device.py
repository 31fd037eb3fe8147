"""The instructions for another device, and the answers of the server to the polls meanwhile (RFC 8628 §3.3, §3.5)."""

from __future__ import annotations

from textual.content import Content

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.device import SLOW_DOWN, DeviceCodes
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.qr import fits, qr_code
from airisk_tui.tui.shared.drawing.styles import QUIET
from airisk_tui.tui.shared.drawing.text import linked, shown
from airisk_tui.tui.shared.keyboard.keys import chosen_key
from airisk_tui.tui.shared.qr import drawn

MAX_CODE = 40
"""Characters of a user code that is drawn large; RFC 8628 §6.1 has eight."""


def device_words(state: FlowState, columns: int, lines: int) -> Content:
    """URL and code, large enough to be read from the other device, then the newest answer to a poll.

    columns, lines: the space for a QR code below the words.
    """
    codes = state.device_codes
    if codes is None:
        return Content("The server is asked for a code to type on another device.")
    parts = [
        Content.assemble(("1 ", "bold"), "On any device, such as a phone, open"),
        linked(codes.verification_uri),
        Content.assemble(("2 ", "bold"), "There, type this code:"),
        *_large(codes.user_code),
        Content.assemble(("3 ", "bold"), "Sign in and agree."),
        Content(""),
        Content.assemble(*_keys(codes)),
        _polls(state),
    ]
    code = qr_code(codes.address, columns, lines)
    if fits(code, columns, lines):
        parts += [Content(""), drawn(code)]
    return Content("\n").join(parts)


def _large(user_code: str) -> list[Content]:
    """The code in a frame, with spaces between its characters: the largest writing of a terminal."""
    text = shown(user_code, limit=MAX_CODE).plain
    line = f"  {' '.join(text)}  "
    edge = "─" * len(line)
    style = "bold $text-accent"
    return [
        Content.styled(f"  ╭{edge}╮", style),
        Content.assemble(("  │", style), (line, "bold"), ("│", style)),
        Content.styled(f"  ╰{edge}╯", style),
    ]


def _keys(codes: DeviceCodes) -> list[str | tuple[str, str]]:
    opens = " shows a QR code that holds the code already, " if codes.complete else " shows the URL as a QR code, "
    return [(chosen_key("Q"), "bold"), opens, (chosen_key("F5"), "bold"), " copies both."]


def _polls(state: FlowState) -> Content:
    """How often the server was asked, and its last answer."""
    every = f"every {state.poll_interval:g} s"
    if not state.polls:
        return Content.styled(f"The server is asked {every} whether somebody agreed.", QUIET)
    said = [read_error(poll.response).code for poll in state.polls]
    times = "once" if len(said) == 1 else f"{len(said):,} times"
    last = shown(said[-1], limit=MAX_CODE).plain
    asked = Content.styled(f"The server was asked {times}: not yet ({last}). ", QUIET)
    if SLOW_DOWN in said:
        return asked + Content.styled(f"It wants to be asked less often: {every} now.", "bold $text-warning")
    return asked + Content.styled(f"It is asked {every}.", QUIET)
