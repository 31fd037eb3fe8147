"""The token endpoint answered with success, and its body is not the JSON object that holds a token (RFC 6749 §5.1)."""

from __future__ import annotations

import re

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import is_web_page, json_reading, media_type, page, setting, token_refused
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import header
from airisk_tui.oauth.token import bare_token

rules = RuleSet("Unread token response", token_refused)

_BODY = Pointer("token-request", "body")


def _no_object(context: Context) -> bool:
    """Whether the answer is a success whose body is something, and no JSON object."""
    data = exchange(context).response.body.data
    return 200 <= answer(context).status < 300 and bool(data.strip()) and not isinstance(json_reading(data).value, dict)


@rules.add(
    Entry(
        code="token-body-encoded",
        question="token",
        title="The token response is compressed, and cannot be read: {coding}.",
        cause="{why}",
        fix="Run again; if it stays, have the administrator switch that compression off for the token endpoint.",
        reference="RFC 9110 §8.4, §12.5.3; threats.md C2",
    )
)
def token_body_encoded(context: Context) -> Match | None:
    response = exchange(context).response
    if response.body.cut is None and response.body.data.startswith(GZIP):
        why = "The server, or a proxy in front of it, compresses the body and does not say so (no Content-Encoding)."
        return matched(context, coding="it begins as gzip does", why=why)
    coding = (header(response.headers, "content-encoding") or "").strip().lower()
    if response.body.cut != "encoding" or coding in ("", "gzip", "x-gzip", "deflate"):
        return None
    why = "The server, or a proxy in front of it, uses a compression that the request did not offer (Accept-Encoding)."
    place = Pointer("token-request", "header", "Content-Encoding")
    return matched(
        context, Evidence("Content-Encoding", quoted(coding, 40), place), coding=f"as {quoted(coding, 40)}", why=why
    )


GZIP = b"\x1f\x8b"
"""How every gzip stream begins (RFC 1952 §2.3.1)."""


@rules.add(
    Entry(
        code="token-body-cut",
        question="token",
        title="The token response broke off after {size} bytes, before it was whole.",
        cause="{why}",
        fix="Run again: a new code is needed. If it breaks off each time, give this exchange to the administrator.",
        reference="RFC 9112 §8; threats.md C2",
    )
)
def token_body_cut(context: Context) -> Match | None:
    body = exchange(context).response.body
    reasons = {
        "size": "The body is larger than this program reads; no token response is.",
        "deadline": "The server sent it so slowly that the time for one exchange ran out.",
        "connection": "The server, or something in between, closed the connection.",
        "encoding": "The body is compressed in a way that it does not keep to.",
    }
    if body.cut is None:
        return None
    evidence = Evidence("Why it is cut", body.cut if body.cut in reasons else quoted(body.cut), _BODY)
    return matched(
        context, evidence, size=f"{body.size:,}", why=reasons.get(body.cut, "The connection did not carry the rest.")
    )


@rules.add(
    Entry(
        code="token-bare",
        question="token",
        title="The token endpoint answered {status} with a text alone that looks like a token, and no JSON object around it.",
        cause="This deployment writes the token as the whole body.",
        fix="To read it, {setting}, and run again.",
        reference="RFC 6749 §5.1",
    )
)
def token_bare(context: Context) -> Match | None:
    response = exchange(context).response
    if not _no_object(context) or bare_token(response, json_reading(response.body.data)) is None:
        return None
    return matched(context, setting=setting("token", WHOLE_BODY))


@rules.add(
    Entry(
        code="token-other-format",
        question="token",
        title="The token endpoint answered {status} with {name} in a format that is not JSON ({kind}).",
        cause="The server does not honour that JSON was asked for (Accept: application/json).",
        fix="Have the token endpoint answer in JSON; nothing on this side can change its format.",
        reference="RFC 6749 §5.1",
    )
)
def token_other_format(context: Context) -> Match | None:
    response, name = exchange(context).response, context.inputs.dialect.token
    written = re.search(rf"<{re.escape(name.lower())}>|\b{re.escape(name.lower())}=", page(response))
    if not _no_object(context) or written is None or is_web_page(response):
        return None
    return matched(context, name=quoted(name), kind=quoted(media_type(response) or "no content type", 60))


@rules.add(
    Entry(
        code="token-not-an-object",
        question="token",
        title="The token endpoint answered {status} with JSON that is {what}, and no object.",
        cause="{why}",
        fix="Give this exchange to the administrator: a token response is one JSON object; no setting here reads {what}.",
        reference="RFC 6749 §5.1",
    )
)
def token_not_an_object(context: Context) -> Match | None:
    reading = json_reading(exchange(context).response.body.data)
    if not _no_object(context) or reading.error is not None:
        return None
    value, name = reading.value, context.inputs.dialect.token
    why = "The server has nothing to answer with and does not say why."
    if isinstance(value, list):
        inside = any(isinstance(item, dict) and name in item for item in value)
        why = "The server answers with something else than a token, or wraps it in a list."
        why = f"The server wraps its answer in a list: {quoted(name)} stands in an object inside." if inside else why
    elif value is not None:
        why = "The server answers with a value of its own; it has no member that could be the token."
    kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return matched(context, what=kinds.get(type(value), "a number"), why=why)


@rules.add(
    Entry(
        code="token-too-large",
        question="token",
        title="The token endpoint answered {status} with {size} bytes, {what} than any token response, so they were not read.",
        cause="Something else than a token endpoint answers, or the server writes far more into its answer than the token.",
        fix="Give this exchange to the administrator; or correct the base URL (--base-url) if it leads to another service.",
        reference="RFC 6749 §5.1; threats.md C2",
    )
)
def token_too_large(context: Context) -> Match | None:
    body = exchange(context).response.body
    found = [oddity for oddity, _ in json_reading(body.data).oddities if oddity in ("too-large", "too-deep")]
    if not _no_object(context) or not found:
        return None
    evidence = Evidence("Reading it as JSON", quoted(json_reading(body.data).error or found[0]), _BODY)
    return matched(
        context, evidence, size=f"{body.size:,}", what="larger" if found[0] == "too-large" else "nested deeper"
    )


@rules.add(
    Entry(
        code="token-not-json",
        question="token",
        title="The token endpoint answered {status} with something that cannot be read as JSON ({kind}).",
        cause="{why}",
        fix="{how}",
        reference="RFC 6749 §5.1",
    )
)
def token_not_json(context: Context) -> Match | None:
    if not _no_object(context):
        return None
    response = exchange(context).response
    kind = media_type(response)
    reading = json_reading(response.body.data)
    evidence = Evidence("Reading it as JSON", quoted(reading.error or "It is JSON, and no object."), _BODY)
    why = "The answer is not that of a token endpoint: the base URL, or a gateway, leads elsewhere."
    how = "Open the base URL in a browser to see what answers there, and correct --base-url."
    if "json" in kind or page(response).startswith(("{", "[")):
        why = "The server wrote broken JSON."
        how = "Run again; if it stays, give this exchange to the administrator."
    return matched(context, evidence, kind=quoted(kind or "no content type", 60), why=why, how=how)
