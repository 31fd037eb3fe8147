"""Why an endpoint refused a token, by what its answer says: the challenge of RFC 6750 §3 outranks every guess."""

from __future__ import annotations

import re
from functools import partial

from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, ProbeResult
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, FixStep, Press, Rerun, SetField, otherwise, provided
from airisk_tui.insight.reading.blame import refusal_text
from airisk_tui.insight.reading.clues import by_clues, taken_at
from airisk_tui.insight.reading.filters import request_filter
from airisk_tui.insight.reading.reasons import (
    ENVIRONMENTS,
    FORGERY,
    GATEWAY_KEY,
    PAUSE,
    Reason,
    of_the_login,
    says_more,
)
from airisk_tui.insight.reading.run import (
    json_reading,
    quoted_error,
    quoted_refusal,
    retry_after,
    token_json,
    trace,
)
from airisk_tui.insight.rule import Entry, Match, Possible
from airisk_tui.insight.words.quoting import quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.challenge import SCOPES_APART, Challenge, bearer, bearer_error, challenges, scope_beside
from airisk_tui.oauth.answer.endpoints import calls_token_bad
from airisk_tui.oauth.answer.pages import MAX_PAGE, is_web_page
from airisk_tui.oauth.answer.server_error import read_error
from airisk_tui.oauth.http import HttpResponse, header, headers_named
from airisk_tui.oauth.request.mistakes import is_placeholder
from airisk_tui.oauth.text.members import every_member, plain_name

TO_ADMINISTRATOR: Fix = (Ask("give this exchange and the token's claims to the administrator{trace}"),)
BY_NTP = Ask("have the administrator set the servers' clocks by NTP")
PASS_BEARER_ON: Fix = (
    Change("proxy", "let requests with a bearer token through to the API"),
    *otherwise(SetField("base_url", words="the address of the API itself")),
)

THEIR_WORDS = "Its own words are all that tells the reason."
WITH_ANY_TOKEN: Fix = provided("to see whether it answers so to every token", Press("ask-again"))
LOOK_UP: Fix = (Do("look these words up in the API's documentation"), *otherwise(*TO_ADMINISTRATOR), *WITH_ANY_TOKEN)

entry = partial(Entry, question="access")

REJECTED = entry(
    code="token-rejected",
    title="{endpoint} does not accept the token ({status}), and says why: {words}.",
    cause=THEIR_WORDS,
    fix=LOOK_UP,
    reference="RFC 6750 §3.1",
    unless="the answer gave no reason of its own",
    certainty="unknown",
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
    unless="the answer had a bearer challenge, or named neither a key of a gateway nor a filter",
)
ENTRIES = (REJECTED, SCOPE, HEADER_LOST, OTHER_SCHEME, IN_FRONT, FRESH)
"""The entries in the order in which they are looked for."""


_UNSENT = r"(?:missing|required|absent|empty|not (?:provided|present|supplied|sent|specified|included|set))"
_LACKS = rf"(?:{_UNSENT}|not found)"

OF_THE_TOKEN = (
    Reason(
        pattern(
            r"'\(?null\)?'|\bclaims?\b[^.;\n]{0,30}\b(?:missing|not (?:found|present|in)|required)\b"
            r"|\b(?:missing|no|requires?|required)\b[^.;\n]{0,20}\bclaims?\b"
        ),
        "The API finds no such claim in the token: it is not there, or the API cannot read the token.",
        (Ask("have the administrator compare what the API reads with the token's claims{trace}"),),
    ),
    Reason(
        pattern(r"audience|\baud\b"),
        "The token is issued for another audience than this API expects.",
        (Ask("have the administrator set the audience of the API and of the token to the same value{trace}"),),
    ),
    Reason(
        pattern(r"issuer|\biss\b"),
        "The API trusts another issuer than the one that made the token.",
        (Ask("have the administrator set the API to the issuer of this token endpoint{trace}"),),
    ),
    Reason(
        pattern(r"signature|signing key|security key|verification fail"),
        "The API cannot verify the token's signature: it has another key than the token endpoint signs with.",
        (Ask("have the administrator give the API the signing key of the token endpoint{trace}"),),
    ),
    Reason(
        pattern(r"expired|lifetime"),
        "The API takes the token as expired: its lifetime has ended, or the clocks of the two servers differ.",
        (RERUN, *otherwise(BY_NTP, when="if it stays")),
    ),
    Reason(
        pattern(r"not valid before|\bnot (?:\w+ )?yet\b|\bnbf\b"),
        "The API takes the token as not yet valid: the clocks of the two servers differ.",
        (BY_NTP,),
    ),
    Reason(pattern("revoked"), "The token was revoked.", (RERUN,)),
)
"""Reasons that APIs write into `error_description`, ASP.NET's among them."""

