"""The page with which a server posts its answer to the redirect URI (OAuth 2.0 Form Post Response Mode §2)."""

from __future__ import annotations

from typing import NamedTuple

from airisk_tui.oauth.params import Params

MAX_PAGE = 64 * 1024
"""Characters of a page that are read; such a page has a few hundred."""


class PostedForm(NamedTuple):
    """action: where the form is sent, as the page has it; fields: its hidden fields, in order."""

    action: str
    fields: Params


def posted_form(page: str) -> PostedForm | None:
    """The first form of a page that is sent by POST; None where there is none. Total over any text."""
    from html.parser import HTMLParser  # here: only a run with this response mode needs it

    found: list[str] = []
    fields: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = {name: value or "" for name, value in reversed(attrs)}
            if tag == "form" and not found and values.get("method", "").lower() == "post":
                found.append(values.get("action", ""))
            elif tag == "input" and found and not self.ended and values.get("type", "").lower() == "hidden":
                fields.append((values.get("name", ""), values.get("value", "")))

        def handle_endtag(self, tag: str) -> None:
            self.ended |= tag == "form" and bool(found)

        ended = False

    reader = Reader()
    reader.feed(page[:MAX_PAGE])
    reader.close()
    return PostedForm(found[0], Params(tuple(fields))) if found else None
