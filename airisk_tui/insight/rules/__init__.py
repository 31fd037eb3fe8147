"""The rules, one set a file, in the order of a run: what stops a run first is reported first."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.rule import RuleSet
from airisk_tui.insight.rules import access, changed, connection, departures, imported, inputs, registration, tls
from airisk_tui.insight.rules.authorization import page, refused
from airisk_tui.insight.rules.callback import answered, heard, waiting
from airisk_tui.insight.rules.front import gateway
from airisk_tui.insight.rules.issuer import checks, metadata, requests
from airisk_tui.insight.rules.redirect import content, mangled, place, refusal, state
from airisk_tui.insight.rules.token import identity, jwt, response
from airisk_tui.insight.rules.token_endpoint import body, characters, client, code, fields, request

RULE_SETS: tuple[RuleSet[Context], ...] = (
    changed.rules,
    inputs.rules,
    connection.listener,
    connection.transport,
    tls.rules,
    tls.certificate,
    metadata.rules,
    requests.device,
    requests.push,
    imported.asked,
    mangled.in_answer,
    place.rules,
    state.rules,
    content.rules,
    refusal.rules,
    page.fetched,
    gateway.authorization,
    registration.rules,
    page.rules,
    mangled.in_location,
    imported.unfinished,
    refused.elsewhere,
    refused.rules,
    mangled.in_inbox,
    answered.rules,
    heard.rules,
    waiting.rules,
    imported.rules,
    checks.on_purpose,
    gateway.token,
    characters.rules,
    request.rules,
    client.beyond,
    fields.both,
    code.damaged,
    code.rules,
    fields.rules,
    client.rules,
    body.rules,
    checks.rules,
    response.rules,
    identity.rules,
    jwt.claimed,
    jwt.rules,
    checks.steps,
    access.rules,
    imported.refused,
    departures.rules,
)
"""In the order in which their findings of one severity are reported."""
