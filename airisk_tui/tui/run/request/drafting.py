"""The draft that the form describes, and the mistakes in it, by field (architecture.md: the *local* faults)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.content import Content

from airisk_tui.engine.config.environments import ConfigurationError, with_fields
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.listener.free_port import is_free
from airisk_tui.flow.start.fields import EMBEDDED, FIELDS, InputField
from airisk_tui.insight.words.difference import closest, first_difference, uri_difference
from airisk_tui.oauth.loopback import is_loopback, read_listen_address
from airisk_tui.oauth.request.mistakes import PRIVILEGED
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.oauth.urls import host_of, port_of
from airisk_tui.tui.run.request.form import DECIDED, PAIRS, FormValues, input_of
from airisk_tui.tui.run.request.preview import FRESH
from airisk_tui.tui.shared.drawing.text import shown

if TYPE_CHECKING:
    from airisk_tui.flow.start.inputs import Settings
    from airisk_tui.flow.state import FlowState

MAX_NEAREST = 200
"""Characters of a registered URI that a note quotes: some six lines of the form."""


CERTIFICATE = "The browser will warn about the certificate of this redirect URI, which is made for the run; continue past the warning."


USUAL = ("", "auto", "query")
"""Values of the rows of `form.DECIDED` that leave the decision to the metadata or to the defaults."""


class Note(Struct, frozen=True):
    """A sentence below a field."""

    field: str
    sentence: Content
    severity: str


def draft_of(form: FormValues, base: Draft, secret_for: frozenset[str] | None = None) -> Draft:
    """The draft that the form describes; what the form does not show is taken from the base. secret_for: the origins to which a client
    secret that was typed may go."""
    changes = {name: _value(FIELDS[name], text, base, secret_for) for name, text in form.values.items()}
    if base.environment in EMBEDDED:
        changes = {name: value for name, value in changes.items() if name not in ("base_url", "issuer")}
    if not form.send_state and "state" in changes:
        changes["state"] = None
    pairs = {
        name: [_pair(text) for row, text in form.pairs.items() if input_of(row) == name] for name in PAIRS.values()
    }
    for name in ("params", "token_params"):
        changes[name] = (*getattr(base, name), *pairs[name])
    draft = base.with_changes(changes)
    for name, value in pairs["fields"]:
        with suppress(ConfigurationError):  # a note says so
            draft = draft.with_changes({"fields": {name: value}})
    return draft


def _value(field: InputField, text: str, base: Draft, secret_for: frozenset[str] | None) -> Any:
    match field.kind:
        case "secret":
            kept = base.client_secret  # it knows the servers that it may go to; the same text typed by hand does not
            if kept is not None and kept.origins is not None and kept.reveal() == text:
                return kept
            return Secret(text, secret_for) if text else None
        case "seconds":
            return _seconds(text, base.timeout)
        case "switch":
            return text == field.choices[0]
        case "text or none" if field.name in DECIDED:
            return None if text == "none" else text
        case "text or none":
            return text or None
        case _:
            return text


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value


def _seconds(text: str, default: float) -> float:
    try:
        return float(text.strip() or default)
    except ValueError:
        return -1.0


def previewed(draft: Draft, state: FlowState | None) -> Settings:
    """The draft with what a run against an issuer adds to the request, as far as the metadata are known; `FRESH` stands for what is
    made for each run. state: as for `origins`."""
    if not draft.standard:
        return draft
    from airisk_tui.flow.server import previewed as with_metadata

    metadata = state.metadata if _same_issuer(draft, state) and state is not None else None
    return with_metadata(draft.to(challenge=FRESH, nonce=FRESH if draft.nonce == "" else draft.nonce), metadata)


def _same_issuer(draft: Draft, state: FlowState | None) -> bool:
    return state is not None and state.given is not None and state.given.issuer == draft.issuer


def origins(
    typed: Collection[str], draft: Draft, options: Collection[str], state: FlowState | None
) -> dict[str, tuple[str, str]]:
    """By row: the value that was decided where the row has none, and where the value comes from: "typed", "option", "environment",
    "metadata" or "default". Nothing for AIRisk.

    typed, options: the inputs that a person typed, and those from the command line; state: of the newest run, whose metadata are used
    where it asked the same server.
    """
    if not draft.standard:
        return {}
    from airisk_tui.insight.advice.discovering import decisions  # not needed for AIRisk

    decided = {one.name: one for one in decisions(state)} if _same_issuer(draft, state) and state is not None else {}
    found = {}
    for name in DECIDED:
        one = decided.get(name)
        if name in typed:
            found[name] = "", "typed"
        elif name in options:
            found[name] = "", "option"
        elif getattr(draft, name) not in USUAL:
            found[name] = "", "environment"
        elif one is not None and one.by in ("metadata", "default"):
            found[name] = one.value or "none", one.by
    return found


def notes_of(form: FormValues, draft: Draft) -> dict[str, Note]:
    """By field, its worst mistake: an error, else a warning."""
    found: dict[str, Note] = {}
    for note in sorted(_all_notes(form, draft), key=lambda note: note.severity != "error"):
        found.setdefault(note.field, note)
    return found


def _all_notes(form: FormValues, draft: Draft) -> Iterator[Note]:
    for mistake in draft.mistakes:
        waiting = mistake.field in ("base_url", "issuer") and draft.environment in EMBEDDED
        if not waiting:
            yield Note(mistake.field, Content(mistake.sentence), mistake.severity)
    if draft.registered is not None and draft.redirect_uri and draft.redirect_uri not in draft.registered:
        yield Note("redirect_uri", _unregistered(draft), "warning")
    for row, text in form.pairs.items():
        if wrong := _wrong_pair(text, draft, naming=input_of(row) == "fields"):
            yield Note(row, Content(wrong[0]), wrong[1])


def _wrong_pair(text: str, draft: Draft, *, naming: bool) -> tuple[str, str] | None:
    """The mistake in a NAME=VALUE and its severity, or None. naming: whether the name is one of the dialect's field names."""
    name, value = _pair(text)
    if not name:
        return "Write this as name=value; the name is missing.", "error"
    if naming:
        try:
            with_fields("Here", draft.dialect, {name: value})
        except ConfigurationError as error:
            return visible(str(error)), "error"
    if "=" not in text:
        return "There is no “=”, so the value will be empty; write name=value to give it one.", "warning"
    return None


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
    """The note for a redirect URI that resembles no registered one; it lists those."""
    from airisk_tui.insight.words.quoting import listed  # not needed for the first frame

    head, there = ("Not registered in ", shown(draft.environment)), draft.registered or ()
    if not there:
        return Content.assemble(*head, ", where no redirect URI is known.")
    return Content.assemble(*head, ", nor like any that is; registered: ", shown(listed(there)), ".")


def port_note(draft: Draft) -> Note | None:
    """A note where the port of the redirect URI is in use, or where the browser will warn about the certificate. It asks the system, so
    call it only when the person has stopped typing."""
    at = read_listen_address(draft.listen)
    if at is not None:
        taken = draft.mode != "direct" and at.port >= PRIVILEGED and not is_free(at.addresses[0], at.port)
        words = f"Port {at.port} is in use by another program; end that, or listen on another port."
        return Note("listen", Content(words), "warning") if taken else None
    host, port = host_of(draft.redirect_uri), port_of(draft.redirect_uri)
    if draft.mode == "direct" or not is_loopback(host) or port < PRIVILEGED:
        return None
    if is_free("::1" if host == "::1" else "127.0.0.1", port):
        return (
            Note("redirect_uri", Content(CERTIFICATE), "warning")
            if draft.redirect_uri.lower().startswith("https:")
            else None
        )
    words = f"Port {port} is in use by another program; end that, or take another port that is registered."
    return Note("redirect_uri", Content(words), "warning")
