"""Deployments that are wrong in a way that the sandbox does not play, each with what has to be said of it.

`judged(first, fix, …)`: the code of the first finding; the options that its fix names, which make the next run work ("" where
only somebody else can help, and then `says` is in the fix); what the first run is started with.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from tests.judged.server import SECRET, URI, Deployment, Request, as_json, go, html, problem, reply, text


@dataclass(frozen=True)
class Case:
    deployment: type[Deployment]
    first: str
    fix: str = ""
    says: str = ""
    start: str = ""
    secret: str = SECRET


CASES: dict[str, Case] = {}


def judged(first: str, fix: str = "", **more: str) -> Callable[[type[Deployment]], type[Deployment]]:
    def keep(deployment: type[Deployment]) -> type[Deployment]:
        CASES[deployment.__name__] = Case(deployment, first, fix, **more)
        return deployment

    return keep


@judged("encoding-not-read", "--body json")
class ModelValidationWantsJson(Deployment):
    def token(self, request: Request) -> bytes:
        told = {"errors": {"client_id": ["The client_id field is required."]}}
        return super().token(request) if "json" in request.kind else problem(400, "Validation failed.", **told)


@judged("encoding-unsupported", "--body form", start="--body json")
class JsonMakesItCrash(Deployment):
    def token(self, request: Request) -> bytes:
        return (
            super().token(request) if "form" in request.kind else html(500, "Incorrect Content-Type: application/json")
        )


@judged("field-spelled-otherwise", "--token-param clientId=judge")
class FieldClientId(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        if "clientId" not in fields:
            return text(400, "Invalid clientId")
        return super().redeem(request, {**fields, "client_id": fields["clientId"]})


@judged("field-missing", f"--token-param response_uri={URI}")
class ResponseUri(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return super().redeem(request, fields) if "response_uri" in fields else text(400, "Invalid response_uri")


@judged("redirect-empty", "--field code=verifier")
class CodeUnderAnyName(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?verifier=")


@judged("token-missing", "--field token=data.access_token")
class TokenInside(Deployment):
    def issue(self) -> bytes:
        return as_json(200, {"status": "success", "data": self.members()})


@judged("token-bare", "--field token=.")
class TokenAlone(Deployment):
    def issue(self) -> bytes:
        return as_json(200, self.new_token())


@judged("token-missing", "--field token=ticket")
class TokenUnderAnyName(Deployment):
    def issue(self) -> bytes:
        return as_json(200, {"ticket": self.new_token(), "ttl": 3600})


@judged("code-decoded-wrongly", says="--mode paste, and paste only the value")
class PlusNotEncoded(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?code=7Gq+")


@judged("code-decoded-wrongly", says="each %2B")
class CodeEncodedTwice(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?code=7Gq%252B")


@judged("code-cut-at-ampersand", says="with its “&”")
class AmpersandNotEncoded(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?code=7Gq&")


class Instances(Deployment):
    lost: tuple[str, ...] = ()

    def approve(self, request: Request) -> bytes:
        return go(self.location(request), "Set-Cookie: ARRAffinity=9f8e7d6c; Path=/; HttpOnly")

    def token(self, request: Request) -> bytes:
        mine = "9f8e7d6c" in request.headers.get("cookie", "")
        return super().token(request) if mine else text(400, "Invalid Code", *self.lost)


@judged("affinity-left-out", "--carry-cookies")
class AffinityNotCarried(Instances):
    pass


@judged("affinity-lost", "--carry-cookies")
class AnotherInstanceAnswered(Instances):
    lost = ("Set-Cookie: ARRAffinity=00aa11bb; Path=/; HttpOnly",)


@judged("token-login", "--carry-cookies")
class TokenBehindTheSession(Deployment):
    def approve(self, request: Request) -> bytes:
        return go(self.location(request), "Set-Cookie: .AspNetCore.Session=abc; Path=/; HttpOnly")

    def token(self, request: Request) -> bytes:
        known = "Session=abc" in request.headers.get("cookie", "")
        return super().token(request) if known else go("/Account/Login?ReturnUrl=%2Fapi%2Foauth2%2FToken")


@judged("token-login", says="the address of the API")
class TokenBehindALogin(Deployment):
    def token(self, request: Request) -> bytes:
        return go("/login", status=303)


@judged("token-redirected", "--field token_path=/api/oauth2/Token/")
class TokenSlash(Deployment):
    token_path = "/api/oauth2/Token/"

    def elsewhere(self, request: Request) -> bytes:
        return go("/api/oauth2/Token/", status=301)


@judged("token-redirected", "--base-url {other}")
class TokenMoved(Deployment):
    def token(self, request: Request) -> bytes:
        here = self.url.endswith(request.headers["host"])
        return go(f"{self.other}/api/oauth2/Token", status=308) if here else super().token(request)


@judged("base-url-redirects", "--field authorize_path=/api/oauth2/")
class AuthorizeSlash(Deployment):
    authorize_path = "/api/oauth2/"

    def elsewhere(self, request: Request) -> bytes:
        return go(request.target.replace("/oauth2?", "/oauth2/?"), status=301)


@judged("token-not-found", "--field token_path=/api/oauth2/token")
class TokenInSmallLetters(Deployment):
    token_path = "/api/oauth2/token"


@judged("deployment-stopped", says="start the web app")
class Stopped(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(403, "<title>Web App - Unavailable</title><h1>Error 403 - This web app is stopped.</h1>")


@judged("web-page", says="the address of the API")
class FrontEnd(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(200, "<title>AIRisk</title><app-root></app-root><script src=main.js></script>")


@judged("gateway-refused", says="this machine")
class Firewall(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(403, "<title>Attention Required!</title>", "Server: cloudflare")


@judged("proxy-login", says="Log in to the network")
class Portal(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(511, "<title>Sign in to the network</title>")


@judged("authorize-unavailable", says="in a minute")
class NothingBehindTheGateway(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(502, "<h1>502 Bad Gateway</h1>", "Server: nginx")


@judged("server-fetches-redirect", says="redirect the browser")
class ServerCallsTheRedirectUri(Deployment):
    def approve(self, request: Request) -> bytes:
        return text(500, "No connection could be made because the machine actively refused it. (127.0.0.1:8765)")


@judged("page-sends-on", says="--mode browser")
class MetaRefresh(Deployment):
    def approve(self, request: Request) -> bytes:
        return html(200, f'<meta http-equiv="refresh" content="0;url={self.location(request)}">')


@judged("page-sends-on", says="--mode browser")
class SelfPostingForm(Deployment):
    def approve(self, request: Request) -> bytes:
        form = f"<form method=post action='{URI}'><input type=hidden name=code value='{self.made(request)}'></form>"
        return html(200, f"<body onload='document.forms[0].submit()'>{form}")


@judged("location-without-redirect", says="answer 302")
class LocationWithout302(Deployment):
    def approve(self, request: Request) -> bytes:
        return reply(200, "", f"Location: {self.location(request)}")


@judged("redirect-relative", says="--mode paste")
class RelativeLocation(Deployment):
    def location(self, request: Request) -> str:
        return "/callback?" + super().location(request).partition("?")[2]


@judged("redirect-elsewhere", "--redirect-uri http://localhost:8765/callback")
class AnotherRegisteredUri(Deployment):
    registered = (URI, "http://localhost:8765/callback")

    def location(self, request: Request) -> str:
        return super().location(request).replace("127.0.0.1", "localhost")


@judged("answer-in-fragment", says="approve on the consent page")
class DeniedInTheFragment(Deployment):
    def approve(self, request: Request) -> bytes:
        return go(f"{URI}#error=access_denied{self.state(request)}")


@judged("state-missing", "--state none")
class StateInCapitals(Deployment):
    def state(self, request: Request) -> str:
        return super().state(request).replace("state=", "State=")


@judged("state-altered", "--state abcdefgh", start="--state AbCdEfGh")
class StateLowered(Deployment):
    def state(self, request: Request) -> str:
        return super().state(request).lower()


@judged("invalid-request", "--field pkce=true")
class WantsPkce(Deployment):
    def approve(self, request: Request) -> bytes:
        if "code_challenge" in request.query:
            return super().approve(request)
        return as_json(400, {"error": "invalid_request", "error_description": "code_challenge required"})

    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return (
            super().redeem(request, fields) if "code_verifier" in fields else as_json(400, {"error": "invalid_grant"})
        )


@judged("basic-wanted", "--field client_auth=basic")
class WantsBasic(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return as_json(401, {"error": "invalid_client"}, 'WWW-Authenticate: Basic realm="oauth"')
        client, _, secret = base64.b64decode(pair).decode().partition(":")
        return super().redeem(request, {**fields, "client_id": unquote(client), "client_secret": unquote(secret)})


@judged("bearer-wanted", says="compare --with-bearer", start="--userid user_42")
class WantsTheGenericToken(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return reply(401, "", "WWW-Authenticate: Bearer") if "userid" in fields else super().redeem(request, fields)


@judged("secret-with-space", says="without the quotation marks", secret=f'"{SECRET}"')
class SecretInQuotes(Deployment):
    pass


@judged("client-unknown", f"--redirect-uri {URI}/", says="a slash at the end")
class RegisteredWithASlash(Deployment):
    registered = (f"{URI}/",)


@judged("client-unknown", says="once without --userid", start="--userid user_99")
class NobodyOfThatId(Deployment):
    pass


@judged("code-refused", "--body json")
class FormDecodedTwice(Deployment):
    def new_code(self) -> str:
        return f"Ab+cd/{super().new_code()}"

    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        twice = {**fields, "code": unquote_plus(fields["code"])}
        return super().redeem(request, fields if "json" in request.kind else twice)


@judged("token-body-encoded", says="compression off")
class GzipUnsaid(Deployment):
    def issue(self) -> bytes:
        return reply(200, gzip.compress(json.dumps(self.members()).encode()), "Content-Type: application/json")


@judged("token-body-encoded", says="compression off")
class Brotli(Deployment):
    def issue(self) -> bytes:
        return reply(200, b"\x0b\x02\x80{}\x03", "Content-Type: application/json", "Content-Encoding: br")


@judged("token-other-format", says="answer in JSON")
class Xml(Deployment):
    def issue(self) -> bytes:
        return reply(200, f"<T><access_token>{self.new_token()}</access_token></T>", "Content-Type: application/xml")


class Dated(Deployment):
    expiration: str = ""

    def members(self) -> dict[str, Any]:
        return {**super().members(), "expiration": self.expiration}


@judged("expiration-unset", says="short-lived")
class NoDate(Dated):
    expiration = "0001-01-01T00:00:00"


@judged("token-expired-on-arrival", says="in UTC")
class LocalTime(Dated):
    expiration = (datetime.now(UTC) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S")


@judged("connection-reset", says="“https://127.0.0.1:")
class HangsUp(Deployment):
    def answer(self, request: Request) -> None:
        return None


@judged("")
class CodeFullOfSymbols(Deployment):
    """Nothing is wrong here: what has to be escaped is."""

    def new_code(self) -> str:
        return f"a+b/c=&d%25 é#{super().new_code()}"

    def location(self, request: Request) -> str:
        return f"{URI}?code={quote(self.made(request), safe='')}{self.state(request)}"
