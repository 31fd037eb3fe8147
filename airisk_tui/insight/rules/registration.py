"""The server does not know something that was sent in step 1: client ID, redirect URI or user id (findings.md, rows 1 and 2).

AIRisk answers all three with the same bare 401 (protocol.md, outcomes), so these rules reason from what is registered, as far
as it is known, and from what changed since a run that got further.
"""

from __future__ import annotations

import re
from dataclasses import replace

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import closest, uri_difference
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.observed import authorization_unanswered, bare, is_web_page, page, reached_code, trace
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.oauth.expiry import utc_text
from airisk_tui.oauth.http import Exchange, header
from airisk_tui.oauth.mistakes import check_redirect_uri
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.token import read_error

UNKNOWN = frozenset({400, 401, 403})
"""What servers answer when they do not know a client, a URI or a user."""

GATEWAY_SCHEMES = ("basic", "digest", "ntlm", "negotiate")
"""RFC 9110 §11: what a gateway asks of a browser, and no AIRisk server does at this endpoint."""

_NAMES = re.compile(r"\b(client[_ ]?id|redirect[_ ]?ur[il]|userid|user[_ ]id|response[_ ]type)\b")

CLOSEST = ("sent", "closest")
"""The names of a value that was sent and of the one that it was meant to be, most likely."""


def _refused(context: Context) -> str | None:
    missing = authorization_unanswered(context)
    if missing is not None:
        return missing
    response = exchange(context).response
    scheme = (header(response.headers, "www-authenticate") or "").strip().lower()
    if response.status not in UNKNOWN or is_web_page(response) or scheme.startswith(GATEWAY_SCHEMES):
        return "the authorization endpoint did not refuse in its own words"
    return None


def exchange(context: Context) -> Exchange:
    """The direct authorization exchange that the precondition promises."""
    if context.state.authorization is None:
        raise ValueError("The authorization request was not answered.")
    return context.state.authorization


family = Family("Registration", _refused)


def named(context: Context) -> str:
    """The parameter that the server's words name: "client_id", "redirect_uri", "userid", "response_type", or ""."""
    found = _NAMES.search(page(exchange(context).response))
    if found is None:
        return ""
    name = found[1].replace(" ", "_")
    return {"redirect_url": "redirect_uri", "user_id": "userid", "clientid": "client_id"}.get(name, name)


def seen(context: Context, *evidence: Evidence, **values: str) -> Seen:
    """The common values and the answer itself as evidence."""
    response = exchange(context).response
    error = read_error(response)
    own = quoted(error.code or error.description) if error.form not in ("empty", "html") else "no words"
    told = Evidence("The answer", f"{response.status}, {own}", Pointer("authorization-request", "response"))
    shown = {
        "status": str(response.status),
        "redirect_uri": quoted(context.inputs.redirect_uri),
        "client_id": quoted(context.inputs.client_id),
        "userid": quoted(context.inputs.userid or ""),
        "base_url": quoted(context.inputs.base_url),
        "trace": trace(error),
    }
    return Seen(shown | values, (*evidence, told))


def compared(context: Context, registered: str) -> Evidence:
    """Our redirect URI against one that is registered."""
    place = Pointer("authorization-request", "parameter", "redirect_uri")
    return pair("Redirect URI, and the closest registered", context.inputs.redirect_uri, registered, place, CLOSEST)


def unregistered(context: Context) -> str | None:
    """The closest registered redirect URI, when it is known that ours is not among them."""
    if not context.registered or context.inputs.redirect_uri in context.registered:
        return None
    return closest(context.inputs.redirect_uri, context.registered)


def _user(context: Context) -> tuple[str, ...]:
    """A run with another user id only proves something about this one when this one has none."""
    return ("userid",) if context.inputs.userid else ()


def worked_before(context: Context, *same: str) -> FlowState | None:
    """The latest run against this deployment that got a code with the same inputs of these names."""
    for run in reversed(context.earlier):
        if run.inputs is None or run.inputs.base_url != context.inputs.base_url or not reached_code(run):
            continue
        if all(getattr(run.inputs, name) == getattr(context.inputs, name) for name in same):
            return run
    return None


