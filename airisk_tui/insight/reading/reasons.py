"""Why a server refused, where its own words say so and blame no parameter: a pause, a check of cookies, maintenance, and their like.

Each is a pattern over what `blame.refusal_text` gives: lower case, and of a page only what a person sees. A status outranks none of
them: servers ask for a pause with 400 and with 403, too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, otherwise, provided
from airisk_tui.insight.reading.blame import client_left_open, of_a_one_time_code, refusal_text
from airisk_tui.insight.reading.meant import meant
from airisk_tui.insight.reading.run import json_object
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.server_error import refuses
from airisk_tui.oauth.http import HttpResponse, header

PAUSE = pattern(
    r"\btoo many (?:\w+ ){0,2}(?:requests|attempts|logins|tries)|\brate.?limit|\bslow_down\b"
    r"|\bthrottled\b|\bthrottling(?:exception)?\b|\bthrottle\b.{0,20}\b(?:limit|exceed)|\b(?:request|rate|login|api)s?[ _-]throttl"
)
USED_UP = pattern(
    r"\bquota\b.{0,30}\b(?:exce\w+|reached|exhausted|used up)|\b(?:exce\w+|over|out of|reached|exhausted)\b.{0,20}\bquota\b"
    r"|\b(?:daily|weekly|monthly|yearly)\b.{0,30}\b(?:limit|allowance)\b"
)
"""A quota that is used up comes back with the next day or month, or when more is bought: a short pause does not help."""

NO_ACCESS = pattern(
    r"\w*entitlements?\b|\bnot entitled\b"
    r"|\b(?:do|does)(?:n't| not) have (?:access|permissions?) (?:to|for) (?:\w+ )?(?:this|the|that) (?:client|app\w*|integration)\b"
    r"|\baccess to (?:this|the|that) (?:client|app\w*) (?:is |was )?(?:disallowed|not allowed|forbidden)\b"
    r"|\bnot (?:authori[sz]ed|allowed|permitted) to (?:use|access|log ?in to|sign ?in to) (?:this|the|that) (?:client|app\w*)\b"
)
SWITCHED_OFF = pattern(
    r"\b(?:client|app(?:lication)?|integration)\b[^.:;\n]{0,25}"
    r"\b(?:disabled|inactive|not (?:active|enabled)|deactivated|suspended|blocked)\b"
    r"|\b(?:disabled|inactive|deactivated|suspended|blocked) (?:client|app(?:lication)?|integration)\b"
)
FORGERY = pattern(
    r"\b[cx]srf\b|anti-?forgery|request forgery|\bcorrelation (?:cookie|failed)|\bsession cookie\b(?! consent)"
    r"|\bcookies? (?!consent)(?:\S+ ){0,4}(?:not present|not found|not set|missing|required|expired)\b|\bmissing (?:\w+ )?cookie\b"
)
MAINTENANCE = pattern(
    r"\b(?:down for|under|undergoing|in|scheduled|planned) (?:\w+ )?maintenance\b|\bmaintenance (?:mode|window|work)"
    r"|\bbe (?:right )?back (?:soon|shortly|later|online)\b"
)
INTERNAL = pattern(r"\b(?:internal|unexpected|unhandled|system) (?:server |system )?(?:error|exception|failure)\b")
"""Words about a fault inside a server."""

QUOTED_INSIDE = pattern(
    r"\w*(?:sql|mongo\w*|ldap|redis|smtp|naming|httprequest|jdbc|odbc|dbal|authentication|connection|socket|web)(?:exception|error)\b"
    r"|\bsqlstate\b|\bora-\d{4,}|\bldaperr\b|\btraceback \(most|\bat [\w.$<>]+\.[\w<>]+\("
)
"""Words of an exception or a stack trace: what stands there a database, a directory or another service has said to the server."""

SECOND_FACTOR = pattern(
    r"\b(?:interaction|login|consent|mfa)_required\b|multi-?factor|two-?factor|second factor|aadsts5007[69]\b"
)
GATEWAY_KEY = pattern(
    r"\bmissing subscription key|\b(?:resolve|no|find) api.?key|\b(?:missing|invalid|no|required) (?:an? )?(?:x-)?api.?key"
    r"|\bapi.?key (?:is )?(?:missing|required|invalid)"
)
"""Words of API gateways that want a key of their own."""

_LIVE, _TRIAL = r"\b(?:live|production|prod)", r"\b(?:test|sandbox|development|dev|staging)"
_OF_ONE = r"[ -]?(?:mode|environment|api|keys?|tokens?|accounts?|credentials|clients?|secrets?|apps?|applications|endpoint|server|system)\b"
ENVIRONMENTS = pattern(
    r"\b(?:wrong|another|different|other|incorrect) (?:\w+ )?(?:cluster|region|data ?cent(?:er|re)|environment|shard|pod)\b"
    r"|\b(?:cluster|region|environment) mismatch"
    rf"|{_LIVE}\b[^.\n]{{0,60}}{_TRIAL}{_OF_ONE}|{_TRIAL}{_OF_ONE}[^.\n]{{0,60}}{_LIVE}\b(?! ?mode to)"
    rf"|{_LIVE}{_OF_ONE}[^.\n]{{0,60}}{_TRIAL}\b|{_TRIAL}\b[^.\n]{{0,60}}{_LIVE}{_OF_ONE}"
)
"""Words about two environments or regions, of which the keys, the code or the token belong to one and the request went to the other."""

PROOF = pattern(r"\bdpop\b|_dpop_|proof[- ]of[- ]possession")
SESSION_OVER = pattern(
    r"authentication_expired|\b(?:session|login)\b.{0,30}\b(?:expired|timed out|timeout|not active|not found|closed)\b"
    r"|\b(?:page|request)\b(?: \w+)? expired\b"
    r"|\b(?:expired|stale)\b(?: or \w+)?(?: \w+)? state\b|\bstate\b.{0,20}\b(?:expired|timed out|stale)\b"
    r"|\bplease_?(?:restart|retry|try_?again|start_?over)|\btry_again\b"
)
REPEATED = pattern(
    r"\b(?:(?<!code[ _])verifier|challenge|consent|(?:consent|log-?in|authori[sz]ation|authentication) request|form|page)\b[^.;:\n]{0,20}"
    r"\balready (?:been )?(?:used|redeemed|submitted|handled|consumed|completed|processed)\b(?! by)"
)
"""Words about a step of a log-in that came twice; those about a code or a token are others'."""
USER = pattern(
    r"\b(?:user|account)(?:'s account| account)? "
    r"(?:is |was |has been )?(?:currently |temporarily |permanently )?"
    r"(?:disabled|inactive|not active|locked|blocked|suspended|deactivated|deleted)\b"
    r"|\b(?:inactive|disabled|locked|blocked|suspended|deactivated|deleted) (?:user|account)\b"
    r"|\b(?:invalid|bad|wrong|incorrect) (?:user|resource owner|account)(?: ?name)?(?: credentials?| (?:or|and) password)\b"
    r"|\brestricted to users\b|\bonly be accessed by\b|\binactive_user\b|\bnot fully set up\b"
    r"|\bnot assigned\b|\bnot a member\b|aadsts(?:50(?:105|057|0?20|034)|90072)\b|\buser account\b.{0,80}\bdoes not exist\b"
)
CUSTOMER = pattern(
    r"\b(?:project|organi[sz]ation|tenant|workspace|subscription|trial)\b[^.:;\n]{0,20}"
    r"\b(?:disabled|inactive|not active|locked|blocked|suspended|deactivated|deleted|expired)\b"
    r"|\b(?:inactive|disabled|locked|blocked|suspended|deactivated|deleted|expired) "
    r"(?:project|organi[sz]ation|org|tenant|workspace|subscription)\b"
    r"|\blicen[cs]e\b[^.:;\n]{0,20}\b(?:expired|missing|required|invalid|not (?:found|valid|active))"
    r"|\b(?:expired|no|missing|invalid) (?:valid )?licen[cs]e\b|\bpayment required\b"
)
"""Words about the customer whose platform it is, and not about the user."""

