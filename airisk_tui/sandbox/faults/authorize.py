"""Faults of step 1: the authorization endpoint and the redirect to the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from msgspec.structs import replace

from airisk_tui.sandbox.answer import Answer, Redirect, html, json_answer, plain
from airisk_tui.sandbox.call import Call
from airisk_tui.sandbox.faults.fault import Fault, always
from airisk_tui.sandbox.grants import Grant
from airisk_tui.sandbox.registry import SandboxData

LOGIN_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Sign in</title><h1>Sign in</h1>"
    "<form><label>User name <input name=user></label> <label>Password <input type=password name=password></label>"
    " <button disabled>Sign in</button></form></html>"
)
SERVER_ERROR: Final = "server_error", "The authorization server met an unexpected condition"


def _errored(redirect: Redirect, error: str, description: str) -> Redirect:
    kept = redirect.without("code", "error", "error_description")
    return replace(redirect, params=(("error", error), ("error_description", description), *kept))


def _changed_state(redirect: Redirect) -> Redirect:
    params = tuple((name, value[::-1] + "0" if name == "state" else value) for name, value in redirect.params)
    return replace(redirect, params=params)


def _other_port(redirect: Redirect) -> Redirect:
    parts = urlsplit(redirect.uri)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    other = port + 1 if port < 65_535 else port - 1
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return replace(redirect, uri=urlunsplit(parts._replace(netloc=f"{host}:{other}")))


def _doubled_code(redirect: Redirect) -> Redirect:
    extra = tuple((name, value[::-1]) for name, value in redirect.params if name == "code")
    return replace(redirect, params=(*redirect.params, *extra))


def _renamed_code(redirect: Redirect) -> Redirect:
    params = tuple(("auth_code" if name == "code" else name, value) for name, value in redirect.params)
    return replace(redirect, params=params)


def _instead_of_the_code(*params: tuple[str, str]) -> Callable[[Redirect], Redirect]:
    """A redirect with these parameters in the code's place."""
    return lambda redirect: replace(redirect, params=(*params, *redirect.without("code")))


def _other_user(grant: Grant, data: SandboxData) -> Grant:
    others = (user.id for user in data.users if user.id != grant.userid)
    return replace(grant, subject=next(others, None) if grant.userid else None)


def _fetched(call: Call) -> Answer:
    """The answer of a server that calls the redirect URI itself. The sandbox pretends to, and calls nobody (threats.md F6)."""
    uri = call.query.get("redirect_uri", "")
    return plain(502, f"GET {uri} failed: Connection refused ({urlsplit(uri).netloc})")


