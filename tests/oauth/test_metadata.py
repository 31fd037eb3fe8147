"""The metadata of a server: where it stands, what is read of it, and everything that is wrong in it (RFC 8414)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.metadata import (
    is_trusted,
    issuer_of_endpoint,
    issuer_of_metadata,
    likely_issuer,
    metadata_faults,
    metadata_urls,
    read_metadata,
)
from airisk_tui.oauth.request.mistakes import check_base_url
from tests.insight.scenarios.issuer import DOCUMENT, ISSUER


def answer(document: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, (), Body.of(json.dumps(document).encode()))


@pytest.mark.parametrize(
    ("issuer", "urls"),
    [
        ("https://a.example", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]),
        (
            "https://a.example/t/",
            [
                "/t/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/t",
                "/.well-known/openid-configuration/t",
                "/t/.well-known/oauth-authorization-server",
            ],
        ),
        ("https://a.example/.well-known/openid-configuration", ["/.well-known/openid-configuration"]),
    ],
)
def test_both_path_forms_are_looked_at_in_the_order_of_their_frequency(issuer: str, urls: list[str]) -> None:
    assert metadata_urls(issuer) == tuple(f"https://a.example{url}" for url in urls)
    assert {issuer_of_metadata(url) for url in metadata_urls(issuer)} == {issuer_of_metadata(metadata_urls(issuer)[0])}


def test_what_a_document_says_is_read_and_a_server_without_openid_is_told() -> None:
    read = read_metadata(answer(DOCUMENT))
    assert read is not None
    assert (read.token_endpoint, read.openid, read.code_challenge_methods_supported) == (
        f"{ISSUER}/token",
        True,
        ("S256",),
    )
    plain = read_metadata(answer({"issuer": ISSUER, "token_endpoint": f"{ISSUER}/token"}))
    assert plain is not None
    assert not plain.openid
    assert read_metadata(answer({"message": "not here"})) is None
    assert read_metadata(answer(DOCUMENT, 404)) is None


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, {}),
        ({"token_endpoint": None}, {"token_endpoint": "missing"}),
        ({"token_endpoint": 7, "issuer": ["x"]}, {"token_endpoint": "not-a-text", "issuer": "not-a-text"}),
        ({"jwks_uri": "http://a.example/jwks"}, {"jwks_uri": "not-https"}),
        ({"jwks_uri": "http://127.0.0.1:9/jwks"}, {}),
        ({"response_types_supported": "code"}, {"response_types_supported": "not-a-list"}),
        (
            {"subject_types_supported": ["x"], "scopes_supported": 1},
            {
                "scopes_supported": "not-a-list",
                "subject_types_supported": '"subject_types_supported" contains invalid values',
            },
        ),
    ],
)
def test_all_faults_are_listed_at_once_each_with_its_member(changes: dict[str, Any], faults: dict[str, str]) -> None:
    document = {name: value for name, value in {**DOCUMENT, **changes}.items() if value is not None}
    found = {fault.member: fault.reason for fault in metadata_faults(document, openid=True)}
    assert found == faults


JSON_VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=6)


@given(st.dictionaries(st.sampled_from(sorted(DOCUMENT)), JSON_VALUES))
def test_no_document_raises(document: dict[str, Any]) -> None:
    read_metadata(answer(document))
    metadata_faults(document, openid=True)


def test_a_secret_follows_an_issuer_only_over_https_to_its_own_origin_or_on_this_machine() -> None:
    here = "http://127.0.0.1:1"
    trusted = [
        ("https://b.example/t", ISSUER),
        ("http://localhost:2/t", here),
        ("http://a.example/t", "http://a.example"),
    ]
    assert all(is_trusted(url, issuer) for url, issuer in trusted)
    assert not any(is_trusted(url, issuer) for url, issuer in [(f"{here}/t", ISSUER), ("http://a.example/t", ISSUER)])


@pytest.mark.parametrize(
    ("endpoint", "issuer"),
    [
        ("https://login.example.com/realms/a/protocol/openid-connect/auth", "https://login.example.com/realms/a"),
        ("https://login.example.com/oauth2/v1/token", "https://login.example.com"),
        ("https://login.example.com/o/authorize/?client_id=a", "https://login.example.com/o"),
        ("https://login.example.com/authorize", "https://login.example.com"),
        ("https://login.example.com/authors", ""),
        ("https://login.example.com", ""),
    ],
)
def test_the_issuer_stands_before_an_endpoint(endpoint: str, issuer: str) -> None:
    assert issuer_of_endpoint(endpoint) == issuer


@pytest.mark.parametrize(
    ("address", "issuer"),
    [
        ("https://login.example.com/a/.well-known/openid-configuration", "https://login.example.com/a"),
        ("https://login.example.com/oauth2/v1/token", "https://login.example.com"),
        ("https://login.example.com/realms/acme", "https://login.example.com/realms/acme"),
        ("https://acme.eu.auth0.com/", "https://acme.eu.auth0.com/"),
        ("https://airisk.example.com", ""),
        ("https://airisk.example.com/api/oauth2/Token", ""),
        ("not a URL", ""),
    ],
)
def test_an_address_that_is_typed_for_a_deployment_may_be_that_of_an_issuer(address: str, issuer: str) -> None:
    assert likely_issuer(address) == issuer
    codes = {mistake.code for mistake in check_base_url(address)}
    assert ("base-url-issuer" in codes) is bool(issuer)
