"""The forms in which a secret may come again: what a server, a proxy or a browser makes of it on the way (threats.md F1)."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from airisk_tui.later import pattern

MIN_FORM = 6
"""Bytes. The inner part of a short secret's base64 can be too short to be told from chance."""

_DECIMAL = [b"%d" % byte for byte in range(128)]


def encoded_forms(secret: str) -> frozenset[bytes]:
    """Every form, as bytes: raw, percent-encoded once and twice, base64 at each alignment, hex, JSON, HTML, UTF-16 …"""
    return common_forms(secret) | rare_forms(secret)


def common_forms(secret: str) -> frozenset[bytes]:
    """The forms that have to be looked for in every text: all of them, but for a secret of the usual kind."""
    raw = secret.encode("utf-8", "surrogatepass")
    forms = _common(secret, raw) if _USUAL.fullmatch(raw) else (*_common(secret, raw), *_rare(secret, raw))
    return frozenset(form for form in forms if len(form) >= MIN_FORM)


def rare_forms(secret: str) -> frozenset[bytes]:
    """The other forms, which stand in no text that does not look like it (`may_hold_rare`)."""
    raw = secret.encode("utf-8", "surrogatepass")
    return frozenset(_rare(secret, raw)) if _USUAL.fullmatch(raw) else frozenset()


def may_hold_rare(data: bytes) -> bool:
    """Whether any of `rare_forms` can stand there: a long run of hex, base32 or base64, escapes in a row, UTF-16."""
    return (
        b"\0" in data
        or b"&#" in data
        or b"\\u" in data
        or _BASE64 in data.translate(_BASE64_OR_NOT)
        or _BASE32 in data.translate(_BASE32_OR_NOT)
        or _HEX in (digits := data.translate(_HEX_OR_NOT))
        or _ESCAPES in digits
    )


_USUAL = pattern(rb"[A-Za-z0-9._~-]{18,}")
"""Unreserved characters, and so many that each rare form is longer than what is often seen: a UUID, a hex trace id, a state."""

_DIGITS, _LOWER = b"0123456789", bytes(range(97, 123))
_UPPER = _LOWER.upper()


def _marking(alphabet: bytes) -> bytes:
    """A table that makes "x" of what is in the alphabet, "." of everything else, and leaves "%"."""
    return bytes(37 if byte == 37 else 120 if byte in alphabet else 46 for byte in range(256))


_BASE64_OR_NOT, _BASE64 = _marking(_DIGITS + _UPPER + _LOWER + b"+/-_"), b"x" * 44
_BASE32_OR_NOT, _BASE32 = _marking(b"234567" + _UPPER), b"x" * 28
_HEX_OR_NOT, _HEX, _ESCAPES = _marking(_DIGITS + b"abcdefABCDEF"), b"x" * 36, b"%xx" * 18


def _common(secret: str, raw: bytes) -> Iterator[bytes]:
    yield raw
    yield raw[::-1]
    yield from _inner_base64(raw)
    if not _UNRESERVED.fullmatch(raw):
        yield from _escaped(secret, raw)


def _rare(secret: str, raw: bytes) -> Iterator[bytes]:
    wide = [secret.encode(charset, "surrogatepass") for charset in ("utf-16-be", "utf-16-le")]
    for core in {data.strip(b"\0") for data in wide}:
        yield core
        yield from _inner_base64(core)
    yield from _inner_base32(raw)
    hexadecimal = raw.hex()
    yield hexadecimal.encode()
    yield hexadecimal.upper().encode()
    yield ("%" + raw.hex("%").upper()).encode()
    yield ("%" + raw.hex("%")).encode()
    units = "|" + wide[0].hex("|", 2)
    yield units.replace("|", "\\u").encode()
    yield units.upper().replace("|", "\\u").encode()
    yield from _references(secret)


_UNRESERVED = pattern(rb"[A-Za-z0-9._~-]*")
"""RFC 3986 §2.3: what no percent-encoding, no JSON and no HTML writes otherwise. Codes and tokens are made of it."""


def _escaped(secret: str, raw: bytes) -> Iterator[bytes]:
    """The forms in which only some characters are written otherwise."""
    for once in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield once.encode()
        yield quote(once, safe="").encode()
        yield _lower_percent(once).encode()
        yield _lower_percent(quote(once, safe="")).encode()
    yield json.dumps(secret).encode()[1:-1]
    yield json.dumps(secret).encode()[1:-1].replace(b"/", b"\\/")
    yield json.dumps(secret, ensure_ascii=False).encode("utf-8", "surrogatepass")[1:-1]
    yield html.escape(secret).encode("utf-8", "surrogatepass")


def _references(secret: str) -> Iterator[bytes]:
    """HTML's numeric character references (HTML §13.1.4): decimal, and hexadecimal in both cases."""
    if secret.isascii():
        yield b"&#" + b";&#".join(map(_DECIMAL.__getitem__, secret.encode())) + b";"
    else:
        yield ("&#" + ";&#".join(map(str, map(ord, secret))) + ";").encode()
    hexadecimal = (
        secret.encode().hex(";") if secret.isascii() and secret.isprintable() else ";".join(_hexadecimal(secret))
    )
    yield ("&#x" + hexadecimal.replace(";", ";&#x") + ";").encode()
    yield ("&#x" + hexadecimal.upper().replace(";", ";&#x") + ";").encode()


def _hexadecimal(secret: str) -> Iterator[str]:
    return (f"{ord(character):x}" for character in secret)


def _lower_percent(text: str) -> str:
    head, *rest = text.split("%")
    return head + "".join("%" + part[:2].lower() + part[2:] for part in rest)


def _inner_base64(raw: bytes) -> Iterator[bytes]:
    """The characters that depend on the secret alone when it stands so many bytes (mod 3) into what was encoded, in both
    alphabets (RFC 4648 §4 and §5)."""
    for offset, first in enumerate((0, 2, 3)):
        inner = base64.b64encode(b"\0" * offset + raw)[first : (offset + len(raw)) * 8 // 6]
        yield inner
        yield inner.translate(_URL_SAFE)


def _inner_base32(raw: bytes) -> Iterator[bytes]:
    """Likewise at each of the five alignments of base32 (RFC 4648 §6)."""
    for offset in range(5):
        inner = base64.b32encode(b"\0" * offset + raw)
        yield inner[-(-offset * 8 // 5) : (offset + len(raw)) * 8 // 5]


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
