"""Web pages that came instead of a redirect, by what they do: one redirects the browser by itself, asks a person, or is a program.

Read from the page's text alone: nothing of it is run, and the rules word a guess as one.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Literal

from airisk_tui.insight.reading.filters import leads_to_login
from airisk_tui.insight.reading.run import asks_to_log_in
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import page
from airisk_tui.oauth.answer.server_error import visible_words
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import split_url

Kind = Literal["sends-on", "asks", "program", "plain"]

_HIDDEN_CODE = r"""<input\b(?=[^>]*\btype=["']?hidden)(?=[^>]*\bname=["']?code\b)(?=[^>]*\bvalue=["']?[^\s"'>]{6,})"""
"""The answer of response_mode=form_post, where no script posts it."""

_BY = (
    ("a self-posting form", pattern(r"(?=.*<form\b).*\.submit\(", re.DOTALL)),
    ("a form", pattern(_HIDDEN_CODE)),
    ("a meta refresh", pattern(r"""http-equiv=["']?refresh""")),
    ("a script", pattern(r"\blocation\b.{0,40}[=(]|\bfetch\(|\bsendbeacon\(")),
)
_UNREACHED = pattern(
    r"actively refused|connection (was )?refused|econnrefused|no connection could be made|unable to connect"
    r"|cannot (get|post) /|failed to connect|name or service not known"
)


def sent_on_by(response: HttpResponse, redirect_uri: str) -> str | None:
    """The means by which a page sends the browser to the redirect URI, in words, or None."""
    text = unescape(page(response)).replace("\\/", "/")
    if redirect_uri.lower() not in text:
        return None
    return next((name for name, sign in _BY if sign.search(text)), None)


def speaks_of(response: HttpResponse, redirect_uri: str) -> bool:
    """Whether a body complains of a request to the redirect URI: only a server that called it itself can do so."""
    text, parts = page(response), split_url(redirect_uri)
    if parts is None or not _UNREACHED.search(text):
        return False
    return parts.netloc.lower() in text or (len(parts.path) > 1 and parts.path.lower() in text)


LISTENER_WORDS = "go back to the terminal"
"""A sentence of every page of this program's listener (`engine.listener.pages`), in lower case."""


def shows_listener(response: HttpResponse) -> bool:
    """Whether a body is a page of a listener like ours: only who called the redirect URI can hand it back."""
    return LISTENER_WORDS in page(response)


def shown_by(response: HttpResponse) -> str:
    """The first words that a page shows, quoted: its title, and its words; "nothing that can be read" where a script writes them."""
    text = decoded(response.body.data[:MAX_READ])
    title, words = _TITLE.search(text), visible_words(text)
    named = " ".join(unescape(title[1]).split()) if title else ""
    if not named or words.lower().startswith(named.lower()):
        return quoted(words) if words else "nothing that can be read"
    return f"{brief(named)}: {quoted(words)}" if words else brief(named)


_TITLE = pattern(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
MAX_READ = 256 * 1024
"""Bytes of a page that are read for its words: the head of many a page is longer than the start that tells its kind."""


def kind_of(response: HttpResponse) -> Kind:
    """The kind of a page, to a person."""
    in_words = _ASKS.search(page(response)) or (asks_to_log_in(response) and not visible_words(page(response)))
    if in_words or has_form(response) or any(map(leads_to_login, _SENT_TO.findall(page(response)))):
        return "asks"
    return "program" if "<script" in page(response) else "plain"


_ASKS = pattern(
    r"""<(?:a|button)\b[^>]*>[^<]{0,40}\b(?:sign|log)[ -]?(?:in|on)\b"""
    r"""|href=["'][^"']*(?:log-?in|sign-?in)|\b(?:please|must) (?:sign|log)[ -]?in\b"""
)
"""A link, a button or words with which a page without a form asks for a log-in: its title may speak of one that failed."""
_SENT_TO = pattern(
    r"""(?:\blocation(?:\.href)?\s*=\s*|\blocation\.(?:replace|assign)\(\s*|;\s*url=)["']?(https?://[^"'\s>)]+)"""
)
"""The addresses to which a page sends the browser, by a script or a meta refresh."""


def has_form(response: HttpResponse) -> bool:
    """Whether a page has something to fill in or to press."""
    return "<form" in page(response) or "<input" in page(response)
