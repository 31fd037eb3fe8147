"""The server does not know the redirect URI that was sent in step 1 (protocol.md, outcomes)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.insight.blame import misses, said, wants_https, without
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import uri_difference
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import Change, SetField, otherwise
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization.blamed import blaming, own_values
from airisk_tui.insight.rules.authorization.reading import exchange
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
from airisk_tui.oauth.text import visible_sealed

rules = RuleSet("Registered redirect URI", refused, "authorization")

_PLACE = Pointer("authorization-request", "parameter", "redirect_uri")


@rules.add(
    "registered-uri-space",
    title="The redirect URI is registered with a stray space, so it does not match ({status}, no redirect).",
    cause="The column `redirect_uri` of the application holds a space beside a comma, and the server compares URIs exactly.",
    fix=(Change("registration", "remove the space from {registered} in the application's registration"),),
    reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    unless="the redirect URI stood among the registered ones as it was sent, or the words named another parameter",
)
def registered_uri_space(context: Context) -> Match | None:
    ours = context.inputs.redirect_uri
    if not context.registered or ours in context.registered or named(context) not in ("", "redirect_uri"):
        return None
    spaced = next((uri for uri in context.registered if uri.strip() == ours.strip()), None)
    if spaced is None:
        return None
    evidence = pair("Redirect URI, and the closest that is registered", ours, spaced, _PLACE, CLOSEST)
    return matched(context, evidence, registered=quoted(spaced))


@rules.add(
    "redirect-uri-unregistered",
    title="The server answered {status} and did not redirect, and {redirect_uri} is not registered.",
    cause="The redirect URI differs from the registered {registered} in {difference}.",
    fix=(
        SetField("redirect_uri", "{registered}"),
        *otherwise(Change("registration", "have {redirect_uri} added to the application's registration")),
    ),
    reference="RFC 6749 §3.1.2.4",
    unless="the redirect URI stood among the registered ones, or the words named another parameter",
)
def redirect_uri_unregistered(context: Context) -> Match | None:
    if named(context) not in ("", "redirect_uri"):
        return None
    known = unregistered(context)
    if known is None:
        return _only_uri(context)
    match = matched(context, known.evidence, **_difference(context, known.value))
    return match if known.alike else replace(match, cause=UNLIKE)


def _only_uri(context: Context) -> Match | None:
    """Nothing is known of the registration, and a run with another redirect URI worked."""
    good = worked_before(context, "client_id", *user(context))
    unchanged = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or unchanged is not None:
        return None
    ours, known = context.inputs.redirect_uri, good.inputs.redirect_uri
    evidence = pair("Redirect URI, and the one that worked", ours, known, _PLACE, ("sent", "worked"))
    title = (
        "The server answered {status} and did not redirect; only the redirect URI differs from a run that got a code."
    )
    return replace(matched(context, evidence, **_difference(context, known)), title=title, certainty="likely")


def _difference(context: Context, known: str) -> dict[str, str]:
    difference = uri_difference(context.inputs.redirect_uri, known)
    return {"registered": quoted(known), "difference": visible_sealed(difference)}


@rules.add(
    "redirect-uri-refused",
    title="The server does not accept the redirect URI {redirect_uri}, which its answer ({status}) names: {words}.",
    cause="It is not among the URIs registered for {client_id}, character by character.",
    runner_up="It is registered with a stray space, another port, or a slash at the end.",
    fix=(
        SetField("redirect_uri", words="the registered URI, copied character by character"),
        *otherwise(Change("registration", "have exactly {redirect_uri} registered")),
    ),
    reference="RFC 6749 §3.1.2.4",
    unless="the words said that the parameter did not arrive, or wanted https: then that is said",
)
def redirect_uri_refused(context: Context) -> Match | None:
    words = said(exchange(context).response)
    if named(context) != "redirect_uri" or misses(without(words, own_values(context)), "redirect_uri"):
        return None
    oddities = [mistake.sentence for mistake in check_redirect_uri(context.inputs.redirect_uri)]
    match = matched(context, *(Evidence("Redirect URI", sentence, _PLACE) for sentence in oddities[:2]))
    return (blaming(context, words, match) or match) if wants_https(words) else match
