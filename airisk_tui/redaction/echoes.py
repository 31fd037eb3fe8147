"""Finding known secrets in every encoding in which a server, a proxy or a browser may repeat them (threats.md F1).

A session learns dozens of encoded forms with each run, and searching each text for each form would be slow. So a text is read as
machine words of four bytes, which are compared with the words at the ends of the forms, at each alignment. The ends are used because
they differ, while the beginnings are often equal (`eyJ…`). Only the forms with a matching word are then compared in full.

ahocorasick-rs searches 2.5 to 4 times as fast: 3.6 to 4.0 ms per MiB with 920 forms, against 8.8 to 14.6 here. But its automaton must
be rebuilt for each new secret: 5.5 ms with 920 forms, 488 ms with the 23,000 of a hundred runs, against 0.03 ms here. A run learns
secrets in six steps and searches a few KiB, so it would be slower.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from threading import RLock
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote_to_bytes

from airisk_tui.later import pattern

WORD = 4
"""Bytes of a machine word; texts are compared word by word in C, without a loop in Python."""

WHOLE = 2 * WORD - 1
"""The least bytes of a form that contains a whole word at any alignment."""

PIECE = 1 << 18
"""Bytes that are searched at once, so that other threads can run in between (threats.md S4)."""


class Echoes:
    """The forms of the secrets learned so far, with their replacements. Two threads may use it at once, because a large body is
    sealed in a thread."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        """The learned secrets, so that their forms are made once in a session."""
        self._instead: dict[bytes, bytes] = {}
        self._short: list[bytes] = []
        self._showing: dict[int, tuple[tuple[int, int], ...]] = {}
        self._learning = RLock()

    def learn(self, forms: Iterable[bytes], replacement: bytes) -> None:
        """Search for a secret from now on. forms: its encoded forms, none empty; a form that two secrets share belongs to the first."""
        with self._learning:
            self._add([form for form in forms if form not in self._instead], replacement)

    def _add(self, new: list[bytes], replacement: bytes) -> None:
        self._instead.update(dict.fromkeys(new, replacement))
        self._short += [form for form in new if len(form) < WHOLE]
        places = [(form, len(form) - back) for form in new if len(form) >= WHOLE for back in range(WORD, WHOLE + 1)]
        words = _machine_words(b"".join([form[at : at + WORD] for form, at in places]))
        for word, (form, at) in zip(words, places, strict=True):
            known = self._showing.get(word, ())
            if (place := (at, len(form))) not in known:
                self._showing[word] = (*known, place)

    def replaced(self, data: bytes) -> bytes:
        """The data with every form replaced, the longest first, because a form can be part of another. Then each encoded run whose
        decoded text contains a form is replaced as a whole."""
        places = sorted(self._places_in(data), key=lambda place: (-len(place[1]), place[1]))
        found = [(start, start + len(form), self._instead[form]) for start, form in places]
        for start, end, plain in decoded_runs(data) if self._instead else ():
            inner = max(self._places_in(plain), key=lambda place: len(place[1]), default=None)
            if inner is not None:
                found.append((start, end, self._instead[inner[1]]))
        if not found:
            return data
        taken, kept = bytearray(len(data)), []
        for start, end, replacement in found:
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                kept.append((start, end, replacement))
        parts, done = [], 0
        for start, end, replacement in sorted(kept):
            parts += [data[done:start], replacement]
            done = end
        return b"".join([*parts, data[done:]])

    def _places_in(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The positions of the forms; a form that overlaps itself counts once."""
        for form in list(self._short):
            yield from _places_of(form, data)
        ends: dict[bytes, int] = {}
        for begin in range(0, len(data), PIECE):
            words = _machine_words(data[begin : begin + PIECE])
            shown = self._showing.keys() & words
            for at, word in enumerate(words) if shown else ():
                for before, length in self._showing[word] if word in shown else ():
                    start = begin + at * WORD - before
                    form = data[max(start, 0) : max(start + length, 0)]
                    if form in self._instead and ends.get(form, 0) <= start:
                        ends[form] = start + length
                        yield start, form


def _places_of(form: bytes, data: bytes) -> Iterator[tuple[int, bytes]]:
    start = data.find(form)
    while start >= 0:
        yield start, form
        start = data.find(form, start + len(form))


