"""Which secrets a rerun would send to a host that they do not belong to (threats.md F5).

A recording may come from somebody else, and the paths of its dialect and its probes may be absolute URLs. So the origin of
every request is looked at, not only the base URL's; and an origin that stands only in the recording is new: the person has
named those of the environment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import Environment
from airisk_tui.flow.fields import EMBEDDED
from airisk_tui.flow.inputs import Inputs
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.urls import endpoint_url, origin


class CarriedSecret(Struct, frozen=True):
    """what: the secret, in words; path: of the request that carries it; used: whether the recorded request carried it too, so
    that it belongs to that request's host. A secret that the new run itself makes belongs to no host yet."""

    what: str
    path: str
    used: bool = False


def sent_to_new_hosts(draft: Draft, recorded: Inputs, environment: Environment) -> tuple[str, ...]:
    """Sentences such as "the client secret would go to https://…", one for each new host; () when there is none to ask about."""
    own = environment_origins(environment)
    moved: dict[str, list[str]] = {}
    for carried in _carried(draft, recorded):
        there = origin(endpoint_url(draft.issuer or draft.base_url, carried.path))
        before = origin(endpoint_url(recorded.base_url, carried.path))
        # The embedded server gets another port at each start, and no secret of another server's recording ever.
        same = there == before or draft.environment in EMBEDDED
        if there not in own or (carried.used and not same):
            moved.setdefault(there, []).append(carried.what)
    return tuple(
        f"{' and '.join(words)} would go to {place or 'an address that cannot be read'}"
        for place, words in moved.items()
    )


def run_origins(draft: Draft, environment: Environment | None) -> frozenset[str]:
    """The origins that the secrets of a run may go to: those of its own requests, and of its environment's endpoints."""
    return _origins(draft, (*draft.probes, *(environment.endpoints if environment is not None else ())))


def bound(draft: Draft) -> Draft:
    """The draft with its client secret for its own requests alone, where it has come without a server that it is for."""
    secret, origins = draft.client_secret, _origins(draft, draft.probes)
    if secret is None or secret.origins is not None or not origins:
        return draft
    return draft.to(client_secret=Secret(secret.reveal(), origins))


def agreed(draft: Draft) -> Draft:
    """The draft whose client secret may go where it is sent, because the person was asked."""
    secret = draft.client_secret
    if secret is None or secret.origins is None:
        return draft
    return draft.to(client_secret=Secret(secret.reveal(), secret.origins | _origins(draft, draft.probes)))


def stranger_to_the_secret(draft: Draft) -> str:
    """The origin that the token request would carry the client secret to, though it was given for another; "" for none."""
    secret, there = draft.client_secret, origin(draft.token_url)
    if secret is None or secret.origins is None or not draft.exchange or draft.environment in EMBEDDED:
        return ""
    return "" if there in secret.origins else there


def environment_origins(environment: Environment) -> frozenset[str]:
    """The origins that the person named: those of the environment's addresses, its dialect and its endpoints."""
    return _origins(environment, environment.endpoints)


def _origins(of: Draft | Environment, endpoints: Iterable[Endpoint]) -> frozenset[str]:
    dialect, base_url = of.dialect, of.issuer or of.base_url
    paths = (*dialect.addresses, *(one.path for one in endpoints))
    urls = (base_url, *(endpoint_url(base_url, path) for path in paths))
    return frozenset(map(origin, urls)) - {""}


def _carried(draft: Draft, recorded: Inputs) -> Iterator[CarriedSecret]:
    """Every secret that the draft's requests carry, in the order of the sentences."""
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
