"""Web pages that come in the place of data or of a redirect (threats.md C4)."""

from __future__ import annotations

from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.text import decoded

MAX_PAGE = 4_096
"""Bytes of a page that are looked at: its head and the start of its form."""


def media_type(response: HttpResponse) -> str:
    """The declared media type in lower case, without its parameters, or ""."""
    return (header(response.headers, "content-type") or "").partition(";")[0].strip().lower()


def page(response: HttpResponse) -> str:
    """The first characters of a body in lower case."""
    return decoded(response.body.data[:MAX_PAGE]).strip().lower()


def is_web_page(response: HttpResponse) -> bool:
    """Whether the body is HTML: by its content first, by its declared type second (threats.md C4)."""
    start = page(response)[:200]
    looks = start.startswith(("<!doctype html", "<html", "<head", "<body"))
    return looks or (media_type(response) == "text/html" and not start.startswith(("{", "[")) and bool(start))