def _machine_words(data: bytes) -> memoryview:
    return memoryview(data[: len(data) // WORD * WORD]).cast("I")


MIN_FORM = 6
"""Bytes. The inner part of a short secret's base64 can be so short that it occurs by chance."""


def encoded_forms(secret: str) -> frozenset[bytes]:
    """Every form, as bytes: raw, percent-encoded once and twice, base64 at each alignment, hex, JSON, HTML, UTF-16 …"""
    raw = secret.encode("utf-8", "surrogatepass")
    return frozenset(form for form in (*_common(secret, raw), *_rare(secret, raw)) if len(form) >= MIN_FORM)


def forms_to_find(secret: str) -> frozenset[bytes]:
    """The forms for which every text is searched. For a usual secret these are few, because its other forms are found by decoding the
    runs that look encoded (`decoded_runs`)."""
    raw = secret.encode("utf-8", "surrogatepass")
    if not _USUAL.fullmatch(raw):
        return encoded_forms(secret)
    return frozenset(_common(secret, raw))


def decoded_runs(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The encoded runs of a text that may contain a usual secret: start, end and decoded text, once for each alignment. An ordinary
    text has none."""
    for table, sign, runs, decode in _DECODERS:
        if sign not in (data if table is _AS_IT_IS else data.translate(table)):
            continue
        for found in islice(runs.finditer(data), MAX_RUNS):
            if len(found[0]) <= MAX_RUN:
                yield from ((*found.span(), plain) for plain in decode(found[0]))


MAX_RUNS, MAX_RUN = 1_000, 64 * 1024
"""The most runs of each kind, and bytes of a run, that are decoded. A text with more is hostile, and its words are sealed as
unreadable anyway."""

_USUAL = pattern(rb"[A-Za-z0-9._~-]{18,}")
"""Unreserved characters, so many that each encoded form is longer than a UUID, a hex trace id or a state, which are frequent."""


def _of_hex(run: bytes) -> Iterator[bytes]:
    for part in (run, run[1:]):
        yield bytes.fromhex(part[: len(part) // 2 * 2].decode())


def _of_base32(run: bytes) -> Iterator[bytes]:
    for part in (run[skipped:] for skipped in range(8)):
        yield base64.b32decode(part + b"A" * (-len(part) % 8))


def _of_base64(run: bytes) -> Iterator[bytes]:
    """The text of a run of base64 in UTF-16, every second byte of which is zero. For UTF-8 all alignments are forms to find."""
    run = run.translate(_STANDARD)
    for part in (run[skipped:] for skipped in range(4)):
        plain = base64.b64decode(part + b"A" * (-len(part) % 4))
        if b"\0" in plain:
            yield plain.replace(b"\0", b"")


def _of_wide(run: bytes) -> Iterator[bytes]:
    yield run.replace(b"\0", b"")


def _of_percents(run: bytes) -> Iterator[bytes]:
    yield unquote_to_bytes(run)


def _of_escapes(run: bytes) -> Iterator[bytes]:
    yield bytes.fromhex(run.replace(b"\\u00", b"").replace(b"\\x", b"").decode())


def _of_references(run: bytes) -> Iterator[bytes]:
    yield html.unescape(run.decode()).encode()


_STANDARD = bytes.maketrans(b"-_", b"+/")
_DIGITS, _LOWER = b"0123456789", bytes(range(97, 123))
_UPPER = _LOWER.upper()


def _marking(alphabet: bytes) -> bytes:
    """A translation table: characters of the alphabet become "x", "%" stays, all others become "."."""
    return bytes(37 if byte == 37 else 120 if byte in alphabet else 46 for byte in range(256))


_OF_HEX, _OF_32 = _marking(_DIGITS + b"abcdefABCDEF"), _marking(b"234567" + _UPPER)
_OF_64, _AS_IT_IS = _marking(_DIGITS + _UPPER + _LOWER + b"+/-_"), bytes(range(256))


class _Decoder(NamedTuple):
    """The search and the decoding of a kind of run. table, sign: a text contains such a run only if its translation by the table
    contains the sign, a test that takes a tenth of the time of the search."""

    table: bytes
    sign: bytes
    runs: re.Pattern[bytes]
    decode: Callable[[bytes], Iterator[bytes]]


_DECODERS = (
    _Decoder(_OF_HEX, b"x" * 36, pattern(rb"[0-9a-fA-F]{36,}"), _of_hex),
    _Decoder(_OF_HEX, b"%xx" * 18, pattern(rb"(?:%[0-9a-fA-F]{2}){18,}"), _of_percents),
    _Decoder(_OF_32, b"x" * 28, pattern(rb"[A-Z2-7]{28,}"), _of_base32),
    _Decoder(_OF_64, b"x" * 44, pattern(rb"[A-Za-z0-9+/_-]{44,}"), _of_base64),
    _Decoder(_AS_IT_IS, b"\0", pattern(rb"(?:[!-~]\0){17,}[!-~]"), _of_wide),
    _Decoder(_AS_IT_IS, b"\\", pattern(rb"(?:\\(?:u00|x)[0-9a-fA-F]{2}){18,}"), _of_escapes),
    _Decoder(_AS_IT_IS, b";&#", pattern(rb"(?:&#(?:[0-9]{1,7}|x[0-9a-fA-F]{1,6});){18,}"), _of_references),
)


def _common(secret: str, raw: bytes) -> Iterator[bytes]:
    yield raw
    yield raw[::-1]
    yield from _inner_base64(raw)
    if not _UNRESERVED.fullmatch(raw):
        yield from _escaped(secret, raw)


def _rare(secret: str, raw: bytes) -> Iterator[bytes]:
    wide = [secret.encode(charset, "surrogatepass") for charset in ("utf-16-be", "utf-16-le")]
    for core in {data.strip(b"\0") for data in wide}:
        yield core
        yield from _inner_base64(core)
    yield from _inner_base32(raw)
    hexadecimal = raw.hex()
    yield hexadecimal.encode()
    yield hexadecimal.upper().encode()
    yield ("%" + raw.hex("%").upper()).encode()
    yield ("%" + raw.hex("%")).encode()
    units = "|" + wide[0].hex("|", 2)
    yield units.replace("|", "\\u").encode()
    yield units.upper().replace("|", "\\u").encode()
    yield from _references(secret)


_UNRESERVED = pattern(rb"[A-Za-z0-9._~-]*")
"""The unreserved characters (RFC 3986 §2.3), which percent-encoding, JSON and HTML leave as they are. Most codes and tokens consist
of them."""


def _escaped(secret: str, raw: bytes) -> Iterator[bytes]:
    """The forms in which only some characters are escaped."""
    for once in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield once.encode()
        yield quote(once, safe="").encode()
        yield _lower_percent(once).encode()
        yield quote(_lower_percent(once), safe="").encode()
    yield json.dumps(secret).encode()[1:-1]
    yield json.dumps(secret).encode()[1:-1].replace(b"/", b"\\/")
    yield json.dumps(secret, ensure_ascii=False).encode("utf-8", "surrogatepass")[1:-1]
    yield html.escape(secret).encode("utf-8", "surrogatepass")


def _references(secret: str) -> Iterator[bytes]:
    """HTML's numeric character references (HTML §13.1.4): decimal, and hexadecimal in both cases."""
    points = list(map(ord, secret))
    yield "".join([f"&#{point};" for point in points]).encode()
    yield "".join([f"&#x{point:x};" for point in points]).encode()
    yield "".join([f"&#x{point:X};" for point in points]).encode()


def _lower_percent(text: str) -> str:
    head, *rest = text.split("%")
    return head + "".join("%" + part[:2].lower() + part[2:] for part in rest)


def _inner_base64(raw: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on the secret only, for each of its three alignments in the encoded data, in both
    alphabets (RFC 4648 §4 and §5)."""
    for offset, first in enumerate((0, 2, 3)):
        inner = base64.b64encode(b"\0" * offset + raw)[first : (offset + len(raw)) * 8 // 6]
        yield inner
        yield inner.translate(_URL_SAFE)


def _inner_base32(raw: bytes) -> Iterator[bytes]:
    """The characters of base32 that depend on the secret only, for each of its five alignments (RFC 4648 §6)."""
    for offset in range(5):
        inner = base64.b32encode(b"\0" * offset + raw)
        yield inner[-(-offset * 8 // 5) : (offset + len(raw)) * 8 // 5]


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
