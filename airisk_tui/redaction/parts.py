"""A message as the texts to seal: its URL or reason phrase, its headers, its body.

Sealing and checking both split a message here, so that they see the same texts (redaction.md).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NamedTuple, TypeVar

from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.http import Body, HttpRequest, HttpResponse, content_type
from airisk_tui.oauth.reference import wide_text

SAMPLE = 64 * 1024
"""The first bytes of a body, by which it is judged to be text."""

Place = Literal["url", "header", "body"]
"""The place of a text in a message; a reason phrase is treated as a URL."""

Message = TypeVar("Message", HttpRequest, HttpResponse)


class Part(NamedTuple):
    """A text of a message. name: the header's name, or the body's content type; text: bytes of a body that are not UTF-8 are lone
    surrogates in it."""

    place: Place
    name: str
    text: str


def parts_of(message: HttpRequest | HttpResponse, body: Body) -> list[Part]:
    """Every text of a message, in a fixed order. body: the part of its body that is kept."""
    first = Part("url", "", message.url if isinstance(message, HttpRequest) else message.reason)
    headers = [Part("header", name, value) for name, value in message.headers]
    return [first, *headers, Part("body", content_type(message.headers), body_text(body.data))]


def with_parts(message: Message, body: Body, parts: Sequence[Part], sealed: Sequence[Part]) -> Message:
    """The message with its texts replaced. body: the part of its body that is kept; parts: its texts as `parts_of` returns them;
    sealed: the new texts."""
    first, *headers, last = sealed
    if last.text != parts[-1].text:
        body = Body(_encoded(last.text, body.data), body.size, body.wire, body.cut)
    named = tuple([(one.name, one.text) for one in headers])
    if isinstance(message, HttpRequest):
        return replace(message, url=first.text, headers=named, body=body)
    return replace(message, reason=first.text, headers=named, body=body)


def body_text(data: bytes) -> str:
    """The text of a body, in UTF-16 or UTF-32 if it begins so, else in UTF-8, with other bytes as lone surrogates."""
    wide = wide_text(data)
    return wide[0] if wide is not None else data.decode("utf-8", "surrogateescape")


def _encoded(text: str, data: bytes) -> bytes:
    """A text in the encoding of the bytes from which it was read."""
    if (wide := wide_text(data)) is not None:
        with suppress(UnicodeError):
            return text.encode(wide[1])
    return text.encode("utf-8", "surrogateescape")


def is_text(data: bytes, declared: str) -> bool:
    """Whether a body is text: in UTF-8, UTF-16 or UTF-32, in its declared charset, or mostly ASCII."""
    if wide_text(data) is not None:
        return True
    sample = data[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if b"\0" in sample or controls * 10 > len(sample):
        return False
    if sample.isascii() or len(sample.translate(None, _HIGH)) * 10 >= len(sample) * 7:
        return True
    return any(_decodes(sample, name) for name in ("utf-8", *_CHARSET.findall(declared)[:1]))


def _decodes(sample: bytes, charset: str) -> bool:
    try:
        codecs.getincrementaldecoder(charset)().decode(sample)
    except (UnicodeError, LookupError, ValueError):
        return False
    return True


_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\f\x1b")
_HIGH = bytes(range(0x80, 0x100))
_CHARSET = pattern(r"charset=[\s\"']*([\w.:-]+)", re.IGNORECASE)
