"""Events as JSON lines and back. The types of the Structs in `flow.events` say what a record holds; nothing here
knows a single event.

A record is a JSON object: `event` names the class, every other member is a field. Fields that have their default value
are left out. A body is `{"text": …}` where it is UTF-8, else `{"base64": …}`; `size` and `wire` are left out where they
are the data's own length.

Decoding is strict: an unknown or missing field or a wrong type is a `RecordError`, and nothing else is ever raised, whatever
the bytes (threats.md F4). Members whose name begins with an underscore belong to other programs and are ignored.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from airisk_tui.flow.events import AnyEvent
from airisk_tui.oauth.http import Body
from airisk_tui.oauth.text import shortened, visible
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


T = TypeVar("T")
Convert = Callable[[Any], Any]

MAX_NUMBER = 2**53
"""The largest integer that every JSON reader keeps exactly (RFC 8259 §6); times and sizes are far below."""

_WORDS: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


def decode(cls: type[T], record: Any) -> T:
    """A Struct from the members that `encode` gave; raises RecordError for anything else."""
    kind: Any = cls
    value: T = _decoder(kind)(record)
    return value


@cache
def _decoder(hint: Any) -> Convert:
    """The converter for a type; made once for each."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Body:
        return _decode_body
    if hint is float:
        return _decode_float
    if hint is int:
        return _decode_int
    if hint in (str, bool):
        return _exactly(hint)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _object(hint)
    if origin is Literal:
        return _one_of(frozenset(arguments))
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _list(arguments)
    raise TypeError(f"The codec knows no form for {hint}")


def _exactly(kind: type) -> Convert:
    def convert(raw: Any) -> Any:
        if type(raw) is not kind:
            raise RecordError(f"it should be {_WORDS[kind]}")
        return raw

    return convert


def _decode_int(raw: Any) -> int:
    # By `type`, here and below: for `isinstance` True is a whole number.
    if type(raw) is not int or not -MAX_NUMBER <= raw <= MAX_NUMBER:
        raise RecordError("it should be a whole number of a sensible size")
    return raw


def _decode_float(raw: Any) -> float:
    if type(raw) not in (float, int) or not -MAX_NUMBER <= raw <= MAX_NUMBER:
        raise RecordError("it should be a number of a sensible size")
    return float(raw)


def _one_of(allowed: frozenset[str]) -> Convert:
    def convert(raw: Any) -> Any:
        if type(raw) is not str or raw not in allowed:
            raise RecordError(f"it should be one of {', '.join(sorted(allowed))}")
        return raw

    return convert


def _optional(arguments: tuple[Any, ...]) -> Convert:
    inner = [_decoder(argument) for argument in arguments if argument is not NoneType]
    if len(inner) != 1 or NoneType not in arguments:
        raise TypeError(f"The codec knows no form for a union of {arguments}")

    def convert(raw: Any) -> Any:
        return None if raw is None else inner[0](raw)

    return convert


def _list(arguments: tuple[Any, ...]) -> Convert:
    if arguments == (tuple[str, str], ...):
        return _decode_pairs
    if len(arguments) != 2 or arguments[1] is not ...:
        raise TypeError(f"The codec knows no form for a tuple of {arguments}")
    item = _decoder(arguments[0])

    def convert(raw: Any) -> Any:
        if type(raw) is not list:
            raise RecordError("it should be a list")
        return tuple([item(one) for one in raw])

    return convert


def _decode_pairs(raw: Any) -> tuple[tuple[str, str], ...]:
    """Headers and parameters, which are by far the most frequent lists, in one loop."""
    if type(raw) is not list:
        raise RecordError("it should be a list")
    pairs = []
    for pair in raw:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str or type(pair[1]) is not str:
            raise RecordError("it should be a list of pairs of texts")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _object(cls: Any) -> Convert:
    """The converter for a Struct. Texts and booleans are passed on as they are, which makes opening a file fast."""
    hints = get_type_hints(cls)
    converters = {one.name: _decoder(hints[one.name]) for one in fields(cls)}
    as_is = {name: hint for name, hint in hints.items() if hint in (str, bool)}

    def convert(raw: Any) -> Any:
        if type(raw) is not dict:
            raise RecordError("it should be an object")
        if not raw.keys() <= converters.keys():
            raw = _without_foreign(raw, converters)
        name = ""
        try:
            for name, member in raw.items():
                if as_is.get(name) is not type(member):
                    raw[name] = converters[name](member)
        except RecordError as error:
            raise RecordError(f"{name}: {error}") from None
        try:
            return cls(**raw)
        except TypeError:
            missing = [one.name for one in fields(cls) if default_of(one) is NODEFAULT and one.name not in raw]
            raise RecordError(f"{', '.join(missing)} is missing") from None

    return convert


def _without_foreign(raw: dict[str, Any], converters: dict[str, Convert]) -> dict[str, Any]:
    """The members without those of other programs; raises RecordError for one that the Struct does not have."""
    own = {name: member for name, member in raw.items() if not name.startswith("_")}
    unknown = next((name for name in own if name not in converters), None)
    if unknown is not None:
        raise RecordError(f"{named(unknown)} is not a field of this record")
    return own


def _decode_body(raw: Any) -> Body:
    if type(raw) is not dict or not raw.keys() <= {"text", "base64", "size", "wire", "cut"}:
        raise RecordError("it should be an object with text or base64")
    if len(raw) == 1 and type(raw.get("text")) is str:
        data = _utf8(raw["text"])
        return Body(data, len(data), len(data))
    data = _body_bytes(raw)
    size, wire = _decode_int(raw.get("size", len(data))), _decode_int(raw.get("wire", len(data)))
    cut = raw.get("cut")
    if cut is not None and type(cut) is not str:
        raise RecordError("cut: it should be a text")
    return Body(data, size, wire, cut)


def _body_bytes(raw: dict[str, Any]) -> bytes:
    text, encoded = raw.get("text", ""), raw.get("base64", "")
    if type(text) is not str or type(encoded) is not str or (text and encoded):
        raise RecordError("it should be an object with text or base64")
    try:
        # Without `validate` whatever is not base64 is passed over in silence (base64.b64decode).
        return base64.b64decode(encoded, validate=True) if encoded else _utf8(text)
    except (binascii.Error, ValueError):
        raise RecordError("base64: it should be base64") from None


def _utf8(text: str) -> bytes:
    try:
        # JSON can escape half of a surrogate pair, and Python's reader keeps it (RFC 8259 §8.2).
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise RecordError("text: it should be Unicode without lone surrogates") from None


def named(value: Any) -> str:
    """A name from a record in quotation marks, fit to stand in a sentence."""
    return f"“{visible(shortened(value if isinstance(value, str) else repr(value)[:60], 60))}”"


def default_of(one: FieldInfo) -> Any:
    """The value of a field that a record leaves out, or NODEFAULT."""
    if one.default_factory is not NODEFAULT:
        return one.default_factory()
    return one.default
