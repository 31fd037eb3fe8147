"""A step with the token that the server did not take: userinfo, introspection, refresh, revocation."""

from __future__ import annotations

from airisk_tui.flow.follow_ups import is_as_due
from airisk_tui.flow.state import Followed
from airisk_tui.insight.advice.transport import REQUESTS, fault_sentence
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, otherwise
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import words
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.oauth.challenge import bearer, bearer_error, challenges
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.server_error import read_error


def _followed(context: Context) -> str | None:
    return None if context.state.followed else "nothing was done with the token"


rules = RuleSet("Steps with the token", _followed)

ASK: Fix = (
    Ask(
        "ask the operator of the server to let this client do that, or to say what it lacks",
        whom="the operator of the server",
    ),
)


@rules.add(
    "follow-up-refused",
    title="The server did not do what the {request} asks for: {said}.",
    cause="The client may not use this endpoint, or the endpoint expects another client authentication.",
    fix=ASK,
    reference="RFC 6750 §3; RFC 7662 §2.3; RFC 7009 §2.2; RFC 6749 §5.2",
    unless="the server accepted the request, or could not be reached",
    certainty="likely",
)
def refused(context: Context) -> Match | None:
    one = next((one for one in context.state.followed if not is_as_due(context.state, one)), None)
    if one is None:
        return None
    if one.exchange is None:
        sentence = fault_sentence(one.failed.fault, one.failed.request, one.step) if one.failed is not None else ""
        values = {"request": REQUESTS[one.step], "said": sentence.rstrip(".") or "no answer came"}
        return Match(values, cause=_NO_ANSWER, fix=(RERUN,))
    response = one.exchange.response
    cause, fix = _by_challenge(one, response)
    if cause is None and context.inputs.dialect.client_auth == "none" and response.status == 401:
        cause, fix = _CONFIDENTIAL, _SHOW
    values = {"request": REQUESTS[one.step], "said": f"{response.status_line}, {words(read_error(response))}"}
    return Match(values, tuple(_evidence(response)), cause=cause, fix=fix)


_NO_ANSWER = "No answer came to this step, so it is not known what the server does there."
_PROOF = "This endpoint takes a token only with a proof of possession (DPoP), which this program does not speak."
_NO_PROOF: Fix = (
    Change("registration", "have the client registered for tokens that are not bound to a key"),
    *otherwise(Do("leave this step out"), RERUN),
)
_CONFIDENTIAL = "This endpoint is for clients that can show who they are, and the run was that of a public client."
_SHOW: Fix = (
    Do("leave this step out"),
    *otherwise(SetField("client_secret", words="that of this client where it is a confidential one"), RERUN),
)


def _by_challenge(one: Followed, response: HttpResponse) -> tuple[str | None, Fix | None]:
    """What `WWW-Authenticate` says of the token (RFC 6750 §3.1)."""
    if any(found.scheme.lower() == "dpop" for found in challenges(response.headers)):
        return _PROOF, _NO_PROOF
    error = bearer_error(response) if one.step == "userinfo" else ""
    if error == "insufficient_scope":
        asked = bearer(challenges(response.headers))
        scope = asked.get("scope") if asked is not None else ""
        needed = SetField("scope", scope) if scope else SetField("scope", words="what this endpoint needs")
        return "The token has not the scope that this endpoint needs.", (needed, RERUN)
    if error == "invalid_token":
        return "The server takes the token for expired, revoked or malformed, or for that of another resource.", (
            RERUN,
            *ASK,
        )
    return None, None


def _evidence(response: HttpResponse) -> list[Evidence]:
    asked = header(response.headers, "www-authenticate")
    return (
        [Evidence("WWW-Authenticate", quoted(asked), Pointer("access", "header", "WWW-Authenticate"))] if asked else []
    )
