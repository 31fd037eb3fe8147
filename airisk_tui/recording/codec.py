"""Events as JSON lines and back. The types of the Structs in `flow.events` say what a record holds; nothing here
knows a single event.

A record is a JSON object: `event` names the class, every other member is a field. Fields that have their default value
are left out. A body is `{"text": …}` where it is UTF-8, else `{"base64": …}`; `size` and `wire` are left out where they
are the data's own length. The way back is `decoding`'s.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from types import NoneType
from typing import Any, get_args

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.http import Body
from airisk_tui.oauth.text import shortened, visible
from airisk_tui.recording.decoding import decode, default_of, named
from airisk_tui.recording.errors import RecordError

EVENTS: dict[str, type] = {event.__name__: event for event in get_args(AnyEvent)}

LARGE_TEXT = 1024 * 1024
"""Bytes of a body from which on the shorter of two forms is written: JSON text with its escapes, or base64."""


def encode_event(event: AnyEvent) -> str:
    """One event as one line of ASCII, without the line's end."""
    return dumps({"event": type(event).__name__, **encode(event)})


def decode_event(record: Any) -> AnyEvent:
    """The event of a record that `loads` has read; raises RecordError. The record is changed in place, for speed, and of no
    use afterwards."""
    if type(record) is not dict:
        raise RecordError("A record should be a JSON object.")
    name = record.pop("event", None)
    known = EVENTS.get(name) if type(name) is str else None
    if known is None:
        raise RecordError(f"A record names the unknown event {named(name)}.")
    try:
        event: AnyEvent = decode(known, record)
    except RecordError as error:
        raise RecordError(f"The fields of a {name} are not as they should be: {error}.") from None
    return event


def dumps(value: Any) -> str:
    """Compact JSON in ASCII: no byte of it can move a terminal's cursor."""
    return _ENCODER.encode(value)


def loads(line: bytes | str) -> Any:
    """The JSON value of one line; raises RecordError for anything else."""
    try:
        # As UTF-8 here: `json.loads` would guess the encoding of bytes, and read UTF-16 that this format does not have.
        text = line if isinstance(line, str) else str(line, "utf-8")
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"A record is not JSON ({visible(shortened(str(error), 120))}).") from None


def _no_constant(name: str) -> Any:
    """Refuses NaN and Infinity, which Python's reader takes and RFC 8259 §6 does not have."""
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
