"""Why a server refused, where its own words say so and blame no parameter: a pause, a check of cookies, maintenance, and their like.

Each is a pattern over what `blame.said` gives: lower case, and of a page only what a person sees. A status outranks none of
them: servers ask for a pause with 400 and with 403, too.
"""

from __future__ import annotations

from airisk_tui.insight.blame import said
from airisk_tui.later import pattern
from airisk_tui.oauth.http import HttpResponse, header

PAUSE = pattern(
    r"\btoo many (?:\w+ ){0,2}(?:requests|attempts|logins|tries)|\brate.?limit|\bthrottl|\bslow_down\b|\bquota (?:\w+ )?exce"
)
FORGERY = pattern(
    r"\b[cx]srf\b|anti-?forgery|request forgery|\bcorrelation (?:cookie|failed)|\bsession cookie\b"
    r"|\bcookies? (?:\S+ ){0,4}(?:not present|not found|not set|missing|required|expired)\b|\bmissing (?:\w+ )?cookie\b"
)
MAINTENANCE = pattern(
    r"\b(?:down for|under|undergoing|in|scheduled|planned) (?:\w+ )?maintenance\b|\bmaintenance (?:mode|window|work)"
    r"|\bbe (?:right )?back (?:soon|shortly|later|online)\b"
)
SECOND_FACTOR = pattern(
    r"\b(?:interaction|login|consent|mfa)_required\b|multi-?factor|two-?factor|second factor|aadsts5007[69]\b"
)
PROOF = pattern(r"\bdpop\b|_dpop_|proof[- ]of[- ]possession")
SESSION_OVER = pattern(
    r"authentication_expired|\b(?:session|login|page|request)\b.{0,30}\b(?:expired|timed out|timeout)\b"
)
CREDENTIALS_UNREAD = pattern(
    r"\bcredentials?\b.{0,30}\b(?:not found|missing|not provided|not present|required|absent)|\b(?:no|missing) (?:client )?credentials\b"
)
AUTHENTICATION = pattern(r"authenticat|credential|\bsecret\b")


def pause_asked(response: HttpResponse) -> bool:
    """Whether a refusal asks for a pause: by its status, by `Retry-After` (RFC 9110 §10.2.3), or in words."""
    if response.status < 400 or response.status in (404, 405):
        return False
    asked = response.status == 429 or header(response.headers, "retry-after") is not None
    return asked or PAUSE.search(said(response)) is not None
