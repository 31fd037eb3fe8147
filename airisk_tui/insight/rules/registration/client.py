"""The server does not know the client ID or the user id that was sent in step 1 (protocol.md, outcomes)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import change
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.readings import bare
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.registration.reading import (
    client_known,
    instead,
    matched,
    named,
    refused,
    user,
    worked_before,
)
from airisk_tui.oauth.expiry import utc_text

rules = RuleSet("Registered application", refused)


@rules.add(
    Entry(
        code="parameter-wanted",
        question="authorization",
        title="The server names a parameter that was not sent: {name}.",
        cause="This deployment requires {name}.",
        fix="Send it with {flag}.",
        reference="RFC 6749 §4.1.1",
    )
)
def parameter_wanted(context: Context) -> Match | None:
    name = named(context)
    if not name or context.inputs.authorization_params.get(name) is not None:
        return None
    flags = {
        "response_type": "--param response_type=code",
        "userid": "--userid and one of the ids that ListUsers lists",
    }
    flags["response_uri"] = f"--param response_uri={bare(context.inputs.redirect_uri)}"
    return matched(context, name=name, flag=flags.get(name, f"--param {name}=…"))


@rules.add(
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
def registration_changed(context: Context) -> Match | None:
    good = worked_before(context, "client_id", "redirect_uri", "userid")
    if good is None or named(context):
        return None
    return matched(context, when=utc_text(good.utc))


@rules.add(
    Entry(
        code="userid-unknown",
        question="authorization",
        title="The server answered {status} and did not redirect to a request with the user id {userid}.",
        cause="{why}",
        fix="Set --userid to one of the ids that ListUsers lists (ask it with a generic token).",
        reference="protocol.md, step 1",
    )
)
def userid_unknown(context: Context) -> Match | None:
    if not context.inputs.userid:
        return None
    if named(context) == "userid":
        return matched(context, why="The server's own words name the user id.")
    place = Pointer("authorization-request", "parameter", "userid")
    users = context.state.known.users
    if users is not None and context.inputs.userid not in users and client_known(context) is not False:
        return _no_such_user(context, users)
    good = worked_before(context, "client_id", "redirect_uri")
    if good is None or good.inputs is None or good.inputs.userid == context.inputs.userid:
        return None
    before = quoted(good.inputs.userid) if good.inputs.userid else "none"
    evidence = Evidence(
        "The run that got a code had the same client ID and redirect URI, and as user id", before, place
    )
    return matched(
        context,
        evidence,
        why="Nobody has that id on this deployment: the user id is what differs from a run that worked.",
    )


def _no_such_user(context: Context, users: tuple[str, ...]) -> Match:
    """Where the id is like none, none is proposed: whom to act for is not to be guessed."""
    if not users:
        return matched(context, why="Nobody has an id on this deployment.")
    known = instead("User id", "userid", context.inputs.userid or "", users, "")
    told = matched(context, known.evidence, why="Nobody has that id on this deployment.")
    fix = (
        f"Set --userid to {quoted(known.value)}, the closest there is, or to another of the ids that ListUsers lists."
        if known.alike
        else f"Set --userid to one of the ids that ListUsers lists, such as {quoted(users[0])}, or leave it out for a generic token."
    )
    return replace(told, fix=fix, change=change("userid", known.value))


@rules.add(
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
def client_changed(context: Context) -> Match | None:
    good = worked_before(context, "redirect_uri", *user(context))
    same = worked_before(context, "client_id")
    if good is None or good.inputs is None or same is not None:
        return None
    place = Pointer("authorization-request", "parameter", "client_id")
    evidence = pair(
        "Client ID, and the one that worked", context.inputs.client_id, good.inputs.client_id, place, ("sent", "worked")
    )
    told = matched(context, evidence, known=quoted(good.inputs.client_id))
    return replace(told, change=change("client_id", good.inputs.client_id))


def _no_such_client(context: Context, clients: tuple[str, ...]) -> Match:
    """Where the ID is like none, the environment's own is proposed: it stands first."""
    told = matched(context, otherwise="")
    title = f"The server answered {told.values['status']}: it has no application with the client ID {told.values['client_id']}."
    why, base_url = "The client ID is misspelt, or belongs to another deployment.", told.values["base_url"]
    if not clients:
        fix = f"Have an application registered on {base_url}."
        return Match({**told.values, "why": why}, told.evidence, runner_up="", title=title, fix=fix)
    known = instead("Client ID", "client_id", context.inputs.client_id, clients, clients[0])
    fix = f"Set --client-id to {quoted(known.value)}, or to another that is registered on {base_url}."
    if not known.alike:
        why = "No client ID that is registered there is like it: it belongs to another deployment, or was never registered."
        fix = (
            f"Set --client-id to {quoted(known.value)}, the environment's own, or to another that is registered there."
        )
    told = Match({**told.values, "why": why}, (known.evidence, *told.evidence), runner_up="", title=title, fix=fix)
    return replace(told, change=change("client_id", known.value))


@rules.add(
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
def registered_uri_differs(context: Context) -> Match | None:
    if not client_known(context) or named(context) not in ("", "redirect_uri"):
        return None
    users, userid = context.state.known.users, context.inputs.userid
    otherwise = "" if not userid or users is not None else "The user id is unknown: run once without --userid to see."
    return matched(context, otherwise=otherwise)


@rules.add(
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
def client_unknown(context: Context) -> Match | None:
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
    told = matched(context, otherwise=otherwise)
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
    return Match({**told.values, "why": why}, told.evidence, runner_up=runner_up, title=title)
