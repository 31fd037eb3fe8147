"""Events survive the way to disk and back, and nothing but a `RecordError` comes of anything else (threats.md F4)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.flow.events import AnyEvent, StrayRequest
from airisk_tui.flow.fold import fold, step
from airisk_tui.oauth.http import Body, HttpRequest
from airisk_tui.recording.disk.codec import EVENTS, LARGE_TEXT, decode_event, encode_event, loads
from airisk_tui.recording.disk.errors import RecordError
from tests.recording.logs import LOGS, NOT_TEXT
from tests.runs import BOUND, started

EVERY = [event for log in LOGS.values() for event in log]


def there_and_back(event: AnyEvent) -> AnyEvent:
    return decode_event(loads(encode_event(event)))


def test_the_sample_logs_hold_every_kind_of_event() -> None:
    assert {type(event) for event in EVERY} == set(EVENTS.values())


@pytest.mark.parametrize("name", LOGS)
def test_every_event_comes_back_as_it_was(name: str) -> None:
    for event in LOGS[name]:
        assert there_and_back(event) == event


bodies = st.builds(
    Body, st.binary(max_size=40), st.integers(0, 2**40), st.integers(0, 2**40), st.none() | st.just("size")
)
texts = st.text(max_size=20)
requests = st.builds(HttpRequest, texts, texts, st.lists(st.tuples(texts, texts), max_size=4).map(tuple), bodies)


@given(st.builds(StrayRequest, at=st.floats(0, 1e9), request=requests, reason=texts, peer=texts))
def test_any_request_comes_back_as_it_was_and_its_line_is_printable(event: StrayRequest) -> None:
    line = encode_event(event)
    assert line.isascii()
    assert line.isprintable()
    assert there_and_back(event) == event


def test_a_body_is_text_where_it_can_be_read() -> None:
    assert '"body":{"text":"h\\u00e9"}' in encode_event(stray(Body.of("hé".encode())))
    assert base64.b64encode(NOT_TEXT.data).decode() in encode_event(stray(NOT_TEXT))


def test_a_large_body_never_grows_beyond_base64() -> None:
    event = stray(Body.of(b"\x01" * (LARGE_TEXT + 1)))
    assert len(encode_event(event)) < LARGE_TEXT * 1.4
    assert there_and_back(event) == event


def stray(body: Body) -> StrayRequest:
    return StrayRequest(at=1.0, request=HttpRequest("POST", "/", (), body), reason="path")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": "Nothing"}, "unknown event"),
        ({"event": ["x"]}, "unknown event"),
        ({"at": "now"}, "at: Expected `float`, got `str`"),
        ({"at": True}, "at: Expected `float`, got `bool`"),
        ({"at": 10**400}, "at: it should be a number"),
        ({"surprise": 1}, "“surprise” is not a field"),
        ({"scheme": 5}, "scheme: Expected `str`, got `int`"),
        ({"addresses": "127.0.0.1"}, "addresses: Expected `array`, got `str`"),
        ({"addresses": [1]}, r"addresses\[0\]: Expected `str`, got `int`"),
        ({"at": "\ud800"}, "surrogates not allowed"),
        ({"secrets": [{"fingerprint": "x", "length": 1, "shape": "round"}]}, "shape: Invalid enum value 'round'"),
        ({"secrets": [{"length": 1}]}, "secrets.*missing required field `fingerprint`"),
        ({"secrets": [7]}, "secrets.*: Expected `object`, got `int`"),
    ],
)
def test_F4_a_record_that_is_not_as_it_should_be_is_named(change: dict[str, Any], words: str) -> None:
    record = json.loads(encode_event(BOUND)) | change
    with pytest.raises(RecordError, match=words):
        decode_event(record)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(RecordError, match="missing required field `addresses`"):
        decode_event({"event": "ListenerBound", "at": 1})


def test_a_member_that_begins_with_an_underscore_is_passed_over() -> None:
    assert decode_event({**json.loads(encode_event(BOUND)), "_note": "mine"}) == BOUND


@pytest.mark.parametrize(
    "line", [b"", b"{", b"NaN", b"\xff", b"[" * 100_000, b"1" * 5000, b'{"at":1e999}', b"[]", b"7"]
)
def test_F4_lines_that_are_no_record(line: bytes) -> None:
    with pytest.raises(RecordError):
        decode_event(loads(line))


@given(st.binary(max_size=200))
def test_F4_any_bytes_are_a_record_or_a_record_error(line: bytes) -> None:
    refused_or_event(line)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] + [deeper for key, member in items for deeper in paths(member, (*path, key))]


@given(st.data(), st.sampled_from(EVERY), values)
def test_F4_a_record_with_anything_in_any_place_is_an_event_or_a_record_error(
    data: st.DataObject, event: AnyEvent, value: Any
) -> None:
    record = json.loads(encode_event(event))
    path = data.draw(st.sampled_from(paths(record)[1:]))
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    refused_or_event(json.dumps(record).encode())


def refused_or_event(line: bytes) -> None:
    try:
        event = decode_event(loads(line))
    except RecordError as error:
        assert str(error).isprintable()
        assert str(error).endswith(".")
    else:
        encode_event(event)
        step(fold([started()]), event)
        fold([event])
