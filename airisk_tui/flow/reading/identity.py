"""The user for whom a token acts, by the answers alone: the claims, the token response, and the answers of endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from airisk_tui.flow.state import FlowState, ProbeResult
from airisk_tui.oauth.answer.endpoints import TokenKind, lists_users
from airisk_tui.oauth.answer.subject import Named, contains_user, same_id_format, same_user, subject_of, users_named
from airisk_tui.oauth.answer.users import read_users
from airisk_tui.oauth.text.lenient_json import json_object, read_json
from airisk_tui.oauth.text.visible import shortened, visible

OF_ONESELF = frozenset({"me", "userinfo", "whoami", "profile", "currentuser"})
"""Last segments of paths whose answer describes the user of the token."""

MAX_SHOWN = 60
"""Characters of an id in a sentence."""

Source = Literal["claim", "response", "endpoint"]


class Witness(Struct, frozen=True):
    """A value that names the user of the token. source: a claim of the token, a member of the token response, or a member of the answer of
    `endpoint`; path: of the value in it; application: whether it names the application itself, so that the token is generic."""

    source: Source
    path: str
    value: str
    endpoint: str = ""
    application: bool = False


def witnesses(state: FlowState) -> tuple[Witness, ...]:
    """The values that name the user of the run's token, the most certain first. Total."""
    if state.inputs is None or state.token is None:
        return ()
    return (*_in_claims(state), *_beside_token(state), *_in_answers(state))


def acting(state: FlowState) -> Witness | None:
    """The witness that decides whose token it is: the first that names the requested user, else the first of all; None if there is
    none."""
    found = witnesses(state)
    agreeing = next((one for one in found if agrees(state, one)), None)
    return agreeing or next(iter(found), None)


def agrees(state: FlowState, witness: Witness) -> bool:
    """Whether a witness names the user that the run asked for; in claims at any depth."""
    asked = state.inputs.userid if state.inputs is not None else None
    if not asked:
        return False
    if witness.source == "claim" and contains_user(_claims(state), asked):
        return True
    return not witness.application and same_user(witness.value, asked)


def contradicting(state: FlowState) -> Witness | None:
    """The first witness that names another user than the requested one; None if there is none."""
    asked = state.inputs.userid if state.inputs is not None else None
    if not asked:
        return None
    return next((one for one in witnesses(state) if not one.application and not agrees(state, one)), None)


def is_certain(state: FlowState, witness: Witness, listed: frozenset[str]) -> bool:
    """Whether a witness certainly names another person, and not the same one by an internal id: ListUsers lists its id, or the id has the
    format of the requested one. listed: the ids of ListUsers."""
    asked = (state.inputs.userid if state.inputs is not None else None) or ""
    return witness.value in listed or same_id_format(witness.value, asked)


def token_kind(state: FlowState) -> TokenKind | None:
    """Whether the token is the application's own or a user's; None if the answers do not tell."""
    witness = acting(state)
    if witness is None or state.inputs is None:
        return None
    if witness.application and not agrees(state, witness):
        return "generic"
    if state.inputs.userid or witness.source != "claim" or witness.value in listed_ids(state):
        return "user-specific"
    return None


def identity_sentence(state: FlowState) -> str:
    """The user of the token in words without a full stop: "acts for user_7", "acts for the application", "not told whose"."""
    witness = acting(state)
    if witness is None:
        return "not told whose"
    if agrees(state, witness) and state.inputs is not None:
        return f"acts for {_shown(state.inputs.userid or '')}"
    return "acts for the application" if witness.application else f"acts for {_shown(witness.value)}"


def _shown(value: str) -> str:
    return visible(shortened(value, MAX_SHOWN))


def listed_ids(*states: FlowState) -> frozenset[str]:
    """The ids that ListUsers listed in these runs."""
    lists = (
        read_users(probe.exchange.response)
        for state in states
        for probe in state.probes
        if state.inputs and probe.exchange and lists_users(probe.endpoint, state.inputs.dialect)
    )
    return frozenset(user.id for found in lists for user in found.users)


def _claims(state: FlowState) -> dict[str, Any]:
    return json_object(state.token.payload) if state.token is not None and state.token.payload else {}


def _in_claims(state: FlowState) -> Iterator[Witness]:
    claims = _claims(state)
    subject = subject_of(claims)
    if subject is not None:
        # `idtyp` and `gty`: what Entra ID and Auth0 write into the tokens of an application.
        own = claims.get("idtyp") == "app" or claims.get("gty") == "client-credentials"
        yield Witness("claim", *subject, application=own or _is_application(state, subject.value))


def _is_application(state: FlowState, value: str) -> bool:
    client = state.inputs.client_id if state.inputs is not None else ""
    return value in (client, f"app:{client}")


def _beside_token(state: FlowState) -> Iterator[Witness]:
    if state.token_exchange is None:
        return
    body = _body(state.token_exchange.response.body.data)
    yield from (Witness("response", *named) for named in users_named(body) if not _is_application(state, named.value))
    identity = body.get("id_token") if isinstance(body, dict) else None
    view = state.view(identity) if isinstance(identity, str) else None
    subject = subject_of(json_object(view.payload)) if view is not None and view.payload else None
    if subject is not None and not _is_application(state, subject.value):
        yield Witness("response", f"id_token.{subject.path}", subject.value)


def _in_answers(state: FlowState) -> Iterator[Witness]:
    for probe in state.probes:
        if probe.credential == "token" and probe.answer == "accepted":
            named = _owner(probe)
            if named is not None and not _is_application(state, named.value):
                yield Witness("endpoint", *named, endpoint=probe.endpoint.name)


def _owner(probe: ProbeResult) -> Named | None:
    """The only user named in the answer of an endpoint for users; None if it names several, or the endpoint is not for users only."""
    oneself = probe.endpoint.path.partition("?")[0].rstrip("/").rpartition("/")[2].lower() in OF_ONESELF
    if probe.exchange is None or not (oneself or probe.endpoint.generic == "refused"):
        return None
    named = users_named(_body(probe.exchange.response.body.data), whole=oneself)
    first = next(iter(named), None)
    return first if first is not None and all(same_user(first.value, one.value) for one in named) else None


@lru_cache(maxsize=16)
def _body(data: bytes) -> Any:
    return read_json(data).value
