"""The ID token (OpenID Connect Core §2), and its faults."""

from __future__ import annotations

import json
from typing import Any

from authlib.common.encoding import urlsafe_b64decode, urlsafe_b64encode
from authlib.oidc.core import OpenIDCode, UserInfo
from authlib.oidc.core.util import create_half_hash
from joserfc import jws

from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.standard.faults import Document
from airisk_tui.sandbox.standard.protocol.request import IssuerRequest
from airisk_tui.sandbox.standard.protocol.tokens import AuthorizationCode
from airisk_tui.sandbox.standard.registry import Client
from airisk_tui.sandbox.standard.state import IssuerState


def claims_of(user: User, scope: str) -> dict[str, Any]:
    """The claims about a user that a scope allows (OpenID Connect Core §5.4)."""
    known = UserInfo(sub=user.id, name=user.name, preferred_username=user.id, email=user.email, email_verified=True)
    return {"sub": user.id, **known.filter(scope)}


class IdToken(OpenIDCode):
    """An extension of grants that adds the ID token to the token response if the scope has `openid`."""

    def __init__(self, issuer: str, state: IssuerState) -> None:
        super().__init__()
        self._issuer = issuer
        self._state = state

    def exists_nonce(self, nonce: str, request: IssuerRequest) -> bool:
        """False: the client, not the server, has to detect a repeated nonce."""
        return False

    def resolve_client_private_key(self, client: Client) -> Any:
        return self._state.keys.of(client.id_token_signed_response_alg)

    def get_encode_header(self, client: Client) -> dict[str, str]:
        """The header, with the `kid` of the key."""
        return {"alg": client.id_token_signed_response_alg, "kid": self.resolve_client_private_key(client).kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        """The claims about issuer, audience and times."""
        now = int(self._state.now())
        life = self._state.data.token_lifetime
        return {"iss": self._issuer, "aud": [client.client_id], "iat": now, "exp": now + life, "auth_time": now}

    def get_authorization_code_claims(self, authorization_code: AuthorizationCode) -> dict[str, Any]:
        """The nonce, the time of the login, and `c_hash`, which is optional in the code flow."""
        client = self._state.data.client(authorization_code.client_id)
        algorithm = client.id_token_signed_response_alg if client else "RS256"
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return {**claims, "c_hash": create_half_hash(authorization_code.code, algorithm).decode()}

    def generate_user_info(self, user: User, scope: str) -> dict[str, Any]:
        return claims_of(user, scope)

    def encode_id_token(self, token: dict[str, Any], request: IssuerRequest) -> str:
        """The ID token after the changes of the active faults."""
        signed: str = super().encode_id_token(token, request)
        claims = json.loads(urlsafe_b64decode(signed.split(".")[1].encode()))
        changed = self._state.changed("id-token", claims)
        if changed == claims and self._state.policy.signer == "own":
            return signed
        return _resigned(changed, self.get_encode_header(request.client), self._state)


def _resigned(claims: Document, header: dict[str, Any], state: IssuerState) -> str:
    """The claims, signed with the key that the active faults choose."""
    payload, signer, algorithm = json.dumps(claims).encode(), state.policy.signer, header["alg"]
    if signer == "nobody":  # joserfc warns of "none", and a warning is an error in the tests
        unsigned = json.dumps({"alg": "none", "typ": "JWT"}).encode()
        return f"{urlsafe_b64encode(unsigned).decode()}.{urlsafe_b64encode(payload).decode()}."
    key = state.keys.of(algorithm) if signer == "own" else state.keys.stranger_of(algorithm)
    kid = key.kid if signer == "unknown" else header["kid"]
    return jws.serialize_compact({**header, "kid": kid}, payload, key, [algorithm])
