"""The rules, one family a file, in the order of a run: what stops it first is told first."""

from __future__ import annotations

from airisk_tui.insight.rule import Entry, Family
from airisk_tui.insight.rules import (
    access,
    answer_page,
    authorization,
    authorization_redirect,
    client,
    code,
    code_damage,
    departures,
    fields,
    front_door,
    inputs,
    jwt,
    listener,
    redirect_content,
    redirect_place,
    redirect_state,
    refusal,
    registration_client,
    registration_uri,
    server_fetch,
    tls,
    token_body,
    token_endpoint,
    token_shape,
    token_unread,
    transport,
    two_legs,
    waiting,
    wrong_door,
)

FAMILIES: tuple[Family, ...] = (
    inputs.family,
    listener.family,
    transport.family,
    tls.family,
    redirect_place.family,
    redirect_state.family,
    redirect_content.family,
    refusal.family,
    server_fetch.family,
    front_door.authorization,
    registration_uri.family,
    registration_client.family,
    answer_page.family,
    authorization_redirect.family,
    authorization.family,
    wrong_door.family,
    waiting.family,
    front_door.token,
    token_endpoint.family,
    two_legs.family,
    code_damage.family,
    code.family,
    fields.family,
    client.family,
    token_unread.family,
    token_body.family,
    token_shape.family,
    jwt.family,
    access.family,
    departures.family,
)
"""In the order in which their findings of one severity are told."""


def entries() -> tuple[Entry, ...]:
    """Every catalogue entry, in order."""
    return tuple(rule.entry for family in FAMILIES for rule in family.rules)
