"""Reading what a person pasted in place of a callback, and why it cannot be the answer (threats.md L12).

An address passes through terminals, mail programs, chats and shells before it is pasted, and each of them changes it in
its own way. What can be taken back with certainty is taken back, and named; what cannot be an answer is refused by name.
A paste that is refused is never sent: the token request would carry it together with the client secret.
"""

from __future__ import annotations

import quopri
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from typing import Any, Literal
from urllib.parse import quote, unquote, urlencode

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import CODE_NAMES, Redirect, read_redirect, split_query
from airisk_tui.oauth.text.lenient_json import read_json
from airisk_tui.oauth.urls import endpoint_url, path_of

PasteKind = Literal["url", "query", "code", "nothing"]

PasteFault = Literal[
    "no-address", "authorization-request", "no-answer", "error-page", "cut-short", "line-full", "state-cut", "no-code"
]
"""Why a paste is refused: it is neither an address nor a code · it is the address that was to be opened · it brings neither
code nor error nor state · it is a page of the browser itself · a program has cut it and put an ellipsis there · it is as long
as a terminal lets a line be, and no address with its state · its state is only the beginning of the one that was sent · it holds
characters that no code has (RFC 6749 appendix A.11 allows some of them; no server is known to use them)."""

Repair = Literal[
    "paste-markers",
    "invisible-characters",
    "line-breaks",
    "quotation",
    "json",
    "markdown-link",
    "http-message",
    "link-protector",
    "quoted-printable",
    "percent-encoding",
    "html-escape",
    "json-escape",
    "shell-escape",
    "punctuation",
    "code-and-state",
    "fragment",
    "labels",
    "surroundings",
    "full-width",
    "twice",
]
"""What was taken back: the markers of a bracketed paste · characters that cannot be seen · line breaks of a terminal · quotation
marks and brackets around it · the JSON around it · a Markdown link · the request or header line around it · the address of a
mail filter around it · a mail's line ends · an address that was percent-encoded as a whole · `&amp;` · `\\u0026` · backslashes of
a shell · a full stop behind it · code and state joined by "#" · an answer behind "#", which a server never sees · the words
"code" and "state" before their values · the text in whose middle the answer stands · an
address's marks in the width of Chinese and Japanese writing · the same text once more behind it."""

_BESIDE = pattern(r"([^\s#,;|{}\"'<>\\:=]+)[\"']?\s*[#,;|\s]\s*[\"']?")
"""A code, and what stands between it and the state behind it; some sign-in pages show CODE#STATE for pasting."""


class Paste(Struct, frozen=True):
    """What was pasted. query: the answer as a redirect's query, or ""; repairs: what was taken back; fault: why it is refused;
    member: the path of the answer in JSON, as "data.redirectUrl", or ""."""

    kind: PasteKind
    query: str = ""
    repairs: tuple[Repair, ...] = ()
    fault: PasteFault | None = None
    member: str = ""


def read_paste(text: str, base_url: str, dialect: Dialect, state: str | None = None) -> Paste:
    """Read a whole URL, a query, a code, or something in which one of them stands. Total over any text.

    state: the one that was sent, where one was: it shows where an answer ends.
    """
    paste = _read(text, base_url, dialect, state)
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
    theirs = _state_in(paste, dialect) or ""
    if paste.fault is None and len(theirs) >= _BEGINNING and theirs != state and state.startswith(theirs):
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
    clean, repairs = _repaired(text, state)
    if clean.startswith(("{", "[")):
        query, member = _answer_in_json(clean, dialect)
        kind: PasteKind = "query" if query else "nothing"
        joined: tuple[Repair, ...] = ("json",) if query else ()
    else:
        member = ""
        kind, query, joined = _answer_in(clean, dialect, state)
    typed = kind == "code" and clean == text.strip() and _TYPED.fullmatch(clean)
    fault = "no-address" if typed else _fault(clean, kind, query, base_url, dialect)
    return Paste(kind, query, tuple(dict.fromkeys((*repairs, *joined))), fault, member)


_IN_ADDRESS = r"[!#-&(-;=?-_a-{}~]"
"""What stands in an address and ends no quotation, tag or table cell. No negated class: folding the case of one that holds
the whole of Unicode takes "k" and "s" out with their namesakes."""

