"""Which input a server's own words blame: one reading of a refusal for the redirect, a body or page of either endpoint.

What the server says outranks every guess. Words that repeat what we sent blame nothing, and neither does a sentence of
RFC 6749 that lists what could have gone wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import quote, quote_plus

from airisk_tui.insight.reading.meant import OURS, name_of_something_else, of_something_else
from airisk_tui.insight.reading.run import json_reading
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import MAX_PAGE, is_web_page
from airisk_tui.oauth.answer.server_error import OAUTH_CODES, spelled, visible_lines
from airisk_tui.oauth.answer.token import TOKEN_NAMES
from airisk_tui.oauth.http import HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.text.visible import decoded

_WRONG = (
    r"missing|required|invalid|unknown|unrecogni[sz]ed|unsupported|mandatory|must"
    r"|not (?:allowed|supported|valid|present|found|specified|provided)"
)

_OF_A_USER = (
    r"\b(?:user|person|account|member|subject|employee|principal)"
    r"(?:[_-]?(?:id(?:entifier)?|g?uid|uuid|ref(?:erence)?|key)|[_-]n(?:o|r|um))\b"
    r"|\buser id\b|\bu_?id\b(?!=)|\bupn\b"
)
"""A name for the id of a user: what a user is called, and what an id is called."""

NAMES: dict[str, str] = {
    "redirect_uri": r"\b(?:invalid|unregistered) redirect\b|redirect_mismatch"
    r"|(?:redirect|callback|reply|return)(?:ion)?[ _-]?ur[il]s?\b|\bredirect address\b"
    r"|\breply address\b(?=.{0,60}(?:match|specified|configured|registered))|redirect_?ur[il]|aadsts50011\b",
    "response_uri": r"\bresponse_uri\b",
    "client_secret": r"(?:client|\bapp)[ _-]?secret|\bsecret\b|aadsts7000(?:215|222|218)\b",
    "client_id": r"(?<![a-z0-9])(?:client|app(?:lication)?)[ _-]?id(?:entifier)?\b"
    r"(?!\W+(?:\w+ )?does(?: not|n't) have (?:access|permission))"
    r"|aadsts700016\b"
    r"|\binvalid client\b(?= or (?:redirect|callback))|\bdeleted_client\b|\bclient_not_found\b"
    r"|\bfind (?:\w+ ){0,4}(?:client|application)\b(?! secret)"
    r"|\b(?:unknown|unregistered|unrecogni[sz]ed) (?:client|app(?:lication)?)\b|\bno such (?:client|app(?:lication)?)\b"
    r"|\bno client (?:was |is )?(?:found|registered)\b"
    r"|\bno (?:client|application) (?:with|by|named|called)\b[^.:;\n]{0,30}\b(?:registered|exists|found)\b"
    r"|\b(?:unknown|unregistered|unrecogni[sz]ed|no such) registration\b|\b(?:client|app(?:lication)?) registration (?:\w+ ){0,2}expired\b"
    r"|\b(?:client|application)\b(?! (?:credential|certificate))[^.:;\n]{0,50}\b(?:not (?:found|registered(?! (?:with|for|to|as))"
    r"|exist|known|recogni[sz]ed)|unknown|doesn't exist|deleted)",
    "code_challenge": r"code[ _-]?challenge|\bpkce\b|\bproof key\b|aadsts9002325\b",
    "code_verifier": r"code[ _-]?verifier|\bverifier\b|aadsts50148\b|aadsts501481\b",
    "grant_type": r"grant[ _-]?type|aadsts70003\b",
    "response_type": r"response[ _-]?type",
    "scope": r"\bscopes?\b|\binvalid_scope\b|aadsts70011\b",
    "userid": rf"{_OF_A_USER}|\buser\b[^.:;\n]{{0,20}}\b(?:not found|unknown|does not exist|doesn't exist)",
    "state": rf"\bstate\b(?: parameter| value)?[^.\n]{{0,12}}\b(?:{_WRONG}|empty|short|mismatch)"
    rf"|\b(?:{_WRONG}|parameter|no)\b:? (?:the |a |value for |parameter:? )?[\"'`]?state\b",
    "nonce": rf"\bnonce\b(?: parameter| value| claim)?[^.\n]{{0,12}}\b(?:{_WRONG}|mismatch)"
    rf"|\b(?:{_WRONG}|parameter|no)\b:? (?:the |a |value for |parameter:? )?[\"'`]?nonce\b",
    "resource": rf"\binvalid[_ ]target\b|\bresource\b(?! (?:owner|server))(?: parameter| value| indicator)?[^.\n]{{0,12}}"
    rf"\b(?:parameter|{_WRONG.replace('|found', '')})"
    r"|\b(?:missing|required|invalid_target|parameter)\b:? (?:the |a )?[\"'`]?resource\b(?! (?:owner|server))|aadsts500011\b",
    "audience": rf"\baudience\b(?: parameter| value)?[^.\n]{{0,24}}\b(?:parameter|{_WRONG})"
    rf"|\b(?:{_WRONG}|parameter|no)\b:? (?:the |an? )?[\"'`]?audience\b",
    "code": r"\bcode\b",
}
REFUSES = pattern(
    r"\b(?:invalid|unknown|unregistered|unrecogni[sz]ed|mismatch)|_mismatch\b"
    r"|\bnot (?:an? )?(?:registered|match|allowed|found|valid|recogni[sz]ed|supported|whitelisted|known|authori[sz]ed)"
    r"|(?:does|do|did)n.t match"
)
"""Words about a value that is refused, seldom about a fault inside."""

_ANY = pattern("|".join(f"(?P<{name}>{pattern})" for name, pattern in NAMES.items()))

_LISTS = pattern(
    r"missing a required parameter, includes an [^.]{0,160}malformed|"
    r"\(e\.g\.[^)]*\)|is invalid, expired, revoked.{0,200}?(?:another client|\.|$)|authori[sz]ation code (?:using|by) this method"
    r"|due to unknown client, no client authentication included, or unsupported authentication method"
)
"""Sentences of RFC 6749 §4.1.2.1 and §5.2, which servers send unchanged: they list causes, and name none."""


def refusal_text(response: HttpResponse) -> str:
    """The words of a refusal (`refusal_words`), in lower case."""
    return refusal_words(response).lower()


def refusal_words(response: HttpResponse) -> str:
    """The words of a refusal: a page's visible lines, the texts of a JSON document without the names of its members (but for those
    that have complaints of their own, as ASP.NET and Django REST framework write them), any other body as it is."""
    value = json_reading(response.body.data).value
    if isinstance(value, dict | list | str):
        return _without_request(" \n".join(_texts(value))[:MAX_PAGE])
    text = decoded(response.body.data[: 4 * MAX_PAGE])
    return _without_request(
        (visible_lines(text) if is_web_page(response) or text.lstrip().startswith("<") else text)[:MAX_PAGE].strip()
    )


def _without_request(words: str) -> str:
    """The words without addresses that have a query, and without the patterns of routes: pages of frameworks repeat the request and
    list their routes, which blames no parameter."""
    return _ASKED.sub("", words)


_ASKED = pattern(r"https?://[^\s?\"'<>]+\?[^\s\"'<>]+|<[a-z]+:[a-z_]+>", re.IGNORECASE)


def _texts(value: Any, of_errors: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        yield spelled(value)
    for item in value if isinstance(value, list) else ():
        yield from _texts(item)
    for name, inner in value.items() if isinstance(value, dict) else ():
        if of_errors or _complains_of(name, inner):
            yield name
        if name not in _OF_THE_REQUEST and not (isinstance(inner, str) and inner.startswith("https://tools.ietf.org/")):
            yield from _texts(inner, name == "errors")


_OF_THE_REQUEST = frozenset({"timestamp", "path", "instance", "traceId", "requestId", "request_id"})
"""Members of a refusal that repeat where and when it happened."""


def _complains_of(name: str, value: Any) -> bool:
    """Whether a member is named after an input and holds a list of sentences about it."""
    sentences = isinstance(value, list) and value and all(isinstance(one, str) and " " in one for one in value)
    found = _ANY.fullmatch(name.lower()) if sentences else None
    return found is not None and found.lastgroup != "code"


def without(text: str, own: Iterable[str]) -> str:
    """Lower-case words, unescaped for HTML, with `OURS` for each value that we sent, written as it is or percent-encoded."""
    text = unescape(text)
    for value in sorted({value.lower() for value in own}, key=len, reverse=True):
        if len(value) >= LONG or not value.isalpha():
            for form in (
                value,
                quote(value, "", errors="replace").lower(),
                quote_plus(value, errors="replace").lower(),
            ):
                text = text.replace(form, f" {OURS} ") if len(form) >= SHORT else text
    return text


LONG, SHORT = 12, 4
"""Characters: a value of letters alone may be a word of the refusal unless it is long, and a very short one occurs by chance."""


def blamed(text: str, own: Iterable[str] = ()) -> str:
    """The input that lower-case words blame, by its name in the protocol, or "". own: the values that we sent.

    Of several it is the first; the code only where there is no other. "Client ID or redirect URI" blames neither: `either_blamed`.
    """
    names = () if either_blamed(text, own) else all_blamed(text, own)
    return next((name for name in names if name != "code"), names[0] if names else "")


def own_extra(params: Params, words: str) -> str:
    """The parameter that a person added to a request and that lower-case words name, or ""."""
    names = (name for name, _ in params if len(name) >= SHORT and name.lower() not in NAMES)
    return next((name for name in names if re.search(rf"\b{re.escape(name.lower())}\b", words)), "")


def spelled_by_them(words: str, name: str) -> str:
    """How a server's words, in its own spelling, write the name of an input; "" where they write it as no one word."""
    found = re.search(rf"(?:{NAMES[name]})", words, re.IGNORECASE) if name in NAMES else None
    return found[0] if found is not None and re.fullmatch(r"[\w-]+", found[0]) else ""