@family.rule(
    Entry(
        code="parameter-wanted",
        question="authorization",
        title="The server names a parameter that was not sent: {name}.",
        cause="This deployment requires {name}.",
        fix="Send it with {flag}.",
        reference="RFC 6749 §4.1.1",
    )
)
def parameter_wanted(context: Context) -> Seen | None:
    name = named(context)
    if not name or context.inputs.authorization_params.get(name) is not None:
        return None
    flags = {
        "response_type": "--param response_type=code",
        "userid": "--userid and one of the ids that ListUsers lists",
    }
    flags["response_uri"] = f"--param response_uri={bare(context.inputs.redirect_uri)}"
    return seen(context, name=name, flag=flags.get(name, f"--param {name}=…"))


@family.rule(
    Entry(
        code="registered-uri-space",
        question="authorization",
        title="The redirect URI is registered with a stray space, so it does not match ({status}, no redirect).",
        cause="The column `redirect_uri` of the application holds a space beside a comma, and URIs are compared exactly.",
        fix="In the application's registration, remove the space in {registered}.",
        reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    )
)
def registered_uri_space(context: Context) -> Seen | None:
    ours = context.inputs.redirect_uri
    if not context.registered or ours in context.registered:
        return None
    spaced = next((uri for uri in context.registered if uri.strip() == ours.strip()), None)
    return seen(context, compared(context, spaced), registered=quoted(spaced)) if spaced is not None else None


