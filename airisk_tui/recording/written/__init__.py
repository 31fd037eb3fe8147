"""Requests as people write them down: curl commands, raw HTTP, HAR files. Each becomes the bytes that it would send.

What is read here is raw and lives in memory only.
"""

from __future__ import annotations

from airisk_tui.recording.written.curl import curl_requests
from airisk_tui.recording.written.http import http_requests
from airisk_tui.recording.written.request import Unreadable, WrittenRequest

__all__ = ["Unreadable", "WrittenRequest", "curl_requests", "http_requests", "requests_in"]


def requests_in(data: bytes) -> tuple[WrittenRequest, ...]:
    """The requests of a file, whatever form it has. Raises Unreadable."""
    text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    start = text.lstrip()
    if start.startswith("{") and '"log"' in text:
        return _of_har(data)
    if "curl " in text or "curl.exe" in text:
        return curl_requests(text)
    return http_requests(text)


def _of_har(data: bytes) -> tuple[WrittenRequest, ...]:
    from airisk_tui.recording.errors import RecordingRefused
    from airisk_tui.recording.har.file import parse_har

    try:
        entries = parse_har(data).entries
    except RecordingRefused as error:
        raise Unreadable(str(error)) from error
    return tuple(
        WrittenRequest(
            one.method,
            one.url,
            tuple((name, value) for name, value in one.headers if not name.startswith(":")),
            one.body.data,
        )
        for one in (entry.exchange.request for entry in entries)
    )
