"""What came of the steps with the token: asking who it is for, asking what it is, refreshing it, revoking it (OpenID Connect Core §5.3;
RFC 7662; RFC 6749 §6; RFC 7009)."""

from __future__ import annotations

from typing import Any

from airisk_tui.flow.state import FlowState, Followed
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.text.lenient_json import read_members


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
