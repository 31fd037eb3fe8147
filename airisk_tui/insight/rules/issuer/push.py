"""Why a pushed authorization request led nowhere (RFC 9126). What the server says of its parameters is told as of any other
request (`rules.redirect.refusal`)."""

from __future__ import annotations

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.blame import said
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, SetField, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import summary, words
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.issuer.device import NOT_NAMED
from airisk_tui.insight.rules.redirect.refusal import KNOWN, refusal
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange
from airisk_tui.oauth.server_error import read_error


def _discovered(context: Context) -> str | None:
    return None if context.inputs.standard else "the server is none that takes pushed requests"


rules = RuleSet("Pushed request", _discovered, question="authorization")

OPERATOR = "the operator of the server"


def _refused(state: FlowState) -> Exchange | None:
    return state.pushed if state.push_refused else None


@rules.add(
    "push-not-offered",
    title="The server takes no pushed requests: its metadata names no pushed_authorization_request_endpoint.",
    cause="The server does not speak RFC 9126, or has it switched off.",
    fix=(SetField("par", "auto"), RERUN),
    reference="RFC 9126 §5",
    unless="the metadata named an endpoint for pushed requests",
)
def not_offered(context: Context) -> Match | None:
    named = context.inputs.dialect.pushed_authorization_request_endpoint
    asked = context.state.metadata is not None and context.inputs.par == "on"
    return Match(evidence=(NOT_NAMED,)) if asked and not named else None


@rules.add(
    "push-client-refused",
    title="The server did not take the pushed request, because it does not know the client by what it showed: {said}.",
    cause="The client secret is not that of {client_id}, or the server wants another client authentication than {way}.",
    fix=(
        SetField("client_secret", words="the one that is registered for {client_id}"),
        *otherwise(SetField("client_auth", words="the way that is registered for it"), RERUN),
    ),
    reference="RFC 9126 §2.1, §2.3; RFC 6749 §5.2",
    unless="the server's words named another reason than the client",
    certainty="likely",
)
def client_refused(context: Context) -> Match | None:
    exchange = _refused(context.state)
    if exchange is None:
        return None
    error = read_error(exchange.response)
    if error.code != "invalid_client" and (exchange.response.status != 401 or error.code in KNOWN):
        return None
    way = context.inputs.dialect.client_auth
    shown = "none" if way == "none" else "post" if way == "body" else way
    values = {"said": words(error), "client_id": quoted(context.inputs.client_id), "way": shown}
    fix = _PUBLIC if way == "none" else None
    return Match(values, (_answer(exchange),), fix=fix, cause=_NOTHING_SHOWN if way == "none" else None)


_NOTHING_SHOWN = (
    "The run has shown nothing but the client ID {client_id}, and the server wants this client to authenticate."
)
_PUBLIC = (SetField("client_secret", words="the one that is registered for {client_id}"), RERUN)


@rules.add(
    "push-refused",
    title="The server did not take the pushed request: {said}, and no request_uri.",
    cause="Something else than the endpoint for pushed requests answered, or the server met an error of its own.",
    fix=(
        SetField("par", "off"),
        RERUN,
        *otherwise(
            Ask("ask the operator of the server where pushed requests go, and give them this exchange", whom=OPERATOR)
        ),
    ),
    reference="RFC 9126 §2.2, §2.3",
    unless="the answer held a request_uri, or an error code of OAuth",
    certainty="unknown",
)
def refused(context: Context) -> Match | None:
    exchange = _refused(context.state)
    if exchange is None or read_error(exchange.response).form == "oauth":
        return None
    return Match({"said": exchange.response.status_line}, (_answer(exchange),))


@rules.add(
    "push-demanded",
    title="The server takes an authorization request only if it was pushed before, and this one was not: {said}.",
    cause="The metadata demands it, or the server's own words do.",
    fix=(SetField("par", "on"), RERUN),
    reference="RFC 9126 §4, §5",
    unless="the request was pushed, or neither the metadata nor the server's words demanded it",
)
def demanded(context: Context) -> Match | None:
    found, metadata = refusal(context), context.state.metadata
    if found is None or context.state.pushed is not None:
        return None
    by_metadata = metadata is not None and metadata.require_pushed_authorization_requests
    if not by_metadata and not _PUSH.search(found.said):
        return None
    return Match({"said": found.words}, (Evidence("error", found.words, found.pointer),))


_PUSH = pattern(r"\bpush(?:ed)?\b|\bpar\b")


@rules.add(
    "push-unknown",
    title="The server does not know the pushed request any more: {said}.",
    cause="Its name is good for one use, and it was used before: the address was opened twice, or fetched ahead by a program.",
    fix=(
        RERUN,
        Do("open the address once"),
        *provided("if it stays", Ask("ask the operator of the server how long a name is good for", whom=OPERATOR)),
    ),
    reference="RFC 9126 §2.2, §4, §7.1",
    unless="the request was not pushed, or the server named another reason than its request_uri",
    certainty="likely",
)
def unknown(context: Context) -> Match | None:
    state, found = context.state, refusal(context)
    said_of = found.said if found is not None else said(state.authorization.response) if state.authorization else ""
    if state.pushed is None or state.push_refused or not _NAME.search(said_of):
        return None
    shown = found.words if found is not None else summary(state.authorization.response) if state.authorization else ""
    life, waited = state.pushed_for, state.at - state.pushed_at
    if life is not None and waited > life:
        return Match({"said": shown, "life": f"{life:g}", "waited": f"{waited:.0f}"}, (), cause=_TOO_LATE, fix=_AT_ONCE)
    return Match({"said": shown})


_NAME = pattern(r"request[_ -]?uri")
_TOO_LATE = "Its name was good for {life} s, and the answer came after {waited} s."
_AT_ONCE = (RERUN, Do("open the address at once"), *otherwise(Change("server", "have names stay good for longer")))


def _answer(exchange: Exchange) -> Evidence:
    return Evidence("The answer", summary(exchange.response), Pointer("authorization-request", "response"))
