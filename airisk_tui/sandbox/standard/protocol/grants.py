"""The grants of the token endpoint: authorization code with PKCE (RFC 6749 §4.1, RFC 7636), device code (RFC 8628), and refresh token
with rotation (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

import secrets
from typing import Any, Final

from authlib.oauth2.rfc6749 import (
    AccessDeniedError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, SlowDownError

from airisk_tui.sandbox.data.grants import KEPT, keep
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.standard.faults import Policy
from airisk_tui.sandbox.standard.protocol.request import IssuerRequest
from airisk_tui.sandbox.standard.protocol.tokens import AuthorizationCode, DeviceCredential, Token
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, DEFAULT_SCOPE, Client

RESPONSE_MODES: Final = ("query", "fragment", "form_post")
NEEDED_SCOPE: Final = "offline_access"
"""The scope that the fault `scope-required` requires."""


class CodeGrant(AuthorizationCodeGrant):
    """Issues codes and redeems them; each is single-use and bound to its client and redirect URI."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: IssuerRequest, client: Client) -> str:
        """The redirect URI, which must be registered. Authlib's own method puts the URI into the error, whose characters may not be
        allowed there."""
        redirect_uri = request.payload.redirect_uri
        if not redirect_uri:
            raise InvalidRequestError("redirect_uri is missing")
        if not client.check_redirect_uri(redirect_uri):
            raise InvalidRequestError("redirect_uri is not registered for this client")
        return str(redirect_uri)

    def create_authorization_response(self, redirect_uri: str, grant_user: User | None) -> tuple[int, Any, Any]:
        """The redirect with a new code, or an error if the user denied the request."""
        if grant_user is None:
            raise AccessDeniedError("The user refused the request", redirect_uri=redirect_uri)
        self.request.user = grant_user
        code = self.generate_authorization_code()
        self.save_authorization_code(code, self.request)
        response: tuple[int, Any, Any] = self.server.response_to(self.request, redirect_uri, {"code": code})
        return response

    def save_authorization_code(self, code: str, request: IssuerRequest) -> None:
        state, data = self.server.state, request.payload.data
        now = state.now()
        scope = request.scope if state.policy.grants_whole_scope else "openid"
        record = AuthorizationCode(
            code=code,
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=scope,
            user=request.user,
            nonce=data.get("nonce"),
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
            issued=now,
            expires=now if state.policy.codes_expired else now + state.data.code_lifetime,
        )
        keep(state.codes, code, record, KEPT)

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode | None:
        """The code if it can be redeemed. A code that is used again revokes its tokens (RFC 6749 §4.1.2)."""
        state = self.server.state
        found: AuthorizationCode | None = state.codes.get(code)
        if found is None or found.client_id != client.client_id or state.now() >= found.expires:
            return None
        if found.used and not state.policy.codes_reusable:
            state.tokens.revoke_family(found.family)
            return None
        return found

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        authorization_code.used = True

    def authenticate_user(self, authorization_code: AuthorizationCode) -> User:
        return authorization_code.user


class Challenge(CodeChallenge):
    """PKCE with S256 only, which a public client must use (RFC 9700 §2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def __init__(self, policy: Policy) -> None:
        super().__init__(required=policy.pkce_checked)
        self._policy = policy

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: object) -> None:
        """Refuse a missing challenge if one is required, and `plain`, which is the default method (RFC 7636 §4.3)."""
        data = grant.request.payload.data
        if "code_challenge" in data and data.get("code_challenge_method", "plain") != "S256":
            raise InvalidRequestError("Transform algorithm not supported: code_challenge_method must be S256")
        if "code_challenge" not in data and (grant.request.client.is_public or self._policy.pkce_required):
            raise InvalidRequestError("Code challenge required")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: CodeGrant, result: object) -> None:
        if self._policy.pkce_checked:
            super().validate_code_verifier(grant, result)


class RequestChecks:
    """An extension of `CodeGrant` that checks the rest of an authorization request with a valid redirect URI."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def __call__(self, grant: CodeGrant) -> None:
        """Register `check` with the grant."""
        grant.register_hook("after_validate_authorization_request_payload", self.check)

    def check(self, grant: CodeGrant, _result: object) -> None:
        """Raise the error for the client."""
        data = grant.request.payload.data
        for name in ("request", "registration"):  # OpenID Connect Core §3.1.2.6
            if name in data:
                raise OAuth2Error(f"{name} is not supported", error=f"{name}_not_supported")
        if data.get("response_mode", "query") not in RESPONSE_MODES:
            raise InvalidRequestError("This response_mode is not supported")
        if self._policy.scope_required and NEEDED_SCOPE not in grant.request.scope.split():
            raise InvalidScopeError(f"The scope {NEEDED_SCOPE} is required")