OF_THE_CALL = (
    Reason(
        pattern(
            rf"{ENVIRONMENTS.pattern}|\bmisdirected\b|\bwrong (?:\w+ )?(?:server|host|instance|site)\b"
            r"|\bplease use (?:the )?(?:\S+ )?(?:server|region|endpoint|\S+\.\S+\.\S+)"
        ),
        "The words speak of another server, region or environment: the token belongs to one, and {base_url} is the other.",
        (
            SetField("base_url", words="the address of the server that these words mean"),
            *otherwise(
                Ask("ask the administrator which environment or region this application and this user belong to")
            ),
        ),
    ),
    Reason(
        pattern(
            r"\b(?:not|isn't|cannot be|can't be) (?:\w+ )?(?:authori[sz]ed|allowed|permitted|available|supported|accessible|used|valid)"
            r" (?:for|by|to|with|as) (?:\w+ ){0,2}(?:bots?|service accounts?|guests?|app(?:lication)?[- ]only|id[- _]tokens?)\b"
            r"|\b(?:requires?|needs?|only(?: \w+){0,3}|must (?:be|use|have)(?: \w+)?|use) (?:an? |the )?(?:\w+ ){0,2}?"
            r"(?:user|bot|delegated|app(?:lication)?(?:[- ]only)?|client[- _]credentials|admin|personal|page|service|installation)"
            r"(?:[- ]specific)?[- ](?:access[- ])?(?:tokens?|context|auth\w*)\b"
            r"|\bid[- _]token\b.{0,15}\bnot\b|not_allowed_token_type|app(?:lication)?[- ]only\b.{0,30}\b(?:forbidden|not)\b"
            r"|\b(?:wrong|invalid|unsupported|incorrect) (?:kind|type) of (?:\w+ )?token|\btoken[- _]type\b.{0,20}\bnot\b"
        ),
        "The endpoint does not take this kind of token (a user's, an application's, a bot's), as its words say.",
        (
            Ask("ask the administrator for a token of the kind that these words name"),
            *provided("if it is a user's", SetField("userid", source="users"), RERUN),
        ),
    ),
    Reason(
        pattern(
            rf"\bheaders?\b[^.;\n]{{0,30}}\b{_LACKS}|\brequires? an? [^.;\n]{{3,40}} (?:that|which) is not set\b"
            r"|\b(?:provid(?:e|ing)|supply(?:ing)?|send(?:ing)?|specify(?:ing)?|includ(?:e|ing)|add(?:ing)?)\b[^.;\n]{0,60}\bheaders?\b"
            rf"|\b(?:{_LACKS}|no|without)\b[^.;\n]{{0,40}}\bheaders?\b"
            rf"|\b(?:client|tenant|organi[sz]ation|account|shop|company|site|workspace)[- _]?(?:id|key|name) (?:is )?{_LACKS}"
        ),
        "The API looks for something in a header (or a parameter) that this call does not have there: its words name it.",
        (
            Do("look in the API's documentation for that header, and add it to the call by an edit (probe.header)"),
            *otherwise(Change("proxy", "pass all headers on to the API"), when="if it is the Authorization header"),
        ),
    ),
    Reason(
        pattern(r"\bsign-?\s?up required\b|\b(?:not|never) signed up\b"),
        "The person's account is not set up for this service, as the words say.",
        (Do("sign up there with that account"), *otherwise(Do("log in as a user who has"), Rerun("browser"))),
    ),
    Reason(
        FORGERY,
        "The API takes the call for one of a browser: its check against request forgery (CSRF) misses a header or a cookie.",
        (
            Do(
                "look in the API's documentation for the header that marks a call of a program, and add it by an edit (probe.header)"
            ),
            *otherwise(Ask("have the administrator take calls with a token out of that check{trace}")),
        ),
    ),
    Reason(
        pattern(r"\bsaml\b|\bsso\b|single sign-?on"),
        "The organisation lets a token in only after a log-in of its own (single sign-on), as the words say.",
        (
            Ask("grant the token or the application access to the organisation, where its single sign-on is set up"),
            RERUN,
        ),
    ),
    Reason(
        pattern(
            r"\b(?:api|service|feature|endpoint|module|plugin|extension)s?\b[^.;\n]{0,60}"
            r"\b(?:disabled|inactive|switched off|not (?:been )?(?:enabled|used|activated|active|configured|provisioned))\b"
            r"|accessnotconfigured|service_disabled"
        ),
        "The API, or this part of it, is switched off for the application or its project, as the words say.",
        (
            Ask("have the administrator of the application or its project enable it, where these words say{trace}"),
            RERUN,
        ),
    ),
    Reason(
        pattern(
            r"\b(?:insufficient|not enough|missing|lacks?|needs?|without|no|requires?|required|do(?:es)?(?: not|n't) have)\b"
            r"[^.;\n]{0,30}\b(?:permissions?|privileges?|roles?|rights?|entitlements?|authorities)\b"
            r"|(?<![a-z])(?:permissions?|privileges?|roles?)\b[^.;\n]{0,20}\b(?:missing|required|insufficient|denied|not)\b"
        ),
        "The application or the user lacks a permission, as the words say.",
        (
            Ask(
                "have the administrator give the application or the user the permission (or scope) that these words name{trace}"
            ),
            RERUN,
        ),
    ),
)
"""Reasons that lie in the call, the application or the place that was asked, and not in the token alone."""

