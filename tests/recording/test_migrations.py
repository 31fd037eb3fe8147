"""Older formats become the present one: sentences become codes, and whatever stands in a record, nothing is raised (F4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.flow.events import BrowserOpened, ListenerFailed, RunStarted, TransportFailed
from airisk_tui.recording.disk.codec import decode_event, encode_event
from airisk_tui.recording.disk.format import FORMAT, migrated
from airisk_tui.recording.disk.migrations import MIGRATIONS
from tests.runs import started, unconnected

RECORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["failed", "fault", "known", "mistakes", "code", "message", "detail", "ok"]), inner
        )
    ),
    max_leaves=12,
)


def of_format_2(record: dict[str, Any]) -> Any:
    return decode_event(migrated(record, 2))


@pytest.mark.parametrize(
    ("detail", "reason"),
    [
        (
            "There is no display here (DISPLAY, WAYLAND_DISPLAY and BROWSER are not set). Open the URL by hand.",
            "no-display",
        ),
        ("No browser could be opened: xdg-open ended with status 3. Open the URL by hand.", "failed"),
        ("No browser was found on this machine: install xdg-utils or set BROWSER.", "none-found"),
        ("words of another day", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_words_about_a_browser_become_a_code(detail: str, reason: str) -> None:
    event = of_format_2({"event": "BrowserOpened", "at": 0.2, "ok": False, "detail": detail})
    assert event == BrowserOpened(at=0.2, ok=False, reason=reason)  # type: ignore[arg-type] # from the table


@pytest.mark.parametrize(("code", "now"), [("busy", "busy"), ("of another day", "unavailable")])
def test_the_sentence_about_the_listener_is_left_out(code: str, now: str) -> None:
    old = {"event": "ListenerFailed", "at": 0.1, "code": code, "sentence": "It is taken.", "port": 8765}
    assert of_format_2(old) == ListenerFailed(at=0.1, code=now, port=8765)  # type: ignore[arg-type] # likewise


def test_the_data_in_the_sentence_about_a_fault_is_kept() -> None:
    old = json.loads(encode_event(unconnected()))
    fault = {
        "kind": "protocol",
        "message": "Expected an HTTP answer from h:1, but what came began with 'SSH-2.0'; check it.",
    }
    old["failed"]["fault"] = fault | {"reason": "not-http", "detail": "as the library says"}
    event = of_format_2(old)
    assert isinstance(event, TransportFailed)
    assert (event.failed.fault.received, event.failed.fault.library_text) == ("SSH-2.0", "as the library says")


def test_what_was_known_at_the_start_gets_its_names_of_today() -> None:
    old = json.loads(encode_event(started()))
    mistake = {"field": "client_secret", "code": "client-secret-space", "sentence": "There is white space around it."}
    old["known"] = {"environment": {"ssh": True}, "mistakes": [mistake]}
    event = of_format_2(old)
    assert isinstance(event, RunStarted)
    assert (event.known.host.ssh, event.known.secret_mistakes) == (True, ("client-secret-space",))


@given(st.sampled_from(["RunStarted", "ListenerFailed", "BrowserOpened", "TransportFailed", "?"]), RECORDS)
def test_F4_whatever_stands_in_a_record_nothing_is_raised(name: str, rest: Any) -> None:
    members = rest if isinstance(rest, dict) else {"failed": rest, "known": rest, "detail": rest, "code": rest}
    for number in MIGRATIONS:
        assert isinstance(migrated(json.loads(json.dumps({"event": name, **members})), number), dict)
    assert max(MIGRATIONS) == FORMAT - 1
