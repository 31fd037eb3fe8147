"""Step 2: reading the answer to the token request (protocol.md, step 2; RFC 6749 §5).

Any response can be read: the documented 200, text/plain, problem+json (RFC 9457), the JSON errors of RFC 6749, login pages, or
arbitrary bytes. The log keeps the response itself.
"""

from __future__ import annotations

import re
from typing import Any, Literal, TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.expiry import Expiry, expiry_of
from airisk_tui.oauth.answer.server_error import ServerError, explains_missing_token, form_error, read_error, refuses
from airisk_tui.oauth.dialect import WHOLE_BODY, Dialect
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.redirect.authorization import NO_CODES
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.characters import Characters, is_sentence
from airisk_tui.oauth.text.lenient_json import JsonReading, UnreadNumber, read_json, text_or_json
from airisk_tui.oauth.text.members import Member, every_member, holder, plain_name
from airisk_tui.oauth.text.visible import decoded

TOKEN_NAMES = (
    *("access_token", "access_code", "accessToken", "AccessToken"),
    *("token", "Token", "bearer", "id_token", "jwt"),
)
"""Names under which servers send the token; protocol.md documents the misprint `access_code`."""


class IssuedToken(Struct, frozen=True):
    """A token in an answer. value: the access token, or its reference; field: the name of its member; expiry: None if the answer has
    none; expiry_field: the name of that member."""

    value: str
    field: str
    expiry: Expiry | None = None
    expiry_field: str | None = None
    token_type: str | None = None
    scope: str | None = None


AnswerKind = Literal["token", "unusable", "refused", "redirect", "renamed", "not-a-token", "not-recorded"]


class TokenAnswer(Struct, frozen=True):
    """An answer of the token endpoint.

    kind: "token" · "unusable" (a token that no header can carry) · "refused" (an HTTP error, or an error inside a 200)
    · "redirect" (3xx) · "renamed" (a value that looks like a token, under another name or at another place than the
    dialect's) · "not-a-token" (a 200 without one) · "not-recorded" (another program's file lacks the answer, or its
    body). suspect: the member of a "renamed" token; oddities: as in `JsonReading`; characters: the kind of characters
    of an "unusable" token.
    """

    kind: AnswerKind
    status: int
    token: IssuedToken | None = None
    error: ServerError | None = None
    suspect: Member | None = None
    location: str | None = None
    oddities: tuple[tuple[str, str], ...] = ()
    characters: Characters = "plain"

    def without_token(self, characters: Characters) -> TokenAnswer:
        """This answer as "unusable": without its token, which no header can carry because of these characters (RFC 6750 §2.1)."""
        return replace(self, kind="unusable", token=None, characters=characters)


def read_token_answer(response: HttpResponse, dialect: Dialect, received: float) -> TokenAnswer:
    """Read any response of the token endpoint. received: the local time in epoch seconds, to which a lifetime is added. Total."""
    status = response.status
    if response.body.cut == "not-recorded" and status < 300:
        return TokenAnswer("not-recorded", status)
    if response.redirects:
        return TokenAnswer("redirect", status, location=header(response.headers, "location"))
    reading = read_json(response.body.data)
    oddities = tuple(reading.oddities)
    if not response.succeeded:
        return TokenAnswer("refused", status, error=read_error(response), oddities=oddities)
    if dialect.token == WHOLE_BODY and (bare := bare_token(response, reading)):
        return TokenAnswer("token", status, token=IssuedToken(bare, WHOLE_BODY), oddities=oddities)
    document = reading.value
    around, name = holder(document, dialect.token)
    value = around.get(name) if isinstance(around, dict) else None
    error = _refusal(response, document)
    if error is None and _is_text(value) and is_sentence(value):
        error = ServerError("text", code=value)  # an error message in place of the token
    if _is_text(value) and error is None:
        issued = _issued(document, around, value, dialect, received)
        return TokenAnswer("token", status, token=issued, oddities=oddities)
    if error is not None:
        return TokenAnswer("refused", status, error=error, oddities=oddities)
    suspect = suspected_token(document, dialect.token)
    error = read_error(response)
    if (
        suspect is None
        and value in (None, "")
        and isinstance(around, dict)
        and name in around
        and explains_missing_token(document)
    ):
        return TokenAnswer("refused", status, error=error, oddities=oddities)
    kind: AnswerKind = "renamed" if suspect is not None else "not-a-token"
    return TokenAnswer(kind, status, error=error, suspect=suspect, oddities=oddities)


def _refusal(response: HttpResponse, document: Any) -> ServerError | None:
    """The refusal in a response with a 2xx status, or None."""
    if isinstance(document, dict):
        return read_error(response) if refuses(document) else None
    if document is None and form_error(decoded(response.body.data).strip()) is not None:
        return read_error(response)
    return None


def suspected_token(document: Any, path: str) -> Member | None:
    """The member that looks like a token at another place than `path`, or None: first by the last name of the path, then the least
    deeply nested; else the one text inside an object of such a name ({"token": {"value": ...}})."""
    own = path.rpartition(".")[2]
    names = (own, *TOKEN_NAMES, *SIMILAR_NAMES)
    plain = {plain_name(name): place for place, name in reversed(list(enumerate(names)))}

    def rank(member: Member) -> tuple[bool, int, int]:
        name = plain_name(member.name)
        return name == "idtoken", member.depth, plain[name]

    named = (one for one in every_member(document) if plain_name(one.name) in plain and not _OTHERS.search(one.path))
    ranked = sorted(named, key=rank)
    texts = (member for member in ranked if _is_text(member.value))
    return next(texts, None) or next((inside for member in ranked if (inside := _within(member)) is not None), None)


def _within(member: Member) -> Member | None:
    """The text that looks like a token inside an object, if exactly one text of it does."""
    inner = member.value if isinstance(member.value, dict) else {}
    alike = [name for name, value in inner.items() if _is_bare(value)]
    return Member((*member.names, alike[0]), inner[alike[0]], member.within) if len(alike) == 1 else None


SIMILAR_NAMES = ("auth_token", "bearer_token", "jwt_token", "api_token", "user_token")
"""Further names that only an access token has."""

_OTHERS = pattern(r"refresh|csrf|xsrf|device|session", re.IGNORECASE)
"""Names of tokens other than the access token, and of the objects that hold them."""


def bare_token(response: HttpResponse, reading: JsonReading) -> str | None:
    """The whole body if it looks like a token, with or without quotation marks; else None."""
    text = reading.value if isinstance(reading.value, str) else decoded(response.body.data).strip()
    text = text[1:-1] if text[:1] in ("'", '"') and text[:1] == text[-1:] else text
    return text if _is_bare(text) else None


def _is_bare(value: Any) -> bool:
    return isinstance(value, str) and bool(_BARE.fullmatch(value) or REFERENCE.fullmatch(value))


_BARE = pattern(r"(?=.*[0-9])[A-Za-z0-9._~+/=-]{20,8000}")
"""A b64token (RFC 6750 §2.1) that is too long for a word and contains a digit."""


def _issued(document: Any, around: dict[str, Any], value: str, dialect: Dialect, received: float) -> IssuedToken:
    expiry, name = expiry_of(document, around, dialect.expiration, received)
    return IssuedToken(
        value=value,
        field=dialect.token,
        expiry=expiry,
        expiry_field=name,
        token_type=text_or_json(around.get("token_type")),
        scope=text_or_json(around.get("scope")),
    )


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.lower() not in ("", *NO_CODES) and not isinstance(value, UnreadNumber)
