"""Step 1: the authorization endpoint and the consent that it asks for (protocol.md, step 1; RFC 6749 §4.1.1)."""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import parse_qsl

from airisk_tui.sandbox.answer import Answer, plain
from airisk_tui.sandbox.call import Call, joined
from airisk_tui.sandbox.consent import consent_page, dead_end_page
from airisk_tui.sandbox.grant import Grant
from airisk_tui.sandbox.redirect import Redirect
from airisk_tui.sandbox.registry import Application
from airisk_tui.sandbox.world import Ask, World

ASK_LIFETIME: Final = 600.0  # a person may be called away for ten minutes
ASKS_KEPT: Final = 1_000  # pages left open; older ones fall out


def authorize(call: Call, world: World) -> Answer:
    """Refuse, ask a person, or redirect at once."""
    ask = _read(call, world)
    if isinstance(ask, Answer):
        return ask
    if (error := _unsupported(call)) is not None:
        return _redirect(world, ask, ("error", error[0]), ("error_description", error[1]))
    if (answer := world.faulty("authorize", call)) is not None:
        return answer
    if not _wants_page(call, world.auto_approve):
        return _approve(world, ask)
    if len(world.asks) >= ASKS_KEPT:
        world.asks.pop(next(iter(world.asks)))
    ticket = secrets.token_urlsafe(16)
    world.asks[ticket] = ask
    return consent_page(ask, world.data.users, ticket)


def decide(call: Call, world: World) -> Answer:
    """The consent form's answer. The ticket is unguessable and good for one decision; the form comes from here alone."""
    if call.headers.get("origin") != call.origin:
        return dead_end_page(403, "This form was not sent from the sandbox's own page, so nothing was decided.")
    fields = joined(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    ask = world.asks.pop(fields.get("ticket", ""), None)
    if ask is None or ask.expires <= world.now():
        return dead_end_page(400, "This page was answered before or is too old. Start again from the application.")
    if fields.get("decision") != "approve":
        return _deny(world, ask, "The user refused the request")
    signed_in = world.data.user(fields.get("account", ""))
    if signed_in is None:
        return dead_end_page(400, "The account to sign in with is missing. Start again from the application.")
    if ask.user and signed_in != ask.user:
        return _deny(world, ask, f"{signed_in.id} is signed in, the request is for {ask.user.id}")
    return _approve(world, ask)


def _read(call: Call, world: World) -> Ask | Answer:
    """The request in order, or the refusal; whatever is wrong with client or redirect URI is never redirected (§4.1.2.1)."""
    query, policy = call.query, world.policy
    missing = next((name for name in ("client_id", "redirect_uri") if not query.get(name)), None)
    if missing:
        return plain(400, f"Invalid {missing}")
    application = world.data.application(query["client_id"])
    if application is None or query["redirect_uri"] not in _registered(application, policy.stray_space):
        return world.refuse(401)
    userid = None if policy.userid_from_token_request else query.get("userid")
    user = world.data.user(userid) if userid else None
    if userid and user is None:
        return world.refuse(401)
    return Ask(
        application=application,
        redirect_uri=query["redirect_uri"],
        user=user,
        state=query.get("state"),
        challenge=query.get("code_challenge"),
        expires=world.now() + ASK_LIFETIME,
    )


def _registered(application: Application, stray_space: bool) -> tuple[str, ...]:
    """The allowed URIs; compared exactly, so a space that was typed into the register spoils them."""
    return tuple(f" {uri}" for uri in application.registered) if stray_space else application.registered


def _unsupported(call: Call) -> tuple[str, str] | None:
    """What the request asks for and this server does not do (RFC 6749 §4.1.2.1, RFC 7636 §4.4.1)."""
    if call.query.get("response_type", "code") != "code":
        return "unsupported_response_type", "Only response_type=code is supported"
    if "code_challenge" in call.query and call.query.get("code_challenge_method") != "S256":
        return "invalid_request", "Only code_challenge_method=S256 is supported"
    return None


def _wants_page(call: Call, auto_approve: bool | None) -> bool:
    """Whether there is a person to ask: a browser navigates and accepts HTML, a direct request does neither."""
    if auto_approve is not None:
        return not auto_approve
    return call.headers.get("sec-fetch-mode") == "navigate" or "text/html" in call.headers.get("accept", "")


def _approve(world: World, ask: Ask) -> Answer:
    user = ask.user.id if ask.user else None
    grant = Grant(
        client_id=ask.application.client_id,
        redirect_uri=ask.redirect_uri,
        userid=user,
        subject=user,
        expires=world.now() + world.data.code_lifetime,
        challenge=ask.challenge,
    )
    for fault in world.faults:
        grant = fault.grant(grant, world.data)
    return _redirect(world, ask, ("code", world.codes.issue(grant)))


def _deny(world: World, ask: Ask, description: str) -> Answer:
    return _redirect(world, ask, ("error", "access_denied"), ("error_description", description))


def _redirect(world: World, ask: Ask, *params: tuple[str, str]) -> Answer:
    state = (("state", ask.state),) if ask.state is not None else ()
    redirect = Redirect(ask.redirect_uri, (*params, *state))
    for fault in world.faults:
        redirect = fault.redirect(redirect)
    return Answer(302, headers=(("Location", redirect.location),))
