"""Web pages in place of data or of a redirect (threats.md C4), and the page that posts the server's answer to the redirect URI (OAuth
2.0 Form Post Response Mode §2)."""

from __future__ import annotations

from typing import NamedTuple

from airisk_tui.oauth.http import HttpRequest, HttpResponse, content_type
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.visible import decoded

MAX_PAGE = 4_096
"""Bytes of a page that are read: its head and the start of its form."""


def media_type(message: HttpRequest | HttpResponse) -> str:
    """The declared media type in lower case, without its parameters, or ""."""
    return content_type(message.headers).partition(";")[0].strip().lower()


def page(response: HttpResponse) -> str:
    """The first characters of a body in lower case."""
    return decoded(response.body.data[:MAX_PAGE]).strip().lower()


def is_web_page(response: HttpResponse) -> bool:
    """Whether the body is HTML, by its content, and by its declared type if the content does not tell (threats.md C4)."""
    start = page(response)[:200]
    looks = start.startswith(("<!doctype html", "<html", "<head", "<body"))
    return looks or (media_type(response) == "text/html" and not start.startswith(("{", "[")) and bool(start))


MAX_FORM_PAGE = 64 * 1024
"""Characters of a page with a form that are read; a page of form_post has a few hundred."""


class PostedForm(NamedTuple):
    """A form that a page posts. action: the address that it is sent to, as the page has it; fields: its hidden fields, in order."""

    action: str
    fields: Params


def posted_form(text: str) -> PostedForm | None:
    """The first form of a page whose method is POST, or None. Total over any text."""
    from html.parser import HTMLParser  # here: only a run with this response mode needs it

    found: list[str] = []
    fields: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            # If a tag has an attribute twice, the first one counts (HTML §13.2.5.33).
            values = {name: value or "" for name, value in reversed(attrs)}
            if tag == "form" and not found and values.get("method", "").lower() == "post":
                found.append(values.get("action", ""))
            elif tag == "input" and found and not self.ended and values.get("type", "").lower() == "hidden":
                fields.append((values.get("name", ""), values.get("value", "")))

        def handle_endtag(self, tag: str) -> None:
            self.ended |= tag == "form" and bool(found)

        ended = False

    reader = Reader()
    reader.feed(text[:MAX_FORM_PAGE])
    reader.close()
    return PostedForm(found[0], Params(tuple(fields))) if found else None
