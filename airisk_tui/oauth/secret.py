"""Secrets as a type: the raw value exists in memory only, and all other code sees its `SecretView`.

The log, the rules and the disk know a secret by a keyed fingerprint, its length and its shape. Recorded text contains a reference
made of these three in place of a secret, so it can be read, compared and shared.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NoReturn

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.jwt import examine_jwt
from airisk_tui.oauth.reference import CLOSING, OPENING, REFERENCE
from airisk_tui.oauth.text.characters import Characters, characters_of
from airisk_tui.oauth.text.lenient_json import compact_json

Shape = Literal["opaque", "jwt", "jwe"]

UNNAMED = "sealed"
"""The name of a secret of unknown kind."""

FINGERPRINT = 4
"""The hex digits of a fingerprint that a person sees: enough to tell whether two secrets of a run are equal."""

_ESCAPE = pattern(r"%[0-9A-Fa-f]{2}")

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def secrets_named(text: str, names: Mapping[str, str] = _NO_NAMES) -> str:
    """The text with every reference in the form for people, `‹code · 22 characters · 852b…›`. names: the names of secrets by
    fingerprint."""
    if OPENING not in text:
        return text
    return REFERENCE.sub(lambda found: _readable(found, names), text)


def _readable(found: re.Match[str], names: Mapping[str, str]) -> str:
    length = "1 character" if found[2] == "1" else f"{int(found[2]):,} characters"
    return f"‹{names.get(found[1], UNNAMED)} · {length} · {found[1][:FINGERPRINT]}…›"


def cut_at(text: str, limit: int) -> int:
    """The position at or after `limit` characters where a text may be cut: never inside a reference."""
    return next((found.end() for found in REFERENCE.finditer(text) if found.start() < limit < found.end()), limit)


def written_length(text: str) -> int:
    """The number of characters that the text had before its secrets were sealed."""
    return len(text) + sum(int(found[2]) - len(found[0]) for found in REFERENCE.finditer(text))


class SecretRefused(Exception):
    """Raised for a secret that may not be put into a request. reason: "secret-unknown" (this run does not have it) or
    "secret-elsewhere" (it may not be sent to that origin)."""

    def __init__(self, reason: Literal["secret-unknown", "secret-elsewhere"]) -> None:
        super().__init__(reason)
        self.reason = reason


class Secret:
    """A raw secret. Masked wherever it is printed, formatted or logged; compared in constant time; never pickled.

    origins: the origins to which it may be sent (RFC 6454 §4, in the form of `oauth.urls.origin`), or None if they are not known.
    """

    __slots__ = ("_value", "origins")

    def __init__(self, value: str, origins: frozenset[str] | None = None) -> None:
        self._value = value
        self.origins = origins

    def reveal(self) -> str:
        """The raw value. Each call of this method is a place where a secret is used in clear."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(••••)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(
            self._value.encode("utf-8", "surrogatepass"), other._value.encode("utf-8", "surrogatepass")
        )

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Secret cannot be serialised; keep its SecretView instead.")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self


class SecretView(Struct, frozen=True):
    """The facts about a secret that may be recorded.

    fingerprint: 16 hex digits, HMAC-SHA-256 under a key of this machine; length: characters; header and payload: the JSON texts of a
    JWT's first two parts (RFC 7519 §3), not verified, or None. A JWT's signature is never kept. oddity: "space" or "escape" (%XX) if
    the value contains one, which means that it was decoded too often or not often enough, else ""; characters: the kind of its
    characters; departures: how it departs from RFC 7519 if it looks like a JWT (`oauth.answer.jwt.Oddities`).
    """

    fingerprint: str
    length: int
    shape: Shape = "opaque"
    header: str | None = None
    payload: str | None = None
    oddity: str = ""
    characters: Characters = "plain"
    departures: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, value: str, fingerprint: str) -> SecretView:
        """The view of a raw value. A JWT's claims and departures may repeat other secrets, which the caller must still seal."""
        jwt, departures = examine_jwt(value)
        shape: Shape = "opaque" if jwt is None else "jwe" if jwt.kind == "jwe" else "jwt"
        return cls(
            fingerprint,
            len(value),
            shape,
            header=None if jwt is None else compact_json(jwt.header),
            payload=None if jwt is None or jwt.claims is None else compact_json(jwt.claims),
            oddity="space" if " " in value.strip() else "escape" if _ESCAPE.search(value) else "",
            characters=characters_of(value),
            departures=departures,
        )

    @property
    def form(self) -> str:
        """The shape for people: "opaque", "JWT" or "JWE"; "redacted" if the value was replaced by a mark."""
        if self.characters == "redacted":
            return "redacted"
        return self.shape if self.shape == "opaque" else self.shape.upper()

    @property
    def reference(self) -> str:
        """The reference that replaces the secret in recorded text."""
        return f"{OPENING}{self.fingerprint}.{self.length}.{self.shape}{CLOSING}"

    @classmethod
    def read(cls, text: str) -> SecretView | None:
        """The view of a text that is one reference, or None. It has fingerprint, length and shape only."""
        found = REFERENCE.fullmatch(text)
        if found is None:
            return None
        shape: Any = found[3]
        return cls(found[1], int(found[2]), shape)
