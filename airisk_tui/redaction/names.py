"""Names that say that what stands under them is secret (threats.md F1)."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_KEPT = 64
"""Characters of a name whose reading is remembered."""

SENSITIVE = (
    r"(?:auth(?:orization)?_?code|access_?code|code_verifier|(?:[\w.-]*(?:secret|password|passwd|assertion|credential"
    r"|api[_-]?key|session|cookie|bearer|jwt|signature|verificationtoken)[\w.-]*)|(?:[\w.-]*token))"
)
"""Of a field, a header or a member. A bare `code` is not among them: in an error it is the error's."""

MARKS = (
    *("code", "token", "secret", "passw", "assertion", "credential", "key", "session", "cookie", "bearer", "jwt"),
    "signature",
)
"""One of these stands in every name that `SENSITIVE` means, in lower case; where none stands, none has to be looked for."""

CODE_NAMES = ("code", "auth[_-]?code", "authorization[_-]?code", "access[_-]?code", "(?:access|id|refresh)[_-]?token")
"""What an authorization answer brings: patterns, and the case of letters does not matter."""

_FIELD = re.compile(rf"(?:code|{SENSITIVE})", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _says_so(name: str) -> bool:
    return _FIELD.fullmatch(name) is not None


def says_secret(name: str) -> bool:
    """Whether a field's name says that its value is secret; the same few come again and again, and only short ones are kept."""
    return _says_so(name) if len(name) <= MAX_KEPT else _FIELD.fullmatch(name) is not None
