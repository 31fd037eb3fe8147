"""What other servers, frameworks, gateways and filters answer in the place of either endpoint, in their own bytes."""

from __future__ import annotations

import json
from typing import Any

from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.http import HttpResponse
from tests.insight.plays import USERS, browser, direct, refused, with_probes
from tests.insight.scenarios.base import JSON, case, html, replace_server
from tests.runs import STATE, callback, redirect, response, text


def document(code: int, /, *headers: tuple[str, str], **members: Any) -> HttpResponse:
    return response(code, json.dumps(members), JSON, *headers)


def spring(status: int, error: str, message: str = "") -> HttpResponse:
    return document(
        status,
        timestamp="2026-11-27T12:00:00.000+00:00",
        status=status,
        error=error,
        message=message,
        path="/api/oauth2",
    )


def refusing(description: str) -> HttpResponse:
    return document(401, error="invalid_client", error_description=description)


DOORKEEPER = "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
CENTER = "<title>403 Forbidden</title><center><h1>403 Forbidden</h1></center>"

AUTHORIZATION: tuple[tuple[str, str, str, HttpResponse], ...] = (
    ("authorize-not-found", "Spring Boot's 404", "--base-url", spring(404, "Not Found")),
    ("authorize-server-error", "Spring Boot's 500", "Run again", spring(500, "Internal Server Error")),
    ("client-unknown", "Spring Boot's 401", "--client-id", spring(401, "Unauthorized")),
    (
        "parameter-wanted",
        "Spring Boot's 400",
        "response_type=code",
        spring(400, "Bad Request", "Required request parameter 'response_type' is not present"),
    ),
    ("authorize-not-found", "Keycloak without the realm", "--base-url", document(404, error="Realm does not exist")),
    ("authorize-not-found", "Keycloak's 405", "--base-url", document(405, error="HTTP 405 Method Not Allowed")),
    (
        "parameter-refused",
        "one of two parameters",
        "--redirect-uri",
        document(400, message="Invalid client_id or redirect_uri"),
    ),
    (
        "page-names-error",
        "Entra's page of a script",
        "--redirect-uri",
        html('<script>$Config={"m":"AADSTS50011: The redirect URI does not match"}</script>'),
    ),
    (
        "login-page",
        "a log-in proxy's 403",
        "--mode browser",
        html('<form action="/start"><button>Sign in with OpenID Connect</button></form>', 403),
    ),
    ("gateway-refused", "nginx's 401", "--mode browser", html("<h1>401 Authorization Required</h1>", 401)),
    (
        "iis-refused",
        "App Service's 403",
        "whom the site admits",
        text("You do not have permission to view this directory or page.", 403),
    ),
    (
        "authorize-refused",
        "words of something else",
        "--mode browser",
        text("Access to this tenant is limited to members", 403),
    ),
    ("authorize-refused", "an application that is off", "switch “demo-app” on", text("Application is disabled")),
    ("authorize-refused", "an organisation", "settle what these words name", text("Tenant suspended", 403)),
    ("authorize-refused", "Laravel's guard", "log in at", document(401, message="Unauthenticated.")),
    (
        "login-redirect",
        "Cloudflare Access",
        "exempt the OAuth endpoints",
        redirect("https://team.cloudflareaccess.com/cdn-cgi/access/login/x"),
    ),
    ("login-redirect", "F5's end of a session", "exempt the OAuth endpoints", redirect("/my.logout.php3?errorcode=20")),
    (
        "page-names-error",
        "IdentityServer's page with a status of failure",
        "registration",
        html("<h1>Error</h1><p>Sorry, there was an error : unauthorized_client</p>", 500),
    ),
    (
        "authorize-unavailable",
        "Kong's 503",
        "in a minute",
        document(503, message="failure to get a peer from the ring-balancer"),
    ),
    ("login-redirect", "a site that is elsewhere", "address of the API", redirect("https://www.example.org/")),
    ("login-redirect", "a log-in of the deployment", "log in there", redirect("/Account/Login?ReturnUrl=%2F")),
)

