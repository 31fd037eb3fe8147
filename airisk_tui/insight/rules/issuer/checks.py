"""A finding for each check of what came that is wrong, or could not be done because of the server (`flow.reading.checks`); and a step with
the token that the server did not take: userinfo, introspection, refresh, revocation."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal, NamedTuple
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from msgspec.structs import replace

from airisk_tui.flow.reading.checks import CLOCK_SKEW, Check, CheckName, Result, checks
from airisk_tui.flow.reading.follow_ups import is_as_due
from airisk_tui.flow.state import Followed
from airisk_tui.insight.advice.transport import REQUESTS, fault_sentence
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Pointer, Step, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.clock import SET_THE_CLOCK, differing, server_now
from airisk_tui.insight.reading.clues import by_clues
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.refused_access import SCOPE_WORDS, reason_of
from airisk_tui.insight.reading.run import MAX_WORDS, quoted_error, quoted_refusal
from airisk_tui.insight.rule import Entry, Match, Rule, RuleSet
from airisk_tui.insight.rules.issuer import OPERATOR, REPORT, REPORT_IF_IT_STAYS
from airisk_tui.insight.words.checks import NAMES, check_words
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.answer.challenge import bearer, bearer_error, challenges
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.text.lenient_json import json_object, read_members, text_in


class Fault(Entry, frozen=True, kw_only=True):
    """The entry of the finding about one check. check: its name, "" where that is the code; result, reasons: those of the check that
    the finding is for, () for all reasons; step: where the evidence stands."""

    fix: Fix = (REPORT,)
    certainty: Certainty = "likely"
    check: CheckName | Literal[""] = ""
    result: Result = "wrong"
    reasons: tuple[str, ...] = ()
    step: Step = "token"

    def is_for(self, check: Check) -> bool:
        """Whether a check of this result is the one that the finding is about."""
        of_reason = not self.reasons or check.reason in self.reasons
        return check.name == (self.check or self.code) and check.result == self.result and of_reason


CORE = "OpenID Connect Core 1.0"
REPLACED = "The token belongs to another sign-in: the server mixes requests up, or somebody put it in the place of the right one."
SUBSTITUTED = "The server mixes sign-ins up, or somebody replaced the access token (token substitution)."
CLAIM_LEFT_OUT = "The server leaves out a claim that every ID token has."

ALLOW = Ask("ask the operator of the server to allow it for this client", OPERATOR)
COMPARE_CLOCKS: Fix = (Ask("have the operator compare the server's clock with this machine's", OPERATOR),)

FAULTS = (
    Fault(
        code="iss-mismatch",
        check="iss",
        title="The redirect came from another issuer than the one that was asked: iss is another.",
        cause="Another server answered in the place of the right one (a mix-up), or the server writes its issuer in two ways.",
        reference="RFC 9207 §2.4",
        unless="the two were equal, character by character (RFC 9207 §2.4)",
        reasons=("other",),
        step="redirect",
    ),
    Fault(
        code="iss-missing",
        check="iss",
        title="The redirect carries no iss, although the metadata announces one.",
        cause="The server does not do what its metadata says, or something between took the parameter away.",
        reference="RFC 9207 §2.4",
        unless="the metadata did not promise it",
        reasons=("missing",),
        step="redirect",
    ),
    Fault(
        code="pkce-not-enforced",
        check="pkce",
        title="The server issued a token for a code_verifier that does not fit the code_challenge: it does not enforce PKCE.",
        cause="The server takes the parameters and compares nothing, so a code that somebody intercepts is as good as without PKCE.",
        reference="RFC 7636 §4.6; RFC 9700 §2.1.1",
        unless="the server refused a wrong verifier",
        reasons=("not-enforced",),
        step="token-request",
    ),
    Fault(
        code="code-accepted-twice",
        check="code-again",
        title="The server took the same code a second time and issued another token.",
        cause="The server does not remember which codes were redeemed, so a code that somebody intercepts is good beside the right use.",
        reference="RFC 6749 §4.1.2, §10.5; RFC 9700 §2.1.1",
        unless="the second exchange were refused",
        reasons=("accepted",),
        step="access",
    ),
    Fault(
        code="response-mode-ignored",
        check="response-mode",
        title="The answer came by another response mode than the one that was asked for: {came}.",
        cause="The server does not speak the response mode, whether its metadata names it or not.",
        fix=(SetField("response_mode", "{came}"), Ask("have the server speak the response mode", OPERATOR)),
        reference="OpenID OAuth 2.0 Multiple Response Type Encoding Practices §2.1",
        unless="the answer came as it was asked for",
        severity="warning",
        step="redirect",
    ),
    Fault(
        code="token-type-other",
        check="token-type",
        title="The token is of another type than Bearer, and this program can use no other.",
        cause="The server binds its tokens to a key of the client (DPoP, mutual TLS), or names the type otherwise than it is registered.",
        reference="RFC 6749 §7.1; RFC 6750 §4",
        unless="the type were Bearer, in any case of its letters",
        reasons=("other",),
    ),
    Fault(
        code="scope-narrowed",
        check="scope",
        title="The token allows less than was asked for.",
        cause="The person agreed to less, or the client may not have the rest.",
        fix=(SetField("scope", words="what the client may have"), *otherwise(ALLOW)),
        reference="RFC 6749 §3.3, §5.1",
        unless="the scope that came held all that was asked for",
        severity="warning",
    ),
    Fault(
        code="id-token-missing",
        check="id-token",
        title="The server issued no ID token, although the scope openid was asked for.",
        cause="The client may not use OpenID Connect there, or the server does not speak it.",
        fix=(SetField("scope", "none"), *otherwise(ALLOW)),
        reference=f"{CORE} §3.1.3.3",
        unless="the scope openid was not asked for, or not granted",
        reasons=("missing",),
    ),
    Fault(
        code="id-token-signature",
        title="The signature of the ID token cannot be verified: {words}.",
        cause="The server signs with a key that it does not publish (a change of keys, or several instances), or the token was changed.",
        reference=f"{CORE} §3.1.3.7; RFC 7515 §5.2",
        unless="a key of the server's document verified it, also after the document was asked for anew",
    ),
    Fault(
        code="keys-missing",
        check="id-token-signature",
        title="The server's keys could not be had, so that nothing proves who made the ID token.",
        cause="The metadata names no keys, or there are none at the address that it names.",
        reference=f"{CORE} §10.1.1; RFC 8414 §2",
        unless="the server's keys came",
        severity="warning",
        reasons=("no-keys",),
        result="not-done",
    ),
    Fault(
        code="id-token-alg",
        title="The ID token is signed by an algorithm that the metadata does not name: {came}.",
        cause="The server signs otherwise than it announces. A client that takes any algorithm can be made to take a forged token.",
        reference=f"{CORE} §3.1.3.7; RFC 8725 §3.1",
        unless="the algorithm stood among those that the metadata announces",
    ),
    Fault(
        code="id-token-iss",
        title="The ID token names another issuer than the metadata.",
        cause="The server writes its issuer in two ways, often behind a proxy, or the token is another server's.",
        reference=f"{CORE} §3.1.3.7",
        unless="the two were equal, character by character",
    ),
    Fault(
        code="id-token-aud",
        title="The ID token is for another client: its aud does not name this one.",
        cause=REPLACED,
        reference=f"{CORE} §3.1.3.7",
        unless="the client ID stood among the audiences",
    ),
    Fault(
        code="id-token-azp",
        title="The ID token was issued to another client: its azp does not name this one.",
        cause=REPLACED,
        reference=f"{CORE} §3.1.3.7",
        unless="the claim named the client ID, or the token had one audience and no such claim",
    ),
    Fault(
        code="id-token-sub",
        title="The ID token names nobody: sub is missing.",
        cause=CLAIM_LEFT_OUT,
        reference=f"{CORE} §2",
        unless="the claim were a text that is not empty",
    ),
    Fault(
        code="id-token-exp",
        title="The exp of the ID token does not lie ahead: {words}.",
        cause="The server repeats a token that it issued earlier, or the clocks differ and its answer does not tell its own.",
        fix=COMPARE_CLOCKS,
        reference=f"{CORE} §3.1.3.7",
        unless="the moment lay ahead, with an allowance for two clocks",
    ),
    Fault(
        code="id-token-iat",
        title="The ID token does not say that it has been issued already: {words}.",
        cause="The server leaves the claim out, or the clocks differ and its answer does not tell its own.",
        fix=COMPARE_CLOCKS,
        reference=f"{CORE} §3.1.3.7",
        unless="the moment lay behind, with an allowance for two clocks",
    ),
    Fault(
        code="id-token-nonce",
        title="The ID token does not repeat the nonce of this run: {words}.",
        cause=REPLACED,
        reference=f"{CORE} §3.1.3.7",
        unless="the claim repeated the nonce that was sent",
    ),
    Fault(
        code="id-token-at-hash",
        title="The ID token belongs to another access token: at_hash is another.",
        cause="The two tokens were not issued together, or the server computes the hash wrongly.",
        reference=f"{CORE} §3.1.3.8",
        unless="the hash were that of the access token beside it",
    ),
    Fault(
        code="id-token-c-hash",
        title="The ID token belongs to another code: c_hash is another.",
        cause="The ID token and the code were not issued together, or the server computes the hash wrongly.",
        reference=f"{CORE} §3.3.2.11",
        unless="the hash were that of the code",
    ),
    Fault(
        code="userinfo-other-user",
        check="userinfo",
        title="Userinfo tells of another user than the ID token.",
        cause=SUBSTITUTED,
        reference=f"{CORE} §5.3.2",
        unless="both named the same subject",
        reasons=("other", "missing"),
        step="access",
    ),
    Fault(
        code="introspection-inactive",
        check="introspect",
        title="Introspection says that the token is not active, although it has just been issued.",
        cause="The client may not introspect this token, the two endpoints do not share their tokens, or the token was revoked at once.",
        reference="RFC 7662 §2.2",
        unless="the answer called the token active, or the token had been revoked by this run",
        reasons=("inactive",),
        step="access",
    ),
    Fault(
        code="revocation-ignored",
        check="revocation",
        title="The token is still good, although the server said that it revoked it.",
        cause="The server answers a revocation without carrying it out, or the endpoint that was asked does not hear of it.",
        reference="RFC 7009 §2, §2.2",
        unless="the token were refused afterwards",
        step="access",
    ),
    Fault(
        code="refresh-narrowed",
        check="refresh",
        title="The refreshed token allows less than the first one.",
        cause="The server has taken rights from the client or the person, or a refresh needs the scope in its request.",
        reference="RFC 6749 §6",
        unless="the refreshed token had the scope of the first",
        severity="warning",
        reasons=("narrowed",),
        step="access",
    ),
    Fault(
        code="refresh-not-rotated",
        check="refresh-rotation",
        title="The refresh token of a public client stays the same after its use.",
        cause="The server does not rotate refresh tokens, so that a stolen one stays good and nobody notices.",
        reference="RFC 9700 §2.2.2, §4.14.2",
        unless="another refresh token came, or the client were a confidential one",
        severity="warning",
        step="access",
    ),
)


REGISTERED = Change("registration", "have the client registered for signed ID tokens, by an algorithm of the metadata")


class Reason(NamedTuple):
    """What the reason of a check tells beyond its finding."""

    cause: str
    runner_up: str = ""
    fix: Fix = (REPORT,)


UNSIGNED = Reason(
    "The server issues ID tokens without a signature (alg none), for all clients or as this one is registered.",
    fix=(REGISTERED,),
)
NO_NUMBER = Reason("The server writes the moment as {came}, where RFC 7519 has seconds: strict clients refuse it.")

BY_REASON: dict[tuple[str, str], Reason] = {
    ("id-token-signature", "unsigned"): UNSIGNED,
    ("id-token-alg", "unsigned"): UNSIGNED,
    ("id-token-alg", "other"): Reason(
        "The application is registered for that algorithm, or the metadata leaves it out.",
        "The token was put in the place of the right one: a client that takes any algorithm can be deceived so.",
        (REGISTERED, *otherwise(Ask("have the metadata name it", OPERATOR))),
    ),
    ("id-token-aud", "other"): Reason(
        "The server issues its ID tokens for {came}: another application than {client_id} logs in, here or in front of it.",
        REPLACED,
        (
            SetField("client_id", "{came}", words=", if that is this application"),
            RERUN,
            *otherwise(Ask("ask which application logs in there", OPERATOR)),
        ),
    ),
    ("id-token-iss", "other"): Reason(
        "The server writes its issuer in two ways, often behind a proxy: in its ID tokens it is {came}.",
        "The token is another server's.",
        (SetField("issuer", "{came}", words=", if that is the server that you mean"), RERUN, *otherwise(REPORT)),
    ),
    ("userinfo-other-user", "missing"): Reason(
        "The server gives the user's id another name, or leaves it out, so nobody can tell whose data these are.",
        fix=(Ask("ask the operator of the server to name the subject there as in the ID token", OPERATOR),),
    ),
    ("userinfo-other-user", "other"): Reason(
        SUBSTITUTED, "The server knows one user by two ids, and writes another one here than in the ID token."
    ),
    ("id-token-exp", "missing"): Reason(CLAIM_LEFT_OUT),
    ("id-token-iat", "missing"): Reason(CLAIM_LEFT_OUT),
    ("id-token-exp", "no-number"): NO_NUMBER,
    ("id-token-iat", "no-number"): NO_NUMBER,
    ("id-token-iat", "ahead"): Reason(
        "The server writes a moment that is not the present one: in another unit, in local time, or by a clock that is wrong.",
        "This machine's clock is slow, and the answer does not tell the server's.",
        COMPARE_CLOCKS,
    ),
    ("id-token-nonce", "missing"): Reason(
        "The server leaves the nonce out, or loses it between the log-in and the token.",
        REPLACED,
        (
            Ask("have the server repeat the nonce of the authorization request in its ID tokens", OPERATOR),
            *otherwise(SetField("nonce", "none"), RERUN),
        ),
    ),
    ("id-token-nonce", "decoded"): Reason(
        "The nonce was decoded or encoded once too often on its way (a “+” means a space in a query).",
        fix=(
            SetField("nonce", words="a value of letters and digits"),
            RERUN,
            Ask("have the server decode it once", OPERATOR),
        ),
    ),
}
"""By the code of a finding and the reason of its check, where that tells more."""


def _checked(context: Context) -> bool:
    return bool(checks(context.state))


rules = RuleSet("Checks", _checked)


def _wrong(fault: Fault, context: Context) -> Match | None:
    """The match where a check is wrong, or not done, as this fault has it."""
    done = checks(context.state)
    found = next((one for one in done if fault.is_for(one)), None)
    # A missing signature makes two checks wrong, and the first of them tells it.
    if found is None or found in [one for one in done if one.reason == "unsigned"][1:]:
        return None
    came = quoted(found.came) if found.came else "none"
    match = Match({"words": check_words(found).partition(": ")[2], "came": came}, (_evidence(found, fault.step),))
    if fault.code == "token-type-other" and "bearer" in found.came.lower():
        return replace(match, title=_SPELLED, cause=_OTHER_NAME, severity="warning")
    if fault.code == "keys-missing":
        return _without_keys(context, match)
    by_the_clocks = of_the_clocks(context, found, match)
    if by_the_clocks is not None:
        return by_the_clocks
    if told := BY_REASON.get((fault.code, _reason(found))):
        title = _NO_SUBJECT if (found.name, found.reason) == ("userinfo", "missing") else None
        return replace(match, title=title, cause=told.cause, runner_up=told.runner_up, fix=told.fix)
    if fault.code == "iss-mismatch" and found.came.rstrip("/") == found.expected.rstrip("/"):
        return replace(match, cause="The server writes its issuer in two ways: with a slash at its end, and without.")
    return match


rules.extend(Rule(fault, rules.needs, partial(_wrong, fault)) for fault in FAULTS)


def _without_keys(context: Context, match: Match) -> Match:
    """The answer at the address of the keys, where it holds none."""
    algorithm = str(json_object(context.state.id_token.header if context.state.id_token else None).get("alg"))
    if algorithm.startswith("HS"):
        match = replace(match.with_values(algorithm=quoted(algorithm)), title=_BY_HMAC)
        return match.because(_OF_HMAC, _GIVE_IT, "proven")
    failed, came = context.state.keys_failed, context.state.keys
    if failed is not None:
        match = match.with_values(why=fault_sentence(failed.fault, failed.request, "keys"))
        return match.because("{why}", REPORT_IF_IT_STAYS, "proven")
    if came is None:
        return match
    where, answer = quoted(came.request.url), f"{came.response.status_line}, {quoted_refusal(came.response)}"
    evidence = Evidence("The keys", f"{where}: {answer}", Pointer("token", "response"))
    match = replace(match.with_values(where=where, came=answer), evidence=(evidence, *match.evidence))
    listed = read_members(came.response.body.data).get("keys")
    if isinstance(listed, list) and listed:
        known = any(not isinstance(one, dict) or one.get("kty") in ("RSA", "EC", "OKP", None) for one in listed)
        cause = _WRITTEN_WRONGLY if known else _OF_OTHER_KINDS
        return replace(match, title=_UNREAD).because(cause, (REPORT,), "likely")
    no_keys = "At the address of the keys, {where}, the server answered {came}: no keys."
    return match.because(no_keys, REPORT_IF_IT_STAYS, "proven")


_BY_HMAC = "The ID token is signed with the client secret ({algorithm}), so that this program cannot tell who made it."
_OF_HMAC = (
    "The signature is made with the client secret, which this run has not got; the server's public keys verify others."
)
_GIVE_IT: Fix = (SetField("client_secret"), RERUN, *otherwise(REGISTERED))
_UNREAD = "None of the keys at {where} can be read, so that nothing proves who made the ID token."
_WRITTEN_WRONGLY = (
    "The keys are not written as RFC 7517 and RFC 7518 have it: a member is missing, or a number is in another form than base64url "
    "(without the padding “=”)."
)
_OF_OTHER_KINDS = "The keys are of kinds that this program does not know."
_NO_SUBJECT = "Userinfo does not name the user that it tells of: it has no sub."
_SPELLED = "The server calls the type of its token {came}, where the registered name is Bearer."
_OTHER_NAME = "The server names the type otherwise; most clients use it as a bearer token, and strict ones refuse it."


def _reason(check: Check) -> str:
    """The reason of a check; "decoded" for a value that came back with its escapes or its plus signs read once too often, or unread."""
    sent, came = check.expected, check.came
    forms = (unquote_plus(sent), unquote(sent), quote(sent, ""), quote_plus(sent))
    return "decoded" if check.reason == "other" and came != sent and came in forms else check.reason


def of_the_clocks(context: Context, check: Check, match: Match) -> Match | None:
    """The match where the two clocks explain a time of the ID token that is wrong by this machine's and right by the server's."""
    told = differing(context.state)
    if check.name not in _TIMES or check.reason not in ("over", "ahead") or told is None:
        return None
    ahead = float(check.came) - server_now(context.state)
    if ahead < 0 if check.name == "id-token-exp" else ahead > CLOCK_SKEW:
        return None
    return replace(
        match.with_values(**told),
        title=_TIMES[check.name] + " by this machine's clock, and in time by the server's, which is {skew} {which}.",
        cause="This machine's clock is wrong.",
        runner_up="The server's clock is wrong.",
        fix=SET_THE_CLOCK,
    )


_TIMES = {"id-token-exp": "The ID token is over", "id-token-iat": "The ID token was issued in the future"}
"""The signs of a wrong clock in the claims of a time."""


def _evidence(check: Check, step: Step) -> Evidence:
    place = Pointer(step, "parameter" if step == "redirect" else "body", check.name if step == "token" else "")
    if check.expected and check.came:
        return pair(NAMES[check.name], check.expected, check.came, place, ("due", "came"))
    return Evidence(NAMES[check.name], check_words(check), place)


on_purpose = RuleSet("PKCE on purpose", _checked, "token")


@on_purpose.add(
    "pkce-enforced",
    title="The server refused the code_verifier that does not fit, as it must: it enforces PKCE.",
    cause="The run sent a wrong verifier on purpose.",
    fix=(SetField("pkce", "auto"), RERUN),
    reference="RFC 7636 §4.6",
    severity="note",
)
def enforced(context: Context) -> Match | None:
    seen = any(one.name == "pkce" and one.result == "right" for one in checks(context.state))
    return Match() if seen and context.inputs.pkce == "wrong" else None


steps = RuleSet[Context]("Steps with the token", lambda context: bool(context.state.followed))

ASK: Fix = (Ask("ask the operator of the server to let this client do that, or to say what it lacks", OPERATOR),)


@steps.add(
    "follow-up-refused",
    title="The server did not do what the {request} asks for: {said}.",
    cause="The client may not use this endpoint, or the endpoint expects another client authentication.",
    fix=ASK,
    reference="RFC 6750 §3; RFC 7662 §2.3; RFC 7009 §2.2; RFC 6749 §5.2",
    unless="the server accepted the request, could not be reached, or its words spoke neither of the client nor of authentication",
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
    cause, fix, certainty = _why(context, one, response)
    asked = bearer(challenges(response.headers)) if not response.body.data.strip() else None
    of_challenge = ": ".join(filter(None, (asked.get("error"), asked.get("error_description")))) if asked else ""
    told = quoted(of_challenge, MAX_WORDS) if of_challenge else quoted_error(read_error(response))
    values = {"request": REQUESTS[one.step], "said": f"{response.status_line}, {told}"}
    asks = header(response.headers, "www-authenticate")
    place = Pointer("access", "header", one.step)
    evidence = (Evidence("WWW-Authenticate", quoted(asks), place),) if asks else ()
    match = Match(values, evidence, cause=cause, fix=fix, certainty=certainty)
    return (by_clues(context.state, response, told.lower(), match) if cause is _INVALID else None) or match


Why = tuple[str | None, Fix | None, Certainty | None]
"""Cause, fix and certainty; None: the entry's own."""


