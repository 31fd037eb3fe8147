"""The claims of a JWT access token, and the faults of a token that looks like a JWT (RFC 7519; threats.md C6, C8).

A client need not look into an access token (RFC 6749 §1.4). A debugger does, because this is where one sees whom it acts for;
it reads the token and never verifies it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import Ask, Change, Do, Fix, provided
from airisk_tui.insight.reading.clock import MAX_SKEW, earliest, latest, our_now, skew
from airisk_tui.insight.reading.run import seconds, token_json
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token.response import DAY, UNITS, WRITTEN, expiry, field
from airisk_tui.insight.words.quoting import brief, listed, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.dates import MAX_EPOCH, utc_text
from airisk_tui.oauth.text.lenient_json import compact_json, is_number, json_object
from airisk_tui.oauth.text.visible import shortened, visible


def moment(value: Any) -> float | None:
    """A NumericDate (RFC 7519 §2), or one that is written as a text of digits, or None; total."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    return float(value) if is_number(value) and -MAX_EPOCH < value <= MAX_EPOCH else None


_DIGITS = pattern(r"[0-9]{1,12}")


def _readable(context: Context) -> bool:
    return context.state.token is not None and context.state.token.payload is not None


claimed = RuleSet("JWT", _readable)


def _token(context: Context) -> SecretView:
    if context.state.token is None:
        raise ValueError("No token was issued.")
    return context.state.token


def _of_token(name: str = "") -> Pointer:
    return Pointer("token", "body", name)


def _claim(name: str, text: str) -> Evidence:
    return Evidence(f"claim {name}", text, _of_token(name))


@claimed.add(
    "jwt-expired",
    title="The token had already expired when it came: its exp claim lies {span} before that.",
    cause="The server computes the expiry wrongly, or hands out an old token.",
    fix=(Ask("give this exchange to the administrator: exp must lie in the future"),),
    reference="RFC 7519 §4.1.4",
    unless="the moment lay ahead by either of the two clocks, or the answer itself gave one that had passed",
    certainty="likely",
)
def jwt_expired(context: Context) -> Match | None:
    exp, now, answered = moment(token_json(context.state).get("exp")), earliest(context.state), expiry(context)
    if exp is None or exp > now or (answered is not None and answered.at is not None and answered.at <= now):
        return None
    return Match({"span": seconds(now - exp)}, (_claim("exp", f"{utc_text(exp)}, and it came at {utc_text(now)}"),))


@claimed.add(
    "jwt-milliseconds",
    severity="warning",
    title="The token's claim {claim} is {value}: in seconds that lies in the far future, so the server means milliseconds.",
    cause="The server writes milliseconds where RFC 7519 prescribes seconds.",
    fix=(Ask("have the server write seconds: for other clients this {claim} lies thousands of years ahead"),),
    reference="RFC 7519 §2, §4.1.4",
    unless="the number were one of seconds",
)
def jwt_milliseconds(context: Context) -> Match | None:
    for name in ("exp", "nbf", "iat"):
        value = token_json(context.state).get(name)
        if in_milliseconds(value):
            evidence = _claim(name, f"{value}, {utc_text(value / 1000)} if in milliseconds")
            return Match({"claim": name, "value": str(value)}, (evidence,))
    return None


def in_milliseconds(value: Any) -> TypeGuard[int]:
    """Whether the value of a claim in seconds must be milliseconds."""
    return isinstance(value, int) and not isinstance(value, bool) and MILLISECONDS[0] <= value <= MILLISECONDS[1]


MILLISECONDS = (1_000_000_000_000, 9_999_999_999_999)
"""2001 to 2286 when read as milliseconds, beyond the year 30,000 when read as seconds."""

_CLOCKS_DIFFER = "The clocks of the server's instances differ."


