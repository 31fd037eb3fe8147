"""The server does not know the redirect URI that was sent in step 1 (findings.md, row 2)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import uri_difference
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.registration_read import compared, named, refused, seen, unregistered, user, worked_before
from airisk_tui.oauth.mistakes import check_redirect_uri
from airisk_tui.oauth.text import visible

family = Family("Registered redirect URI", refused)


@family.rule(
    Entry(
        code="registered-uri-space",
        question="authorization",
        title="The redirect URI is registered with a stray space, so it does not match ({status}, no redirect).",
        cause="The column `redirect_uri` of the application holds a space beside a comma, and URIs are compared exactly.",
        fix="In the application's registration, remove the space in {registered}.",
        reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    )
)
def registered_uri_space(context: Context) -> Seen | None:
    ours = context.inputs.redirect_uri
    if not context.registered or ours in context.registered:
        return None
    spaced = next((uri for uri in context.registered if uri.strip() == ours.strip()), None)
    return seen(context, compared(context, spaced), registered=quoted(spaced)) if spaced is not None else None


@family.rule(
    Entry(
        code="redirect-uri-unregistered",
        question="authorization",
        title="The server answered {status} and did not redirect, and {redirect_uri} is not registered.",
        cause="The redirect URI differs from the registered {registered} in {difference}.",
        fix="Set --redirect-uri to {registered}, or have {redirect_uri} added to the application's registration.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_unregistered(context: Context) -> Seen | None:
    if named(context) not in ("", "redirect_uri"):
        return None
    known, title = unregistered(context), None
    if known is None:
        good = worked_before(context, "client_id", *user(context))
        unchanged = worked_before(context, "client_id", "redirect_uri")
        if good is None or good.inputs is None or unchanged is not None:
            return None
        known, title = good.inputs.redirect_uri, ONLY_URI
    difference = visible(uri_difference(context.inputs.redirect_uri, known))
    told = seen(context, compared(context, known), registered=quoted(known), difference=difference)
    told = replace(told, change=change("redirect_uri", known))
    return replace(told, title=title.format_map(told.values) if title else None)


ONLY_URI = "The server answered {status} and did not redirect; the redirect URI is all that differs from a run that got a code."


@family.rule(
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
def redirect_uri_refused(context: Context) -> Seen | None:
    if named(context) != "redirect_uri":
        return None
    oddities = [mistake.sentence for mistake in check_redirect_uri(context.inputs.redirect_uri)]
    place = Pointer("authorization-request", "parameter", "redirect_uri")
    return seen(context, *(Evidence("Redirect URI", sentence, place) for sentence in oddities[:2]))
