"""A client's assertion of who it is, signed with its secret or its own key (RFC 7523 §2.2; OpenID Connect Core §9).

Authlib makes it: the identifier and the moment in it are Authlib's own, because no run depends on them, and the assertion is in
the log as it was sent.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

AssertionWay = Literal["private_key_jwt", "client_secret_jwt"]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LIFETIME = 60
"""Seconds: it is sent at once, and a short one is of no use to whoever finds it."""

ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}
"""By type of key, the algorithm that each server which takes such keys supports."""

CURVES = {"P-384": "ES384", "P-521": "ES512"}
"""The algorithms of other curves than P-256 (RFC 7518 §3.4)."""


def client_assertion(way: AssertionWay, client_id: str, key: str, audience: str) -> str:
    """The assertion. key: the secret, or the private key (PEM); audience: the token endpoint. Raises ValueError for a key that
    cannot be read."""
    from authlib.oauth2.rfc7523 import client_secret_jwt_sign, private_key_jwt_sign
    from joserfc.jwk import OctKey

    if way == "client_secret_jwt":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joserfc warns of short secrets, and the registered one is what it is
            signed: str = client_secret_jwt_sign(OctKey.import_key(key), client_id, audience, expires_in=LIFETIME)
    else:
        read = read_private_key(key)
        curve = str(read.as_dict().get("crv", ""))
        algorithm = CURVES.get(curve) or ALGORITHMS[read.key_type]
        signed = private_key_jwt_sign(read, client_id, audience, algorithm, expires_in=LIFETIME)
    return signed


def read_private_key(pem: str) -> RSAKey | ECKey | OKPKey:
    """The key in a PEM text; ValueError where there is none that can sign."""
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    kinds: tuple[type[RSAKey | ECKey | OKPKey], ...] = (RSAKey, ECKey, OKPKey)
    for kind in kinds:
        try:
            key = kind.import_key(pem)
        except (ValueError, TypeError, JoseError):
            continue
        if key.is_private:
            return key
    raise ValueError("no private key that can sign")
