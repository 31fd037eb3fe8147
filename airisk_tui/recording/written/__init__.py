"""Reading requests from curl commands, raw HTTP and HAR files, as the bytes that they would send.

The requests contain raw secrets and exist in memory only.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from airisk_tui.oauth.text.visible import QUOTED
from airisk_tui.recording.written.curl import ReadFile, curl_requests, no_files, placeholder_of
from airisk_tui.recording.written.request import Unreadable, WrittenRequest, http_requests
from airisk_tui.recording.written.shells import VARIABLE

__all__ = ["VARIABLE", "ReadFile", "Unreadable", "WrittenRequest", "no_files", "placeholder_of", "requests_in"]


def requests_in(data: bytes, read: ReadFile = no_files) -> tuple[WrittenRequest, ...]:
    """The requests of a file in any of these formats. read: reads the files that a command names. Raises Unreadable."""
    found = _requests_in(data, read)
    for one in found:
        try:
            urlsplit(one.url)
        except ValueError as error:
            raise Unreadable(f"{one.url[:QUOTED]} in it is no address") from error
    return found


def _requests_in(data: bytes, read: ReadFile) -> tuple[WrittenRequest, ...]:
    text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    start = text.lstrip()
    if start.startswith("{") and '"log"' in text:
        return _of_har(data)
    if "curl" in text and not start.startswith(_METHODS):
        return curl_requests(text, read)
    return http_requests(text)


_METHODS = ("GET ", "POST ", "PUT ", "PATCH ", "HEAD ")


def _of_har(data: bytes) -> tuple[WrittenRequest, ...]:
    from airisk_tui.recording.disk.errors import RecordingRefused
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
