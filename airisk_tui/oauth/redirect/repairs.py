"""Taking back what programs on the way did to a paste, where that is certain (threats.md L12).

An address passes through terminals, mail programs, chats and shells before it is pasted, and each of them changes it in
its own way. The reader of the answer that remains is `paste`.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import quote, unquote, urlencode

from airisk_tui.later import pattern
from airisk_tui.oauth.text.lenient_json import read_json

Repair = Literal[
    "paste-markers", "invisible-characters", "line-breaks", "quotation", "json", "markdown-link", "http-message", "link-protector",
    "quoted-printable", "percent-encoding", "html-escape", "json-escape", "shell-escape", "punctuation", "code-and-state",
    "fragment", "labels", "surroundings", "full-width", "twice",
]  # fmt: skip
"""The repairs of a paste: the markers of a bracketed paste · characters that cannot be seen · line breaks of a terminal · quotation
marks and brackets around it · the JSON around it · a Markdown link · the request or header line around it · the address of a
mail filter around it · a mail's line ends · an address that was percent-encoded as a whole · `&amp;` · `\\u0026` · backslashes of
a shell · a full stop behind it · code and state joined by "#" · an answer behind "#", which a server never sees · the words
"code" and "state" before their values · the text in whose middle the answer stands · an address's marks in the width of
Chinese and Japanese writing · the same text once more behind it."""

UNSENDABLE = pattern(r"[#{}\"'<>`“”‘’\\\s]|%3a%2f%2f", re.IGNORECASE)
"""Characters that show that a bare text is no code."""


def is_word(text: str) -> bool:
    """Whether the text may be a code: it holds nothing that only an address, JSON or a sentence has."""
    return not UNSENDABLE.search(text)


_FRAME = " \t\r\n│┃║▏▕"
"""White space, and the sides of the boxes that terminal programs draw."""

_NARROW = 40
"""Characters in a line of a narrow terminal: a code that is as long may have been wrapped there."""

_MARKERS = pattern(r"(?:\x1b|\u241b|\^\[)\[20[01]~|^\[200~|\[201~$")
"""Around a bracketed paste (xterm, "Bracketed Paste Mode"); without their ESC where a program has dropped it."""

_INVISIBLE = pattern("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_FULL_WIDTH = str.maketrans("？＆＝＃％／", "?&=#%/")
"""The marks of an address as an input method for Chinese or Japanese writes them."""
_BREAK = pattern(r"[^\S\r\n│┃║▏▕]*[│┃║▏▕]?[^\S\r\n]*[\r\n]+[>\s│┃║▏▕]*")
ADDRESS = pattern(r"[a-z]+://|[?&](?:code|state|error)=", re.IGNORECASE)
_QUOTES = "\"'`´“”„‚‘’«»‹›<>「」『』《》"
_MARKDOWN = pattern(r"\[[^\]]*\]\((https?://[^\s)]+)\)")
_REQUEST_LINE = pattern(r"^(?:GET|POST|HEAD)\s+(\S+)\s+HTTP/\d(?:\.\d)?")
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
_LABELS = tuple(
    pattern(rf"[\s{{(]*{one}[\s,;]+{other}[\s}})]*", re.IGNORECASE)
    for one, other in ((_NAMED_CODE, _NAMED_STATE), (_NAMED_STATE, _NAMED_CODE))
)
_TITLE = pattern(r"^[A-Za-z]{2,20}\s(?=(?:code|error|state)=)")
"""The word before an answer in the title of a window: “Success code=…”."""
_CALL = pattern(r"[\w.$]+\(\s*(\{.*\})\s*\);?", re.DOTALL)
_ELEMENT = pattern(r"<(?:\w+:)?(code|state)>([^<>]+)</(?:\w+:)?\1>", re.IGNORECASE)
_DEFENSE_2 = pattern(r"https?://urldefense\.proofpoint\.com/v2/url\?(?:\S*&)?u=([^&\s]+)\S*", re.IGNORECASE)
_IN_BRACKETS = pattern(r"\[\s*(https?://[^\s\]]+)\s*\][.,;:!]?", re.IGNORECASE)


def repaired(text: str, state: str | None) -> tuple[str, tuple[Repair, ...]]:
    """The text as it was before programs changed it, and what was taken back. state: the one that was sent, or None: behind it
    stands nothing but a sentence's marks. Total over any text."""
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
    if found := _DEFENSE.fullmatch(text):
        return found[1]
    if found := _DEFENSE_2.fullmatch(text):
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
    return one["code"] if one and is_word(one["code"]) else text


