"""The token endpoint answered without a token: with what is no JSON object, or with one that holds none (RFC 6749 §5.1, §5.2)."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from airisk_tui.insight.advice.imported import WITH_BODIES
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, DropField, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import client_left_open, own_extra, without_lists
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.reasons import says_more, tells_of_a_fault
from airisk_tui.insight.reading.run import (
    BARE_WORDS,
    json_object,
    json_reading,
    quoted_error,
    quoted_refusal,
    token_refused,
)
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.rules.authorization import UNKNOWN_OR_REFUSED, one_of
from airisk_tui.insight.rules.token_endpoint import OTHER_BODY, answer, exchange, matched, refusal, status
from airisk_tui.insight.rules.token_endpoint.code import of_another_token
from airisk_tui.insight.rules.token_endpoint.fields import either_named
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import MAX_PAGE, is_web_page, media_type, page
from airisk_tui.oauth.answer.server_error import is_own_code
from airisk_tui.oauth.answer.token import bare_token
from airisk_tui.oauth.dialect import WHOLE_BODY
from airisk_tui.oauth.http import header
from airisk_tui.oauth.redirect.authorization import NO_CODES
from airisk_tui.oauth.text.visible import decoded

rules = RuleSet("Token response", token_refused, "token")

_BODY = Pointer("token-request", "body")


def _succeeded(context: Context) -> bool:
    return exchange(context).response.succeeded


def _no_object(context: Context) -> bool:
    """Whether the answer is a success with a body that is not a JSON object."""
    data = exchange(context).response.body.data
    return _succeeded(context) and bool(data.strip()) and not isinstance(json_reading(data).value, dict)


@rules.add(
    "token-body-encoded",
    title="The token response is compressed, and cannot be read: {coding}.",
    cause="The server, or a proxy in front of it, uses a compression that the request did not offer (Accept-Encoding).",
    fix=(RERUN, *provided("if it stays", Ask("have the administrator switch that compression off there"))),
    reference="RFC 9110 §8.4, §12.5.3; threats.md C2",
    unless="the body could be read, or the file that was read did not record it",
)
def token_body_encoded(context: Context) -> Match | None:
    response = exchange(context).response
    if response.body.cut is None and response.body.data.startswith(GZIP):
        cause = "The server, or a proxy in front of it, compresses the body and does not say so (no Content-Encoding)."
        return replace(matched(context, coding="it begins as gzip does"), cause=cause)
    coding = (header(response.headers, "content-encoding") or "").strip().lower()
    if response.body.cut != "encoding" or coding in ("", "gzip", "x-gzip", "deflate"):
        return None
    place = Pointer("token-request", "header", "Content-Encoding")
    return matched(context, Evidence("Content-Encoding", brief(coding), place), coding=f"as {brief(coding)}")


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
    why = reasons.get(body.cut, "The connection did not carry the rest.")
    return matched(context, evidence, size=f"{body.size:,}", why=why)


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
    spelled = re.escape(name.lower()).replace("_", "_?")  # <AccessToken>, too, with a namespace or without
    written = re.search(rf"<(?:[\w-]+:)?{spelled}[ >]|\b{spelled}\s*[=:]", page(response))
    if not _no_object(context) or written is None or is_web_page(response) or page(response).startswith(("{", "[")):
        return None
    return matched(context, name=quoted(name), kind=brief(media_type(response) or "no content type"))


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
    where = f", in the member {brief(suspect.within)}" if suspect.within else ""
    evidence = Evidence("The token", f"{quoted(suspect.path)}, inside the text", _BODY)
    return matched(context, evidence, where=where, path=quoted(suspect.path))


@rules.add(
    "token-not-an-object",
    title="The token endpoint answered {status} with JSON that is {what}, and no object.",
    cause="The server has nothing to answer with and does not say why.",
    fix=(Ask("give this exchange to the administrator: no setting here reads {what} in place of a JSON object"),),
    reference="RFC 6749 §5.1",
    unless="the body were a JSON object, or no JSON at all",
)
def token_not_an_object(context: Context) -> Match | None:
    reading = json_reading(exchange(context).response.body.data)
    if not _no_object(context) or reading.error is not None:
        return None
    suspect = answer(context).suspect
    if suspect is not None:
        match = matched(context, what="a list", name=quoted(suspect.name), path=quoted(suspect.path))
        wrapped = "The server wraps its answer in a list: {name} stands in an object inside."
        return replace(match, cause=wrapped, fix=(SetField("dialect.token", "{path}"), RERUN))
    kinds = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    match = matched(context, what=kinds.get(type(reading.value), "a number"))
    if isinstance(reading.value, list):
        return replace(match, cause="The server answers with something other than a token.")
    own = "The server answers with a value of its own, which has no member that could be the token."
    return match if reading.value is None else replace(match, cause=own)


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
    what = "larger" if found[0] == "too-large" else "nested deeper"
    return matched(context, evidence, size=f"{body.size:,}", what=what)


@rules.add(
    "token-not-json",
    title="The token endpoint answered {status} with something that cannot be read as JSON ({kind}{says}).",
    cause="The answer is not that of a token endpoint: the base URL, or a gateway, leads elsewhere.",
    runner_up="The server writes what it has to say as text, a refusal with a status of success, too.",
    fix=(
        Do("open {base_url} in a browser to see what answers there"),
        SetField("base_url", words="the address of the API"),
        *OTHER_BODY,
    ),
    reference="RFC 6749 §5.1",
    unless="the body began as JSON does: then the server wrote it wrongly, which is said",
    certainty="unknown",
)
def token_not_json(context: Context) -> Match | None:
    if not _no_object(context) or answer(context).kind == "refused":
        return None
    response = exchange(context).response
    kind = media_type(response)
    reading = json_reading(response.body.data)
    evidence = Evidence("Reading it as JSON", quoted(reading.error or "It is JSON, and no object."), _BODY)
    says = f": {quoted_refusal(response)}" if says_more(response) else ""
    match = matched(context, evidence, kind=brief(kind or "no content type"), says=says)
    if "json" not in kind and not page(response).startswith(("{", "[")):
        return match
    if (documents := _documents(response.body.data)) > 1:
        return match.with_values(count=str(documents)).because(_SEVERAL, _ONE_OBJECT, "proven")
    again = (RERUN, *provided("if it stays", Ask("give this exchange to the administrator")))
    if context.state.imported is not None:
        cut = "The program that wrote the file cut the body short."
        return replace(match, cause=_BROKEN, runner_up=cut, fix=again, certainty="likely")
    return match.because(_BROKEN, again, "proven")


_BROKEN = "The server wrote broken JSON."


def _documents(data: bytes) -> int:
    """How many JSON objects or lists a body holds, one after the other; 0 where a part of it is none."""
    parts = _BETWEEN.split(decoded(data[:MAX_PAGE]).strip())
    return len(parts) if all(json_reading(part.encode()).error is None for part in parts) else 0


_BETWEEN = pattern(r"(?<=[}\]])[\s\x1e]*(?=[{\[])")
_SEVERAL = "The body holds {count} JSON documents, one after the other (as NDJSON does), where one object belongs."
_ONE_OBJECT: Fix = (Change("server", "have the token endpoint answer with one JSON object, which holds the token"),)


def _members(context: Context) -> dict[str, Any]:
    return json_object(exchange(context).response) or {}


@rules.add(
    "token-renamed",
    title="The token endpoint answered without {name}, but with {suspect}, which looks like a token.",
    cause="This server has its own name for the token; one page of the vendor says access_code.",
    fix=(SetField("dialect.token", "{suspect}"), RERUN),
    reference="RFC 6749 §5.1; protocol.md, step 2",
    unless="the member had its own name, or stood deeper in the document",
    certainty="likely",
)
def token_renamed(context: Context) -> Match | None:
    suspect, name = answer(context).suspect, context.inputs.dialect.token
    if suspect is None or suspect.depth > 1 or suspect.within is not None:
        return None
    evidence = pair("Name of the token", name, suspect.path, Pointer("token-request", "body", suspect.path))
    match = matched(context, evidence, name=quoted(name), suspect=quoted(suspect.path))
    return replace(match, cause=_OF_A_LOGIN, fix=_FOR_ACCESS) if suspect.name == "id_token" else match


_OF_A_LOGIN = "The server issued an ID token, which tells who logged in, and no access token."
_FOR_ACCESS: Fix = (
    Ask("ask the administrator which scope or resource the application has to ask for to get an access token"),
    *provided("if the API takes ID tokens", SetField("dialect.token", "{suspect}"), RERUN),
)


@rules.add(
    "token-empty-body",
    title="The token endpoint answered {status} with an empty body.",
    cause="The server, or a proxy in front of it, dropped the body.",
    runner_up="The server could not read the request in the encoding {encoding}.",
    fix=(
        RERUN,
        *provided("if the answer stays empty", SetField("encoding", "{other}"), RERUN),
        *provided("if that does not help", Ask("give this exchange to the administrator")),
    ),
    reference="RFC 6749 §5.1",
    unless="the body were not recorded, or the status told of a failure",
    certainty="unknown",
)
def token_empty_body(context: Context) -> Match | None:
    body = exchange(context).response.body
    return None if not _succeeded(context) or body.data.strip() or body.cut is not None else matched(context)


@rules.add(
    "error-inside-200",
    title="The token endpoint answered {status}, which means success, with an error inside: {words}.",
    cause="The server refused the request; it reports refusals with a status of success.",
    fix=(
        Do("correct what the error names"),
        Rerun(words=" with a new code"),
        Ask("tell the administrator that a refusal must be a 400"),
    ),
    reference="RFC 6749 §5.2",
    unless="the document held a token, too",
)
def error_inside_200(context: Context) -> Match | None:
    error, name = answer(context).error, context.inputs.dialect.token
    if not _succeeded(context) or answer(context).kind != "refused" or error is None:
        return None
    evidence = Evidence("error", quoted_error(error), Pointer("token-request", "body", "error"))
    match = matched(context, evidence, name=quoted(name))
    if not isinstance(value := _members(context).get(name), str) or not value:
        return match.because(_FAILED, _LATER, "likely") if tells_of_a_fault(refusal(context)) else match
    return replace(match, title=_BOTH, cause=_CONTRADICTS, fix=_TO_ADMINISTRATOR, certainty="likely")


_BOTH = "The token endpoint answered {status} with {name} and with an error, {words}: they contradict each other, so nothing was used."
_CONTRADICTS = "The server is broken, or something on the way added one of the two."


@rules.add(
    "token-wrong-type",
    title="The token endpoint answered with {name}, and its value is {came}, and no token.",
    cause="The server writes {came} where the token belongs.",
    fix=(Ask("give this exchange to the administrator: {name} must be a JSON string that is not empty"),),
    reference="RFC 6749 §5.1",
    unless="the member were a text that is not empty, or the token stood elsewhere in the document",
)
def token_wrong_type(context: Context) -> Match | None:
    name, members = context.inputs.dialect.token, _members(context)
    if not _succeeded(context) or name not in members or answer(context).suspect is not None:
        return None
    kinds = {dict: "an object", list: "a list", bool: "true or false", type(None): "null", str: "an empty text"}
    came = kinds.get(type(members[name]), "a number")
    if str(members[name]).lower() in NO_CODES and isinstance(members[name], str):
        came = f"the word {quoted(members[name])}"
    return matched(context, name=quoted(name), came=came)


@rules.add(
    "token-missing",
    title="The token endpoint answered {status} with JSON that holds no token: its members are {members}.",
    cause="This server has its own name for the token, or answers with something else.",
    fix=(
        *provided("if one of these members is the token", SetField("dialect.token", words=", with that member's name")),
        *OTHER_BODY,
        *provided("otherwise", SetField("base_url", words="the address of the API")),
    ),
    reference="RFC 6749 §5.1",
    unless="a member had the shape of a token: then it is named",
    certainty="unknown",
)
def token_missing(context: Context) -> Match | None:
    members = _members(context)
    if not _succeeded(context) or not isinstance(json_reading(exchange(context).response.body.data).value, dict):
        return None
    match, suspect = matched(context, members=listed(list(members)) or "none"), answer(context).suspect
    if not members:
        return replace(match, fix=(*OTHER_BODY, *otherwise(*_TO_ADMINISTRATOR)))
    if suspect is not None:
        return replace(
            match.with_values(path=quoted(suspect.path), inside=brief(".".join(suspect.names[:-1]))),
            title="The token endpoint answered {status} with the token at another place of its JSON: at {path}.",
            cause="The token stands inside {inside}: this server, or a gateway in front of it, wraps the answer.",
            fix=(SetField("dialect.token", "{path}"), RERUN),
            certainty="proven",
        )
    others = {name: value for name, value in members.items() if name != "refresh_token"}
    texts = [name for name, value in others.items() if isinstance(value, str) and len(value) >= LONG]
    if not texts and members.get("refresh_token"):
        alone = "The server issued a refresh token and no access token."
        return replace(match, cause=alone, fix=_TO_ADMINISTRATOR, certainty="proven")
    if len(texts) != 1:
        return match
    perhaps = provided("if {text} is the token", SetField("dialect.token", "{text}"), RERUN)
    other = provided("otherwise", SetField("base_url", words="the address of the API"))
    return replace(match.with_values(text=brief(texts[0])), fix=(*perhaps, *other))


_TO_ADMINISTRATOR: Fix = (
    Ask("give this exchange to the administrator: an answer must hold an access token or an error"),
)

LONG = 20
"""Characters from which on a text may be a token."""


@rules.add(
    "token-refused",
    title="The token endpoint refused with {status} and said {words}.",
    cause="The server gave no reason beyond these words.",
    fix=(
        Do("correct what these words name"),
        *OTHER_BODY,
        *provided("otherwise", Ask("give this exchange to the administrator{trace}")),
    ),
    reference="RFC 6749 §5.2; protocol.md, step 2",
    unless="the words named a field, the code, the client, a log-in, a policy or what stands in front: all are looked for first",
    certainty="unknown",
)
def token_refused_otherwise(context: Context) -> Match | None:
    error, match = answer(context).error, matched(context)
    if several := either_named(context):
        return one_of(several, match)
    if error is not None and error.form == "not-recorded":
        return replace(match, title=_NOT_IN_FILE, cause=_LEFT_OUT, fix=(WITH_BODIES,))
    said = f"{error.code} {error.description}".lower() if error is not None else ""
    if extra := own_extra(context.inputs.token_params, said):
        return match.with_values(name=extra).because(_OF_AN_EXTRA, _WITHOUT_IT, "likely")
    if (error is not None and error.code.lower() in ("server_error", "temporarily_unavailable")) or tells_of_a_fault(
        said
    ):
        return match.because(_FAILED, _LATER, "likely")
    forbidden, bare = answer(context).status == 403, not says_more(exchange(context).response)
    of_its_own = error is not None and error.form == "oauth" and is_own_code(error.code)
    if of_its_own or not (bare or _OF_THE_BODY.search(said)):
        match = replace(match, fix=_LOOK_UP_THEN_ASK if forbidden else _LOOK_UP)
    elif bare and status(context, 406, 426):
        return _by_status(context, match)
    elif bare:
        match = replace(match, fix=_OTHER_WAYS)
        if not forbidden and error is not None and error.form == "empty":
            return replace(match, cause="The status is all that it says.")
    if forbidden and error is not None and bare:
        silent = error.form in ("empty", "html") or quoted_error(error) in BARE_WORDS
        return match.undecided(*RESTRICTIONS if silent else RESTRICTIONS[1:])
    if meant(_PASSWORD_WANTED, said):
        return replace(match, cause=_OF_ANOTHER_GRANT, fix=_OTHER_ENDPOINT, certainty="likely")
    if "cross-origin" in said:
        return replace(match, cause=_OF_A_PAGE, fix=_AS_A_PROGRAM, certainty="likely")
    if of_another_token(context, said):
        return replace(match, cause=_OF_A_REFRESH, runner_up=_READ_AS_ONE, fix=_TRY_AGAIN)
    return _client_unauthorized(context, match, said) if "unauthorized_client" in said else match


def _by_status(context: Context, match: Match) -> Match:
    """The match of 406 and 426 without words: each names a header in which the reason is looked for (RFC 9110 §15.5.7, §15.5.22)."""
    sent, came = exchange(context).request.headers, exchange(context).response.headers
    name, value = ("Upgrade", header(came, "upgrade")) if status(context, 426) else ("Accept", header(sent, "accept"))
    if value:
        match = match.with_evidence(Evidence(name, quoted(value), Pointer("token-request", "header", name)))
    match = match.with_values(value=f" ({quoted(value)})" if value else "")
    if name == "Upgrade":
        return match.undecided(*_OTHER_PROTOCOL)
    types = {one.partition(";")[0].strip().lower() for one in (value or "*/*").split(",")}
    asks_otherwise = not types & {"application/json", "application/*", "*/*"}
    if asks_otherwise:
        return replace(match, cause=_NOT_THAT_TYPE, runner_up=_FIREWALL.cause, fix=_ASK_FOR_JSON, certainty="likely")
    return match.undecided(_FIREWALL, Possible(_TYPE_UNKNOWN, _LET_JSON))


_OTHER_PROTOCOL = (
    Possible(
        "What answered wants another version of HTTP: a proxy on the way passes the request on in HTTP/1.0.",
        (Ask("have the administrator let each proxy on the way speak HTTP/1.1 (nginx: proxy_http_version){trace}"),),
    ),
    Possible(
        "It wants TLS, or another protocol{value}, at this address.", (SetField("base_url", words="one of https"),)
    ),
)
_NOT_THAT_TYPE = (
    "The request asks by Accept for another type alone{value} than a token endpoint answers with, application/json."
)
_ASK_FOR_JSON: Fix = (Change("client", "send Accept: application/json to the token endpoint"),)
_TYPE_UNKNOWN = "The server has nothing of the type that Accept names{value}."
_LET_JSON: Fix = (Ask("have the administrator let the token endpoint answer with application/json{trace}"),)
_FIREWALL = Possible(
    "A firewall in front of the deployment refused the request: many say so with this status.",
    (Ask("have the administrator look for this request in the log of what stands in front{trace}"),),
)


def _client_unauthorized(context: Context, match: Match, said: str) -> Match:
    """The match for the error code `unauthorized_client`, by the words beside it."""
    if client_left_open(said):
        return match.undecided(*UNKNOWN_OR_REFUSED, Possible(UNAUTHENTICATED))
    public = context.inputs.dialect.client_auth == "none"
    runner_up = _NO_SECRET if public else UNAUTHENTICATED
    if _OF_THE_GRANT.search(without_lists(said.replace("unauthorized_client", ""))):
        return match.because(_MAY_NOT, (_ALLOW_THEM,), "likely")
    if len(said.split()) > 1:
        return replace(match, cause=_NO_GRANT, runner_up=runner_up, fix=_GRANT_OR_SECRET, certainty="likely")
    elsewhere = SetField("dialect.client_auth", "{auth}"), RERUN, *provided("if it says the same", *_SECRET)
    return match.undecided(
        Possible(_NO_GRANT, _ASK_FOR_GRANT),
        Possible(runner_up, _SECRET if public else elsewhere, "if it has"),
        Possible("The redirect URI is not the one that the server compares with."),
    )


_FAILED = "The server could not answer, as its words say, whatever the request held."
_LATER: Fix = (RERUN, *provided("if it stays", Ask("give the time of this run to the administrator{trace}")))
_OF_AN_EXTRA = "Its words blame {name}, which was added to the request."
_WITHOUT_IT: Fix = (
    DropField("token_params.{name}"),
    RERUN,
    *otherwise(SetField("token_params.{name}", words=", with the value that the server expects"), RERUN),
)
_NOT_IN_FILE = "The token endpoint refused with {status}, and the file lacks the body of its answer, which tells why."
_LEFT_OUT = "The program that wrote the file left the body out; that says nothing about the server."
_OF_THE_BODY = pattern(r"malformed|pars(?:e|ing)\b|\bbody\b|payload|json|content|invalid request|request is invalid")
"""Words that may speak of how the body is written."""

_OTHER_WAYS: Fix = (
    SetField("encoding", "{other}"),
    RERUN,
    *provided("if it says the same", SetField("dialect.client_auth", "{auth}"), RERUN),
    *provided("if it says so each time", Ask("give this exchange to the administrator{trace}")),
)

_LOOK_UP: Fix = (
    Do("look these words up in the server's documentation, and change what they name"),
    *provided("to see what the other way brings", Rerun("browser")),
    *otherwise(Ask("give this exchange to the administrator{trace}")),
)

_LOOK_UP_THEN_ASK: Fix = (*_LOOK_UP[:1], *otherwise(Ask("have the administrator allow what they refuse{trace}"), RERUN))

RESTRICTIONS = (
    Possible(
        "The application's own check of forms against forgery (CSRF) refused the POST.",
        (SetField("encoding", "{other}"), RERUN),
    ),
    Possible(
        "A firewall in front of the deployment admits other networks or other requests only.",
        (
            Do("connect to the network (VPN) from which the deployment may be used"),
            *provided("if you are in it", Ask("have the administrator let this POST pass{trace}")),
        ),
    ),
    Possible("The client, or this user, may not have a token."),
)

_OF_A_REFRESH = (
    "Its words speak of a token, and the request holds a code: the server calls the code so (one of another instance), or means another "
    "request."
)
_READ_AS_ONE = "The server takes the request for a refresh, as one without the grant type that it looks for."
_TRY_AGAIN: Fix = (RERUN, *OTHER_BODY, *provided("otherwise", Ask("give this exchange to the administrator{trace}")))

_OF_A_PAGE = "The application is registered as one that runs in a page: only a browser, which sends an Origin, may exchange its codes."
_AS_A_PROGRAM: Fix = (Change("registration", "have {client_id} registered for another platform, web or native"),)

_PASSWORD_WANTED = pattern(r"\b(?:username|password)\b.{0,30}\b(?:required|missing)")
_OF_ANOTHER_GRANT = "This endpoint wants a user name and a password (the password grant): it does not exchange codes."
_OTHER_ENDPOINT: Fix = (
    SetField("dialect.token_path", words=", with the path of the endpoint that takes codes"),
    RERUN,
    *otherwise(Ask("ask the administrator for that path{trace}")),
)

UNAUTHENTICATED = "The client secret is wrong, which some servers say with this code, too."

_OF_THE_GRANT = pattern(r"grant|\bflow\b|endpoint|permission|not (?:allowed|permitted|enabled)")
_NO_GRANT = "The application is registered without the authorization-code grant."
_MAY_NOT = "The application lacks what these words name, such as the authorization-code grant or a permission."
_ALLOW_THEM = Ask("have the administrator allow {client_id} what these words name, such as the code grant{trace}")

_NO_SECRET = "The client has to show who it is, and this run sent no secret."  # noqa: S105 - a sentence
_ASK_FOR_GRANT: Fix = (Ask("ask the administrator whether {client_id} has the authorization-code grant"),)
_SECRET: Fix = (SetField("client_secret", words="the client secret of {client_id} on {base_url}"), RERUN)

_GRANT_OR_SECRET: Fix = (*_ASK_FOR_GRANT, *provided("if it has", *_SECRET))
