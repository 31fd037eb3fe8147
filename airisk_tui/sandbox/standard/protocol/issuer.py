"""The issuer: Authlib's authorization server with the grants, endpoints and stores of one sandbox, and the methods of client
authentication that Authlib lacks (RFC 6749 §2.3, RFC 7523)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidRequestError,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.jwk import import_key

from airisk_tui.sandbox.answer import JSON, Answer, Redirect, json_answer
from airisk_tui.sandbox.call import is_browser
from airisk_tui.sandbox.data.grants import KEPT, keep
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.standard.metadata import TOKEN
from airisk_tui.sandbox.standard.pages import form_post_page, refused_page
from airisk_tui.sandbox.standard.protocol.grants import (
    Challenge,
    CodeGrant,
    DeviceEndpoint,
    DeviceGrant,
    RefreshGrant,
    RequestChecks,
)
from airisk_tui.sandbox.standard.protocol.id_token import IdToken
from airisk_tui.sandbox.standard.protocol.request import IssuerRequest
from airisk_tui.sandbox.standard.protocol.tokens import Introspection, Revocation, Token, TokenKind
from airisk_tui.sandbox.standard.registry import SCOPES, Client
from airisk_tui.sandbox.standard.state import IssuerState

TOKEN_BYTES: Final = 32
REFRESH_SECONDS: Final = 30 * 86_400  # a month, a usual lifetime of a refresh token


Find = Callable[[str], Client | None]

CREDENTIALS: Final = ("client_secret", "client_assertion", "client_assertion_type")
"""The parameters that authenticate a client."""


def by_basic(find: Find, asked: IssuerRequest) -> Client | None:
    """The client that authenticates with HTTP Basic, its ID and secret form-encoded (RFC 6749 §2.3.1), or None.

    Authlib's own method does not decode plus signs, and raises for bytes that are not UTF-8.
    """
    scheme, _, credentials = asked.fields.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    client = find(unquote_plus(name))
    return client if client and client.check_client_secret(unquote_plus(secret)) else None


def methods_used(asked: IssuerRequest) -> int:
    """The number of authentication methods that a request uses; RFC 6749 §2.3 allows one."""
    return sum((bool(asked.fields.get("authorization")), *(name in asked.form for name in CREDENTIALS[:2])))


class KeyAssertion(JWTBearerClientAssertion):
    """`private_key_jwt` (OpenID Connect Core §9). used: the `exp` of the received assertions by their `jti`."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, audiences: list[str], used: dict[str, float]) -> None:
        super().__init__()
        self._audiences = audiences
        self._used = used

    def get_audiences(self) -> list[str]:
        """The allowed audiences of an assertion: the issuer or the endpoint (RFC 9126 §2)."""
        return self._audiences

    def validate_jti(self, claims: Mapping[str, Any], jti: str) -> bool:
        """Whether this `jti` is new."""
        name = f"{claims['sub']} {jti}"
        if name in self._used:
            return False
        keep(self._used, name, claims["exp"], KEPT)
        return True

    def resolve_client_public_key(self, client: Client) -> Any:
        if not client.public_key:
            raise InvalidClientError(description="The client has no key")
        return import_key(dict(client.public_key))


