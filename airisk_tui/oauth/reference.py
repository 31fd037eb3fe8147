"""References, by which a text names a secret without containing it. No text from outside can hold one (redaction.md).

A reference is a fingerprint, a length and a shape between two marks. Every decoder (of bytes, percent-encoding, JSON's escapes,
base64) removes these marks from its result, so only `redaction` can write them.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from contextlib import suppress
from operator import is_
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.later import pattern

T = TypeVar("T")

OPENING, CLOSING = "\ufdd0", "\ufdd1"
"""The marks around a reference: two of Unicode's noncharacters, which are reserved for use inside a program and never exchanged
(Unicode 16, §23.7). `unmarked` removes them from text that enters the program, so such text cannot name a secret."""

REFERENCE = pattern(f"{OPENING}([0-9a-f]{{16}})\\.([0-9]{{1,9}})\\.(opaque|jwt|jwe){CLOSING}")
REFERENCE_BYTES = pattern(REFERENCE.pattern.encode())

_MARKS = {ord(OPENING): "\ufffd", ord(CLOSING): "\ufffd"}


def unmarked(text: str) -> str:
    """Text from outside in which each mark of a reference is replaced by U+FFFD."""
    return text.translate(_MARKS) if OPENING in text or CLOSING in text else text


_PLAIN = (bool, int, float, type(None))


def unmarked_in(value: T) -> T:
    """A value of the inputs with all its texts unmarked, also those in nested tuples and Structs."""
    found: Any = value
    if isinstance(value, str):
        found = unmarked(value)
    elif isinstance(value, tuple):
        members = tuple(map(unmarked_in, value))
        found = value if all(map(is_, members, value)) else members
    elif isinstance(value, Struct):
        texts = {one: old for one in value.__struct_fields__ if not isinstance(old := getattr(value, one), _PLAIN)}
        changed = {name: new for name, old in texts.items() if (new := unmarked_in(old)) is not old}
        found = replace(value, **changed) if changed else value
    return cast("T", found)


def unmarked_bytes(data: bytes) -> bytes:
    """Like `unmarked`, for bytes that will be read as UTF-8, or as UTF-16 or UTF-32 if they begin so."""
    if (wide := wide_text(data)) is not None:
        text, charset = wide
        clean = unmarked(text)
        return data if clean == text else clean.encode(charset)
    for mark in _MARKS:
        data = data.replace(chr(mark).encode(), b"\xef\xbf\xbd")
    return data


def wide_text(data: bytes) -> tuple[str, str] | None:
    """The text of bytes in UTF-16 or UTF-32 (RFC 8259 §8.1, RFC 4627 §3), and the name of the encoding; None for other bytes."""
    wide = b"\0" in data[:4] or data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    charset = json.detect_encoding(data[:4]) if wide else "utf-8"
    if not charset.startswith("utf-8"):
        with suppress(UnicodeError):
            return data.decode(charset), charset
    return None


def outside_references(text: str, change: Callable[[str], str]) -> str:
    """The text with `change` applied to everything but its references. Decoders and encoders use it, because they must neither create
    nor break a reference."""
    if OPENING not in text:
        return change(text)
    parts, done = [], 0
    for found in REFERENCE.finditer(text):
        parts += [change(text[done : found.start()]), found[0]]
        done = found.end()
    return "".join([*parts, change(text[done:])])


def with_plain_references(text: str) -> str:
    """The text with each reference as `~sealed.<fingerprint>.<length>.<shape>~`, the form for other programs. Nothing reads it back."""
    return REFERENCE.sub(r"~sealed.\1.\2.\3~", text) if OPENING in text else text


def plain_bytes(data: bytes) -> bytes:
    """Like `with_plain_references`, for bytes with references in UTF-8."""
    return with_plain_references(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def plain_json(document: Any) -> str:
    """JSON in ASCII for other programs, each reference `with_plain_references`."""
    return json.dumps(json.loads(with_plain_references(json.dumps(document, ensure_ascii=False))), indent=1)
