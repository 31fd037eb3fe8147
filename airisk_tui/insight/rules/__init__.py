"""The rules, one family a file, in the order of a run: what stops it first is told first."""

from __future__ import annotations

from airisk_tui.insight.rule import Family
from airisk_tui.insight.rules import (
    access,
    answer_page,
    authorization,
    client,
    code,
    departures,
    fields,
    inputs,
    jwt,
    listener,
    redirect,
    redirect_place,
    refusal,
    registration,
    tls,
    token_body,
    token_endpoint,
    token_shape,
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
    redirect.family,
    refusal.family,
    registration.family,
    answer_page.family,
    authorization.family,
    wrong_door.family,
    waiting.family,
    token_endpoint.family,
    two_legs.family,
    code.family,
    fields.family,
    client.family,
    token_body.family,
    token_shape.family,
    jwt.family,
    access.family,
    departures.family,
)
"""In the order in which their findings of one severity are told."""