@claimed.add(
    "jwt-not-yet-valid",
    severity="warning",
    title="The token becomes valid only {span} after it came ({claim}).",
    cause=_CLOCKS_DIFFER,
    fix=(Do("wait {span} before using the token"), Ask("ask the administrator to set the servers' clocks by NTP")),
    certainty="likely",
    reference="RFC 7519 §4.1.5",
    unless="the moment lay behind, with an allowance for two clocks",
)
def jwt_not_yet_valid(context: Context) -> Match | None:
    now = latest(context.state)
    for name in ("nbf", "iat"):
        start = moment(token_json(context.state).get(name))
        if start is not None and start > now + MAX_SKEW:
            match = Match({"span": seconds(start - now), "claim": name}, (_claim(name, utc_text(start)),))
            if start - now > DAY:
                return match.because(_FAR_AHEAD, _ASK_WHY, "likely")
            of_a_zone = (start - now + MAX_SKEW) % HALF_HOUR <= 2 * MAX_SKEW and start - now < FARTHEST
            return replace(match, cause=_LOCAL_TIME, runner_up=_CLOCKS_DIFFER) if of_a_zone else match
    return None


HALF_HOUR, FARTHEST = 1_800.0, 14.5 * 3_600
"""Seconds: the step in which time zones differ, and more than the greatest offset from UTC."""
_FAR_AHEAD = "Clocks seldom differ by days: the server computes {claim} wrongly, or means the token for later."
_ASK_WHY: Fix = (
    Do("compare {claim} in the tokens of two runs, which tells whether it moves with the clock"),
    Ask("ask the administrator what it is computed from: readers refuse the token until then"),
)
_LOCAL_TIME = "The server writes its local time as UTC: the span is that of a time zone."


@claimed.add(
    "expiration-differs-from-exp",
    severity="warning",
    title="The token response says that the token ends at {expiry}, but the token itself says {exp}.",
    cause="The server computes the two in different places, or writes a local time as UTC.",
    fix=(Change("client", "trust the earlier of the two in your client and renew the token on a 401"),),
    reference="RFC 7519 §4.1.4; protocol.md, step 2",
    unless="the two agreed, or differed by as much as the two clocks",
    certainty="likely",
)
def expiration_differs(context: Context) -> Match | None:
    exp, answered = moment(token_json(context.state).get("exp")), expiry(context)
    if exp is None or answered is None or answered.at is None or abs(answered.at - exp) <= MAX_SKEW:
        return None
    if abs(abs(answered.at - exp) - abs(skew(context.state) or 0.0)) <= MAX_SKEW:
        return None
    place = field(context)
    evidence = pair("Response and exp claim", utc_text(answered.at), utc_text(exp), place, ("answer", "claim"))
    ended = min(answered.at, exp) <= latest(context.state)
    match = Match({"expiry": utc_text(answered.at), "exp": utc_text(exp)}, (evidence,), fix=_USE_IT if ended else None)
    left, number = exp - our_now(context.state), int(answered.raw) if answered.raw.isdecimal() else 0
    unit = next((name for name, size in UNITS.items() if abs(number / size - left) <= min(MAX_SKEW, left / 10)), None)
    if unit is None or answered.oddity is not None:
        return match
    match = match.with_values(unit=unit, raw=quoted(answered.raw))
    return match.because(_IN_A_UNIT, (Ask("have the server write its lifetime in seconds"),), "likely")


_IN_A_UNIT = "The server counts the lifetime in {unit} where seconds belong: so read, {raw} is what exp says, too."
_USE_IT: Fix = (Change("client", "use the token until a 401: by the earlier of the two dates it was never valid"),)


@claimed.add(
    "jwt-unsigned",
    severity="warning",
    title="The token is not signed (alg “none”): anybody can write such a token.",
    cause="The server is configured for tests.",
    fix=(
        Ask("have the administrator switch signing on"),
        *provided("until then", Change("client", "trust nothing in the token")),
    ),
    reference="RFC 8725 §3.1",
    unless="the header named another algorithm",
    certainty="likely",
)
def jwt_unsigned(context: Context) -> Match | None:
    algorithm = json_object(_token(context).header).get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() != "none":
        return None
    return Match(evidence=(Evidence("header alg", quoted(algorithm), _of_token("alg")),))


rules = RuleSet[Context]("JWT's shape", lambda context: context.state.token is not None)

UNREADABLE = {
    "not-base64url": "is not base64url",
    "not-json": "is not JSON",
    "not-an-object": "is not a JSON object",
    "too-deep": "is nested deeper than any claims are",
    "too-large": "is larger than this program reads",
}


PARTS = {"header": "header", "claims": "claims part", "signature": "signature"}
"""The parts by the names of `oauth.answer.jwt.Oddities`; a recording from elsewhere may hold other names."""