def strange_name(words: str) -> str:
    """The parameter that a server's words call missing or refuse, where this program does not know its name; in the server's
    spelling, or "".

    A name is recognised by its form (tenant_id, tenantId), or by standing beside "parameter". TenantId alone is no such form: it could
    be the name of a product.
    """
    text, wanted = words.lower(), wanted_of(words)[0]
    if wanted and wanted.lower() not in (*NAMES, *TOKEN_NAMES):
        return wanted
    spots = ((found, found.span(found.lastgroup or 0)) for found in _NAMED.finditer(words))
    names = (found[found.lastgroup or 0] for found, span in spots if not name_of_something_else(text, *span))
    known = (*NAMES, *TOKEN_NAMES)
    unlike = (name for name in names if name.lower() not in known and not OAUTH_CODES.fullmatch(name.lower()))
    return next((name for name in unlike if _judged(text, name.lower())), "")


_NAMED = pattern(
    r"\b(?P<compound>[a-z]{2,}[A-Z]\w{1,40}|[A-Za-z]+(?:_[A-Za-z]+){1,5})\b"
    r"|\b(?i:parameter|field|argument|property)(?i: named| called)?:? [\"'`“‘]?(?P<behind>[A-Za-z][\w.-]{1,40})\b"
    r"|(?P<before>\b[A-Za-z][\w.-]{1,40})(?=[\"'`”’]? (?i:query |request |form )?(?i:parameter|field|argument|property)\b)"
)


