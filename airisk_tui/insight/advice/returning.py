"""The browser and the paste box, by which the redirect comes back: what the codes of their events mean (threats.md L2, L12)."""

from __future__ import annotations

from airisk_tui.flow.events import BrowserFault, BrowserOpened, FailedLaunch, PasteFault
from airisk_tui.insight.quoting import quoted

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
    "cut-short": "The end of what was pasted is cut off and replaced by an ellipsis; copy the whole address and paste it.",
    "no-code": "What was pasted holds characters that no code has, so it was not sent; paste the whole address that the browser "
    "shows, or the code alone.",
    "not-waiting": "No run is waiting for an answer now; start one first, then paste.",
}
"""Why a paste was refused, and what to paste instead."""


def browser_sentence(opened: BrowserOpened) -> str:
    """What became of opening the browser, in a sentence or two."""
    if opened.ok:
        return f"The browser was opened ({quoted(opened.program, 40) if opened.program else 'the system’s'})."
    reason = _NOT_OPENED[opened.reason or "unknown"]
    tried = "; ".join(map(_failed, opened.failures[:5]))
    return f"{reason} {f'Tried: {tried}. ' if tried else ''}{BY_HAND}"


def _failed(launch: FailedLaunch) -> str:
    program = quoted(launch.program, 40)
    if launch.status:
        return f"{program} ended with status {launch.status}"
    return f"{program}: {_ERRORS.get(launch.errno, launch.errno or 'it cannot be run')}"
