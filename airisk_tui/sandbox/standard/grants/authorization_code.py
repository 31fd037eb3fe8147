"""The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636)."""

from __future__ import annotations

from typing import Any, Final

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, InvalidScopeError, OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from airisk_tui.sandbox.grants import KEPT, keep
from airisk_tui.sandbox.registry import User
from airisk_tui.sandbox.standard.faults.fault import Policy
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, Client
from airisk_tui.sandbox.standard.request import Asked
from airisk_tui.sandbox.standard.tokens import AuthorizationCode

RESPONSE_MODES: Final = ("query", "fragment", "form_post")
NEEDED_SCOPE: Final = "offline_access"
"""What the fault `scope-required` wants."""


class CodeGrant(AuthorizationCodeGrant):
    """Issues codes and redeems them; each is single-use and bound to its client and redirect URI."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: Asked, client: Client) -> str:
        """The redirect URI, which must be registered. Authlib's own puts the URI into the error, which may not hold it."""
        redirect_uri = request.payload.redirect_uri
        if not redirect_uri:
            raise InvalidRequestError("redirect_uri is missing")
        if not client.check_redirect_uri(redirect_uri):
            raise InvalidRequestError("redirect_uri is not registered for this client")
        return str(redirect_uri)

    def create_authorization_response(self, redirect_uri: str, grant_user: User | None) -> tuple[int, Any, Any]:
        """The redirect with a new code; an error where nobody consented."""
        if grant_user is None:
            raise AccessDeniedError("The user refused the request", redirect_uri=redirect_uri)
        self.request.user = grant_user
        code = self.generate_authorization_code()
        self.save_authorization_code(code, self.request)
        response: tuple[int, Any, Any] = self.server.response_to(self.request, redirect_uri, {"code": code})
        return response

    def save_authorization_code(self, code: str, request: Asked) -> None:
        """Remember what the code stands for."""
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
        """The code, if it can still be redeemed. One that is used again takes its tokens along (RFC 6749 §4.1.2)."""
        state = self.server.state
        found: AuthorizationCode | None = state.codes.get(code)
        if found is None or found.client_id != client.client_id or state.now() >= found.expires:
            return None
        if found.used and not state.policy.codes_reusable:
            state.tokens.revoke_family(found.family)
            return None
        return found

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Mark the code as used."""
        authorization_code.used = True

    def authenticate_user(self, authorization_code: AuthorizationCode) -> User:
        """Who consented."""
        return authorization_code.user


class Challenge(CodeChallenge):
    """PKCE with S256 alone, which a public client must use (RFC 9700 §2.1.1)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def __init__(self, policy: Policy) -> None:
        super().__init__(required=policy.pkce_checked)
        self._policy = policy

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: object) -> None:
        """Refuse a request without a challenge that needs one, and `plain`, which a request without a method means (RFC 7636 §4.3)."""
        data = grant.request.payload.data
        if "code_challenge" in data and data.get("code_challenge_method", "plain") != "S256":
            raise InvalidRequestError("Transform algorithm not supported: code_challenge_method must be S256")
        if "code_challenge" not in data and (grant.request.client.is_public or self._policy.pkce_required):
            raise InvalidRequestError("Code challenge required")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: CodeGrant, result: object) -> None:
        """Compare the verifier with the challenge."""
        if self._policy.pkce_checked:
            super().validate_code_verifier(grant, result)


class RequestChecks:
    """What else is wrong with an authorization request that has a valid redirect URI; an extension of `CodeGrant`."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def __call__(self, grant: CodeGrant) -> None:
        """Let the grant call `check`."""
        grant.register_hook("after_validate_authorization_request_payload", self.check)

    def check(self, grant: CodeGrant, _result: object) -> None:
        """Raise the error that the client is told."""
        data = grant.request.payload.data
        for name in ("request", "registration"):  # OpenID Connect Core §3.1.2.6: the error that says so
            if name in data:
                raise OAuth2Error(f"{name} is not supported", error=f"{name}_not_supported")
        if data.get("response_mode", "query") not in RESPONSE_MODES:
            raise InvalidRequestError("This response_mode is not supported")
        if self._policy.scope_required and NEEDED_SCOPE not in grant.request.scope.split():
            raise InvalidScopeError(f"The scope {NEEDED_SCOPE} is required")
