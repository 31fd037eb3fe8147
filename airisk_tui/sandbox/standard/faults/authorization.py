"""Faults of the authorization endpoint: its answers, and the parameters of its redirect."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.standard.faults.fault import Fault, refusing, with_members, without
from airisk_tui.sandbox.standard.faults.metadata import ELSEWHERE, START_PAGE

OTHER_STATE: Final = "another-state-than-was-sent"


def error_page(error: str, description: str) -> Answer:
    """A page for people that holds an error as `name: value`, as many servers show it."""
    text = (
        f"<!doctype html><html><head><title>Error</title></head><body><h1>Something went wrong</h1><dl>"
        f"<dt>error</dt><dd>{error}</dd><dt>error_description</dt><dd>{description}</dd></dl></body></html>"
    )
    return html(400, text)


AUTHORIZATION_FAULTS = (
    Fault(
        name="denied",
        where="authorization",
        sentence="The user denies: error=access_denied in the redirect.",
        change=refusing(error="access_denied", error_description="The user refused the request"),
    ),
    Fault(
        name="login-required",
        where="authorization",
        sentence="Nobody is signed in: error=login_required in the redirect.",
        change=refusing(error="login_required", error_description="Nobody is signed in"),
    ),
    Fault(
        name="authorization-error-page",
        where="authorization",
        sentence="The authorization endpoint answers 400 with a page that holds an OAuth error.",
        answer=error_page("unauthorized_client", "The client may not use this response type"),
    ),
    Fault(
        name="state-missing",
        where="authorization",
        sentence="The redirect has no state.",
        change=without("state"),
    ),
    Fault(
        name="state-changed",
        where="authorization",
        sentence="The redirect has another state than was sent.",
        change=with_members(state=OTHER_STATE),
    ),
    Fault(
        name="iss-missing",
        where="authorization",
        sentence="The redirect has no iss, although the metadata promise it.",
        change=without("iss"),
    ),
    Fault(
        name="iss-wrong",
        where="authorization",
        sentence="The iss of the redirect is another issuer.",
        change=with_members(iss=ELSEWHERE),
    ),
    Fault(
        name="no-code",
        where="authorization",
        sentence="The redirect has neither code nor error.",
        change=without("code"),
    ),
    Fault(
        name="response-mode-ignored",
        where="authorization",
        sentence="The response comes in the query, whatever response_mode was asked for.",
        policy={"hears_response_mode": False},
    ),
    Fault(
        name="scope-required",
        where="authorization",
        sentence="A request without the scope offline_access is refused: invalid_scope.",
        policy={"scope_required": True},
    ),
    Fault(
        name="pkce-required",
        where="authorization",
        sentence="A request without a code_challenge is refused, also from a confidential client: invalid_request.",
        policy={"pkce_required": True},
    ),
    Fault(
        name="par-required",
        where="authorization",
        sentence="The request must be pushed first (RFC 9126), as the metadata say; another one is refused.",
        policy={"par_required": True},
    ),
    Fault(
        name="push-unanswered",
        where="push",
        sentence="The endpoint for pushed requests answers 200 with a web page.",
        answer=html(200, START_PAGE),
    ),
    Fault(
        name="push-forgotten",
        where="push",
        sentence="A pushed request is not known any more when the browser comes: invalid_request_uri.",
        policy={"keeps_pushed": False},
    ),
)
