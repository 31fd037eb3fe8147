"""The response that held a token: when the token ends, and how the response is written (protocol.md, step 2; RFC 6749 §5.1)."""

from __future__ import annotations

import codecs
from typing import Any

from msgspec.structs import replace

from airisk_tui.flow.state import is_marked
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField
from airisk_tui.insight.reading.clock import MAX_SKEW, SET_THE_CLOCK, differing, earliest, our_now
from airisk_tui.insight.reading.run import json_object, seconds, token_issued, token_json
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import answer, exchange
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.expiry import Expiry, read_expiration
from airisk_tui.oauth.answer.pages import media_type
from airisk_tui.oauth.http import header
from airisk_tui.oauth.text.dates import utc_text

SHORT_LIVED: Fix = (Change("client", "treat the token as short-lived and renew it on a 401"),)
READ_AS_UTC = Change("client", "read it as UTC in your client, never as local time")

DAY = 86_400.0
"""Seconds; no two zones are further apart."""

rules = RuleSet("Token", token_issued)


def field(context: Context) -> Pointer:
    """Where the expiry stands."""
    return Pointer("token", "body", _name(context))


def _name(context: Context) -> str:
    """The name or path that the expiry came under; that of the dialect where none came."""
    came = context.state.token_answer
    name = came.token.expiry_field if came is not None and came.token is not None else None
    return name or context.inputs.dialect.expiration


def _members(context: Context) -> dict[str, Any]:
    return json_object(exchange(context).response) or {}


def _exp(context: Context) -> Any:
    """The exp claim of a token that is a JWT, or None."""
    return token_json(context.state).get("exp")


def expiry(context: Context) -> Expiry | None:
    """When the token ends, as the response says it; None where none came."""
    came = context.state.token_answer
    return came.token.expiry if came is not None and came.token is not None else None


def _expiry_match(context: Context, came: Expiry, **values: str) -> Match:
    """A match with the expiry as the server wrote it."""
    told = {"raw": quoted(came.raw), "name": quoted(_name(context)), **values}
    return Match(told, (Evidence("Expiry", f"{told['raw']}, as {told['name']}", field(context)),))


FORMS: dict[str, str] = {
    "number": "seconds since 1970",
    "milliseconds": "milliseconds since 1970",
    "relative": "a lifetime in seconds",
    "http-date": "an HTTP date",
    "date": "a date",
    "written": "a date for people",
}
"""In words, the formats that servers write in place of the documented one."""


def _body(label: str, text: str, name: str = "") -> Evidence:
    return Evidence(label, text, Pointer("token", "body", name))


@rules.add(
    "clock-skew",
    severity="warning",
    title="This machine's clock and the server's differ by {skew}: the server's is {which}.",
    cause="This machine's clock is wrong.",
    runner_up="The server's clock is wrong.",
    fix=SET_THE_CLOCK,
    reference="RFC 9110 §6.6.1",
    unless="the two clocks agreed within the time that an exchange takes",
)
def clock_skew(context: Context) -> Match | None:
    told = differing(context.state)
    if told is None:
        return None
    place = Pointer("token", "header", "Date")
    return Match(told, (Evidence("Clocks", f"here {told['ours']}, at the server {told['theirs']}", place),))


@rules.add(
    "expiration-unset",
    severity="warning",
    question="expiry",
    title="The token response does not say when the token ends: its expiry is {raw}, which means no date.",
    cause="The server sets no expiry, and writes the first date of its software's calendar.",
    fix=(*SHORT_LIVED, Ask("have the server write the true expiry")),
    reference="protocol.md, step 2; RFC 6749 §5.1",
    unless="the moment lay after the first dates of calendars",
)
def expiration_unset(context: Context) -> Match | None:
    came = expiry(context)
    if came is None:
        return None
    match = _expiry_match(context, came)
    if came.oddity == "no-lifetime":
        return (
            match.because(_ZERO, _UNTIL_A_401, "likely") if came.raw == "0" else match.because(_ENDLESS, None, "likely")
        )
    return match if came.at is not None and came.at <= BEGINNING else None


_ENDLESS = "The server writes {raw} for a token that does not end, or whose end it does not know."
_ZERO = "Some servers write 0 for a token that does not end; by RFC 6749 it ends with the answer, as one that was kept too long does."
_UNTIL_A_401: Fix = (Change("client", "use the token until a 401"), Ask("ask the administrator what {raw} means"))

BEGINNING = DAY
"""A day after the epoch: 0001-01-01, 1601-01-01, 1899-12-30 and 1970-01-01 are each the first date of some software's calendar."""


