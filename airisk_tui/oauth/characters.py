"""What a code or a token is made of, as far as that decides whether it can be sent at all; never the value itself."""

from __future__ import annotations

import re
from typing import Literal

Characters = Literal["plain", "visible", "spaced", "blank", "foreign"]
"""plain: RFC 6750 §2.1's b64token, which every header carries · visible: other visible ASCII · spaced: with spaces among it, a
code's RFC 6749 appendix A.11 VSCHAR still · blank: nothing but white space · foreign: control or non-ASCII characters."""

UNSENDABLE: frozenset[Characters] = frozenset({"spaced", "blank", "foreign"})
"""What no `Authorization: Bearer` header carries as one token (RFC 6750 §2.1; RFC 9110 §5.5, §11.2)."""

NO_CODE: frozenset[Characters] = frozenset({"foreign"})
"""What no code is made of (RFC 6749 appendix A.11)."""

_PLAIN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_VISIBLE = re.compile(r"[!-~]+")
_SPACED = re.compile(r"[ -~]+")


def characters_of(value: str) -> Characters:
    """Of a raw code or token; total over any text."""
    if _PLAIN.fullmatch(value):
        return "plain"
    if not value.strip():
        return "blank"
    if _VISIBLE.fullmatch(value):
        return "visible"
    return "spaced" if _SPACED.fullmatch(value) else "foreign"
