"""Reading what a person pasted in place of a callback, and why it cannot be the answer (threats.md L12).

What programs on the way did to it is taken back by `repairs`; what cannot be an answer is refused by name.
A paste that is refused is never sent: the token request would carry it together with the client secret.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Container, Iterable, Iterator
from html import unescape
from typing import Any, Literal
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import CODE_NAMES, ROUTE, Redirect, read_redirect, split_query
from airisk_tui.oauth.redirect.repairs import ADDRESS, UNSENDABLE, Repair, is_word, repaired
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.urls import endpoint_url, origin, path_of

PasteKind = Literal["url", "query", "code", "nothing"]

PasteFault = Literal[
    "no-address", "authorization-request", "no-answer", "error-page", "cut-short", "line-full", "state-cut", "no-code",
    "own-value", "two-halves",
]  # fmt: skip
"""The reasons for refusing a paste: it is neither an address nor a code · it is the address that was to be opened · it brings neither
code nor error nor state · it is a page of the browser itself · a program has cut it and put an ellipsis there · it is as long
as a terminal lets a line be, and no address with its state · its state is only the beginning of the one that was sent · it holds
characters that no code has (RFC 6749 appendix A.11 allows some of them; no server is known to use them) · it is a value that the
request carried · its state stands before the “#” and its code behind it, as no server answers."""

_BESIDE = pattern(r"([^\s#,;|{}\"'<>\\:=]+)[\"']?\s*[#,;|\s]\s*[\"']?")
"""A code, and what stands between it and the state behind it; some sign-in pages show CODE#STATE for pasting."""


class Paste(Struct, frozen=True):
    """A paste as it was read. query: the answer as a redirect's query, or ""; repairs: what was taken back; fault: why it is refused;
    member: the path of the answer in JSON, as "data.redirectUrl", or ""; place: scheme, host and port of a whole address, or ""."""

    kind: PasteKind
    query: str = ""
    repairs: tuple[Repair, ...] = ()
    fault: PasteFault | None = None
    member: str = ""
    place: str = ""


def read_paste(
    text: str, base_url: str, dialect: Dialect, state: str | None = None, own: Collection[str | None] = ()
) -> Paste:
    """Read a whole URL, a query, a code, or something in which one of them stands. Total over any text.

    state: the one that was sent, where one was: it shows where an answer ends; own: values that the request carried.
    """
    paste = _read(text, base_url, dialect, state)
    if paste.kind == "code" and _code_in(paste.query, dialect) in (state, *own):
        return replace(paste, fault="own-value")
    if paste.fault is None and _fills_a_line(text) and (paste.kind != "url" or state is None):
        return replace(paste, fault="line-full")
    if state is None or (_state_in(paste, dialect) == state and "?" not in paste.query):
        return paste
    # Twice: a mail program escapes for HTML what a page had escaped already.
    for readable in (unescape(unescape(text)), unquote(text)):
        for found in _EMBEDDED.finditer(readable):
            inner = _read(found[0], base_url, dialect, state)
            if inner.fault is None and inner.query != paste.query and _state_in(inner, dialect) == state:
                return replace(inner, repairs=(*inner.repairs, "surroundings"))
    theirs, last = _state_in(paste, dialect), paste.query.rpartition("&")[2]
    cut = theirs is None and "&" in paste.query and "state=".startswith(last)
    if paste.fault is None and (
        cut or (len(theirs or "") >= _BEGINNING and theirs != state and state.startswith(theirs or ""))
    ):
        return replace(paste, fault="state-cut")
    return paste


LINES = (1_024, 4_096)
"""Bytes of a line that a terminal keeps in its canonical mode: macOS, Linux (termios(3), MAX_CANON). The rest is lost."""


def _fills_a_line(text: str) -> bool:
    line = LINES[0] if sys.platform == "darwin" else LINES[1]
    return line - 3 <= len(text.encode("utf-8", "replace")) <= line


_BEGINNING = 4
"""Characters of a state that no other state begins with."""


def _read(text: str, base_url: str, dialect: Dialect, state: str | None) -> Paste:
    clean, repairs = repaired(text, state)
    if clean.startswith(("{", "[")):
        query, member = _answer_in_json(clean, dialect)
        kind: PasteKind = "query" if query else "nothing"
        joined: tuple[Repair, ...] = ("json",) if query else ()
    else:
        member = ""
        kind, query, joined = _answer_in(clean, dialect, state)
    typed = kind == "code" and clean == text.strip() and _TYPED.fullmatch(clean)
    fault = "no-address" if typed else _fault(clean, kind, query, base_url, dialect, state)
    return Paste(
        kind, query, tuple(dict.fromkeys((*repairs, *joined))), fault, member, _place(clean) if kind == "url" else ""
    )