class Issuer(AuthorizationServer):
    """The issuer under one of its origins. A new one is made for each request, because `localhost` and `127.0.0.1` share their
    stores.

    origin: such as `http://127.0.0.1:43210`; url: the issuer's name, which is the `iss` of everything that it issues.
    """

    def __init__(self, origin: str, state: IssuerState) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.origin = origin
        self.state = state
        self.url = origin + state.policy.issuer_suffix
        id_token = IdToken(self.url, state)
        self.register_grant(CodeGrant, [Challenge(state.policy), RequestChecks(state.policy), id_token])
        self.register_grant(RefreshGrant)
        self.register_grant(DeviceGrant, [id_token])
        for endpoint in (Revocation, Introspection, DeviceEndpoint):
            self.register_endpoint(endpoint)
        self.register_client_auth_method("client_secret_basic", by_basic)
        refresh = _opaque if state.policy.refresh_tokens else None
        generator = BearerTokenGenerator(self._access_token, refresh, lambda client, grant: state.data.token_lifetime)
        self.register_token_generator("default", generator)

    def query_client(self, client_id: str) -> Client | None:
        return self.state.data.client(client_id)

    def create_oauth2_request(self, request: IssuerRequest) -> IssuerRequest:
        """The request unchanged, because it already has Authlib's type."""
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def authenticate_client(self, request: IssuerRequest, methods: list[str], endpoint: str = "token") -> Client:
        """The authenticated client. A refusal is a 401 with a challenge, as required after Basic (RFC 6749 §5.2)."""
        if methods_used(request) > 1:
            raise InvalidRequestError("More than one method of client authentication")
        audiences = [self.url, self.origin + TOKEN, request.uri]
        self.register_client_auth_method("private_key_jwt", KeyAssertion(audiences, self.state.assertions))
        allowed = [method for method in methods if method not in self.state.policy.refused_auth]
        try:
            client: Client = super().authenticate_client(request, allowed, endpoint)
        except InvalidClientError as error:
            raise InvalidClientError("Client authentication failed", status_code=401) from error
        if request.payload.client_id not in (None, client.client_id):
            raise InvalidRequestError("client_id is not the client that authenticates")
        return client

    def get_authorization_grant(self, request: IssuerRequest) -> Any:
        """The grant for a response type. Authlib puts a wrong one into the error, whose characters may not be allowed there."""
        response_type = request.payload.response_type
        if response_type == "code":
            return super().get_authorization_grant(request)
        client = self.query_client(request.payload.client_id or "")
        uri = request.payload.redirect_uri or ""
        known = {"redirect_uri": uri} if client and client.check_redirect_uri(uri) else {}
        if response_type is None:
            raise InvalidRequestError("response_type is missing", **known)
        raise OAuth2Error("This response_type is not supported", error="unsupported_response_type", **known)

    def save_token(self, token: dict[str, Any], request: IssuerRequest) -> None:
        """Store the tokens of a response."""
        grant = request.authorization_code or request.refresh_token or request.credential
        self._keep("access_token", token, request, grant.family, token["expires_in"])
        if "refresh_token" in token:
            self._keep("refresh_token", token, request, grant.family, REFRESH_SECONDS)

    def _keep(self, kind: TokenKind, token: dict[str, Any], request: IssuerRequest, family: str, life: float) -> None:
        now, scope = self.state.now(), token.get("scope", "")
        self.state.tokens.keep(
            Token(kind, token[kind], request.client, request.user, scope, now, now + life, family, self.state.now)
        )

    def _access_token(self, client: Client, grant_type: str, user: User, scope: str) -> str:
        """An access token: opaque, or a JWT (RFC 9068)."""
        if client.opaque:
            return _opaque()
        now, key = int(self.state.now()), self.state.keys.of("ES256")
        claims = {
            "iss": self.url,
            "sub": user.id,
            "aud": self.url,
            "client_id": client.client_id,
            "scope": scope,
            "iat": now,
            "exp": now + self.state.data.token_lifetime,
            "jti": secrets.token_hex(8),
        }
        return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key, ["ES256"])

    def response_to(
        self, asked: IssuerRequest, redirect_uri: str, params: dict[str, str]
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        """The authorization response, with `state` and `iss` (RFC 9207), in the requested response mode."""
        state = {"state": asked.payload.state} if asked.payload.state else {}
        params = self.state.changed("authorization", {**params, **state, "iss": self.url})
        mode = asked.payload.data.get("response_mode", "query") if self.state.policy.hears_response_mode else "query"
        if mode == "form_post":
            page = form_post_page(redirect_uri, params)
            return page.status, page.body, [("Content-Type", page.content_type), *page.headers]
        redirect = Redirect(redirect_uri, tuple(params.items()), fragment=mode == "fragment")
        return 302, b"", [("Location", redirect.location)]

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        """Authlib's answer as an `Answer`."""
        kept = tuple((name, value) for name, value in headers if name.lower() != "content-type")
        if isinstance(body, dict):
            return Answer(status, JSON.partition(";")[0], json_answer(status, body).body, kept)
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        return Answer(status, kind, body or b"", kept)

    def handle_error_response(self, request: IssuerRequest, error: OAuth2Error) -> Answer:
        """A refusal: in a redirect if the redirect URI is valid, else on a page for a person, else as JSON."""
        if error.redirect_uri:
            params = {name: value for name, value in error.get_body() if name != "state"}
            return self.handle_response(*self.response_to(request, error.redirect_uri, params))
        if is_browser(request.fields):
            return refused_page(error.status_code, error.error, error.get_error_description())
        answer: Answer = super().handle_error_response(request, error)
        return answer


def _opaque(**_: object) -> str:
    """An opaque token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def without_credentials(asked: IssuerRequest) -> tuple[tuple[str, str], ...]:
    """The parameters of a request without those that authenticate the client."""
    return tuple((name, value) for name, value in asked.payload.pairs if name not in CREDENTIALS)
