"""Logins of command-line tools, login proxies, ASP.NET in its hosts, files, pastes and what is around a run, in one batch."""

from __future__ import annotations

import gzip
from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

from tests.reports.answers import (
    as_json,
    documented_token,
    only_if,
    page,
    problem,
    redirect,
    reply,
    says,
)
from tests.reports.entries import AUTHORIZATION, BASE, FORM, authorization, back, entry, har, json_content, token
from tests.reports.report import CLIENT as CLIENT_ID
from tests.reports.report import CODE, STATE, URI, Asked, Direct, Har, Paste, Report, Right

CLIENT = r"client[ _-]?(?:id|secret)\b.{0,20}(?:wrong|unknown|replaced)|secret is wrong"
"""A false blame of the client."""

PERSON = r"(?:user|person|somebody|you) (?:said no|denied|declined|refused)"
"""A false blame of whoever logs in."""

SPENT = r"code (?:was|is|has)(?: been)? (?:already )?(?:used|expired|spent)"
"""A false blame of the code."""

HTML = "text/html; charset=utf-8"
OWNER = r"administrator|whoever|operator|owner|support"
"""Whom to ask where only the other side can mend it."""


def text_content(text: str, kind: str = HTML) -> dict[str, Any]:
    return {"size": len(text), "mimeType": kind, "text": text}


def asked_for(callback: str) -> str:
    """An authorization request of an application that is not on this machine."""
    fields = {"client_id": CLIENT_ID, "response_type": "code", "redirect_uri": callback, "state": STATE}
    return f"{BASE}/api/oauth2?{urlencode(fields)}"


def answered_at(callback: str, status: int, text: str, kind: str = HTML, **headers: str) -> dict[str, Any]:
    """A file in which the browser brings code and state to an application, which answers so."""
    brought = f"{callback}?code={CODE}&state={STATE}"
    return har(
        authorization(brought, url=asked_for(callback)),
        back(brought, status, headers={"Content-Type": kind, **headers}, content=text_content(text, kind)),
    )


def developers_page(*lines: str) -> str:
    """What ASP.NET Core shows of an exception where it was told to."""
    told = "".join(f"<div class='titleerror'>{line}</div>" for line in lines)
    return (
        "<head><title>Internal Server Error</title></head><body><h1>An unhandled exception occurred while processing the request.</h1>"
        f"{told}<p class='location'>Microsoft.AspNetCore</p></body>"
    )


def packed_token(asked: Asked) -> bytes:
    """The documented token, packed, without a header that says so."""
    body = documented_token(asked).split(b"\r\n\r\n", 1)[1]
    return reply(200, gzip.compress(body), ("Content-Type: application/json; charset=utf-8", "Cache-Control: no-store"))


def has_authorization(asked: Asked) -> bool:
    return "authorization" in asked.headers


PROXY_CALLBACK = "https://app.example.net/oauth2/callback"
FORWARD_AUTH = "https://auth.example.net/_oauth"
SIGN_IN = "https://app.example.net/signin-oidc"
MESH = "https://app.example.net/callback"
LOGIN = "https://app.example.net/Login"
LONG_CODE = "AQABAAIAAADX8GCi6Js6SK82TsD2Pb7r" * 20
LONG_BACK = f"{LOGIN}?code={LONG_CODE}&state={STATE}"
FRIENDLY = f"/Login/code/{LONG_CODE}/state/{STATE}"