@rules.add(
    "expiration-endless",
    severity="warning",
    question="expiry",
    title="The token is valid for {years} years: the server wrote {raw} as {name}.",
    cause="The server means that the token does not end{why}.",
    fix=(
        Change("client", "keep the token as carefully as a password, and expect a 401 at any time"),
        Ask("have the deployment's tokens end within hours"),
    ),
    reference="RFC 6749 §5.1; RFC 9700 §2.2.1",
    certainty="likely",
    unless="the token's own exp claim lay within ten years, which would make the answer's number a mistake of its unit",
)
def expiration_endless(context: Context) -> Match | None:
    came, received, exp = expiry(context), our_now(context.state), _exp(context)
    short = isinstance(exp, int | float) and 0 < exp < received + ENDLESS
    if came is None or came.at is None or came.at - received < ENDLESS or short:
        return None
    greatest = came.raw in ("2147483647", "4294967295", "9007199254740991")
    why = f": {came.raw} is the greatest number that a field of its kind holds" if greatest else ""
    match = _expiry_match(context, came, years=f"{(came.at - received) / YEAR:,.0f}", why=why)
    unit = _in_another_unit(came.raw) if _name(context) == "expires_in" else ""
    return replace(match.with_values(unit=unit), runner_up=_ANOTHER_UNIT) if unit else match


