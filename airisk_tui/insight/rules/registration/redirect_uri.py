"""The server does not know the redirect URI that was sent in step 1 (protocol.md, outcomes)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import uri_difference
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.registration.reading import (
    CLOSEST,
    UNLIKE,
    matched,
    named,
    refused,
    unregistered,
    user,
    worked_before,
)
from airisk_tui.oauth.mistakes import check_redirect_uri
from airisk_tui.oauth.text import visible

rules = RuleSet("Registered redirect URI", refused)

_PLACE = Pointer("authorization-request", "parameter", "redirect_uri")


@rules.add(
    Entry(
        code="registered-uri-space",
        question="authorization",
        title="The redirect URI is registered with a stray space, so it does not match ({status}, no redirect).",
        cause="The column `redirect_uri` of the application holds a space beside a comma, and URIs are compared exactly.",
        fix="In the application's registration, remove the space in {registered}.",
        reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    )
)
def registered_uri_space(context: Context) -> Match | None:
    ours = context.inputs.redirect_uri
    if not context.registered or ours in context.registered:
        return None
    spaced = next((uri for uri in context.registered if uri.strip() == ours.strip()), None)
    if spaced is None:
        return None
    evidence = pair("Redirect URI, and the closest that is registered", ours, spaced, _PLACE, CLOSEST)
    return matched(context, evidence, registered=quoted(spaced))


@rules.add(
    Entry(
        code="redirect-uri-unregistered",
        question="authorization",
        title="The server answered {status} and did not redirect, and {redirect_uri} is not registered.",
        cause="The redirect URI differs from the registered {registered} in {difference}.",
        fix="Set --redirect-uri to {registered}, or have {redirect_uri} added to the application's registration.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_unregistered(context: Context) -> Match | None:
    if named(context) not in ("", "redirect_uri"):
        return None
    known = unregistered(context)
    if known is None:
        return _only_uri(context)
    told = matched(context, known.evidence, **_difference(context, known.value))
    return replace(told, cause=None if known.alike else UNLIKE, change=change("redirect_uri", known.value))


def _only_uri(context: Context) -> Match | None:
    """Nothing is known of the registration, and a run with another redirect URI worked."""
    good = worked_before(context, "client_id", *user(context))
    unchanged = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or unchanged is not None:
        return None
    ours, known = context.inputs.redirect_uri, good.inputs.redirect_uri
    evidence = pair("Redirect URI, and the one that worked", ours, known, _PLACE, ("sent", "worked"))
    told = matched(context, evidence, **_difference(context, known))
    return replace(told, title=ONLY_URI.format_map(told.values), change=change("redirect_uri", known))


def _difference(context: Context, known: str) -> dict[str, str]:
    difference = uri_difference(context.inputs.redirect_uri, known)
    return {"registered": quoted(known), "difference": visible(difference)}


ONLY_URI = "The server answered {status} and did not redirect; the redirect URI is all that differs from a run that got a code."


@rules.add(
    Entry(
        code="redirect-uri-refused",
        question="authorization",
        title="The server does not accept the redirect URI {redirect_uri}: it named it in its answer of {status}.",
        cause="It is not among the URIs registered for {client_id}, character by character.",
        runner_up="It is registered with a stray space, another port, or a slash at the end.",
        fix="Copy the registered URI from the application's registration into --redirect-uri, or have exactly {redirect_uri} registered.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_refused(context: Context) -> Match | None:
    if named(context) != "redirect_uri":
        return None
    oddities = [mistake.sentence for mistake in check_redirect_uri(context.inputs.redirect_uri)]
    return matched(context, *(Evidence("Redirect URI", sentence, _PLACE) for sentence in oddities[:2]))