def _judged(words: str, name: str) -> bool:
    """Whether lower-case words say of a name that it is missing or refused, close to it."""
    if _NO_NAME.fullmatch(name):
        return False
    spot = rf"(?<!\w){re.escape(name)}(?!\w)"
    refused = rf"{_REFUSED}\W+(?:(?:the|value|parameter|field|for|of)\W+)*{spot}|{spot}\W+(?:\S+ )?(?:is |was |are )?{_REFUSED}"
    return misses(words, name) or re.search(refused, words) is not None


_REFUSED = (
    r"(?:invalid|unknown|unregistered|unrecogni[sz]ed|unsupported|incorrect"
    r"|not (?:found|valid|known|registered|recogni[sz]ed|supported|allowed|permitted|whitelisted))\b"
)
_NO_NAME = pattern(
    r".*(?:invalid|missing|unknown|error|exception|denied|unauthori|required|failed|expired|mismatch|unsupported|not_?found|oauth|jwt).*"
    r"|the|an?|th(?:is|at)|is|was|are|not|and|or|of|in|for|to|no|one|any|more|following|mandatory|request|query|form|body|hidden|input"
    r"|value|token|client|user|grant|authorization|(?:client_)?assertion(?:_type)?|client_secret_\w+"
)
"""Words that stand where a name may stand, what is in the name of an error, and how a client authenticates itself (RFC 7523 §2.2)."""


