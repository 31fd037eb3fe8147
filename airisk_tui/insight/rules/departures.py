"""Where AIRisk is known to leave the RFCs (protocol.md's last table): notes, never the reason of a failure.

They share the group "departures", so that a screen can show them in one quiet line. Of a server that speaks the standard
dialect the same is a fault where the RFC demands it.
"""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity, quoted
from airisk_tui.insight.readings import json_object, reached_code, token_issued
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange
from airisk_tui.insight.two_requests import authorization_fields, token_fields
from airisk_tui.oauth.http import headers_named


def _asked(context: Context) -> str | None:
    reached = context.state.outcome is Outcome.CODE or reached_code(context.state)
    return None if reached else "no code was received"


def _exchanged(context: Context) -> str | None:
    return None if context.state.token_exchange is not None else "the token endpoint has not answered"


rules = RuleSet("Departures", _asked)

GROUP = "departures"


def _entry(
    code: str, title: str, fix: str, reference: str, standard: Severity | None = "warning", cause: str = ""
) -> Entry:
    cause = cause or "AIRisk is known to leave this out (airisk-tui explain protocol)."
    return Entry(
        code=code,
        severity="note",
        title=title,
        cause=cause,
        fix=fix,
        reference=reference,
        group=GROUP,
        standard=standard,
    )


@rules.add(
    _entry(
        "departure-response-type",
        "The authorization request carried no response_type, which RFC 6749 requires.",
        "Nothing for AIRisk; a client for other servers sends response_type=code.",
        "RFC 6749 §4.1.1",
    )
)
def response_type(context: Context) -> Match | None:
    place = Pointer("authorization-request", "parameter", "response_type")
    return (
        Match(evidence=(Evidence("response_type", "not sent", place),))
        if authorization_fields(context.state).get("response_type") is None
        else None
    )


@rules.add(
    _entry(
        "departure-state",
        "This run sent no state, so its answer could not be tied to it.",
        "Send a state with every request (leave --state out, and one is made).",
        "RFC 9700 §2.1; RFC 6749 §10.12",
        cause="AIRisk lists the state as optional, and this run chose to send none.",
    )
)
def no_state(context: Context) -> Match | None:
    return Match() if context.inputs.state is None else None


@rules.add(
    _entry(
        "departure-pkce",
        "The code was not protected by PKCE.",
        "Nothing for AIRisk, which does not mention it; a client for other servers sends a code_challenge.",
        "RFC 9700 §2.1.1; RFC 7636",
    )
)
def pkce(context: Context) -> Match | None:
    return Match() if authorization_fields(context.state).get("code_challenge") is None else None


@rules.add(
    _entry(
        "departure-iss",
        "The redirect carried no iss, so that a client of several servers cannot tell which one answered.",
        "A client that talks to several servers uses a redirect URI of its own for each.",
        "RFC 9207 §2",
        standard="note",
    )
)
def iss(context: Context) -> Match | None:
    came = context.state.answer
    return Match() if came is not None and came.via != "bare-code" and came.redirect.iss is None else None


@rules.add(
    _entry(
        "departure-grant-type",
        "The token request carried no grant_type, which RFC 6749 requires.",
        "Nothing for AIRisk; a client for other servers sends grant_type=authorization_code.",
        "RFC 6749 §4.1.3",
    ),
    needs=_exchanged,
)
def grant_type(context: Context) -> Match | None:
    return Match() if token_fields(context.state).get("grant_type") is None else None


@rules.add(
    _entry(
        "departure-client-auth",
        "The client secret was sent in the body and not in the Authorization header.",
        "Nothing for AIRisk, which documents the body only.",
        "RFC 6749 §2.3.1",
        standard="note",
        cause="AIRisk documents client authentication in the body only.",
    ),
    needs=_exchanged,
)
def client_auth(context: Context) -> Match | None:
    return Match() if context.inputs.dialect.client_auth == "body" else None


@rules.add(
    _entry(
        "departure-token-error",
        "The refusal is no JSON document with an error code: it said {words}.",
        "A client for AIRisk reads status and text; this program did.",
        "RFC 6749 §5.2",
        cause="AIRisk refuses in plain text or in a problem document (RFC 9457).",
    ),
    needs=_exchanged,
)
def token_error(context: Context) -> Match | None:
    error = answer(context).error if answer(context).kind == "refused" else None
    if error is None or error.form not in ("text", "problem") or not 400 <= answer(context).status < 500:
        return None
    return Match({"words": quoted(error.code or error.description, 60)})


@rules.add(
    _entry(
        "departure-token-type",
        "The token response names no token_type, which RFC 6749 requires.",
        "Use the token as Bearer, as AIRisk documents; strict libraries have to be told so.",
        "RFC 6749 §5.1",
    ),
    needs=token_issued,
)
def token_type(context: Context) -> Match | None:
    token = answer(context).token
    return Match() if token is not None and not token.token_type else None


@rules.add(
    _entry(
        "departure-absolute-expiry",
        "The token's lifetime is an absolute date ({name}) and not a number of seconds (expires_in).",
        "A client for AIRisk reads the date as UTC, and needs a right clock for it.",
        "RFC 6749 §5.1",
        standard="note",
        cause="AIRisk writes an absolute expiration where RFC 6749 has expires_in.",
    ),
    needs=token_issued,
)
def absolute_expiry(context: Context) -> Match | None:
    name, members = context.inputs.dialect.expiration, json_object(exchange(context).response) or {}
    odd = name != "expires_in" and name in members and "expires_in" not in members
    return Match({"name": quoted(name)}) if odd else None


@rules.add(
    _entry(
        "departure-cache",
        "The token response does not forbid caching (Cache-Control: no-store).",
        "A client must not cache it by itself; the server should say so.",
        "RFC 6749 §5.1",
    ),
    needs=token_issued,
)
def cache(context: Context) -> Match | None:
    told = ", ".join(headers_named(exchange(context).response.headers, "cache-control")).lower()
    place = Pointer("token", "header", "Cache-Control")
    return (
        None
        if "no-store" in told
        else Match(evidence=(Evidence("Cache-Control", quoted(told) if told else "absent", place),))
    )