APPROVAL = pattern(
    r"(?<!user or )(?<!user or an )\badmin(?:istrator)?s?\W{1,2}(?:\w+ ){0,2}(?:approv|consent|permission|review)"
    r"|\b(?:requires?|needs?) (?:an? )?admin"
    r"|\b(?:approv\w*|review\w*|permission|consent\w*) (?:by|from|of) (?:\w+ ){0,2}admin"
    r"|\bnot (?:yet )?(?:been )?approved\b|\bprevents? you from granting\b|aadsts9009(?:4|41)\b"
)
CONSENT = pattern(
    r"(?<!invalid )(?<!cookie )(?<!already )\bconsent(?:ed)?\b(?! (?:was|is|has)(?: been)? (?:already )?(?:given|granted))|aadsts65001\b"
)
_OF_AN_ADDRESS = r"(?<![a-z0-9])(?:ip|ips)(?:[ _-]?addr(?:ess)?(?:es)?)?(?![a-z0-9])"
_NOT_LET_IN = (
    r"(?:forbid|block|den(?:y|ied)|reject|restrict|refus|unauthori[sz]|untrusted|disallow|black-?list|bann|white-?list|allow-?list"
    r"|(?:not|isn't|aren't)[ _](?:\w+[ _]){0,2}?(?:allow|permit|authori[sz]|admit|trust|in\b|on\b))"
)
ADDRESS = pattern(
    rf"{_OF_AN_ADDRESS}(?:(?!\bid\b|\bref)[^\n;]){{0,60}}?(?<![a-z]){_NOT_LET_IN}|(?<![a-z]){_NOT_LET_IN}\w*\W(?:(?:from|for|by|to|access|of|this|your|the|an?|source|remote|requests?)\W)*{_OF_AN_ADDRESS}"
    r"|\bhas blocked your access\b"
)
"""Words about an address from which nobody is let in."""
POLICY = pattern(
    r"conditional access|aadsts53\d{3}\b"
    r"|\bblocked by (?:\w+ ){0,2}polic"
    r"|\b(?:country|region|territory)\b.{0,30}\bnot (?:supported|available|allowed|permitted)|\bnot (?:supported|available) in your "
    r"(?:country|region)\b"
)
LOGIN = pattern(
    r"full authentication is required|\b(?:log|sign) ?in (?:is )?(?:required|first|to continue|again)\b"
    r"|\b(?:not|must be|need to be|has to be) (?:logged|signed) ?in\b|\b(?:must|please) (?:log|sign) ?in\b"
    r"|\bno (?:active|valid) session\b|\bunauthenticated\b"
)
CREDENTIALS_UNREAD = pattern(
    r"\bcredentials?\b.{0,30}\b(?:not found|missing|not provided|not present|required|absent)|\b(?:no|missing) (?:client )?credentials\b"
    r"|\bauthori[sz]ation (?:field|header)\b.{0,20}\b(?:missing|required|absent|empty|not found)"
    r"|\b(?:missing|no|requires? an?) authori[sz]ation (?:field|header)\b"
    r"|\bno client auth\w* (?:mechanism |method )?(?:was |were )?(?:provided|given|sent|present|found)"
    r"|\b(?:must be authenticated|requires? (?:client )?authentication|client authentication (?:is )?(?:required|missing))\b"
)
CERTIFICATE = pattern(r"\b(?:client|ssl|x\.?509|mtls|tls)\b[ _-]?cert|\bmtls\b|mutual[- ](?:tls|ssl)|tls_client_auth")
ASSERTION = pattern(r"client[ _-]?assertion|private_key_jwt")
AUTHENTICATION = pattern(r"authenticat|credential|\bsecret\b")


