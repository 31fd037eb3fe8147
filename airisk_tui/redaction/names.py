"""Names that say that what stands under them is secret (threats.md F1; redaction.md, "What is public")."""

from __future__ import annotations

import re
from functools import lru_cache

from airisk_tui.later import pattern

MAX_KEPT = 64
"""Characters of a name whose reading is remembered."""

SENSITIVE = (
    r"(?:auth(?:orization)?_?code|access_?code|code_verifier|(?:[\w.-]*(?:secret|password|passwd|assertion|credential"
    r"|api[_-]?key|session|cookie|bearer|jwt|signature|verificationtoken)[\w.-]*)|(?:[\w.-]*token))"
)
"""Of a field, a header or a member. A bare `code` is not among them: in an error it is the error's."""

CODE_NAMES = ("code", "auth[_-]?code", "authorization[_-]?code", "access[_-]?code", "(?:access|id|refresh)[_-]?token")
"""What an authorization answer brings: patterns, and the case of letters does not matter."""

_FIELD = pattern(rf"(?:code|{SENSITIVE})", re.IGNORECASE)
_MEMBER = pattern(SENSITIVE, re.IGNORECASE)


def says_secret(name: str) -> bool:
    """Whether the name of a parameter, a form's field or a header says that its value is secret."""
    return _kept(name, True) if len(name) <= MAX_KEPT else _FIELD.fullmatch(name) is not None


def member_says_secret(name: str) -> bool:
    """Likewise of a member in JSON or an element in XML, where a `code` may be that of an error."""
    return _kept(name, False) if len(name) <= MAX_KEPT else _MEMBER.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _kept(name: str, code: bool) -> bool:
    """The same few names come again and again."""
    return (_FIELD if code else _MEMBER).fullmatch(name) is not None
