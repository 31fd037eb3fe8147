"""Encoding events as JSON lines, and decoding them. The Structs in `flow.events` define the records; nothing here depends on a single
event.

A record is a JSON object: `event` names the class, every other member is a field. A field with its default value is left out. A body
is `{"text": …}` if it is UTF-8, else `{"base64": …}`; `size` and `wire` are left out if they equal the data's length.

Decoding is strict: msgspec checks the types, and an unknown field, a missing field or a wrong type raises `RecordError`, the only
exception for any bytes (threats.md F4). Members whose name begins with an underscore belong to other programs and are ignored.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from msgspec import NODEFAULT, Struct, ValidationError, convert
from msgspec.structs import FieldInfo, fields

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.http import Body
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.recording.disk.errors import RecordError


def _events(base: type[AnyEvent]) -> Iterator[type[AnyEvent]]:
    """The classes below this one that have no subclass."""
    for kind in base.__subclasses__():
        yield from _events(kind) if kind.__subclasses__() else (kind,)


EVENTS = {kind.__name__: kind for kind in _events(AnyEvent)}

MAX_SAID = 200
"""Characters of the description of a wrong record."""

LARGE_TEXT = 1024 * 1024
"""Bytes from which on a body is written in the shorter of two forms: JSON text with its escapes, or base64."""


def encode_event(event: AnyEvent) -> str:
    """The event as one line of ASCII, without a line end."""
    return dumps({"event": type(event).__name__, **encode(event)})


def decode_event(record: Any) -> AnyEvent:
    """The event of a record from `loads`. Raises RecordError. The record is changed in place, for speed, and cannot be used
    afterwards."""
    if type(record) is not dict:
        raise RecordError("A record should be a JSON object.")
    name = record.pop("event", None)
    known = EVENTS.get(name) if type(name) is str else None
    if known is None:
        raise RecordError(f"A record names the unknown event {named(name)}.")
    try:
        return decode(known, record)
    except RecordError as error:
        raise RecordError(f"The fields of a {name} are not as they should be: {error}.") from None


def dumps(value: Any) -> str:
    """Compact JSON in ASCII: no byte of it can move a terminal's cursor."""
    return _ENCODER.encode(value)


def loads(line: bytes | str) -> Any:
    """The JSON value of one line. Raises RecordError."""
    try:
        # Decoded here, because `json.loads` would guess the encoding of bytes and read UTF-16, which this format does not allow.
        text = line if isinstance(line, str) else str(line, "utf-8")
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"A record is not JSON ({visible(shortened(str(error)))}).") from None


def _no_constant(name: str) -> Any:
    """Refuses NaN and Infinity, which Python's parser accepts and RFC 8259 §6 does not have."""
    raise ValueError(f"{name} is not a JSON number")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))
_ATOMS = frozenset({str, int, float, bool, NoneType})


def encode(value: Any) -> dict[str, Any]:
    """The JSON members of a Struct, without those that have their default value."""
    record: dict[str, Any] = {}
    kind: Any = type(value)
    for name, default in _defaults(kind):
        member = getattr(value, name)
        if default is NODEFAULT or member != default:
            record[name] = _plain(member)
    return record


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is tuple:
        return [item if type(item) in _ATOMS else _plain(item) for item in value]
    if kind is Body:
        return _encode_body(value)
    return encode(value) if isinstance(value, Struct) else value


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    return tuple((one.name, default_of(one)) for one in fields(cls))


def _encode_body(body: Body) -> dict[str, Any]:
    record = _body_data(body.data)
    if body.size != len(body.data):
        record["size"] = body.size
    if body.wire != len(body.data):
        record["wire"] = body.wire
    if body.cut is not None:
        record["cut"] = body.cut
    return record


def _body_data(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}
    # base64 makes four characters of three bytes (RFC 4648 §4); JSON's escapes make up to six of one.
    if len(data) > LARGE_TEXT and len(json.dumps(text)) > len(data) * 4 // 3:
        return {"base64": base64.b64encode(data).decode("ascii")}
    return {"text": text} if text else {}


