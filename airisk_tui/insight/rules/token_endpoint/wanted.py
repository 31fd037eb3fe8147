"""The token endpoint wants what no token request of this program can hold: a proof of possession, or a person (RFC 9449 §8)."""

from __future__ import annotations

from airisk_tui.insight.blame import said
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import Ask, Change, Do, Rerun, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import token_refused
from airisk_tui.insight.reasons import PROOF, SECOND_FACTOR
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token_endpoint.reading import answer, exchange, matched
from airisk_tui.oauth.http import header


def _needs(context: Context) -> str | None:
    missing = token_refused(context)
    if missing is not None:
        return missing
    return None if answer(context).kind == "refused" else "the token endpoint did not refuse the request in words"


rules = RuleSet("Beyond the token request", _needs, "token")


@rules.add(
    "token-proof-wanted",
    title="The token endpoint said {words}: it wants a proof of possession (DPoP) with the request.",
    cause="The deployment gives tokens for {client_id} only to clients that prove a key of their own, and this program proves none.",
    fix=(
        Change("registration", "have {client_id} registered for tokens that are not bound to a key"),
        *otherwise(Ask("ask for an application of which no proof is required")),
    ),
    reference="RFC 9449 §5, §8",
    unless="neither the answer's words nor a DPoP-Nonce header spoke of such a proof",
)
def token_proof_wanted(context: Context) -> Match | None:
    nonce = header(exchange(context).response.headers, "dpop-nonce")
    if nonce is None and not PROOF.search(said(exchange(context).response)):
        return None
    if nonce is None:
        return matched(context)
    return matched(context, Evidence("DPoP-Nonce", quoted(nonce, 60), Pointer("token-request", "header", "DPoP-Nonce")))


@rules.add(
    "token-interaction-wanted",
    title="The token endpoint said {words}: a person has to log in once more, and no token request can do that.",
    cause="A policy of the deployment asks for a further step of the log-in, such as a second factor, which the log-in of step 1 left out.",
    fix=(
        Rerun("browser", " in a private window"),
        Do("log in there with the second factor"),
        *provided("if it is not asked for", Ask("ask the administrator which policy applies to {client_id}{trace}")),
    ),
    reference="OpenID Connect Core §3.1.2.6",
    unless="the words of the refusal named no further step of a log-in",
)
def token_interaction_wanted(context: Context) -> Match | None:
    return matched(context) if SECOND_FACTOR.search(said(exchange(context).response)) else None
