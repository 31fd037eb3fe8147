"""A finding for each check of what came that is wrong, or could not be done because of the server (`flow.reading.checks`); and a step with
the token that the server did not take: userinfo, introspection, refresh, revocation."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from msgspec.structs import replace

from airisk_tui.flow.reading.checks import CLOCK_SKEW, Check, CheckName, Result, checks
from airisk_tui.flow.reading.follow_ups import is_as_due
from airisk_tui.flow.state import Followed
from airisk_tui.insight.advice.transport import REQUESTS, fault_sentence
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Certainty, Evidence, Pointer, Severity, Step, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.clock import SET_THE_CLOCK, differing, server_now
from airisk_tui.insight.reading.reasons import says_more
from airisk_tui.insight.reading.run import MAX_WORDS, quoted_error, quoted_refusal
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.words.checks import NAMES, check_words
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.oauth.answer.challenge import bearer, bearer_error, challenges
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.text.lenient_json import read_members, text_in


class Fault(NamedTuple):
    """The finding about one check. code: of the finding; result, reasons: those of the check that it is for, () for all reasons."""

    code: str
    check: CheckName
    title: str
    cause: str
    reference: str
    fix: Fix = (Ask("report it, with this run, to the operator of the server", whom="the operator of the server"),)
    severity: Severity = "error"
    reasons: tuple[str, ...] = ()
    step: Step = "token"
    result: Result = "wrong"


CORE = "OpenID Connect Core 1.0"
REPLACED = "The token belongs to another sign-in: the server mixes requests up, or somebody put it in the place of the right one."

ALLOW = Ask("ask the operator of the server to allow it for this client", whom="the operator of the server")

FAULTS = (
    Fault(
        "iss-mismatch",
        "iss",
        "The redirect came from another issuer than the one that was asked: iss is another.",
        "Another server answered in the place of the right one (a mix-up), or the server writes its issuer in two ways.",
        "RFC 9207 §2.4",
        reasons=("other",),
        step="redirect",
    ),
    Fault(
        "iss-missing",
        "iss",
        "The redirect carries no iss, although the metadata announces one.",
        "The server does not do what its metadata says, or something between took the parameter away.",
        "RFC 9207 §2.4",
        reasons=("missing",),
        step="redirect",
    ),
    Fault(
        "pkce-not-enforced",
        "pkce",
        "The server issued a token for a code_verifier that does not fit the code_challenge: it does not enforce PKCE.",
        "The server takes the parameters and compares nothing, so a code that somebody intercepts is as good as without PKCE.",
        "RFC 7636 §4.6; RFC 9700 §2.1.1",
        reasons=("not-enforced",),
        step="token-request",
    ),
    Fault(
        "code-accepted-twice",
        "code-again",
        "The server took the same code a second time and issued another token.",
        "The server does not remember which codes were redeemed, so a code that somebody intercepts is good beside the right use.",
        "RFC 6749 §4.1.2, §10.5; RFC 9700 §2.1.1",
        reasons=("accepted",),
        step="access",
    ),
    Fault(
        "response-mode-ignored",
        "response-mode",
        "The answer came by another response mode than the one that was asked for: {came}.",
        "The server does not speak the response mode, whether its metadata names it or not.",
        "OpenID OAuth 2.0 Multiple Response Type Encoding Practices §2.1",
        (SetField("response_mode", "{came}"), Ask("speak the response mode", whom="the operator of the server")),
        "warning",
        step="redirect",
    ),
    Fault(
        "token-type-other",
        "token-type",
        "The token is of another type than Bearer, and this program can use no other.",
        "The server binds its tokens to a key of the client (DPoP, mutual TLS), or names the type otherwise than it is registered.",
        "RFC 6749 §7.1; RFC 6750 §4",
        reasons=("other",),
    ),
    Fault(
        "scope-narrowed",
        "scope",
        "The token allows less than was asked for.",
        "The person agreed to less, or the client may not have the rest.",
        "RFC 6749 §3.3, §5.1",
        (SetField("scope", words="what the client may have"), *otherwise(ALLOW)),
        "warning",
    ),
    Fault(
        "id-token-missing",
        "id-token",
        "The server issued no ID token, although the scope openid was asked for.",
        "The client may not use OpenID Connect there, or the server does not speak it.",
        f"{CORE} §3.1.3.3",
        (SetField("scope", "none"), *otherwise(ALLOW)),
        reasons=("missing",),
    ),
    Fault(
        "id-token-signature",
        "id-token-signature",
        "The signature of the ID token cannot be verified: {words}.",
        "The server signs with a key that it does not publish (a change of keys, or several instances), or the token was changed.",
        f"{CORE} §3.1.3.7; RFC 7515 §5.2",
    ),
    Fault(
        "keys-missing",
        "id-token-signature",
        "The server's keys could not be had, so that nothing proves who made the ID token.",
        "The metadata names no keys, or there are none at the address that it names.",
        f"{CORE} §10.1.1; RFC 8414 §2",
        severity="warning",
        reasons=("no-keys",),
        result="not-done",
    ),
    Fault(
        "id-token-alg",
        "id-token-alg",
        "The ID token is signed by an algorithm that the metadata does not name: {came}.",
        "The server signs otherwise than it announces. A client that takes any algorithm can be made to take a forged token.",
        f"{CORE} §3.1.3.7; RFC 8725 §3.1",
    ),
    Fault(
        "id-token-iss",
        "id-token-iss",
        "The ID token names another issuer than the metadata.",
        "The server writes its issuer in two ways, often behind a proxy, or the token is another server's.",
        f"{CORE} §3.1.3.7",
    ),
    Fault(
        "id-token-aud",
        "id-token-aud",
        "The ID token is for another client: its aud does not name this one.",
        REPLACED,
        f"{CORE} §3.1.3.7",
    ),
    Fault(
        "id-token-azp",
        "id-token-azp",
        "The ID token was issued to another client: its azp does not name this one.",
        REPLACED,
        f"{CORE} §3.1.3.7",
    ),
    Fault(
        "id-token-sub",
        "id-token-sub",
        "The ID token names nobody: sub is missing.",
        "The server leaves out a claim that every ID token has.",
        f"{CORE} §2",
    ),
    Fault(
        "id-token-exp",
        "id-token-exp",
        "The exp of the ID token does not lie ahead: {words}.",
        "The server repeats a token that it issued earlier, or the clocks differ and its answer does not tell its own.",
        f"{CORE} §3.1.3.7",
        (Ask("have the operator compare the server's clock with this machine's", whom="the operator of the server"),),
    ),
    Fault(
        "id-token-iat",
        "id-token-iat",
        "The ID token does not say that it has been issued already: {words}.",
        "The server leaves the claim out, or the clocks differ and its answer does not tell its own.",
        f"{CORE} §3.1.3.7",
        (Ask("have the operator compare the server's clock with this machine's", whom="the operator of the server"),),
    ),
    Fault(
        "id-token-nonce",
        "id-token-nonce",
        "The ID token does not repeat the nonce of this run: {words}.",
        REPLACED,
        f"{CORE} §3.1.3.7",
    ),
    Fault(
        "id-token-at-hash",
        "id-token-at-hash",
        "The ID token belongs to another access token: at_hash is another.",
        "The two tokens were not issued together, or the server computes the hash wrongly.",
        f"{CORE} §3.1.3.8",
    ),
    Fault(
        "id-token-c-hash",
        "id-token-c-hash",
        "The ID token belongs to another code: c_hash is another.",
        "The ID token and the code were not issued together, or the server computes the hash wrongly.",
        f"{CORE} §3.3.2.11",
    ),
    Fault(
        "userinfo-other-user",
        "userinfo",
        "Userinfo tells of another user than the ID token.",
        "The server mixes sign-ins up, or somebody put the access token in the place of the right one (token substitution).",
        f"{CORE} §5.3.2",
        reasons=("other", "missing"),
        step="access",
    ),
    Fault(
        "introspection-inactive",
        "introspect",
        "Introspection says that the token is not active, although it has just been issued.",
        "The client may not introspect this token, the two endpoints do not share their tokens, or the token was revoked at once.",
        "RFC 7662 §2.2",
        reasons=("inactive",),
        step="access",
    ),
    Fault(
        "revocation-ignored",
        "revocation",
        "The token is still good, although the server said that it revoked it.",
        "The server answers a revocation without carrying it out, or the endpoint that was asked does not hear of it.",
        "RFC 7009 §2, §2.2",
        step="access",
    ),
    Fault(
        "refresh-narrowed",
        "refresh",
        "The refreshed token allows less than the first one.",
        "The server has taken rights from the client or the person, or a refresh needs the scope in its request.",
        "RFC 6749 §6",
        severity="warning",
        reasons=("narrowed",),
        step="access",
    ),
    Fault(
        "refresh-not-rotated",
        "refresh-rotation",
        "The refresh token of a public client stays the same after its use.",
        "The server does not rotate refresh tokens, so that a stolen one stays good and nobody notices.",
        "RFC 9700 §2.2.2, §4.14.2",
        severity="warning",
        step="access",
    ),
)


REGISTERED = Change(
    "registration", "have the client registered for signed ID tokens, by an algorithm that the metadata names"
)

TELL: Fix = (Ask("report it, with this run, to the operator of the server", whom="the operator of the server"),)

UNSIGNED = (
    "The server issues ID tokens without a signature (alg none), for all clients or as this one is registered.",
    "",
    (REGISTERED,),
)

_NO_NUMBER = (
    "The server writes the moment as {came}, where RFC 7519 has a number of seconds: strict clients refuse it.",
    "",
    TELL,
)

BY_REASON: dict[tuple[str, str], tuple[str, str, Fix]] = {
    ("id-token-signature", "unsigned"): UNSIGNED,
    ("id-token-alg", "unsigned"): UNSIGNED,
    ("id-token-alg", "other"): (
        "The application is registered for that algorithm, or the metadata leaves it out.",
        "The token was put in the place of the right one: a client that takes any algorithm can be deceived so.",
        (REGISTERED, *otherwise(Ask("have the metadata name it", whom="the operator of the server"))),
    ),
    ("id-token-aud", "other"): (
        "The server issues its ID tokens for {came}: another application than {client_id} logs in, here or in front of it.",
        REPLACED,
        (
            SetField("client_id", "{came}", words=", if that is this application"),
            RERUN,
            *otherwise(Ask("ask which application logs in there", whom="the operator of the server")),
        ),
    ),
    ("id-token-iss", "other"): (
        "The server writes its issuer in two ways, often behind a proxy: in its ID tokens it is {came}.",
        "The token is another server's.",
        (SetField("issuer", "{came}", words=", if that is the server that you mean"), RERUN, *otherwise(*TELL)),
    ),
    ("userinfo-other-user", "missing"): (
        "The server gives the user's id another name, or leaves it out, so nobody can tell whose data these are.",
        "",
        (
            Ask(
                "ask the operator of the server to name the subject there as in the ID token",
                whom="the operator of the server",
            ),
        ),
    ),
    ("userinfo-other-user", "other"): (
        "The server mixes sign-ins up, or somebody put the access token in the place of the right one (token substitution).",
        "The server knows one user by two ids, and writes another one here than in the ID token.",
        TELL,
    ),
    ("id-token-exp", "missing"): ("The server leaves out a claim that every ID token has.", "", TELL),
    ("id-token-iat", "missing"): ("The server leaves out a claim that every ID token has.", "", TELL),
    ("id-token-exp", "no-number"): _NO_NUMBER,
    ("id-token-iat", "no-number"): _NO_NUMBER,
    ("id-token-iat", "ahead"): (
        "The server writes a moment that is not the present one: in another unit, in local time, or by a clock that is wrong.",
        "This machine's clock is slow, and the answer does not tell the server's.",
        (Ask("have the operator compare the server's clock with this machine's", whom="the operator of the server"),),
    ),
    ("id-token-nonce", "missing"): (
        "The server leaves the nonce out, or loses it between the log-in and the token.",
        REPLACED,
        (
            Ask(
                "have the server repeat the nonce of the authorization request in its ID tokens",
                "the operator of the server",
            ),
            *otherwise(SetField("nonce", "none"), RERUN),
        ),
    ),
    ("id-token-nonce", "decoded"): (
        "The nonce was decoded or encoded once too often on its way (a “+” means a space in a query).",
        "",
        (
            SetField("nonce", words="a value of letters and digits"),
            RERUN,
            Ask("have it decoded once", whom="the operator of the server"),
        ),
    ),
}
"""By the code of a finding and the reason of its check, where that tells more: cause, runner-up and fix."""


def _checked(context: Context) -> bool:
    return bool(checks(context.state))


rules = RuleSet("Checks", _checked)

UNLESS = {
    "iss-mismatch": "the two were equal, character by character (RFC 9207 §2.4)",
    "iss-missing": "the metadata did not promise it",
    "pkce-not-enforced": "the server refused a wrong verifier",
    "code-accepted-twice": "the second exchange were refused",
    "token-type-other": "the type were Bearer, in any case of its letters",
    "id-token-missing": "the scope openid was not asked for, or not granted",
    "id-token-signature": "a key of the server's document verified it, also after the document was asked for anew",
    "id-token-alg": "the algorithm stood among those that the metadata announces",
    "id-token-iss": "the two were equal, character by character",
    "id-token-aud": "the client ID stood among the audiences",
    "id-token-azp": "the claim named the client ID, or the token had one audience and no such claim",
    "id-token-sub": "the claim were a text that is not empty",
    "id-token-exp": "the moment lay ahead, with an allowance for two clocks",
    "id-token-iat": "the moment lay behind, with an allowance for two clocks",
    "id-token-nonce": "the claim repeated the nonce that was sent",
    "id-token-at-hash": "the hash were that of the access token beside it",
    "id-token-c-hash": "the hash were that of the code",
    "userinfo-other-user": "both named the same subject",
    "introspection-inactive": "the answer called the token active, or the token had been revoked by this run",
    "revocation-ignored": "the token were refused afterwards",
    "response-mode-ignored": "the answer came as it was asked for",
    "scope-narrowed": "the scope that came held all that was asked for",
    "keys-missing": "the server's keys came",
    "refresh-narrowed": "the refreshed token had the scope of the first",
    "refresh-not-rotated": "another refresh token came, or the client were a confidential one",
}
"""By the code of a finding, the observation that would refute it."""


def _register(fault: Fault) -> None:
    @rules.add(
        fault.code,
        title=fault.title,
        cause=fault.cause,
        fix=fault.fix,
        reference=fault.reference,
        severity=fault.severity,
        certainty="likely",
        unless=UNLESS.get(fault.code),
    )
    def wrong(context: Context) -> Match | None:
        all_found = checks(context.state)
        found = next((one for one in all_found if one.name == fault.check and _is_it(one, fault)), None)
        if found is None or (found.reason == "unsigned" and found is not _first_unsigned(all_found)):
            return None
        words = check_words(found).partition(": ")[2]
        values = {"words": words, "came": quoted(found.came) if found.came else "none"}
        match = Match(values, (_evidence(found, fault.step),))
        if fault.code == "token-type-other" and "bearer" in found.came.lower():
            return replace(match, title=_SPELLED, cause=_OTHER_NAME, severity="warning")
        if fault.code == "keys-missing":
            return _without_keys(context, match)
        by_the_clocks = of_the_clocks(context, found, match)
        if by_the_clocks is not None:
            return by_the_clocks
        if told := BY_REASON.get((fault.code, _reason(found))):
            title = _NO_SUBJECT if (found.name, found.reason) == ("userinfo", "missing") else None
            return replace(match, title=title, cause=told[0], runner_up=told[1], fix=told[2])
        if fault.code == "iss-mismatch" and found.came.rstrip("/") == found.expected.rstrip("/"):
            return replace(
                match, cause="The server writes its issuer in two ways: with a slash at its end, and without."
            )
        return match


def _without_keys(context: Context, match: Match) -> Match:
    """The answer at the address of the keys, where it holds none."""
    failed, came = context.state.keys_failed, context.state.keys
    if failed is not None:
        values = {"why": fault_sentence(failed.fault, failed.request, "keys")}
        return replace(
            match, values=dict(match.values) | values, cause="{why}", fix=_AGAIN_THEN_TELL, certainty="proven"
        )
    if came is None:
        return match
    values = {
        "where": quoted(came.request.url),
        "came": f"{came.response.status_line}, {quoted_refusal(came.response)}",
    }
    evidence = Evidence("The keys", f"{values['where']}: {values['came']}", Pointer("token", "response"))
    return replace(
        match,
        values=dict(match.values) | values,
        evidence=(evidence, *match.evidence),
        cause="At the address of the keys, {where}, the server answered {came}: no keys.",
        fix=_AGAIN_THEN_TELL,
        certainty="proven",
    )


_AGAIN_THEN_TELL: Fix = (RERUN, *provided("if it stays", *TELL))

_NO_SUBJECT = "Userinfo does not name the user that it tells of: it has no sub."
_SPELLED = "The server calls the type of its token {came}, where the registered name is Bearer."
_OTHER_NAME = (
    "The server names the type otherwise; most clients use the token as a bearer token, and strict ones refuse it."
)


def _first_unsigned(found: tuple[Check, ...]) -> Check | None:
    """The first of the checks that a missing signature makes wrong: it alone is told."""
    return next((one for one in found if one.result == "wrong" and one.reason == "unsigned"), None)


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
        match,
        values=dict(match.values) | told,
        title=_TIMES[check.name] + " by this machine's clock, and in time by the server's, which is {skew} {which}.",
        cause="This machine's clock is wrong.",
        runner_up="The server's clock is wrong.",
        fix=SET_THE_CLOCK,
    )


_TIMES = {"id-token-exp": "The ID token is over", "id-token-iat": "The ID token was issued in the future"}
"""The signs of a wrong clock in the claims of a time."""


def _is_it(check: Check, fault: Fault) -> bool:
    return check.result == fault.result and (not fault.reasons or check.reason in fault.reasons)


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


for _fault in FAULTS:
    _register(_fault)


steps = RuleSet[Context]("Steps with the token", lambda context: bool(context.state.followed))

ASK: Fix = (
    Ask(
        "ask the operator of the server to let this client do that, or to say what it lacks",
        whom="the operator of the server",
    ),
)


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
    return Match(values, tuple(_challenge(one, response)), cause=cause, fix=fix, certainty=certainty)


Why = tuple[str | None, Fix | None, Certainty | None]
"""Cause, fix and certainty; None: the entry's own."""


