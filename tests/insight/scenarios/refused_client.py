"""The token request that is refused because of the client: its secret, and how it says who it is."""

from __future__ import annotations

import json

from msgspec.structs import replace

from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import issued, refused
from tests.insight.scenarios.base import (
    JSON,
    case,
)
from tests.runs import (
    problem,
    response,
)

FORM = "application/x-www-form-urlencoded"
OTHER_SECRET = SecretView("5ec12e7000000002", 30)
case(
    "secret-wanted",
    lambda: refused(
        response(401, b'{"error":"invalid_client"}', JSON),
        dialect=replace(STANDARD, client_auth="none"),
        challenge="c" * 43,
        client_secret=None,
    ),
    "register the client as a public one",
)
case(
    "basic-wanted",
    lambda: refused(response(401, b"", None, ("WWW-Authenticate", "Basic realm=x"))),
    "--field client_auth=basic",
)
case(
    "bearer-wanted",
    lambda: refused(response(401, b"", None, ("WWW-Authenticate", "Bearer")), userid="user_42"),
    "--with-bearer",
)
case(
    "secret-with-space",
    lambda: refused(problem()),
    "without the quotation marks",
    name="quoted",
    secret_mistakes=("client-secret-quoted",),
)
case(
    "secret-with-space", lambda: refused(problem()), "without the white space", secret_mistakes=("client-secret-space",)
)
case(
    "secret-placeholder",
    lambda: refused(problem()),
    "AIRISK_CLIENT_SECRET",
    secret_mistakes=("client-secret-placeholder",),
)
case(
    "secret-of-another-deployment",
    lambda: refused(problem(), base_url="https://other.example.com"),
    "other.example.com",
    history=(issued(run_id="earlier"),),
)
case(
    "secret-changed",
    lambda: refused(problem(), client_secret=OTHER_SECRET),
    "that worked",
    history=(issued(run_id="earlier"),),
)
case("client-refused", lambda: refused(problem()), "client secret of “demo-app”")
case(
    "client-refused",
    lambda: refused(response(400, b'{"error":"invalid_client"}', JSON)),
    "client secret",
    name="invalid_client",
)


case(
    "client-refused",
    lambda: refused(response(401, b"", None), dialect=STANDARD, challenge="c" * 43),
    "client secret of “demo-app”",
    name="401, and not a word",
)
case(
    "client-refused",
    lambda: refused(response(401, b'{"error":"invalid_client","error_description":"Gizmo is not aligned"}', JSON)),
    "ook these words up",
    name="words that nobody knows",
)


def saying(description: str, status: int = 401, **more: str) -> HttpResponse:
    told = {"error": "invalid_client", "error_description": description, **more}
    return response(status, json.dumps(told), JSON)


for description, fix in (
    ("client_id is required.", "--field client_auth=basic"),
    ("The OAuth 2.0 Client supports 'client_secret_basic' only", "--field client_auth=basic"),
    ("The client_id is unknown", "may get tokens"),
    ("AADSTS7000218: The body must contain the following parameter: 'client_secret'", "--field client_auth=basic"),
    ("AADSTS700025: Client is public so no client_secret should be presented.", "confidential"),
    ("The client_id and/or client_secret passed are incorrect.", "client secret of “demo-app”"),
    ("AADSTS7000215: Invalid client secret. Send the value, not the secret ID.", "not its ID"),
    ("AADSTS7000222: The provided client secret keys are expired.", "new client secret"),
):
    case("client-refused", lambda description=description: refused(saying(description)), fix, name=description)
case(
    "client-refused",
    lambda: refused(saying("Client authentication failed (e.g., unknown client, no client authentication included)")),
    "client secret of “demo-app”",
    name="the sentence of RFC 6749, which names nothing",
)
case(
    "client-refused",
    lambda: refused(response(200, b'{"code":40029,"message":"Incorrect client credentials","data":{}}', JSON)),
    "client secret of “demo-app”",
    name="wrong credentials in a 200",
)
case(
    "client-refused",
    lambda: refused(response(200, b'{"status":"error","msg":"client_secret is invalid","data":null}', JSON)),
    "client secret of “demo-app”",
    name="in a 200, in other members",
)
case(
    "client-refused",
    lambda: refused(
        response(200, b"error=incorrect_client_credentials&error_description=The+client_secret+is+incorrect.", FORM)
    ),
    "client secret of “demo-app”",
    name="in a 200, as a form",
)
