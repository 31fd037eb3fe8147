"""The keys that the issuer signs with, made once in each process (RFC 7517, RFC 7518 §3.1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

from joserfc.jwk import ECKey, RSAKey

RSA_BITS: Final = 2048  # the least that RFC 7518 §3.3 allows


class SigningKeys:
    """A key for ES256, there at once, and one for RS256, which takes some hundred milliseconds and is made in a thread; and
    keys that are published nowhere, to sign wrongly with."""

    def __init__(self) -> None:
        self._elliptic = _elliptic_key()
        maker = ThreadPoolExecutor(1, "airisk-sandbox-key")
        self._rsa = maker.submit(_rsa_key)
        maker.shutdown(wait=False)

    def of(self, algorithm: str) -> Any:
        """The private key for an `alg`; for RS256 this waits until the key is made."""
        return self._rsa.result() if algorithm == "RS256" else self._elliptic

    @cache  # noqa: B019 - there is one of this class in a process
    def stranger_of(self, algorithm: str) -> Any:
        """Another private key for the same `alg`."""
        return _rsa_key() if algorithm == "RS256" else _elliptic_key()

    def public(self) -> dict[str, Any]:
        """The JWK set that clients verify with."""
        return {"keys": [self.of("RS256").as_dict(private=False), self._elliptic.as_dict(private=False)]}


def _rsa_key() -> RSAKey:
    return RSAKey.generate_key(RSA_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)


def _elliptic_key() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@cache
def signing_keys() -> SigningKeys:
    """The keys of this process."""
    return SigningKeys()
