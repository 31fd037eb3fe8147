"""What the times, the bodies and the list of a HAR say at their bounds."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.oauth.http import Timing
from airisk_tui.recording.har.entry import entry_of
from airisk_tui.recording.har.export import as_har
from airisk_tui.recording.har.file import parse_har
from tests.recording.logs import LOGS
from tests.runs import LOCATION, authorized, exchanged, redirect, started

NOT_MEASURED = {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0}


def raw(answer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    request = {"method": "POST", "url": "https://x.example/token"}
    whole = {"status": 200, "headers": [], "content": {}} | answer
    return {"startedDateTime": "2026-01-01T00:00:00Z", "request": request, "response": whole} | changes


@pytest.mark.parametrize(
    ("total", "read"), [(100, 100), (118, 118), (119, 119), (119.9995, 99.9995), (120, 100), (121, 101)]
)
def test_a_handshake_counted_twice_is_taken_out_of_the_time(total: float, read: float) -> None:
    timing = entry_of(raw({}, time=total, timings={"connect": 30, "ssl": 20, "wait": 70}), 0.0).exchange.timing
    assert [1000 * (one or 0.0) for one in (timing.total, timing.connect, timing.tls)] == pytest.approx([read, 10, 20])


def test_a_handshake_alone_is_the_time() -> None:
    assert entry_of(raw({}, time=20, timings={"ssl": 20}), 0.0).exchange.timing.total == 0.02


@pytest.mark.parametrize(
    ("size", "wire", "cut"),
    [(0, 0, False), (0, -1, True), (-1, 0, True), (1, 0, True), (2, 0, True), (3, 0, True), (0, 3, True)],
)
def test_an_answer_without_a_text_was_empty_where_both_lengths_say_so(size: int, wire: int, cut: bool) -> None:
    response = entry_of(raw({"content": {"size": size}, "bodySize": wire}), 0.0).exchange.response
    assert (response.body.cut == "not-recorded", response.body.size) == (cut, max(0, size))


@pytest.mark.parametrize("media", ["application/json", "text/HTML", "multipart/mixed", "text/plain", ""])
def test_base64_that_no_member_tells_of_is_read_where_the_type_has_a_form(media: str) -> None:
    for data in (b'{"a":1}', b"[1]", b"a=b", b"<p>", b"--x", b"plain", b"==="):
        text = base64.b64encode(data)
        response = entry_of(raw({"content": {"text": text.decode(), "mimeType": media}}), 0.0).exchange.response
        known = media not in ("text/plain", "") and data not in (b"plain", b"===")
        assert response.body.data == (data if known else text), data


def test_the_times_of_a_run_are_written_as_the_format_says() -> None:
    entries = as_har(LOGS["by-its-issuer"])["log"]["entries"]
    no = NOT_MEASURED | {"wait": 0, "receive": 0}
    assert [(one["_resourceType"], one["_airisk"]["event"], one["time"], one["timings"]) for one in entries] == [
        ("fetch", "MetadataAnswered", 0, no),
        ("document", "AuthorizationAnswered", 50, no | {"wait": 50}),
        ("fetch", "TokenExchanged", 250, no | {"connect": 30, "ssl": 20, "wait": 200, "receive": 20}),
        ("fetch", "KeysAnswered", 0, no),
        ("fetch", "FollowUpAnswered", 0, no),
    ]


@pytest.mark.parametrize(
    ("timing", "written"),
    [
        (Timing(0.5, connect=0.1), {"connect": 100, "wait": 400}),
        (Timing(0.5, tls=0.1, first_byte=0.3), {"connect": 100, "ssl": 100, "wait": 300, "receive": 100}),
        (Timing(0.5, dns=0.2, connect=0.1, tls=0.1), {"dns": 200, "connect": 200, "ssl": 100, "wait": 100}),
        (Timing(0.1, dns=0.1, connect=0.1), {"dns": 100, "connect": 100, "wait": 0}),
    ],
)
def test_a_time_that_was_not_measured_counts_as_none(timing: Timing, written: dict[str, float]) -> None:
    answered = exchanged()
    run = (started(mode="direct"), authorized(redirect(LOCATION)))
    event = replace(answered, exchange=replace(answered.exchange, timing=timing))
    found = as_har((*run, event))["log"]["entries"][-1]["timings"]
    assert found == NOT_MEASURED | {"receive": 0} | written


def test_the_first_list_of_requests_counts_and_all_of_it() -> None:
    one, other = raw({}, time=1), raw({}, time=2)
    lists = ([{"a": 1}, one], [other, 7, {"b": 1}, other], [one])
    found = parse_har(b'{"log": {%s}}' % b", ".join(b'"entries": ' + json.dumps(it).encode() for it in lists))
    assert [entry.exchange.timing.total for entry in found.entries] == [0.002] * 2 and not found.cut
    assert found.total == 2
