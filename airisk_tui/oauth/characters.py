"""What a code or a token is made of, as far as that decides whether it can be sent at all; never the value itself."""

from __future__ import annotations

import re
from typing import Literal

from airisk_tui.oauth.text import hidden

Characters = Literal["plain", "visible", "spaced", "blank", "foreign", "hidden"]
"""plain: RFC 6750 §2.1's b64token, which every header carries · visible: other visible ASCII · spaced: with spaces among it, a
code's RFC 6749 appendix A.11 VSCHAR still · blank: nothing but white space · foreign: visible
characters beyond ASCII among it · hidden: control or invisible characters, or what was no UTF-8."""

UNUSABLE_TOKEN: frozenset[Characters] = frozenset({"spaced", "blank", "foreign", "hidden"})
"""What no `Authorization: Bearer` header carries as one token (RFC 6750 §2.1; RFC 9110 §5.5, §11.2)."""

UNUSABLE_CODE: frozenset[Characters] = frozenset({"hidden"})
"""What no code is made of: RFC 6749 appendix A.11 allows visible ASCII and spaces only. A visible character beyond ASCII departs
from that, too, but comes whole through a redirect and a form (appendix B), and servers have been seen to take it."""

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
    if _SPACED.fullmatch(value):
        return "spaced"
    return "hidden" if "\ufffd" in value or hidden(value, lambda character: "") != value else "foreign"
