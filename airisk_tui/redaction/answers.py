"""Sealing an authorization answer. It is expected to contain a code, so every value of that name is sealed, however short or encoded,
and so is all that looks random in a page or an address (threats.md F1).

A recording must be safe to share even if the server puts the code where nobody expects it: in a script, a page, a path, or the query
of another address. Values that this program sent, and the ids of requests, stay in clear.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from msgspec.structs import replace

from airisk_tui.flow.commands import AskDirectly, Command, disclosed
from airisk_tui.flow.events import Answered, AnyEvent, TransportFailed
from airisk_tui.later import pattern
from airisk_tui.oauth.http import Exchange, FailedExchange, HttpResponse
from airisk_tui.oauth.params import Params, component
from airisk_tui.oauth.reference import REFERENCE, unmarked
from airisk_tui.oauth.text.fields import Field, json_fields, kind_of
from airisk_tui.redaction.parts import Part
from airisk_tui.redaction.places import replaced
from airisk_tui.redaction.public import CODE_NAMES, says_secret
from airisk_tui.redaction.sealer import Late, Sealer
from airisk_tui.redaction.work import Work

LEVELS = 4
"""The levels of percent-encoding that are decoded. An address may be a parameter of another one: a login page returns to a consent
page, which returns to the client."""

MAX_SIGN = 12
"""The characters before a name that are searched for the encoded separator, whose percent sign may be encoded four times."""

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
"""The escapes of JavaScript and HTML, except those of the characters that end a value: & " ' < >."""
_PLAIN = r"""[^\s"'`<>&\\;%]"""
_TAG_VALUE = pattern(r"""(\b(?:value|content)\s*=\s*["']?)([^"'\s<>]+)""", re.IGNORECASE)
_FIELD = pattern(r"<(?:input|button|meta)\b[^<>]*>", re.IGNORECASE)
_NAMED_SO = pattern(rf"""\bname\s*=\s*["']?{_CODES}["'\s/>]""", re.IGNORECASE)
_ELEMENT = pattern(rf"(<{_CODES}>\s*)([^\s<>]+)(?=\s*</)", re.IGNORECASE)
_IN_PROSE = pattern(r"[A-Za-z0-9._~+/=-]{0,4095}[A-Za-z0-9=]")
_MIXED = pattern(r"[0-9]|[a-z][A-Z]")
_ENCODED = pattern(r"(?:%(?:25)*[0-9a-f]{2}|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2})$", re.IGNORECASE)