def pause_asked(response: HttpResponse) -> bool:
    """Whether a refusal, whatever its status, asks for a pause because of too many requests, by its status (RFC 6585 §4) or in words."""
    if (
        response.redirects
        or response.status in (404, 405)
        or (response.succeeded and not refuses(json_object(response) or {}))
    ):
        return False
    words = refusal_text(response)
    asked = meant(PAUSE, words) or (TOO_SOON.search(words) and "code" not in words)
    return (response.status == 429 and not meant(USED_UP, words)) or bool(asked)


TOO_SOON = pattern(
    r"\b(?:same|repeat\w*|again|duplicate\w*|identical)\b[^.\n]{0,40}\b(?:within|in less than) \d+ ?(?:s\b|sec|min)"
    r"|\btoo (?:soon|often|frequent\w*|fast|quickly)\b|\b(?:please )?wait \d+ ?(?:s\b|sec|min)"
)
"""Words of a request that was made again too early; of a code they tell how long it lives."""


def pause_named(response: HttpResponse) -> bool:
    """Whether a refusal names a pause (`Retry-After`, RFC 9110 §10.2.3) and no reason: words of its own are the reason."""
    refused = response.status >= 400 and response.status not in (404, 405)
    return refused and header(response.headers, "retry-after") is not None and not says_more(response)


