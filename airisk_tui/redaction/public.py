"""What may be written in clear, and why: everything else is sealed (redaction.md, "What is public").

Three questions, in this order. Does a name say that the value is secret (`names`)? It is sealed, whatever it looks like. Does a
name say that the value is an identifier of what is public (`IDENTIFIERS`)? It stays. Else its words decide: it stays when
each of them is readable (`readable`), and a text in sentences loses only the words that are not.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from operator import add
from urllib.parse import unquote

from airisk_tui.flow.inputs import Inputs
from airisk_tui.later import pattern
from airisk_tui.oauth.reference import REFERENCE

IDENTIFIERS = frozenset(
    (
        # of the protocol: chosen by the client, or repeated from its request (RFC 6749, RFC 7636, RFC 9207, OpenID Connect)
        *(
            "state",
            "iss",
            "clientid",
            "redirecturi",
            "redirecturl",
            "returnurl",
            "codechallenge",
            "challenge",
            "resource",
        ),
        *("audience", "aud", "scope", "scopes", "responsetype", "responsemode", "granttype", "tokentype", "errorcode"),
        # of people and things, by which users and requests are told apart
        *(
            "userid",
            "userguid",
            "username",
            "userprincipalname",
            "upn",
            "email",
            "mail",
            "login",
            "sub",
            "subject",
            "nameid",
        ),
        *(
            "id",
            "uid",
            "uuid",
            "guid",
            "oid",
            "identifier",
            "tenant",
            "tenantid",
            "objectid",
            "appid",
            "key",
            "kid",
            "azp",
        ),
        # by which the support finds a request again (W3C Trace Context; ASP.NET)
        *("traceid", "requestid", "correlationid", "activityid", "instance", "traceparent", "xrequestid", "spanid"),
        *("xcorrelationid", "xmsrequestid", "xamznrequestid", "xamzntraceid", "cfray", "requestcontext"),
        # times, in whatever form
        *("expiration", "expires", "expiresat", "expiresin", "expireson", "issuedat", "exp", "iat", "nbf", "date"),
        *("lastmodified", "authtime", "createdat", "updatedat", "timestamp", "retryafter", "age"),
    )
)
"""Names in lower case without "_" and "-". What stands under them opens nothing, however random it looks."""

_IDENTIFIER = pattern(r"[^\s;&=<>\"'?#]{1,256}={0,2}")
"""An identifier is one word of a sensible length; anything else under such a name is looked at word by word."""

MAX_NAME = 64
"""Characters of a name that is looked up."""

_NOT_IN_NAMES = str.maketrans("", "", "_-. ")


def is_identifier(name: str, value: str) -> bool:
    """Whether a value is public because its name says what it is."""
    return len(name) <= MAX_NAME and _identifies(name) and _IDENTIFIER.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _identifies(name: str) -> bool:
    return name.lower().translate(_NOT_IN_NAMES) in IDENTIFIERS


WORD = pattern(
    r"[A-Za-z0-9_~%-]{6,}={0,2}|(?:&#x?[0-9A-Fa-f]{1,6};){6,}+|(?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})){6,}+"
)
"""What is looked at as one word: without the signs that join the parts of a URL or of a sentence, or written in the escapes of
HTML and JavaScript. Shorter words hold no secret that could be told from a word; names and what is known find those."""

_PASSED_OVER = pattern(
    rf"{REFERENCE.pattern}"
    r"|\b(?:trace|request|correlation|activity)[ _-]?id\b[^A-Za-z0-9]{0,20}(?:[|0-9a-fA-F.-]{8,80}|0H[A-Z0-9]{11})"
    r"|\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b"  # traceparent (W3C Trace Context §3.2)
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"  # dates (RFC 3339)
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s/?#\"'<>\\@=&;]{1,255}(?=[\s/?#\"'<>\\&;,)]|$)"  # a URL's origin
    r"|\b0x[0-9a-fA-F]{1,8}\b",  # HRESULTs and the like
    re.IGNORECASE,
)

_DIGITS = pattern(r"[0-9]")
_LETTERS = pattern(r"[A-Za-z]")
_DIGIT_RUNS = pattern(r"[0-9]+")
_LETTER_RUNS = pattern(r"[A-Za-z]+")
_ERROR_CODE = pattern(r"[A-Z]{1,10}-?[0-9]{2,7}")
_HUMPS = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ESCAPE = pattern(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_ACRONYMS = pattern(r"OAuth|OpenID|AIRisk|DotNet|(?i:jw[tkse]|https?|html|xml|json|sql|ecdhe|gcm)")
_CHANGES = pattern(r"(?<=[a-z])[A-Z]|(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]")
_BETWEEN = pattern(r"[_~%=-]+")

MAX_NUMBER = 20
"""Digits of a number: 64 bits have no more (18,446,744,073,709,551,615). A longer one is a token."""

MAX_WORD = 32
"""Letters of a word that is written as one: "Geschwindigkeitsbegrenzung" has 26."""


MAX_READ = 64
"""Characters of a word: none that people write is longer, and only the reading of short ones is remembered."""


def readable(word: str) -> bool:
    """Whether a word can be read: words of a language, names in CamelCase, small numbers, and what joins them. What mixes letters
    and digits, or strings letters together as no language does, can be a secret. word: as `WORD` finds it, unescaped."""
    return len(word) <= MAX_READ and _readable(word)


@lru_cache(maxsize=8192)
def _readable(word: str) -> bool:
    if (
        (word.islower() or word.istitle())
        and len(word) <= MAX_WORD
        and word.isalpha()
        and word.isascii()
        and _sounds(word)
    ):
        return True
    digits, letters = len(_DIGITS.findall(word)), len(_LETTERS.findall(word))
    if not letters:
        return digits <= MAX_NUMBER
    if _ERROR_CODE.fullmatch(word):
        return True
    word = _ACRONYMS.sub("_", word)
    if (digits >= 6 and letters >= 4) or not _evenly_written(word, letters):
        return False
    return all(map(_part_is_readable, _BETWEEN.split(word)))


def unescaped(word: str) -> str:
    """A word with its percent-encoding, or HTML's or JavaScript's escapes, undone once."""
    if word[0] == "&":
        return html.unescape(word)
    if word[0] == "\\":
        return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), word)
    return unquote(word) if "%" in word else word


def _evenly_written(word: str, letters: int) -> bool:
    """Whether a word as a whole changes between letters and digits, small and capital letters, no more than names do."""
    runs = _LETTER_RUNS.findall(word)
    if len(runs) > 2 and len(_DIGIT_RUNS.findall(word)) > 2:
        return False
    rare = sum(map(_rare, (run.lower() for run in runs)))
    return rare <= 1 + letters // 8 and len(_CHANGES.findall(word)) <= max(1, len(word) // 5)


def _part_is_readable(part: str) -> bool:
    """Letters, or letters and numbers in turn, few of either."""
    words, numbers = _LETTER_RUNS.findall(part), _DIGIT_RUNS.findall(part)
    if len(numbers) > 2 or any(len(number) > 5 for number in numbers):
        return False
    mixed = len(words) > 1 or len(numbers) > 1
    return all(_is_word(word, shortest=4 if mixed else 6) for word in words)


def _is_word(letters: str, shortest: int) -> bool:
    """By its humps, in each of which letters follow one another as in Western languages. Fewer letters than `shortest` always
    pass."""
    if len(letters) < shortest:
        return True
    humps = _HUMPS.findall(letters)
    if len(letters) > MAX_WORD and len(humps) == 1:
        return False
    return len(letters) >= 3 * len(humps) and all(map(_sounds, humps))


_FOLLOWING = {
    before: frozenset(after)
    for before, after in zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            *("abcdefgiklmnprstuvwxy", "abcdeijloprstuy", "acdefhiklmnoprstuy", "abcdefghiklmnoprstuvy"),
            *("abcdefghiklmnopqrstuvwxy", "adefilnorstuy", "aeghilmnorstu", "aeilmorstuy", "abcdefgklmnoprstvxz"),
            *("aeosu", "aegilnostuw", "abcdefgiklmnoprstuvy", "abdeiklmnopstuy", "abcdefghiklmnopstuvwy"),
            *("abcdefgiklmnoprstuvwx", "acdefhiklnoprstuy", "lu", "abcdefgiklmnoprstuvwy", "acdefghiklmnopqrstuvwy"),
            *("abcdefhilmnoprstuvwy", "abcdefgilmnoprst", "aceio", "aehinors", "ceilmptxy", "acegilmnoprst", "aei"),
        ),
        strict=True,
    )
}
"""For each letter those that often follow it, in 8,000 words of English manuals. Of twelve random letters 96 % are told from a
word by it, and of a hundred words not one is taken for random."""


_RARE = frozenset(before + after for before in _FOLLOWING for after in _FOLLOWING if after not in _FOLLOWING[before])


def _sounds(hump: str) -> bool:
    return _rare(hump.lower()) <= (len(hump) // 8 if len(hump) >= 8 else 1)


def _rare(word: str) -> int:
    return sum(map(_RARE.__contains__, map(add, word, word[1:])))


def spans_to_look_at(text: str) -> list[tuple[int, int]]:
    """The stretches of a text whose words are looked at: without references, trace ids, dates and numbers of errors."""
    spans, done = [], 0
    for found in _PASSED_OVER.finditer(text):
        spans.append((done, found.start()))
        done = found.end()
    return [*spans, (done, len(text))]


def public_texts(inputs: Inputs) -> tuple[str, ...]:
    """What the person chose and every message of the run may repeat in clear."""
    dialect = inputs.dialect
    params = (text for pairs in (inputs.params, inputs.token_params) for pair in pairs for text in pair)
    paths = (dialect.authorize_path, dialect.token_path, dialect.list_users_path, *(one.path for one in inputs.probes))
    own = (
        inputs.client_id,
        inputs.base_url,
        inputs.redirect_uri,
        inputs.listen,
        inputs.userid or "",
        inputs.state or "",
    )
    edits = (edit.value for edit in inputs.edits if not REFERENCE.search(edit.value))
    sent = (inputs.challenge or "", inputs.nonce or "", inputs.scope or "")
    return (*own, *sent, *params, *paths, *edits)
