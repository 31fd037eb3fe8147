"""Where AIRisk is known to leave the RFCs (protocol.md's last table): notes, never the reason of a failure.

They share the group "departures", so that a screen can show them in one quiet line. For a server that speaks the standard
dialect the same is a fault where the RFC demands it.
"""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Press, SetField
from airisk_tui.insight.reading.run import json_object, reached_code, token_issued
from airisk_tui.insight.reading.two_requests import authorization_fields, token_fields
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import answer, exchange
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.oauth.http import headers_named


def _request_known(context: Context) -> bool:
    """Needs: what the token request held. Another program's file may leave its body out."""
    exchange = context.state.token_exchange
    return exchange is not None and (context.state.imported is None or bool(exchange.request.body.data))


def _asked(context: Context) -> bool:
    return context.state.outcome is Outcome.CODE or reached_code(context.state)


def _first_known(context: Context) -> bool:
    """Needs: what the authorization request held. A file may begin with the token request, or not show what was pushed or signed."""
    came, params = context.state.answer, context.inputs.params
    begins_later = came is not None and came.via == "bare-code"
    unseen = params.get("request_uri") or params.get("request")
    return _asked(context) and not (context.state.imported is not None and (begins_later or unseen))


rules = RuleSet("Departures", _asked, group="departures", severity="note")

LEFT_OUT = "AIRisk is known to leave this out (airisk-tui explain protocol)."


def _for_others(what: str) -> Fix:
    """Nothing to change for AIRisk; what a client for other servers does."""
    return (Do("change nothing for AIRisk"), Change("client", f"{what} in a client for other servers"))


def _ask(what: str) -> Fix:
    """A fix for another server than AIRisk."""
    return (Ask(f"ask them to {what}", whom="the operator of the server"),)


@rules.add(
    "departure-response-type",
    title="The authorization request carried no response_type, which RFC 6749 requires.",
    cause=LEFT_OUT,
    fix=_for_others("send response_type=code"),
    reference="RFC 6749 §4.1.1",
    needs=_first_known,
    standard="warning",
    elsewhere=(SetField("params.response_type", "code"), RERUN),
)
def response_type(context: Context) -> Match | None:
    if authorization_fields(context.state).get("response_type") is not None:
        return None
    place = Pointer("authorization-request", "parameter", "response_type")
    return Match(evidence=(Evidence("response_type", "not sent", place),))


@rules.add(
    "departure-state",
    title="This run sent no state, so nothing tied the answer to it.",
    fix=(Press("send-a-state"),),
    reference="RFC 9700 §2.1; RFC 6749 §10.12",
    cause="AIRisk lists the state as optional, and this run chose to send none.",
    needs=_first_known,
    standard="warning",
)
def no_state(context: Context) -> Match | None:
    return None if context.inputs.sent_states else Match()


@rules.add(
    "departure-pkce",
    title="The code was not protected by PKCE.",
    cause=LEFT_OUT,
    fix=_for_others("send a code_challenge"),
    needs=_first_known,
    reference="RFC 9700 §2.1.1; RFC 7636",
    standard="warning",
    elsewhere=(SetField("pkce", "on"), RERUN),
)
def pkce(context: Context) -> Match | None:
    return Match() if authorization_fields(context.state).get("code_challenge") is None else None


@rules.add(
    "departure-iss",
    title="The redirect carried no iss, so a client of several servers cannot tell which one answered.",
    cause=LEFT_OUT,
    fix=(Change("client", "use one redirect URI for each server, where your client talks to several"),),
    reference="RFC 9207 §2",
    standard="note",
)
def iss(context: Context) -> Match | None:
    if context.state.metadata is not None:  # the checks of the answer tell whether the iss that it promises came
        return None
    came = context.state.answer
    return Match() if came is not None and came.via != "bare-code" and came.redirect.iss is None else None


