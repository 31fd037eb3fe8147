"""Why a run on another device brought no token (RFC 8628)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.phases import Outcome, Phase
from airisk_tui.insight.blame import all_blamed, said
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Step
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import seconds, summary, words
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.oauth.server_error import read_error

NOT_NAMED = Evidence("The metadata", "names no such endpoint", Pointer("authorization-request", "body"))


def _on_device(context: Context) -> str | None:
    return None if context.inputs.mode == "device" else "the run was not on another device"


rules = RuleSet("Device", _on_device, question="token")


@rules.add(
    "device-not-offered",
    title="The server offers no device grant: its metadata names no device_authorization_endpoint.",
    cause="The server does not speak RFC 8628, or has it switched off.",
    fix=(Rerun("browser"),),
    reference="RFC 8628 §4",
    unless="the metadata named an endpoint for it",
)
def not_offered(context: Context) -> Match | None:
    metadata = context.state.metadata
    missing = metadata is not None and not metadata.device_authorization_endpoint
    return Match(evidence=(NOT_NAMED,)) if missing else None


@rules.add(
    "device-codes-refused",
    title="The device authorization endpoint gave no codes: {said}.",
    cause="The client may not use the device grant, or the request lacks what the server wants.",
    fix=(Change("registration", "have the device grant allowed for {client}"), RERUN),
    reference="RFC 8628 §3.2",
    unless="codes came, or the server's error code named the client's secret or the scope: then that is said",
    certainty="likely",
)
def codes_refused(context: Context) -> Match | None:
    exchange = context.state.device
    if exchange is None or context.state.device_codes is not None:
        return None
    told = f"{exchange.response.status_line}, {words(read_error(exchange.response))}"
    evidence = (Evidence("The answer", exchange.response.status_line, Pointer("authorization-request", "response")),)
    match = Match({"said": told, "client": quoted(context.inputs.client_id)}, evidence)
    if "client_secret" in all_blamed(said(exchange.response)) and context.inputs.dialect.client_auth == "none":
        return replace(match, cause=_WANTS_PROOF, fix=_WITH_SECRET, certainty="proven")
    cause, fix = _BY_CODE.get(read_error(exchange.response).code, (None, None))
    return replace(match, cause=cause, fix=fix)


_WANTS_PROOF = "The server wants the client's secret before it gives codes, as its words say, and none was sent."
_WITH_SECRET: Fix = (
    SetField("client_auth", "post"),
    SetField("client_secret"),
    RERUN,
    *otherwise(Ask("register the client as a public one, with the method none", whom="the operator of the server")),
)
_BY_CODE: dict[str, tuple[str, Fix]] = {
    "invalid_client": (
        "The server does not know the client by what it showed: its ID, its secret, or the way in which these are sent.",
        (SetField("client_secret"), *otherwise(SetField("client_id")), *otherwise(SetField("client_auth")), RERUN),
    ),
    "invalid_scope": ("The server does not take the scope that was asked for.", (SetField("scope"), RERUN)),
}
"""By the error code (RFC 6749 §5.2): cause and fix."""


@rules.add(
    "device-denied",
    title="The person denied the request on the other device.",
    cause="Somebody chose so on the server's page, or a policy did.",
    fix=(RERUN, Do("agree on the other device")),
    reference="RFC 8628 §3.5",
    unless="the poll were answered by another error than access_denied",
)
def denied(context: Context) -> Match | None:
    return _ended(context, Outcome.AUTHORIZATION_REFUSED)


@rules.add(
    "device-expired",
    title="Nobody agreed on another device in time.",
    cause="The code was not typed, or not confirmed, before it expired or the run's own time was over.",
    fix=(
        RERUN,
        Do("type the code at once"),
        *otherwise(
            Ask("ask the operator of the server for codes that are good for longer", whom="the operator of the server")
        ),
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
    values = {"lived": seconds(lived), "due": seconds(codes.lifetime)}
    return replace(match, values=values, title=_EARLY, cause=_NOT_SHARED, fix=_TELL, certainty="likely")


_EARLY = "The server called the device code expired after {lived}, which was to be good for {due}."
_NOT_SHARED = "The server lost the code: its instances do not share their codes, or their clocks differ."
_TELL = (
    RERUN,
    *provided(
        "if it stays", Ask("report it, with this run, to the operator of the server", whom="the operator of the server")
    ),
)


def _ended(context: Context, outcome: Outcome) -> Match | None:
    """A match where codes came and the run ended like this, with what the last poll met."""
    state = context.state
    last = state.token_exchange or next(reversed(state.polls), None) or state.device
    if state.outcome is not outcome or state.device_codes is None or last is None:
        return None
    step: Step = "authorization-request" if last is state.device else "token-request"
    return Match(evidence=(Evidence("The last answer", summary(last.response), Pointer(step, "response")),))