def _place(text: str) -> str:
    """Scheme, host and port of an address, or ""."""
    found = origin("".join(text.split()))
    return found.removesuffix(":443" if found.startswith("https:") else ":80")


_IN_ADDRESS = r"[!#-&(-;=?-_a-{}~]"
"""A character of an address that ends no quotation, tag or table cell. No negated class: folding the case of one that holds
the whole of Unicode takes "k" and "s" out with their namesakes."""

_EMBEDDED = pattern(rf"(?:(?:https?://|/){_IN_ADDRESS}*[?#&])?\b(?:code|error)={_IN_ADDRESS}*", re.IGNORECASE)
"""An answer in the middle of a text: a server's log line, a command, a sentence, an HTML link."""


def _state_in(paste: Paste, dialect: Dialect) -> str | None:
    return read_redirect(f"?{paste.query}", dialect).state if paste.query else None


# What the cleaned text holds.

_ESCAPED = pattern(r"%(?:2[0-9A-F]|3[A-F]|40|5[BD]|7[BD])", re.IGNORECASE)
"""A reserved character as an address bar shows it inside a value: the code was copied out of an address."""

_OWN_PAGES = ("chrome-error:", "about:", "chrome:", "edge:", "moz-extension:", "chrome-extension:", "data:")
"""Addresses that a browser gives to its own pages: an error page shows one in place of the redirect."""


def _answer_in(text: str, dialect: Dialect, state: str | None) -> tuple[PasteKind, str, tuple[Repair, ...]]:
    """The kind of answer that the text is, the answer as a query, and the repairs."""
    if not text:
        return "nothing", "", ()
    address = "".join(text.split())  # no address holds white space (RFC 3986 appendix C)
    query, has_place, fragment = split_query(address)
    if has_place:
        return "url", *_query_or_fragment(query, fragment, dialect)
    if "=" in address.rstrip("="):
        bare = address.lstrip("?&#")
        if state and "=" not in bare.partition("&")[0] and bare.partition("&state=")[2].startswith(state):
            bare = f"{dialect.code}={bare}"  # copied from behind "code=" to the end of the address
        return "query", bare, (("fragment",) if text.startswith("#") else ())
    found = _BESIDE.fullmatch(text.removesuffix(state)) if state and text.endswith(state) else None
    if state and found and found[1].lower() not in ("code", "state"):
        return "query", Params(((dialect.code, found[1]), ("state", state))).encode(), ("code-and-state",)
    if _ESCAPED.search(text):
        kind, query, repairs = _answer_in(unquote(text), dialect, state)
        return kind, query, ("percent-encoding", *repairs)
    if _WRAPPED.fullmatch(text) and is_word(address):
        return "code", Params(((dialect.code, address),)).encode(), ("line-breaks",)
    if not is_word(text):
        return "nothing", "", ()
    return "code", Params(((dialect.code, text),)).encode(), ()


_WRAPPED = pattern(r"(?=\S*\d)(?=\S*[A-Za-z])[\w./~+-]{40,}\s+(?=\S*\d)[\w./~+-]{2,15}")
"""A code that a window broke once: a word as long as a narrow line, and a rest that is too short for a state."""


def _query_or_fragment(query: str, fragment: str, dialect: Dialect) -> tuple[str, tuple[Repair, ...]]:
    """The fragment's answer where the query has none: a server never sees it, the person's address line does."""
    routed = ROUTE.sub("", fragment)
    if (
        routed
        and not _holds_answer(query, dialect)
        and _holds_answer(routed, dialect)
        and not _halves(query, routed, dialect)
    ):
        return "&".join(part for part in (query, routed.lstrip("?/")) if part), ("fragment",)
    for _, value in Params.parse(query):  # a page that ends the login may hold the whole answer in one parameter
        inner = split_query(value)[0] if "://" in value or value.startswith("/") else value
        if not _holds_answer(query, dialect) and ADDRESS.match(f"?{inner}") and _holds_answer(inner, dialect):
            return inner, ("percent-encoding",)
    return query + (f"#{fragment}" if fragment else ""), ()


def _halves(query: str, fragment: str, dialect: Dialect) -> bool:
    """Whether the state stands before the “#” alone, and the code behind it: that code was not issued with that state."""
    behind = Params.parse(fragment)
    return bool(Params.parse(query).get("state") and behind.get(dialect.code)) and behind.get("state") is None


def _holds_answer(query: str, dialect: Dialect) -> bool:
    redirect = read_redirect(f"?{query}", dialect)
    return redirect.kind != "empty"


