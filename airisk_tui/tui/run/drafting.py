"""From what stands in the form to a draft, and what is wrong with it, field by field (architecture.md: the *local* faults)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from textual.content import Content

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.listener.free_port import is_free
from airisk_tui.insight.difference import closest, first_difference, uri_difference
from airisk_tui.oauth.mistakes import PRIVILEGED, is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text import shortened
from airisk_tui.oauth.urls import default_port
from airisk_tui.tui.run.form import Filled
from airisk_tui.tui.shared.text import shown

MAX_NEAREST = 200
"""Characters of a registered URI that a note quotes: some six lines of the form."""


CERTIFICATE = "The browser will warn once about the certificate of this address, which is made here for the run: go on past the warning."


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence below a field."""

    field: str
    sentence: Content
    severity: str


def draft_of(filled: Filled, base: Draft) -> Draft:
    """The draft that the form stands for; what the form does not show is the base's."""
    texts = filled.texts
    changes: dict[str, Any] = {
        name: texts[name] for name in ("base_url", "client_id", "redirect_uri", "userid") if name in texts
    }
    if base.environment == "sandbox":
        changes.pop("base_url", None)
    if "client_secret" in texts:
        changes["client_secret"] = Secret(texts["client_secret"]) if texts["client_secret"] else None
    if "state" in texts:
        changes["state"] = (texts["state"] or None) if filled.send_state else None
    if "timeout" in texts:
        changes["timeout"] = _seconds(texts["timeout"], base.timeout)
    pairs = tuple(_pair(line) for line in filled.extras)
    return base.to(
        **changes,
        params=base.params + Params(pairs),
        encoding=filled.encoding or base.encoding,
        mode=filled.mode or base.mode,
        exchange=base.exchange if filled.end is None else filled.end == "token",
    )


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value


def _seconds(text: str, default: float) -> float:
    try:
        return float(text.strip() or default)
    except ValueError:
        return -1.0


def notes_of(filled: Filled, draft: Draft) -> dict[str, Note]:
    """The first sentence for each field that has something wrong, errors before warnings."""
    found: dict[str, Note] = {}
    for note in sorted(_all_notes(filled, draft), key=lambda note: note.severity != "error"):
        found.setdefault(note.field, note)
    return found


def _all_notes(filled: Filled, draft: Draft) -> Iterator[Note]:
    for mistake in draft.mistakes():
        waiting = mistake.field == "base_url" and draft.environment == "sandbox"
        if not waiting:
            yield Note(mistake.field, Content(mistake.sentence), mistake.severity)
    if draft.registered is not None and draft.redirect_uri and draft.redirect_uri not in draft.registered:
        yield Note("redirect_uri", _unregistered(draft), "warning")
    for name, text in filled.texts.items():
        if name.startswith("extra_") and text and not _pair(text)[0]:
            yield Note(name, Content("An extra parameter is written as name=value; the name is missing here."), "error")
        elif name.startswith("extra_") and text and "=" not in text:
            words = (
                "There is no “=”, so the parameter will be sent with an empty value; write name=value to give it one."
            )
            yield Note(name, Content(words), "warning")


def _unregistered(draft: Draft) -> Content:
    nearest = closest(draft.redirect_uri, draft.registered or ())
    if nearest is None:
        return _unlike(draft)
    at = first_difference(draft.redirect_uri, nearest) or 0
    mark = shown(nearest[at : at + 1] or " ", "bold reverse")
    tail = shown(shortened(nearest[at + 1 :], MAX_NEAREST))
    differs = uri_difference(shortened(draft.redirect_uri, MAX_NEAREST), nearest)
    return Content.assemble(
        *("Not registered in ", shown(draft.environment), ". The nearest that is: ", shown(nearest[:at])),
        *(mark, tail, f" — it differs at character {at + 1}: ", shown(differs), "."),
    )


def _unlike(draft: Draft) -> Content:
    """There is nothing to lay the redirect URI beside, so those that are known are listed."""
    from airisk_tui.insight.finding import listed  # the first frame has no need of it

    head, there = ("Not registered in ", shown(draft.environment)), draft.registered or ()
    if not there:
        return Content.assemble(*head, ", where no redirect URI is known.")
    return Content.assemble(*head, ", nor like any that is; registered: ", shown(listed(there)), ".")


def port_note(draft: Draft) -> Note | None:
    """A note when the redirect URI's port cannot be listened on now, or when the browser will warn about its certificate;
    asks the machine, so it is called when typing rests."""
    try:
        parts = urlsplit(draft.redirect_uri)
        host, port = parts.hostname or "", parts.port or default_port(parts.scheme)
    except ValueError:
        return None
    if draft.mode == "direct" or not is_loopback(host) or port < PRIVILEGED:
        return None
    if is_free("::1" if host == "::1" else "127.0.0.1", port):
        return Note("redirect_uri", Content(CERTIFICATE), "warning") if parts.scheme == "https" else None
    words = f"Port {port} is in use by another program right now; end that, or take another port that is registered."
    return Note("redirect_uri", Content(words), "warning")
