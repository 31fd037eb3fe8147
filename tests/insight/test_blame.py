"""Which input do a server's own words blame?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.insight.reading.blame import (
    blamed,
    misses,
    refusal_text,
    spelled_by_them,
    strange_name,
    wants_https,
    without,
)
from airisk_tui.insight.reading.meant import OURS
from airisk_tui.insight.rendering import on_command_line
from airisk_tui.oauth.answer.server_error import visible_lines
from tests.insight.plays import direct, refused, report
from tests.runs import response, text

JSON = "application/json"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("redirect_uri does not match", "redirect_uri"),
        ("The redirection URL is not registered", "redirect_uri"),
        ("AADSTS50011: the reply URL specified in the request does not match", "redirect_uri"),
        ("The code was issued for another callback URL", "redirect_uri"),
        ("client not found", "client_id"),
        ("Unknown application", "client_id"),
        ("AADSTS700016: Application with identifier 'x' was not found in the directory", "client_id"),
        ("client_secret is invalid", "client_secret"),
        ("AADSTS7000215: Invalid client secret provided", "client_secret"),
        ("code challenge required", "code_challenge"),
        ("PKCE is required for public clients", "code_challenge"),
        ("Missing code_verifier", "code_verifier"),
        ("unsupported_response_type", "response_type"),
        ("Parameter grant_type is missing", "grant_type"),
        (
            "The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner",
            "scope",
        ),
        ("Missing required parameter: state", "state"),
        ("The state parameter is missing", "state"),
        ("missing parameter resource", "resource"),
        ("The audience is not allowed", "audience"),
        ("user not found", "userid"),
        ("Invalid Code", "code"),
        ("appid/redirect uri/code verifier does not match", ""),
        ("invalid client_id or redirect_uri", ""),
        ("The client_id and/or client_secret passed are incorrect", "client_id"),
        (
            "client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
            "",
        ),
        ("The client is not authorized to request an authorization code using this method", ""),
        ("The resource owner or authorization server denied the request.", ""),
        ("The resource cannot be found.", ""),
        ("Client authentication failed (e.g., unknown client, no client authentication included)", ""),
        (
            "The provided authorization grant (e.g., authorization code) is invalid, expired, revoked, does not match the "
            "redirection URI used in the authorization request, or was issued to another client.",
            "",
        ),
        ("Unauthorized", ""),
        ("It is in a state of maintenance", ""),
    ],
)
def test_words_blame_an_input_by_the_name_of_the_protocol(words: str, name: str) -> None:
    assert blamed(words.lower()) == name


def test_the_words_of_two_paragraphs_of_a_page_are_no_sentence() -> None:
    page = "<h1>An error has occurred</h1><p>The <b>redirect uri</b><br>included is not valid.</p>"
    assert visible_lines(page) == "An error has occurred\nThe redirect uri included is not valid."
    assert blamed(visible_lines(page).lower()) == "redirect_uri"


def test_what_we_sent_ourselves_blames_nothing() -> None:
    own = ("https://app.example.com/client_secret/cb", "demo-app")
    without_ours = without("bad request for https://app.example.com/client_secret/cb by demo-app", own)
    assert without_ours.split() == ["bad", "request", "for", OURS, "by", OURS]
    assert blamed("cannot serve https%3a%2f%2fapp.example.com%2fclient_secret%2fcb", own) == ""
    assert blamed("the scope is wrong", ("scope",)) == "scope"


@given(st.text())
def test_any_words_are_read(words: str) -> None:
    name = blamed(words.lower(), (words[:20],))
    assert name == "" or misses(words.lower(), name) in (True, False)


@pytest.mark.parametrize(
    ("words", "name", "missing"),
    [
        ("client_id is required.", "client_id", True),
        ("the request must contain the parameter response_type", "response_type", True),
        ("code challenge required", "code_challenge", True),
        ("the redirect_uri was not provided", "redirect_uri", True),
        ("redirect_uri does not match", "redirect_uri", False),
        ("application not found", "client_id", False),
        ("there is no application registered with that redirect_uri", "redirect_uri", False),
        ("no redirect_uri was given", "redirect_uri", True),
        ("the body must contain the following parameter: 'client_assertion' or 'client_secret'", "client_secret", True),
        ("the code must be a string", "code", True),
    ],
)
def test_missing_is_told_from_wrong(words: str, name: str, missing: bool) -> None:
    assert misses(words, name) is missing


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("must use secure scheme", True),
        ("redirect uris must use https", True),
        ("https is required", True),
        ("http is not allowed", True),
        ("http://127.0.0.1/cb is not registered", False),
        ("http://127.0.0.1/cb is not allowed", False),
        ("http 405 method not allowed", False),
        ("see https://example.com/docs", False),
    ],
)
def test_https_is_wanted_in_these_words(words: str, wanted: bool) -> None:
    assert wants_https(words) is wanted


@pytest.mark.parametrize(
    ("words", "user", "strange"),
    [
        ("Missing required parameter: UserGuid", "UserGuid", ""),
        ("The personId field is required.", "personId", ""),
        ("uid 'user_42' was not found", "uid", ""),
        ("memberKey is missing", "memberKey", ""),
        ("Missing required parameter: sub", "", "sub"),
        ("tenantKey is required", "", "tenantKey"),
        ("Invalid field: workspaceId", "", "workspaceId"),
        ("organization_id is required", "", "organization_id"),
        ("An active subscription is required for this account id", "", ""),
        ("Account key rotation is required", "", ""),
        ("JavaScript is required to use this application.", "", ""),
        ("Connection 'google' not found", "", ""),
        ("requires 'admin' role", "", ""),
        ("invalid_request: the following parameters are required", "", ""),
        ("Missing parameter", "", ""),
        ("client_assertion is required (private_key_jwt)", "", ""),
    ],
)
def test_a_name_is_told_from_a_word_by_its_form_or_its_place(words: str, user: str, strange: str) -> None:
    assert spelled_by_them(words, "userid") == user
    assert blamed(words.lower()) == ("userid" if user else "")
    if not user:
        assert strange_name(words) == strange


def test_a_user_id_that_is_missed_under_another_name_is_sent_under_that_name() -> None:
    told = '{"error":"invalid_request","error_description":"Missing required parameter: UserGuid"}'
    found = report(direct(response(400, told, JSON), userid="user_42")).first
    assert found is not None
    assert (found.certainty, "UserGuid" in found.cause) == ("likely", True)
    assert "--field users=UserGuid" in on_command_line(found.fix)


def test_a_document_says_its_texts_and_a_page_what_a_person_sees() -> None:
    assert (
        refusal_text(response(400, '{"scope": 1, "message": "No", "errors": {"code": ["Gone"]}}', JSON))
        == "no \ncode \ngone"
    )
    shown = (
        "<!DOCTYPE html><html><head><title>scope</title></head><script>client_id</script><p>Not&nbsp;<b>here</b></p>"
    )
    assert refusal_text(response(400, shown, "text/html")) == "not here"
    assert refusal_text(text("Invalid Code")) == "invalid code"


def test_no_description_of_a_refused_client_is_dropped() -> None:
    told = '{"error":"invalid_client","error_description":"Account locked since Friday"}'
    found = report(refused(response(401, told, JSON))).first
    assert found is not None
    assert "Account locked since Friday" in found.title


def test_a_code_that_this_run_sent_once_was_not_sent_before() -> None:
    found = report(refused(text("AADSTS54005: OAuth2 Authorization code was already redeemed"))).first
    assert found is not None
    assert found.code == "code-reused"
    assert "sent before" not in found.title
