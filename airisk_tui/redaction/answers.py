"""Sealing an authorization answer: a code is due there, so whatever stands behind that name is one, however short it is and
in whatever encoding, and so is whatever looks random in a page or in an address (threats.md F1).

What a server does that nobody expects of it (a code in a script, in a page for people, in a path, in another address's
query) must not make a recording unsafe to share. What we sent ourselves, and what a request is found again by, stays.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from airisk_tui.later import pattern
from airisk_tui.oauth.fields import json_string
from airisk_tui.oauth.http import Exchange, HttpResponse
from airisk_tui.oauth.jsontext import read_json
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE, unmarked
from airisk_tui.redaction.names import CODE_NAMES, says_secret
from airisk_tui.redaction.sealer import Sealer, as_text
from airisk_tui.redaction.suspects import bare_code, in_members, in_path, in_query, in_words, words_replaced

LEVELS = 4
"""How often an address may stand percent-encoded inside another one: a log-in page returns to a consent page, which returns."""

ADDRESSES = frozenset({"location", "refresh", "link", "content-location"})

_CODES = rf"(?:{'|'.join(CODE_NAMES)})"
_QUOTE = r"""(?:\\*["'`]|&quot;|&apos;|&#(?:0*3[49]|x0*2[27]);|\\u002[27]|\\x2[27]|%(?:25)*2[27])"""
_EQUALS = r"(?:=|&#(?:0*61|x0*3d);|&equals;|\\u003d|\\x3d)"
_COLON = r"(?:\s*is\b\s*:?|:|&#(?:0*58|x0*3a);|&colon;|\\u003a|\\x3a)"
_TAGS = r"(?:\s{0,9}<[^<>]{1,200}>){0,3}"
_ESCAPED = (
    r"\\/|\\u(?!002[267]|003[ce])[0-9a-f]{4}|\\x(?!2[267]|3[ce])[0-9a-f]{2}"
    r"|&#(?!0*3[489];|0*6[02];|x0*2[267];|x0*3[ce];)x?[0-9a-f]{1,7};"
)
"""JavaScript's and HTML's escapes, but for those of what ends a value: & " ' < >."""
_PLAIN = r"""[^\s"'`<>&\\;%]"""
_TAG_VALUE = pattern(r"""(\b(?:value|content)\s*=\s*["']?)([^"'\s<>]+)""", re.IGNORECASE)
_FIELD = pattern(r"<(?:input|button|meta)\b[^<>]*>", re.IGNORECASE)
_NAMED_SO = pattern(rf"""\bname\s*=\s*["']?{_CODES}["'\s/>]""", re.IGNORECASE)
_ELEMENT = pattern(rf"(<{_CODES}>\s*)([^\s<>]+)(?=\s*</)", re.IGNORECASE)
_STRING = pattern(rf'("{_CODES}"\s*:\s*")([^"\\]*+(?:\\.[^"\\]*+)*+)(?=")', re.IGNORECASE | re.DOTALL)
_NUMBER = pattern(rf'("{_CODES}"\s*:\s*)(-?[0-9][0-9.eE+-]*)', re.IGNORECASE)
_SPOKEN = pattern(r"[A-Za-z0-9._~+/=-]{0,4095}[A-Za-z0-9=]")
_MIXED = pattern(r"[0-9]|[a-z][A-Z]")
_HEX = frozenset("0123456789abcdefABCDEF")
_ENCODED = pattern(r"(?:%(?:25)*[0-9a-f]{2}|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2})$", re.IGNORECASE)


def _patterns(level: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What leads to a value, with the signs of that level of percent-encoding; and a value, which ends where the next parameter
    of that level begins. Apart, so that no text is gone through more than once for each."""
    if level == 0:
        between, percent = f"(?:(?P<equals>{_EQUALS})|{_COLON})", "%"
    else:
        deep = f"%(?:25){{{level - 1}}}"
        between = f"(?:(?P<equals>{deep}3d)|{deep}3a)"
        percent = rf"%(?!(?:25){{0,{level - 1}}}(?:2[23670c]|3[bce]|7d|0[ad]))"
    head = rf"{_CODES}(?P<named>{_QUOTE}?)\s{{0,9}}{between}{_TAGS}\s{{0,9}}(?P<quote>{_QUOTE}?)"
    return pattern(head, re.I), pattern(rf"(?:{_ESCAPED}|{percent}|{_PLAIN})+", re.I)


_PATTERNS = tuple(map(_patterns, range(LEVELS)))
_SIGNS = tuple(pattern(f"%(?:25){{{max(0, level - 1)}}}3[da]") for level in range(LEVELS))


MIN_LEARNED = 6
"""Characters from which on a code is looked for elsewhere, too."""

MAX_LEARNED = 200
"""Codes of one answer that are looked for elsewhere: no answer has room for so many that mean anything."""

_JSON_STRING = pattern(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)


class Codes:
    """The codes of one answer, however many it holds. Each secret that is looked for elsewhere costs the making and the keeping of
    its forms, some kilobytes; so only the first few are, and the rest are replaced where they stand (threats.md S4)."""

    def __init__(self, sealer: Sealer) -> None:
        self.sealer = sealer
        self._left = MAX_LEARNED

    def learned(self, values: Iterable[str]) -> frozenset[str]:
        """Take the values for secrets wherever they stand; gives those that are too many for that, to be replaced in place."""
        different = list(dict.fromkeys(values))
        few, many = different[: max(self._left, 0)], different[max(self._left, 0) :]
        self._left -= len(few)
        for value in few:
            self.sealer.learn(value)
        return frozenset(many)

    def placed(self, value: str, *, learned: bool) -> str:
        """What stands in a value's place. learned: it is looked for elsewhere, too."""
        if not value or REFERENCE.search(value):
            return value
        echo = learned and len(value) >= MIN_LEARNED and self._left > 0
        self._left -= echo
        return self.sealer.learn(value, echo=echo).reference


def in_place(codes: Codes, text: str, beyond: frozenset[str]) -> str:
    """The text with the words replaced that are among those."""
    if not beyond:
        return text
    return words_replaced(text, beyond, lambda word: codes.placed(word, learned=False))


def in_json(codes: Codes, text: str, beyond: frozenset[str]) -> str:
    """As above for a text in JSON: a value may be a whole string, and may be written with escapes."""
    if not beyond:
        return text

    def string(found: re.Match[str]) -> str:
        plain = found[1] if found[1].isascii() and "\\" not in found[1] else json_string(found[1])
        if plain in beyond:
            return f'"{codes.placed(plain, learned=False)}"'
        sealed = in_place(codes, plain, beyond)
        return found[0] if sealed == plain else json.dumps(sealed, ensure_ascii=False)

    return _JSON_STRING.sub(string, text)


def sealed_answer(sealer: Sealer, response: HttpResponse, ours: str) -> HttpResponse:
    """The response of an authorization endpoint with its codes replaced. ours: every text of our own that may stand in it."""
    due, codes = response.status < 400, Codes(sealer)
    headers = tuple(
        (name, _address(codes, value, ours)) if name.lower() in ADDRESSES else (name, value)
        for name, value in response.headers
    )
    if not response.body.data:
        return replace(response, headers=headers)
    data = as_text(response.body.data, lambda plain: _body(codes, plain, ours, due))
    return replace(response, headers=headers, body=replace(response.body, data=data))


def sealed_authorization(sealer: Sealer, exchange: Exchange) -> Exchange:
    """An exchange with an authorization endpoint whose codes are replaced; the rest of it is still to be sealed."""
    ours = own_texts(exchange.request.url)
    sealer.public(ours)
    return replace(exchange, response=sealed_answer(sealer, exchange.response, ours))


def own_texts(url: str) -> str:
    """What of an authorization request may stand in its answer: its address and its parameters, one a line."""
    address, _, query = url.partition("?")
    return "\n".join((address, *(value for name, value in Params.parse(query) if not says_secret(name))))


def _address(codes: Codes, address: str, ours: str) -> str:
    for value in (*in_query(address, ours), *in_path(address, ours)):
        codes.sealer.learn(value)
    return _behind_names(codes, codes.sealer.address(address), prose=False)


def _body(codes: Codes, text: str, ours: str, due: bool) -> str:
    if due and (bare := bare_code(text, ours)):
        return text.replace(bare, codes.placed(bare, learned=True))
    reading = read_json(text.encode("utf-8", "surrogateescape"))
    if isinstance(reading.value, dict | list):
        if not due:
            return text
        beyond = codes.learned(in_members(reading.value, ours))
        text = _STRING.sub(lambda m: m[1] + codes.placed(json_string(m[2]), learned=True), text)
        text = _NUMBER.sub(lambda m: f'{m[1]}"{codes.placed(m[2], learned=True)}"', text)
        return in_json(codes, _behind_names(codes, text, prose=False), beyond)
    beyond = codes.learned(in_words(text, ours))
    text = _FIELD.sub(lambda found: _field(codes, found[0]), text)
    if due:
        text = _ELEMENT.sub(lambda m: m[1] + codes.placed(m[2], learned=_telling(m[2])), text)
    return in_place(codes, _behind_names(codes, text, prose=due), beyond)


def _field(codes: Codes, tag: str) -> str:
    if not _NAMED_SO.search(tag):
        return tag
    return _TAG_VALUE.sub(lambda found: found[1] + codes.placed(html.unescape(found[2]), learned=True), tag)


def _behind_names(codes: Codes, text: str, *, prose: bool) -> str:
    """The text with the values replaced that stand behind a code's name. prose: behind a colon in a sentence, too."""
    lowered = text.lower()
    if "code" not in lowered and "token" not in lowered:
        return text
    for level in range(LEVELS):
        if not level or _SIGNS[level].search(lowered):
            text = "".join(_pieces(codes, text, level, prose))
    return text


def _pieces(codes: Codes, text: str, level: int, prose: bool) -> Iterator[str]:
    heads, values = _PATTERNS[level]
    done = 0
    for head in heads.finditer(text):
        if head.start() < done:
            continue
        before = text[max(0, head.start() - 1) : head.start()]
        encoded = before in _HEX and _ENCODED.search(text, max(0, head.start() - 12), head.start()) is not None
        if (before.isalnum() or before == "_") and not encoded:
            continue
        sure = bool(head["equals"] or head["quote"] or head["named"])
        value = (values if sure else _SPOKEN).match(text, head.end())
        if value is None or REFERENCE.search(value[0]) or not (sure or (prose and _MIXED.search(value[0]))):
            continue
        raw = _decoded(value[0], level + (head["equals"] is not None))
        in_address = encoded or before in ("?", "&", "#", ";")
        yield text[done : value.start()]
        yield codes.placed(raw, learned=in_address or bool(head["quote"]) or _telling(raw))
        done = value.end()
    yield text[done:]


def _telling(value: str) -> bool:
    """Whether a value is no mere word, which would be blotted out wherever it is said again."""
    return re.search(r"[0-9]", value) is not None


def _decoded(value: str, percent: int) -> str:
    """The code that a text stands for: HTML's and JavaScript's escapes undone, and percent-encoding so many times, the
    last time as a query is read."""
    if value.isalnum():
        return value
    value = html.unescape(value).replace("\\/", "/")
    value = re.sub(r"\\(?:u|x)([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), value)
    data = value.encode("utf-8", "surrogateescape" if "\udc80" <= max(value, default="") <= "\udcff" else "replace")
    for left in range(percent, 0, -1):
        data = unquote_to_bytes(data.replace(b"+", b" ") if left == 1 else data)
    return unmarked(data.decode("utf-8", "replace"))
