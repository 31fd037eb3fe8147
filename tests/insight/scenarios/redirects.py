"""What the redirect brought, and what the authorization server said in it."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Body
from tests.insight.plays import browser, direct, inputs, run
from tests.insight.scenarios.base import (
    JSON,
    case,
)
from tests.runs import (
    CODE,
    OPENED,
    OVER,
    STATE,
    URI,
    bound,
    callback,
    exchanged,
    good,
    redirect,
    response,
    stray,
    token_response,
)

# Redirect
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"http://127.0.0.1:8766/callback?code=x&state={STATE}")),
    "8766/callback",
)
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"myapp://callback?code=x&state={STATE}")),
    "--mode paste",
    name="an app's own scheme",
)
case(
    "error-elsewhere",
    lambda: direct(
        redirect("https://as.example.com/fallbacks/error?error=invalid_client&error_description=unknown+client")
    ),
    "--client-id",
)
case("redirect-relative", lambda: direct(redirect(f"/callback?code=x&state={STATE}")), "--mode paste")
case("redirect-relative", lambda: direct(redirect(f"?code=x&state={STATE}")), "--mode paste", name="a query alone")
case(
    "redirect-disguised",
    lambda: direct(redirect(f"http:\\\\127.0.0.1:8766\\callback?code=x&state={STATE}")),
    "Do not open that address",
    name="backslashes, over which browsers and libraries differ",
)
case(
    "redirect-elsewhere",
    lambda: direct(redirect(f"//127.0.0.1:8765/callback?code=x&state={STATE}")),
    "https://127.0.0.1:8765/callback",
    name="a host without a scheme, which takes that of the server",
)
QUERY_URI = f"{URI}?close=1"
case(
    "redirect-malformed",
    lambda: direct(redirect(f"{URI}?code=x&amp;state={STATE}")),
    "Have the server add",
    name="an HTML escape between the parameters",
)
case("redirect-malformed", lambda: direct(redirect(f"{URI}?code=x;state={STATE}")), name="semicolons")
case(
    "redirect-malformed",
    lambda: direct(redirect(f"{QUERY_URI}?code=x&state={STATE}"), redirect_uri=QUERY_URI),
    f"--redirect-uri to “{URI}”",
    name="a second question mark",
)
case("redirect-malformed", lambda: browser(callback(f"code=x&amp;state={STATE}")), name="HTML-escaped, by a browser")
case(
    "state-mismatch",
    lambda: direct(redirect(f"{URI}?code=x&state=")),
    "--state none",
    name="a state without a value",
)
case(
    "callback-malformed",
    lambda: browser(stray("other-path", f"/callback&code=x&state={STATE}"), OVER),
    "Have the server add",
)
case("location-malformed", lambda: direct(redirect(f"{URI}&code=x&state={STATE}")), name="no question mark")
case(
    "state-altered",
    lambda: run(inputs(mode="paste"), bound(), callback(f"code=x&state={STATE[:8]}", via="paste"), OVER),
    "copy the whole address",
    name="an address that was cut when it was copied",
)
case(
    "access-denied",
    lambda: direct(
        redirect(f"{URI}?error=access_denied&error_description=User+is+not+assigned+to+the+app&state={STATE}")
    ),
    "an assignment, a group or a role",
    name="a user who is not assigned",
)
case("duplicate-parameter", lambda: browser(callback(f"code=a&code=b&state={STATE}")), "code")
case("answer-in-fragment", lambda: direct(redirect(f"{URI}#code=x&state={STATE}")), "--mode paste")
case("state-altered", lambda: direct(redirect(f"{URI}?code=x&state={STATE.upper()}")), "lower-case")
case("state-altered", lambda: direct(redirect(f"{URI}?code=x&state={STATE[:8]}")), "at most 8", name="state cut")
case(
    "state-altered",
    lambda: direct(redirect(f"{URI}?code=x&state=a%20b"), state="a+b"),
    "--state",
    name="state decoded twice",
)
case(
    "state-mismatch",
    lambda: direct(redirect(f"{URI}?code=x&state=stranger")),
    "--state none",
    name="state changed by the server",
)
case(
    "state-mismatch",
    lambda: browser(callback("code=x&state=stranger"), OVER),
    "Close the other tabs",
    name="an old tab",
)
case("state-missing", lambda: direct(redirect(f"{URI}?code=x")), "--state none")
case("state-missing", lambda: browser(callback("code=x"), OVER), "--state none", name="state dropped, browser")
case("code-and-error", lambda: browser(callback(f"code=x&error=y&state={STATE}")), "administrator")
case(
    "redirect-empty",
    lambda: direct(redirect(f"{URI}?verifier=abcdef12&state={STATE}")),
    "--field code=verifier",
    name="a code under a name that nobody has heard of",
)
case(
    "answer-in-fragment",
    lambda: direct(redirect(f"{URI}#error=access_denied&state={STATE}")),
    "approve on the consent page",
    name="an error in the fragment",
)
case(
    "state-missing",
    lambda: direct(redirect(f"{URI}?code=x&State={STATE}")),
    "return it as “state”",
    name="the state under another name",
)
case("code-renamed", lambda: browser(callback(f"auth_code=x&state={STATE}")), "--field code=auth_code")
case("redirect-empty", lambda: browser(callback(f"state={STATE}"), OVER), "address bar")
case(
    "redirect-empty",
    lambda: browser(callback(f"code=&state={STATE}"), OVER),
    "if it stays",
    name="a code without a value",
)
case("redirect-empty", lambda: browser(callback(f"state={STATE}&ticket=x")), "--field code=ticket", name="another name")
case("token-in-redirect", lambda: browser(callback(f"access_token=x&state={STATE}")), "response_type=code")
case("code-not-filled-in", lambda: browser(callback(f"code=undefined&state={STATE}")), "comes again")
case("other-protocol", lambda: browser(callback(f"SAMLResponse=x&state={STATE}")), "--base-url")
case("error-renamed", lambda: browser(callback(f"errorCode=E1&errorMessage=no&state={STATE}")), "documentation")
case(
    "error-renamed",
    lambda: browser(callback(f"message=Access+was+denied&state={STATE}")),
    "documentation",
    name="a message that refuses",
)
case(
    "error-renamed",
    lambda: browser(callback(f"error_code=1&error_message=unknown+client&state={STATE}")),
    "--client-id",
    name="words",
)
case("form-repeated", lambda: issued_after_a_post(), "302 or 303")
case("forged-answer", lambda: issued_after_forgery(), "Change nothing")
case("state-not-verified", lambda: issued_by_paste(), "Paste the whole address")


def issued_after_forgery() -> FlowState:
    mine = inputs()
    return run(mine, bound(), OPENED, callback("code=x&state=forged"), good(at=1.1), exchanged(token_response(), mine))


def issued_after_a_post() -> FlowState:
    mine, came = inputs(), good()
    posted = replace(came.request, method="POST", body=Body.of(b"username=a&password=b"))
    return run(mine, bound(), OPENED, replace(came, request=posted), exchanged(token_response(), mine))


def issued_by_paste() -> FlowState:
    mine = inputs(mode="paste")
    came = callback(f"code={CODE.reference}", path="", via="bare-code")
    return run(mine, bound(), came, exchanged(token_response(), mine))


# Refusals
for error, code, fix in (
    ("access_denied", "access-denied", "approve"),
    ("unauthorized_client", "unauthorized-client", "demo-app"),
    ("invalid_scope", "invalid-scope", "--param scope="),
    ("server_error", "server-error", "administrator"),
    ("temporarily_unavailable", "temporarily-unavailable", "Wait"),
    ("login_required", "interaction-required", "--mode browser"),
    ("unsupported_response_type", "unsupported-response-type", "--param response_type=code"),
    ("invalid_request&error_description=response_type+is+missing", "invalid-request", "--param response_type=code"),
    ("invalid_request&error_description=code_challenge+required", "invalid-request", "--field pkce=true"),
    ("invalid_request&error_description=the+parameter+state+is+missing", "invalid-request", "administrator"),
    ("invalid_request&error_description=Missing+parameter:+audience", "invalid-request", "--param audience="),
    ("invalid_request&error_description=redirect_uri+does+not+match", "invalid-request", "--redirect-uri"),
    ("invalid_request", "invalid-request", "--param response_type=code"),
    ("invalid_client", "invalid-client", "--client-id"),
    ("invalid_client&error_description=redirection+URL+mismatch", "invalid-client", "--redirect-uri"),
    ("unauthorized_client&error_description=AADSTS700016:+Application+not+found", "unauthorized-client", "--client-id"),
    ("server_error&error_description=unknown+scope+x", "server-error", "--param scope"),
    ("redirect_uri_mismatch", "authorization-error-unknown", "--redirect-uri"),
    ("quota_exceeded", "authorization-error-unknown", "documentation"),
):
    case(code, lambda error=error: browser(callback(f"error={error}&state={STATE}")), fix, name=error)
case(
    "access-denied",
    lambda: direct(response(400, b'{"error":"access_denied","error_description":"no"}', JSON)),
    "approve",
    name="a JSON error in place of a redirect",
)
case(
    "state-missing",
    lambda: direct(redirect(f"{URI}?error=access_denied")),
    "--state none",
    name="denied, and the state dropped, asked directly",
)
case(
    "access-denied",
    lambda: direct(redirect(f"{URI}?error=access_denied"), state=None),
    "approve",
    name="denied, and no state sent",
)
