"""What a run does next with its token: ask who it is for, ask what it is, refresh it, revoke it (OpenID Connect Core §5.3; RFC 7662;
RFC 6749 §6; RFC 7009), and call endpoints with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from airisk_tui.flow.events import Credential
from airisk_tui.flow.state import MAX_PROBES, FlowState, Followed
from airisk_tui.oauth.edit import FollowUp
from airisk_tui.oauth.endpoints import Endpoint, EndpointAnswer, are_aliases
from airisk_tui.oauth.jsontext import read_members

Missing = Literal["", "no-endpoint", "no-refresh-token", "no-code"]
"""Why a follow-up cannot be made: "" where it can · no endpoint for it is known · there is no refresh token · there was no
code."""

ENDPOINTS: dict[FollowUp, str] = {
    "userinfo": "userinfo_endpoint",
    "introspect": "introspection_endpoint",
    "revoke": "revocation_endpoint",
}
"""By follow-up the name of its endpoint in a dialect; a refresh goes to the token endpoint."""


def next_follow_up(state: FlowState) -> FollowUp | None:
    """The one to make now: what a person asked for, else the first of the inputs' that has no answer yet and can be made."""
    if state.token is None or state.inputs is None:
        return None
    if state.pending_follow_up is not None:
        return state.pending_follow_up
    made = {one.step for one in state.followed}
    return next((step for step in state.inputs.then if step not in made and not missing(state, step)), None)


def next_probe(state: FlowState) -> tuple[Endpoint, Credential] | None:
    """The endpoint to call next: the one that a person asked for, else the first of the inputs' that has no answer yet."""
    if state.pending_probe is not None:
        return state.pending_probe
    if state.inputs is None or len(state.probes) >= MAX_PROBES:
        return None
    asked = {probe.endpoint: probe.answer for probe in state.probes if probe.credential == "token"}
    return next(((endpoint, "token") for endpoint in state.inputs.probes if _due(endpoint, asked)), None)


def _due(endpoint: Endpoint, asked: Mapping[Endpoint, EndpointAnswer | None]) -> bool:
    """Whether an endpoint has no answer yet; an alias is asked only where the paths before it are not there."""
    names = {each.name for each in asked}
    found = any(are_aliases(endpoint, other) and answer != "absent" for other, answer in asked.items())
    return endpoint.name not in names and not found


def missing(state: FlowState, step: FollowUp) -> Missing:
    """What is missing for a follow-up."""
    if step == "refresh":
        return "" if state.refresh_token is not None else "no-refresh-token"
    if step == "code-again":
        return "" if state.code is not None else "no-code"
    return "" if address_of(state, step) else "no-endpoint"


def address_of(state: FlowState, step: FollowUp) -> str:
    """Where a follow-up goes; "" where nothing names a place."""
    return getattr(state.inputs.dialect, ENDPOINTS[step]) if state.inputs is not None and step in ENDPOINTS else ""


def members_of(one: Followed | None) -> dict[str, Any]:
    """The JSON members of an answer; {} where there are none."""
    return read_members(one.exchange.response.body.data) if one is not None and one.exchange is not None else {}


def before(state: FlowState, refresh: Followed) -> dict[str, Any]:
    """The members of the answer of the token endpoint that a refresh replaces: that of the refresh before it, else of the code's."""
    earlier = [one for one in state.followed[: state.followed.index(refresh)] if one.step == "refresh" and is_fine(one)]
    if earlier:
        return before(state, earlier[-1]) | members_of(earlier[-1])
    return read_members(state.token_exchange.response.body.data) if state.token_exchange is not None else {}


def last(state: FlowState, step: FollowUp) -> Followed | None:
    """The last answer to a follow-up of this kind."""
    return next((one for one in reversed(state.followed) if one.step == step), None)


def with_tokens(state: FlowState, body: bytes) -> FlowState:
    """The state with the tokens that an answer of the token endpoint brings; the old ones where it brings none."""
    found = read_members(body)
    named = {"token_in_use": found.get("access_token"), "refresh_token": found.get("refresh_token")}
    views = {name: state.view(value) for name, value in named.items() if isinstance(value, str)}
    return state.to(**{name: view for name, view in views.items() if view is not None})


def is_fine(one: Followed) -> bool:
    """Whether the server did what it was asked for."""
    if one.exchange is None or one.exchange.response.status != 200:
        return False
    return one.step not in ("refresh", "code-again") or isinstance(members_of(one).get("access_token"), str)


def is_as_due(state: FlowState, one: Followed) -> bool:
    """Whether the server did what it should: what it was asked for, or a refusal of a token that was revoked before. A code that is
    used again has another check, and may take its tokens along (RFC 6749 §4.1.2)."""
    if one.step == "code-again":
        return one.exchange is not None
    again = any(each.step == "code-again" for each in state.followed[: state.followed.index(one)])
    refused = one.exchange is not None and one.exchange.response.status in (400, 401)
    return is_fine(one) or (refused and one.step != "revoke" and (again or is_revoked_at(state, one)))


def is_revoked_at(state: FlowState, one: Followed) -> bool:
    """Whether the token that this step used had been revoked, and not refreshed since."""
    revoked = False
    for each in state.followed:
        if each is one:
            break
        if is_fine(each) and each.step in ("revoke", "refresh"):
            revoked = each.step == "revoke"
    return revoked