def _in_another_unit(raw: str) -> str:
    """What a number would be in a finer unit than seconds, if that is a lifetime that tokens have; else ""."""
    number = int(raw) if raw.isdecimal() else 0
    of_days = number % DAY == 0 and number < 200 * YEAR
    spans = {name: number // size for name, size in UNITS.items() if number % size == 0 and not of_days}
    return next((f"{seconds(span)} in {name}" for name, span in spans.items() if 60 <= span <= 90 * DAY), "")


UNITS = {"nanoseconds": 10**9, "microseconds": 10**6, "milliseconds": 10**3}
"""Units of lifetimes that servers write in place of seconds, the finest first."""
_ANOTHER_UNIT = "The server counts in another unit than seconds: the number would be {unit}."


YEAR = 365.25 * DAY
ENDLESS = 10 * YEAR
"""Seconds. No deployment chooses so long a lifetime for a token that is meant to end."""


@rules.add(
    "token-expired-on-arrival",
    question="expiry",
    title="The token had already expired when it came: it ended {span} before.",
    cause="The server computes the expiry wrongly, or hands out an old token.",
    runner_up="The expiry is a local time that the server writes as UTC.",
    fix=(Ask("give this exchange to the administrator: {raw} must lie in the future, in UTC"),),
    reference="RFC 6749 §5.1; protocol.md, step 2",
    unless="the moment lay ahead by either of the two clocks",
)
def expired_on_arrival(context: Context) -> Match | None:
    came, now = expiry(context), earliest(context.state)
    if came is None or came.at is None or came.at > now:
        return None
    evidence = Evidence("Expiry", f"{quoted(came.raw)}, and it came at {utc_text(now)}", field(context))
    match = Match({"span": seconds(now - came.at), "raw": quoted(came.raw)}, (evidence,))
    if came.oddity == "no-zone" and now - came.at < DAY:
        if ":" in came.raw:
            return replace(match, cause=_LOCAL, runner_up="The server hands out an old token.")
        match = match.because(_A_DAY, (Ask("have the server write a time, too"),), "unknown")
        return replace(match, title=_BEGUN, severity="warning")
    if came.raw.startswith("-"):
        return match.because(_KEPT, (Ask("have the server issue a new token once one has ended"),), "likely")
    if now - came.at >= DAY or _WITH_OFFSET.search(came.raw):
        return replace(match, runner_up="", certainty="likely")
    return match


_WITH_OFFSET = pattern(r"[+-]\d\d:?\d\d$")
"""At the end of a date: its zone, so that it is no local time that only looks like UTC."""
_LOCAL = "The server writes its local time without the zone: in UTC, the documented zone, it has passed."
_BEGUN = "The token's expiry is a day without a time, {raw}, and that day had begun when it came."
_A_DAY = "The server writes a day and no time: this program read its start, and the token may be valid until its end."
_KEPT = "The server answers with a token that it has kept beyond its end: the lifetime that is left is below zero."


@rules.add(
    "expiration-unreadable",
    severity="warning",
    question="expiry",
    title="The token's expiry cannot be read: the server wrote {raw} as {name}.",
    cause="The server writes no moment that is certain: not the documented 2025-03-31T13:12:17Z, nor a lifetime in seconds.",
    fix=(*SHORT_LIVED, Ask("have the server write the documented format")),
    reference="protocol.md, step 2; RFC 3339 §5.6",
    unless="the value could be read as one moment",
)
def expiration_unreadable(context: Context) -> Match | None:
    came = expiry(context)
    if came is None or came.oddity != "unreadable" or is_marked(context.state, came.raw):
        return None
    match, unit = _expiry_match(context, came), _in_another_unit(came.raw)
    if not unit:
        return match
    fix: Fix = (*SHORT_LIVED, Ask("have the server write the lifetime in seconds"))
    return match.with_values(unit=unit).because(_ANOTHER_UNIT, fix, "likely")


@rules.add(
    "expiration-renamed",
    severity="warning",
    question="expiry",
    title="The token response says when the token ends as {name}, and not as {expected}.",
    cause="This server has its own name for it. This program read {raw}: {means}.",
    fix=(SetField("dialect.expiration", "{name}"), RERUN),
    reference="RFC 6749 §5.1; protocol.md, step 2",
    unless="the moment came under its own name",
)
def expiration_renamed(context: Context) -> Match | None:
    came, expected = expiry(context), context.inputs.dialect.expiration
    if came is None or came.at is None or _name(context) in (expected, "expires_in"):
        return None
    means = "as UTC, because it names no zone, " if came.oddity == "no-zone" else ""
    return _expiry_match(context, came, expected=quoted(expected), means=f"{means}it ends at {utc_text(came.at)}")


@rules.add(
    "expiration-no-zone",
    severity="warning",
    question="expiry",
    title="The token's expiry {raw}, which came as {name}, names no time zone.",
    cause="The server leaves the “Z” out; this program read it as UTC, which is the documented zone.",
    fix=(READ_AS_UTC, Ask("have the server write the “Z”")),
    reference="protocol.md, step 2; RFC 3339 §4.3",
    unless="the value named a zone",
)
def expiration_no_zone(context: Context) -> Match | None:
    came = expiry(context)
    if came is None or came.oddity != "no-zone":
        return None
    match = _expiry_match(context, came)
    documented = (READ_AS_UTC, Ask("have the server write the documented format"))
    return match if came.raw[4:5] == "-" else replace(match, cause=_FOR_PEOPLE, fix=documented)


_FOR_PEOPLE = "The server writes a date for people, with no zone; this program read it as UTC, the documented zone."


@rules.add(
    "expiration-format",
    severity="warning",
    question="expiry",
    title="The token's expiry {raw}, which came as {name}, is written as {form}, but a date-time is documented.",
    cause="This deployment writes another format than the documented 2025-03-31T13:12:17Z.",
    fix=(Change("client", "read {form} in your client: it means {means}"),),
    reference="protocol.md, step 2",
    unless="the value were a date and a time with a zone",
)
def expiration_format(context: Context) -> Match | None:
    came = expiry(context)
    if came is None or came.at is None or came.oddity not in FORMS:
        return None
    match = _expiry_match(context, came, form=FORMS[came.oddity], means=utc_text(came.at))
    in_place = "The server writes the moment itself where a lifetime is documented."
    return replace(match, title=NO_LIFETIME, cause=in_place) if _name(context) == "expires_in" else match


NO_LIFETIME = "The response's {name} is {raw}, which is {form} and no lifetime: RFC 6749 has a number of seconds there."


@rules.add(
    "expiration-missing",
    severity="warning",
    question="expiry",
    standard="note",
    title="The token response does not say when the token ends.",
    cause="This server leaves {name} out.",
    fix=(Change("client", "renew the token on a 401, not by the clock"), Ask("ask the administrator for the lifetime")),
    reference="RFC 6749 §5.1; protocol.md, step 2",
    unless="a member of the answer said when the token ends",
)
def expiration_missing(context: Context) -> Match | None:
    if expiry(context) is not None:
        return None
    evidence = _body("Members", listed(list(_members(context))))
    return Match({"name": quoted(context.inputs.dialect.expiration)}, (evidence,))


@rules.add(
    "expires-in",
    severity="note",
    question="expiry",
    title="The token's lifetime came as expires_in, as in RFC 6749, and not as {name}.",
    cause="This deployment answers in the standard form.",
    fix=(Change("client", "make your client read both"), Do("change nothing here")),
    reference="RFC 6749 §5.1; protocol.md, step 2",
)
def expires_in(context: Context) -> Match | None:
    came, name = expiry(context), context.inputs.dialect.expiration
    if came is None or _name(context) != "expires_in" or name == "expires_in":
        return None
    return Match({"name": quoted(name)}, (_body("expires_in", quoted(came.raw), "expires_in"),))


@rules.add(
    "expiration-counts-earlier",
    severity="warning",
    title="The token was made {ago} before the answer, as {member} says, and its lifetime of {raw} may count from then: it ends at "
    "{early} or at {late}.",
    cause="The server answers with a token that it has made before, and gives its whole lifetime each time.",
    runner_up="The number is what is left of the lifetime, as RFC 6749 has it.",
    fix=(Change("client", "take the earlier of the two in your client, and renew the token on a 401"),),
    reference="RFC 6749 §5.1",
    unless="the token's own exp claim said when it ends",
)
def expiration_counts_earlier(context: Context) -> Match | None:
    came, now = expiry(context), our_now(context.state)
    made = _made(_members(context), now)
    if came is None or came.at is None or made is None or _exp(context) is not None:
        return None
    of_a_date = came.oddity is None and _name(context) == context.inputs.dialect.expiration != "expires_in"
    if of_a_date or came.oddity not in (None, "relative"):
        return None
    member, at = made
    shown = {
        "raw": quoted(came.raw),
        "ago": seconds(now - at),
        "member": quoted(member),
        "early": utc_text(came.at - (now - at)),
        "late": utc_text(came.at),
    }
    return Match(shown, (_body(member, utc_text(at), member),))


def _made(members: dict[str, Any], now: float) -> tuple[str, float] | None:
    """The member that says when the token was made, and when, where that was some time before the answer."""
    for name in ("created_at", "createdAt", "issued_at", "issuedAt", "created"):
        at = read_expiration(members[name], now).at if name in members else None
        if at is not None and MAX_SKEW < now - at < YEAR:
            return name, at
    return None


@rules.add(
    "json-repeated-member",
    severity="warning",
    title="The token response has the member {name} more than once; this program read the first, and other clients read the last.",
    cause="The server, or a gateway that adds to its answer, is broken.",
    fix=(Ask("give this exchange to the administrator: each member may come once"),),
    reference="RFC 8259 §4; threats.md C6",
    unless="each member came once",
    certainty="likely",
)
def json_repeated_member(context: Context) -> Match | None:
    names = [name for kind, name in answer(context).oddities if kind == "duplicate-member"]
    if not names:
        return None
    return Match({"name": brief(names[0])}, (_body("Repeated", listed(names)),))


@rules.add(
    "json-odd",
    severity="warning",
    title="The token response is not valid JSON: it holds {what}.",
    cause="The server builds its JSON by hand, or in another dialect of it.",
    fix=(Ask("have the server write plain JSON in UTF-8: strict clients fail on this"),),
    reference="RFC 8259; threats.md C6",
    unless="the body were valid JSON",
    certainty="likely",
)
def json_odd(context: Context) -> Match | None:
    found = "; ".join(dict.fromkeys(WRITTEN[kind] for kind, _ in answer(context).oddities if kind in WRITTEN))
    return Match({"what": found}, (_body("Oddities", found),)) if found else None


WRITTEN = {
    "not-a-number": "NaN or Infinity",
    "huge-number": "a number beyond every range",
    "byte-order-mark": "a byte-order mark at its beginning",
    "lone-surrogate": "half a character",
}
"""Oddities of JSON that can still be read."""


@rules.add(
    "content-type-wrong",
    severity="warning",
    title="The token response is JSON, but the server declares it as {kind}.",
    cause="The server sets the wrong Content-Type.",
    fix=(Ask("have the server declare application/json: strict clients refuse anything else"),),
    reference="RFC 6749 §5.1",
    unless="the type were one of JSON",
)
def content_type_wrong(context: Context) -> Match | None:
    kind = media_type(exchange(context).response)
    if not kind or kind == "application/json" or kind.endswith("+json") or kind == "text/json":
        return None
    return Match({"kind": brief(kind)}, (Evidence("Content-Type", brief(kind), _CONTENT_TYPE),))


_CONTENT_TYPE = Pointer("token", "header", "Content-Type")


@rules.add(
    "charset-wrong",
    severity="warning",
    title="The token response is not text in {charset}, the charset that the server declares.",
    cause="The server declares one encoding and writes another.",
    fix=(Ask("have the server write and declare UTF-8: clients that trust the declaration fail"),),
    reference="RFC 8259 §8.1; threats.md C4",
    unless="the body could be read in that charset",
)
def charset_wrong(context: Context) -> Match | None:
    declared = header(exchange(context).response.headers, "content-type") or ""
    charset = declared.lower().partition("charset=")[2].partition(";")[0].strip().strip('"')[:60]
    if not charset:
        return None
    try:
        exchange(context).response.body.data.decode(codecs.lookup(charset).name)
    except (UnicodeError, LookupError, ValueError):
        return Match({"charset": quoted(charset)}, (Evidence("Content-Type", brief(declared), _CONTENT_TYPE),))
    return None
