"""Which secrets a recording's inputs would carry to a host that they do not belong to (threats.md F5).

A recording is another's file, and the paths of its dialect and its probes may be absolute URLs. So the origin of every
request counts, not that of the base URL alone; and what the file says of hosts is never enough: they must be the
environment's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import SANDBOX, Environment
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.secret import REFERENCE
from airisk_tui.oauth.urls import endpoint_url, origin


@dataclass(frozen=True, slots=True)
class CarriedSecret:
    """what: a secret, in words; path: of the request that carries it; used: whether it was used with the recorded request
    too, so that it belongs to that one's host; else the run itself makes it anew."""

    what: str
    path: str
    used: bool = False


def sent_to_new_hosts(draft: Draft, recorded: Inputs, environment: Environment) -> tuple[str, ...]:
    """In words what would go where, each as "the client secret would go to https://…"; () when nothing needs to be asked."""
    own = _origins(environment)
    moved: dict[str, list[str]] = {}
    for carried in _carried(draft, recorded):
        there = origin(endpoint_url(draft.base_url, carried.path))
        before = origin(endpoint_url(recorded.base_url, carried.path))
        # The embedded server has another port at each start, and is never given a secret that another server's recording holds.
        same = there == before or draft.environment == SANDBOX
        if there not in own or (carried.used and not same):
            moved.setdefault(there, []).append(carried.what)
    return tuple(
        f"{' and '.join(words)} would go to {place or 'an address that cannot be read'}"
        for place, words in moved.items()
    )


def _origins(environment: Environment) -> set[str]:
    """The origins that a person has named: by the environment's addresses, its dialect and its endpoints."""
    dialect = environment.dialect
    paths = [
        dialect.authorize_path,
        dialect.token_path,
        dialect.list_users_path,
        *(endpoint.path for endpoint in environment.endpoints),
    ]
    urls = [environment.base_url, *(endpoint_url(environment.base_url, path) for path in paths)]
    return {origin(url) for url in urls} - {""}


def _carried(draft: Draft, recorded: Inputs) -> Iterator[CarriedSecret]:
    """The words are grouped by host in this order."""
    authorize, token = draft.dialect.authorize_path, draft.dialect.token_path
    asked = [recorded.client_id, recorded.redirect_uri, recorded.userid or "", *(v for _, v in recorded.params)]
    if any(map(REFERENCE.search, asked)):
        yield CarriedSecret("a secret in the authorization request", authorize, used=True)
    else:
        yield CarriedSecret("the authorization request", authorize)
    if draft.exchange:
        if draft.client_secret is not None:
            yield CarriedSecret("the client secret", token, used=True)
        if draft.bearer is not None:
            yield CarriedSecret("the bearer token of its token request", token, used=True)
        if any(REFERENCE.search(value) for _, value in recorded.token_params):
            yield CarriedSecret("a secret in the token request", token, used=True)
        yield CarriedSecret("the code", token)
        yield from (CarriedSecret("the new token", endpoint.path) for endpoint in draft.probes)