T = TypeVar("T")

MAX_NUMBER = 2**53
"""The largest integer that every JSON reader keeps exactly (RFC 8259 §6); times and sizes are far below."""


def decode(cls: type[T], record: Any) -> T:
    """A Struct from members as `encode` returns them. Raises RecordError. The record is changed in place."""
    try:
        return convert(_own_members(cls, record), cls, builtin_types=(bytes,))
    # A lone surrogate, which JSON may escape (RFC 8259 §8.2), is met before the type that should not hold it.
    except (ValidationError, UnicodeEncodeError) as error:
        said, _, place = str(error).partition(" - at `$.")
        raise RecordError(visible(shortened(f"{place[:-1]}: {said}" if place else said, MAX_SAID))) from None


def _own_members(cls: Any, record: Any) -> Any:
    """The members for `convert`: without those of other programs, and with bodies as bytes. Raises RecordError for a member that the
    Struct does not have, because an unknown format must not be read in part."""
    if type(record) is not dict:
        return record
    if cls is Body:
        return _body_members(record)
    structs = _structs_in(cls)
    if not record.keys() <= structs.keys():
        record = {name: member for name, member in record.items() if not name.startswith("_")}
        if unknown := record.keys() - structs.keys():
            raise RecordError(f"{named(min(unknown))} is not a field of this record")
    name = ""
    try:
        for name, member in record.items():
            kind = type(member)
            if kind is dict and structs[name] is not None:
                record[name] = _own_members(structs[name], member)
            elif kind is list and structs[name] is not None:
                record[name] = [_own_members(structs[name], one) for one in member]
            elif kind is int or kind is float:
                _check_number(member)
    except RecordError as error:
        raise RecordError(f"{name}: {error}") from None
    return record


def _check_number(number: float) -> None:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise RecordError("it should be a number of a sensible size")


@cache
def _structs_in(cls: Any) -> dict[str, Any]:
    """The Struct type of each field (of the items, for a tuple; besides None, for an option); None for a field without one."""
    hints = get_type_hints(cls)
    return {one.name: _struct_in(hints[one.name]) for one in fields(cls)}


def _struct_in(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint
    return next(filter(None, map(_struct_in, get_args(hint))), None)


def _body_members(raw: dict[str, Any]) -> dict[str, Any]:
    """A body's members as those of a `Body`; if size or wire is left out, it is the data's length."""
    if not raw.keys() <= {"text", "base64", "size", "wire", "cut"}:
        raise RecordError("it should be an object with text or base64")
    data = _body_bytes(raw)
    for size in (raw.get("size"), raw.get("wire")):
        if type(size) is int:
            _check_number(size)
    return {"data": data, "size": raw.get("size", len(data)), "wire": raw.get("wire", len(data)), "cut": raw.get("cut")}


def _body_bytes(raw: dict[str, Any]) -> bytes:
    text, encoded = raw.get("text", ""), raw.get("base64", "")
    if type(text) is not str or type(encoded) is not str or (text and encoded):
        raise RecordError("it should be an object with text or base64")
    if not encoded:
        return _utf8(text)
    try:
        # Without `validate` characters that are not base64 are silently skipped (base64.b64decode).
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise RecordError("base64: it should be base64") from None


def _utf8(text: str) -> bytes:
    try:
        # JSON can escape half of a surrogate pair, and Python's reader keeps it (RFC 8259 §8.2).
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise RecordError("text: it should be Unicode without lone surrogates") from None


def named(value: Any) -> str:
    """A name from a record in quotation marks, safe for a sentence."""
    return f"“{visible(shortened(value if isinstance(value, str) else repr(value)))}”"


def default_of(one: FieldInfo) -> Any:
    """The default value of a field, or NODEFAULT."""
    if one.default_factory is not NODEFAULT:
        return one.default_factory()
    return one.default
