"""Step 2: building the token request and reading the answer (protocol.md, step 2; RFC 6749 §4.1.3, §5).

The reader copes with any response: the documented 200, text/plain, problem+json (RFC 9457), the JSON errors of RFC 6749, login
pages and noise. It says what the response is; the log keeps the response itself.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeGuard
from urllib.parse import quote

from airisk_tui.oauth.characters import Characters
from airisk_tui.oauth.dialect import WHOLE_BODY, Dialect, Encoding
from airisk_tui.oauth.expiry import Expiry, read_expiration, read_lifetime
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.jsontext import JsonReading, read_json
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text import decoded

MAX_WORDS = 2_000
"""Characters of an error text that are kept; the body has the rest."""

TOKEN_NAMES = (
    "access_token",
    "access_code",
    "accessToken",
    "AccessToken",
    "token",
    "Token",
    "bearer",
    "id_token",
    "jwt",
)
"""Names under which servers have sent the token; protocol.md documents the misprint `access_code`."""


Field = tuple[str, str | SecretView]
"""A name and its value: a text, or the secret that the engine puts there."""


def token_fields(
    dialect: Dialect,
    *,
    client_id: str,
    client_secret: str | SecretView | None,
    redirect_uri: str,
    code: str | SecretView,
    userid: str | None = None,
    verifier: str | SecretView | None = None,
    extra: Params | None = None,
) -> tuple[Field, ...]:
    """The fields of the token request in the order of protocol.md; those that are None are left out, `extra` comes last."""
    in_body = dialect.client_auth == "body"
    pairs: list[tuple[str, str | SecretView | None]] = [
        ("grant_type", dialect.grant_type),
        ("client_id", client_id if in_body else None),
        ("client_secret", client_secret if in_body else None),
        ("redirect_uri", redirect_uri),
        ("code", code),
        (dialect.users or "userid", userid),
        ("code_verifier", verifier),
    ]
    return (*((name, value) for name, value in pairs if value is not None), *(extra or Params()))


def with_references(fields: Iterable[Field]) -> Params:
    """The fields as texts, each secret as its reference."""
    return Params(tuple((n, v.reference if isinstance(v, SecretView) else v) for n, v in fields))


def encode_fields(fields: Params, encoding: Encoding) -> tuple[str, bytes]:
    """The content type and the body. A field that is given twice is sent twice, in JSON, too: what was asked for is sent."""
    if encoding == "json":
        members = (f"{json.dumps(n, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for n, v in fields)
        return "application/json", f"{{{', '.join(members)}}}".encode("utf-8", "replace")
    return "application/x-www-form-urlencoded", fields.encode().encode()


def basic_credentials(client_id: str, client_secret: str) -> str:
    """The value of `Authorization` for HTTP Basic. RFC 6749 §2.3.1 has both parts form-encoded first; Authlib does not do that."""
    pair = ":".join(quote(part, safe="", errors="replace") for part in (client_id, client_secret))
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """value: the access token, or the reference that stands for it; field: the name that it came under; expiry: None when the
    response says nothing; others: names of all further members."""

    value: str
    field: str
    expiry: Expiry | None = None
    token_type: str | None = None
    scope: str | None = None
    others: tuple[str, ...] = ()


ErrorForm = Literal["text", "problem", "oauth", "json", "html", "empty", "not-recorded", "other"]


@dataclass(frozen=True, slots=True)
class ServerError:
    """A refusal in the server's own words. form: how it was written ("problem" is RFC 9457); code: its machine-readable part,
    such as `Invalid Code` (text), `invalid_grant` (RFC 6749 §5.2) or a problem's title; trace_id: its W3C trace context."""

    form: ErrorForm
    code: str = ""
    description: str = ""
    trace_id: str | None = None


