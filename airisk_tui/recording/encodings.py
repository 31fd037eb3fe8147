"""The forms in which a secret may come again: what a server, a proxy or a browser makes of it on the way (threats.md F1)."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

MIN_FORM = 6
"""Bytes. The inner part of a short secret's base64 can be too short to be told from chance."""

_DECIMAL = [b"%d" % byte for byte in range(128)]


def encoded_forms(secret: str) -> frozenset[bytes]:
    """Every form, as bytes: raw, percent-encoded once and twice, base64 at each alignment, hex, JSON, HTML, UTF-16 …"""
    return frozenset(form for form in _forms(secret) if len(form) >= MIN_FORM)


def _forms(secret: str) -> Iterator[bytes]:
    raw = secret.encode("utf-8", "surrogatepass")
    yield raw
    if not _UNRESERVED.fullmatch(raw):
        yield from _escaped(secret, raw)
    wide = [secret.encode(charset, "surrogatepass") for charset in ("utf-16-be", "utf-16-le")]
    for data in (raw, *wide):
        yield from _inner_base64(data)
    yield base64.b32encode(raw).rstrip(b"=")
    hexadecimal = raw.hex()
    yield hexadecimal.encode()
    yield hexadecimal.upper().encode()
    yield ("%" + raw.hex("%").upper()).encode()
    yield ("%" + raw.hex("%")).encode()
    units = "|" + wide[0].hex("|", 2)
    yield units.replace("|", "\\u").encode()
    yield units.upper().replace("|", "\\u").encode()
    yield from _references(secret)
    yield from (data.strip(b"\0") for data in wide)
    yield raw[::-1]


_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]*")
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


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