AUTHORIZE_FAULTS = (
    Fault(
        name="denied",
        where="authorize",
        sentence="Consent is refused: the redirect carries error=access_denied in place of a code.",
        redirect=lambda redirect: _errored(redirect, "access_denied", "The user refused the request"),
    ),
    Fault(
        name="error-in-redirect",
        where="authorize",
        sentence="The redirect carries error=server_error and a description in place of a code.",
        redirect=lambda redirect: _errored(redirect, *SERVER_ERROR),
    ),
    Fault(
        name="json-error",
        where="authorize",
        sentence="The authorization endpoint answers 400 with a JSON error and does not redirect.",
        answer=always(json_answer(400, {"error": SERVER_ERROR[0], "error_description": SERVER_ERROR[1]})),
    ),
    Fault(
        name="login-page",
        where="authorize",
        sentence="The authorization endpoint shows a login page that leads nowhere; it never redirects.",
        answer=always(html(200, LOGIN_PAGE)),
    ),
    Fault(
        name="fetches-redirect-uri",
        where="authorize",
        sentence="The server says that it called the redirect URI itself and could not reach it: 502, and it never redirects.",
        answer=_fetched,
    ),
    Fault(
        name="registered-uri-stray-space",
        where="authorize",
        sentence="Every redirect URI was registered with a space before it, so none matches: 401.",
        policy={"stray_space": True},
    ),
    Fault(
        name="state-dropped",
        where="authorize",
        sentence="The redirect comes back without the state that was sent.",
        redirect=lambda redirect: replace(redirect, params=redirect.without("state")),
    ),
    Fault(
        name="state-changed",
        where="authorize",
        sentence="The redirect comes back with another state than the one that was sent.",
        redirect=_changed_state,
    ),
    Fault(
        name="redirect-other-port",
        where="authorize",
        sentence="The redirect goes to the port next to the one in the redirect URI.",
        redirect=_other_port,
    ),
    Fault(
        name="duplicate-code",
        where="authorize",
        sentence="The redirect carries two different codes.",
        redirect=_doubled_code,
    ),
    Fault(
        name="no-code",
        where="authorize",
        sentence="The redirect carries nothing at all: no code, no error, no state.",
        redirect=lambda redirect: replace(redirect, params=()),
    ),
    Fault(
        name="code-renamed",
        where="authorize",
        sentence="The redirect calls the code auth_code.",
        redirect=_renamed_code,
    ),
    Fault(
        name="code-undefined",
        where="authorize",
        sentence="The redirect's code is the word undefined, as a script writes that has none.",
        redirect=_instead_of_the_code(("code", "undefined")),
    ),
    Fault(
        name="error-renamed",
        where="authorize",
        sentence="The redirect carries a refusal as errorCode and errorMessage.",
        redirect=_instead_of_the_code(("errorCode", "E401"), ("errorMessage", "The log-in failed")),
    ),
    Fault(
        name="saml-answer",
        where="authorize",
        sentence="The redirect carries a SAML response in place of a code.",
        redirect=_instead_of_the_code(("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlLz4=")),
    ),
    Fault(
        name="parameters-joined",
        where="authorize",
        sentence="The redirect's parameters are joined by &amp;, as a page writes it, and not by &.",
        redirect=lambda redirect: replace(redirect, joint="&amp;"),
    ),
    Fault(
        name="form-repeated",
        where="authorize",
        sentence="The redirect has the status 307, so a browser repeats the form of the consent page at the redirect URI.",
        redirect=lambda redirect: replace(redirect, status=307),
    ),
    Fault(
        name="windows-login",
        where="authorize",
        sentence="The web server in front asks for a Windows login: 401 with Negotiate.",
        answer=always(html(401, "<h1>401 - Unauthorized</h1>", ("WWW-Authenticate", "Negotiate"))),
    ),
    Fault(
        name="maintenance",
        where="authorize",
        sentence="The deployment shows its maintenance page: 503.",
        answer=always(html(503, "<h1>Down for maintenance</h1><p>We will be back shortly.</p>")),
    ),
    Fault(
        name="cookie-lost",
        where="authorize",
        sentence="The log-in finds its cookie missing and refuses with 403 (CSRF).",
        answer=always(html(403, "<h1>403</h1><p>CSRF check failed: the session cookie is missing.</p>")),
    ),
    Fault(
        name="fragment",
        where="authorize",
        sentence="The redirect has its parameters in the fragment, which a browser never sends to a listener.",
        redirect=lambda redirect: replace(redirect, fragment=True),
    ),
    Fault(
        name="code-expired",
        where="authorize",
        sentence="The code has expired by the time it arrives: Invalid Code.",
        grant=lambda grant, _data: replace(grant, expires=0.0),
    ),
    Fault(
        name="code-used",
        where="authorize",
        sentence="The code counts as used before it is redeemed the first time: Invalid Code.",
        grant=lambda grant, _data: replace(grant, used=True),
    ),
    Fault(
        name="userid-ignored",
        where="authorize",
        sentence="The userid is accepted and ignored: the token is a generic one.",
        grant=lambda grant, _data: replace(grant, subject=None),
    ),
    Fault(
        name="other-user",
        where="authorize",
        sentence="The token is issued for another user than the one asked for.",
        grant=_other_user,
    ),
)