AnswerKind = Literal["token", "unusable", "refused", "redirect", "renamed", "not-a-token", "not-recorded"]


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What the token endpoint answered.

    kind: "token" · "unusable" (a token that no header can carry) · "refused" (an HTTP error, or an error inside a 200) ·
    "redirect" (3xx) · "renamed" (a token under another name than the dialect's, in `other_name`) · "not-a-token" (a 200
    without one) · "not-recorded" (another program's file does not hold the answer, or not its body).
    oddities: as in `JsonReading`; characters: those of an unusable token.
    """

    kind: AnswerKind
    status: int
    token: IssuedToken | None = None
    error: ServerError | None = None
    other_name: str | None = None
    location: str | None = None
    oddities: tuple[tuple[str, str], ...] = ()
    characters: Characters = "plain"

    def without_token(self, characters: Characters) -> TokenAnswer:
        """The same answer without its token, which no header can carry because of these characters (RFC 6750 §2.1)."""
        return replace(self, kind="unusable", token=None, characters=characters)


def read_token_answer(response: HttpResponse, dialect: Dialect, received: float) -> TokenAnswer:
    """Read any response of the token endpoint. received: the local time in epoch seconds, from which a lifetime counts. Total."""
    status = response.status
    if response.body.cut == "not-recorded" and status < 300:
        return TokenAnswer("not-recorded", status)
    if 300 <= status < 400:
        return TokenAnswer("redirect", status, location=header(response.headers, "location"))
    reading = read_json(response.body.data)
    oddities = tuple(reading.oddities)
    if not 200 <= status < 300:
        return TokenAnswer("refused", status, error=read_error(response), oddities=oddities)
    if dialect.token == WHOLE_BODY and (bare := bare_token(response, reading)):
        return TokenAnswer("token", status, token=IssuedToken(bare, WHOLE_BODY), oddities=oddities)
    if not isinstance(reading.value, dict):
        return TokenAnswer("not-a-token", status, error=read_error(response), oddities=oddities)
    members: dict[str, Any] = reading.value
    around, name = _holder(members, dialect.token)
    value = around.get(name)
    if _is_text(value) and not members.get("error"):
        return TokenAnswer("token", status, token=_issued(around, value, dialect, received), oddities=oddities)
    if "error" in members:
        return TokenAnswer("refused", status, error=read_error(response), oddities=oddities)
    other = next((n for n in TOKEN_NAMES if n != dialect.token and _is_text(members.get(n))), None)
    kind: AnswerKind = "renamed" if other else "not-a-token"
    return TokenAnswer(kind, status, error=read_error(response), other_name=other, oddities=oddities)


def bare_token(response: HttpResponse, reading: JsonReading) -> str | None:
    """The whole body when it looks like a token, with or without JSON's quotes; else None."""
    text = reading.value if isinstance(reading.value, str) else decoded(response.body.data).strip()
    return text if _BARE.fullmatch(text) or REFERENCE.fullmatch(text) else None


_BARE = re.compile(r"(?=.*[0-9])[A-Za-z0-9._~+/=-]{20,8000}")
"""The b64token of RFC 6750 §2.1, too long for a word, with a digit in it."""


def _holder(members: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The object that holds the last name of a path such as `data.access_token`, and that name. A member whose own name is
    the whole path comes first."""
    around, *rest = members, *([path] if path in members else path.split("."))
    for name in rest[:-1]:
        inner = around.get(name)
        around = inner if isinstance(inner, dict) else {}
    return around, rest[-1]


def _issued(members: dict[str, Any], value: str, dialect: Dialect, received: float) -> IssuedToken:
    expiry: Expiry | None = None
    if dialect.expiration in members and dialect.expiration != "expires_in":
        expiry = read_expiration(members[dialect.expiration], received)
    elif "expires_in" in members:
        expiry = read_lifetime(members["expires_in"], received)
    known = {dialect.token.rpartition(".")[2], dialect.expiration, "expires_in", "token_type", "scope"}
    return IssuedToken(
        value=value,
        field=dialect.token,
        expiry=expiry,
        token_type=_text(members.get("token_type")),
        scope=_text(members.get("scope")),
        others=tuple(name for name in members if name not in known),
    )


def read_error(response: HttpResponse) -> ServerError:
    """The refusal in a response. JSON is tried first whatever the content type says, because that is often wrong (threats.md C4)."""
    media = (header(response.headers, "content-type") or "").partition(";")[0].strip().lower()
    data = response.body.data
    if not data.strip():
        return ServerError("not-recorded" if response.body.cut == "not-recorded" else "empty")
    value = read_json(data).value
    if isinstance(value, dict):
        return _json_error(value, media)
    text = decoded(data).removeprefix("\ufeff").strip()[:MAX_WORDS]
    if media == "text/html" or text[:200].lstrip().lower().startswith(("<!doctype", "<html")):
        return ServerError("html", description=text)
    if b"\0" in data or media.startswith(("image/", "audio/", "video/", "font/")):
        return ServerError("other", description=text)
    return ServerError("text", code=text)


def _json_error(value: dict[str, Any], media: str) -> ServerError:
    trace = (_text(value.get("traceId")) or "")[:MAX_WORDS] or None
    if "error" in value:
        error = value["error"]
        code = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)
        return ServerError("oauth", code[:MAX_WORDS], (_text(value.get("error_description")) or "")[:MAX_WORDS], trace)
    if media == "application/problem+json" or {"title", "status"} <= value.keys():
        words = _text(value.get("detail")) or ""
        return ServerError("problem", (_text(value.get("title")) or "")[:MAX_WORDS], words[:MAX_WORDS], trace)
    return ServerError("json", description=json.dumps(value, ensure_ascii=False)[:MAX_WORDS], trace_id=trace)


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value != ""


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
