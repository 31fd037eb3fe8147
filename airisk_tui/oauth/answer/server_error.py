"""A refusal in the server's own words, in any format: RFC 6749 §5.2, RFC 9457, other JSON, a form, text, a page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Literal

from msgspec import Struct

from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import media_type
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.lenient_json import is_number, read_json, text_or_json
from airisk_tui.oauth.text.members import every_member, plain_name
from airisk_tui.oauth.text.visible import decoded

MAX_WORDS = 2_000
"""Characters of an error text that are kept; the recorded body has the rest."""

ErrorForm = Literal["text", "problem", "oauth", "json", "html", "empty", "not-recorded", "other"]

CODES = ("error", "error_code", "error_id", "errorCode", "errcode", "code")
DESCRIPTIONS = (
    *("error_description", "errorDescription", "error_message", "errorMessage", "errorSummary"),
    *("errmsg", "message", "msg", "user_message", "detail", "details", "reason", "title", "description"),
)
"""Names of the members in which servers write the code and the description of a refusal."""


WRAPPERS = ("data", "result", "response", "meta", "_embedded")
"""Names of the members in which servers wrap an answer or a refusal."""


OAUTH_CODES = pattern(
    r"invalid_(?:request|client|grant|scope|token|target)|unauthorized_client|unsupported_(?:grant|response)_type|access_denied"
    r"|server_error|temporarily_unavailable|(?:interaction|login|consent|account_selection)_required|insufficient_scope"
    r"|authorization_pending|slow_down|expired_token"
)
"""The error codes of OAuth and its extensions."""


def spelled(code: str) -> str:
    """A server's own error code followed by its separate words, for "CODE_ALREADY_USED" or "InvalidClientId". A code of OAuth, or any
    other text, stays as it is."""
    if not _COMPOUND.fullmatch(code) or OAUTH_CODES.fullmatch(code.lower()):
        return code
    return f"{code} {_JOINT.sub(' ', code)}"


def is_own_code(code: str) -> bool:
    """Whether a code has several words and is none of OAuth: it says more than that the request was refused."""
    return bool(_COMPOUND.fullmatch(code)) and not OAUTH_CODES.fullmatch(code.lower())


_COMPOUND = pattern(r"[A-Za-z]{2,}(?:[_-][A-Za-z]{2,})+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+")
_JOINT = pattern(r"[_-]|(?<=[a-z])(?=[A-Z])")


class ServerError(Struct, frozen=True):
    """A refusal in the server's own words. form: how it was written ("problem" is RFC 9457, "oauth" has a member `error`, "json" has
    none); code: its machine-readable part, such as `Invalid Code` (text), `invalid_grant` (RFC 6749 §5.2) or a problem's title;
    trace_id: its W3C trace context."""

    form: ErrorForm
    code: str = ""
    description: str = ""
    trace_id: str | None = None


def read_error(response: HttpResponse) -> ServerError:
    """The refusal in a response. JSON is tried first, because the declared content type is often wrong (threats.md C4)."""
    error = _read(response)
    trace = None if error.trace_id is None else error.trace_id[:MAX_WORDS] or None
    return ServerError(error.form, error.code[:MAX_WORDS], error.description[:MAX_WORDS], trace)


def _read(response: HttpResponse) -> ServerError:
    media = media_type(response)
    data = response.body.data
    if not data.strip():
        return ServerError("not-recorded" if response.body.cut == "not-recorded" else "empty")
    value = read_json(data).value
    if isinstance(value, dict):
        return _json_error(value, media)
    text = value if isinstance(value, str) else decoded(data).removeprefix("\ufeff")
    text = text.strip()[:MAX_WORDS]
    if media == "text/html" or text[:200].lstrip().lower().startswith(("<!doctype", "<html")):
        return ServerError("html", description=text)
    if b"\0" in data or media.startswith(("image/", "audio/", "video/", "font/")):
        return ServerError("other", description=text)
    form = form_error(text) or lines_error(text)
    if form is not None:
        return _oauth(form, form["error"])
    return ServerError("text", code=(text.startswith("<") and visible_words(text)) or text)


def form_error(text: str) -> dict[str, Any] | None:
    """The fields of a refusal that is written as a form, as in early drafts of OAuth; None if the text is not one."""
    if not _FORM.fullmatch(text):
        return None
    fields = dict(Params.parse(text))
    return fields if fields.get("error") else None


def lines_error(text: str) -> dict[str, Any] | None:
    """The fields of a refusal in lines of `name:value`, of which the first is `error`, as OpenIddict writes it; None if the text is
    not one."""
    fields: dict[str, Any] = {found[1]: found[2].strip() for found in _LINE.finditer(text)}
    return fields if text.startswith("error:") and re.fullmatch(r"\w+", fields["error"]) else None


_FORM = pattern(r"[\w.-]{1,60}=[^\s<>{}]*")
_LINE = pattern(r"^(\w{1,60}):[ \t]*([^\r\n]*)", re.MULTILINE)


def refuses(members: dict[str, Any]) -> bool:
    """Whether the members of an answer mean a refusal, whatever its status is."""
    if members.get("error") or members.get("errors"):
        return True
    told = {name.lower().replace("_", ""): value for name, value in members.items()}
    if any(told.get(name) not in (None, "", 0, "0") for name in ("errorcode", "errcode", "errordescription")):
        return True
    if any(refuses(inner) for name in WRAPPERS if isinstance(inner := members.get(name), dict)):
        return True
    if not _first(members, DESCRIPTIONS):
        return False
    if any(told.get(name) is False for name in ("success", "ok", "succeeded", "issuccess")):
        return True
    return any(_says_failure(told.get(name)) for name in ("status", "result", "code", "statuscode", "state", "type"))


def explains_missing_token(document: Any) -> bool:
    """Whether an answer whose token is null or empty gives a reason, and not only the words of a success."""
    words = _first(document, DESCRIPTIONS) if isinstance(document, dict) else ""
    return words != "" and _SUCCESS.search(words.lower()) is None


_SUCCESS = pattern(r"\bsucce|^ok(?:ay)?\b|^done\b")


def _says_failure(value: Any) -> bool:
    if is_number(value):
        return value >= 400
    return isinstance(value, str) and _FAILURE.fullmatch(value.strip().lower()) is not None


_FAILURE = pattern(r"error|fail(ed|ure)?|ko|denied|unauthori[sz]ed|forbidden|invalid|[45]\d\d|bad[ _]?request")


def _json_error(value: dict[str, Any], media: str) -> ServerError:
    trace = text_or_json(value.get("traceId"))
    if (
        isinstance(value.get("error"), str)
        and _PHRASE.fullmatch(value["error"].strip().lower())
        and "error_description" not in value
    ):
        words = _first(value, DESCRIPTIONS) or _of_several(value.get("message"))
        return ServerError("json", value["error"], words, trace)
    if value.get("error") or "error_description" in value or ("error" in value and not refuses(value)):
        return _oauth(value, value.get("error"), trace)
    if media == "application/problem+json" or {"title", "status"} <= value.keys():
        words = _joined(text_or_json(value.get("detail")) or "", _of_several(value.get("errors")))
        return ServerError("problem", text_or_json(value.get("title")) or "", words, trace)
    inner = next((inner for name in WRAPPERS if isinstance(inner := value.get(name), dict) and refuses(inner)), None)
    if inner is not None:
        return _json_error(inner, media)
    code = _code(value)
    words = _first(value, DESCRIPTIONS) or _of_several(value.get("detail"))
    words = _joined(words, _of_several(value.get("errors")))
    if words:
        return ServerError("json", code, words, trace)
    code, words = _anywhere(value, CODES, code), _anywhere(value, (*DESCRIPTIONS, "faultstring", "error"))
    if words:
        return ServerError("json", code if code != words else "", _described(value, words), trace)
    return ServerError("json", description=json.dumps(value, ensure_ascii=False), trace_id=trace)


_PHRASE = pattern(
    r"(?:http )?(?:error )?(?:\d{3} )?(?:bad request|unauthori[sz]ed|forbidden|not found|method not allowed|not acceptable|conflict|gone"
    r"|unsupported media type|unprocessable (?:entity|content)|too many requests|internal server error|bad gateway|service unavailable"
    r"|gateway timeout)"
)
"""The reason phrase of a status (RFC 9110 §15). Spring Boot and others write it as `error`, where it is no code of OAuth."""


def _oauth(value: dict[str, Any], error: Any, trace: str | None = None) -> ServerError:
    """error: the value of the member `error`; if it is an object, it holds the code and the description."""
    words = _described(value, _first(value, DESCRIPTIONS))
    words = words or (_anywhere(value, ("messages",)) if isinstance(error, str) else "")
    if isinstance(error, dict) and (inner := _first(error, DESCRIPTIONS)):
        code = (
            _code(error) or _first(error, ("type", "status")) or _anywhere({"errors": error.get("errors")}, ("reason",))
        )
        return ServerError("oauth", code, inner, trace)
    if error is None:
        return ServerError("oauth", _code(value), words, trace)
    # Some APIs write `"error": true` beside a message, so there is no code.
    code = "" if error is True and words else text_or_json(error) or ""
    return ServerError("oauth", code, words, trace)


def _code(value: dict[str, Any]) -> str:
    """The code, or "" if it is a number that only repeats an HTTP status."""
    for name in CODES:
        code = value.get(name)
        if isinstance(code, str) and code:
            return code
        if isinstance(code, int) and not isinstance(code, bool) and code and not 100 <= code < 600:
            return str(code)
    return ""


def _described(value: dict[str, Any], usual: str) -> str:
    """The usual description with a second one beside it, such as `hint` or `secondary_message`; the first that says something else."""
    known = usual.lower()
    texts = (text for name, text in value.items() if isinstance(text, str) and text and _SECOND.search(name))
    more = (text for text in texts if text.lower() not in known and (not known or known not in text.lower()))
    return _joined(usual, next(more, ""))


_SECOND = pattern(r"(?:hint|message|detail|details|reason)$", re.IGNORECASE)


def _joined(words: str, more: str) -> str:
    """Two texts of an answer, joined by a comma if the first does not end a sentence."""
    between = " " if not words or words.endswith((".", "!", "?", ":", ";")) else ", "
    return f"{words}{between}{more}".strip() if more else words


def _first(value: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if isinstance(text := value.get(name), str) and text), "")


def _of_several(errors: Any) -> str:
    """The first description in a list of errors, with the place that it names (FastAPI's `loc`, or a field), or the first in
    ASP.NET's object of lists by field."""
    if isinstance(errors, dict):
        errors = next(iter(errors.values()), None)
    first = errors[0] if isinstance(errors, list) and errors else None
    if isinstance(first, dict):
        place = first.get("loc")
        where = place[-1] if isinstance(place, list) and place else _first(first, PLACES)
        words = _described(first, _first(first, DESCRIPTIONS)) or _code(first)
        return (f"{where}: " if isinstance(where, str) and where else "") + words if words else ""
    return first if isinstance(first, str) else ""


def _anywhere(value: dict[str, Any], names: tuple[str, ...], known: str = "") -> str:
    """The least deeply nested text under one of the names, in any spelling; `known` if there is none."""
    plain = [plain_name(name) for name in names]
    found = [
        (one.depth, plain.index(plain_name(one.name)), text)
        for one in every_member(value)
        if plain_name(one.name) in plain
        and (text := one.value if isinstance(one.value, str) else names is not CODES and _of_several(one.value))
    ]
    return min(found)[2] if found else known


PLACES = ("field", "param", "parameter", "property", "resource")
"""Names of the members in which an error in a list names the field that it is about."""


def visible_words(page: str) -> str:
    """The text that a person reads on a web page: without tags, scripts and styles, with single spaces. Total."""
    return " ".join(visible_lines(page).split())


def visible_lines(page: str) -> str:
    """The same, a heading, a paragraph or a cell a line: the words of two of them are no sentence."""
    text = _BLOCK.sub("\0", _UNSEEN.sub(" ", page).replace("\0", " "))
    lines = (" ".join(line.split()) for line in unescape(_TAG.sub(" ", text)).split("\0"))
    return "\n".join(filter(None, lines))


_BLOCK = pattern(
    r"</?(?:h[1-6]|p|div|li|td|th|tr|title|dt|dd|section|article|header|footer|main|ul|ol|table|body|form)\b[^<>]*>?",
    re.IGNORECASE,
)
_UNSEEN = pattern(r"<!--.*?-->|<(script|style|head)\b(?!er).*?(</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_TAG = pattern(r"<[^<>]*>?")