def _why(context: Context, one: Followed, response: HttpResponse) -> Why:
    """By what the refusal says. Userinfo takes the token alone; the other steps take the client's own authentication."""
    text, scope = refusal_text(response), context.inputs.scope or ""
    cause, fix = _by_challenge(one, response, scope)
    without = one.step == "userinfo" and "openid" not in scope
    if without and ("openid" in text or cause is _INVALID or not says_more(response)):
        return _NOT_ASKED, (SetField("scope", f"{scope} openid".strip()), RERUN, *otherwise(*ASK)), None
    if cause is not None:
        return cause, fix, None
    if response.status >= 500:
        return _INSIDE, _AGAIN, "unknown"
    if one.step == "userinfo" and (reason := reason_of(text)) is not None:
        return reason.cause, reason.fix, None
    if one.step == "refresh" and "invalid_grant" in text:
        return _REFRESH_OVER, _NEW_LOGIN, None
    if one.step != "userinfo" and (response.status in (401, 403) or re.search("_client|access_denied", text)):
        public = context.inputs.dialect.client_auth == "none" and response.status == 401
        return (_CONFIDENTIAL, _SHOW, None) if public else (None, None, None)
    if says_more(response):
        return _ITS_WORDS, _AGAIN, "unknown"
    return (_SILENT if one.step == "userinfo" else "The server does not say why."), _AGAIN, "unknown"


