"""The checks that a client of a standard server has to make in the answers. Each is done and right, done and wrong, or not done.

Sources: RFC 6749 §5.1 and §10.12, RFC 7636, RFC 9207 §2.4, OpenID Connect Core §3.1.3.7 and §3.1.3.8. The engine verifies signatures and
hashes, because only it has the raw tokens; their results are in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from airisk_tui.flow.reading.follow_ups import before, is_as_due, is_fine, is_revoked_at, last, members_of
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import Answer, FlowState, Followed, missing
from airisk_tui.oauth.answer.pages import media_type
from airisk_tui.oauth.http import header
from airisk_tui.oauth.request.edit import FollowUp
from airisk_tui.oauth.text.lenient_json import json_object, number_in
from airisk_tui.oauth.text.visible import decoded

CheckName = Literal[
    "state",
    "iss",
    "response-mode",
    "pkce",
    "token-type",
    "scope",
    "id-token",
    "id-token-signature",
    "id-token-alg",
    "id-token-iss",
    "id-token-aud",
    "id-token-azp",
    "id-token-sub",
    "id-token-exp",
    "id-token-iat",
    "id-token-nonce",
    "id-token-at-hash",
    "id-token-c-hash",
    "userinfo",
    "introspect",
    "revocation",
    "refresh",
    "refresh-rotation",
    "revoke",
    "code-again",
]

Result = Literal["right", "wrong", "not-done"]

CLOCK_SKEW = 60.0
"""Seconds by which the clocks of client and server may differ."""


class Check(Struct, frozen=True):
    """One check. reason: a code, "" if it is right; expected, came: the compared values, "" if they are not texts."""

    name: CheckName
    result: Result
    reason: str = ""
    expected: str = ""
    came: str = ""


def checks(state: FlowState) -> tuple[Check, ...]:
    """The checks of a run, in the order of the answers; () if the server is AIRisk. Total."""
    inputs = state.inputs
    if inputs is None or not inputs.standard:
        return ()
    came = (*_of_redirect(state, inputs), *_of_token(state, inputs), *_of_id_token(state, inputs))
    steps = dict.fromkeys((*inputs.then, *(one.step for one in state.followed)))
    return (*came, *(check for step in steps for check in _of_follow_up(state, inputs, step)))


def wrong_issuer(state: FlowState, came: str | None) -> bool:
    """Whether an authorization response names another issuer than that of the metadata, so that it must not be used (RFC 9207 §2.4)."""
    return came is not None and state.metadata is not None and came != state.metadata.issuer


def _of_redirect(state: FlowState, inputs: Inputs) -> Iterator[Check]:
    answer = state.answer
    if answer is None:
        return
    match answer.verification:
        case "match":
            yield Check("state", "right")
        case "not-sent" | "not-verified":
            yield Check("state", "not-done", answer.verification)
        case _:
            yield Check("state", "wrong", answer.verification)
    yield _issuer(state, answer.redirect.iss)
    asked, came = inputs.asked_mode, _came_by(state, answer)
    if asked != "query" and came:
        yield _compared("response-mode", asked, came)
    yield _pkce(state, inputs)


def _pkce(state: FlowState, inputs: Inputs) -> Check:
    """Whether the server checks the verifier, which only a run without a fitting verifier shows."""
    if inputs.challenge is None or inputs.verifier is None:
        return Check("pkce", "not-done", "not-sent")
    exchange, answer = state.token_exchange, state.token_answer
    if exchange is None or answer is None or not exchange.request.body.data:
        return Check("pkce", "not-done", "unseen")
    fits = inputs.pkce != "wrong" and inputs.verifier.reference in decoded(exchange.request.body.data)
    if not fits and answer.token is not None:
        return Check("pkce", "wrong", "not-enforced")
    error = answer.error
    words = f"{error.code} {error.description}".lower() if error is not None else ""
    refused = any(one in words for one in ("invalid_grant", "verifier", "challenge"))
    return Check("pkce", "right") if refused and not fits else Check("pkce", "not-done", "unseen")


def _came_by(state: FlowState, answer: Answer) -> str:
    """The response mode by which an authorization response came; "" if it was pasted."""
    if answer.via == "listener" and answer.request is not None:
        handed_over = header(answer.request.headers, "response-mode")
        return handed_over or ("form_post" if answer.request.method == "POST" else "query")
    if answer.via != "direct" or state.authorization is None:
        return ""
    location = header(state.authorization.response.headers, "location")
    if location is None:
        return "form_post"
    return "fragment" if "#" in location and "?" not in location.partition("#")[0] else "query"


def _issuer(state: FlowState, came: str | None) -> Check:
    metadata = state.metadata
    if metadata is None:
        return Check("iss", "not-done", "no-metadata")
    if came is None:
        announced = metadata.authorization_response_iss_parameter_supported
        return Check("iss", "wrong" if announced else "not-done", "missing" if announced else "not-announced")
    return _compared("iss", metadata.issuer, came)


def _judged(name: CheckName, wrong: str, expected: str = "", came: str = "") -> Check:
    """A check that was done. wrong: the reason, or "" if it is right."""
    return Check(name, "wrong" if wrong else "right", wrong, expected, came)


def _compared(name: CheckName, expected: str, came: Any) -> Check:
    if came is None:
        return _judged(name, "missing", expected)
    return _judged(name, "" if came == expected else "other", expected, str(came))


def _of_token(state: FlowState, inputs: Inputs) -> Iterator[Check]:
    issued = state.token_answer.token if state.token_answer is not None else None
    if issued is None:
        return
    kind = issued.token_type or ""
    wrong = "" if kind.lower() == "bearer" else "other"  # RFC 6749 §5.1: without regard to case
    yield _judged("token-type", "missing" if issued.token_type is None else wrong, "Bearer", kind)
    asked = inputs.scope or inputs.params.get("scope") or ""
    if issued.scope is None or not asked:
        yield Check("scope", "not-done", "not-named" if asked else "not-sent")
    else:
        narrowed = set(asked.split()) - set(issued.scope.split())
        yield _judged("scope", "narrowed" if narrowed else "", asked, issued.scope)


def _of_id_token(state: FlowState, inputs: Inputs) -> Iterator[Check]:
    """No check if the scope has no "openid", or no token was issued."""
    issued = state.token_answer is not None and state.token_answer.token is not None
    if not issued or not inputs.issuer or "openid" not in (inputs.scope or "").split():
        return
    view = state.id_token
    if view is None:
        yield Check("id-token", "wrong", "missing")
        return
    yield _signature(state)
    if view.payload is None or view.header is None:
        yield Check("id-token", "not-done", "encrypted" if view.shape == "jwe" else "unreadable")
        return
    claims, header = json_object(view.payload), json_object(view.header)
    yield _algorithm(state, header.get("alg"))
    expected = state.metadata.issuer if state.metadata is not None else inputs.issuer
    yield _compared("id-token-iss", expected, claims.get("iss"))
    yield from _audience(claims, inputs.client_id)
    yield _judged("id-token-sub", "" if claims.get("sub") else "missing")
    yield from _times(claims, state.utc + (state.token_exchanged_at or 0.0))
    yield _nonce(claims, inputs)
    yield from _hashes(state)


def _signature(state: FlowState) -> Check:
    facts = state.id_token_checked
    if facts is None:
        return Check("id-token-signature", "not-done", "unseen")
    if facts.signature == "verified":
        return Check("id-token-signature", "right")
    wrong = facts.signature in ("wrong", "no-key", "unsigned", "unreadable")
    return Check("id-token-signature", "wrong" if wrong else "not-done", facts.signature)


def _algorithm(state: FlowState, came: Any) -> Check:
    supported = state.metadata.id_token_signing_alg_values_supported if state.metadata is not None else None
    if not isinstance(came, str) or came.lower() == "none":
        return Check("id-token-alg", "wrong", "unsigned", came="none")
    if supported is None:
        return Check("id-token-alg", "not-done", "no-metadata", came=came)
    return _judged("id-token-alg", "" if came in supported else "other", ", ".join(supported), came)


def _audience(claims: dict[str, Any], client_id: str) -> Iterator[Check]:
    named = claims.get("aud")
    listed = named if isinstance(named, list) else [named] if named is not None else []
    came = ", ".join(map(str, listed))
    wrong = "" if client_id in listed else "other" if listed else "missing"
    yield _judged("id-token-aud", wrong, client_id, came)
    authorized = claims.get("azp")
    if authorized is None and len(listed) < 2:
        yield Check("id-token-azp", "not-done", "absent")
    else:
        yield _compared("id-token-azp", client_id, authorized)


def _times(claims: dict[str, Any], now: float) -> Iterator[Check]:
    ways: tuple[tuple[CheckName, str, str, int], ...] = (
        ("id-token-exp", "exp", "over", -1),
        ("id-token-iat", "iat", "ahead", 1),
    )
    for check, claim, reason, sign in ways:
        came, at = claims.get(claim), number_in(claims.get(claim))
        if at is None:
            yield _judged(check, "missing" if came is None else "no-number", came="" if came is None else str(came))
        else:
            wrong = sign * (at - now) > CLOCK_SKEW
            yield _judged(check, reason if wrong else "", f"{now:.0f}", f"{at:.0f}")


def _nonce(claims: dict[str, Any], inputs: Inputs) -> Check:
    if inputs.nonce is None:
        return Check("id-token-nonce", "not-done", "not-sent")
    return _compared("id-token-nonce", inputs.nonce, claims.get("nonce"))


def _hashes(state: FlowState) -> Iterator[Check]:
    facts = state.id_token_checked
    if facts is None:
        return
    pairs: tuple[tuple[CheckName, str], ...] = (("id-token-at-hash", facts.at_hash), ("id-token-c-hash", facts.c_hash))
    for name, found in pairs:
        if found == "match":
            yield Check(name, "right")
        else:
            yield Check(name, "wrong" if found == "mismatch" else "not-done", found)


def _of_follow_up(state: FlowState, inputs: Inputs, step: FollowUp) -> Iterator[Check]:
    one = last(state, step)
    if one is None:
        if state.token is not None:
            yield Check(step, "not-done", missing(state, step) or "unseen")
        return
    if step in ("userinfo", "introspect") and is_revoked_at(state, one):
        good = members_of(one).get("active") is True if step == "introspect" else is_fine(one)
        yield _judged("revocation", "ignored" if good else "")
        return
    if not is_as_due(state, one):
        yield Check(step, "wrong", "refused", "200", str(one.exchange.response.status) if one.exchange else "")
        return
    if not is_fine(one) and step != "code-again":
        yield Check(step, "not-done", "taken-along")
        return
    members = members_of(one)
    match step:
        case "code-again":
            yield _judged(step, "accepted" if is_fine(one) else "")
        case "userinfo":
            subject = json_object(state.id_token.payload if state.id_token else None).get("sub")
            if one.exchange is not None and media_type(one.exchange.response) == "application/jwt":
                yield Check(step, "not-done", "sealed")
            else:
                yield Check(step, "right") if subject is None else _compared(step, str(subject), members.get("sub"))
        case "introspect":
            yield _judged(step, "" if members.get("active") is True else "inactive")
        case "refresh":
            yield from _of_refresh(state, inputs, one, members)
        case "revoke":
            yield Check(step, "right")


def _of_refresh(state: FlowState, inputs: Inputs, one: Followed, members: dict[str, Any]) -> Iterator[Check]:
    """The checks of a refresh. Its scope is that of the token unless it names another (RFC 6749 §6). For a public client each use replaces
    the refresh token (RFC 9700 §2.2.2); other servers may repeat it."""
    issued = state.token_answer.token if state.token_answer is not None else None
    scope, after = (issued.scope if issued is not None else None) or inputs.scope or "", members.get("scope")
    narrowed = isinstance(after, str) and set(scope.split()) - set(after.split())
    yield _judged("refresh", "narrowed", scope, str(after)) if narrowed else Check("refresh", "right")
    came = members.get("refresh_token")
    if isinstance(came, str) and came != before(state, one).get("refresh_token"):
        yield Check("refresh-rotation", "right")
    else:
        public = inputs.dialect.client_auth == "none"
        yield Check("refresh-rotation", "wrong" if public else "not-done", "not-rotated")