def _patterns(level: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two patterns for one level of percent-encoding: the name before a value with its separators, and the value, which ends at the
    next parameter. They are separate, so that each pattern passes over a text only once."""
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


_BARE = pattern(r"[A-Za-z0-9._~+/=-]{4,4096}")
_BETWEEN = pattern(r"[._=+~-]+")
_SYLLABLE = pattern(r"[A-Za-z]?[a-z]*[0-9]{0,2}|[A-Z]+[0-9]{0,2}|[0-9]{1,4}")
"""Words and small numbers. Where a code is expected, any text that is not made of these is sealed, even if it would stay in clear
elsewhere."""

_ORIGIN = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/]*)?|//[^/]*")


class Codes:
    """Seals the codes in one answer or callback, text by text. ours: the texts that this program sent and the answer may repeat, one
    per line; due: whether a code is expected, and not a refusal."""

    def __init__(self, sealer: Sealer, ours: str, *, due: bool = True) -> None:
        self._seal = sealer.seal
        self._address = sealer.address
        self._ours = ours
        self._due = due
        sealer.public(ours)

    @classmethod
    def of(cls, sealer: Sealer, response: HttpResponse, ours: str) -> Callable[[Part], str]:
        """The function for an answer of the authorization endpoint, in which a code is expected unless it is a refusal."""
        return cls(sealer, ours, due=response.status < 400).part

    def part(self, part: Part) -> str:
        """The text of a part after the secrets by place and the codes are sealed; the rest must still be sealed."""
        if part.place == "body":
            return self._body(part.text, part.name)
        if part.place == "url" and part.text[:1] != "/":
            return part.text
        if part.place == "header" and part.name.lower() not in ADDRESSES:
            return part.text
        return self._behind_names(self._path(self._address(part.text)), prose=False)

    def _path(self, address: str) -> str:
        """Seal the text after one of our own addresses, where a parameter would be."""
        place = re.split(r"[?#]", address)[0]
        own = [one for ours in self._ours.split() if "://" in ours for one in (ours, _ORIGIN.sub("", ours))]
        behind = next((one for one in own if one.strip("/") and place.startswith(one.rstrip("/") + "/")), None)
        if behind is None:
            return address
        head = behind.rstrip("/")
        tail = "/".join(map(self._segment, place[len(head) :].split("/")))
        return head + tail + address[len(place) :]

    def _segment(self, written: str) -> str:
        word = component(written.replace("+", "%2B"))
        return written if word in self._ours or _is_made_of_words(word) else self.placed(word)

    def placed(self, value: str, *, echo: bool = True) -> str:
        """The replacement of a value. echo: whether the value is also searched for elsewhere."""
        return value if not value or REFERENCE.search(value) else self._seal(value, echo=echo)

    def _body(self, text: str, kind: str) -> str:
        word = text.strip().strip("\"'")
        if self._due and _BARE.fullmatch(word) and word not in self._ours and not _is_made_of_words(word):
            return text.replace(word, self.placed(word))
        if kind_of(text, kind) == "json":
            if not self._due:
                return text
            return self._behind_names(replaced(text, json_fields(text), self._member, Work()).text, prose=False)
        text = _FIELD.sub(self._field, text)
        if self._due:
            text = _ELEMENT.sub(lambda m: m[1] + self.placed(m[2], echo=_is_no_mere_word(m[2])), text)
        return self._behind_names(text, prose=self._due)

    def _member(self, field: Field) -> str | None:
        if not says_secret(field.name):
            return None
        return f'"{self.placed(field.value)}"' if field.writing == "number" else self.placed(field.value)

    def _field(self, tag: re.Match[str]) -> str:
        if not _NAMED_SO.search(tag[0]):
            return tag[0]
        return _TAG_VALUE.sub(lambda found: found[1] + self.placed(html.unescape(found[2])), tag[0])

    def _behind_names(self, text: str, *, prose: bool) -> str:
        """The text with the values after a code's name sealed. prose: whether a colon in a sentence counts too."""
        lowered = text.lower()
        if "code" not in lowered and "token" not in lowered:
            return text
        for level in range(LEVELS):
            if not level or _SIGNS[level].search(lowered):
                text = "".join(self._pieces(text, level, prose))
        return text

    def _pieces(self, text: str, level: int, prose: bool) -> Iterator[str]:
        heads, values = _PATTERNS[level]
        done = 0
        for head in heads.finditer(text):
            if head.start() < done:
                continue
            before = text[head.start() - 1 : head.start()]
            encoded = _ENCODED.search(text, head.start() - MAX_SIGN, head.start()) is not None
            if (before.isalnum() or before == "_") and not encoded:
                continue
            sure = bool(head["equals"] or head["quote"] or head["named"])
            value = (values if sure else _IN_PROSE).match(text, head.end())
            if value is None or REFERENCE.search(value[0]) or not (sure or (prose and _MIXED.search(value[0]))):
                continue
            raw = _decoded(value[0], level + (head["equals"] is not None))
            in_address = encoded or before in ("?", "&", "#", ";")
            yield text[done : value.start()]
            yield self.placed(raw, echo=in_address or bool(head["quote"]) or _is_no_mere_word(raw))
            done = value.end()
        yield text[done:]


def _is_made_of_words(word: str) -> bool:
    return all(map(_SYLLABLE.fullmatch, _BETWEEN.split(word)))


def sealed_answer(command: Command, event: AnyEvent, sealer: Sealer, late: Late = lambda: False) -> AnyEvent:
    """The event in which a command's request ended, as it may enter the log. late: see `Sealer.exchange`."""
    sealed: Exchange | FailedExchange
    if isinstance(event, TransportFailed):
        sealed = sealer.failed(event.failed)
        event = replace(event, failed=sealed)
    elif isinstance(event, Answered):
        request, response = event.exchange.request, event.exchange.response
        known = disclosed(command, response)
        if known.issuer:
            sealer.extend_origins(known.issuer, known.origins)
        sealer.public(*known.public)
        for secret in known.secrets:
            sealer.learn(secret)
        # Of an authorization answer, only the kind of the endpoint shows what is secret.
        codes = Codes.of(sealer, response, own_texts(request.url)) if isinstance(command, AskDirectly) else None
        sealed = sealer.exchange(event.exchange, codes, late)
        event = replace(event, exchange=sealed)
    else:
        return event
    return replace(event, secrets=sealer.views_in(sealed))


def own_texts(url: str) -> str:
    """The texts of an authorization request that its answer may repeat: its address and its parameters, one per line."""
    address, _, query = url.partition("?")
    return "\n".join((address, *(value for name, value in Params.parse(query) if not says_secret(name))))


def _is_no_mere_word(value: str) -> bool:
    """Whether a value is more than an ordinary word, which must not be sealed wherever it occurs."""
    return re.search(r"[0-9]", value) is not None


def _decoded(value: str, percent: int) -> str:
    """The code in an encoded text: the escapes of HTML and JavaScript decoded, and percent-encoding decoded `percent` times, the last
    time as in a query."""
    value = html.unescape(value).replace("\\/", "/")
    value = re.sub(r"\\(?:u|x)([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), value)
    data = value.encode("utf-8", "replace")
    for left in range(percent, 0, -1):
        data = unquote_to_bytes(data.replace(b"+", b" ") if left == 1 else data)
    return unmarked(data.decode("utf-8", "replace"))
