"""Words that look like a complaint about a request of OAuth, and speak of something else."""

from __future__ import annotations

import json

from airisk_tui.insight.reading.blame import all_blamed
from airisk_tui.insight.reading.reasons import of_the_browser
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.http import HttpResponse
from tests.insight.plays import direct, refused, report
from tests.runs import response, text


def json_of(value: dict[str, str], status: int = 400) -> HttpResponse:
    return response(status, json.dumps(value).encode(), "application/json")


SOMETHING_ELSE = (
    "The client certificate of the upstream has expired.",
    "Promo code is invalid.",
    "QR code expired.",
    "The scope of this agreement does not include your region.",
    "State machine entered invalid state.",
    "Audience measurement is required.",
    "The application is deleted from the catalogue.",
    "User interface not found.",
    "The secret ingredient is missing.",
    "Secret santa is disabled.",
    "We use cookies. Cookie consent required.",
    "Invalid JSON in upstream configuration.",
    "Login page template not found.",
    "Account database unavailable: account locked table.",
    "Nonce words are fun.",
    "Conditional access to data.",
    "Administrator permission file missing.",
    "The verifier service is offline.",
    "Return address is missing.",
    "Callback address not set for the webhook.",
    "Invalid credentials for upstream LDAP bind.",
    "Username or password is required for the proxy upstream.",
    "The request timed out.",
    "Please read our code of conduct.",
    "A redirect loop was detected.",
    "State tax could not be computed.",
    "Unknown throttle body sensor.",
    "The throttle cable is not found.",
    "Nonce reuse in transaction.",
    "Invalid nonce for the wallet.",
    "Invalid grant_id in report.",
    "Unknown field grant_id for invoice.",
)

OF_THE_REQUEST = {
    "Invalid client or redirect_uri": ("client_id", "redirect_uri"),
    "Could not find Acme API application with api_key \x1a": ("client_id",),
    "The client secret is wrong.": ("client_secret",),
    "The ClientId field is required.": ("client_id",),
    "Unable to verify secret hash for client \x1a": ("client_secret",),
}


def test_words_about_something_else_name_no_cause_at_either_endpoint() -> None:
    for words in SOMETHING_ELSE:
        assert all_blamed(words.lower()) == (), words
        assert of_the_browser(words.lower()) is None, words
        for status in (400, 401, 403, 404):
            for state in (direct(text(words, status)), refused(text(words, status))):
                first = report(state).first
                assert first is not None and first.certainty == "unknown", (words, status, first)
                assert status == 404 or words in first.title + first.cause, (words, status, first)


ONE_TIME = (
    "Your code has expired. Request a new code by SMS.",
    "The code sent to your email is invalid.",
    "Invalid OTP.",
    "The 6-digit code is incorrect.",
    "Invalid authenticator code.",
    "MFA code expired.",
    "That passcode was already used.",
    "We texted you a code; it has expired.",
)
OF_A_REDIRECT = (
    "The authorization code has expired.",
    "Error validating verification code: the redirect URI is not the one of the authorization request.",
    "The one-time code was already redeemed.",
    "The code was already used.",
)


def test_a_code_that_a_person_types_in_is_no_authorization_code() -> None:
    for words in ONE_TIME:
        assert "code" not in all_blamed(words.lower()), words
        for state in (direct(text(words)), refused(text(words))):
            first = report(state).first
            assert first is not None and "one-time code" in first.cause and first.certainty == "likely", (words, first)
    for words in OF_A_REDIRECT:
        first = report(refused(text(words))).first
        assert first is not None and "one-time code" not in first.cause, (words, first)


LEFT_OPEN = (
    "The client application is not known or is not authorized.",
    "Client not found or disabled",
    "A client was either not found or is not authorized.",
    "The client is not registered or not enabled",
)


def test_a_client_that_is_unknown_or_not_let_in_is_not_called_either() -> None:
    for words in LEFT_OPEN:
        told = (
            text(words),
            json_of({"error": "unauthorized_client", "error_description": words}),
            json_of({"error": "invalid_client", "error_description": words}, 401),
        )
        for answer in told:
            for state in (direct(answer), refused(answer)):
                first = report(state).first
                assert first is not None and first.certainty == "unknown", (words, first)


def test_credentials_under_a_grant_blame_no_secret() -> None:
    for words, blames in (
        ("Invalid credentials.", False),
        ("Bad credentials", False),
        ("Invalid client credentials", True),
    ):
        first = report(refused(json_of({"error": "invalid_grant", "error_description": words}))).first
        assert first is not None and (first.code == "client-refused") is blames, (words, first)


TOKENS = ("Token is not active", "Refresh token is invalid", "invalid token", "Token has been revoked", "Token expired")


def test_a_word_at_the_end_of_a_line_is_no_part_of_the_next() -> None:
    assert of_the_browser("error\nconsent required for scope admin") is not None


def test_a_scope_that_a_consent_is_for_is_not_called_missing() -> None:
    first = report(direct(text("Consent required for scope admin"))).first
    assert first is not None and "consent" in first.cause.lower() and "params" not in on_command_line(first.fix), first


def test_words_in_another_language_name_a_field_and_no_judgement_of_it() -> None:
    for words in ("缺少参数 redirect_uri", "Неверный redirect_uri", "redirect_uri が無効です"):
        first = report(refused(json_of({"error": "invalid_request", "error_description": words}))).first
        assert first is not None and first.certainty == "unknown", (words, first)


def test_words_that_are_not_known_are_not_called_none() -> None:
    first = report(refused(json_of({"error": "invalid_grant", "error_description": "Le code a expiré"}))).first
    assert first is not None and "says no more" not in first.cause, first


def test_words_about_a_token_refuse_no_code() -> None:
    for words in TOKENS:
        first = report(refused(json_of({"error": "invalid_grant", "error_description": words}))).first
        assert first is not None and "the request holds a code" in first.cause, (words, first)


def test_an_error_of_the_server_itself_is_tried_again_and_not_written_otherwise() -> None:
    for code in ("server_error", "temporarily_unavailable"):
        first = report(refused(json_of({"error": code, "error_description": "Unexpected server error"}))).first
        assert first is not None and "--body" not in on_command_line(first.fix), first


def test_words_about_the_request_blame_what_they_name() -> None:
    for words, names in OF_THE_REQUEST.items():
        assert all_blamed(words.lower()) == names, words


FIELDS = {
    "fooBar is required": "fooBar",
    "Missing required parameter: tenant_hint": "tenant_hint",
    "device_id: Field required": "device_id",
    "The TenantId field is required.": "TenantId",
    "The field 'colour' is missing.": "colour",
    "The client_id field is required.": "",
    "Email is required.": "",
    "The X-Tenant header is missing.": "",
}


def test_a_field_that_the_protocol_does_not_have_is_named_as_the_server_spells_it_and_gets_no_value() -> None:
    for words, name in FIELDS.items():
        for state, option in ((direct(text(words)), "--param"), (refused(text(words)), "--token-param")):
            first = report(state).first
            assert first is not None
            assert (f"{option} {name}=…" in on_command_line(first.fix)) == bool(name), (words, first)


def test_two_causes_in_one_sentence_are_both_named_and_neither_is_believed() -> None:
    for state in (direct(text("Invalid client or redirect_uri")), refused(text("Invalid client or redirect_uri", 401))):
        first = report(state).first
        assert first is not None and first.undecided
        assert "application “demo-app”" in first.cause and "redirect URI" in (first.runner_up or "")