@rules.add(
    "jwt-unreadable",
    severity="warning",
    title="The token looks like a JWT but is not one: {what}.",
    cause="The server builds its JWTs wrongly, or its tokens are of another kind that looks similar.",
    fix=(
        Change("client", "treat the token as opaque"),
        *provided("if it is meant to be a JWT", Ask("tell the administrator that whoever checks it refuses it")),
    ),
    certainty="likely",
    reference="RFC 7519 §3, §7.2; threats.md C6",
    unless="every part could be read",
)
def jwt_unreadable(context: Context) -> Match | None:
    found = [f"its {_word(part)} {UNREADABLE[odd]}" for part, odd in _token(context).departures if odd in UNREADABLE]
    if not found:
        return None
    return Match({"what": ", and ".join(found[:3])}, (Evidence("Token", "; ".join(found), _of_token()),))


@rules.add(
    "jwt-repeated-member",
    severity="warning",
    title="The JWT's {part} has the member {name} more than once; this program read the first, others read the last or refuse it.",
    cause="The server, or a gateway that adds claims, is broken.",
    runner_up="Somebody wants different readers to see different claims.",
    fix=(Ask("give this exchange to the administrator: each member may come once"),),
    reference="RFC 7519 §4; RFC 8725 §2.4; threats.md C6",
    unless="each member came once",
)
def jwt_repeated_member(context: Context) -> Match | None:
    departures = _token(context).departures
    repeated = [(part, odd.partition(" ")[2]) for part, odd in departures if odd.startswith("duplicate-member")]
    if not repeated:
        return None
    part, name = repeated[0]
    evidence = Evidence("Repeated", listed([name for _, name in repeated]), _of_token())
    return Match({"part": _word(part), "name": brief(name)}, (evidence,))


@rules.add(
    "jwt-odd",
    severity="warning",
    title="The JWT is not written in plain JSON: it holds {what}.",
    cause="The server builds its JSON by hand, or in another dialect of it.",
    fix=(Ask("have the server write plain JSON: strict readers refuse the token"),),
    reference="RFC 7519 §7.2; RFC 8259 §6; threats.md C6",
    unless="every part were plain JSON",
    certainty="likely",
)
def jwt_odd(context: Context) -> Match | None:
    departures = _token(context).departures
    found = "; ".join(
        dict.fromkeys(f"{WRITTEN[odd]} in its {_word(part)}" for part, odd in departures if odd in WRITTEN)
    )
    return Match({"what": found}, (Evidence("Oddities", found, _of_token()),)) if found else None


@rules.add(
    "jwt-claim-wrong",
    severity="warning",
    title="The token's claim {claim} is {value}, but {wanted} is required.",
    cause="The server fills the claim with the wrong type.",
    fix=(Ask("have the server write {wanted}: readers that check claims refuse this token"),),
    reference="RFC 7519 §2, §4.1; threats.md C6",
    unless="the claim had the type that RFC 7519 gives it",
)
def jwt_claim_wrong(context: Context) -> Match | None:
    wrong = list(_wrong(token_json(context.state)))
    if not wrong:
        return None
    name, value, wanted = wrong[0]
    evidence = tuple(
        Evidence(f"claim {one}", f"{_shown(what)}, and not {want}", _of_token(one)) for one, what, want in wrong
    )
    return Match({"claim": name, "value": _shown(value), "wanted": wanted}, evidence)


def _wrong(found: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """The registered claims of a type that RFC 7519 §4.1 does not allow, and what it wants."""
    for name in ("exp", "nbf", "iat"):
        of_seconds = not isinstance(found.get(name), str) and moment(found.get(name)) is not None
        if name in found and not of_seconds and not in_milliseconds(found[name]):
            yield name, found[name], "a number of seconds since 1970"
    for name in ("iss", "sub", "jti"):
        if name in found and not isinstance(found[name], str):
            yield name, found[name], "a text"
    audiences = found.get("aud", "")
    if not all(isinstance(one, str) for one in (audiences if isinstance(audiences, list) else [audiences])):
        yield "aud", audiences, "a text or a list of texts"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return brief(value)
    return visible(shortened(compact_json(value), 60))


def _word(part: str) -> str:
    return PARTS.get(part, "header")
