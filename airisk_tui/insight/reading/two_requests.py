"""The authorization request and the token request side by side, as they were sent (protocol.md, step 2: "the same as in step 1").

Read from the recorded requests where there are any, because extra parameters and edited recordings make them differ from
the inputs; else recomputed from the inputs.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from airisk_tui.flow.requests import request_of
from airisk_tui.flow.state import FlowState, is_marked
from airisk_tui.insight.words.difference import first_difference
from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpRequest, content_type, header
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.fields import kind_of, params_of
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.text.visible import decoded, visible_sealed
from airisk_tui.oauth.urls import split_url

Agreement = Literal["equal", "differs", "first only", "second only", "not compared"]

TWICE = " and "
"""Between the values of a field that was sent more than once."""


class FieldPair(Struct, frozen=True):
    """One field as sent in step 1 and in step 2, fit to be shown; None: not sent. verdict: whether the two agree."""

    name: str
    first: str | None
    second: str | None
    verdict: Agreement

    @property
    def differs_at(self) -> int | None:
        """The index of the first differing character, where both requests have a value."""
        if self.verdict != "differs" or self.first is None or self.second is None:
            return None
        return first_difference(self.first, self.second)

    @property
    def wrong(self) -> bool:
        """Whether the requests contradict each other in this field."""
        return self.verdict in ("differs", "first only", "second only")


def field_pairs(state: FlowState) -> tuple[FieldPair, ...]:
    """client_id, redirect_uri, the user's field, state and encoding of both requests; () before a run has started."""
    if state.inputs is None:
        return ()
    first, second = authorization_fields(state), token_fields(state)
    users = state.inputs.dialect.users or "userid"
    compared = state.token_exchange is not None and not _emptied(state, second)
    # Basic and an assertion name the client elsewhere (RFC 6749 §2.3.1, RFC 7521 §4.2).
    named = state.inputs.dialect.client_auth in ("body", "none")
    # A browser's export leaves Authorization out, where ID and secret may have stood (RFC 6749 §2.3.1).
    header_left_out = state.imported is not None and not second.get("client_id")

    def row(name: str, compared: bool) -> FieldPair:
        left, right = first.all(name), second.all(name)
        marked = any(is_marked(state, value) for value in (*left, *right))
        return _row(name, left, right, compared and not marked)

    return (
        row("client_id", compared and named and not header_left_out),
        row("redirect_uri", compared),
        row(users, compared),
        row("state", False),
        FieldPair("encoding", "query", _encoding(state), "not compared"),
    )


def authorization_fields(state: FlowState) -> Params:
    """The parameters of the authorization request as they were sent, or as the browser was given them."""
    if state.inputs is None or state.inputs.mode == "device":  # RFC 8628 has no authorization request
        return Params()
    if state.pushed is not None:
        return _fields(state.pushed.request)
    if state.authorization is None or state.imported is not None:
        # In another program's file the redirect may come from a later page of the log-in, which repeats few of them.
        return _query(state.inputs.authorization_url)
    return _query(state.authorization.request.url)


def odd_challenge(state: FlowState) -> str:
    """What a code challenge of S256 has that RFC 7636 §4.2 does not (base64url without padding); "" if it is as it should be or masked."""
    sent = authorization_fields(state)
    challenge = sent.get("code_challenge") or ""
    if sent.get("code_challenge_method") != "S256" or not challenge or is_marked(state, challenge):
        return ""
    if REFERENCE.search(challenge) or _CHALLENGE.fullmatch(challenge):
        return ""
    strange = _CHALLENGE_SIGN.search(challenge)
    if strange is not None:
        return f"“{strange[0]}” in it" if strange[0] != "=" else "“=” at its end"
    return f"{len(challenge)} characters in place of 43"


_CHALLENGE = pattern(r"[A-Za-z0-9_-]{43}")
_CHALLENGE_SIGN = pattern(r"[=+/ %]")


def _query(url: str) -> Params:
    parts = split_url(url)
    return Params.parse(parts.query) if parts is not None else Params()


def token_fields(state: FlowState) -> Params:
    """The fields of the token request as they were sent, or as they would be; other JSON values than texts as JSON."""
    if state.inputs is None:
        return Params()
    if state.token_exchange is not None and _recorded(state.token_exchange.request):
        return _fields(state.token_exchange.request)
    return request_of(state, state.inputs, "token").field_params


def _recorded(request: HttpRequest) -> bool:
    typed = header(request.headers, "content-type") is not None and request.body.cut is None
    return bool(request.body.data) or typed


def _fields(request: HttpRequest) -> Params:
    kind = content_type(request.headers)
    text = decoded(request.body.data)
    if kind_of(text, kind) in ("multipart", "xml"):
        return params_of(text, kind)
    if "json" in kind.lower():
        body = read_json(request.body.data).value
        members = body.items() if isinstance(body, dict) else ()
        return Params.of((name, None if value is None else str(value)) for name, value in members)
    return Params.parse(text)


def _encoding(state: FlowState) -> str | None:
    if state.inputs is None or state.token_exchange is None:
        return None
    media = header(state.token_exchange.request.headers, "content-type")
    return visible_sealed(media[:80]) if media else state.inputs.encoding


def _emptied(state: FlowState, sent: Params) -> bool:
    """Whether somebody took the values out of another program's file: no client gets a token without a code."""
    return (
        state.imported is not None
        and state.token is not None
        and not sent.get(state.inputs.dialect.code if state.inputs else "")
    )


def _row(name: str, first: tuple[str, ...], second: tuple[str, ...], compared: bool) -> FieldPair:
    left, right = _shown(first), _shown(second)
    return FieldPair(name, left, right, _verdict(first, second) if compared else "not compared")


def _shown(values: tuple[str, ...]) -> str | None:
    return TWICE.join(visible_sealed(value) for value in values) if values else None


def _verdict(left: tuple[str, ...], right: tuple[str, ...]) -> Agreement:
    if left == right:
        return "equal"
    if not right:
        return "first only"
    return "differs" if left else "second only"
