"""The rules, one set a file, in the order of a run: what stops a run first is reported first."""

from __future__ import annotations

from airisk_tui.insight.rule import RuleSet
from airisk_tui.insight.rules import access, changed, connection, departures, imported, inputs, registration
from airisk_tui.insight.rules.authorization import page, redirected, refused
from airisk_tui.insight.rules.callback import answered, heard, misdirected, waiting
from airisk_tui.insight.rules.front import gateway
from airisk_tui.insight.rules.issuer import checks, device, follow_ups, metadata, push
from airisk_tui.insight.rules.redirect import content, mangled, place, refusal, state
from airisk_tui.insight.rules.token import claims, identity, jwt, response
from airisk_tui.insight.rules.token_endpoint import (
    body,
    characters,
    client,
    code,
    fields,
    request,
    two_requests,
    unreadable,
    wanted,
)

RULE_SETS: tuple[RuleSet, ...] = (
    changed.rules,
    inputs.rules,
    connection.listener,
    connection.transport,
    connection.tls,
    connection.certificate,
    metadata.rules,
    device.rules,
    push.rules,
    mangled.in_answer,
    place.rules,
    state.rules,
    content.rules,
    refusal.rules,
    page.fetched,
    gateway.authorization,
    registration.of_the_uri,
    registration.of_the_client,
    page.rules,
    mangled.in_location,
    imported.unfinished,
    redirected.rules,
    refused.rules,
    mangled.in_inbox,
    answered.rules,
    misdirected.rules,
    heard.rules,
    waiting.rules,
    imported.rules,
    checks.on_purpose,
    gateway.token,
    characters.rules,
    request.rules,
    wanted.rules,
    two_requests.rules,
    code.damaged,
    code.rules,
    fields.rules,
    client.rules,
    unreadable.rules,
    body.rules,
    checks.rules,
    response.rules,
    identity.rules,
    claims.rules,
    jwt.rules,
    follow_ups.rules,
    access.rules,
    imported.refused,
    departures.rules,
)
"""In the order in which their findings of one severity are reported."""
