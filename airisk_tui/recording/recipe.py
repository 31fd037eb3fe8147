"""The inputs of a run as a recipe: TOML that `airisk-tui run --recipe` and `airisk-tui check` take (editing.md, "Recipes").

Each key is an option of `run` without its dashes. No secret stands in a recipe: an edit with the client's own secret names it
by its placeholder, and one with another secret is left out, with a comment that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomlkit
from tomlkit.items import AoT

from airisk_tui.flow.fields import EMBEDDED
from airisk_tui.flow.inputs import DEFAULT_TIMEOUT, Settings
from airisk_tui.oauth.dialect import AIRISK, STANDARD, Dialect
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text import visible

SEALED = "left out, because its value is a secret: "


def recipe_of(settings: Settings, name: str, registered: tuple[str, ...] = ()) -> str:
    """The text of a recipe. name: of the run in it; registered: redirect URIs that the environment knows by itself."""
    table = tomlkit.table()
    table.add("name", name)
    for key, value in _options(settings, registered):
        table.add(key, value)
    edits = [settings.placed(edit) for edit in settings.edits]
    known = [f"{edit.action} {edit.text}" for edit in edits if not REFERENCE.search(edit.text)]
    if known:
        table.add("edits", tomlkit.item(known).multiline(multiline=True))
    for edit in edits:
        if REFERENCE.search(edit.text):
            table.add(tomlkit.comment(f"{SEALED}{visible(edit.action)} {visible(edit.target)}"))
    document = tomlkit.document()
    document.add(
        tomlkit.comment("airisk-tui run --recipe FILE, or airisk-tui check FILE. The client secret is not in it.")
    )
    if settings.environment not in EMBEDDED:
        document.add(tomlkit.comment(f"The environment was {visible(settings.environment)}."))
    document.add("run", AoT([table]))
    return tomlkit.dumps(document)


def _options(settings: Settings, registered: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Each option that is not as it would be by itself, in the order of the reference page."""
    embedded = settings.environment in EMBEDDED
    base = STANDARD if settings.issuer else AIRISK
    texts = {
        "env": settings.environment if embedded else "",
        "issuer": "" if embedded else settings.issuer,
        "base-url": "" if embedded or settings.issuer else settings.base_url,
        "client-id": settings.client_id,
        "redirect-uri": "" if embedded and settings.redirect_uri in registered else settings.redirect_uri,
        "userid": settings.userid or "",
        "state": "none" if settings.state is None else "",
        "body": settings.encoding if settings.encoding != "form" else "",
        "scope": "none" if settings.scope is None and settings.standard else settings.scope or "",
        "client-auth": settings.client_auth if settings.client_auth != "auto" else "",
        "client-key": settings.client_key,
        "pkce": settings.pkce if settings.pkce != "auto" else "",
        "par": settings.par if settings.par != "auto" else "",
        "nonce": "none" if settings.nonce is None and settings.standard else "",
        "response-mode": settings.response_mode if settings.response_mode != "query" else "",
        "then": ",".join(settings.then),
        "mode": settings.mode,
    }
    yield from ((key, value) for key, value in texts.items() if value and not REFERENCE.search(value))
    if fields := _changed(settings.dialect, base):
        yield "field", tomlkit.item(fields)
    if settings.timeout != DEFAULT_TIMEOUT:
        yield "timeout", settings.timeout
    for key, switched in (("no-exchange", not settings.exchange), ("carry-cookies", settings.carry_cookies)):
        if switched:
            yield key, True
    calls = [_call(each) for each in settings.probes if each.safe and not REFERENCE.search(each.path)]
    if calls:
        yield "call", calls
    for key, pairs in (("param", settings.params), ("token-param", settings.token_params)):
        listed = [f"{name}={value}" for name, value in pairs if not REFERENCE.search(value)]
        if listed:
            yield key, listed


def _call(endpoint: Endpoint) -> str:
    expected = (("generic", endpoint.generic), ("user", endpoint.user_specific))
    return " ".join([endpoint.name, *(f"{token}={each}" for token, each in expected if each != "unknown")])


def _changed(dialect: Dialect, base: Dialect) -> dict[str, str]:
    """The names that differ from those that a run has by itself, as `--field` takes them; what is left out cannot be told so."""
    names = [name for name in Dialect.__struct_fields__ if name != "name"]
    pairs = {name: getattr(dialect, name) for name in names if getattr(dialect, name) != getattr(base, name)}
    return {
        name: str(value).lower() if value in (True, False) else str(value)
        for name, value in pairs.items()
        if value is not None
    }
