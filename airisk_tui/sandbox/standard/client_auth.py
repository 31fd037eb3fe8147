"""How a client proves who it is, where Authlib's own methods are not enough (RFC 6749 §2.3, RFC 7523)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc.jwk import import_key

from airisk_tui.sandbox.grants import KEPT, keep
from airisk_tui.sandbox.standard.registry import Client
from airisk_tui.sandbox.standard.request import Asked

Find = Callable[[str], Client | None]

CREDENTIALS: Final = ("client_secret", "client_assertion", "client_assertion_type")
"""The parameters that prove who a client is."""


def by_basic(find: Find, asked: Asked) -> Client | None:
    """The client whose name and secret are in the Authorization header, each form-encoded (RFC 6749 §2.3.1).

    Authlib's own decodes percent signs but no plus sign, and raises for bytes that are not UTF-8.
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


def methods_used(asked: Asked) -> int:
    """How many ways of authentication a request uses; RFC 6749 §2.3 allows one."""
    return sum((bool(asked.fields.get("authorization")), *(name in asked.form for name in CREDENTIALS[:2])))


class KeyAssertion(JWTBearerClientAssertion):
    """`private_key_jwt` (OpenID Connect Core §9). used: the `jti` of assertions, each with its `exp`."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, audiences: list[str], used: dict[str, float]) -> None:
        super().__init__()
        self._audiences = audiences
        self._used = used

    def get_audiences(self) -> list[str]:
        """Whom an assertion may be for: the issuer, or the endpoint (RFC 9126 §2)."""
        return self._audiences

    def validate_jti(self, claims: Mapping[str, Any], jti: str) -> bool:
        """Whether the assertion is seen for the first time."""
        name = f"{claims['sub']} {jti}"
        if name in self._used:
            return False
        keep(self._used, name, claims["exp"], KEPT)
        return True

    def resolve_client_public_key(self, client: Client) -> Any:
        """The key that is registered for the client."""
        if not client.public_key:
            raise InvalidClientError(description="The client has no key")
        return import_key(dict(client.public_key))