def all_blamed(text: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Every input that lower-case words name, in their order."""
    return tuple(found.lastgroup or "" for found in _found(without_lists(without(text, own))))


def _found(text: str) -> list[re.Match[str]]:
    """Every place where lower-case words speak of an input."""
    spots = [found for found in _ANY.finditer(text) if not of_something_else(text, *found.span())]
    return [found for found in spots if found.lastgroup != "code"] if of_a_one_time_code(text) else spots


def of_a_one_time_code(text: str) -> bool:
    """Whether lower-case words speak of a code that a person gets and types in, and of no authorization code."""
    return _ONE_TIME.search(text) is not None and _OF_A_REDIRECT.search(text) is None


_ONE_TIME = pattern(
    r"\bcodes?\b[^.;\n]{0,30}\b(?:by|via|through|to|from|in|on) (?:\w+ ){0,2}(?:sms|e-?mail|text|phone|mobile|device|authenticator)\b"
    r"|\b(?:sms|texted|e-?mailed|resend)\b[^.;\n]{0,20}\bcodes?\b|\bcodes?\b[^.;\n]{0,20}\b(?:texted|e-?mailed|resent|resend)\b"
    r"|\b(?:otp|totp|mfa|2fa|[4-8][- ]digit|two-?factor|second[- ]factor|authenticator|recovery|backup)"
    r"(?: (?:verification|access|security|login))? codes?\b|\bt?otp\b|\bone[- ]time pass\w+\b|\bpass-?codes?\b"
)
_OF_A_REDIRECT = pattern(r"\bauth(?:ori[sz]\w*|z)?[ _-]?codes?\b|\bcode grant|\bredirect|\bgrants?\b|code_verifier")
"""Some servers call the authorization code a verification code, and speak of the redirect or the grant beside it."""


def either_blamed(text: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """The inputs of which lower-case words blame one and do not say which ("invalid client_id or redirect_uri"); () where there
    are none. Client ID and secret together are the client, and no alternative."""
    text = without_lists(without(text, own))
    found = _found(text)
    joined = [pair for pair in pairwise(found) if _OR.fullmatch(text[pair[0].end() : pair[1].start()])]
    names = tuple(dict.fromkeys(one.lastgroup or "" for pair in joined for one in pair))
    return names if len(names) > 1 and set(names) != {"client_id", "client_secret"} else ()


_OR = pattern(
    r"[\"'`” ]*(?:/|,? ?\b(?:and/)?or\b)[\"'`“ ]*(?:an? |the |invalid |unknown |missing |wrong |unregistered )*[\"'`“]?"
)


def in_english(text: str) -> bool:
    """Whether words have no letter beyond those of English: a judgement in another language cannot be read here."""
    return not _FOREIGN.search(text)


_FOREIGN = pattern(r"[^\W\d_a-zA-Z]")


def client_left_open(text: str) -> bool:
    """Whether lower-case words leave open whether a client is unknown, or known and not let in ("not known or not authorized")."""
    return _UNKNOWN_OR.search(without_lists(text)) is not None


_UNKNOWN_OR = pattern(
    r"\b(?:not (?:known|found|registered|recogni[sz]ed|exist)|unknown|invalid|unregistered|missing|doesn't exist)\b[^.;\n]{0,40}"
    r"(?:\bor\b|/)[^.;\n]{0,30}"
    r"\b(?:not (?:authori[sz]ed|allowed|enabled|active|permitted|approved)|unauthori[sz]ed|disabled|inactive|disallowed)\b"
)


def refuses_an_application(text: str) -> bool:
    """Whether lower-case words refuse an application, and not something of it such as its version."""
    return _REFUSED_APPLICATION.search(without_lists(text)) is not None


_APPLICATION = r"(?:app|application|client|consumer|integration|partner|product)"
_REFUSED_APPLICATION = pattern(
    rf"\b(?:invalid|unknown|unregistered|no such|wrong|bad) (?:[\w-]+ ){{0,2}}{_APPLICATION}(?=[^\w\s]|\s*$|\s*\n)"
    rf"|\b{_APPLICATION}(?: \w+)? (?:(?:is|was|does|do|has|has been) ?(?:not|n't)|(?:is|does|was)n't|not) (?:yet )?"
    r"(?:set ?up|available|active|found|known|exist(?:ed)?|registered|recogni[sz]ed|valid|enabled)\b"
)


def without_lists(text: str) -> str:
    """Lower-case words without the sentences that list what could have gone wrong."""
    return _LISTS.sub(" ", text)


def misses(text: str, name: str) -> bool:
    """Whether lower-case words say that an input did not arrive."""
    spots = [found.span() for found in re.finditer(NAMES.get(name) or rf"(?<!\w){re.escape(name.lower())}(?!\w)", text)]
    sent = [(start, end) for start, end in spots if not _IN_THE_REGISTRATION.match(text[end:])]
    before = [found[0] for start, _ in sent if (found := _BEFORE.search(text[:start]))]
    behind = [found[0] for _, end in spots if (found := _AFTER.match(text[end:]))]
    return any(not _OR_WRONG.search(words) for words in (*before, *behind))


_OR_WRONG = pattern(
    r"invalid|mismatch|wrong|incorrect|malformed|unknown|expired|\bno (?:matching|such|valid|known|registered)\b"
)
"""Words that leave open whether the input arrived ("missing, invalid, or mismatching"), or that say that it is not a known one."""


_GONE = (
    r"not in (?:the )?(?:post|body|form|request|param\w*)|required|missing|mandatory|absent|empty"
    r"|(?:not|must be) (?:present|provided|specified|supplied|sent|included|set|given)"
)
_NULL = r"(?:must be|should be) an? (?:\w+ )?string|(?:must|should|may|can)(?: ?not|not) be (?:null|empty|blank)"
"""Words of validators about a member that is not there."""

_THERE = r" (?:in|from|on) (?:the |this |your )?(?:\w+ ){0,2}(?:client|app\w*|config\w*|registration|settings|\w*list)"
_ELSEWHERE = rf"(?!{_THERE})"
_IN_THE_REGISTRATION = pattern(
    rf"(?:{_THERE}|\W+(?:(?:is|are|was|were|has|have|been|yet)\W+){{0,3}}(?:registered|configured|whitelisted|allowed|set up)\b)"
)
"""A value that is missing there is not registered: the request carried it."""

_AFTER = pattern(
    rf"\W+(?:\w+\W+){{0,3}}(?:{_GONE})\b{_ELSEWHERE}(?:(?:,| or|/)+ ?(?:or )?(?:unknown|invalid|malformed|expired)\b)?|\W+{_NULL}\b"
)
_BEFORE = pattern(
    r"\b(?:(?:could|can)(?: ?not|n't)|(?:unable|failed) to) (?:determine|read|extract|get|retrieve|obtain)\W+(?:\w+\W+){0,2}$|"
    rf"\b(?:{_GONE}|no|without|needs?|requires?)\W+(?:(?!(?:when|if|unless|because)\b)\w+\W+){{0,2}}$"
    r"|\b(?:must (?:contain|include|have|provide|specify|send|supply)|missing)\W+(?:\w+\W+){0,6}$"
)
"""A name that stands before such words, or near behind them: "no application with that redirect_uri" misses none."""


def speaks_of_host(text: str) -> bool:
    """Whether lower-case words speak of the kind of host that a redirect URI has, and not of what is registered."""
    return _OF_A_HOST.search(text) is not None


_OF_A_HOST = pattern(
    r"\b(?:private|internal|local|raw|bare|numeric)[ -](?:network[ -])?(?:ips?|address|network)"
    r"|\bips? (?:address|literal)|(?<!//)\blocalhost\b(?![:/])|\bloopback\b"
    r"|\b(?:(?:non-)?public|top[- ]level|fully qualified) (?:[\w-]+ )?domain|\b(?:must|should) (?:be|have) an? domain\b"
)


def wanted_of(words: str) -> tuple[str, str]:
    """The parameter of which a server's words tell the one value that it wants, and that value ("response_mode must be form_post"), or "".
    Without quotation marks only a value that is no word of a language is taken."""
    found = _MUST_BE.search(words)
    return (found[1], found[2] or found[3]) if found is not None else ("", "")


_MUST_BE = pattern(
    r"\b([A-Za-z]+(?:_[A-Za-z]+)+|[a-z]{2,}[A-Z]\w{1,40})[\"'`”’]? (?:value |parameter )?(?:must|has to|needs to|should) (?:be|equal)"
    r"(?: (?:set|equal) to)? (?:[\"'`“‘]([\w.:-]+)[\"'`”’]|([A-Za-z]+[_\d]\w*))(?! or\b|,| and\b)"
)


def wants_https(text: str) -> bool:
    """Whether lower-case words say that a redirect URI has to be one of https."""
    return _HTTPS.search(text) is not None


_HTTPS = pattern(
    r"\bsecure (?:scheme|url|uri|connection|protocol)|https\W+(?:\w+\W+){0,2}(?:required|only|expected|mandatory)"
    r"|(?:must|should|has to|have to|only|required?|requires|needs?|use) (?:\w+ ){0,3}https\b"
    r"|\b(?:over|requires?|via|use) (?:ssl|tls)\b|\b(?:ssl|tls) (?:is )?(?:required|only|mandatory)\b"
    r"|(?:insecure|non-https|plain[- ]http)\b|http\b(?!\W*\d|://)[^.\n]{0,20}not (?:allowed|permitted|supported)"
)
