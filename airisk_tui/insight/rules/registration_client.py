"""The server does not know the client ID or the user id that was sent in step 1 (findings.md, row 1)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import near
from airisk_tui.insight.finding import Evidence, Pointer, listed, pair, quoted
from airisk_tui.insight.observed import bare
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.registration_read import CLOSEST, client_known, named, refused, seen, user, worked_before
from airisk_tui.oauth.expiry import utc_text

family = Family("Registered application", refused)


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
    if users is not None and context.inputs.userid not in users and client_known(context) is not False:
        known = near(context.inputs.userid, users)
        evidence = _against("User id", context.inputs.userid, known, users, place)
        told = seen(context, evidence, why="Nobody has that id on this deployment.")
        if known is None:
            return told
        fix = f"Set --userid to {quoted(known)}, the closest there is, or to another of the ids that ListUsers lists."
        return replace(told, fix=fix, change=change("userid", known))
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
    good = worked_before(context, "redirect_uri", *user(context))
    same = worked_before(context, "client_id")
    if good is None or good.inputs is None or same is not None:
        return None
    place = Pointer("authorization-request", "parameter", "client_id")
    evidence = pair(
        "Client ID, and the one that worked", context.inputs.client_id, good.inputs.client_id, place, ("sent", "worked")
    )
    told = seen(context, evidence, known=quoted(good.inputs.client_id))
    return replace(told, change=change("client_id", good.inputs.client_id))


def _no_such_client(context: Context, clients: tuple[str, ...]) -> Seen:
    ours = context.inputs.client_id
    known = near(ours, clients)
    place = Pointer("authorization-request", "parameter", "client_id")
    told = seen(context, _against("Client ID", ours, known, clients, place), otherwise="")
    title = f"The server answered {told.values['status']}: it has no application with the client ID {quoted(ours)}."
    why = "The client ID is misspelt, or belongs to another deployment."
    base_url = told.values["base_url"]
    fix = f"Set --client-id to one that is registered on {base_url}: {listed(clients)}."
    if known is not None:
        fix = f"Set --client-id to {quoted(known)}, or to another that is registered on {base_url}."
    told = Seen({**told.values, "why": why}, told.evidence, runner_up="", title=title, fix=fix)
    return replace(told, change=change("client_id", known)) if known is not None else told


def _against(label: str, ours: str, known: str | None, all_known: tuple[str, ...], place: Pointer) -> Evidence:
    """Ours beside the one it is a slip of, or beside all that there are."""
    if known is not None:
        return pair(f"{label}, and the closest there is", ours, known, place, CLOSEST)
    return Evidence("None of these is like it", listed(all_known), place)


@family.rule(
    Entry(
        code="registered-uri-differs",
        question="authorization",
        title="The server answered {status} and did not redirect, although {client_id} is an application of this deployment.",
        cause="{redirect_uri} is not what is registered, character by character: a difference that does not show, such as a space "
        "beside a comma, is one.",
        runner_up="{otherwise}",
        fix="In the application's registration, write the redirect URIs anew without spaces: {redirect_uri}; if they have none, "
        "give the answer to the administrator{trace}.",
        reference="RFC 6749 §3.1.2.3; protocol.md, the actors",
    )
)
def registered_uri_differs(context: Context) -> Seen | None:
    if not client_known(context) or named(context) not in ("", "redirect_uri"):
        return None
    users, userid = context.state.known.users, context.inputs.userid
    otherwise = "" if not userid or users is not None else "The user id is unknown: run once without --userid to see."
    return seen(context, otherwise=otherwise)


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
    if client_known(context) is False:
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
