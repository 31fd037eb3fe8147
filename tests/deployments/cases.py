"""Deployments that are wrong in a way that the sandbox does not play, each with the finding that must explain it.

`expected(first, fix, …)` gives the code of the first finding, and the options in its fix that make the next run work; fix is ""
where only somebody else can help, and then the fix holds `says`. start: options of the first run.
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

from tests.deployments.server import SECRET, URI, Deployment, Request, as_json, go, html, problem, reply, text


@dataclass(frozen=True)
class Case:
    deployment: type[Deployment]
    first: str
    fix: str = ""
    says: str = ""
    start: str = ""
    secret: str = SECRET


CASES: dict[str, Case] = {}


def expected(first: str, fix: str = "", **more: str) -> Callable[[type[Deployment]], type[Deployment]]:
    def keep(deployment: type[Deployment]) -> type[Deployment]:
        CASES[deployment.__name__] = Case(deployment, first, fix, **more)
        return deployment

    return keep


@expected("encoding-not-read", "--body json")
class ModelValidationWantsJson(Deployment):
    def token(self, request: Request) -> bytes:
        told = {"errors": {"client_id": ["The client_id field is required."]}}
        return super().token(request) if "json" in request.kind else problem(400, "Validation failed.", **told)


@expected("encoding-unsupported", "--body form", start="--body json")
class JsonMakesItCrash(Deployment):
    def token(self, request: Request) -> bytes:
        return (
            super().token(request) if "form" in request.kind else html(500, "Incorrect Content-Type: application/json")
        )


@expected("field-spelled-otherwise", "--token-param clientId=some-app")
class FieldClientId(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        if "clientId" not in fields:
            return text(400, "Invalid clientId")
        return super().redeem(request, {**fields, "client_id": fields["clientId"]})


@expected("field-missing", f"--token-param response_uri={URI}")
class ResponseUri(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return super().redeem(request, fields) if "response_uri" in fields else text(400, "Invalid response_uri")


@expected("redirect-empty", "--field code=verifier")
class CodeUnderAnyName(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?verifier=")


@expected("token-missing", "--field token=data.access_token")
class TokenInside(Deployment):
    def issue(self) -> bytes:
        return as_json(200, {"status": "success", "data": self.members()})


@expected("token-bare", "--field token=.")
class TokenAlone(Deployment):
    def issue(self) -> bytes:
        return as_json(200, self.new_token())


@expected("token-missing", "--field token=ticket")
class TokenUnderAnyName(Deployment):
    def issue(self) -> bytes:
        return as_json(200, {"ticket": self.new_token(), "ttl": 3600})


@expected("code-decoded-wrongly", says="--mode paste, and paste only the value")
class PlusNotEncoded(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?code=7Gq+")


@expected("code-decoded-wrongly", says="each %2B")
class CodeEncodedTwice(Deployment):
    def location(self, request: Request) -> str:
        return super().location(request).replace("?code=", "?code=7Gq%252B")


@expected("code-cut-at-ampersand", says="with its “&”")
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


@expected("affinity-left-out", "--carry-cookies")
class AffinityNotCarried(Instances):
    pass


@expected("affinity-lost", "--carry-cookies")
class AnotherInstanceAnswered(Instances):
    lost = ("Set-Cookie: ARRAffinity=00aa11bb; Path=/; HttpOnly",)


@expected("token-login", "--carry-cookies")
class TokenBehindTheSession(Deployment):
    def approve(self, request: Request) -> bytes:
        return go(self.location(request), "Set-Cookie: .AspNetCore.Session=abc; Path=/; HttpOnly")

    def token(self, request: Request) -> bytes:
        known = "Session=abc" in request.headers.get("cookie", "")
        return super().token(request) if known else go("/Account/Login?ReturnUrl=%2Fapi%2Foauth2%2FToken")


@expected("token-login", says="the address of the API")
class TokenBehindALogin(Deployment):
    def token(self, request: Request) -> bytes:
        return go("/login", status=303)


@expected("token-redirected", "--field token_path=/api/oauth2/Token/")
class TokenSlash(Deployment):
    token_path = "/api/oauth2/Token/"

    def elsewhere(self, request: Request) -> bytes:
        return go("/api/oauth2/Token/", status=301)


@expected("token-redirected", "--base-url {other}")
class TokenMoved(Deployment):
    def token(self, request: Request) -> bytes:
        here = self.url.endswith(request.headers["host"])
        return go(f"{self.other}/api/oauth2/Token", status=308) if here else super().token(request)


@expected("base-url-redirects", "--field authorize_path=/api/oauth2/")
class AuthorizeSlash(Deployment):
    authorize_path = "/api/oauth2/"

    def elsewhere(self, request: Request) -> bytes:
        return go(request.target.replace("/oauth2?", "/oauth2/?"), status=301)


@expected("token-not-found", "--field token_path=/api/oauth2/token")
class TokenInSmallLetters(Deployment):
    token_path = "/api/oauth2/token"


@expected("deployment-stopped", says="start the web app")
class Stopped(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(403, "<title>Web App - Unavailable</title><h1>Error 403 - This web app is stopped.</h1>")


@expected("web-page", says="the address of the API")
class FrontEnd(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(200, "<title>AIRisk</title><app-root></app-root><script src=main.js></script>")


@expected("gateway-refused", says="connect to the network (VPN)")
class Firewall(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(403, "<title>Attention Required!</title>", "Server: cloudflare")


@expected("proxy-login", says="Log in to the network")
class Portal(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(511, "<title>Sign in to the network</title>")


@expected("authorize-unavailable", says="in a minute")
class NothingBehindTheGateway(Deployment):
    def answer(self, request: Request) -> bytes:
        return html(502, "<h1>502 Bad Gateway</h1>", "Server: nginx")


@expected("server-fetches-redirect", says="redirect the browser")
class ServerCallsTheRedirectUri(Deployment):
    def approve(self, request: Request) -> bytes:
        return text(500, "No connection could be made because the machine actively refused it. (127.0.0.1:8765)")


@expected("page-sends-on", says="--mode browser")
class MetaRefresh(Deployment):
    def approve(self, request: Request) -> bytes:
        return html(200, f'<meta http-equiv="refresh" content="0;url={self.location(request)}">')


@expected("page-sends-on", says="--mode browser")
class SelfPostingForm(Deployment):
    def approve(self, request: Request) -> bytes:
        form = f"<form method=post action='{URI}'><input type=hidden name=code value='{self.made(request)}'></form>"
        return html(200, f"<body onload='document.forms[0].submit()'>{form}")


@expected("location-without-redirect", says="answer 302")
class LocationWithout302(Deployment):
    def approve(self, request: Request) -> bytes:
        return reply(200, "", f"Location: {self.location(request)}")


@expected("redirect-relative", says="--mode paste")
class RelativeLocation(Deployment):
    def location(self, request: Request) -> str:
        return "/callback?" + super().location(request).partition("?")[2]


@expected("redirect-elsewhere", "--redirect-uri http://localhost:8765/callback")
class AnotherRegisteredUri(Deployment):
    registered = (URI, "http://localhost:8765/callback")

    def location(self, request: Request) -> str:
        return super().location(request).replace("127.0.0.1", "localhost")


@expected("answer-in-fragment", says="approve on the consent page")
class DeniedInTheFragment(Deployment):
    def approve(self, request: Request) -> bytes:
        return go(f"{URI}#error=access_denied{self.state(request)}")


@expected("state-missing", "--state none")
class StateInCapitals(Deployment):
    def state(self, request: Request) -> str:
        return super().state(request).replace("state=", "State=")


@expected("state-altered", "--state abcdefgh", start="--state AbCdEfGh")
class StateLowered(Deployment):
    def state(self, request: Request) -> str:
        return super().state(request).lower()


@expected("invalid-request", "--field pkce=true")
class WantsPkce(Deployment):
    def approve(self, request: Request) -> bytes:
        if "code_challenge" in request.query:
            return super().approve(request)
        return as_json(400, {"error": "invalid_request", "error_description": "code_challenge required"})

    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return (
            super().redeem(request, fields) if "code_verifier" in fields else as_json(400, {"error": "invalid_grant"})
        )


@expected("basic-wanted", "--field client_auth=basic")
class WantsBasic(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return as_json(401, {"error": "invalid_client"}, 'WWW-Authenticate: Basic realm="oauth"')
        client, _, secret = base64.b64decode(pair).decode().partition(":")
        return super().redeem(request, {**fields, "client_id": unquote(client), "client_secret": unquote(secret)})


@expected("bearer-wanted", says="compare --with-bearer", start="--userid user_42")
class WantsTheGenericToken(Deployment):
    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        return reply(401, "", "WWW-Authenticate: Bearer") if "userid" in fields else super().redeem(request, fields)


@expected("secret-with-space", says="without the quotation marks", secret=f'"{SECRET}"')
class SecretInQuotes(Deployment):
    pass


@expected("client-unknown", f"--redirect-uri {URI}/", says="a slash")
class RegisteredWithASlash(Deployment):
    registered = (f"{URI}/",)


@expected("client-unknown", says="leave --userid out", start="--userid user_99")
class NobodyOfThatId(Deployment):
    pass


@expected("code-refused", "--body json")
class FormDecodedTwice(Deployment):
    def new_code(self) -> str:
        return f"Ab+cd/{super().new_code()}"

    def redeem(self, request: Request, fields: dict[str, str]) -> bytes:
        twice = {**fields, "code": unquote_plus(fields["code"])}
        return super().redeem(request, fields if "json" in request.kind else twice)


@expected("token-body-encoded", says="compression off")
class GzipUnsaid(Deployment):
    def issue(self) -> bytes:
        return reply(200, gzip.compress(json.dumps(self.members()).encode()), "Content-Type: application/json")


@expected("token-body-encoded", says="compression off")
class Brotli(Deployment):
    def issue(self) -> bytes:
        return reply(200, b"\x0b\x02\x80{}\x03", "Content-Type: application/json", "Content-Encoding: br")


@expected("token-other-format", says="answer in JSON")
class Xml(Deployment):
    def issue(self) -> bytes:
        return reply(200, f"<T><access_token>{self.new_token()}</access_token></T>", "Content-Type: application/xml")


class Dated(Deployment):
    expiration: str = ""

    def members(self) -> dict[str, Any]:
        return {**super().members(), "expiration": self.expiration}


@expected("expiration-unset", says="short-lived")
class NoDate(Dated):
    expiration = "0001-01-01T00:00:00"


@expected("token-expired-on-arrival", says="in UTC")
class LocalTime(Dated):
    expiration = (datetime.now(UTC) - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S")


@expected("connection-reset", says="“https://127.0.0.1:")
class HangsUp(Deployment):
    def answer(self, request: Request) -> None:
        return None


@expected("")
class CodeFullOfSymbols(Deployment):
    """Nothing is wrong here: what has to be escaped is."""

    def new_code(self) -> str:
        return f"a+b/c=&d%25 é#{super().new_code()}"

    def location(self, request: Request) -> str:
        return f"{URI}?code={quote(self.made(request), safe='')}{self.state(request)}"