@rules.add(
    "departure-grant-type",
    title="The token request carried no grant_type, which RFC 6749 requires.",
    cause=LEFT_OUT,
    fix=_for_others("send grant_type=authorization_code"),
    reference="RFC 6749 §4.1.3",
    elsewhere=(SetField("token_params.grant_type", "authorization_code"), RERUN),
    needs=_request_known,
    standard="warning",
)
def grant_type(context: Context) -> Match | None:
    return Match() if token_fields(context.state).get("grant_type") is None else None


@rules.add(
    "departure-client-auth",
    title="The client secret was sent in the body and not in the Authorization header.",
    fix=(Do("change nothing for AIRisk, which documents the body only"),),
    reference="RFC 6749 §2.3.1",
    standard="note",
    elsewhere=(SetField("client_auth", "basic"), RERUN),
    cause="AIRisk documents client authentication in the body only.",
    needs=_request_known,
)
def client_auth(context: Context) -> Match | None:
    if context.state.metadata is not None:  # it offers the method, or a person chose it
        return None
    if token_fields(context.state).get("client_secret") is None and context.state.imported is not None:
        return None
    return Match() if context.inputs.dialect.client_auth == "body" else None


@rules.add(
    "departure-token-error",
    title="The refusal is not a JSON document with an error code: it says {words}.",
    fix=(Change("client", "read the status and the text in a client for AIRisk, as this program does"),),
    reference="RFC 6749 §5.2",
    elsewhere=_ask("answer with JSON that has an error code"),
    cause="AIRisk refuses in plain text or in a problem document (RFC 9457).",
    needs=lambda context: context.state.token_exchange is not None,
    standard="warning",
)
def token_error(context: Context) -> Match | None:
    error = answer(context).error if answer(context).kind == "refused" else None
    if error is None or error.form not in ("text", "problem") or not 400 <= answer(context).status < 500:
        return None
    return Match({"words": brief(error.code or error.description)})


@rules.add(
    "departure-token-type",
    title="The token response names no token_type, which RFC 6749 requires.",
    cause=LEFT_OUT,
    fix=(Change("client", "use the token as Bearer, as AIRisk documents; configure strict libraries to do so"),),
    reference="RFC 6749 §5.1",
    elsewhere=_ask("name the token_type, without which strict clients refuse the token"),
    needs=token_issued,
    standard="warning",
)
def token_type(context: Context) -> Match | None:
    token = answer(context).token
    return Match() if token is not None and not token.token_type else None


@rules.add(
    "departure-absolute-expiry",
    title="The token's lifetime is an absolute date ({name}) and not a number of seconds (expires_in).",
    fix=(Change("client", "read the date as UTC in a client for AIRisk, on a machine whose clock is right"),),
    reference="RFC 6749 §5.1",
    standard="note",
    elsewhere=_ask("tell the lifetime in seconds, as expires_in"),
    cause="AIRisk writes an absolute expiration instead of RFC 6749's expires_in.",
    needs=token_issued,
)
def absolute_expiry(context: Context) -> Match | None:
    name, members = context.inputs.dialect.expiration, json_object(exchange(context).response) or {}
    odd = name != "expires_in" and name in members and "expires_in" not in members
    return Match({"name": quoted(name)}) if odd else None


@rules.add(
    "departure-cache",
    title="The token response does not forbid caching (Cache-Control: no-store).",
    cause=LEFT_OUT,
    fix=(Change("client", "do not cache the response in your client; the server should forbid it"),),
    reference="RFC 6749 §5.1",
    needs=token_issued,
    standard="warning",
)
def cache(context: Context) -> Match | None:
    declared = ", ".join(headers_named(exchange(context).response.headers, "cache-control")).lower()
    if "no-store" in declared:
        return None
    shown, place = quoted(declared) if declared else "absent", Pointer("token", "header", "Cache-Control")
    return Match(evidence=(Evidence("Cache-Control", shown, place),))