REPORTS = (
    Report(
        name="client-of-another-account",
        source="databricks/dbt-databricks#1067",
        symptom="The client ID was registered in another account, and the browser shows JSON that says: not available.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "error_description": f"OAuth application with client_id: '{CLIENT_ID}' not available in Databricks account 'f1c2'.",
                    "error": "invalid_request",
                },
            )
        ),
        right=Right(
            says=r"not available|client.?id|application",
            fix=r"client.?id|regist|account|administrator",
            never=rf"secret is wrong|{PERSON}|redirect.?uri (?:is|was) not",
            sent_code=None,
        ),
    ),
    Report(
        name="netrc-puts-its-login-before-the-token-request",
        source="psf/requests#6928, psf/requests#3929",
        symptom="A file with logins of other programs names the host, its login goes out with each request, and the client is refused.",
        play=Direct(
            token=only_if(has_authorization, problem(401), documented_token),
            variables={"NETRC": "{folder}/netrc"},
            files={"netrc": "machine 127.0.0.1\n  login ada\n  password s3cret-of-another-program\n"},
        ),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
    Report(
        name="state-of-one-character",
        source="itskovacs/trip#11, perses/perses#3612, enchant97/note-mark#235",
        symptom="The state is a slash, and the server wants eight characters at least.",
        play=Direct(
            options=("--state", "/"),
            authorize=redirect(
                "{uri}?error=invalid_state&error_description=The+state+is+missing+or+does+not+have+enough+characters+and+is+therefore"
                "+considered+too+weak.+Request+parameter+%27state%27+must+be+at+least+be+8+characters+long+to+ensure+sufficient+entropy."
                "&state=%2F"
            ),
        ),
        right=Right(
            says=r"state",
            fix=r"--state|longer|random|eight|8 char|without a state of",
            never=rf"{CLIENT}|{PERSON}|another (?:run|attempt)|state (?:differs|does not match)",
            sent_code=None,
        ),
    ),
    Report(
        name="runtime-is-not-installed-on-the-server",
        source="dotnet/aspnetcore#14443, blrchen/azure-speed-test#101",
        symptom="The application was moved to a newer .NET, which the server has not got, and IIS says 500.31.",
        play=Direct(
            authorize=page(
                500,
                "<head><title>IIS 500.31 Error</title></head><body><div id='content'><h3>HTTP Error 500.31 - ANCM Failed to Find Native "
                "Dependencies</h3><h4>Common solutions to this issue:</h4><p>The specified version of Microsoft.NetCore.App or "
                "Microsoft.AspNetCore.App was not found.</p><h4>Troubleshooting steps:</h4><ul><li>Check the system event log for error "
                "messages</li><li>Enable logging the application process' stdout messages</li></ul></div></body>",
                "Server: Microsoft-IIS/10.0",
                "X-Powered-By: ASP.NET",
            )
        ),
        right=Right(
            says=r"\bstart|runtime|\.NET|not found|500\.31",
            tells=r"runtime|\.NET|framework|start",
            fix=rf"{OWNER}|runtime|install|event log",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not|spells the path",
        ),
    ),
    Report(
        name="host-of-the-functions-does-not-run",
        source="Azure/static-web-apps#155, Azure/azure-functions-host#4637, Azure/azure-functions-host#1209",
        symptom="The token endpoint is a function, whose host does not start over its own settings, and 503 says that it is not running.",
        play=Direct(
            token=says(
                503,
                "Function host is not running.",
                "Server: Microsoft-IIS/10.0",
                "X-Powered-By: ASP.NET",
                "Cache-Control: no-cache",
            )
        ),
        right=Right(
            says=r"not running|does not run|\bstart|Function",
            fix=rf"{OWNER}|restart|portal|platform|again",
            never=rf"{CLIENT}|{PERSON}|{SPENT}",
        ),
    ),
    Report(
        name="application-writes-the-code-into-its-path",
        source="davidjrh/dnn.azureadprovider#16",
        symptom="The application makes friendly addresses of its queries, of the callback's too, and IIS refuses the long path.",
        play=Har(
            archive=har(
                authorization(LONG_BACK, url=asked_for(LOGIN)),
                back(LONG_BACK, 301, headers={"Location": FRIENDLY, "Server": "Microsoft-IIS/10.0"}),
                entry(
                    2,
                    "GET",
                    f"https://app.example.net{FRIENDLY}",
                    400,
                    headers={"Content-Type": "text/html; charset=us-ascii", "Server": "Microsoft-HTTPAPI/2.0"},
                    content=text_content(
                        "<!DOCTYPE HTML><HTML><HEAD><TITLE>Bad Request</TITLE></HEAD><BODY><h2>Bad Request - Invalid URL</h2><hr><p>HTTP "
                        "Error 400. The request URL is invalid.</p></BODY></HTML>",
                        "text/html; charset=us-ascii",
                    ),
                ),
            )
        ),
        right=Right(
            says=r"Invalid URL|address|path|400",
            tells=r"path|rewrit|friendly|in its address|segment",
            fix=rf"application|rewrit|address|path|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|redirect.?uri (?:is|was) not|host name",
        ),
    ),
    Report(
        name="front-door-has-no-answer",
        source="microsoft/MCW-Building-a-resilient-IaaS-architecture#73, Azure/static-web-apps#774",
        symptom="The edge was set up for one protocol and asked in the other; its page says that the services are not available right now.",
        play=Direct(
            authorize=page(
                503,
                "<head><title>Service unavailable</title></head><body><h2>Our services aren't available right now</h2><p>We're working to "
                "restore all services as soon as possible. Please check back soon.</p>0WKZEYgAAAADMF2yZfE7ZTZg4DKn+e7zUQU1TMDRFREdF"
                "</body>",
                "X-Azure-Ref: 0WKZEYgAAAADMF2yZfE7ZTZg4DKn+e7zUQU1TMDRFREdF",
                "X-Cache: CONFIG_NOCACHE",
            )
        ),
        right=Right(
            says=r"Front Door|in front|edge|delivery network|Azure|gateway",
            fix=rf"{OWNER}|again|Front Door|in front|behind",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="body-in-a-file-of-its-own",
        source="mrichman/hargo#31, microsoft/playwright#14962",
        symptom="The tool writes each body into a file beside the HAR, which names it, and only the HAR was handed over.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(content={"size": 96, "mimeType": "application/json", "_file": "6bf9ab0f1c2d3e4f.json"}),
            )
        ),
        right=Right(
            tells=r"6bf9ab0f|_file|file of its own|another file|beside|separate|attach|zip|not (?:in|part of) the (?:file|HAR|recording)"
            r"|left (?:it )?out|leaves? out|no body|does not hold|without (?:its|the|a) (?:body|text)|not (?:kept|recorded)",
            fix=r"archive|zip|attach|other files?|those|6bf9ab0f",
            never=rf"left (?:the body|it) out|broke off|brought no token|without a token|empty answer|{CLIENT}|{SPENT}",
        ),
    ),
    Report(
        name="date-in-two-headers",
        source="microsoft/playwright#29261",
        symptom="The tool took the comma in a date for one between two headers, so that the file has two of the name Date.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    response={
                        "headers": [
                            {"name": "Date", "value": "Fri"},
                            {"name": "Date", "value": "27 Nov 2026 12:00:02 GMT"},
                            {"name": "Content-Type", "value": "application/json"},
                        ]
                    }
                ),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="login-proxy-does-not-admit-the-account",
        source="oauth2-proxy/oauth2-proxy#622, oauth2-proxy/oauth2-proxy#776, bitly/oauth2_proxy#123",
        symptom="The login is right, and the login proxy at the redirect URI answers 403: Invalid Account.",
        play=Har(
            archive=answered_at(
                PROXY_CALLBACK,
                403,
                "<!DOCTYPE html><html><head><title>403 Permission Denied</title></head><body><h2>403 Permission Denied</h2><p>Invalid "
                "Account</p><hr><form method='GET' action='/oauth2/sign_in'><input type='hidden' name='rd' value='/'><button>Sign In"
                "</button></form><footer>Secured with <a href='https://github.com/oauth2-proxy/oauth2-proxy'>OAuth2 Proxy</a></footer>"
                "</body></html>",
            )
        ),
        right=Right(
            says=r"403|Invalid Account",
            tells=r"(?:not (?:admit|let)|may not)[^.]{0,30}account|account[^.]{0,30}not (?:admit|let|allow)",
            fix=rf"account|e-?mail|admit|allow|log|application|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|redirect.?uri (?:is|was) not|CSRF|asks for a log-?in of its own",
        ),
    ),
    Report(
        name="network-of-ipv6-among-the-exceptions-of-the-proxy",
        source="MoonshotAI/kimi-cli#1959, orbstack/orbstack#2456",
        symptom="NO_PROXY lists networks, one of them of IPv6, and the client dies over its colon before it asks anything.",
        play=Direct(
            variables={
                "HTTP_PROXY": "http://127.0.0.1:{closed}",
                "NO_PROXY": "localhost,127.0.0.1,::1,.lan,10.0.0.0/8,192.168.0.0/16,fd07:b51a:cc66:f0::/64",
            }
        ),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
    Report(
        name="state-cannot-be-decrypted-by-the-application",
        source="DuendeArchive/Support#1020, DuendeArchive/IdentityServer4#5044",
        symptom="Two providers come back to one callback path, and the application cannot decrypt a state that another part of it made.",
        play=Har(
            archive=answered_at(
                SIGN_IN,
                500,
                "<!DOCTYPE html><html>"
                + developers_page(
                    "Exception: Unable to unprotect the message.State.",
                    "An error was encountered while handling the remote login.",
                )
                + "</html>",
                Server="Kestrel",
            )
        ),
        right=Right(
            says=r"unprotect|state",
            tells=r"\bkeys?\b|protect|decrypt|application|instance",
            fix=rf"\bkeys?\b|application|instance|callback|cookie|log|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|state (?:differs|does not match|was changed|has changed)|forged",
        ),
    ),
    Report(
        name="application-leads-to-its-callback-once-more",
        source="dotnet/aspnetcore#32153",
        symptom="The login succeeds, the application goes on to its own callback path without a parameter, and misses the state there.",
        play=Har(
            archive=har(
                authorization(f"{SIGN_IN}?code={CODE}&state={STATE}", url=asked_for(SIGN_IN)),
                back(f"{SIGN_IN}?code={CODE}&state={STATE}", 302, headers={"Location": "/signin-oidc"}),
                entry(
                    2,
                    "GET",
                    SIGN_IN,
                    500,
                    headers={"Content-Type": HTML, "Server": "Kestrel"},
                    content=text_content(
                        "<!DOCTYPE html><html>"
                        + developers_page(
                            "Exception: The oauth state was missing or invalid.",
                            "An error was encountered while handling the remote login.",
                        )
                        + "</html>"
                    ),
                ),
            )
        ),
        right=Right(
            says=r"state was missing|callback|redirect|500",
            tells=r"itself|own callback|same (?:path|address)"
            r"|without (?:a |any |the |its )?(?:code|parameter|query|state|answer)",
            fix=rf"application|redirect|callback|{OWNER}",
            never=rf"to a log-?in|{CLIENT}|{PERSON}|{SPENT}|state (?:differs|does not match|was changed|has changed)",
        ),
    ),
    Report(
        name="scope-broken-in-two-by-the-terminal",
        source="heytcass/home-assistant-addons#98",
        symptom="The terminal broke the address in the middle of a scope, so that the server meets two, and knows neither.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    f"{AUTHORIZATION}&response_type=code&scope=org%3Acreate_api_key+use%20r%3Aprofile+user%3Ainference",
                    400,
                    headers={"Content-Type": HTML},
                    content=text_content(
                        "<!DOCTYPE html><html><head><title>Invalid request</title></head><body><h1>Invalid OAuth Request</h1><p>Unknown "
                        "scope: use</p></body></html>"
                    ),
                )
            )
        ),
        right=Right(
            says=r"scope",
            fix=r"scope",
            tells=r"\buse\b[\s\S]{0,120}(?:not know|unknown|no such|offer|regist|broken|space|copied)"
            r"|(?:not know|unknown|no such|broken|space|copied)[\s\S]{0,120}\buse\b",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="workspace-is-not-entitled",
        source="openai/codex#12289",
        symptom="access_denied comes with one word: the workspace of whoever logs in has no right to the product.",
        play=Direct(
            authorize=redirect("{uri}?error=access_denied&error_description=missing_codex_entitlement&state={state}")
        ),
        right=Right(
            says=r"entitle",
            fix=rf"workspace|licen[cs]e|plan\b|subscri|enabl|entitle|{OWNER}",
            never=rf"consent page|{CLIENT}|{PERSON}|press(?:ed)? (?:no|cancel|deny)",
            sent_code=None,
        ),
    ),
    Report(
        name="conditional-access-blocks-the-token",
        source="microsoft/vscode-azure-account#465, microsoft/vscode-azure-account#496, Azure/azure-cli#32809",
        symptom="The login in the browser succeeds, and a policy keeps the token from this machine: interaction_required, AADSTS53003.",
        play=Direct(
            token=as_json(
                400,
                {
                    "error": "interaction_required",
                    "error_description": "AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not "
                    "allow token issuance. Trace ID: 18effdca-34af-4960-954e-f79e58bdf200 Correlation ID: "
                    "5baad7fb-8e4e-43de-9b7d-8dca28a2463c Timestamp: 2026-11-28 08:27:06Z",
                    "error_codes": [53003],
                    "timestamp": "2026-11-28 08:27:06Z",
                    "trace_id": "18effdca-34af-4960-954e-f79e58bdf200",
                    "correlation_id": "5baad7fb-8e4e-43de-9b7d-8dca28a2463c",
                    "suberror": "message_only",
                },
            )
        ),
        right=Right(
            says=r"Conditional Access|polic(?:y|ies)",
            fix=rf"polic(?:y|ies)|device|network|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|prompt=none",
        ),
    ),
    Report(
        name="filter-of-the-mesh-fails-at-its-callback",
        source="envoyproxy/envoy#41902, envoyproxy/envoy#13637",
        symptom="Several tabs were open at the login; all but the last come back to the proxy's callback and get 401: OAuth flow failed.",
        play=Har(archive=answered_at(MESH, 401, "OAuth flow failed.", "text/plain", Server="envoy")),
        right=Right(
            says=r"401|OAuth flow failed",
            tells=r"Envoy|OAuth flow failed|mesh|proxy|filter",
            fix=rf"log|proxy|filter|tab|again|application|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|redirect.?uri (?:is|was) not|state (?:differs|does not match)",
        ),
    ),
    Report(
        name="outpost-has-no-application-of-this-name",
        source="goauthentik/authentik#3229, goauthentik/authentik#4253",
        symptom="A login proxy answers in JSON that no application belongs to this host name.",
        play=Direct(
            authorize=as_json(
                400,
                {
                    "Message": "no app for hostname",
                    "Host": "{host}",
                    "Detail": "Check the outpost settings and make sure '{host}' is included.",
                },
            )
        ),
        right=Right(
            says=r"host",
            tells=r"outpost|authentik|in front|proxy",
            fix=rf"outpost|host|--base-url|proxy|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="file-of-authorities-that-is-a-web-page",
        source="curioswitch/pyqwest#216, nodejs/help#2964",
        symptom="SSL_CERT_FILE names a file in which no certificate is: a page was saved under its name.",
        play=Direct(
            certificate="private authority",
            variables={"SSL_CERT_FILE": "{folder}/corporate.pem"},
            files={
                "corporate.pem": "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>\n"
            },
        ),
        right=Right(
            says=r"SSL_CERT_FILE|corporate\.pem",
            fix=r"SSL_CERT_FILE|corporate\.pem|PEM",
            never=rf"--base-url|{CLIENT}|certificate-expired|clock|no such file|is not there|does not exist",
        ),
    ),
    Report(
        name="forward-auth-does-not-admit-the-account",
        source="thomseddon/traefik-forward-auth#147, thomseddon/traefik-forward-auth#324",
        symptom="Somebody chose the wrong account, and the check behind the router answers its callback with two words: Not authorized.",
        play=Har(archive=answered_at(FORWARD_AUTH, 401, "Not authorized\n", "text/plain; charset=utf-8")),
        right=Right(
            says=r"401|Not authorized",
            fix=rf"account|e-?mail|cookie|log|application|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|redirect.?uri (?:is|was) not|state (?:differs|does not match)",
        ),
    ),
    Report(
        name="limit-of-forms-set-to-the-largest-number",
        source="DuendeArchive/IdentityServer4#3751",
        symptom="The server set its limits for forms to the largest number there is, and its token endpoint throws over every form.",
        play=Direct(
            token=page(
                500,
                developers_page(
                    "InvalidDataException: Form key length limit 2147483647 or value length limit 2147483647 exceeded.",
                    "Microsoft.AspNetCore.WebUtilities.FormPipeReader.ThrowKeyOrValueTooLargeException()",
                ),
                "Server: Kestrel",
            )
        ),
        right=Right(
            says=r"InvalidDataException|limit|exception|error of its own|fail",
            fix=OWNER,
            never=rf"{CLIENT}|{PERSON}|{SPENT}|shorten|shorter|too large for|too long",
        ),
    ),
    Report(
        name="call-of-a-script-is-led-to-the-login",
        source="DuendeArchive/IdentityServer4#3281, dotnet/aspnetcore#46305, DuendeArchive/Support#75",
        symptom="The session is over; a script's call is redirected to the authorization endpoint, which answers the preflight with 405.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    "https://app.example.net/api/customers",
                    302,
                    sent={"X-Requested-With": "XMLHttpRequest", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
                    headers={"Location": asked_for(SIGN_IN)},
                    _resourceType="xhr",
                ),
                entry(
                    1,
                    "OPTIONS",
                    asked_for(SIGN_IN),
                    405,
                    sent={
                        "Origin": "https://app.example.net",
                        "Access-Control-Request-Method": "GET",
                        "Access-Control-Request-Headers": "x-requested-with",
                        "Sec-Fetch-Mode": "cors",
                    },
                    headers={"Allow": "GET, POST"},
                    _resourceType="preflight",
                ),
            )
        ),
        right=Right(
            tells=r"CORS|preflight|script|XHR|fetch|Access-Control",
            fix=r"navigat|window|address bar|whole page|open|401|application|script|log in",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not|{SPENT}",
        ),
    ),
    Report(
        name="login-page-in-a-hidden-frame",
        source="damienbod/angular-auth-oidc-client#106, IdentityServer/IdentityServer3.Samples#75",
        symptom="A page renews its token in a hidden frame; the session is over, and the login page forbids to be shown in a frame.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    asked_for("https://app.example.net/silent-renew.html"),
                    302,
                    sent={
                        "Sec-Fetch-Dest": "iframe",
                        "Sec-Fetch-Mode": "navigate",
                        "Referer": "https://app.example.net/",
                    },
                    headers={"Location": "/accounts/sign_in"},
                ),
                entry(
                    1,
                    "GET",
                    f"{BASE}/accounts/sign_in",
                    200,
                    sent={
                        "Sec-Fetch-Dest": "iframe",
                        "Sec-Fetch-Mode": "navigate",
                        "Referer": "https://app.example.net/",
                    },
                    headers={"Content-Type": HTML, "X-Frame-Options": "SAMEORIGIN"},
                    content=text_content(
                        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method='post' action='/accounts/sign_in'>"
                        "<input name='login'><input name='password' type='password'></form></body></html>"
                    ),
                ),
            )
        ),
        right=Right(
            says=r"log-?\s?in|sign-?\s?in|frame|page",
            tells=r"frame|X-Frame-Options",
            fix=r"log in|sign in|frame|window|prompt|session",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not|{SPENT}",
        ),
    ),
    Report(
        name="container-app-is-stopped",
        source="microsoft/azure-container-apps#1613, microsoft/azure-container-apps#755, microsoft/azure-container-apps#1714",
        symptom="The platform answers in the container's place: 404, this Container App is stopped or does not exist.",
        play=Direct(
            authorize=page(
                404,
                "<head><title>Azure Container App - Unavailable</title></head><body><h1>Error 404 - This Container App is stopped or does "
                "not exist.</h1><p>The Container App you have attempted to reach is currently stopped or does not exist.</p></body>",
            )
        ),
        right=Right(
            says=r"not there|not exist|no longer",
            fix=rf"start|portal|platform|ingress|--base-url|address|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="proxy-puts-its-own-host-into-the-redirect",
        source="go-gitea/gitea#5888, hkamel/sonar-auth-aad#78, IdentityServer/IdentityServer3#3198",
        symptom="IIS passes requests on and writes its own host into each redirect, that to the application's redirect URI too.",
        play=Direct(
            redirect_uri="https://app.example.net/callback",
            authorize=redirect(
                "https://{host}/callback?code={code}&state={state}",
                "Server: Microsoft-IIS/10.0",
                "X-Powered-By: ARR/3.0",
            ),
        ),
        right=Right(
            says=r"host|app\.example\.net",
            tells=r"proxy|rewr|in front|(?:another|other|wrong) (?:host|address)|other than|instead of|in place of|not the redirect",
            fix=rf"proxy|rewrit|in front|server|regist|{OWNER}",
            never=rf"{CLIENT}|{PERSON}|{SPENT}",
            sent_code=(CODE, None),
        ),
    ),
    Report(
        name="secret-is-encoded-for-basic",
        source="usebruno/bruno#5512, usebruno/bruno#6194",
        symptom="The client encodes its secret before it goes into Basic, as the standard has it, and the server takes it as it stands.",
        play=Har(
            archive=har(
                authorization(),
                back(),
                token(
                    401,
                    sent={
                        "Authorization": "Basic " + b64encode(b"demo-app:ucgYUhbc%3D").decode(),
                        "User-Agent": "bruno-runtime/2.10.0",
                        "Content-Type": FORM,
                    },
                    post={
                        "mimeType": FORM,
                        "text": urlencode({"grant_type": "authorization_code", "code": CODE, "redirect_uri": URI}),
                    },
                    headers={"Content-Type": "application/json", "WWW-Authenticate": 'Basic realm="token"'},
                    content=json_content('{"error":"invalid_client"}'),
                ),
            )
        ),
        right=Right(
            says=r"client|secret|Basic",
            tells=r"percent|%3D|url-?encod|encoded",
            fix=r"encod|body|as it is|post|secret",
            never=rf"{PERSON}|{SPENT}|redirect.?uri (?:differs|is not|was not)",
        ),
    ),
    Report(
        name="web-socket-beside-the-flow",
        source="ProxymanApp/Proxyman#976",
        symptom="Beside the flow a page holds a web socket open, with messages whose opcode is out of every range.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    "wss://airisk.example.com/hub?id=4f",
                    101,
                    sent={"Upgrade": "websocket", "Connection": "Upgrade"},
                    headers={"Upgrade": "websocket", "Connection": "Upgrade"},
                    _resourceType="websocket",
                    _webSocketMessages=[
                        {
                            "type": "send",
                            "time": 1795780801.25,
                            "opcode": 1,
                            "data": '{"protocol":"json","version":1}\u001e',
                        },
                        {"type": "receive", "time": 1795780801.5, "opcode": -1, "data": ""},
                    ],
                ),
                authorization(),
                back(),
                token(),
            )
        ),
        right=Right(outcome=("token",), quiet=True),
    ),
    Report(
        name="address-to-open-was-escaped-for-html",
        source="googlearchive/PyDrive#204",
        symptom="The notebook shows the address with &amp; in place of &, it is opened so, and all parameters but the first are missed.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    f"{AUTHORIZATION}&scope=files&access_type=offline&response_type=code".replace("&", "&amp;"),
                    400,
                    headers={"Content-Type": HTML},
                    content=text_content(
                        "<!DOCTYPE html><html><head><title>Error 400 (OAuth2 Error)</title></head><body><p><b>400.</b> <ins>That's an "
                        "error.</ins></p><p><b>Error: invalid_request</b></p><p>Required parameter is missing: response_type</p></html>"
                    ),
                )
            )
        ),
        right=Right(
            says=r"amp;|&amp|escap",
            fix=r"amp;|&|escap|address|cop(?:y|ied)|open",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="code-and-state-with-a-space-between-them",
        source="mpfaffenberger/code_puppy#618",
        symptom="The person pastes the code, and behind a space the state.",
        play=Paste(pasted="{code} {state}\n"),
        right=Right(outcome=("token",), sent_code=CODE),
    ),
    Report(
        name="console-puts-a-space-into-the-path",
        source="googleworkspace/node-samples#39",
        symptom="The console wrapped the address, a space came along in its path, and the server knows no such path.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    AUTHORIZATION.replace("/api/oauth2?", "/api/oa%20uth2?"),
                    404,
                    headers={"Content-Type": HTML},
                    content=text_content(
                        "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)</title><p><b>404.</b> <ins>That's an error.</ins><p>The "
                        "requested URL was not found on this server.</html>"
                    ),
                )
            )
        ),
        right=Right(
            says=r"404|path|space|%20",
            tells=r"\bspaces?\b|white ?space|blank|(?:holds|has|contains) “?%20",
            fix=r"space|%20|path|address|cop(?:y|ied)",
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="packed-answer-that-does-not-say-so",
        source="modelcontextprotocol/typescript-sdk#2408",
        symptom="The token comes packed with gzip, the header that says so is lost on the way, and the parser stops at the first byte.",
        play=Direct(token=packed_token),
        right=Right(
            tells=r"gzip|compress|packed|Content-Encoding",
            never=rf"{CLIENT}|{PERSON}|{SPENT}|firewall|log-?in page",
        ),
    ),
    Report(
        name="certificate-behind-the-edge-is-not-valid",
        source="unlicense/unlicense.org#64, nextcloud-snap/nextcloud-snap#2666, cloudflare/cloudflared#15",
        symptom="The edge does not accept the certificate of the server behind it, and its page says 526.",
        play=Direct(
            token=page(
                "526 Origin SSL Certificate Error",
                "<head><title>airisk.example.com | 526: Invalid SSL certificate</title></head><body><h1>Invalid SSL certificate <span>"
                "Error code 526</span></h1><div>You: Working</div><div>Cloudflare: Working</div><div>airisk.example.com: Error</div>"
                "<h2>What happened?</h2><p>The origin web server does not have a valid SSL certificate.</p><p>Cloudflare Ray ID: "
                "4d9a434febd8254d</p></body>",
                "Server: cloudflare",
                "CF-RAY: 4d9a434febd8254d-FRA",
            )
        ),
        right=Right(
            says=r"526|Cloudflare|certificate",
            tells=r"behind|origin|in front|edge",
            fix=rf"certificate|behind|origin|{OWNER}",
            never=rf"SSL_CERT_FILE|--ca-file|{CLIENT}|{PERSON}|{SPENT}|clock of this machine",
        ),
    ),
    Report(
        name="registration-that-the-server-has-forgotten",
        source="supabase/mcp#355, anthropics/claude-code#84614",
        symptom="The client registered itself long ago, the server has dropped that, and 422 says in JSON: Unrecognized client_id.",
        play=Direct(authorize=as_json(422, {"message": "Unrecognized client_id"})),
        right=Right(
            says=r"client",
            fix=r"regist|client.?id",
            never=rf"secret is wrong|{PERSON}|redirect.?uri (?:is|was) not",
            sent_code=None,
        ),
    ),
    Report(
        name="consent-was-sent-twice",
        source="openai/codex#2834",
        symptom="access_denied comes after consent was given: the answer of the consent page had been used before.",
        play=Direct(
            authorize=redirect(
                "{uri}?error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request.+The+consent"
                "+verifier+has+already+been+used.&state={state}"
            )
        ),
        right=Right(
            says=r"consent verifier|already been used",
            tells=r"already|twice|again|second|once",
            fix=r"again|new|anew|start|once|fresh",
            never=rf"consent[^.]{0, 40}has not been given|{CLIENT}|{PERSON}|{SPENT}|ask the person",
            sent_code=None,
        ),
    ),
    Report(
        name="server-has-no-way-to-log-people-in",
        source="aspnet/Security#1495",
        symptom="The server's start-up code names no scheme for its login, and the authorization endpoint throws.",
        play=Direct(
            authorize=page(
                500,
                developers_page(
                    "InvalidOperationException: No authenticationScheme was specified, and there was no DefaultChallengeScheme found.",
                    "Microsoft.AspNetCore.Authentication.AuthenticationService.ChallengeAsync(HttpContext context, string scheme)",
                ),
                "Server: Kestrel",
            )
        ),
        right=Right(
            says=r"authenticationScheme|InvalidOperationException|exception|error of its own|fail",
            fix=OWNER,
            never=rf"{CLIENT}|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
    Report(
        name="client-id-that-the-container-does-not-have",
        source="diegosouzapw/OmniRoute#1108, diegosouzapw/OmniRoute#1204",
        symptom="In the container the variable of the client ID is not set, and the address is opened with an empty one.",
        play=Har(
            archive=har(
                entry(
                    0,
                    "GET",
                    f"{BASE}/api/oauth2?response_type=code&client_id=&redirect_uri={quote(URI, safe='')}&state={STATE}",
                    400,
                    headers={"Content-Type": HTML},
                    content=text_content(
                        "<!DOCTYPE html><html><head><title>Authentication Error</title></head><body><h1>Authentication Error</h1><p>An "
                        "error occurred during authentication (empty_string). Please try again.</p></body></html>"
                    ),
                )
            )
        ),
        right=Right(
            says=r"client.?id",
            tells=r"empty|no value|without (?:a )?value|blank|missing|nothing in",
            fix=r"client.?id|variable|setting|configur",
            never=rf"secret is wrong|{PERSON}|redirect.?uri (?:is|was) not",
        ),
    ),
)
