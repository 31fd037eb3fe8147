"""Malformed redirects: the answer is in the bytes, but not in parameters that a parser finds (RFC 6749 §4.1.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import unquote

from msgspec import Struct

from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.redirect.authorization import Redirect, read_redirect

ManglingKind = Literal[
    "html-escape", "json-escape", "second-question-mark", "no-question-mark", "encoded-separators", "semicolons",
    "lost-separator", "fragment-separator", "quotation", "white-space",
]  # fmt: skip
"""`&amp;` between parameters · `\\u0026` between them · a second "?" where "&" belongs · "&" where the first "?" belongs · "?", "&"
or "=" percent-encoded · ";" between parameters · nothing between them · "#" where "&" belongs · quotation marks around it · white
space or a line break before a parameter's name."""


class Mangling(Struct, frozen=True):
    """The fault in a malformed redirect. found: the part that is wrong; redirect: the redirect after the correction."""

    kind: ManglingKind
    found: str
    redirect: Redirect


def find_mangling(target: str, dialect: Dialect, state: str | None) -> Mangling | None:
    """The mistake whose correction turns a redirect into an answer to our request; None if no correction does, or none is needed.

    target: a URL or request target; state: the one that was sent, or None. Total over any text.
    """
    read = read_redirect(target, dialect)
    if _answers(read, state):
        return None
    for kind, pattern, mend in _mistakes(dialect):
        found = pattern.search(target)
        if found is None:
            continue
        mended = read_redirect(mend(target), dialect)
        if _answers(mended, state):
            return Mangling(kind, found[0], mended)
    return None


def _answers(redirect: Redirect, state: str | None) -> bool:
    return redirect.kind in ("code", "error") and redirect.state == state


Mistake = tuple[ManglingKind, "re.Pattern[str]", Callable[[str], str]]


def _mistakes(dialect: Dialect) -> tuple[Mistake, ...]:
    names = f"(?:{re.escape(dialect.code)}|error|state)"
    return (
        ("quotation", *_replacing(r"^(?:[\"'<]|%22|%27)+|(?:[\"'>]|%22|%27)+$", "")),
        ("white-space", *_replacing(rf"(?<=[?&])(?:\s|\+|%20|%09|%0[AD])+(?={names}=)", "")),
        ("html-escape", *_replacing(r"&(?:amp|#38|#x26);", "&")),
        ("json-escape", *_replacing(r"\\u0026", "&")),
        ("second-question-mark", *_replacing(rf"(?<=\?)([^?#]*)\?(?={names}=)", r"\1&")),
        ("no-question-mark", *_replacing(rf"^([^?#]*?)(?:&|%3F|(?<=[A-Za-z]))(?={names}=)", r"\1?")),
        ("fragment-separator", *_replacing(rf"#(?={names}=)", "&")),
        ("semicolons", *_replacing(rf";\s*(?={names}=)", "&")),
        ("encoded-separators", re.compile(r"%3D|%26|%3F", re.IGNORECASE), _decoded_once),
        ("lost-separator", *_replacing(rf"(?<=[?&])([^?&=#]*=[^?&#]*?[^?&=#;])(?={names}=)", r"\1&")),
    )


def _replacing(pattern: str, by: str) -> tuple[re.Pattern[str], Callable[[str], str]]:
    compiled = re.compile(pattern, re.IGNORECASE if "amp" in pattern or "u0026" in pattern else 0)
    return compiled, lambda target: compiled.sub(by, target)


def _decoded_once(target: str) -> str:
    """The redirect with its query decoded once, because the query was percent-encoded as a whole."""
    place, mark, query = target.partition("?")
    return f"{place}?{unquote(query)}" if mark else unquote(target)
