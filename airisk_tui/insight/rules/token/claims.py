"""What a JWT access token claims; the program reads it and never verifies it (RFC 7519; threats.md C8).

A client need not look into an access token (RFC 6749 §1.4). A debugger does, because this is where one sees whom it acts for.
"""

from __future__ import annotations

from typing import Any, TypeGuard

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.clock import MAX_SKEW, earliest, latest, skew
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, SetField, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import seconds
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token.response import expiry, field
from airisk_tui.oauth.dates import MAX_EPOCH, utc_text
from airisk_tui.oauth.jsontext import json_object

SUBJECTS = ("sub", "userid", "user_id", "userId", "uid", "nameid", "unique_name")
"""Claims under which servers name whom a token acts for (RFC 7519 §4.1.2, and .NET's own)."""


_USE: Fix = (
    Change(
        "client", "use the token and renew it on a 401: by the earlier of the two dates it would never have been valid"
    ),
)

CLAIM = ("sent", "claim")
"""The names of a value that was sent and of a claim beside it."""


def claims(state: FlowState) -> dict[str, Any]:
    """The claims of the run's token, {} for an opaque one."""
    return json_object(state.token.payload) if state.token is not None else {}


def moment(value: Any) -> float | None:
    """A NumericDate (RFC 7519 §2) or None; total."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -MAX_EPOCH < value <= MAX_EPOCH:
        return None
    return float(value)


def _needs(context: Context) -> str | None:
    token = context.state.token
    if token is None:
        return "no token was issued"
    return None if token.payload is not None else "the token is opaque"


rules = RuleSet("JWT", _needs)


def _claim(name: str, text: str) -> Evidence:
    return Evidence(f"claim {name}", text, Pointer("token", "body", name))


@rules.add(
    "jwt-expired",
    question="expiry",
    title="The token had already expired when it came: its exp claim lies {span} before that.",
    cause="The server computes the expiry wrongly, or hands out an old token.",
    fix=(Ask("give this exchange to the administrator: exp must lie in the future"),),
    reference="RFC 7519 §4.1.4",
    certainty="likely",
)
def jwt_expired(context: Context) -> Match | None:
    exp, now = moment(claims(context.state).get("exp")), earliest(context.state)
    if exp is None or exp > now:
        return None
    return Match({"span": seconds(now - exp)}, (_claim("exp", f"{utc_text(exp)}, and it came at {utc_text(now)}"),))


@rules.add(
    "jwt-milliseconds",
    severity="warning",
    title="The token's claim {claim} is {value}: in seconds that lies in the far future, so the server means milliseconds.",
    cause="The server writes milliseconds where RFC 7519 prescribes seconds.",
    fix=(Ask("have the server write seconds: for other clients this {claim} lies thousands of years ahead"),),
    reference="RFC 7519 §2, §4.1.4",
)
def jwt_milliseconds(context: Context) -> Match | None:
    for name in ("exp", "nbf", "iat"):
        value = claims(context.state).get(name)
        if in_milliseconds(value):
            return Match(
                {"claim": name, "value": str(value)},
                (_claim(name, f"{value}, {utc_text(value / 1000)} if in milliseconds"),),
            )
    return None


def in_milliseconds(value: Any) -> TypeGuard[int]:
    """Whether the value of a claim in seconds must be milliseconds."""
    return isinstance(value, int) and not isinstance(value, bool) and MILLISECONDS[0] <= value <= MILLISECONDS[1]


MILLISECONDS = (1_000_000_000_000, 9_999_999_999_999)
"""2001 to 2286 when read as milliseconds, beyond the year 30,000 when read as seconds."""


@rules.add(
    "jwt-not-yet-valid",
    severity="warning",
    title="The token becomes valid only {span} after it came ({claim}).",
    cause="The clocks of the server's instances differ.",
    fix=(
        Do("wait {span} before using the token"),
        Ask("ask the administrator to set the servers' clocks by NTP"),
    ),
    certainty="likely",
    reference="RFC 7519 §4.1.5",
)
def jwt_not_yet_valid(context: Context) -> Match | None:
    now = latest(context.state)
    for name in ("nbf", "iat"):
        start = moment(claims(context.state).get(name))
        if start is not None and start > now + MAX_SKEW:
            return Match({"span": seconds(start - now), "claim": name}, (_claim(name, utc_text(start)),))
    return None


@rules.add(
    "expiration-differs-from-exp",
    severity="warning",
    title="The token response says that the token ends at {expiry}, but the token itself says {exp}.",
    cause="The server computes the two in different places, or writes a local time as UTC.",
    fix=(Change("client", "trust the earlier of the two in your client and renew the token on a 401"),),
    reference="RFC 7519 §4.1.4; protocol.md, step 2",
    certainty="likely",
)
def expiration_differs(context: Context) -> Match | None:
    exp, answered = moment(claims(context.state).get("exp")), expiry(context)
    if exp is None or answered is None or answered.at is None or abs(answered.at - exp) <= MAX_SKEW:
        return None
    if abs(abs(answered.at - exp) - abs(skew(context.state) or 0.0)) <= MAX_SKEW:
        return None
    place = field(context)
    evidence = pair("Response and exp claim", utc_text(answered.at), utc_text(exp), place, ("answer", "claim"))
    ended = min(answered.at, exp) <= latest(context.state)
    return Match({"expiry": utc_text(answered.at), "exp": utc_text(exp)}, (evidence,), fix=_USE if ended else None)


@rules.add(
    "jwt-unsigned",
    severity="warning",
    title="The token is not signed (alg “none”): anybody can write such a token.",
    cause="The server is configured for tests.",
    fix=(
        Ask("have the administrator switch signing on"),
        *provided("until then", Change("client", "trust nothing in the token")),
    ),
    reference="RFC 8725 §3.1",
    certainty="likely",
)
def jwt_unsigned(context: Context) -> Match | None:
    algorithm = json_object(context.state.token.header if context.state.token else None).get("alg")
    unsigned = isinstance(algorithm, str) and algorithm.lower() == "none"
    return (
        Match(evidence=(Evidence("header alg", quoted(str(algorithm)), Pointer("token", "body", "alg")),))
        if unsigned
        else None
    )


def subject(found: dict[str, Any]) -> tuple[str, str] | None:
    """The first claim that names whom the token acts for, and its value."""
    for name in SUBJECTS:
        value = found.get(name)
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return name, str(value)
    return None


@rules.add(
    "userid-ignored",
    question="user",
    title="The token does not act for {userid}: it names {subject}, as a generic token does.",
    cause="The server ignored the user id: it looks for it in one step only, or under another name.",
    fix=(
        Do("do not use this token as the user's"),
        *provided("if this deployment has another name for the parameter {name}", SetField("dialect.users"), RERUN),
        *provided("otherwise", Ask("give this exchange to the administrator")),
    ),
    certainty="likely",
    reference="protocol.md, step 1; protocol.md, step 2",
)
def userid_ignored(context: Context) -> Match | None:
    mine = subject(claims(context.state))
    if not context.inputs.userid or mine is None or context.inputs.userid in _names(context):
        return None
    generic = _generic(context)
    application = mine[1] in (context.inputs.client_id, f"app:{context.inputs.client_id}")
    if generic is None and not application:
        return None
    evidence = [
        pair(
            f"User id sent, and claim {mine[0]}",
            context.inputs.userid,
            mine[1],
            Pointer("token", "body", mine[0]),
            CLAIM,
        )
    ]
    if generic is not None:
        evidence.append(Evidence("The generic token of this session", f"names {quoted(generic)}, too"))
    name = quoted(context.inputs.dialect.users or "userid")
    return Match({"userid": quoted(context.inputs.userid), "subject": quoted(mine[1]), "name": name}, tuple(evidence))


@rules.add(
    "token-names-another",
    severity="warning",
    question="user",
    title="The token was asked for {userid}, and it names {subject} (claim {claim}).",
    cause="The server issued it for the person who is logged in there, and not for the user id that was sent.",
    runner_up="The server knows the same user by another name in its tokens.",
    fix=(
        Do("log out in the browser, or use a private window"),
        RERUN,
        *provided("if it stays", Do("compare with the ids that ListUsers lists")),
    ),
    reference="protocol.md, step 1",
)
def token_names_another(context: Context) -> Match | None:
    mine, ours = subject(claims(context.state)), context.inputs.userid
    if not ours or mine is None or ours in _names(context):
        return None
    evidence = pair(f"User id sent, and claim {mine[0]}", ours, mine[1], Pointer("token", "body", mine[0]), CLAIM)
    return Match({"userid": quoted(ours), "subject": quoted(mine[1]), "claim": mine[0]}, (evidence,))


def _names(context: Context) -> set[str]:
    """Every plain value of the claims, so that a user id is found under any claim's name."""
    return {str(value) for value in claims(context.state).values() if isinstance(value, (str, int))}


def _generic(context: Context) -> str | None:
    """This token's subject, when a generic token of this client has the same one."""
    mine = subject(claims(context.state))
    for run in reversed(context.earlier):
        if run.inputs is None or run.inputs.userid or run.inputs.base_url != context.inputs.base_url:
            continue
        if run.inputs.client_id == context.inputs.client_id and mine is not None and subject(claims(run)) == mine:
            return mine[1]
    return None