_AGAIN: Fix = (
    *provided("to see whether another log-in or person brings the same", Rerun("browser")),
    *provided("if it stays", *ASK),
)
_NOT_ASKED = "The token was asked for without the scope openid, which this endpoint needs."
_ITS_WORDS = "The server gave no reason beyond these words."
_SILENT = "The server does not say why: the token may be meant for another resource, or lack the scope openid, which was asked for."
_INSIDE = "The server met an error of its own, which says nothing of the token."
_NO_ANSWER = "No answer came to this step, so it is not known what the server does there."
_PROOF = "This endpoint takes a token only with a proof of possession (DPoP), which this program does not speak."
_NO_PROOF: Fix = (
    Change("registration", "have the client registered for tokens that are not bound to a key"),
    *otherwise(Do("leave this step out"), RERUN),
)
_REFRESH_OVER = "The server does not take the refresh token: the session that it belongs to is over, it was revoked, or it was used before."
_NEW_LOGIN: Fix = (
    Do("run again for a new refresh token"),
    *provided("if it stays", Ask("ask how long it is good, and for which scope", OPERATOR)),
)
_CONFIDENTIAL = "This endpoint is for clients that can show who they are, and the run was that of a public client."
_SHOW: Fix = (
    Do("leave this step out"),
    *otherwise(SetField("client_secret", words="that of this client where it is a confidential one"), RERUN),
)


