"""When the token ends, as servers write it."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from tests.reports.answers import issues, seconds_since_1970, written
from tests.reports.report import IN_AN_HOUR, Asked, Direct, Report, Right

UNSAID = r"does not say when|leaves .{0,20} out"


def named(name: str, value: Any, source: str, symptom: str, *, report: str) -> Report:
    """The end stands under another name, and that name is told."""
    return Report(
        name=report,
        source=source,
        symptom=symptom,
        play=Direct(token=issues(**{name: value})),
        right=Right(tells=rf"(?<![\w.]){name.replace('.', chr(92) + '.')}(?!\w)", never=UNSAID, outcome=("token",)),
    )


def jwt(**claims: Any) -> str:
    """A JWT that nobody can check."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


def late_by_a_factor(asked: Asked) -> bytes:
    """exp lies an hour of milliseconds ahead, and the answer says a day."""
    now = int(time.time())
    return issues(access_token=jwt(sub="app:demo-app", iat=now, exp=now + 3_600_000), expires_in=86400)(asked)


REPORTS = (
    Report(
        name="expires-in-is-a-moment",
        source="pagopa/pdnd-interop-frontend#1138, TryGhost/Ghost#7547",
        symptom="expires_in holds seconds since 1970, and the token seems to last for half a century.",
        play=Direct(token=issues(expires_in=seconds_since_1970())),
        right=Right(
            expires_at=(IN_AN_HOUR, None),
            tells=r"since 1970|moment|point in time|a date|not a (lifetime|number of seconds)",
        ),
    ),
    Report(
        name="expires-in-is-a-date",
        source="leaonline/oauth2-server#3, mulesoft-labs/js-client-oauth2#107",
        symptom="expires_in holds a date-time in place of seconds.",
        play=Direct(token=issues(expires_in="2030-01-01T12:00:00.000Z")),
        right=Right(expires_at=("2030-01-01T12:00:00Z", None), tells=r"expires_in"),
    ),
    Report(
        name="expires-in-of-fifty-years",
        source="bluesliverx/grails-spring-security-oauth2-provider#120",
        symptom="A lifetime of fifty years is read as a moment, and the token seems to have ended years ago.",
        play=Direct(token=issues(expires_in=1_576_800_000)),
        right=Right(never=r"jwt-expired|had passed when it came|already (ended|expired)"),
    ),
    Report(
        name="expires-in-as-text",
        source="lelylan/simple-oauth2#115, authgear/authgear-server#235",
        symptom="expires_in comes as text, and is joined to a number in place of being added.",
        play=Direct(token=issues(expires_in="3600")),
        right=Right(expires_at=IN_AN_HOUR, outcome=("token",)),
    ),
    Report(
        name="expires-in-null",
        source="oauthlib/oauthlib#675",
        symptom="expires_in is null, and a client stops at it.",
        play=Direct(token=issues(expires_in=None)),
        right=Right(expires_at=None, outcome=("token",), tells=r"expires_in|lifetime|when the token ends"),
    ),
    Report(
        name="expires-in-zero",
        source="superseriousbusiness/gotosocial#731, spring-projects/spring-security#4810, thephpleague/oauth2-client#606",
        symptom="0 stands for a token that never ends, and clients throw it away at once.",
        play=Direct(token=issues(expires_in=0)),
        right=Right(says=r"\b0\b|at once|never|no end", outcome=("token", "different")),
    ),
    Report(
        name="expires-in-in-milliseconds",
        source="OAuth-Apis/apis#56",
        symptom="expires_in counts milliseconds, and the token seems to last a thousand times as long.",
        play=Direct(token=issues(access_token=jwt(exp=int(time.time()) + 3600), expires_in=3_600_000)),
        right=Right(tells=r"millisecond|differ|exp\b"),
    ),
    Report(
        name="exp-in-a-mix-of-units",
        source="thefrontside/simulacrum#368",
        symptom="The token's own exp lies weeks ahead, and the answer says a day.",
        play=Direct(token=late_by_a_factor),
        right=Right(first=("expiration-differs-from-exp",), says=r"exp"),
    ),
    Report(
        name="pm-lost",
        source="MicrosoftDocs/azure-docs#81354",
        symptom="A date with PM is read as if it were in the morning.",
        play=Direct(token=issues(expiration="November 27, 2030 7:00 PM")),
        right=Right(expires_at=("2030-11-27T19:00:00Z", None), outcome=("token",)),
    ),
    Report(
        name="month-day-and-zone",
        source="Azure/azure-cli#20215, Azure/azure-cli#19480",
        symptom="The end is a date with the month first and a zone behind, where a number was expected.",
        play=Direct(token=issues(expiration="11/05/2030 15:18:31 +00:00")),
        right=Right(expires_at=("2030-11-05T15:18:31Z", None), outcome=("token",)),
    ),
    Report(
        name="month-day-and-pm",
        source="Azure/azure-sdk-for-python#9480, Azure/azure-sdk-for-net#12869",
        symptom="On another system the same service writes AM and PM, and no zeros in front.",
        play=Direct(token=issues(expiration="1/16/2030 5:24:12 PM +00:00")),
        right=Right(expires_at=("2030-01-16T17:24:12Z", None), outcome=("token",)),
    ),
    Report(
        name="day-or-month-first",
        source="dylanplecki/KeycloakOwinAuthentication#28, wardbox/spotishell#25, openstacknetsdk/openstack.net#630",
        symptom="1/2 is the first of February or the second of January, by the language of the system that reads it.",
        play=Direct(token=issues(expiration="01/02/2030 15:18:31")),
        right=Right(expires_at=None, tells=r"01/02/2030"),
    ),
    Report(
        name="local-time-without-a-zone",
        source="Azure/azure-sdk-for-net#16559, Azure/azure-cli#14128",
        symptom="The end is local time, which nothing says, and is read as UTC.",
        play=Direct(token=issues(expiration="2030-06-29 17:22:16.443545")),
        right=Right(tells=r"zone", outcome=("token",)),
    ),
    Report(
        name="space-before-utc",
        source="refined-github/refined-github#9048",
        symptom="The end is written with UTC behind a space, which a browser refuses to read.",
        play=Direct(token=issues(expiration="2030-06-03 19:52:44 UTC")),
        right=Right(expires_at=("2030-06-03T19:52:44Z", None), outcome=("token",)),
    ),
    Report(
        name="an-hour-early-in-summer",
        source="IdentityServer/IdentityServer3#3275, sillsdev/TheCombine#162",
        symptom="Each token has ended an hour before it comes: one side counts in local time.",
        play=Direct(token=issues(expiration=written("%Y-%m-%dT%H:%M:%SZ", -1))),
        right=Right(says=r"clock|zone|local time|past|before", never=r"run again to get a new token"),
    ),
    Report(
        name="never-ends-as-the-first-day",
        source="SimpleAuthentication/SimpleAuthentication#104, zammad/zammad#478",
        symptom="A token that never ends has the first day that the server's calendar knows.",
        play=Direct(token=issues(expiration="0001-01-01T00:00:00")),
        right=Right(says=r"0001|no (end|expiry)|set none|never", outcome=("token", "different")),
    ),
    Report(
        name="minutes-since-1970",
        source="icgc-dcc/dcc-portal#655",
        symptom="The number that should say when the token ends lies in 1970, whatever it is read as.",
        play=Direct(token=issues(expiresIn=26_009_854)),
        right=Right(tells=r"expiresIn", never=UNSAID, outcome=("token",)),
    ),
    Report(
        name="exp-is-a-date-in-the-token",
        source="auth0/angular2-jwt#597",
        symptom="The token's own exp is a date-time as text, where seconds are required.",
        play=Direct(
            token=issues(access_token=jwt(sub="96", exp="2030-04-03T07:29:20+00:00"), expiration="2030-04-03T07:29:20Z")
        ),
        right=Right(first=("jwt-claim-wrong",), says=r"exp"),
    ),
    Report(
        name="two-answers-that-differ",
        source="daniel-cottone/Cerberus#22",
        symptom="Two times in one answer are written in two units.",
        play=Direct(token=issues(created=seconds_since_1970(0, 1000), exp=seconds_since_1970())),
        right=Right(tells=r"\bexp\b", never=UNSAID, outcome=("token",)),
    ),
    named(
        "expires_on",
        lambda now: str(int(now + 3600)),
        "Azure/azure-sdk-for-python#5913",
        "The end stands in expires_on, as seconds in a text.",
        report="named-expires-on",
    ),
    named(
        "expires_at",
        "2030-01-01T00:00:00Z",
        "airweave-ai/airweave#1024",
        "The end stands in expires_at, as a date-time.",
        report="named-expires-at",
    ),
    named(
        "expires_at",
        seconds_since_1970(),
        "lelylan/simple-oauth2#277",
        "The end stands in expires_at, as seconds since 1970.",
        report="named-expires-at-as-a-number",
    ),
    named(
        ".expires",
        written("%a, %d %b %Y %H:%M:%S GMT"),
        "SpoonX/aurelia-authentication#220",
        "The end stands in .expires, as HTTP writes dates.",
        report="named-with-a-dot",
    ),
    named(
        "expires",
        5_183_999,
        "thephpleague/oauth2-client#860, joshstar/AniList-API-Docs#85",
        "A lifetime or a moment stands in expires.",
        report="named-expires",
    ),
    named(
        "expiry_date",
        seconds_since_1970(3600, 1000),
        "googleapis/google-api-nodejs-client#636, CALLE-AI/call-e-integrations#72",
        "The end stands in expiry_date, in milliseconds since 1970.",
        report="named-expiry-date",
    ),
    Report(
        name="expires-in-beyond-every-calendar",
        source="link-it/govway#70, golang/oauth2#279",
        symptom="expires_in is the greatest number that there is, which means for ever, and the token counts as ended.",
        play=Direct(token=issues(expires_in=9223372036854775)),
        right=Right(
            outcome=("token",),
            expires_at=None,
            tells=r"9223372036854775",
            never=r"already expired|had passed when it came",
        ),
    ),
    Report(
        name="expires-in-of-twenty-years",
        source="lukakoning/shinyOAuth#14",
        symptom="A lifetime of twenty years is more than 31 bits of a date hold, and the client crashes.",
        play=Direct(token=issues(expires_in=631138518)),
        right=Right(outcome=("token",), tells=r"years|631138518", never=r"already expired|since 1970"),
    ),
    Report(
        name="expires-in-with-a-decimal-point",
        source="reddit-archive/reddit#761",
        symptom="The lifetime comes as 3600.0, which a strict client refuses.",
        play=Direct(token=issues(expires_in=3600.0)),
        right=Right(expires_at=IN_AN_HOUR, outcome=("token",), never=r"cannot be read"),
    ),
    Report(
        name="expires-in-minus-one",
        source="lucadegasperi/oauth2-server-laravel#505",
        symptom="-1 was meant as for ever, and every client takes the token for expired.",
        play=Direct(token=issues(expires_in=-1)),
        right=Right(outcome=("token",), tells=r"-1", never=r"\[jwt-expired\]"),
    ),
    Report(
        name="created-at-beside-the-lifetime",
        source="doorkeeper-gem/doorkeeper#225, doorkeeper-gem/doorkeeper#778",
        symptom="A token that existed already comes back with its whole lifetime, and created_at half an hour ago.",
        play=Direct(token=issues(expires_in=3600, created_at=seconds_since_1970(-1800))),
        right=Right(outcome=("token",), tells=r"created_at", never=UNSAID),
    ),
    Report(
        name="created-at-now",
        source="doorkeeper-gem/doorkeeper#1406, timdorr/tesla-api#40",
        symptom="created_at stands beside expires_in, and is the moment of the answer.",
        play=Direct(token=issues(expires_in=3600, created_at=seconds_since_1970(0))),
        right=Right(outcome=("token",), expires_at=IN_AN_HOUR, quiet=True),
    ),
    Report(
        name="greatest-number-of-31-bits",
        source="spring-attic/spring-social#105",
        symptom="The lifetime is 2147483647 seconds, which is no lifetime that anybody chose.",
        play=Direct(token=issues(expires_in=2147483647)),
        right=Right(outcome=("token",), tells=r"68 years", never=r"since 1970"),
    ),
    Report(
        name="neither-lifetime-nor-end",
        source="trivago/Heimdallr.swift#58, sam-huckaby/savvy#11",
        symptom="The answer has no expires_in, only when the token was made, and a client calls it no token.",
        play=Direct(token=issues(token_type="bearer", scope="public", created_at=seconds_since_1970(0))),
        right=Right(outcome=("token",), expires_at=None, tells=UNSAID),
    ),
    Report(
        name="expires-on-without-a-zone",
        source="ccpgames/sso-issues#16",
        symptom="The date of the end has no zone, and some libraries read it as local time.",
        play=Direct(token=issues(ExpiresOn=written("%Y-%m-%dT%H:%M:%S"))),
        right=Right(tells=r"ExpiresOn", never=UNSAID, outcome=("token",)),
    ),
    Report(
        name="end-in-the-servers-local-time",
        source="Azure/azure-cli#7078",
        symptom="The end is written in the server's local time, nine hours ahead, without its zone.",
        play=Direct(token=issues(expiration=written("%Y-%m-%d %H:%M:%S", 10 * 3600))),
        right=Right(tells=r"zone|UTC", outcome=("token",)),
    ),
    Report(
        name="seconds-with-an-exponent",
        source="danny-avila/LibreChat#15321",
        symptom="The seconds are a text with an exponent, of which a lenient reader keeps the first digit.",
        play=Direct(token=issues(expires_in="3.6e3")),
        right=Right(expires_at=(IN_AN_HOUR, None), tells=r"expires_in", never=UNSAID, outcome=("token",)),
    ),
    Report(
        name="lifetime-as-a-text",
        source="oomol-lab/open-connector#185, trivago/Heimdallr.swift#71",
        symptom="The seconds come as a text, and a strict client takes the token for one without an end.",
        play=Direct(token=issues(expires_in="3600")),
        right=Right(expires_at=IN_AN_HOUR, never=UNSAID, outcome=("token",)),
    ),
    Report(
        name="expires-on-with-an-offset-behind-a-space",
        source="Azure/azure-sdk-for-python#5972",
        symptom="The platform writes month, day and year, and the offset behind a space.",
        play=Direct(token=issues(expires_on=written("%m/%d/%Y %H:%M:%S +00:00"))),
        right=Right(expires_at=(IN_AN_HOUR, None), tells=r"expires_on", never=UNSAID, outcome=("token",)),
    ),
    Report(
        name="claim-that-is-a-date-time",
        source="AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet#1525",
        symptom="An old service writes exp as a date-time with an offset, and libraries fail over it.",
        play=Direct(token=issues(access_token=jwt(sub="7", exp="2030-09-08T21:18:18.5297739+02:00"))),
        right=Right(tells=r"\bexp\b", outcome=("token",)),
    ),
)
