"""Verifying the signature of an ID token and the hashes in it (OpenID Connect Core §3.1.3.7, §3.1.3.8), and the signature of an access
token that is a JWT (RFC 9068 §4).

This needs the raw tokens, so it is done here, and the results enter the log. `flow.reading.checks` makes the other checks, for which the
claims are enough.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import warnings
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from airisk_tui.flow.events import HashResult, IdTokenChecked, SignatureResult
from airisk_tui.oauth.answer.jwt import read_jwt
from airisk_tui.oauth.text.lenient_json import read_members

if TYPE_CHECKING:
    from joserfc.jwk import KeySet, OctKey

HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
"""The hash functions by the end of the algorithm's name (RFC 7518 §3.1)."""

ALGORITHMS = frozenset(f"{family}{bits}" for family in ("RS", "ES", "PS", "HS") for bits in HASHES) | {
    "EdDSA",
    "Ed25519",
    "Ed448",
    "ES256K",
}
"""The algorithms that joserfc can verify, except "none"."""


class RawTokens(Struct, frozen=True, kw_only=True):
    """The raw values for signatures and hashes. secret: the client's, for the algorithms that sign with it."""

    id_token: str
    access_token: str = ""
    code: str = ""
    secret: str = ""


def checked_id_token(raw: RawTokens, keys: bytes | None) -> IdTokenChecked:
    """The results for the signatures and both hashes, as an event without its time. keys: the body of the response with the JWK Set, or
    None. Total."""
    access = read_jwt(raw.access_token)
    signed = access is not None and access.claims is not None
    found = _signature(raw.access_token, str(access.header.get("alg")), keys) if access is not None and signed else None
    read = read_jwt(raw.id_token)
    if read is None or read.claims is None:
        unread: SignatureResult = "encrypted" if read is not None else "unreadable"
        return IdTokenChecked(at=0.0, signature=unread, access_token=found)
    algorithm = str(read.header.get("alg"))
    return IdTokenChecked(
        at=0.0,
        signature=_signature(raw.id_token, algorithm, keys, raw.secret),
        at_hash=_hash(read.claims.get("at_hash"), raw.access_token, algorithm),
        c_hash=_hash(read.claims.get("c_hash"), raw.code, algorithm),
        access_token=found,
    )


def _signature(token: str, algorithm: str, keys: bytes | None, secret: str = "") -> SignatureResult:
    """The result for the signature of a JWT. secret: the client's, for a JWT that is signed with it."""
    if algorithm.lower() == "none":
        return "unsigned"
    if algorithm not in ALGORITHMS:
        return "unknown-algorithm"
    from joserfc import errors, jws

    with warnings.catch_warnings():
        # joserfc warns of weak keys, which are the server's: its client can do nothing about them.
        warnings.simplefilter("ignore")
        # For an HMAC never a key of the server's: that is public, and whoever has it could sign with it (RFC 8725 §2.1).
        key = _secret_key(secret) if algorithm.startswith("HS") else _key_set(keys)
        if key is None:
            return "no-keys"
        try:
            jws.deserialize_compact(token, key, algorithms=[algorithm])
        except errors.BadSignatureError:
            return "wrong"
        except (errors.InvalidKeyIdError, errors.MissingKeyError, errors.InvalidKeyTypeError):
            return "no-key"
        except Exception:  # noqa: BLE001 - a key set is the server's: whatever it holds, the token is not verified with it
            return "no-key"
    return "verified"


def _secret_key(secret: str) -> OctKey | None:
    from joserfc.jwk import OctKey

    return OctKey.import_key(secret) if secret else None


def _key_set(keys: bytes | None) -> KeySet | None:
    """The keys of a JWK Set that can be read, or None; unknown types are ignored (RFC 7517 §5)."""
    from joserfc.jwk import JWKRegistry, KeySet

    listed: Any = read_members(keys or b"").get("keys")
    found = []
    for one in listed if isinstance(listed, list) else ():
        try:
            found.append(JWKRegistry.import_key(one))
        except Exception:  # noqa: BLE001, S112 - likewise: a key of the server may contain anything
            continue
    return KeySet(found) if found else None


def _hash(claim: Any, hashed: str, algorithm: str) -> HashResult:
    """Compare a claim with the left half of the hash of a value (OpenID Connect Core §3.1.3.6)."""
    if claim is None:
        return "absent"
    # The name of EdDSA contains no hash; Ed25519 is defined with SHA-512 (RFC 8032 §5.1).
    digest = hashlib.sha512 if algorithm in ("EdDSA", "Ed25519") else HASHES.get(algorithm[-3:])
    if digest is None or not hashed:
        return "unknown"
    whole = digest(hashed.encode("ascii", "replace")).digest()
    half = base64.urlsafe_b64encode(whole[: len(whole) // 2]).decode().rstrip("=")
    return "match" if isinstance(claim, str) and hmac.compare_digest(half.encode(), claim.encode()) else "mismatch"
