"""The comment that says which variables to set before a snippet runs, and where to get their values (see `snippets`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text import decoded, shortened, visible
from airisk_tui.oauth.urls import query_of
from airisk_tui.recording.snippets.steps import CODE, VERIFIER, Request, needs

MAX_NAME = 60
"""Characters of a name that comes from a server or a recording."""

WHERE = {
    "AIRISK_CLIENT_SECRET": "the client secret, as the application's registration has it",
    "AIRISK_BEARER_TOKEN": "a generic token: airisk-tui run --print access-token, without --userid",
    CODE: "a fresh code: the authorization that this recording does not hold brings one, and each works once",
    VERIFIER: "the verifier whose challenge the authorization request carried, which this recording does not hold",
}


def what_to_set(unset: Sequence[str], requests: Sequence[Request], names: dict[str, str]) -> list[str]:
    """The lines of the comment, each fit to be shown."""
    if not unset:
        return ["Nothing has to be set before."]
    wide = max(map(len, unset))
    return ["Set before:", *(f"  {name:{wide}}  {WHERE.get(name) or _place(name, requests, names)}" for name in unset)]


def _place(name: str, requests: Sequence[Request], names: dict[str, str]) -> str:
    """For a secret of unknown role: where it was sent."""
    for number, request in enumerate(requests, start=1):
        if name in needs(request, names):
            place = next((label for label, text in _places(request) if _holds(text, name, names)), "")
            return f"what was sent as {place} of request {number}" if place else f"what was sent in request {number}"
    return "what the recording has sealed"


def _places(request: Request) -> Iterator[tuple[str, str]]:
    yield from ((_label("the header", name), value) for name, value in request.headers)
    yield from ((_label("the parameter", name), value) for name, value in Params.parse(query_of(request.url)))
    if request.place == "query":
        yield from ((_label("the field", name), value) for name, value in Params.parse(decoded(request.body.data)))


def _label(kind: str, name: str) -> str:
    return f"{kind} {visible(shortened(secrets_named(name), MAX_NAME))}"


def _holds(text: str, name: str, names: dict[str, str]) -> bool:
    return any(names.get(found[1]) == name for found in REFERENCE.finditer(text))