SCOPE_WORDS = pattern(
    r"\bscopes?\b[^.;\n]{0,50}\b(?:insufficient|missing|required|mismatch|lacking|needed|expected"
    r"|(?:does|do|did)(?:n't| not) (?:match|include|contain|have|cover)"
    r"|not (?:match\w*|granted|included|enough|sufficient|allowed|present))\b"
    r"|\b(?:insufficient|missing|requires?|required|needs?|lacks?|without|inadequate|expected|(?:not|n't) (?:have|contain|include|cover))\b"
    r"[^.;\n]{0,40}\bscopes?\b"
    r"|scope_insufficient"
)
"""Words that miss a scope."""

UNSEEN = pattern(
    r"\b(?:no|missing|without(?: an?)?) (?:valid )?(?:access |bearer |auth\w* |jwt |security )?(?:token|authori[sz]ation(?: header)?)\b"
    r"(?! (?:was )?(?:found|match))"
    rf"|\b(?:token|authori[sz]ation header|authentication credentials)\b (?:is |was |were |has |been )*{_UNSENT}"
)
"""Words of an API that saw no token."""


def reason_of(words: str) -> Reason | None:
    """The reason that the lower-case words of a refused call give, of the call or of the log-in; or None."""
    return next((one for one in OF_THE_CALL if one.sign.search(words)), None) or of_the_login(words)


def refusal(probe: ProbeResult, state: FlowState) -> tuple[Entry, Match] | None:
    """Why this endpoint refused the run's token, as far as its answer says; None for a 403 without a reason."""
    if probe.exchange is None or probe.answer != "refused":
        return None
    response, others = probe.exchange.response, state.probes
    found = challenges(response.headers)
    asked = bearer(found)
    if found and found[0].scheme.lower() == "dpop":
        return OTHER_SCHEME, replace(_matched(probe, state, scheme="“DPoP”"), cause=_PROOF, fix=_UNBOUND)
    if asked is not None and asked.get("error") in _LOGINS:
        said = asked.get("error_description") or (_words(response) if says_more(response) else asked.get("error"))
        return REJECTED, _of_a_login(_matched(probe, state, words=quoted(said)), asked)
    leads_on = asked is not None and asked.get("authorization_uri") and not asked.get("error")
    if found and (asked is None or (leads_on and "token" not in refusal_text(response))):
        scheme = quoted(asked.get("authorization_uri") if asked else found[0].scheme)
        match = _matched(probe, state, scheme=scheme)
        return OTHER_SCHEME, match.undecided(*_OTHER_WORD) if scheme.lower() in _FOR_TOKENS else match
    code, wanted = bearer_error(response), scope_wanted(response)
    said = (asked.get("error_description") if asked is not None else "") or _words(response)
    words = f"{said} \n{refusal_text(response)}".lower()
    if code == "insufficient_scope" or (response.status in (403, 404) and wanted) or SCOPE_WORDS.search(words):
        return SCOPE, _scope(probe, state, wanted)
    if (
        response.status == 401
        and UNSEEN.search(words)
        and not calls_token_bad(words)
        and not _tells_reasons(probe, others)
    ):
        return HEADER_LOST, _matched(probe, state)
    of_it = calls_token_bad(said.lower()) or (response.status == 401 and (_of_the_token(words) or "token" in words))
    if said and (code == "invalid_token" or of_it):
        return REJECTED, _rejected(probe, state, said, words)
    why = _in_front(response) if asked is None else None
    if why is not None:
        fix = {_KEY_WANTED: _SEND_KEY, _SIGNATURE_WANTED: _AUTHORIZER}.get(why)
        return IN_FRONT, replace(_matched(probe, state, words=quoted_refusal(response), why=why), fix=fix)
    if response.status == 401 and reason_of(words) is not None:
        match = _matched(probe, state, words=quoted_refusal(response))
        return REJECTED, replace(by_words(response, match), title=_OF_THE_CALL)
    if response.status != 401 and code != "invalid_token":
        return None
    if asked is not None and not asked.get("error") and not _tells_reasons(probe, others):
        return HEADER_LOST, _matched(probe, state)
    match = _matched(probe, state)
    if (told := by_clues(state, response, words, match)) is not None:
        return FRESH, told
    if says_more(response) and not code:
        return FRESH, match.because(THEIR_WORDS, LOOK_UP, "unknown")
    return FRESH, _of_no_reason(state, match)