def _inside(text: str, *frames: re.Pattern[str]) -> str:
    """The first group that a pattern finds in the text, or the text."""
    return next((found[1] for frame in frames if (found := frame.search(text))), text)


def _on_one_line(text: str) -> str:
    """The text without line breaks; an address without any white space, because a terminal pads the lines that it wraps."""
    if text.startswith(("{", "[")):
        return text
    line = _BREAK.sub("", text).strip()
    return "".join(line.split()) if ADDRESS.match(line) else line


def _once(text: str) -> str:
    """The text once, where a terminal wrote a paste twice, one behind the other."""
    half, beyond = divmod(len(text), 2)
    once = text[:half]
    return once if half >= _NARROW and once == text[half + beyond :] and (not beyond or text[half].isspace()) else text


def _in_text(taken: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    """A repair of text that is no JSON, where the same marks mean what they are."""
    return lambda text: text if text[:1] in ("{", "[") else taken.sub(by, text)


_REPAIRS: tuple[tuple[Repair, Callable[[str], str]], ...] = (
    ("paste-markers", lambda text: _MARKERS.sub("", text)),
    ("invisible-characters", lambda text: _INVISIBLE.sub("", text.replace("\u00a0", " "))),
    ("full-width", lambda text: text.translate(_FULL_WIDTH)),
    ("surroundings", _out_of_markup),
    ("labels", _without_labels),
    ("markdown-link", lambda text: _inside(text, _MARKDOWN)),
    ("http-message", lambda text: _inside(text, _REQUEST_LINE, _HEADER_LINE)),
    ("quoted-printable", _mail_lines),
    ("quotation", _unquoted),
    ("line-breaks", _on_one_line),
    ("twice", _once),
    ("quotation", _unquoted),
    ("html-escape", lambda text: _AMPERSAND.sub("&", text)),
    ("json-escape", _in_text(_JSON_ESCAPE, lambda found: _JSON_ESCAPED[found[0].lower()])),
    ("shell-escape", _in_text(_SHELL_ESCAPE, lambda found: found[1] or "")),
    ("link-protector", _inner_address),
    ("percent-encoding", lambda text: unquote(text) if _ENCODED.match(text) else text),
)
"""The repairs in the order in which they are tried: the outermost change first."""


_SCHEME_END = 12
"""Characters within which an address shows that it is one: `https://` behind a mark or two."""


def on_one_line(lines: Sequence[str]) -> str:
    """Lines that came at once, for a place that has one line: a code and JSON as they were before a terminal broke them, anything
    else with a space for each break, which `read_paste` takes out of an address and ends a word at elsewhere."""
    quoted = len(lines) > 1 and all(line.startswith(">") for line in lines if line)
    bare = [line.lstrip("> ") if quoted else line for line in (line.strip(_FRAME) for line in lines)]
    whole = "".join(bare)
    if whole.startswith("{") or (is_word(whole) and not ADDRESS.search(whole)):
        return whole
    if _QUOTED_PRINTABLE.fullmatch("\n".join(bare)):
        return "".join(line.removesuffix("=") for line in bare)
    return " ".join(filter(None, bare))


def joined_lines(lines: Sequence[str], state: str | None = None) -> tuple[str, ...]:
    """Lines that came at once, as pastes: a terminal breaks an address over several, and each arrives as a line of its own.

    A line continues the one before when that begins an address, JSON or labelled values that are not whole yet, and it
    begins none itself.
    """
    pastes: list[str] = []
    for line in filter(None, (line.strip(_FRAME) for line in lines)):
        goes_on = pastes and (_is_open(pastes[-1], state) or (line[0] in "&?" and ADDRESS.match(pastes[-1])))
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
    if len(paste) >= _NARROW and "\n" not in paste and paste.isascii() and is_word(paste) and "=" not in paste:
        return True
    return ADDRESS.match(repaired(paste, None)[0]) is not None and not (state and paste.rstrip(_QUOTES).endswith(state))
