"""Reading what a person pasted in place of a callback, and why it cannot be the answer (threats.md L12).

An address can be that of any page on the way (the one to be opened, the login, the consent). None of them ends the wait.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from airisk_tui.oauth.authorization import CODE_NAMES, Redirect, read_redirect, split_query
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.urls import endpoint_url

PasteKind = Literal["url", "query", "code", "nothing"]

PasteFault = Literal["no-address", "authorization-request", "no-answer"]
"""Why a paste is refused: it is neither an address nor a code · it is the address that was to be opened · it brings neither
code nor error nor state."""

_TWO_WORDS = re.compile(r"[^\s\"'<>][^\S\r\n]+[^\s\"'<>]")
"""White space inside a line, which a terminal's wrapping does not make."""


def read_paste(text: str, dialect: Dialect) -> tuple[PasteKind, str]:
    """What was pasted, as a query string: a whole URL, a query, or a bare code, which becomes `code=…`.

    White space and quotation marks around it and the line breaks of a terminal's wrapping are dropped. Several words in a
    line are not taken for a code: they would be sent to the server together with the client secret.
    """
    several_words = _TWO_WORDS.search(text.strip())
    text = _unwrapped(text)
    if not text:
        return "nothing", ""
    query, has_place, fragment = split_query(text)
    if has_place:
        return "url", query + (f"#{fragment}" if fragment else "")
    if "=" in text.rstrip("="):
        return "query", text.lstrip("?&#")
    return ("nothing", "") if several_words else ("code", Params(((dialect.code, text),)).encode())


def paste_fault(text: str, base_url: str, dialect: Dialect) -> PasteFault | None:
    """Why what was pasted cannot be the answer to the authorization request, or None when it can. Total over any text."""
    kind, query = read_paste(text, dialect)
    if kind == "code":
        return None
    redirect = read_redirect(f"?{query}", dialect)
    if redirect.kind == "empty" and _is_request(text, redirect, base_url, dialect):
        return "authorization-request"
    if kind == "nothing" or not query:
        return "no-address"
    return None if _has_answer(redirect, dialect) else "no-answer"


def _is_request(text: str, redirect: Redirect, base_url: str, dialect: Dialect) -> bool:
    """Whether it is an authorization request, by its parameters or by the endpoint's path."""
    asks = redirect.params.get("client_id") is not None and redirect.params.get("redirect_uri") is not None
    endpoint = _path(endpoint_url(base_url, dialect.authorize_path))
    return asks or ("://" in text and endpoint != "" and _path(_unwrapped(text)) == endpoint)


def _has_answer(redirect: Redirect, dialect: Dialect) -> bool:
    """Whether query or fragment hold an answer; some servers put theirs into the fragment."""
    in_fragment = any(redirect.fragment.get(name) for name in (*CODE_NAMES, dialect.code, "error", "access_token"))
    return redirect.kind != "empty" or redirect.other_name is not None or redirect.state is not None or in_fragment


def _unwrapped(text: str) -> str:
    return "".join(text.split()).strip("\"'<>")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").lower()
    except ValueError:
        return ""
