"""The token endpoint names a field that it does not accept (protocol.md, step 2: `Invalid client_id`; RFC 6749 §5.2)."""

from __future__ import annotations

import re
from dataclasses import replace

from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.readings import bare, is_web_page, page, setting, token_refused, without_echo
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.code import told
from airisk_tui.insight.rules.token_endpoint.reading import answer, encoding_named, exchange, matched
from airisk_tui.insight.two_requests import token_fields

_NAMES = re.compile(
    r"\b(client_?id|client_?secret|redirect_ur[il]|response_uri|redirecturi|user_?id|grant_?type|code_verifier|scope|code)\b"
)
_CANONICAL = {
    "clientid": "client_id",
    "clientsecret": "client_secret",
    "redirect_url": "redirect_uri",
    "redirecturi": "redirect_uri",
    "user_id": "userid",
    "granttype": "grant_type",
}


def named(context: Context) -> str:
    """The field that the server's words name, in the protocol's spelling, or ""."""
    if is_web_page(exchange(context).response):
        return ""
    names = [_CANONICAL.get(name, name) for name in _NAMES.findall(_words(context))]
    return next((name for name in names if name != "code"), names[0] if names else "")


def _words(context: Context) -> str:
    """The start of the body in lower case, without what it repeats of our own request."""
    return without_echo(page(exchange(context).response), token_fields(context.state))


def _needs(context: Context) -> str | None:
    missing = token_refused(context)
    if missing is not None:
        return missing
    if encoding_named(context) or "unsupported_grant_type" in told(context):
        return None
    if answer(context).kind != "refused" or answer(context).status == 401 or "invalid_client" in told(context):
        return "the token endpoint named no field"
    return None if named(context) else "the token endpoint named no field"


rules = RuleSet("Fields", _needs)


def _other(context: Context) -> str:
    return "json" if context.inputs.encoding == "form" else "form"


def _sent(context: Context, name: str) -> bool:
    return any(value for value in token_fields(context.state).all(name))


@rules.add(
    Entry(
        code="encoding-unsupported",
        question="token",
        title="The token endpoint does not take a body in the encoding {encoding} ({status}).",
        cause="AIRisk documents form and JSON; this deployment takes only one of them.",
        fix="Run again with --body {other}.",
        reference="RFC 9110 §15.5.16; protocol.md, step 2",
    )
)
def encoding_unsupported(context: Context) -> Match | None:
    if not encoding_named(context):
        return None
    told = matched(context, encoding=context.inputs.encoding, other=_other(context))
    return replace(told, change=change("encoding", _other(context)))


@rules.add(
    Entry(
        code="grant-type-wanted",
        question="token",
        title="The token endpoint said {words}, and the request carried {grant_type} as grant_type.",
        cause="{why}",
        fix="{how}",
        reference="RFC 6749 §4.1.3",
    )
)
def grant_type_wanted(context: Context) -> Match | None:
    if named(context) != "grant_type" and "unsupported_grant_type" not in told(context):
        return None
    sent = token_fields(context.state).get("grant_type")
    if sent is None:
        why = "This server requires the field that RFC 6749 requires, and AIRisk's examples leave out."
        how = "Run again with --token-param grant_type=authorization_code."
    else:
        why = "This server does not accept that grant type for this application."
        how = "Send grant_type=authorization_code; if it is that already, ask the administrator to allow this grant to the application."
    return matched(context, grant_type=quoted(sent) if sent is not None else "nothing", why=why, how=how)


@rules.add(
    Entry(
        code="field-missing",
        question="token",
        title="The token endpoint said {words}, and {name} was not sent.",
        cause="This deployment requires the field {name}.",
        fix="{how}",
        reference="RFC 6749 §5.2; protocol.md, step 2",
    )
)
def field_missing(context: Context) -> Match | None:
    name = named(context)
    if not name or _sent(context, name):
        return None
    how = {
        "userid": "Run again with --userid, so that both steps carry the user id.",
        "client_id": f"To send it, {setting('client_auth', 'body')}, and run again.",
        "client_secret": f"To send it, {setting('client_auth', 'body')}, and run again.",
        "code_verifier": "Run again with --field pkce=true (or write fields.pkce = true into the environment's table of config.toml).",
    }
    place = Pointer("token-request", "body", name)
    return matched(
        context,
        Evidence(name, "not sent", place),
        name=name,
        how=how.get(name, f"Run again with --token-param {name}={_known(context, name)}"),
    )


def _known(context: Context, name: str) -> str:
    """The value for a field, where this run has it under another name."""
    return bare(context.inputs.redirect_uri) if name == "response_uri" else "…"


@rules.add(
    Entry(
        code="field-spelled-otherwise",
        question="token",
        title="The token endpoint said {words}, and the request carries that field as {ours}.",
        cause="This deployment spells the field {theirs}.",
        runner_up="The server could not read the body at all, and names the field by its own name for it.",
        fix="{how}",
        reference="protocol.md, step 2",
    )
)
def field_spelled_otherwise(context: Context) -> Match | None:
    name, error = named(context), answer(context).error
    spelled = _SPELLED.fullmatch(error.code.strip()) if error is not None and error.form == "text" else None
    if spelled is None or spelled[1] == name or not _sent(context, name) or _CANONICAL.get(spelled[1].lower()) != name:
        return None
    theirs = spelled[1]
    values = {"client_id": context.inputs.client_id, "redirect_uri": context.inputs.redirect_uri}
    how = f"Have the token endpoint take {name}; run once with --body {_other(context)} to see whether that changes its answer."
    if name in values:
        how = f"Run again with --token-param {theirs}={bare(values[name])}; if it says the same, with --body {_other(context)}."
    place = Pointer("token-request", "parameter", name)
    return matched(
        context,
        pair("Field, as sent and as named", name, theirs, place, ("sent", "named")),
        ours=quoted(name),
        theirs=quoted(theirs),
        how=how,
    )