EITHER: tuple[tuple[str, str, str, HttpResponse], ...] = (
    (
        "request-filtered",
        "Cloudflare's rule",
        "let through",
        html("<title>Access denied | x used Cloudflare to restrict access</title>Error 1020", 403),
    ),
    (
        "request-filtered",
        "CloudFront's firewall",
        "let through",
        html("<h1>403 ERROR</h1>Request blocked. We can't connect to the server for this app.", 403),
    ),
    ("request-filtered", "Front Door's firewall", "let through", html("The request is blocked.<p>0abc</p>", 403)),
    (
        "request-filtered",
        "Application Gateway",
        "let through",
        response(403, f"<html>{CENTER}", "text/html", ("Server", "Microsoft-Azure-Application-Gateway/v2")),
    ),
    (
        "request-filtered",
        "AWS's firewall",
        "let through",
        response(403, f"<html>{CENTER}", "text/html", ("Server", "awselb/2.0")),
    ),
    (
        "request-filtered",
        "Amazon's API Gateway",
        "let through",
        document(403, ("x-amzn-ErrorType", "ForbiddenException"), message="Forbidden"),
    ),
    (
        "request-filtered",
        "Google's proxy",
        "exempt the OAuth endpoints",
        response(401, b"Invalid IAP credentials: empty token", "text/plain", ("X-Goog-IAP-Generated-Response", "true")),
    ),
    ("request-filtered", "Istio", "exempt the OAuth endpoints", response(403, b"RBAC: access denied", "text/plain")),
    ("request-filtered", "Umbrella", "let through", redirect("https://block.opendns.com/main?url=x")),
    (
        "request-filtered",
        "Blue Coat",
        "let through",
        html("Your system policy has denied access to the requested URL.", 403),
    ),
    ("hostname-unknown", "Django", "host name", html("<h1>DisallowedHost at /api/oauth2</h1>", 400)),
    ("hostname-unknown", "Rails", "host name", html("<h1>Blocked hosts: airisk.example.com</h1>", 403)),
    (
        "hostname-unknown",
        "Front Door",
        "host name",
        html("We weren't able to find your Azure Front Door Service configuration.", 404),
    ),
)

for code, name, fix, answer in AUTHORIZATION:
    case(code, lambda answer=answer: direct(replace_server(answer)), fix, name=name)
for code, name, fix, answer in EITHER:
    case(code, lambda answer=answer: direct(replace_server(answer)), fix, name=name)
    case(f"token-{code}", lambda answer=answer: refused(replace_server(answer)), fix, name=name)

NO_GRANT = document(
    403, error="unauthorized_client", error_description="Grant type 'authorization_code' not allowed for the client."
)
NO_ACCOUNT = document(400, error="invalid_grant", error_description="Account is not fully set up")
PASSWORD_FORM = document(422, detail=[{"loc": ["body", "username"], "msg": "Field required"}])
VALIDATION = document(
    400, title="Invalid", status=400, errors={"ClientSecret": ["The ClientSecret field is required."]}
)
NO_CODE = document(400, title="Invalid", status=400, errors={"Code": ["The Code field is required."]})

TOKEN: tuple[tuple[str, str, str, HttpResponse], ...] = (
    ("token-refused", "Spring Security's 403", "POST", spring(403, "Forbidden")),
    ("token-refused", "FastAPI's password grant", "token_path", PASSWORD_FORM),
    ("token-forgery-check", "Laravel's 419", "exempt", html("<title>Page Expired</title>419 | Page Expired", 419)),
    ("client-refused", "mutual TLS", "with a client secret", refusing("Client certificate is missing")),
    ("client-refused", "an assertion", "private_key_jwt", refusing("client_assertion is required (private_key_jwt)")),
    ("client-refused", "a list of what may be wrong", "client secret of “demo-app”", refusing(DOORKEEPER)),
    ("client-refused", "a 401 without a word", "client secret of “demo-app”", response(401, b"", "")),
    ("grant-type-wanted", "the grant is not allowed", "to allow the authorization-code grant", NO_GRANT),
    ("token-user-refused", "Keycloak's account", "account", NO_ACCOUNT),
    ("token-user-refused", "a quota that is used up", "whose quota", document(429, error="Monthly quota exceeded")),
    ("code-refused", "XML", "--mode direct", text("<Error><Message>Invalid grant</Message></Error>")),
    ("code-refused", "another client's code", "which application", text("The code was not issued to this client")),
    ("field-spelled-otherwise", "ASP.NET's validation", "--body json", VALIDATION),
    ("encoding-not-read", "ASP.NET's name of the code", "--body json", NO_CODE),
)
for code, name, fix, answer in TOKEN:
    case(code, lambda answer=answer: refused(replace_server(answer)), fix, name=name)

JARM = "eyJhbGciOiJSUzI1NiJ9.eyJjb2RlIjoiYyJ9.c2ln"
case(
    "redirect-empty",
    lambda: browser(callback(f"response={JARM}")),
    "without response_mode=jwt",
    name="the answer in one signed text",
)
case(
    "generic-token-accepted",
    lambda: with_probes((LIST_USERS, USERS), (GET_CONVERSATIONS, response(200, b"[]", JSON))),
    "Tell the administrator",
    name="an empty list",
)
case(
    "state-altered",
    lambda: browser(callback(f"code=x&state={STATE[:9]}", via="paste")),
    "copy the whole address",
    name="cut when it was copied",
)
case("state-altered", lambda: browser(callback(f"code=x&state=ctx.{STATE}")), "--state none", name="within other text")
case(
    "token-refused",
    lambda: refused(document(400, error="unauthorized_client")),
    "authorization-code grant",
    name="the grant, or the secret",
)
