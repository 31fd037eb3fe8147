"""The results of the steps with the token: userinfo, introspection, refresh, revocation, and a second use of the code (OpenID Connect
Core §5.3; RFC 7662; RFC 6749 §6; RFC 7009; RFC 6749 §4.1.2)."""

from __future__ import annotations

from typing import Any

from airisk_tui.flow.state import FlowState, Followed
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.text.lenient_json import read_members


def members_of(one: Followed | None) -> dict[str, Any]:
    """The JSON members of the answer to a step; {} if there are none."""
    return read_members(one.exchange.response.body.data) if one is not None and one.exchange is not None else {}


def before(state: FlowState, refresh: Followed) -> dict[str, Any]:
    """The members of the token response that a refresh replaces: of the refresh before it, else of the token request."""
    earlier = [one for one in state.followed[: state.followed.index(refresh)] if one.step == "refresh" and is_fine(one)]
    if earlier:
        return before(state, earlier[-1]) | members_of(earlier[-1])
    return read_members(state.token_exchange.response.body.data) if state.token_exchange is not None else {}


def last(state: FlowState, step: FollowUp) -> Followed | None:
    """The last time that a step was taken, or None."""
    return next((one for one in reversed(state.followed) if one.step == step), None)


def with_tokens(state: FlowState, body: bytes) -> FlowState:
    """The state with the tokens in a token response; a token that it does not have stays as it is."""
    found = read_members(body)
    named = {"token_in_use": found.get("access_token"), "refresh_token": found.get("refresh_token")}
    views = {name: state.view(value) for name, value in named.items() if isinstance(value, str)}
    return state.to(**{name: view for name, view in views.items() if view is not None})


def is_fine(one: Followed) -> bool:
    """Whether the server did what the step asked for."""
    if one.exchange is None or one.exchange.response.status != 200:
        return False
    return one.step not in ("refresh", "code-again") or isinstance(members_of(one).get("access_token"), str)


def is_as_due(state: FlowState, one: Followed) -> bool:
    """Whether the server did what it should: it did what the step asked for, or refused a token that had been revoked. The second use of
    a code has a check of its own, and may revoke the tokens (RFC 6749 §4.1.2)."""
    if one.step == "code-again":
        return one.exchange is not None
    again = any(each.step == "code-again" for each in state.followed[: state.followed.index(one)])
    refused = one.exchange is not None and one.exchange.response.status in (400, 401)
    return is_fine(one) or (refused and one.step != "revoke" and (again or is_revoked_at(state, one)))


def is_revoked_at(state: FlowState, one: Followed) -> bool:
    """Whether the token of this step had been revoked before, and not refreshed since."""
    revoked = False
    for each in state.followed:
        if each is one:
            break
        if is_fine(each) and each.step in ("revoke", "refresh"):
            revoked = each.step == "revoke"
    return revoked
