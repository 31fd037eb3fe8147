"""What Authlib loses is what architecture.md says it loses: where this fails, our own code may no longer be needed."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import encode_client_secret_basic
from authlib.oauth2.rfc6749.errors import MissingCodeException
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response, prepare_grant_uri

from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.redirect.authorization import read_redirect
from airisk_tui.oauth.request.planned import Credentials, basic_credentials


def test_its_readers_lose_repeated_codes_errors_and_the_words_of_a_refusal() -> None:
    twice = "https://a/cb?code=one&code=two"
    assert parse_authorization_code_response(twice) == {"code": "two"}
    assert read_redirect(twice, STANDARD, "").params.all("code") == ("one", "two")
    for lost in ("?error=access_denied", "?#code=abc"):
        with pytest.raises(MissingCodeException):
            parse_authorization_code_response(f"https://a/cb{lost}")
    assert read_redirect("https://a/cb?error=access_denied", STANDARD, "").error == "access_denied"
    answer = requests.Response()
    answer.status_code, answer._content = 400, b"Invalid Code"
    with pytest.raises(requests.HTTPError) as raised:
        OAuth2Session("c").parse_response_token(answer)
    assert "Invalid Code" not in str(raised.value)


def test_its_basic_header_and_its_urls_are_not_what_was_given() -> None:
    client: Any = SimpleNamespace(client_id="my:app", client_secret="p%20q+r:ä")
    _, headers, _ = encode_client_secret_basic(client, "POST", "https://a", {}, "")
    theirs = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode("latin-1")
    ours = base64.b64decode(basic_credentials(Credentials("my:app", "p%20q+r:ä"), str)).decode()
    assert (theirs, ours) == ("my:app:p%20q+r:ä", "my%3Aapp:p%2520q%2Br%3A%C3%A4")
    assert add_params_to_uri("https://a?flag&x=%E9", [("y", "z")]) == "https://a?flag=&x=%EF%BF%BD&y=z"
    assert "state" not in prepare_grant_uri("https://a", "c", "code", state="")
