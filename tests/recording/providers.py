"""Flows at well-known kinds of servers, as a browser's HAR has them: each with hops of its own before the redirect."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from tests.recording.hars import entry
from tests.recording.writers import log

APP = "https://app.example.com"
CALLBACK = f"{APP}/callback"
CODE = "M.C507_BL2.2.U.-abcDEF123456"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
JWT_STATE = "eyJhbGciOiJIUzI1NiJ9.eyJyIjoiLyJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZy1lbm91Z2g"
JSON = {"content-type": "application/json", "cache-control": "no-store"}
HTML = {"content-type": "text/html"}


def asking(url: str, **more: str) -> str:
    """The address of an authorization request of a page that proves its code (RFC 7636)."""
    fields = {"client_id": "abc", "response_type": "code", "redirect_uri": CALLBACK, "code_challenge": CHALLENGE}
    return f"{url}?{urlencode({**fields, **more})}"


def token(url: str, code: str = CODE, status: int = 200, **answer: str) -> dict[str, Any]:
    fields = {"grant_type": "authorization_code", "client_id": "abc", "code": code, "redirect_uri": CALLBACK}
    body: dict[str, Any] = answer or {
        "access_token": "opaque-access-token-0123456789",
        "token_type": "Bearer",
        "expires_in": 3599,
    }
    post = urlencode({**fields, "code_verifier": VERIFIER})
    return entry(6, url, status, "POST", {"origin": APP}, JSON, json.dumps(body), post)


def landed(query: str) -> dict[str, Any]:
    return entry(5, f"{CALLBACK}?{query}", 200, answer=HTML, body="<html>")


def answer_in_the_fragment() -> bytes:
    """A browser application asks for the answer behind "#", which no request shows."""
    first = asking("https://login.example.org/authorize", state="e30=", response_mode="fragment")
    sent = {"location": f"{CALLBACK}#code={CODE}&state=e30%3d&session_state=1"}
    login = entry(2, "https://login.example.org/login", 302, "POST", answer=sent, post="login=a&passwd=b")
    page = entry(1, first, 200, answer=HTML, body="<html>")
    return log([page, login, entry(5, CALLBACK), token("https://login.example.org/token")], "WebInspector")


def answer_in_a_form() -> bytes:
    first = entry(1, asking("https://login.example.org/authorize", state="s1", response_mode="form_post"), answer=HTML)
    back = entry(2, CALLBACK, 302, "POST", answer={"location": "/"}, post=urlencode({"code": CODE, "state": "s1"}))
    return log([first, back], "WebInspector")


def page_that_repeats_the_client() -> bytes:
    """The form of the log-in has the client's id in its address, and no redirect URI."""
    back = f"state=7d1c&iss=https%3A%2F%2Fsso.example.org&code={CODE}"
    sent = {"location": f"{CALLBACK}?{back}"}
    login = entry(
        2, "https://sso.example.org/authenticate?client_id=abc&tab_id=x", 302, "POST", answer=sent, post="u=a"
    )
    first = entry(1, asking("https://sso.example.org/auth", state="7d1c"), answer=HTML, body="<form>")
    return log([first, login, landed(back), token("https://sso.example.org/token")], "WebInspector")


def state_of_the_log_in() -> bytes:
    """The pages of the log-in have a parameter `state` of their own."""
    host, inner = "https://tenant.example.org", "state=hKFo2SBinner"
    first = entry(1, asking(f"{host}/authorize", state="c3RhdGU="), 302, answer={"location": f"/u/login?{inner}"})
    login = entry(
        2, f"{host}/u/login?{inner}", 302, "POST", answer={"location": f"/authorize/resume?{inner}"}, post=inner
    )
    back = f"code={CODE}&state=c3RhdGU%3D"
    resumed = entry(3, f"{host}/authorize/resume?{inner}", 302, answer={"location": f"{CALLBACK}?{back}"})
    return log([first, login, resumed, landed(back), token(f"{host}/oauth/token")], "WebInspector")


def state_that_is_a_jwt() -> bytes:
    back = f"code={CODE}&state={JWT_STATE}"
    first = entry(
        1, asking("https://idp.example.org/authorize", state=JWT_STATE), 302, answer={"location": f"{CALLBACK}?{back}"}
    )
    return log([first, landed(back), token("https://idp.example.org/token")], "WebInspector")


