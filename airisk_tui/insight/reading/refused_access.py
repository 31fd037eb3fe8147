"""Why an endpoint refused a token, by what its answer says: the challenge of RFC 6750 §3 outranks every guess."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from airisk_tui.flow.state import ProbeResult
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Fix, Press, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.filters import request_filter
from airisk_tui.insight.reading.reasons import GATEWAY_KEY, POLICY, of_the_login, says_more
from airisk_tui.insight.reading.run import quoted_error, quoted_refusal, trace
from airisk_tui.insight.rule import Entry, Match
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.challenge import bearer, bearer_error, challenges
from airisk_tui.oauth.answer.endpoints import calls_token_bad
from airisk_tui.oauth.answer.pages import is_web_page
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.dialect import Dialect
from airisk_tui.oauth.http import HttpResponse, header, headers_named

TO_ADMINISTRATOR: Fix = (Ask("give this exchange and the token's claims to the administrator{trace}"),)
BY_NTP = Ask("have the administrator set the servers' clocks by NTP")
PASS_BEARER_ON: Fix = (
    Change("proxy", "let requests with a bearer token through to the API"),
    *otherwise(SetField("base_url", words="the address of the API itself")),
)

entry = partial(Entry, question="access")

REJECTED = entry(
    code="token-rejected",
    title="{endpoint} does not accept the token ({status}), and says why: {words}.",
    cause="The API rejects the token for the reason that it gives.",
    fix=TO_ADMINISTRATOR,
    reference="RFC 6750 §3.1",
    unless="the answer gave no reason of its own",
)
SCOPE = entry(
    code="scope-missing",
    title="{endpoint} refuses the token ({status}): its scope is not enough.{wanted}",
    cause="The token was issued with a smaller scope than this endpoint requires.",
    fix=(Ask("have the administrator give the application {scope}{trace}"), RERUN),
    reference="RFC 6750 §3.1",
    unless="the answer named another error than insufficient_scope, or no scope with a 403",
)
HEADER_LOST = entry(
    code="authorization-header-lost",
    title="{endpoint} answered {status} as to a request without a token, although the request carried one.",
    cause="The Authorization header did not arrive: a proxy in front of the API drops it.",
    runner_up="The API takes the token for another's (issuer, audience, key), and never says why it refuses one.",
    fix=(
        Change("proxy", "pass the Authorization header on to the API"),
        *otherwise(Press("ask-again", ", and ask the administrator what the API logged of it{trace}")),
    ),
    reference="RFC 6750 §3.1",
    unless="the same endpoint accepted a request, or named an error to another token: then the header arrives",
    certainty="unknown",
)
OTHER_SCHEME = entry(
    code="endpoint-other-login",
    title="{endpoint} asks for another login than a bearer token ({status}): {scheme}.",
    cause="Something in front of the API has an authentication of its own, and the token does not count there.",
    fix=PASS_BEARER_ON,
    reference="RFC 9110 §11.6.1",
    unless="a Bearer challenge stood in the answer without an address for a log-in",
    certainty="likely",
)
FRESH = entry(
    code="fresh-token-refused",
    title="{endpoint} does not accept the token that was issued a moment before ({status}).",
    cause="The API checks another issuer, audience or key than the token endpoint uses, or another instance answered.",
    runner_up="The clocks of the two differ.",
    fix=(Press("ask-again"), *provided("if it stays", *TO_ADMINISTRATOR)),
    reference="RFC 6750 §3.1; protocol.md, step 3",
    unless="the answer gave a reason, or something in front of the API had answered",
    certainty="unknown",
)
IN_FRONT = entry(
    code="endpoint-front-refused",
    title="Something in front of the API refused {endpoint} ({status}), whatever the token is: {words}.",
    cause="{why}",
    fix=PASS_BEARER_ON,
    reference="RFC 9110 §15.5.2, §15.5.4",
    certainty="likely",
    unless="the answer had a bearer challenge, or named neither a key of a gateway, nor a network, nor a filter",
)
ENTRIES = (REJECTED, SCOPE, HEADER_LOST, OTHER_SCHEME, IN_FRONT, FRESH)
"""The entries in the order in which they are looked for."""


class Reason(NamedTuple):
    """A reason that APIs give in words. signs: words of a description, in lower case; the first that stands there decides."""

    signs: tuple[str, ...]
    cause: str
    fix: Fix = TO_ADMINISTRATOR


REASONS = (
    Reason(
        ("'(null)'", "'null'"),
        "The API finds no such claim in the token: it is not there, or the API cannot read the token.",
        (Ask("have the administrator compare what the API reads with the token's claims{trace}"),),
    ),
    Reason(
        ("audience", "aud "),
        "The token is issued for another audience than this API expects.",
        (Ask("have the administrator set the audience of the API and of the token to the same value{trace}"),),
    ),
    Reason(
        ("issuer", "iss "),
        "The API trusts another issuer than the one that made the token.",
        (Ask("have the administrator set the API to the issuer of this token endpoint{trace}"),),
    ),
    Reason(
        ("signature", "signing key", "security key", "verification fail"),
        "The API cannot verify the token's signature: it has another key than the token endpoint signs with.",
        (Ask("have the administrator give the API the signing key of the token endpoint{trace}"),),
    ),
    Reason(
        ("expired", "lifetime"),
        "The API takes the token as expired: its lifetime has ended, or the clocks of the two servers differ.",
        (RERUN, *otherwise(BY_NTP, when="if it stays")),
    ),
    Reason(
        ("not valid before", "not yet", "nbf"),
        "The API takes the token as not yet valid: the clocks of the two servers differ.",
        (BY_NTP,),
    ),
    Reason(("revoked",), "The token was revoked.", (RERUN,)),
)
"""Reasons that APIs write into `error_description`, ASP.NET's among them."""


