"""The JWT with which a client authenticates, signed with its secret or its own key (RFC 7523 §2.2; OpenID Connect Core §9).

Authlib makes the JWT and chooses its `jti` and `iat`, because no run depends on them, and the log contains the assertion as it was
sent.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

AssertionMethod = Literal["private_key_jwt", "client_secret_jwt"]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LIFETIME = 60
"""Seconds. The assertion is sent at once, and a short lifetime makes a stolen one useless."""

ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}
"""For each type of key, the algorithm that every server with such keys supports."""

CURVES = {"P-384": "ES384", "P-521": "ES512"}
"""The algorithms of the curves other than P-256 (RFC 7518 §3.4)."""


def client_assertion(method: AssertionMethod, client_id: str, key: str, audience: str) -> str:
    """The assertion. key: the secret, or the private key (PEM); audience: the token endpoint. Raises ValueError for a key that cannot
    be read."""
    from authlib.oauth2.rfc7523 import client_secret_jwt_sign, private_key_jwt_sign
    from joserfc.jwk import OctKey

    if method == "client_secret_jwt":
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # joserfc warns of a short secret, but the registered one cannot be changed here
            signed: str = client_secret_jwt_sign(OctKey.import_key(key), client_id, audience, expires_in=LIFETIME)
    else:
        read = read_private_key(key)
        curve = str(read.as_dict().get("crv", ""))
        algorithm = CURVES.get(curve) or ALGORITHMS[read.key_type]
        signed = private_key_jwt_sign(read, client_id, audience, algorithm, expires_in=LIFETIME)
    return signed


def read_private_key(pem: str) -> RSAKey | ECKey | OKPKey:
    """The key in a PEM text. Raises ValueError if there is none that can sign."""
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
