"""What was observed of a refusal in step 1, as small readings that several rules share (protocol.md, outcomes).

AIRisk answers an unknown client, redirect URI or user id with the same bare 401, so the rules reason from what is registered,
as far as it is known, and from what changed since a run that got further.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.blame import either, said
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import closest, split_url
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.quoting import listed
from airisk_tui.insight.readings import authorization_unanswered, json_object, reached_code, told, trace
from airisk_tui.insight.reasons import of_the_browser, says_more
from airisk_tui.insight.rule import Match
from airisk_tui.insight.rules.authorization.blamed import name_of, own_values
from airisk_tui.insight.rules.authorization.reading import exchange
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.loopback import is_loopback
from airisk_tui.oauth.pages import is_web_page
from airisk_tui.oauth.server_error import read_error, refuses

UNKNOWN = frozenset({400, 401, 403})
"""What servers answer when they do not know a client, a URI or a user."""

GATEWAY_SCHEMES = ("basic", "digest", "ntlm", "negotiate")
"""RFC 9110 §11: what a gateway asks of a browser, and no AIRisk server does at this endpoint."""

UNLIKE = "None of the registered redirect URIs resembles it."
"""The cause where there is no difference to point at."""

CLOSEST = ("sent", "closest")
"""The names of a value that was sent and of the one that it was meant to be, most likely."""


def refused(context: Context) -> str | None:
    """Needs: the authorization endpoint refused, in words that are AIRisk's and not a gateway's, or in words that name a
    parameter of the request."""
    missing = authorization_unanswered(context)
    if missing is not None:
        return missing
    response = exchange(context).response
    told = response.status >= 400 or refuses(json_object(response) or {})
    if _own(response) or (told and (named(context) or either(said(response), own_values(context)))):
        return None
    return "the authorization endpoint did not refuse in its own words"


def _own(response: HttpResponse) -> bool:
    """Whether a refusal may be the application's own, that of a client that it does not know: in a form of OAuth or of AIRisk
    (RFC 9457), or without any words; other words that name no parameter are somebody else's."""
    scheme = (header(response.headers, "www-authenticate") or "").strip().lower()
    if response.status not in UNKNOWN or is_web_page(response) or scheme.startswith(GATEWAY_SCHEMES):
        return False
    form = read_error(response).form
    silent = not says_more(response) and response.status != 403
    return (form in ("oauth", "problem") or silent) and of_the_browser(said(response)) is None


def named(context: Context) -> str:
    """The parameter of the request that the server's words blame, as RFC 6749 or AIRisk spells it, or ""."""
    return name_of(context, said(exchange(context).response))


def matched(context: Context, *evidence: Evidence, **values: str) -> Match:
    """A match with the values that all rules here need, and the answer as the last evidence."""
    response = exchange(context).response
    error = read_error(response)
    own = told(response)
    answer = Evidence("The answer", f"{response.status}, {own}", Pointer("authorization-request", "response"))
    shown = {
        "status": str(response.status),
        "words": own,
        "trace": trace(error),
    }
    return Match(shown | values, (*evidence, answer))


class Proposal(Struct, frozen=True):
    """What to set in place of a value that the deployment does not have. alike: whether that value is a misspelling of it;
    where it resembles none, the evidence lists those that the deployment has."""

    value: str
    alike: bool
    evidence: Evidence


def proposal(label: str, name: str, sent: str, there: Sequence[str], otherwise: str) -> Proposal:
    """The closest of what is there, or `otherwise`. name: of the parameter."""
    place, near = Pointer("authorization-request", "parameter", name), closest(sent, there)
    if near is None:
        return Proposal(otherwise, False, Evidence(f"{label}s that are known", listed(there), place))
    return Proposal(near, True, pair(f"{label}, and the closest there is", sent, near, place, CLOSEST))


def unregistered(context: Context) -> Proposal | None:
    """The registered redirect URI to use, when it is known that ours is not among them: where it resembles none, the first
    that a listener on this machine can hear."""
    there = context.registered
    if not there or context.inputs.redirect_uri in there:
        return None
    heard = next((uri for uri in there if (parts := split_url(uri)) and is_loopback(parts.hostname or "")), there[0])
    return proposal("Redirect URI", "redirect_uri", context.inputs.redirect_uri, there, heard)


def user(context: Context) -> tuple[str, ...]:
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


def client_known(context: Context) -> bool | None:
    """Whether the deployment has the application; None where that is not known."""
    clients = context.state.known.clients
    return None if clients is None else context.inputs.client_id in clients
