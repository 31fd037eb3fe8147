"""They came to the wrong door: the listener heard what was meant for it, and could not take it (threats.md L4, L5, L8, L10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from airisk_tui.flow.state import InboxEntry
from airisk_tui.insight.changes import redirect_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url, uri_difference
from airisk_tui.insight.finding import Evidence, pair, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.callback.waiting import LISTENER, PASTE, matched, nothing_came
from airisk_tui.oauth.http import header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text import visible

rules = RuleSet("Wrong door", nothing_came)


def _letters(context: Context, *reasons: str) -> Iterator[InboxEntry]:
    return (letter for letter in context.state.inbox if letter.reason in reasons)


def _meant_for_us(context: Context, reason: str) -> InboxEntry | None:
    """A stray with what only the server can have sent: our state, or where none was sent a code or an error."""
    for letter in _letters(context, reason):
        params = Params.parse(letter.request.url.partition("?")[2])
        content = params.get(context.inputs.dialect.code) is not None or params.get("error") is not None
        if content and (context.inputs.state is None or params.get("state") == context.inputs.state):
            return letter
    return None


def _with_scheme(uri: str, scheme: str) -> str:
    return f"{scheme}:{uri.partition(':')[2]}"


@rules.add(
    Entry(
        code="callback-other-path",
        question="waiting",
        title="The answer came to the listener at another path than that of the redirect URI.",
        cause="The server used another of the URIs registered for the application: {difference} differs.",
        fix="Set --redirect-uri to {theirs}, which the server used; or register {redirect_uri}.",
        reference="RFC 6749 §3.1.2.3; threats.md L5",
    )
)
def callback_other_path(context: Context) -> Match | None:
    letter, ours = _meant_for_us(context, "other-path"), split_url(context.inputs.redirect_uri)
    if letter is None or ours is None:
        return None
    theirs = f"{ours.scheme}://{ours.netloc}{letter.request.url.partition('?')[0]}"
    difference = visible(uri_difference(context.inputs.redirect_uri, theirs))
    evidence = pair("Redirect URI, and where the answer came", context.inputs.redirect_uri, theirs, LISTENER)
    return replace(matched(context, evidence, theirs=quoted(theirs), difference=difference), change=redirect_to(theirs))


@rules.add(
    Entry(
        code="callback-other-host",
        question="waiting",
        title="The answer came to the listener under another host name than that of the redirect URI.",
        cause="The server used another of the URIs registered for the application, or something on the way renames the host.",
        fix="Set --redirect-uri to {theirs}, which the browser was sent to; or register {redirect_uri}.",
        reference="threats.md L8",
    )
)
def callback_other_host(context: Context) -> Match | None:
    letter, ours = _meant_for_us(context, "host"), split_url(context.inputs.redirect_uri)
    host = header(letter.request.headers, "host") if letter is not None else None
    if letter is None or ours is None or host is None:
        return None
    theirs = f"{ours.scheme}://{host}{letter.request.url.partition('?')[0]}"
    evidence = pair("Redirect URI, and where the answer came", context.inputs.redirect_uri, theirs, LISTENER)
    told = matched(context, evidence, theirs=quoted(theirs))
    there = split_url(theirs)
    if there is not None and is_loopback(there.hostname or "") and there.username is None:
        return replace(told, change=redirect_to(theirs))
    cause = (
        "Something on the way renames the host, or a page of that host sends requests to this machine (DNS rebinding)."
    )
    fix = "Run again in a private window; if it stays, find out what has {theirs} lead to this machine, and do not use that address."
    return replace(told, cause=cause, fix=fix.format_map(told.values))


@rules.add(
    Entry(
        code="tls-on-http",
        question="waiting",
        title="The browser spoke https to the callback address, and the listener speaks http there.",
        cause="The server sends the browser to the https form of the redirect URI: it is registered so.",
        runner_up="The browser's https-only mode changes the address.",
        fix="Set --redirect-uri to {https} if that is what is registered; if {redirect_uri} is, switch the https-only mode off for it.",
        reference="threats.md L10",
    )
)
def tls_on_http(context: Context) -> Match | None:
    if next(_letters(context, "tls-on-http"), None) is None:
        return None
    https = _with_scheme(context.inputs.redirect_uri, "https")
    match = matched(context, Evidence("The listener heard", "TLS bytes", LISTENER), https=quoted(https))
    if (
        context.registered is not None
        and https not in context.registered
        and context.inputs.redirect_uri in context.registered
    ):
        fix = f"Switch the browser's https-only mode off for {quoted(context.inputs.redirect_uri)}, or {PASTE}."
        cause = "The browser's https-only mode changes the address: it is registered as http."
        return Match(match.values, match.evidence, cause=cause, runner_up="", fix=fix, severity=match.severity)
    return replace(match, change=redirect_to(https)) if https in (context.registered or ()) else match


@rules.add(
    Entry(
        code="http-on-https",
        question="waiting",
        title="The browser spoke plain http to the callback address, and the listener speaks https there.",
        cause="The server sends the browser to the http form of the redirect URI: it is registered so.",
        fix="Set --redirect-uri to {http}, which the server used; or register {redirect_uri}.",
        reference="threats.md L10",
    )
)
def http_on_https(context: Context) -> Match | None:
    if next(_letters(context, "http-on-https"), None) is None:
        return None
    http = _with_scheme(context.inputs.redirect_uri, "http")
    match = matched(context, Evidence("The listener heard", "plain http", LISTENER), http=quoted(http))
    return replace(match, change=redirect_to(http))


@rules.add(
    Entry(
        code="callback-certificate-refused",
        question="waiting",
        title="The browser broke off when it saw the listener's certificate, so the answer could not be heard.",
        cause="The browser does not trust the certificate, made for the run and signed by itself, and nobody went past its warning.",
        runner_up="What came was no browser: a client that speaks another version of TLS, or none.",
        fix="Run again, and go on past the browser's warning about {redirect_uri}; or {paste}.",
        reference="RFC 8252 §8.3; threats.md L10",
    )
)
def callback_certificate_refused(context: Context) -> Match | None:
    times = sum(1 for _ in _letters(context, "tls-refused"))
    heard = f"{times} TLS {'handshake that was' if times == 1 else 'handshakes that were'} broken off"
    return matched(context, Evidence("The listener heard", heard, LISTENER)) if times else None


@rules.add(
    Entry(
        code="callback-too-large",
        question="waiting",
        title="A request to the callback address was too large to be read.",
        cause="The browser sends large cookies along: cookies ignore ports, so those of every other server on this host name come too.",
        runner_up="The server puts very long values into the redirect.",
        fix="Open the authorization URL in a private window, or {paste}.",
        reference="threats.md L4",
    )
)
def callback_too_large(context: Context) -> Match | None:
    letter = next(_letters(context, "head-too-large", "body-too-large"), None)
    return matched(context, Evidence("The listener heard", letter.reason or "", LISTENER)) if letter else None
