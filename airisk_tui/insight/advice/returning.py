"""The browser and the paste box, by which the redirect comes back: what the codes of their events mean (threats.md L2, L12)."""

from __future__ import annotations

from collections.abc import Sequence

from airisk_tui.flow.events import BrowserFault, BrowserOpened, FailedLaunch, PasteFault
from airisk_tui.insight.words.quoting import brief
from airisk_tui.oauth.redirect.repairs import Repair

BY_HAND = "Open the URL by hand, in any browser."

_NOT_OPENED: dict[BrowserFault, str] = {
    "not-web-url": "Only an absolute http or https URL is given to a browser.",
    "unreadable-variable": "BROWSER is set, and names no command that can be read.",
    "no-display": "There is no display here (DISPLAY, WAYLAND_DISPLAY and BROWSER are not set).",
    "none-found": "No browser was found on this machine: install xdg-utils, or set BROWSER.",
    "failed": "No browser could be opened.",
    "unknown": "No browser could be opened.",
}

_ERRORS = {
    "ENOENT": "there is no such program",
    "EACCES": "it may not be run",
    "EPERM": "it may not be run",
    "ENOEXEC": "it is no program of this system",
    "ENOMEM": "there is no memory left",
    "EAGAIN": "there are too many processes",
}

PASTE_REFUSED: dict[PasteFault, str] = {
    "no-address": "What was pasted is neither an address with a query nor a code; paste the whole address that the browser shows.",
    "authorization-request": "That is the address to open, not the one that the browser ended on: open it in a browser, and paste "
    "the address that the browser shows at the end.",
    "no-answer": "That address brings neither a code nor an error nor the state, so it is not the answer; paste the address that "
    "the browser shows once the server has sent it back.",
    "error-page": "That is the address of a page of the browser itself, an error page for instance; go back to the address before "
    "it, or read the browser's history, and paste the address that begins with the redirect URI.",
    "cut-short": "A part of what was pasted is cut off and replaced by an ellipsis; copy the whole address and paste it.",
    "line-full": "What was pasted is as long as a terminal lets a line be, so its end may be lost, and it was not sent; write the whole "
    "address to standard input by a pipe (pbpaste, xclip -o), or paste it into the field of the screen.",
    "state-cut": "The end of what was pasted is missing: its state is only the beginning of the one that was sent; copy the "
    "whole address and paste it.",
    "no-code": "What was pasted holds characters that no code has, so it was not sent; paste the whole address that the browser "
    "shows, or the code alone.",
    "own-value": "That is a value of the request itself (its state, client ID or user id), and no code; paste the whole address that "
    "the browser shows once the server has sent it back.",
    "two-halves": "The state stands before the “#” there and the code behind it, so they are not of one answer, and the code was not "
    "sent; log in again, and paste the address that the browser shows then as it is.",
    "not-waiting": "No run is waiting for an answer now; start one first, then paste.",
}
"""The reason why a paste was refused, and what to paste instead."""


_REPAIRED: dict[Repair, str] = {
    "paste-markers": "the markers that a terminal puts around a paste",
    "invisible-characters": "characters that cannot be seen",
    "line-breaks": "line breaks and spaces",
    "quotation": "the quotation marks or brackets around it",
    "json": "the JSON around it",
    "markdown-link": "the Markdown link around it",
    "http-message": "the request or header line around it",
    "link-protector": "the address of a mail filter around it",
    "quoted-printable": "the line ends of a mail (quoted-printable)",
    "percent-encoding": "the percent-encoding of the whole address",
    "html-escape": "the HTML escape &amp;",
    "json-escape": "the JSON escape \\u0026",
    "shell-escape": "a shell's backslashes",
    "punctuation": "the full stop or bracket behind it",
    "code-and-state": "what stood between code and state",
    "fragment": "the “#” before the answer, which is read all the same",
    "labels": "the words before code and state",
    "surroundings": "the text around it",
    "full-width": "the full width of its marks",
    "twice": "the same text once more behind it",
}


def repaired_sentence(repairs: Sequence[Repair]) -> str:
    """The repairs of a paste, in a sentence; "" when it came whole."""
    return f"Of what was pasted this was left out: {', '.join(_REPAIRED[one] for one in repairs)}." if repairs else ""


def browser_sentence(opened: BrowserOpened) -> str:
    """The result of opening the browser, in a sentence or two."""
    if opened.ok:
        return f"The browser was opened ({brief(opened.program) if opened.program else 'the system’s'})."
    reason = _NOT_OPENED[opened.reason or "unknown"]
    tried = "; ".join(map(_failed, opened.failures[:5]))
    return f"{reason} {f'Tried: {tried}. ' if tried else ''}{BY_HAND}"


def _failed(launch: FailedLaunch) -> str:
    program = brief(launch.program)
    if launch.status:
        return f"{program} ended with status {launch.status}"
    return f"{program}: {_ERRORS.get(launch.errno, launch.errno or 'it cannot be run')}"