def _by_challenge(one: Followed, response: HttpResponse, asked_for: str) -> tuple[str | None, Fix | None]:
    """The words of `WWW-Authenticate` about the token (RFC 6750 §3.1)."""
    if any(found.scheme.lower() == "dpop" for found in challenges(response.headers)):
        return _PROOF, _NO_PROOF
    error = bearer_error(response) if one.step == "userinfo" else ""
    if error == "insufficient_scope" or (one.step == "userinfo" and SCOPE_WORDS.search(refusal_text(response))):
        scope = _scope_named(response)
        if not scope and "openid" not in asked_for:
            scope = "openid"
        if scope and set(scope.split()) <= set(asked_for.split()):
            return "The run asked for the scope that this endpoint needs, and the server did not grant it.", ASK
        together = " ".join(dict.fromkeys(f"{asked_for} {scope}".split()))
        needed = SetField("scope", together) if scope else SetField("scope", words="what this endpoint needs")
        return "The token has not the scope that this endpoint needs.", (needed, RERUN)
    if error == "invalid_token":
        asked = bearer(challenges(response.headers))
        text = f"{refusal_text(response)} {asked.get('error_description') if asked is not None else ''}".lower()
        return (_OTHER_RESOURCE, _FOR_THIS) if "audience" in text else (_INVALID, (RERUN, *ASK))
    return None, None


_INVALID = "The server takes the token for expired, revoked or malformed, or for that of another resource."
_OTHER_RESOURCE = "The token is for another resource than this endpoint, whose words speak of the token's audience."
_FOR_THIS: Fix = (
    SetField("params.resource"),
    *otherwise(SetField("params.audience"), SetField("scope", words="one of this resource")),
    RERUN,
)


def _scope_named(response: HttpResponse) -> str:
    """The scope that a refusal says it needs, in its challenge or in a member of its body: a text, or a list of texts."""
    asked, members = bearer(challenges(response.headers)), read_members(response.body.data)
    if asked is not None and asked.get("scope"):
        return asked.get("scope")
    found = next((value for name in _SCOPE_MEMBERS if (value := members.get(name))), "")
    return " ".join(one for one in found if isinstance(one, str)) if isinstance(found, list) else text_in(found)


_SCOPE_MEMBERS = ("scope", "scopes", "required", "required_scope", "required_scopes", "requiredScopes")
