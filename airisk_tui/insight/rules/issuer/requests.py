"""Runs on another device without a token (RFC 8628), and pushed authorization requests that led nowhere (RFC 9126). What
the server says of its parameters is told as of any other request (`rules.redirect.refusal`)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Step
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import all_blamed, refusal_text
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import quoted_error, seconds, summary
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.issuer import OPERATOR, REPORT_IF_IT_STAYS
from airisk_tui.insight.rules.redirect.refusal import KNOWN, refusal
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import Exchange

NOT_NAMED = Evidence("The metadata", "names no such endpoint", Pointer("authorization-request", "body"))


device = RuleSet[Context]("Device", lambda context: context.inputs.mode == "device", "token")


@device.add(
    "device-not-offered",
    title="The server offers no device grant: its metadata names no device_authorization_endpoint.",
    cause="The server does not speak RFC 8628, or has it switched off.",
    fix=(Rerun("browser"),),
    reference="RFC 8628 §4",
    unless="the metadata named an endpoint for it",
)
def device_not_offered(context: Context) -> Match | None:
    metadata = context.state.metadata
    missing = metadata is not None and not metadata.device_authorization_endpoint
    return Match(evidence=(NOT_NAMED,)) if missing else None


@device.add(
    "device-codes-refused",
    title="The device authorization endpoint gave no codes: {said}.",
    cause="The client may not use the device grant, or the request lacks what the server wants.",
    fix=(Change("registration", "have the device grant allowed for {client_id}"), RERUN),
    reference="RFC 8628 §3.2",
    unless="codes came, or the server's error code named the client's secret or the scope: then that is said",
    certainty="likely",
)
def codes_refused(context: Context) -> Match | None:
    exchange = context.state.device
    if exchange is None or context.state.device_codes is not None:
        return None
    response, error = exchange.response, read_error(exchange.response)
    evidence = Evidence("The answer", response.status_line, Pointer("authorization-request", "response"))
    match = Match({"said": f"{response.status_line}, {quoted_error(error)}"}, (evidence,))
    if "client_secret" in all_blamed(refusal_text(response)) and context.inputs.dialect.client_auth == "none":
        return match.because(_WANTS_PROOF, _WITH_SECRET, "proven")
    if error.code in _BY_CODE:
        return match.because(*_BY_CODE[error.code])
    known = error.code in ("unauthorized_client", "unsupported_grant_type") or not says_more(response)
    return match if known else match.because(_NO_MORE, _LOOK_UP, "unknown")


_NO_MORE = "The server gave no reason beyond these words."
_LOOK_UP: Fix = (
    Do("look these words up in the server's documentation, and change what they name"),
    *provided("to see whether the other ways work", Rerun("browser")),
)
_WANTS_PROOF = "The server wants the client's secret before it gives codes, as its words say, and none was sent."
_WITH_SECRET: Fix = (
    SetField("client_auth", "post"),
    SetField("client_secret"),
    RERUN,
    *otherwise(Ask("register the client as a public one, with the method none", OPERATOR)),
)
_BY_CODE: dict[str, tuple[str, Fix]] = {
    "invalid_client": (
        "The server does not know the client by what it showed: its ID, its secret, or the way in which these are sent.",
        (SetField("client_secret"), *otherwise(SetField("client_id")), *otherwise(SetField("client_auth")), RERUN),
    ),
    "invalid_scope": ("The server does not take the scope that was asked for.", (SetField("scope"), RERUN)),
}
"""By the error code (RFC 6749 §5.2): cause and fix."""


@device.add(
    "device-denied",
    title="The request was denied on the other device, as the server says: {words}.",
    cause="Somebody chose so on the server's page, or a policy did.",
    fix=(RERUN, Do("agree on the other device")),
    reference="RFC 8628 §3.5",
    unless="the poll were answered by another error than access_denied, or Microsoft's word for it",
    certainty="likely",
)
def denied(context: Context) -> Match | None:
    return _ended(context, Outcome.AUTHORIZATION_REFUSED)


@device.add(
    "device-expired",
    title="Nobody agreed on another device in time.",
    cause="The code was not typed, or not confirmed, before it expired or the run's own time was over.",
    fix=(
        RERUN,
        Do("type the code at once"),
        *otherwise(Ask("ask the operator of the server for codes that are good for longer", OPERATOR)),
    ),
    reference="RFC 8628 §3.5",
    unless="a token came, or the server called the code expired before its time",
)
def expired(context: Context) -> Match | None:
    state, codes, match = context.state, context.state.device_codes, _ended(context, Outcome.TIMEOUT)
    if match is None or codes is None:
        return None
    asked = state.entered(Phase.POLLING)
    lived = (state.token_exchanged_at or 0.0) - (asked or 0.0)
    if state.token_exchange is None or asked is None or lived > codes.lifetime / 2:
        return match
    match = match.with_values(lived=seconds(lived), due=seconds(codes.lifetime))
    return replace(match, title=_EARLY, cause=_NOT_SHARED, fix=REPORT_IF_IT_STAYS, certainty="likely")


_EARLY = "The server called the device code expired after {lived}, which was to be good for {due}."
_NOT_SHARED = "The server lost the code: its instances do not share their codes, or their clocks differ."


def _ended(context: Context, outcome: Outcome) -> Match | None:
    """A match where codes came and the run ended like this, with what the last poll met."""
    state = context.state
    last = state.token_exchange or next(reversed(state.polls), None) or state.device
    if state.outcome is not outcome or state.device_codes is None or last is None:
        return None
    step: Step = "authorization-request" if last is state.device else "token-request"
    told = {"words": quoted_error(read_error(last.response))}
    return Match(told, (Evidence("The last answer", summary(last.response), Pointer(step, "response")),))


push = RuleSet[Context]("Pushed request", lambda context: context.inputs.standard, "authorization")

_SECRET = SetField("client_secret", words="the one that is registered for {client_id}")


def _not_taken(state: FlowState) -> Exchange | None:
    return state.pushed if state.push_refused else None


@push.add(
    "push-not-offered",
    title="The server takes no pushed requests: its metadata names no pushed_authorization_request_endpoint.",
    cause="The server does not speak RFC 9126, or has it switched off.",
    fix=(SetField("par", "auto"), RERUN),
    reference="RFC 9126 §5",
    unless="the metadata named an endpoint for pushed requests",
)
def push_not_offered(context: Context) -> Match | None:
    named = context.inputs.dialect.pushed_authorization_request_endpoint
    asked = context.state.metadata is not None and context.inputs.par == "on"
    return Match(evidence=(NOT_NAMED,)) if asked and not named else None


@push.add(
    "push-client-refused",
    title="The server did not take the pushed request, because it does not know the client by what it showed: {said}.",
    cause="The client secret is not that of {client_id}, or the server wants another client authentication than {way}.",
    fix=(_SECRET, *otherwise(SetField("client_auth", words="the way that is registered for it"), RERUN)),
    reference="RFC 9126 §2.1, §2.3; RFC 6749 §5.2",
    unless="the server's words named another reason than the client",
    certainty="likely",
)
def client_refused(context: Context) -> Match | None:
    exchange = _not_taken(context.state)
    if exchange is None:
        return None
    error = read_error(exchange.response)
    if error.code != "invalid_client" and (exchange.response.status != 401 or error.code in KNOWN):
        return None
    way = context.inputs.dialect.client_auth
    shown = "none" if way == "none" else "post" if way == "body" else way
    match = Match({"said": quoted_error(error), "way": shown}, (_answer(exchange),))
    return match.because(_NOTHING_SHOWN, (_SECRET, RERUN)) if way == "none" else match


_NOTHING_SHOWN = "The run showed only the client ID {client_id}, and the server wants this client to authenticate."


@push.add(
    "push-refused",
    title="The server did not take the pushed request: {said}, and no request_uri.",
    cause="Something else than the endpoint for pushed requests answered, or the server met an error of its own.",
    fix=(
        SetField("par", "off"),
        RERUN,
        *otherwise(Ask("ask the operator of the server where pushed requests go, with this exchange", OPERATOR)),
    ),
    reference="RFC 9126 §2.2, §2.3",
    unless="the answer held a request_uri, or an error code of OAuth",
    certainty="unknown",
)
def refused(context: Context) -> Match | None:
    exchange = _not_taken(context.state)
    if exchange is None or read_error(exchange.response).form == "oauth":
        return None
    return Match({"said": exchange.response.status_line}, (_answer(exchange),))


@push.add(
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
    if not by_metadata and not _PUSH.search(found.text):
        return None
    return Match({"said": found.words}, (Evidence("error", found.words, found.pointer),))


_PUSH = pattern(r"\bpush(?:ed)?\b|\bpar\b")


@push.add(
    "push-unknown",
    title="The server does not know the pushed request any more: {said}.",
    cause="Its name is good for one use, and it was used before: the address was opened twice, or fetched ahead by a program.",
    fix=(
        RERUN,
        Do("open the address once"),
        *provided("if it stays", Ask("ask the operator of the server how long a name is good for", OPERATOR)),
    ),
    reference="RFC 9126 §2.2, §4, §7.1",
    unless="the request was not pushed, or the server named another reason than its request_uri",
    certainty="likely",
)
def unknown(context: Context) -> Match | None:
    state, found, words, shown = context.state, refusal(context), "", ""
    if found is not None:
        words, shown = found.text, found.words
    elif state.authorization is not None:
        words, shown = refusal_text(state.authorization.response), summary(state.authorization.response)
    if state.pushed is None or state.push_refused or not _NAME.search(words):
        return None
    match, life, waited = Match({"said": shown}), state.pushed_for, state.at - state.pushed_at
    if life is not None and waited > life:
        return match.with_values(life=f"{life:g}", waited=f"{waited:.0f}").because(_TOO_LATE, _AT_ONCE)
    return match


_NAME = pattern(r"request[_ -]?uri")
_TOO_LATE = "Its name was good for {life} s, and the answer came after {waited} s."
_AT_ONCE = (RERUN, Do("open the address at once"), *otherwise(Change("server", "have names stay good for longer")))


def _answer(exchange: Exchange) -> Evidence:
    return Evidence("The answer", summary(exchange.response), Pointer("authorization-request", "response"))
