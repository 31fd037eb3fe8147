"""The rules for what may be written in clear; everything else is sealed (redaction.md, "What is public").

There are three rules, in this order. A value whose name means a secret (`says_secret`) is sealed. A value whose name means a public
identifier (`IDENTIFIERS`) stays. Any other value stays if each of its words is readable (`words`); in a text of sentences only the
unreadable words are sealed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.later import pattern
from airisk_tui.oauth.reference import REFERENCE

IDENTIFIERS = frozenset(
    (
        # of the protocol, chosen by the client or repeated from its request (RFC 6749, RFC 7636, RFC 9207, OpenID Connect)
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
        # of users and objects
        *("userid", "userguid", "username", "userprincipalname", "upn", "email", "mail", "login", "sub", "subject"),
        *("nameid", "id", "uid", "uuid", "guid", "oid", "identifier", "tenant", "tenantid", "objectid", "appid", "key"),
        *("kid", "azp"),
        # of requests, for the server's support (W3C Trace Context; ASP.NET)
        *("traceid", "requestid", "correlationid", "activityid", "instance", "traceparent", "xrequestid", "spanid"),
        *("xcorrelationid", "xmsrequestid", "xamznrequestid", "xamzntraceid", "cfray", "requestcontext"),
        *("xazureref", "xamzcfid"),
        # times, in any format
        *("expiration", "expires", "expiresat", "expiresin", "expireson", "issuedat", "exp", "iat", "nbf", "date"),
        *("lastmodified", "authtime", "createdat", "updatedat", "timestamp", "retryafter", "age"),
    )
)
"""Names in lower case without "_" and "-". Their values give no access, however random they look."""

_IDENTIFIER = pattern(r"[^\s;&=<>\"'?#]{1,256}={0,2}")
"""An identifier is one word of limited length; any other value of such a name is judged word by word."""

MAX_NAME = 64
"""The most characters of a name that is looked up."""

_NOT_IN_NAMES = str.maketrans("", "", "_-. ")


def is_identifier(name: str, value: str) -> bool:
    """Whether a value is public because its name means a public identifier."""
    return len(name) <= MAX_NAME and _identifies(name) and _IDENTIFIER.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _identifies(name: str) -> bool:
    return name.lower().translate(_NOT_IN_NAMES) in IDENTIFIERS


WORD = pattern(r"[A-Za-z0-9_~%-]{6,}|(?:&#x?[0-9A-Fa-f]{1,6};){6,}+|(?:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})){6,}+")
"""One word: without the characters that join the parts of a URL or a sentence, or written in escapes of HTML or JavaScript. A shorter
secret looks like any word; only its name, or its being known, finds it."""

_PASSED_OVER = pattern(
    rf"{REFERENCE.pattern}"
    r"|\b(?:trace|request|correlation|activity|ray)[ _-]?id\b[^A-Za-z0-9]{0,20}(?:[|0-9a-fA-F.-]{8,80}|0H[A-Z0-9]{11})"
    r"|\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b"  # traceparent (W3C Trace Context §3.2)
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"  # dates (RFC 3339)
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s/?#\"'<>\\@=&;]{1,255}(?=[\s/?#\"'<>\\&;,)]|$)"  # a URL's origin
    r"|\b0x[0-9a-fA-F]{1,8}\b"  # HRESULTs and the like
    r"|\\[nrt]",  # line ends of JSON inside JSON
    re.IGNORECASE,
)

_ESCAPE = pattern(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")


def unescaped(word: str) -> str:
    """A word with its percent-encoding, or the escapes of HTML or JavaScript, decoded once."""
    if word[0] == "&":
        return html.unescape(word)
    if word[0] == "\\":
        return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), word)
    return unquote(word) if "%" in word else word


def spans_to_look_at(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text whose words are judged: all but references, trace ids, dates and error numbers."""
    done = 0
    for found in _PASSED_OVER.finditer(text):
        yield done, found.start()
        done = found.end()
    yield done, len(text)


def public_texts(inputs: Inputs) -> tuple[str, ...]:
    """The texts that the person chose, and that every message of the run may repeat in clear."""
    dialect = inputs.dialect
    params = (text for pairs in (inputs.params, inputs.token_params) for pair in pairs for text in pair)
    paths = (*dialect.addresses, *(one.path for one in inputs.probes))
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


MAX_KEPT = 64
"""The most characters of a name whose result is cached."""

SENSITIVE = (
    r"(?:auth(?:orization)?_?code|access_?code|code_verifier|(?:[\w.-]*(?:secret|password|passwd|assertion|credential"
    r"|api[_-]?key|session|cookie|bearer|jwt|signature|verificationtoken)[\w.-]*)|(?:[\w.-]*token))"
)
"""Names of fields, headers and members whose values are secret. A bare `code` is not among them: in an error it is the error's."""

CODE_NAMES = ("code", "auth[_-]?code", "authorization[_-]?code", "access[_-]?code", "(?:access|id|refresh)[_-]?token")
"""Patterns for the names of the values in an authorization answer, in any case."""

_FIELD = pattern(rf"(?:code|{SENSITIVE})", re.IGNORECASE)
_MEMBER = pattern(SENSITIVE, re.IGNORECASE)


def says_secret(name: str) -> bool:
    """Whether the name of a parameter, a form's field or a header means a secret."""
    return _says_secret(name, True) if len(name) <= MAX_KEPT else _FIELD.fullmatch(name) is not None


def member_says_secret(name: str) -> bool:
    """Whether the name of a JSON member or an XML element means a secret. A bare `code` does not, because it may be an error's."""
    return _says_secret(name, False) if len(name) <= MAX_KEPT else _MEMBER.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _says_secret(name: str, code: bool) -> bool:
    """Cached, because a run asks about the same few names."""
    return (_FIELD if code else _MEMBER).fullmatch(name) is not None
