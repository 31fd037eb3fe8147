"""The token request that is refused because of the client: its secret, and how it says who it is."""

from __future__ import annotations

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

OTHER_SECRET = SecretView("5ec12e7000000002", 30)
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