_EMBEDDED = pattern(rf"(?:(?:https?://|/){_IN_ADDRESS}*[?#&])?\b(?:code|error)={_IN_ADDRESS}*", re.IGNORECASE)
"""An answer in the middle of a text: a server's log line, a command, a sentence, an HTML link."""


def _state_in(paste: Paste, dialect: Dialect) -> str | None:
    return read_redirect(f"?{paste.query}", dialect).state if paste.query else None


_FRAME = " \t\r\n│┃║▏▕"
"""White space, and the sides of the boxes that terminal programs draw."""

_SCHEME_END = 12
"""Characters within which an address shows that it is one: `https://` behind a mark or two."""


def on_one_line(lines: Sequence[str]) -> str:
    """Lines that came at once, for a place that has one line: a code and JSON as they were before a terminal broke them, anything
    else with a space for each break, which `read_paste` takes out of an address and ends a word at elsewhere."""
    quoted = len(lines) > 1 and all(line.startswith(">") for line in lines if line)
    bare = [line.lstrip("> ") if quoted else line for line in (line.strip(_FRAME) for line in lines)]
    whole = "".join(bare)
    if whole.startswith("{") or (_is_word(whole) and not _ADDRESS.search(whole)):
        return whole
    if _QUOTED_PRINTABLE.fullmatch("\n".join(bare)):
        return "".join(line.removesuffix("=") for line in bare)
    return " ".join(filter(None, bare))


_NARROW = 40
"""Characters in a line of a narrow terminal: a code that is as long may have been wrapped there."""


def joined_lines(lines: Sequence[str], state: str | None = None) -> tuple[str, ...]:
    """Lines that came at once, as pastes: a terminal breaks an address over several, and each arrives as a line of its own.

    A line continues the one before when that begins an address, JSON or labelled values that are not whole yet, and it
    begins none itself.
    """
    pastes: list[str] = []
    for line in filter(None, (line.strip(_FRAME) for line in lines)):
        goes_on = pastes and (_is_open(pastes[-1], state) or (line[0] in "&?" and _ADDRESS.match(pastes[-1])))
        if goes_on and "://" not in line[:_SCHEME_END]:
            pastes[-1] += f"\n{line}"
        else:
            pastes.append(line)
    return tuple(pastes)


def _is_open(paste: str, state: str | None) -> bool:
    """Whether it may go on: the state that was sent ends the answers of most servers, and a bracket ends JSON."""
    if paste.startswith(("{", "[{", "[\n")):
        return sum(map(paste.count, "{[")) > sum(map(paste.count, "}]"))
    if _LABEL.match(paste) or _LABELLED_STATE.match(paste):
        return "\n" not in paste
    if len(paste) >= _NARROW and "\n" not in paste and paste.isascii() and _is_word(paste) and "=" not in paste:
        return True
    return _ADDRESS.match(_repaired(paste, None)[0]) is not None and not (
        state and paste.rstrip(_QUOTES).endswith(state)
    )


# What programs on the way do to an address, and how it is taken back.

_MARKERS = pattern(r"(?:\x1b|\u241b|\^\[)\[20[01]~|^\[200~|\[201~$")
"""Around a bracketed paste (xterm, "Bracketed Paste Mode"); without their ESC where a program has dropped it."""