def address_that_comes_again() -> bytes:
    """After the log-in the server sends the browser to the authorization request once more."""
    url = asking("https://git.example.org/login/oauth/authorize", state="gh1")
    first = entry(1, url, 302, answer={"location": f"/login?return_to={quote(url, safe='')}"})
    login = entry(
        2, "https://git.example.org/session", 302, "POST", answer={"location": url}, post="login=a&password=b"
    )
    back = f"code={CODE}&state=gh1"
    return log(
        [first, login, entry(3, url, 302, answer={"location": f"{CALLBACK}?{back}"}), landed(back)], "WebInspector"
    )


def scheme_of_an_application() -> bytes:
    url = asking("https://idp.example.org/authorize", redirect_uri="com.example.app:/oauth2redirect", state="m1")
    sent = {"location": f"com.example.app:/oauth2redirect?code={CODE}&state=m1"}
    return log([entry(1, url, 302, answer=sent)], "WebInspector")


def verifier_refused() -> bytes:
    back = f"code={CODE}&state=v1"
    first = entry(
        1, asking("https://idp.example.org/authorize", state="v1"), 302, answer={"location": f"{CALLBACK}?{back}"}
    )
    refused = token(
        "https://idp.example.org/token", status=403, error="invalid_grant", error_description="Wrong verifier"
    )
    return log([first, landed(back), refused], "WebInspector")


def error_on_a_page() -> bytes:
    body = "<html>AADSTS50011: The redirect URI does not match those of the application.</html>"
    return log(
        [entry(1, asking("https://login.example.org/authorize", state="x1"), answer=HTML, body=body)], "WebInspector"
    )


def pushed_elsewhere() -> bytes:
    """The application's server pushed the request, so the browser's file does not hold its parameters."""
    url = "https://idp.example.org/authorize?client_id=abc&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc"
    return log([entry(1, url, 302, answer={"location": f"{CALLBACK}?code={CODE}&state=s1"})], "WebInspector")


def page_for_errors() -> bytes:
    """The server sends the browser to a page of its own, as ASP.NET's IdentityServer does."""
    there = "https://idp.example.org/home/error?errorId=CfDJ8"
    body = "<html><h1>Sorry, there was an error : unauthorized_client</h1><p>Invalid redirect_uri</p></html>"
    first = entry(1, asking("https://idp.example.org/authorize", state="s1"), 302, answer={"location": there})
    return log([first, entry(2, there, answer=HTML, body=body)], "WebInspector")


def handed_on() -> bytes:
    """The page at the redirect URI has its own server exchange the code."""
    back = f"code={CODE}&state=s1"
    first = asking("https://idp.example.org/authorize", state="s1")
    body, post = json.dumps({"message": "Failed to exchange code: invalid_grant"}), json.dumps({"code": CODE})
    sent = entry(6, f"{APP}/api/session", 401, "POST", {}, JSON, body, post, "application/json")
    return log([entry(1, first, 302, answer={"location": f"{CALLBACK}?{back}"}), landed(back), sent], "WebInspector")


def no_log_in_wanted() -> bytes:
    url = asking("https://idp.example.org/authorize", state="s1", prompt="none")
    return log([entry(1, url, 302, answer={"location": f"{CALLBACK}?error=login_required&state=s1"})], "WebInspector")


PROVIDERS: dict[str, tuple[Callable[[], bytes], tuple[str, tuple[str, ...]]]] = {
    "an answer in the fragment": (answer_in_the_fragment, ("token", ())),
    "an answer in a form": (answer_in_a_form, ("code", ())),
    "a page that repeats the client": (page_that_repeats_the_client, ("token", ())),
    "a state of the log-in's own": (state_of_the_log_in, ("token", ())),
    "a state that is a JWT": (state_that_is_a_jwt, ("token", ())),
    "an address that comes again": (address_that_comes_again, ("code", ())),
    "a scheme of an application": (scheme_of_an_application, ("code", ())),
    "a verifier that is refused": (verifier_refused, ("token-refused", ("field-refused",))),
    "an error on a page": (error_on_a_page, ("authorization-refused", ("page-names-error",))),
    "a request that was pushed elsewhere": (pushed_elsewhere, ("code", ())),
    "a page for errors": (page_for_errors, ("authorization-refused", ("page-names-error",))),
    "a code that is handed on": (handed_on, ("code", ("callback-failed",))),
    "no log-in wanted": (no_log_in_wanted, ("authorization-refused", ("interaction-required",))),
}
"""By what is special: the flow, its outcome, and the codes of its errors and warnings."""