class Reason(NamedTuple):
    """A reason that lies in a person, a log-in or a policy. sign: its words; cause, fix: with {client_id} and {trace}."""

    sign: re.Pattern[str]
    cause: str
    fix: Fix


_ASK_POLICY = Ask("ask the administrator which policy applies to {client_id} and this user{trace}")
_PRIVATE = Rerun("browser", " in a private window")

BY_WHOMEVER = "A restriction of the application, or of what is in front of it, does not let this machine's address in, as the words say."
ADMITTED: Fix = (
    Do("connect to the network (VPN) from which the deployment may be used"),
    *otherwise(Ask("have the administrator add this machine's public address to the access restriction")),
    RERUN,
)
"""The fix if a machine's address is not admitted."""

OF_THE_LOGIN = (
    Reason(ADDRESS, BY_WHOMEVER, ADMITTED),
    Reason(
        POLICY,
        "A policy of the deployment refuses this user, this device or this network, as its words say.",
        (_ASK_POLICY, *provided("if it names the network", Do("connect to the network (VPN) that it admits"), RERUN)),
    ),
    Reason(
        APPROVAL,
        "An administrator has to approve the application for this user first, as the words say.",
        (Ask("have the administrator approve {client_id} for this user, or for everybody{trace}"), RERUN),
    ),
    Reason(
        REPEATED,
        "A step of this log-in was sent a second time (a page loaded again, a step back, a second tab), and counts once, as the words say.",
        (RERUN, Do("finish the log-in in one tab, without going back")),
    ),
    Reason(
        CONSENT,
        "The consent that the application needs has not been given, as the words say.",
        (
            Rerun("browser"),
            Do("approve on the consent page"),
            *provided("if none is shown", Ask("have the administrator consent for {client_id}")),
        ),
    ),
    Reason(
        NO_ACCESS,
        "The server does not let this user use the application, as its words say.",
        (
            Ask("have the administrator give this user access to {client_id}{trace}"),
            *provided("to try another user", _PRIVATE),
        ),
    ),
    Reason(
        SWITCHED_OFF,
        "The server knows the application, and lets nobody use it: it is switched off or blocked there, as the words say.",
        (Ask("have the administrator switch {client_id} on{trace}"), RERUN),
    ),
    Reason(
        CUSTOMER,
        "The words speak of the organisation, its subscription or its licence, and not of the request.",
        (Ask("have the administrator of the deployment settle what these words name{trace}"), RERUN),
    ),
    Reason(
        USER,
        "The server refuses the user who logged in, and not the request: its words speak of the account, or of who may log in.",
        (
            Ask("have the administrator look at the account that these words speak of{trace}"),
            *provided("to try another one", _PRIVATE),
        ),
    ),
    Reason(
        SESSION_OVER,
        "The log-in at the server had ended before the flow did, as its words say.",
        (RERUN, Do("finish the log-in without a long pause")),
    ),
    Reason(
        FORGERY,
        "A cookie of the log-in did not come back to the server (its check against request forgery, CSRF, found none or an old one).",
        (_PRIVATE, Do("keep to one tab, and do not go back during the log-in")),
    ),
    Reason(
        USED_UP,
        "A quota is used up, as the words say; a short pause does not help.",
        (Ask("ask the administrator whose quota it is, and when it starts again{trace}"),),
    ),
    Reason(PAUSE, "The server asks for a pause: too many requests came in a short time.", (Do("wait a minute"), RERUN)),
    Reason(
        SECOND_FACTOR,
        "A further step of the log-in is wanted, such as a second factor, which the log-in of this run left out.",
        (_PRIVATE, Do("log in there with the second factor"), *provided("if it is not asked for", _ASK_POLICY)),
    ),
)
"""In the order in which they are looked for: a policy's refusal often bears the code of a log-in that is wanted."""