DEVICE_PATH: Final = "/device"
DEVICES_KEPT: Final = 1_000  # device codes; the oldest are dropped
SLOWER: Final = 5.0  # seconds that slow_down adds to the interval (RFC 8628 §3.5)


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    """Issues device codes and user codes."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.EXPIRES_IN = server.state.data.device_lifetime
        self.INTERVAL = server.state.data.poll_interval

    def get_verification_uri(self) -> str:
        return f"{self.server.origin}{DEVICE_PATH}"

    def save_device_credential(self, client_id: str, scope: str | None, data: dict[str, Any]) -> None:
        state = self.server.state
        credential = DeviceCredential(
            device_code=data["device_code"],
            user_code=data["user_code"],
            client_id=client_id,
            scope=scope or DEFAULT_SCOPE,
            expires=state.now() + self.EXPIRES_IN,
            interval=self.INTERVAL,
            clock=state.now,
            family=secrets.token_hex(8),
        )
        keep(state.devices, credential.device_code, credential, DEVICES_KEPT)


class DeviceGrant(DeviceCodeGrant):
    """Issues the token after the person's approval; a device code can be redeemed once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def query_device_credential(self, device_code: str) -> DeviceCredential:
        """The device of a device code. Authlib answers invalid_request for an unknown code, but RFC 6749 §5.2 requires invalid_grant."""
        found: DeviceCredential | None = self.server.state.devices.get(device_code)
        if found is None or found.used:
            raise InvalidGrantError("The device code is not known")
        return found

    def validate_device_credential(self, credential: DeviceCredential) -> User:
        """The user who approved. Raises the error that says why there is no token yet."""
        credential.polls += 1
        if credential.polls <= self.server.state.policy.slow_polls:
            raise SlowDownError
        user: User = super().validate_device_credential(credential)
        credential.used = True
        return user

    def query_user_grant(self, user_code: str) -> tuple[User | None, bool] | None:
        devices = self.server.state.devices.values()
        decided = next((device.user for device in devices if device.user_code == user_code), None)
        return None if decided is None else (decided or None, bool(decided))

    def should_slow_down(self, credential: DeviceCredential) -> bool:
        """Whether this poll came too early, which makes the interval longer from now on."""
        now, before = credential.clock(), credential.polled
        credential.polled = now
        early = before is not None and now - before < credential.interval
        credential.interval += SLOWER if early else 0
        return early


class RefreshGrant(RefreshTokenGrant):
    """A refresh token can be used once. If it is used again, either user has stolen it, so all tokens of the grant are revoked."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @property
    def INCLUDE_NEW_REFRESH_TOKEN(self) -> bool:
        """Whether an access token comes with a new refresh token."""
        return bool(self.server.state.policy.rotates)

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        tokens = self.server.state.tokens
        token: Token | None = tokens.find(refresh_token)
        if token is None or token.kind != "refresh_token":
            return None
        if token.revoked:
            tokens.revoke_family(token.family)
        return None if token.revoked or token.is_expired() else token

    def authenticate_user(self, refresh_token: Token) -> User:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: Token) -> None:
        """Revoke the old refresh token if there is a new one."""
        refresh_token.revoked = bool(self.INCLUDE_NEW_REFRESH_TOKEN)