def refusal(probe: ProbeResult, others: tuple[ProbeResult, ...], dialect: Dialect) -> tuple[Entry, Match] | None:
    """Why this endpoint refused the run's token, as far as its answer says; None for a 403 without a reason.

    others: all probes, by which it is known whether the API tells reasons at all.
    """
    if probe.exchange is None or probe.answer != "refused":
        return None
    response = probe.exchange.response
    found = challenges(response.headers)
    asked = bearer(found)
    if found and found[0].scheme.lower() == "dpop":
        return OTHER_SCHEME, replace(matched(probe, response, scheme="“DPoP”"), cause=_PROOF, fix=_UNBOUND)
    if found and (asked is None or asked.get("authorization_uri")):
        scheme = quoted(asked.get("authorization_uri") if asked else found[0].scheme)
        return OTHER_SCHEME, matched(probe, response, scheme=scheme)
    code, wanted = bearer_error(response), asked.get("scope") if asked is not None else ""
    if code == "insufficient_scope" or (response.status == 403 and wanted):
        return SCOPE, _scope(probe, response, wanted, dialect)
    said = (asked.get("error_description") if asked is not None else "") or _words(response)
    told_why = _reason(said) or said != _words(response) or "token" in said.lower()
    if said and (code == "invalid_token" or (response.status == 401 and told_why) or calls_token_bad(said.lower())):
        return REJECTED, _rejected(probe, response, said)
    why = _in_front(response) if asked is None else None
    if why is not None:
        return IN_FRONT, matched(probe, response, words=quoted_refusal(response), why=why)
    if response.status != 401 and code != "invalid_token":
        return None
    if asked is not None and not asked.get("error") and not _tells_reasons(probe, others):
        return HEADER_LOST, matched(probe, response)
    return FRESH, matched(probe, response)


_PROOF = "The API takes tokens with a proof of possession only (DPoP), and this token is not bound to a key."
_UNBOUND: Fix = (
    Change("registration", "have the application registered for tokens without such a proof"),
    *otherwise(Change("client", "call the API with a client that makes the proof")),
)


def _in_front(response: HttpResponse) -> str | None:
    """The cause if something in front of the API refused, by words that speak of no token; else None."""
    words = refusal_text(response)
    if GATEWAY_KEY.search(words):
        return "An API gateway wants a key of its own with each request (a subscription key, an API key)."
    if (header(response.headers, "x-amzn-errortype") or "").startswith("MissingAuthenticationToken"):
        return "The API gateway has no such path: Amazon's says so of every path that it does not know."
    if POLICY.search(words):
        return "A rule about networks or devices refuses this machine."
    found = request_filter(response)
    if found is not None:
        return f"{found[0].who} refuses the request."
    if is_web_page(response):
        return "A gateway, a firewall or the web server itself refused: the answer is a page for people, and no data."
    if "cors" in words.split():
        return "The API's check of the page's origin (CORS) refused a request that has none."
    return None