_FOR_TOKENS = ("“jwt”", "“token”", "“oauth”")
_OTHER_WORD = (
    Possible(
        "The API takes the token behind the word {scheme} in place of Bearer.",
        (Do("write {scheme} in place of Bearer in the call's Authorization header by an edit (probe.header)"),),
    ),
    Possible(
        "It takes tokens of its own only, which its own log-in issues.",
        (Ask("ask the administrator which tokens this API takes{trace}"),),
        "if it is refused so, too",
    ),
)
_LOGINS = {
    "insufficient_user_authentication": "The endpoint wants a stronger or a newer log-in than that of the token (RFC 9470).",
    "insufficient_claims": "The user has to log in again: the challenge has claims for that authorization request.",
}
"""Codes of a challenge for another log-in."""


def _of_a_login(match: Match, asked: Challenge) -> Match:
    """The match of a refusal that names what the next log-in has to bring."""
    code = asked.get("error")
    wanted = {name: asked.get(name) for name in ("acr_values", "max_age", "scope") if asked.get(name)}
    fix: list[FixStep] = [SetField(f"params.{name}", value) for name, value in wanted.items()]
    if asked.get("claims"):
        fix.append(SetField("params.claims", words=", with the claims of the challenge, decoded from base64"))
    return match.because(_LOGINS[code], (*fix, Rerun("browser")), "proven")


def _of_no_reason(state: FlowState, match: Match) -> Match:
    """The match of a refusal that gives no reason: where another endpoint took the same token, its issuer and key are right."""
    taken = taken_at(state)
    if taken is None:
        return replace(match, cause=FRESH.cause, runner_up=FRESH.runner_up, fix=FRESH.fix, certainty="unknown")
    return match.with_values(taken=quoted(taken)).because(_HERE_ALONE, _WHAT_IT_WANTS, "unknown")


_HERE_ALONE = (
    "The API takes the same token at {taken}: this endpoint wants something that the token does not have, or another "
    "instance answered."
)
_WHAT_IT_WANTS: Fix = (
    Press("ask-again"),
    *provided("if it stays", Ask("ask the administrator what this endpoint wants of a token{trace}")),
)


_OF_THE_CALL = "{endpoint} refuses the call ({status}), and says why: {words}."
_PROOF = "The API takes tokens with a proof of possession only (DPoP), and this token is not bound to a key."
_UNBOUND: Fix = (
    Change("registration", "have the application registered for tokens without such a proof"),
    *otherwise(Change("client", "call the API with a client that makes the proof")),
)


_KEY_WANTED = "An API gateway wants a key of its own with each request (a subscription key, an API key)."
_SEND_KEY: Fix = (
    Ask("ask the administrator for that key, and for the header that it belongs into"),
    Do("add it to the call by an edit (probe.header)"),
)


_SIGNATURE_WANTED = (
    "The API gateway reads the Authorization header as a signature of Amazon's own: nothing at this path checks tokens."
)
_AUTHORIZER: Fix = (
    SetField("base_url", words="the address of the API with its stage"),
    *otherwise(Ask("have the administrator of the gateway give this path and method an authorizer for tokens")),
)


