"""Readings of a run that several rules share: preconditions, and what an answer says. Pure and total over every state."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.words.quoting import brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import media_type, page
from airisk_tui.oauth.answer.server_error import ServerError, read_error, visible_words
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.http import Exchange, Headers, HttpResponse, header, headers_named
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.text.characters import UNUSABLE_CODE
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.lenient_json import JsonReading, read_json
from airisk_tui.oauth.text.lenient_json import json_object as read_object
from airisk_tui.oauth.urls import resolve_location, split_url

MAX_WORDS = 240
"""Characters of a server's own words inside a sentence."""


def authorization_unanswered(context: Context) -> bool:
    """Needs: this program's own authorization request was answered, but not by the redirect that it asked for. A redirect that is held
    is not read yet."""
    state = context.state
    return state.authorization is not None and state.answer is None and state.held_redirect is None


def token_refused(context: Context) -> bool:
    """Needs: the token endpoint answered without a token."""
    answer = context.state.token_answer
    return answer is not None and answer.kind not in ("not-recorded", "token")


def token_issued(context: Context) -> bool:
    """Needs: a token was issued."""
    answer = context.state.token_answer
    return answer is not None and answer.token is not None


def started(context: Context) -> bool:
    """Needs: nothing but a run."""
    return True


def quoted_error(error: ServerError | None) -> str:
    """The server's own words, quoted, or a description of their absence."""
    if error is None or error.form == "empty":
        return "nothing"
    if error.form == "not-recorded":
        return "what the file does not hold"
    if error.form == "html":
        return "a web page"
    description = _RFC_SENTENCE.sub("", error.description).strip() or error.description
    both = error.code and description and error.code != description
    said = f"{error.code}: {_OF_THE_LOG.sub('', description)}" if both else error.code or description
    return quoted(said, MAX_WORDS) if said else "nothing that can be read"


_OF_THE_LOG = pattern(r"\s*(?:(?:Trace|Correlation) ID: \S+|Timestamp: \S+(?: \S+Z)?)")
"""Identifiers that Entra writes behind its words."""
_RFC_SENTENCE = pattern(
    r"The request is missing a required parameter, includes an [^.]*otherwise malformed\.?"
    r"|The provided authorization grant \(e\.g\.[^)]*\)[^.]*another client\.?"
    r"|Client authentication failed \(e\.g\.[^)]*\)\.?"
)
"""Sentences of RFC 6749 §4.1.2.1 and §5.2, which list causes: what stands beside one of them says more."""


def quoted_refusal(response: HttpResponse) -> str:
    """The server's words, quoted; of a page those that a person sees."""
    error = read_error(response)
    if error.form != "html":
        return quoted_error(error) if error.form not in ("empty", "not-recorded") else NO_WORDS
    seen = visible_words(error.description)
    return quoted(seen, MAX_WORDS) if seen else NO_WORDS


NO_WORDS = "no words"
"""The words for an answer without any."""

BARE_WORDS = ("“Unauthorized”", "“Forbidden”", "“Bad Request”")
"""Words of a refusal, quoted, that say no more than its status does."""


def without_echo(text: str, sent: Params) -> str:
    """A server's words without the fields of the request, where they repeat it: an echo is no complaint.

    One field with its value may be the complaint itself; several can only be the body that was sent.
    """
    names = "|".join(re.escape(name.lower()) for name, _ in sent)
    pairs = re.compile(rf"""\b({names})["']?\s?(?:=|:\s?["'])[^&\s"']*""") if names else None
    if pairs is None or len({found[1] for found in pairs.finditer(text)}) < ECHOED:
        return text
    return pairs.sub("", text)


ECHOED = 3
"""Fields with their values from which on a body is an echo; a refusal names one, seldom two."""


def asks_to_log_in(response: HttpResponse) -> bool:
    """Whether a page seems to ask for a login."""
    text = page(response)
    return _LOG_IN.search(text) is not None


_LOG_IN = pattern(
    r"""type=["']?password|\b(?:sign|log)[ -]?in\b(?! (?:attempt|session|fail|was|has|is))|\b(?:sign|log)in(?=[/"'?.])"""
)
"""A field for a password, or words that ask for a log-in; others tell of one that was."""


def json_object(response: HttpResponse) -> dict[str, Any] | None:
    """The body as a JSON object, or None."""
    value = json_reading(response.body.data).value
    return value if isinstance(value, dict) else None


def token_json(state: FlowState, part: Literal["header", "payload"] = "payload") -> dict[str, Any]:
    """A JWT's claims or header; {} when the token is opaque or there is none."""
    return read_object(getattr(state.token, part) if state.token else None)


@lru_cache(maxsize=4)
def json_reading(data: bytes) -> JsonReading:
    """`read_json`, cached for all rules: reading a body of 1 MiB takes longer than all rules together. Callers must not change it."""
    return read_json(data)


def shows_nothing(response: HttpResponse) -> bool:
    """Whether an answer of success brings no data: an empty body, an empty list, or an object whose lists are all empty."""
    value = json_reading(response.body.data).value
    lists = [part for part in value.values() if isinstance(part, list)] if isinstance(value, dict) else []
    return not response.body.data.strip() or value in ([], {}) or (bool(lists) and not any(lists))


SHOWS_NOTHING = "It shows this token nothing: the answer is empty, as it may be to any request that it has nothing for."
"""Another cause of an answer that a documented refusal was expected for."""


def summary(response: HttpResponse) -> str:
    """A response in a few words: status, media type, size."""
    kind = header(response.headers, "content-type")
    size = f"{response.body.size:,} bytes" if response.body.size else "no body"
    return f"{response.status}, {brief(kind) if kind else 'no content type'}, {size}"