def tells_of_a_fault(words: str) -> bool:
    """Whether lower-case words tell of a fault inside the server, or quote an exception of it."""
    return INTERNAL.search(words) is not None or QUOTED_INSIDE.search(words) is not None


_ONE_TIME = Reason(
    SECOND_FACTOR,
    "The words speak of a one-time code that a person gets and types in, and not of the authorization code.",
    (Rerun("browser"), Do("log in there with a new one-time code")),
)


def of_the_login(words: str) -> Reason | None:
    """The reason that lower-case words give and that lies in a person, a log-in or a policy; or None."""
    if QUOTED_INSIDE.search(words):
        return None
    if of_a_one_time_code(words):
        return _ONE_TIME
    left_open = (SWITCHED_OFF, NO_ACCESS) if client_left_open(words) else ()
    return next((one for one in OF_THE_LOGIN if one.sign not in left_open and meant(one.sign, words)), None)


_LOGGED_IN = Reason(
    LOGIN,
    "The server shows no page for a log-in here: it expects somebody who is logged in already, as its words say.",
    (Rerun("browser"), Do("log in at {base_url} in the same browser first")),
)


def of_the_browser(words: str) -> Reason | None:
    """The same of words of the authorization endpoint, which may also ask for a log-in."""
    return of_the_login(words) or (_LOGGED_IN if meant(LOGIN, words) else None)


def says_more(response: HttpResponse) -> bool:
    """Whether an answer has words of its own, beyond those that any server has for its status (RFC 9110 §15)."""
    return len(set(_WORD.findall(_PRODUCT.sub(" ", refusal_text(response)))) - set(_OF_ANY_SERVER.split())) > 1


_WORD = pattern(r"[^\W\d_]{2,}")
_PRODUCT = pattern(
    r"https?://\S+|\b[0-9a-f-]{16,}|\bapache/?\S*(?: \([^)]*\))?(?: server at \S+ port \d+)?|\S+/\d\S*"
    r"|\b(?:nginx|apache|openresty|iis|microsoft[- ]iis|microsoft[- ]azure|caddy|envoy|varnish|cloudfront|tomcat|jetty)\S*"
)
_OF_ANY_SERVER = (
    "error http https status code bad request unauthorized unauthorised forbidden access denied is was are to this page resource the "
    "requested url you your have not don permission on server for of or and an at in that it by with directory file content "
    "authorization authentication required web site website application app service could verify authorized authorised credentials "
    "supplied wrong browser doesn understand how supply either contact administrator port ref reference id incident ray "
    "title type detail message traceid has been sorry we oops something went be cannot can please view using"
)
"""Words of the pages that web servers and gateways have for 400, 401 and 403."""