def _in_front(response: HttpResponse) -> str | None:
    """The cause if something in front of the API refused, by words that speak of no token; else None."""
    words = refusal_text(response)
    if GATEWAY_KEY.search(words):
        return _KEY_WANTED
    kind = header(response.headers, "x-amzn-errortype") or ""
    if kind.startswith("MissingAuthenticationToken"):
        return "The API gateway has no such path: Amazon's says so of every path that it does not know."
    if kind.startswith("IncompleteSignature"):
        return _SIGNATURE_WANTED
    found = request_filter(response)
    if found is not None:
        return f"{found[0].who} refuses the request."
    if is_web_page(response):
        return "A gateway, a firewall or the web server itself refused: the answer is a page for people, and no data."
    if "cors" in words.split():
        return "The API's check of the page's origin (CORS) refused a request that has none."
    return None


def by_words(response: HttpResponse, match: Match) -> Match:
    """The match of a refusal with 403, with what its own words tell of the call, the user or a policy, if they tell something."""
    words = quoted_refusal(response) if response.body.data.strip() else quoted(_words(response))
    if words.startswith("“") and " " in words:
        match = match.with_evidence(Evidence("In its words", words))
    if not says_more(response) and (response.body.data.strip() or not words.strip("“”")):
        return replace(match, certainty="unknown")
    reason = reason_of(refusal_text(response) or words.lower())
    if reason is None:
        fix: Fix = (Ask("give these words to the administrator, who knows what they ask for"),)
        if header(response.headers, "retry-after"):
            match, fix = (
                match.with_values(pause=retry_after(response)),
                (Do("wait {pause}"), RERUN, *provided("if it stays", *fix)),
            )
        return match.with_values(words=words).because("Its words give the reason: {words}.", fix, "unknown")
    steps = (Do("wait {pause}"), RERUN) if reason.sign is PAUSE else reason.fix
    return match.with_values(pause=retry_after(response)).because(reason.cause, steps, "likely")


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


def _scope(probe: ProbeResult, state: FlowState, scope: str) -> Match:
    said = _words(probe.exchange.response) if probe.exchange is not None else ""
    wanted = f" It requires {quoted(scope)}." if scope else f" It says {quoted(said)}." if said else ""
    named = f"the scope {quoted(scope)}" if scope else "the scope that this endpoint requires"
    match = _matched(probe, state, wanted=wanted, scope=named, exact=quoted(scope))
    granted = state.token_answer.token.scope if state.token_answer is not None and state.token_answer.token else None
    inputs = state.inputs
    asked = inputs.scope or inputs.params.get("scope") or "" if inputs is not None else ""
    left_out = [one for one in SCOPES_APART.split(asked) if one and one not in SCOPES_APART.split(granted or asked)]
    if granted:
        place = Pointer("token-request", "body", "scope")
        match = match.with_evidence(Evidence("Scope of the token", quoted(granted), place))
    if probe.exchange is not None and probe.exchange.response.status == 404:
        match = replace(match, certainty="likely")
    if (held := _unfilled(inputs)) is not None:
        where, name, value = held
        fix = (SetField(f"{where}.{name}", words=", with the value that belongs there"), RERUN, *otherwise(*SCOPE.fix))
        return match.with_values(name=quoted(name), value=quoted(value)).because(_UNFILLED, fix, "likely")
    if left_out:
        return match.with_values(left=quoted(" ".join(left_out))).because(_NOT_GRANTED, _CONSENT, "likely")
    if scope and inputs is not None and inputs.dialect.name == "standard":
        return replace(match, fix=(SetField("params.scope", "{exact}"), RERUN, *otherwise(*SCOPE.fix[:1])))
    return match


def _unfilled(inputs: Inputs | None) -> tuple[str, str, str] | None:
    """The parameter of one's own that was sent with a placeholder: where it is set, its name and its value."""
    places = {"params": inputs.params, "token_params": inputs.token_params} if inputs is not None else {}
    sent = ((place, name, value) for place, pairs in places.items() for name, value in pairs)
    return next((one for one in sent if one[2].startswith(_OPEN) and is_placeholder(one[2])), None)


_OPEN = ("${", "{{", "$(", "<")
_UNFILLED = "{name} was sent as {value}, a placeholder that nobody filled in, and the token's scope is too small for this endpoint."


