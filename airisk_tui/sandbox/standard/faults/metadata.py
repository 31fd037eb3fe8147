"""Faults of discovery: the metadata document (RFC 8414, OpenID Connect Discovery) and the keys."""

from __future__ import annotations

from typing import Final

from airisk_tui.sandbox.answer import Answer, html
from airisk_tui.sandbox.standard.faults.fault import Fault, with_members, without

ELSEWHERE: Final = "https://other-issuer.example"

START_PAGE: Final = "<!doctype html><html><head><title>Welcome</title></head><body><h1>Welcome</h1><p>Choose a product.</p></body></html>"

METADATA_FAULTS = (
    Fault(
        name="no-metadata",
        where="metadata",
        sentence="There is no metadata: 404 at both well-known paths.",
        answer=Answer(404),
    ),
    Fault(
        name="metadata-html",
        where="metadata",
        sentence="The well-known paths answer 200 with a web page.",
        answer=html(200, START_PAGE),
    ),
    Fault(
        name="metadata-other-issuer",
        where="metadata",
        sentence="The metadata name another issuer than the one that was asked.",
        change=with_members(issuer=ELSEWHERE),
    ),
    Fault(
        name="issuer-trailing-slash",
        where="metadata",
        sentence="The issuer's name ends with a slash, everywhere that it is named.",
        policy={"issuer_suffix": "/"},
    ),
    Fault(
        name="metadata-no-token-endpoint",
        where="metadata",
        sentence="The metadata do not name the token endpoint.",
        change=without("token_endpoint"),
    ),
    Fault(
        name="metadata-no-authorization-endpoint",
        where="metadata",
        sentence="The metadata do not name the authorization endpoint.",
        change=without("authorization_endpoint"),
    ),
    Fault(
        name="metadata-no-jwks",
        where="metadata",
        sentence="The metadata do not name the keys that ID tokens are verified with.",
        change=without("jwks_uri"),
    ),
    Fault(
        name="metadata-members-missing",
        where="metadata",
        sentence="The metadata lack members that are required: response types, subject types, signing algorithms.",
        change=without("response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"),
    ),
    Fault(
        name="metadata-http-endpoint",
        where="metadata",
        sentence="The metadata name an endpoint on another machine with http in place of https.",
        change=with_members(userinfo_endpoint="http://issuer.example/userinfo"),
    ),
    Fault(
        name="keys-404",
        where="keys",
        sentence="The keys are not where the metadata say: 404.",
        answer=Answer(404),
    ),
)
