"""Faults of discovery: the metadata document (RFC 8414, OpenID Connect Discovery) and the keys."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.standard.faults.fault import faults, with_members, without

ELSEWHERE: Final = "https://other-issuer.example"

START_PAGE: Final = "<!doctype html><html><head><title>Welcome</title></head><body><h1>Welcome</h1><p>Choose a product.</p></body></html>"

METADATA_FAULTS = (
    *faults(
        "metadata",
        ("no-metadata", "There is no metadata: 404 at both well-known paths.", Answer(404)),
        ("metadata-html", "The well-known paths answer 200 with a web page.", html(200, START_PAGE)),
        (
            "metadata-other-issuer",
            "The metadata name another issuer than the one that was asked.",
            with_members(issuer=ELSEWHERE),
        ),
        (
            "issuer-trailing-slash",
            "The issuer's name ends with a slash, everywhere that it is named.",
            {"issuer_suffix": "/"},
        ),
        ("metadata-no-token-endpoint", "The metadata do not name the token endpoint.", without("token_endpoint")),
        (
            "metadata-no-authorization-endpoint",
            "The metadata do not name the authorization endpoint.",
            without("authorization_endpoint"),
        ),
        (
            "metadata-no-jwks",
            "The metadata do not name the keys that ID tokens are verified with.",
            without("jwks_uri"),
        ),
        (
            "metadata-members-missing",
            "The metadata lack members that are required: response types, subject types, signing algorithms.",
            without("response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"),
        ),
        (
            "metadata-http-endpoint",
            "The metadata name an endpoint on another machine with http in place of https.",
            with_members(userinfo_endpoint="http://issuer.example/userinfo"),
        ),
    ),
    *faults(
        "keys",
        ("keys-404", "The keys are not where the metadata say: 404.", Answer(404)),
    ),
)