def retry_after(response: HttpResponse) -> str:
    """When to try again, as the server says in `Retry-After` (RFC 9110 §10.2.3), beside a count of calls or in words, else "a minute"."""
    pause = (header(response.headers, "retry-after") or "").strip()
    begins = (header(response.headers, "x-ratelimit-reset") or "").strip()
    if not pause and header(response.headers, "x-ratelimit-remaining") == "0" and _A_DATE.fullmatch(begins):
        return f"until {utc_text(float(begins))}"
    if not pause and (told := _PAUSE.search(page(response))):
        return told[1] or f"{told[2]} seconds"
    if pause.isdecimal():
        return f"{pause[:6]} seconds"
    return f"until {brief(pause)}" if pause else "a minute"


_A_DATE = pattern(r"1[0-9]{9}")
"""Seconds since 1970; others count from the answer on."""
_PAUSE = pattern(
    r"\b(?:in|after|for|another|wait) (\d{1,5} (?:second|minute|hour)s?)\b"
    r"|\b(?:retry_?after|wait(?:_?seconds)?|retry_?in)[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b"
)


def trace(error: ServerError | None) -> str:
    """The end of a sentence that passes the trace id on, or ""."""
    return f" (traceId {brief(error.trace_id)})" if error is not None and error.trace_id else ""


def speaks_airisk(context: Context) -> bool:
    """Whether the server may be an AIRisk deployment: the dialect is AIRisk's, and an answer bears a sign of ASP.NET behind Azure
    App Service (protocol.md, the actors), or the code came from AIRisk's own path. A value of AIRisk's is proposed to no other
    server."""
    dialect = context.inputs.dialect
    own_paths = (dialect.authorize_path, dialect.token_path) == (AIRISK.authorize_path, AIRISK.token_path)
    if own_paths and context.state.code is not None:
        return True
    exchanges = (context.state.authorization, context.state.token_exchange)
    shown = any(signed(exchange.response) for exchange in exchanges if exchange is not None)
    return context.inputs.dialect.name == "airisk" and shown


def signed(response: HttpResponse) -> bool:
    """Whether an answer bears a sign of ASP.NET behind Azure App Service, or is a problem document (protocol.md, the actors)."""
    server = (header(response.headers, "server") or "").lower()
    by_header = "kestrel" in server or "iis" in server or header(response.headers, "request-context") is not None
    return by_header or affinity(response.headers) is not None or media_type(response) == "application/problem+json"


def affinity(headers: Headers) -> str | None:
    """The load balancer's cookie, which names the instance that answered (protocol.md, "The actors"), or None."""
    for cookie in headers_named(headers, "set-cookie"):
        name, _, rest = cookie.partition("=")
        if name.strip().lower() == "arraffinity":
            return rest.partition(";")[0].strip()
    return None


def two_instances(state: FlowState) -> tuple[str, str] | None:
    """The instances that answered the two requests, where they are known and not the same."""
    if state.authorization is None or state.token_exchange is None:
        return None
    first = affinity(state.authorization.response.headers)
    second = affinity(state.token_exchange.response.headers)
    return (first, second) if first and second and first != second else None


def code_of(state: FlowState) -> str | None:
    """The code's fingerprint, or None when no code came, or it stands in clear, or a mark stands in its place."""
    code = state.code
    return code.fingerprint if code and code.fingerprint and code.characters != "redacted" else None


def reached_code(state: FlowState) -> bool:
    """Whether step 1 of a run brought a usable code."""
    code, came = state.code, state.answer
    usable = code is not None and code.characters not in UNUSABLE_CODE
    return usable and came is not None and came.redirect.kind == "code"


def sealed_cookie(value: str) -> str:
    """A cookie's value as it may be shown: the fingerprint of a sealed one."""
    found = REFERENCE.fullmatch(value)
    return found[1] if found else value


def moved_to(exchange: Exchange) -> str | None:
    """The `Location` of a redirect, absolute, or None."""
    location = header(exchange.response.headers, "location")
    if location is None or not exchange.response.redirects:
        return None
    return resolve_location(location, exchange.request.url)


def base_without(url: str, path: str) -> str | None:
    """The base URL below which `path` gives this URL, or None when it does not end in that path."""
    before = url.partition("#")[0].partition("?")[0]
    return before[: -len(path)] if path and before.endswith(path) and "://" in before[: -len(path)] else None


def base_of(url: str) -> str:
    """Scheme and authority of a URL."""
    parts = split_url(url)
    return f"{parts.scheme}://{parts.netloc}" if parts and parts.netloc else url


def of_the_inside(host: str) -> bool:
    """Whether a host means something inside a network or among containers only."""
    return _INSIDE.search(host) is not None


_INSIDE = pattern(
    r"^(?:0\.0\.0\.0|::|10\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|192\.168\.[\d.]+|(?!localhost$)[\w-]+)$"
    r"|\.(?:internal|local|svc|cluster|docker|lan|intern|corp)$|\.svc\."
)


def has_public_name(host: str) -> bool:
    """Whether a host is a name that the public DNS may know, and no address."""
    return "." in host and not host.rpartition(".")[2].isdecimal() and ":" not in host and not of_the_inside(host)


def seconds(span: float) -> str:
    """A span of time in words: "0.4 seconds", "5 minutes 12 seconds"."""
    if span < 0:
        span = -span
    if span < 0.05:
        return "less than 0.1 seconds"
    if span < 10:
        return f"{span:.1f} seconds"
    minutes, rest = divmod(round(span), 60)
    if minutes >= 120:
        return f"{minutes // 60:,} hours" if minutes < 2880 else f"{minutes // 1440:,} days"
    if not minutes:
        return f"{rest} seconds"
    name = "minute" if minutes == 1 else "minutes"
    return f"{minutes} {name}" + (f" {rest} seconds" if rest else "")