def _why(context: Context, one: Followed, response: HttpResponse) -> Why:
    """By what the refusal says. Userinfo takes the token alone; the other steps take the client's own authentication."""
    cause, fix = _by_challenge(one, response, context.inputs.scope)
    text = refusal_text(response)
    without = one.step == "userinfo" and "openid" not in (context.inputs.scope or "")
    if without and ("openid" in text or cause is _INVALID or not says_more(response)):
        return (
            _NOT_ASKED,
            (SetField("scope", f"{context.inputs.scope or ''} openid".strip()), RERUN, *otherwise(*ASK)),
            None,
        )
    if cause is not None:
        return cause, fix, None
    if response.status >= 500:
        return _INSIDE, _AGAIN, "unknown"
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
    *provided("if it stays", Ask("ask how long it is good, and for which scope", whom="the operator of the server")),
)
_CONFIDENTIAL = "This endpoint is for clients that can show who they are, and the run was that of a public client."
_SHOW: Fix = (
    Do("leave this step out"),
    *otherwise(SetField("client_secret", words="that of this client where it is a confidential one"), RERUN),
)


def _by_challenge(one: Followed, response: HttpResponse, asked_for: str | None) -> tuple[str | None, Fix | None]:
    """The words of `WWW-Authenticate` about the token (RFC 6750 §3.1)."""
    if any(found.scheme.lower() == "dpop" for found in challenges(response.headers)):
        return _PROOF, _NO_PROOF
    error = bearer_error(response) if one.step == "userinfo" else ""
    if error == "insufficient_scope":
        scope = _scope_named(response)
        if not scope and "openid" not in (asked_for or ""):
            scope = "openid"
        if scope and set(scope.split()) <= set((asked_for or "").split()):
            return "The run asked for the scope that this endpoint needs, and the server did not grant it.", ASK
        together = " ".join(dict.fromkeys(f"{asked_for or ''} {scope}".split()))
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


def _challenge(one: Followed, response: HttpResponse) -> list[Evidence]:
    asked = header(response.headers, "www-authenticate")
    return [Evidence("WWW-Authenticate", quoted(asked), Pointer("access", "header", one.step))] if asked else []
