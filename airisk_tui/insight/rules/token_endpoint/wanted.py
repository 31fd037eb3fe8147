"""The token endpoint wants what no token request can hold: a proof of possession (RFC 9449 §8), or another log-in, user or policy."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.insight.blame import all_blamed, said, without
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import Ask, Change, Rerun, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import token_refused
from airisk_tui.insight.reasons import PROOF, of_the_login
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import own_values
from airisk_tui.insight.rules.token_endpoint import answer, exchange, matched
from airisk_tui.oauth.http import header


def _in_words(context: Context) -> bool:
    return token_refused(context) and answer(context).kind == "refused"


rules = RuleSet("Beyond the token request", _in_words, "token")


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
    "token-user-refused",
    title="The token endpoint said {words}: that speaks of the log-in, of the user or of a policy, and not of the token request.",
    cause="The server refuses for a reason that lies in the log-in of step 1.",
    fix=(Rerun("browser"), *provided("if it stays", Ask("ask the administrator about it{trace}"))),
    reference="RFC 6749 §5.2; OpenID Connect Core §3.1.2.6",
    certainty="likely",
    unless="the words named the code, the client or a field of the token request, too",
)
def token_user_refused(context: Context) -> Match | None:
    words = without(said(exchange(context).response), own_values(context))
    reason = of_the_login(words)
    if reason is None or set(all_blamed(words)) & {"code", "client_secret", "redirect_uri", "code_verifier"}:
        return None
    return replace(matched(context), cause=reason.cause, fix=reason.fix)
