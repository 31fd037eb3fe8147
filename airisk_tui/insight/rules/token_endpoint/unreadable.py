"""The token endpoint reported success, but its body is not the JSON object that holds a token (RFC 6749 §5.1)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Rerun, SetField, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import json_reading, token_refused
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import header
from airisk_tui.oauth.pages import is_web_page, media_type, page
from airisk_tui.oauth.token import bare_token

rules = RuleSet("Unread token response", token_refused, "token")

_BODY = Pointer("token-request", "body")


def _no_object(context: Context) -> bool:
    """Whether the answer is a success with a body that is not a JSON object."""
    data = exchange(context).response.body.data
    return 200 <= answer(context).status < 300 and bool(data.strip()) and not isinstance(json_reading(data).value, dict)


@rules.add(
    "token-body-encoded",
    title="The token response is compressed, and cannot be read: {coding}.",
    cause="{why}",
    fix=(
        RERUN,
        *provided("if it stays", Ask("have the administrator switch that compression off for the token endpoint")),
    ),
    reference="RFC 9110 §8.4, §12.5.3; threats.md C2",
    unless="the body could be read, or the file that was read did not record it",
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
    "token-body-cut",
    title="The token response ended after {size} bytes, before it was complete.",
    cause="{why}",
    fix=(
        Rerun(words=" to get a new code"),
        *provided("if it breaks off each time", Ask("give this exchange to the administrator")),
    ),
    reference="RFC 9112 §8; threats.md C2",
    unless="the body was whole, or the file that was read did not record it",
)
def token_body_cut(context: Context) -> Match | None:
    body = exchange(context).response.body
    reasons = {
        "size": "The body is larger than this program reads; no token response is.",
        "deadline": "The server sent it so slowly that the time for one exchange ran out.",
        "connection": "The server, or something in between, closed the connection.",
        "encoding": "The body is not compressed in the way that its header declares.",
    }
    if body.cut in (None, "not-recorded"):
        return None
    evidence = Evidence("Why it is cut", body.cut if body.cut in reasons else quoted(body.cut), _BODY)
    return matched(
        context, evidence, size=f"{body.size:,}", why=reasons.get(body.cut, "The connection did not carry the rest.")
    )


@rules.add(
    "token-bare",
    title="The token endpoint answered {status} with a bare text that looks like a token, and no JSON object around it.",
    cause="This deployment writes the token as the whole body.",
    fix=(SetField("dialect.token", WHOLE_BODY), RERUN),
    reference="RFC 6749 §5.1",
    unless="the body were JSON, a web page, or several words",
)
def token_bare(context: Context) -> Match | None:
    response = exchange(context).response
    if not _no_object(context) or bare_token(response, json_reading(response.body.data)) is None:
        return None
    return matched(context)


@rules.add(
    "token-other-format",
    title="The token endpoint answered {status} with {name} in a format that is not JSON ({kind}).",
    cause="The server ignores that the request asks for JSON (Accept: application/json).",
    fix=(Change("server", "have the token endpoint answer in JSON: no setting here changes its format"),),
    reference="RFC 6749 §5.1",
    unless="the body were JSON or a web page, or did not name the token",
)
def token_other_format(context: Context) -> Match | None:
    response, name = exchange(context).response, context.inputs.dialect.token
    if answer(context).kind == "refused":
        return None
    written = re.search(rf"<{re.escape(name.lower())}>|\b{re.escape(name.lower())}=", page(response))
    if not _no_object(context) or written is None or is_web_page(response):
        return None
    return matched(context, name=quoted(name), kind=quoted(media_type(response) or "no content type", 60))


@rules.add(
    "token-in-text",
    title="The token endpoint answered {status} with JSON inside a text: the document was written as JSON twice{where}.",
    cause="The server, or a gateway that passes its answer on, encodes the finished JSON once more as a text; the token stands "
    "inside it as {path}.",
    fix=(
        Change("server", "have the server write its JSON once, as an object: no setting here reads JSON inside a text"),
    ),
    reference="RFC 6749 §5.1; RFC 8259 §7",
    unless="the token stood at the top of the document",
)
def token_in_text(context: Context) -> Match | None:
    suspect = answer(context).suspect
    if suspect is None or suspect.within is None:
        return None
    where = f", in the member {quoted(suspect.within, 60)}" if suspect.within else ""
    evidence = Evidence("The token", f"{quoted(suspect.path)}, inside the text", _BODY)
    return matched(context, evidence, where=where, path=quoted(suspect.path))


@rules.add(
    "token-not-an-object",
    title="The token endpoint answered {status} with JSON that is {what}, and no object.",
    cause="{why}",
    fix=(
        Ask(
            "give this exchange to the administrator: a token response is one JSON object, and no setting here reads {what}"
        ),
    ),
    reference="RFC 6749 §5.1",
    unless="the body were a JSON object, or no JSON at all",
)
def token_not_an_object(context: Context) -> Match | None:
    reading = json_reading(exchange(context).response.body.data)
    if not _no_object(context) or reading.error is not None:
        return None
    value = reading.value
    why = "The server has nothing to answer with and does not say why."
    suspect = answer(context).suspect
    if suspect is not None:
        why = f"The server wraps its answer in a list: {quoted(suspect.name)} stands in an object inside."
        match = matched(context, what="a list", why=why, path=quoted(suspect.path))
        return replace(match, fix=(SetField("dialect.token", "{path}"), RERUN))
    if isinstance(value, list):
        why = "The server answers with something other than a token."
    elif value is not None:
        why = "The server answers with a value of its own, which has no member that could be the token."
    kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return matched(context, what=kinds.get(type(value), "a number"), why=why)


@rules.add(
    "token-too-large",
    title="The token endpoint answered {status} with {size} bytes, {what} than any token response, so this program did not read them.",
    cause="Something else than a token endpoint answers, or the server writes far more into its answer than the token.",
    fix=(
        Ask("give this exchange to the administrator"),
        *otherwise(SetField("base_url", words="the address of the API"), when="if it leads to another service"),
    ),
    reference="RFC 6749 §5.1; threats.md C2",
    unless="the body were within the limits of size and depth",
    certainty="likely",
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
    "token-not-json",
    title="The token endpoint answered {status} with something that cannot be read as JSON ({kind}).",
    cause="The answer is not that of a token endpoint: the base URL, or a gateway, leads elsewhere.",
    fix=(
        Do("open {base_url} in a browser to see what answers there"),
        SetField("base_url", words="the address of the API"),
    ),
    reference="RFC 6749 §5.1",
    unless="the body began as JSON does: then the server wrote it wrongly, which is said",
    certainty="likely",
)
def token_not_json(context: Context) -> Match | None:
    if not _no_object(context) or answer(context).kind == "refused":
        return None
    response = exchange(context).response
    kind = media_type(response)
    reading = json_reading(response.body.data)
    evidence = Evidence("Reading it as JSON", quoted(reading.error or "It is JSON, and no object."), _BODY)
    match = matched(context, evidence, kind=quoted(kind or "no content type", 60))
    if "json" not in kind and not page(response).startswith(("{", "[")):
        return match
    again = (RERUN, *provided("if it stays", Ask("give this exchange to the administrator")))
    return replace(match, cause="The server wrote broken JSON.", fix=again, certainty="proven")