def by_words(response: HttpResponse, match: Match) -> Match:
    """The match of a refusal with 403, with what its own words tell of the user or of a policy, if they tell something."""
    words = quoted_refusal(response) if response.body.data.strip() else quoted(_words(response))
    if words.startswith("“") and " " in words:
        match = match.with_evidence(Evidence("In its words", words))
    if not says_more(response) and (response.body.data.strip() or not words.strip("“”")):
        return replace(match, certainty="unknown")
    reason = of_the_login(refusal_text(response) or words.lower())
    if reason is None:
        fix = (Ask("give these words to the administrator, who knows what they ask for"),)
        return match.with_values(words=words).because("Its words give the reason: {words}.", fix, "unknown")
    unnamed = {"client_id": "the application", "trace": "", "base_url": "the deployment"}
    return match.with_values(**unnamed | dict(match.values)).because(reason.cause, reason.fix, "likely")


def _tells_reasons(probe: ProbeResult, others: tuple[ProbeResult, ...]) -> bool:
    """Whether this endpoint named an error in answer to another request with a token: then the header arrives."""
    same = [other for other in others if other.endpoint == probe.endpoint and other.credential != "none"]
    asked = [bearer(challenges(one.exchange.response.headers)) for one in same if one.exchange is not None]
    return any(one.answer == "accepted" for one in same) or any(each and each.get("error") for each in asked)


def _words(response: HttpResponse) -> str:
    """The words of a refusal's body beside its code; without a body, those of a header of the platform's own."""
    error = read_error(response)
    if error.form == "empty":
        return next((value for name, value in response.headers if _DIAGNOSIS.match(name) and " " in value), "")
    told = error.code if error.form == "text" or " " in error.code else ""
    return "" if error.form == "html" else error.description or told


_DIAGNOSIS = pattern(r"x-.*(?:diagnos|error|reason|message)", re.IGNORECASE)


def _scope(probe: ProbeResult, response: HttpResponse, scope: str, dialect: Dialect) -> Match:
    said = _words(response)
    wanted = f" It requires {quoted(scope)}." if scope else f" It says {quoted(said)}." if said else ""
    named = f"the scope {quoted(scope)}" if scope else "the scope that this endpoint requires"
    match = matched(probe, response, wanted=wanted, scope=named, exact=quoted(scope))
    if scope and dialect.name == "standard":
        return replace(match, fix=(SetField("params.scope", "{exact}"), RERUN, *otherwise(*SCOPE.fix[:1])))
    return match


def _reason(said: str) -> Reason | None:
    lowered = f"{said.lower()} "
    return next((each for each in REASONS if any(sign in lowered for sign in each.signs)), None)


_SEVERAL = pattern(
    r"\b(?:invalid|expired|revoked|malformed|unknown|missing)\b(?:,|/| or\b)|\bor\b[^.]{0,20}\b(?:expired|revoked|invalid|malformed)\b"
)
_ONE_OF_SEVERAL = "Its words name more than one reason, and do not say which of them holds."


def _rejected(probe: ProbeResult, response: HttpResponse, said: str) -> Match:
    reason = _reason(said)
    match = matched(probe, response, words=quoted(said))
    if _SEVERAL.search(said.lower()):
        return match.because(_ONE_OF_SEVERAL, FRESH.fix, "unknown")
    return match if reason is None else replace(match, cause=reason.cause, fix=reason.fix)


def matched(probe: ProbeResult, response: HttpResponse, **values: str) -> Match:
    """A match with the values that every finding about an endpoint needs: its answer as evidence, and the words for another credential."""
    name, error = probe.endpoint.name, read_error(response)
    says = quoted_refusal(response) if error.form == "html" and response.status >= 400 else quoted_error(error)
    evidence = [Evidence(quoted(name), f"{response.status}, {says}", Pointer("access", "response", name))]
    for challenge in headers_named(response.headers, "www-authenticate"):
        evidence.append(Evidence("WWW-Authenticate", quoted(challenge), Pointer("access", "header", name)))
    shown = {"endpoint": quoted(name), "status": str(response.status), "trace": trace(error)}
    return Match(shown | values, tuple(evidence))
