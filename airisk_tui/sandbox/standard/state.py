"""The state that the issuer's endpoints share, and its signing keys (RFC 7517, RFC 7518 §3.1)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

from joserfc.jwk import ECKey, RSAKey
from msgspec import field

from airisk_tui.sandbox.data.grants import OnceBook
from airisk_tui.sandbox.fault import under
from airisk_tui.sandbox.standard.faults import Document, Fault, Place, Policy
from airisk_tui.sandbox.standard.protocol.tokens import AuthorizationCode, DeviceCredential, StoredRequest, TokenBook
from airisk_tui.sandbox.standard.registry import IssuerData
from airisk_tui.sandbox.state import ServerState

RSA_BITS: Final = 2048  # the least that RFC 7518 §3.3 allows


class SigningKeys:
    """A key for ES256, made at once; one for RS256, made in a thread because it takes some hundred milliseconds; and unpublished keys
    for wrong signatures."""

    def __init__(self) -> None:
        self._elliptic = _elliptic_key()
        maker = ThreadPoolExecutor(1, "airisk-sandbox-key")
        self._rsa = maker.submit(_rsa_key)
        maker.shutdown(wait=False)

    def of(self, algorithm: str) -> Any:
        """The private key for an `alg`. For RS256 this waits until the key is made."""
        return self._rsa.result() if algorithm == "RS256" else self._elliptic

    @cache  # noqa: B019 - a process has one instance of this class
    def stranger_of(self, algorithm: str) -> Any:
        """Another private key for the same `alg`."""
        return _rsa_key() if algorithm == "RS256" else _elliptic_key()

    def public(self) -> dict[str, Any]:
        """The published JWK set."""
        return {"keys": [self.of("RS256").as_dict(private=False), self._elliptic.as_dict(private=False)]}


def _rsa_key() -> RSAKey:
    return RSAKey.generate_key(RSA_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)


def _elliptic_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@cache
def signing_keys() -> SigningKeys:
    """The keys of this process."""
    return SigningKeys()


class IssuerState(ServerState[IssuerData, Fault]):
    """The state that the issuer's endpoints share."""

    keys: SigningKeys = field(default_factory=signing_keys)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    tokens: TokenBook = field(default_factory=TokenBook)
    devices: dict[str, DeviceCredential] = field(default_factory=dict)
    pending: OnceBook[StoredRequest] = field(default_factory=OnceBook)
    pushed: OnceBook[StoredRequest] = field(default_factory=OnceBook)
    assertions: dict[str, float] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def policy(self) -> Policy:
        return under(Policy(), self.faults)

    def changed(self, where: Place, document: Document) -> Document:
        """A document after the changes of the active faults."""
        for fault in self.faults:
            if fault.where == where:
                document = fault.change(document)
        return document
