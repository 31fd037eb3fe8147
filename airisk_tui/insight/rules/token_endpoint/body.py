"""The token endpoint answered, and the answer is no token (protocol.md, step 2; RFC 6749 §5.1, §5.2)."""

from __future__ import annotations

from typing import Any

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.readings import json_object, json_reading, setting, token_refused
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched

rules = RuleSet("Token response", token_refused)

_BODY = Pointer("token-request", "body")


def _ok(context: Context) -> bool:
    return 200 <= answer(context).status < 300


def _members(context: Context) -> dict[str, Any]:
    return json_object(exchange(context).response) or {}


@rules.add(
    Entry(
        code="token-renamed",
        question="token",
        title="The token endpoint answered without {name}, and with {other}, which looks like a token.",
        cause="This server has its own name for the token; one page of the vendor says access_code.",
        fix="To read it, {setting}, and run again.",
        reference="RFC 6749 §5.1; protocol.md, step 2",
    )
)
def token_renamed(context: Context) -> Match | None:
    other = answer(context).other_name
    if answer(context).kind != "renamed" or other is None:
        return None
    name = context.inputs.dialect.token
    evidence = pair("Name of the token", name, other, Pointer("token-request", "body", other))
    return matched(context, evidence, name=quoted(name), other=quoted(other), setting=setting("token", other))


@rules.add(
    Entry(
        code="token-empty-body",
        question="token",
        title="The token endpoint answered {status} with an empty body.",
        cause="{why}",
        runner_up="It could not read the request: run once with --body {other}.",
        fix="Run again; if it stays empty, run once with --body {other}, and give this exchange to the administrator.",
        reference="RFC 6749 §5.1",
    )
)
def token_empty_body(context: Context) -> Match | None:
    if exchange(context).response.body.data.strip():
        return None
    why = "The server, or a proxy in front of it, dropped the body."
    other = "json" if context.inputs.encoding == "form" else "form"
    return matched(context, why=why, other=other)


@rules.add(
    Entry(
        code="error-inside-200",
        question="token",
        title="The token endpoint answered {status}, which means success, with an error inside: {words}.",
        cause="This server reports its refusals with a status of success; the request was refused.",
        fix="Correct what the error names, and run again with a new code; tell the administrator that a refusal must be a 400.",
        reference="RFC 6749 §5.2",
    )
)
def error_inside_200(context: Context) -> Match | None:
    if not _ok(context) or "error" not in _members(context):
        return None
    return matched(
        context, Evidence("error", quoted(str(_members(context)["error"])), Pointer("token-request", "body", "error"))
    )


@rules.add(
    Entry(
        code="token-wrong-type",
        question="token",
        title="The token endpoint answered with {name}, and it is no text.",
        cause="The server writes {came} where the token belongs.",
        fix="Give this exchange to the administrator: {name} must be a JSON string that is not empty.",
        reference="RFC 6749 §5.1",
    )
)
def token_wrong_type(context: Context) -> Match | None:
    name, members = context.inputs.dialect.token, _members(context)
    if not _ok(context) or name not in members:
        return None
    kinds = {dict: "an object", list: "a list", bool: "true or false", type(None): "null", str: "an empty text"}
    return matched(context, name=quoted(name), came=kinds.get(type(members[name]), "a number"))


@rules.add(
    Entry(
        code="token-missing",
        question="token",
        title="The token endpoint answered {status} with JSON and without a token: its members are {members}.",
        cause="{why}",
        fix="{how}",
        reference="RFC 6749 §5.1",
    )
)
def token_missing(context: Context) -> Match | None:
    members, name = _members(context), context.inputs.dialect.token
    if not _ok(context) or not isinstance(json_reading(exchange(context).response.body.data).value, dict):
        return None
    shown = ", ".join(quoted(member, 40) for member in list(members)[:8]) or "none"
    inside = next((key for key, value in members.items() if isinstance(value, dict) and name in value), None)
    if inside is not None:
        why = f"The token stands one level deeper, inside {quoted(inside, 40)}: a gateway wraps the answer."
        how = f"To read it there, {setting('token', f'{inside}.{name}')}, and run again."
        return matched(context, members=shown, why=why, how=how)
    texts = [member for member, value in members.items() if isinstance(value, str) and len(value) >= LONG]
    why = "This server has its own name for the token, or answers with something else."
    how = "If one of these members is the token, give --field token=NAME with its name; otherwise correct --base-url."
    if len(texts) == 1:
        how = f"If {quoted(texts[0], 40)} is the token, {setting('token', texts[0])}, and run again; otherwise correct --base-url."
    return matched(context, members=shown, why=why, how=how)


LONG = 20
"""Characters from which on a text may be a token."""


@rules.add(
    Entry(
        code="token-refused",
        question="token",
        title="The token endpoint refused with {status} and said {words}.",
        cause="{why}",
        fix="{how}",
        reference="RFC 6749 §5.2; protocol.md, step 2",
    )
)
def token_refused_otherwise(context: Context) -> Match | None:
    error = answer(context).error
    spoken = f"{error.code} {error.description}".lower() if error is not None else ""
    why, how = (
        "The server's own words are all that it says.",
        "Correct what they name; otherwise give this exchange to the administrator{trace}.",
    )
    if answer(context).status == 403:
        why = "A firewall or an access restriction in front of the deployment refused the request."
        how = "Connect to the network (VPN) from which the deployment may be used, or have this machine allowed."
    elif "unauthorized_client" in spoken:
        why = "The application is registered without the authorization-code grant."
        how = "Ask the administrator to allow the authorization-code grant for {client_id}."
    elif "invalid_scope" in spoken:
        why, how = (
            "The server wants another scope.",
            "Send the scope that the administrator names, with --token-param scope=…",
        )
    told = matched(context)
    return Match({**told.values, "why": why, "how": how.format_map(told.values)}, told.evidence)