_SPELLED = re.compile(r"(?:invalid|missing) (\w+)", re.IGNORECASE)


@rules.add(
    Entry(
        code="encoding-not-read",
        question="token",
        title="The token endpoint said {words}, although {name} was sent.",
        cause="The server could not read the body: it was sent as {encoding}.",
        runner_up="The client ID {client_id} is not known here, although step 1 accepted it.",
        fix="Run again with --body {other}.",
        reference="protocol.md, step 2",
    )
)
def encoding_not_read(context: Context) -> Match | None:
    name = named(context)
    if not _unread(context, name) or _both_tried(context):
        return None
    evidence = Evidence(name, "sent", Pointer("token-request", "parameter", name))
    told = matched(context, evidence, name=name, encoding=context.inputs.encoding, other=_other(context))
    return replace(told, change=change("encoding", _other(context)))


def _unread(context: Context, name: str) -> bool:
    """Whether the words say that a field did not arrive: AIRisk's own `Invalid client_id` does, a value that is quoted
    or compared does not."""
    text = _words(context)
    if _READ.search(text) or text != page(exchange(context).response):
        return False
    spots = [found.span() for found in _NAMES.finditer(text) if _CANONICAL.get(found[1], found[1]) == name]
    missed = any(_MISSED_AFTER.match(text[end:]) or _MISSED_BEFORE.search(text[:start]) for start, end in spots)
    return missed or name == "client_id"


_READ = re.compile(r"mismatch|(does|do|did) not match|doesn't match|\bexpected:? |\bdiffers?\b")
"""Words of a server that has compared a value, and so has read it."""

_MISSED_AFTER = re.compile(r"\W+(?:\w+\W+){0,3}(required|missing)\b")
_MISSED_BEFORE = re.compile(r"\b(required|missing)\W+(?:\w+\W+){0,3}$")
"""Beside a field's name: it did not arrive."""


def _both_tried(context: Context) -> bool:
    """Whether the other encoding met the very same words in a run before."""
    mine = told(context)
    for run in context.earlier:
        other = (
            run.inputs is not None
            and run.inputs.encoding == _other(context)
            and run.inputs.base_url == context.inputs.base_url
        )
        error = run.token_answer.error if run.token_answer is not None else None
        if other and error is not None and f"{error.code} {error.description}".lower()[:500] == mine:
            return True
    return False


@rules.add(
    Entry(
        code="field-refused",
        question="token",
        title="The token endpoint said {words}: it does not accept the {name} that was sent.",
        cause="{why}",
        fix="{how}",
        reference="RFC 6749 §5.2; protocol.md, step 2",
    )
)
def field_refused(context: Context) -> Match | None:
    name = named(context)
    if name in ("", "code", "client_secret") or answer(context).kind != "refused":
        return None
    evidence = [
        Evidence(name, quoted(token_fields(context.state).get(name) or ""), Pointer("token-request", "parameter", name))
    ]
    default = (
        "The server does not take its value.",
        f"Correct {name}: ask the administrator which value this deployment expects.",
    )
    why, how = REASONS.get(name, default)
    theirs = _expected_uri(context) if name == "redirect_uri" else None
    if theirs is not None:
        ours = context.inputs.redirect_uri
        label = "Redirect URI, and the one that the server names"
        evidence = [pair(label, ours, theirs, evidence[0].pointer, ("sent", "named"))]
        why = f"The server compares with another URI than the one that was sent: its words name {quoted(theirs)}."
        how = f"Set --redirect-uri to {quoted(theirs)}, and run again; or have {quoted(ours)} registered in its place."
    return matched(context, *evidence, name=name, why=why, how=how)


REASONS = {
    "redirect_uri": (
        "Both steps sent the same; the server compares with something else, most likely the URI as it is registered.",
        "Copy the registered URI, character by character, into --redirect-uri, and run again.",
    ),
    "userid": (
        "Both steps sent the same; the server does not take this user id.",
        "Set --userid to one of the ids that ListUsers lists (ask it with a generic token), and run again.",
    ),
    "code_verifier": (
        "The server compares the verifier with the challenge of step 1, and they do not fit.",
        "Drop --param code_challenge=… and --token-param code_verifier=…, and run with --field pkce=true.",
    ),
    "client_id": (
        "Both encodings were tried and met the same words: the client ID is not known to the token endpoint.",
        "Compare --client-id with the application's registration on this deployment, and correct it.",
    ),
}
"""Why a field is refused that both steps sent alike, and what to do, by its name."""


def _expected_uri(context: Context) -> str | None:
    """The one URI that the server's own words name beside ours, or None."""
    error = answer(context).error
    told = f"{error.code} {error.description}" if error is not None and error.form != "html" else ""
    uris = {uri.rstrip(".") for uri in _URI.findall(told)} - {context.inputs.redirect_uri}
    return uris.pop() if len(uris) == 1 else None


_URI = re.compile(r"https?://[^\s\"'<>,;()]+")