_INVISIBLE = pattern("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_FULL_WIDTH = str.maketrans("？＆＝＃％／", "?&=#%/")
"""What an input method for Chinese or Japanese makes of an address's marks."""
_BREAK = pattern(r"[^\S\r\n│┃║▏▕]*[│┃║▏▕]?[^\S\r\n]*[\r\n]+[>\s│┃║▏▕]*")
_ADDRESS = pattern(r"[a-z]+://|[?&](?:code|state|error)=", re.IGNORECASE)
_QUOTES = "\"'`´“”„‚‘’«»‹›<>「」『』《》"
_MARKDOWN = pattern(r"\[[^\]]*\]\((https?://[^\s)]+)\)")
_REQUEST_LINE = pattern(r"(?:GET|POST|HEAD)\s+(\S+)\s+HTTP/\d(?:\.\d)?")
_HEADER_LINE = pattern(r"(?:^|\n)\s*(?:<\s*)?location:\s*(\S+)", re.IGNORECASE)
_PROTECTOR = pattern(
    r"https?://(?:[\w-]+\.safelinks\.protection\.outlook\.com/|(?:www\.)?google\.[a-z.]+/url|l\.facebook\.com/l\.php"
    r"|slack-redir\.net/link|[\w.-]*linkprotect[\w.-]*/)\S*?[?&](?:url|q|u|a)=([^&\s]+)\S*",
    re.IGNORECASE,
)
_DEFENSE = pattern(r"https?://urldefense\.(?:com|us)/v3/__(\S+?)__;\S*", re.IGNORECASE)
_ENCODED = pattern(r"https?%3a%2f%2f", re.IGNORECASE)
_AMPERSAND = pattern(r"&(?:amp|#38|#x26);", re.IGNORECASE)
_JSON_ESCAPE = pattern(r"\\u0026|\\u003d|\\u003f|\\/", re.IGNORECASE)
_JSON_ESCAPED = {"\\u0026": "&", "\\u003d": "=", "\\u003f": "?", "\\/": "/"}
_SHELL_ESCAPE = pattern(r"\\([?&=#:/.%+-])|[\^`](?=&)")
_QUOTED_PRINTABLE = pattern(r"(?:[^=]|=3D|=\r?\n)*(?:=3D)(?:[^=]|=3D|=\r?\n)*", re.IGNORECASE)
"""Every "=" is one of a mail's: a code may begin with "3D", and a terminal may break a line behind a "="."""

_NAMED_CODE = (
    r"(?:\b(?:your|the|this|my|here is|here's|authori[sz]ation|auth|oauth|login|sign-?in|verification)[ _-]+)*"
    r"['\"]?\bcode['\"]?(?:\s*[:=：]|\s+is:|\t)\s*[\"']?(?P<code>[^\s\"',;&]+)[\"']?"
)
_NAMED_STATE = r"['\"]?\bstate['\"]?(?:\s*[:=：]|\t)\s*[\"']?(?P<state>[^\s\"',;&]+)[\"']?"
_LABEL = pattern(rf"[\s{{(]*{_NAMED_CODE}[\s,;)}}]*", re.IGNORECASE)
_LABELLED_STATE = pattern(rf"[\s{{(]*{_NAMED_STATE}[\s,;)}}]*", re.IGNORECASE)
_LABELS = (
    pattern(rf"[\s{{(]*{_NAMED_CODE}[\s,;]+{_NAMED_STATE}[\s}})]*", re.IGNORECASE),
    pattern(rf"[\s{{(]*{_NAMED_STATE}[\s,;]+{_NAMED_CODE}[\s}})]*", re.IGNORECASE),
)
_TITLE = pattern(r"^[A-Za-z]{2,20}\s(?=(?:code|error|state)=)")
"""The word before an answer in the title of a window: “Success code=…”."""
_CALL = pattern(r"[\w.$]+\(\s*(\{.*\})\s*\);?", re.DOTALL)
_ELEMENT = pattern(r"<(?:\w+:)?(code|state)>([^<>]+)</(?:\w+:)?\1>", re.IGNORECASE)
_DEFENSE_2 = pattern(r"https?://urldefense\.proofpoint\.com/v2/url\?(?:\S*&)?u=([^&\s]+)\S*", re.IGNORECASE)
_IN_BRACKETS = pattern(r"\[\s*(https?://[^\s\]]+)\s*\][.,;:!]?", re.IGNORECASE)


def _repaired(text: str, state: str | None) -> tuple[str, tuple[Repair, ...]]:
    repairs: list[Repair] = []
    text = text.strip(_FRAME)
    for name, repair in _REPAIRS:
        mended = repair(text)
        if mended.strip() != text.strip():
            repairs.append(name)
        text = mended
    if state and (found := re.search(rf"(?<![^=/#])({re.escape(state)})[.,;:!)\]。，、；：！]+$", text)):
        return text[: found.end(1)], (*repairs, "punctuation")
    return text, tuple(dict.fromkeys(repairs))


def _unquoted(text: str) -> str:
    """The text without the quotation marks around it. A full stop behind a closing mark belongs to the sentence, not to the address."""
    text = text.strip()
    if found := _IN_BRACKETS.fullmatch(text):
        return found[1]
    closing = text.rstrip(".,;:!")
    if text and text[0] in f"{_QUOTES}(" and closing[-1:] in (*_QUOTES, ")"):
        text = closing
    return text.strip(_QUOTES) if text[:1] != "(" else text.strip(f"{_QUOTES}()")


def _inner_address(text: str) -> str:
    found = _DEFENSE.fullmatch(text)
    if found:
        return found[1]
    found = _DEFENSE_2.fullmatch(text)
    if found:
        return unquote(found[1].replace("_", "/").replace("-", "%"))
    found = _PROTECTOR.fullmatch(text)
    return unquote(found[1]) if found else text


def _mail_lines(text: str) -> str:
    if not _QUOTED_PRINTABLE.fullmatch(text):
        return text
    return quopri.decodestring(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")


def _out_of_markup(text: str) -> str:
    """The JSON in a script's call, and code and state in the elements of XML."""
    if call := _CALL.fullmatch(text):
        return call[1]
    found = {name.lower(): value.strip() for name, value in _ELEMENT.findall(text)}
    return urlencode(found) if "code" in found else text


def _without_labels(text: str) -> str:
    """Code and state without the words before them, as pages and programs show them beside each other."""
    if text.startswith("{") and read_json(text.encode("utf-8", "replace")).value is not None:
        return text
    for labels in _LABELS:
        if both := labels.fullmatch(text):
            return f"code={quote(both['code'])}&state={quote(both['state'])}"
    text = _TITLE.sub("", text)
    one = _LABEL.fullmatch(text)
    return one["code"] if one and _is_word(one["code"]) else text


def _of_http_message(text: str) -> str:
    found = _REQUEST_LINE.match(text.strip()) or _HEADER_LINE.search(text)
    return found[1] if found else text


def _in_markdown(text: str) -> str:
    found = _MARKDOWN.search(text)
    return found[1] if found else text


def _on_one_line(text: str) -> str:
    """The text without line breaks; an address without any white space, because a terminal pads the lines that it wraps."""
    if text.startswith(("{", "[")):
        return text
    line = _BREAK.sub("", text).strip()
    return "".join(line.split()) if _ADDRESS.match(line) else line


def _once(text: str) -> str:
    """The text once, where a terminal wrote a paste twice, one behind the other."""
    half, beyond = divmod(len(text), 2)
    once = text[:half]
    return once if half >= _NARROW and once == text[half + beyond :] and (not beyond or text[half].isspace()) else text


_REPAIRS: tuple[tuple[Repair, Callable[[str], str]], ...] = (
    ("paste-markers", lambda text: _MARKERS.sub("", text)),
    ("invisible-characters", lambda text: _INVISIBLE.sub("", text.replace("\u00a0", " "))),
    ("full-width", lambda text: text.translate(_FULL_WIDTH)),
    ("surroundings", _out_of_markup),
    ("labels", _without_labels),
    ("markdown-link", _in_markdown),
    ("http-message", _of_http_message),
    ("quoted-printable", _mail_lines),
    ("quotation", _unquoted),
    ("line-breaks", _on_one_line),
    ("twice", _once),
    ("quotation", _unquoted),
    ("html-escape", lambda text: _AMPERSAND.sub("&", text)),
    (
        "json-escape",
        lambda text: (
            text if text[:1] in "{[" else _JSON_ESCAPE.sub(lambda found: _JSON_ESCAPED[found[0].lower()], text)
        ),
    ),
    ("shell-escape", lambda text: text if text[:1] in "{[" else _SHELL_ESCAPE.sub(lambda found: found[1] or "", text)),
    ("link-protector", _inner_address),
    ("percent-encoding", lambda text: unquote(text) if _ENCODED.match(text) else text),
)
"""The repairs in the order in which they are tried: the outermost change first."""


# What the cleaned text holds.

_UNSENDABLE = pattern(r"[#{}\"'<>`“”‘’\\\s]|%3a%2f%2f", re.IGNORECASE)
"""What shows that a bare text is no code alone."""

_ESCAPED = pattern(r"%(?:2[0-9A-F]|3[A-F]|40|5[BD]|7[BD])", re.IGNORECASE)
"""A reserved character as an address bar shows it inside a value: the code was copied out of an address."""

_OWN_PAGES = ("chrome-error:", "about:", "chrome:", "edge:", "moz-extension:", "chrome-extension:", "data:")
"""Addresses that a browser gives to its own pages: an error page shows one in place of the redirect."""


def _answer_in(text: str, dialect: Dialect, state: str | None) -> tuple[PasteKind, str, tuple[Repair, ...]]:
    """What kind of answer the text is, the answer as a query, and what was taken back for it."""
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
    if not _is_word(text):
        return "nothing", "", ()
    return "code", Params(((dialect.code, text),)).encode(), ()


def _query_or_fragment(query: str, fragment: str, dialect: Dialect) -> tuple[str, tuple[Repair, ...]]:
    """The fragment's answer where the query has none: a server never sees it, the person's address line does."""
    if fragment and not _holds_answer(query, dialect) and _holds_answer(fragment, dialect):
        return "&".join(part for part in (query, fragment.lstrip("?/")) if part), ("fragment",)
    for _, value in Params.parse(query):  # a page that ends the login may hold the whole answer in one parameter
        inner = split_query(value)[0] if "://" in value else value
        if not _holds_answer(query, dialect) and _ADDRESS.match(f"?{inner}") and _holds_answer(inner, dialect):
            return inner, ("percent-encoding",)
    return query + (f"#{fragment}" if fragment else ""), ()


def _holds_answer(query: str, dialect: Dialect) -> bool:
    redirect = read_redirect(f"?{query}", dialect)
    return redirect.kind != "empty"


def _answer_in_json(text: str, dialect: Dialect) -> tuple[str, str]:
    """The answer that stands in JSON, at any depth, and its member's path: members named as the parameters are, or a text
    that is the redirect; ("", "") where there is none."""
    names = (dialect.code, *CODE_NAMES, "error")
    for path, value in _objects(read_json(text.encode("utf-8", "replace")).value):
        name = next((name for name in names if isinstance(value.get(name), str)), None)
        if name is not None:
            beside = ("error_description", "state", "iss")
            pairs = [(each, value[each]) for each in (name, *beside) if isinstance(value.get(each), str)]
            return Params(tuple(pairs)).encode(), ".".join((*path, name))
        for member, inner in value.items():
            if isinstance(inner, str) and _holds_answer(split_query(inner)[0], dialect):
                return split_query(inner)[0], ".".join((*path, member))
    return "", ""


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


def _is_word(text: str) -> bool:
    return not _UNSENDABLE.search(text)


# Why it cannot be the answer.


_ELLIPSES = ("…", "...")


def _fault(text: str, kind: PasteKind, query: str, base_url: str, dialect: Dialect) -> PasteFault | None:
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
    return None if _has_answer(redirect, dialect) else "no-answer"


_TYPED = pattern(r"[a-z]{1,12}|.{1,3}", re.DOTALL)
"""A word or a key that a person types at a prompt ("help", "q", "^C"), and no code: one as short could be guessed (RFC 6749 §10.10)."""


def _code_in(query: str, dialect: Dialect) -> str:
    return read_redirect(f"?{query}", dialect).code or "" if query else ""


def _no_code(text: str) -> PasteFault:
    looks_like_one = text[:1] in ("{", "[") or " " not in text
    return "no-code" if looks_like_one and _UNSENDABLE.search(text) else "no-address"


def _is_request(text: str, redirect: Redirect, base_url: str, dialect: Dialect) -> bool:
    """Whether it is an authorization request, by its parameters or by the endpoint's path."""
    asks = redirect.params.get("client_id") is not None and redirect.params.get("redirect_uri") is not None
    endpoint, place = (
        path_of(url).rstrip("/").lower() for url in (endpoint_url(base_url, dialect.authorize_path), text)
    )
    return asks or ("://" in text and endpoint != "" and place == endpoint)


def _has_answer(redirect: Redirect, dialect: Dialect) -> bool:
    """Whether it holds an answer, or a state, by which an answer without a code can still be told to be one."""
    in_fragment = any(
        redirect.fragment.get(name) for name in (*CODE_NAMES, dialect.code, "error", "access_token", "id_token")
    )
    return redirect.kind != "empty" or redirect.other_name is not None or redirect.state is not None or in_fragment
