"""Runs with more than a page holds: a crowded exchange, and a token with which every step was taken. For `tests.tui.said`."""

from __future__ import annotations

import json

from msgspec.structs import replace

from airisk_tui.flow.reading.steps import StepName
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Body, Connection, Exchange, HttpRequest, HttpResponse, ServerCertificate, Timing
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import inputs, issued, refused
from tests.insight.plays import run as run_of
from tests.runs import BOUND, CODE, OPENED, URI, authorized, bound, exchanged, good, jwt, redirect, text, token_response
from tests.tui.inspector.test_tokens import SHOWN, asked, refreshed, run

LONG = {"name": "a long value " * 12, **{f"name {number}": f"{number}" for number in range(103)}}
CLAIMS = {
    **LONG,
    "aud": ["one", "two"],
    "auth_time": "1795515000",
    "exp": 1795515340,
    "nbf": 4_000_000_000,
    "jti": {"a": 1},
}


DIRECT = inputs(mode="direct")


def _crowded() -> Exchange:
    """An exchange over a known connection, with many headers, parameters and members."""
    query = "&".join(f"p{number}=" for number in range(103))
    headers = tuple((f"X-{number}", "") for number in range(102))
    request = HttpRequest("PATCH", f"http://127.0.0.1:9000/token?{query}", headers, Body.of(json.dumps(LONG).encode()))
    certificate = ServerCertificate("CN=a", "CN=b", 1_700_000_000.0, 1_800_000_000.0, "cd" * 32)
    connection = Connection("127.0.0.1:9000", "http://p:3128", "TLSv1.3", False, certificate)
    body = Body.of(json.dumps({"all": [LONG, [], [[1.5, None, True]]]}).encode())
    answer = HttpResponse(302, (*headers, ("Content-Type", "application/json")), body, "Odd")
    return Exchange(request, answer, Timing(12.5, 0.004, 0.031, 0.09, 11.2), connection)


def _answered(body: bytes, kind: str, cut: str | None = None) -> FlowState:
    """A token request with this answer."""
    state = refused(text("Invalid Code"))
    assert state.token_exchange is not None
    answer = HttpResponse(200, (("Content-Type", kind),), Body(body, len(body), len(body) // 2, cut))
    return replace(state, token_exchange=replace(state.token_exchange, response=answer))


def _with_token(token: SecretView, **members: object) -> FlowState:
    return issued(token_response(members, token=token), token=token)


CROWDED: dict[str, tuple[FlowState, tuple[StepName, ...]]] = {
    "crowded-json": (
        replace(refused(text("Invalid Code")), token_exchange=_crowded()),
        ("token-request",),
    ),
    "crowded-bytes": (_answered(bytes(range(256)) * 10, "application/octet-stream", "size"), ("token-request",)),
    "crowded-text": (
        _answered("caf\xe9\r\n".encode("latin-1") * 203, "text/plain; charset=latin-1", "deadline"),
        ("token-request",),
    ),
    "crowded-claims": (issued(token_response(token=jwt(CLAIMS)), token=jwt(CLAIMS)), ("token",)),
    "two-requests-unlike": (
        run_of(
            inputs(redirect_uri=f"{URI}/x", userid="user_42"), BOUND, OPENED, good(), exchanged(text("Invalid Code"))
        ),
        ("token-request",),
    ),
    "redirect-elsewhere": (
        run_of(
            DIRECT,
            authorized(redirect(f"https://localhost:1/other?code={CODE.reference}&state={DIRECT.state}"), DIRECT),
        ),
        ("redirect",),
    ),
    "odd-tokens": (
        _with_token(SecretView("70ce000000000001", 44, "opaque"), expiration=..., token_type="bearer"),
        ("token",),
    ),
    "encrypted": (
        _with_token(SecretView("70ce000000000001", 231, "jwe", '{"alg": "dir"}'), expiration="2026-11-24 11:15"),
        ("token",),
    ),
    "in-clear": (_with_token(SecretView("", 44, "opaque"), expiration="2026-11-24T10:00:00Z"), ("token",)),
    "refused-in-the-redirect": (
        run_of(
            DIRECT,
            authorized(redirect(f"{URI}?error=access_denied&error_description=no&state={DIRECT.state}#x=y"), DIRECT),
        ),
        ("redirect",),
    ),
    "refused-by-an-unknown-error": (
        run_of(DIRECT, authorized(redirect(f"{URI}?error=odd&state={DIRECT.state}"), DIRECT)),
        ("redirect",),
    ),
    "redirected-at-the-token-endpoint": (refused(redirect("https://elsewhere.example/")), ("token-request",)),
    "redirected-nowhere": (refused(redirect(None)), ("token-request",)),
    "sent-as-json": (refused(text("Invalid Code"), encoding="json"), ("token-request",)),
    "heard-by-others": (run_of(inputs(), bound("0.0.0.0:8765", "127.0.0.1:8765"), OPENED), ("authorization-request",)),
    "every-step": (
        run(
            *asked("userinfo", '{"sub": "user_42", "name": "Ada", "at": [1, {"b": null}]}'),
            *asked("introspect", '{"active": false, "exp": 1795842916}', 3.5),
            *refreshed(),
            refresh_token=SHOWN,
            signature="verified",
            access_token="wrong",  # the result of a check, no secret
        ),
        ("token", "access"),
    ),
}
"""By name, states with the steps that show it."""