def scope_wanted(response: HttpResponse) -> str:
    """The scope that a refusal names in its challenge, in a member or in a header beside the scopes of the token; or ""."""
    asked = bearer(challenges(response.headers))
    if asked is not None and asked.get("scope"):
        return asked.get("scope")
    members = every_member(json_reading(response.body.data).value) if len(response.body.data) <= MAX_PAGE else ()
    wanted = _WANTED if "scope" in refusal_text(response) else _SCOPES_WANTED
    named = (one.value for one in members if isinstance(one.value, str) and wanted.fullmatch(plain_name(one.name)))
    return next(named, scope_beside(response))


_SCOPES_WANTED = pattern(r"(?:needed|required|missing)scopes?|scopes?(?:needed|required|missing)")
_WANTED = pattern(rf"needed|{_SCOPES_WANTED.pattern}")
"""Names of the members in which APIs write the scope that a token lacks."""


_NOT_GRANTED = "The token is without {left}, which was asked for: the consent was given for less, or the application may not have it."
_CONSENT: Fix = (Rerun("browser"), Do("approve every scope on the consent page"), *otherwise(*SCOPE.fix))


def _of_the_token(words: str) -> Reason | None:
    return next((one for one in OF_THE_TOKEN if one.sign.search(words)), None)


_SEVERAL = pattern(
    r"\b(?:invalid|expired|revoked|malformed|unknown|missing)\b(?:,|/| or\b)|\bor\b[^.]{0,20}\b(?:expired|revoked|invalid|malformed)\b"
)
_ONE_OF_SEVERAL = "Its words name more than one reason, and do not say which of them holds."


def _rejected(probe: ProbeResult, state: FlowState, said: str, words: str) -> Match:
    match, reason = _matched(probe, state, words=quoted(said)), _of_the_token(words) or reason_of(words)
    if _SEVERAL.search(said.lower()):
        return match.because(_ONE_OF_SEVERAL, FRESH.fix, "unknown")
    claims = token_json(state)
    if claims and (reason is None or reason in OF_THE_TOKEN[:3]):
        parts = (f"{name} {quoted(str(claims[name])) if name in claims else 'none'}" for name in ("iss", "aud"))
        match = match.with_evidence(Evidence("The token", ", ".join(parts), Pointer("token", "body")))
    if reason is None or reason in _OPEN_TO_CLUES:
        clue = by_clues(state, probe.exchange.response, words, match) if probe.exchange is not None else None
        if clue is not None:
            return clue
    if reason is None and _BAD_ALONE.fullmatch(said.lower()):
        return replace(_of_no_reason(state, match), title=_NO_MORE)
    if reason is None:
        return match
    return match.because(reason.cause, reason.fix, "proven" if reason in OF_THE_TOKEN else "likely")


_NO_MORE = "{endpoint} does not accept the token ({status}): {words}."
_BAD_ALONE = pattern(
    r"(?:[\W_]|(?:the|an?|your|this|is|was|has|been|not|or|error|invalid|bad|valid|accepted|access|bearer|oauth2?|auth\w*|json|web|jwt|api"
    r"|token|unauthori[sz]ed|rejected|refused|denied|failed|failure|request|provided|supplied|recogni[sz]ed)(?![a-z]))*"
)
"""Words that call the token bad, and say no more."""


_OPEN_TO_CLUES = (OF_THE_TOKEN[3], OF_THE_TOKEN[5])
"""What the token itself may explain better: a signature that cannot be verified, a token that is not yet valid."""


def _matched(probe: ProbeResult, state: FlowState, **values: str) -> Match:
    """A match with what the run was asked to do, too."""
    assert probe.exchange is not None  # noqa: S101 - `refusal` has looked
    inputs = state.inputs
    asked = {"base_url": quoted(inputs.base_url), "client_id": quoted(inputs.client_id)} if inputs is not None else {}
    return matched(probe, probe.exchange.response, **asked, **values)


def matched(probe: ProbeResult, response: HttpResponse, **values: str) -> Match:
    """A match with the values that every finding about an endpoint needs: its answer as evidence, and the words for another credential."""
    name, error = probe.endpoint.name, read_error(response)
    says = quoted_refusal(response) if error.form == "html" and response.status >= 400 else quoted_error(error)
    evidence = [Evidence(quoted(name), f"{response.status}, {says}", Pointer("access", "response", name))]
    for challenge in headers_named(response.headers, "www-authenticate"):
        evidence.append(Evidence("WWW-Authenticate", quoted(challenge), Pointer("access", "header", name)))
    shown = {"endpoint": quoted(name), "status": str(response.status), "trace": trace(error)}
    return Match(shown | values, tuple(evidence))
