"""Faults of the authorization endpoint: its answers, and the parameters of its redirect."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.standard.faults.fault import faults, refusing, with_members, without
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
    *faults(
        "authorization",
        (
            "denied",
            "The user denies: error=access_denied in the redirect.",
            refusing(error="access_denied", error_description="The user refused the request"),
        ),
        (
            "login-required",
            "Nobody is signed in: error=login_required in the redirect.",
            refusing(error="login_required", error_description="Nobody is signed in"),
        ),
        (
            "authorization-error-page",
            "The authorization endpoint answers 400 with a page that holds an OAuth error.",
            error_page("unauthorized_client", "The client may not use this response type"),
        ),
        ("state-missing", "The redirect has no state.", without("state")),
        ("state-changed", "The redirect has another state than was sent.", with_members(state=OTHER_STATE)),
        ("iss-missing", "The redirect has no iss, although the metadata promise it.", without("iss")),
        ("iss-wrong", "The iss of the redirect is another issuer.", with_members(iss=ELSEWHERE)),
        ("no-code", "The redirect has neither code nor error.", without("code")),
        (
            "response-mode-ignored",
            "The response comes in the query, whatever response_mode was asked for.",
            {"hears_response_mode": False},
        ),
        (
            "scope-required",
            "A request without the scope offline_access is refused: invalid_scope.",
            {"scope_required": True},
        ),
        (
            "pkce-required",
            "A request without a code_challenge is refused, also from a confidential client: invalid_request.",
            {"pkce_required": True},
        ),
        (
            "par-required",
            "The request must be pushed first (RFC 9126), as the metadata say; another one is refused.",
            {"par_required": True},
        ),
    ),
    *faults(
        "push",
        ("push-unanswered", "The endpoint for pushed requests answers 200 with a web page.", html(200, START_PAGE)),
        (
            "push-forgotten",
            "A pushed request is not known any more when the browser comes: invalid_request_uri.",
            {"keeps_pushed": False},
        ),
    ),
)