@family.rule(
    Entry(
        code="redirect-uri-unregistered",
        question="authorization",
        title="The server answered {status} and did not redirect, and {redirect_uri} is not registered.",
        cause="The redirect URI differs from the registered {registered} in {difference}.",
        fix="Set --redirect-uri to {registered}, or have {redirect_uri} added to the application's registration.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_unregistered(context: Context) -> Seen | None:
    if named(context) not in ("", "redirect_uri"):
        return None
    known, title = unregistered(context), None
    if known is None:
        good = worked_before(context, "client_id", *_user(context))
        unchanged = worked_before(context, "client_id", "redirect_uri")
        if good is None or good.inputs is None or unchanged is not None:
            return None
        known, title = good.inputs.redirect_uri, ONLY_URI
    difference = visible(uri_difference(context.inputs.redirect_uri, known))
    told = seen(context, compared(context, known), registered=quoted(known), difference=difference)
    told = replace(told, change=change("redirect_uri", known))
    return replace(told, title=title.format_map(told.values) if title else None)


ONLY_URI = "The server answered {status} and did not redirect; the redirect URI is all that differs from a run that got a code."


@family.rule(
    Entry(
        code="registration-changed",
        question="authorization",
        title="The server answered {status} and did not redirect, to the same request that got a code at {when}.",
        cause="The application's registration was changed at the server since then, or the application was removed.",
        runner_up="The user may not use the application any more.",
        fix="Ask the administrator what was changed for {client_id}{trace}; compare the registered redirect URIs with {redirect_uri}.",
        reference="protocol.md, step 1",
    )
)
def registration_changed(context: Context) -> Seen | None:
    good = worked_before(context, "client_id", "redirect_uri", "userid")
    if good is None or named(context):
        return None
    return seen(context, when=utc_text(good.utc))


@family.rule(
    Entry(
        code="userid-unknown",
        question="authorization",
        title="The server answered {status} and did not redirect to a request with the user id {userid}.",
        cause="{why}",
        fix="Set --userid to one of the ids that ListUsers lists (ask it with a generic token).",
        reference="protocol.md, step 1",
    )
)
def userid_unknown(context: Context) -> Seen | None:
    if not context.inputs.userid:
        return None
    if named(context) == "userid":
        return seen(context, why="The server's own words name the user id.")
    place = Pointer("authorization-request", "parameter", "userid")
    users = context.state.known.users
    if users is not None and context.inputs.userid not in users and _client_known(context) is not False:
        known = closest(context.inputs.userid, users) or ""
        near = pair("User id, and the closest there is", context.inputs.userid, known, place, CLOSEST)
        fix = f"Set --userid to {quoted(known)}, the closest there is, or to another of the ids that ListUsers lists."
        told = seen(context, near, why="Nobody has that id on this deployment.")
        return replace(told, fix=fix if known else None, change=change("userid", known))
    good = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or good.inputs.userid == context.inputs.userid:
        return None
    before = quoted(good.inputs.userid) if good.inputs.userid else "none"
    evidence = Evidence(
        "The run that got a code had the same client ID and redirect URI, and as user id", before, place
    )
    return seen(
        context,
        evidence,
        why="Nobody has that id on this deployment: the user id is what differs from a run that worked.",
    )


@family.rule(
    Entry(
        code="client-changed",
        question="authorization",
        title="The server answered {status} and did not redirect, and the client ID is not the one that worked before.",
        cause="The client ID {client_id} is misspelt, or belongs to another deployment.",
        runner_up="It is right, and the redirect URI or the user id is not registered for it.",
        fix="Set --client-id to {known}, which worked on {base_url}, or have the administrator look {client_id} up{trace}.",
        reference="protocol.md, step 1",
    )
)
def client_changed(context: Context) -> Seen | None:
    good = worked_before(context, "redirect_uri", *_user(context))
    same = worked_before(context, "client_id")
    if good is None or good.inputs is None or same is not None:
        return None
    place = Pointer("authorization-request", "parameter", "client_id")
    evidence = pair(
        "Client ID, and the one that worked", context.inputs.client_id, good.inputs.client_id, place, ("sent", "worked")
    )
    told = seen(context, evidence, known=quoted(good.inputs.client_id))
    return replace(told, change=change("client_id", good.inputs.client_id))


@family.rule(
    Entry(
        code="redirect-uri-refused",
        question="authorization",
        title="The server does not accept the redirect URI {redirect_uri}: it named it in its answer of {status}.",
        cause="It is not among the URIs registered for {client_id}, character by character.",
        runner_up="It is registered with a stray space, another port, or a slash at the end.",
        fix="Copy the registered URI from the application's registration into --redirect-uri, or have exactly {redirect_uri} registered.",
        reference="RFC 6749 §3.1.2.4",
    )
)
def redirect_uri_refused(context: Context) -> Seen | None:
    if named(context) != "redirect_uri":
        return None
    oddities = [mistake.sentence for mistake in check_redirect_uri(context.inputs.redirect_uri)]
    place = Pointer("authorization-request", "parameter", "redirect_uri")
    return seen(context, *(Evidence("Redirect URI", sentence, place) for sentence in oddities[:2]))


def _client_known(context: Context) -> bool | None:
    """Whether the deployment has the application; None where that is not known."""
    clients = context.state.known.clients
    return None if clients is None else context.inputs.client_id in clients


def _no_such_client(context: Context, clients: tuple[str, ...]) -> Seen:
    ours = context.inputs.client_id
    known = closest(ours, clients) or ""
    place = Pointer("authorization-request", "parameter", "client_id")
    told = seen(context, pair("Client ID, and the closest there is", ours, known, place, CLOSEST), otherwise="")
    title = f"The server answered {told.values['status']}: it has no application with the client ID {quoted(ours)}."
    why = "The client ID is misspelt, or belongs to another deployment."
    fix = f"Set --client-id to {quoted(known)}, or to another that is registered on {told.values['base_url']}."
    told = Seen({**told.values, "why": why}, told.evidence, runner_up="", title=title, fix=fix)
    return replace(told, change=change("client_id", known))


@family.rule(
    Entry(
        code="client-unknown",
        question="authorization",
        title="The server answered {status} and did not redirect: it does not accept what step 1 sent, and does not say which part.",
        cause="{why}",
        fix="Compare --client-id with the registration on {base_url} and correct it; {otherwise}"
        "give the answer to the administrator{trace}.",
        reference="protocol.md, step 1",
    )
)
def client_unknown(context: Context) -> Seen | None:
    if _client_known(context) is False:
        return _no_such_client(context, context.state.known.clients or ())
    known = context.registered is not None and context.inputs.redirect_uri in context.registered
    uri = "the redirect URI is registered with a difference that does not show, such as a space beside a comma"
    rest = [uri if known else f"{quoted(context.inputs.redirect_uri)} is not registered for it"]
    otherwise = (
        "if it is right, look for a stray space in the registered URIs; "
        if known
        else "if it is right, compare --redirect-uri character by character (port, case, a slash at the end; "
        "a space after a comma in the registration counts, and must go there); "
    )
    if context.inputs.userid:
        rest.insert(0, "the user id is unknown")
        otherwise += "run once without --userid to see whether the user id is the reason; "
    told = seen(context, otherwise=otherwise)
    why = f"There is no application with the client ID {told.values['client_id']} on {told.values['base_url']}."
    names = named(context) == "client_id"
    title = (
        f"The server does not accept the client ID: it named it in its answer of {told.values['status']}."
        if names
        else None
    )
    runner_up = "" if names else f"The client ID is right, and {' or '.join(rest)}."
    if not names and not known:
        why, runner_up = f"The server says no more: {why[0].lower()}{why[1:-1]}, or {', or '.join(rest)}.", ""
    return Seen({**told.values, "why": why}, told.evidence, runner_up=runner_up, title=title)
