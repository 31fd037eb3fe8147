"""Whether a word is readable, or may be a secret (redaction.md, "What is public").

A list of words would take megabytes and lack compounds, names and jargon. So a word is judged by its sequences of four letters:
`letters.bits` contains those that occur in the words of seven languages, in names and in programs (`tests/redaction/letters.py` makes
it). One in a thousand random texts of twelve letters passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from airisk_tui.later import pattern

EDGE = 26
"""The number of a word's edge; "a" is 0 and "z" 25."""

_BASE = EDGE + 1
_FOURS = _BASE**4

MAX_NUMBER = 20
"""The most digits of a number: those of 64 bits (18,446,744,073,709,551,615). A longer one is a token."""

MAX_WORD = 32
"""The most letters of a word: "Geschwindigkeitsbegrenzung" has 26."""

MAX_READ = 64
"""The most characters of a readable word; only the results for such words are cached."""

MAX_DIGITS = 5
"""The most digits in a row beside letters: `AADSTS50011`, `rfc9110`."""

_ERROR_CODE = pattern(r"[A-Z]{1,6}-?[0-9]{2,7}|(?:[A-Z]{2,4}|[A-Z]?[a-z]{2,3})[-_]?[0-9]{1,4}")
_KNOWN = pattern(
    r"^(?:u00|x)(?:2[0-9A-Fa-f]|3[A-Fa-f])|OAuth|OpenID|AIRisk|AmazonS3|DotNet|AspNet|AADB2C|DPoP"
    r"|(?i:jw[tkse]s?|https?|html|xml|json|sql|ecdhe|gcm|awselb|apigw|captcha|wordfence|opendns|goauthentik"
    r"|iso-8859-[0-9]{1,2}|euc-(?:cn|jp|kr|tw)|koi8-[ru]|gb18030|gb2312|(?:sha|utf|iso)(?=-?[0-9]))"
)
"""Names that do not look like words, those of character sets among them, and a character as JavaScript escapes it, before a word."""

_BETWEEN = pattern(r"[_~%=+-]+")
_HUMPS = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def readable(word: str) -> bool:
    """Whether a word is readable: it consists of words of a language, names in CamelCase, small numbers, and characters that join
    them. A mix of letters and digits, or sequences of letters that occur in no language, can be a secret. word: as `public.WORD`
    finds it, unescaped."""
    return len(word) <= MAX_READ and _readable(word)


@lru_cache(maxsize=8192)
def _readable(word: str) -> bool:
    if word.isascii() and word.isalpha() and (word.islower() or word.istitle()):
        return is_word(word.lower()) or _KNOWN.fullmatch(word) is not None
    digits, letters = sum(map(str.isdigit, word)), sum(map(str.isalpha, word))
    if not letters:
        return digits <= MAX_NUMBER
    return _ERROR_CODE.fullmatch(word) is not None or _made_of_words(word)


def _made_of_words(text: str) -> bool:
    """Whether all but a few parts of a name are words. A random text has many parts, of which most are not words; parts of two or
    three letters are words by chance."""
    rest = _KNOWN.sub("_", text)
    explained, strange, joints = len(text) - len(rest), 0, 0
    for part in _BETWEEN.split(rest):
        humps = _HUMPS.findall(part)
        joints += max(0, len(humps) - 1)
        for hump in humps:
            if not hump.isdigit() and is_word(hump.lower()):
                explained += len(hump) if len(hump) > 3 else 0
            elif len(hump) > (MAX_DIGITS if hump.isdigit() else 3):
                return False
            else:
                strange += 1
    return strange <= 1 + explained // 6 and joints <= max(1, len(text) // (5 if strange else 3))


def is_word(letters: str) -> bool:
    """Whether small letters follow one another as in words. A single letter does not."""
    bits = _bits()
    return 1 < len(letters) <= MAX_WORD and all(bits[place >> 3] >> (place & 7) & 1 for place in places(letters))


def places(letters: str) -> Iterator[int]:
    """The bits of a word's sequences of four letters, edges included."""
    four, seen = EDGE, 1
    for number in (*(byte - 97 for byte in letters.encode()), EDGE):
        four, seen = (four * _BASE + number) % _FOURS, seen + 1
        if seen >= 4:
            yield four


@cache
def _bits() -> bytes:
    return (files(__package__) / "letters.bits").read_bytes()