def _answer_in_json(text: str, dialect: Dialect) -> tuple[str, str]:
    """The answer that stands in JSON, at any depth, and its member's path: members named as the parameters are, or a text
    that is the redirect; ("", "") where there is none."""
    names = (dialect.code, *CODE_NAMES, "error")
    for path, value in _objects(read_json(text.encode("utf-8", "replace")).value):
        if is_of_an_error(str(value.get("code", "")), value):
            continue
        name = next((name for name in names if isinstance(value.get(name), str)), None)
        if name is not None:
            beside = ("error_description", "state", "iss")
            pairs = [(each, value[each]) for each in (name, *beside) if isinstance(value.get(each), str)]
            return Params(tuple(pairs)).encode(), ".".join((*path, name))
        for member, inner in value.items():
            if isinstance(inner, str) and _holds_answer(split_query(inner)[0], dialect):
                return split_query(inner)[0], ".".join((*path, member))
    return "", ""


def is_of_an_error(code: str, beside: Container[str]) -> bool:
    """Whether a member `code` is that of an error ("ip_not_allowed", "E1001"), beside a member with words about it. beside: the names
    of the members, in lower case."""
    spoken_of = any(name in beside for name in ("message", "msg", "detail", "description", "reason", "title"))
    return spoken_of and "state" not in beside and _OF_AN_ERROR.fullmatch(code) is not None


_OF_AN_ERROR = pattern(r"[A-Za-z]+(?:[_. -][A-Za-z]+)*|[A-Za-z]{0,8}[_-]?\d{1,6}")


def _objects(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Each object with the names of the members that lead to it, the outermost first."""
    members: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        yield path, value
        members = value.items()
    elif isinstance(value, list):
        members = ((str(index), inner) for index, inner in enumerate(value))
    for name, inner in members:
        yield from _objects(inner, (*path, name))


# Why it cannot be the answer.


_ELLIPSES = ("…", "...")


def _fault(
    text: str, kind: PasteKind, query: str, base_url: str, dialect: Dialect, state: str | None
) -> PasteFault | None:
    if text.lower().startswith(_OWN_PAGES):
        return "error-page"
    if text.endswith(_ELLIPSES) or any(sign in _code_in(query, dialect) for sign in _ELLIPSES):
        return "cut-short"
    if kind == "code":
        return None
    redirect = read_redirect(f"?{query}", dialect)
    if redirect.kind == "empty" and _is_request(text, redirect, base_url, dialect):
        return "authorization-request"
    if kind == "nothing":
        return _no_code(text)
    if not query:
        return "no-address"
    if redirect.kind == "empty" and redirect.state and redirect.fragment.get(dialect.code) is not None:
        return "two-halves"
    return None if _has_answer(redirect, dialect, state) else "no-answer"


def _is_state(came: str | None, sent: str | None) -> bool:
    """Whether a state came that may be ours: where none was sent, any; else one of which the other is a part."""
    return came is not None and (sent is None or came in sent or sent in came)


_TYPED = pattern(r"[a-z]{1,12}|.{1,3}|www\..*|[A-Z]+(?:_[A-Z]+)+|[A-Za-z][A-Za-z -]{0,40}:", re.DOTALL)
"""A word or a key that a person types at a prompt ("help", "q", "^C"), and no code: one as short could be guessed (RFC 6749 §10.10); a
host's name; a browser's own word for an error, or the place of a code in an example; a label or a header's name, whose value stands on
the next line."""


def _code_in(query: str, dialect: Dialect) -> str:
    return read_redirect(f"?{query}", dialect).code or "" if query else ""


def _no_code(text: str) -> PasteFault:
    looks_like_one = text[:1] in ("{", "[") or " " not in text
    return "no-code" if looks_like_one and UNSENDABLE.search(text) else "no-address"


def _is_request(text: str, redirect: Redirect, base_url: str, dialect: Dialect) -> bool:
    """Whether it is an authorization request, by its parameters or by the endpoint's path."""
    asks = redirect.params.get("client_id") is not None and redirect.params.get("redirect_uri") is not None
    endpoint, place = (
        path_of(url).rstrip("/").lower() for url in (endpoint_url(base_url, dialect.authorize_path), text)
    )
    return asks or ("://" in text and endpoint != "" and place == endpoint)


def _has_answer(redirect: Redirect, dialect: Dialect, state: str | None) -> bool:
    """Whether it holds an answer, or the state that was sent, by which an answer without a code can still be told to be one: pages of
    a log-in have a state of their own."""
    in_fragment = any(
        redirect.fragment.get(name) for name in (*CODE_NAMES, dialect.code, "error", "access_token", "id_token")
    )
    return (
        redirect.kind != "empty" or redirect.other_name is not None or in_fragment or _is_state(redirect.state, state)
    )
