"""How a token that looks like a JWT departs from what a JWT is (RFC 7519; threats.md C6); every departure is reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer
from airisk_tui.insight.fix import Ask, Change, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token.claims import claims, in_milliseconds, moment
from airisk_tui.oauth.jsontext import compact_json
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text import shortened, visible

rules = RuleSet("JWT's shape", lambda context: None if context.state.token is not None else "no token was issued")

WRITTEN = {
    "not-a-number": "NaN or Infinity",
    "huge-number": "a number beyond every range",
    "byte-order-mark": "a byte-order mark at its beginning",
    "lone-surrogate": "half a character",
}
"""Oddities of a part that can still be read."""

UNREADABLE = {
    "not-base64url": "is not base64url",
    "not-json": "is not JSON",
    "not-an-object": "is not a JSON object",
    "too-deep": "is nested deeper than any claims are",
    "too-large": "is larger than this program reads",
}


PARTS = {"header": "header", "claims": "claims part", "signature": "signature"}
"""The parts by the names of `oauth.jwt.Oddities`; a recording from elsewhere may hold other names."""


def _token(context: Context) -> SecretView:
    if context.state.token is None:
        raise ValueError("No token was issued.")
    return context.state.token


def _place(name: str = "") -> Pointer:
    return Pointer("token", "body", name)


@rules.add(
    "jwt-unreadable",
    severity="warning",
    title="The token looks like a JWT but is not one: {what}.",
    cause="The server builds its JWTs wrongly, or its tokens are of another kind that looks similar.",
    fix=(
        Change("client", "treat the token as opaque"),
        *provided(
            "if it is meant to be a JWT", Ask("give this to the administrator: whoever checks the token refuses it")
        ),
    ),
    certainty="likely",
    reference="RFC 7519 §3, §7.2; threats.md C6",
)
def jwt_unreadable(context: Context) -> Match | None:
    found = [f"its {_word(part)} {UNREADABLE[odd]}" for part, odd in _token(context).departures if odd in UNREADABLE]
    if not found:
        return None
    return Match({"what": ", and ".join(found[:3])}, (Evidence("Token", "; ".join(found), _place()),))


@rules.add(
    "jwt-repeated-member",
    severity="warning",
    title="The JWT's {part} has the member {name} more than once; this program read the first, others read the last or refuse it.",
    cause="The server, or a gateway that adds claims, is broken.",
    runner_up="Somebody wants different readers to see different claims.",
    fix=(Ask("give this exchange to the administrator: each member may come once"),),
    reference="RFC 7519 §4; RFC 8725 §2.4; threats.md C6",
)
def jwt_repeated_member(context: Context) -> Match | None:
    repeated = [
        (part, odd.partition(" ")[2]) for part, odd in _token(context).departures if odd.startswith("duplicate-member")
    ]
    if not repeated:
        return None
    names = ", ".join(quoted(name, 60) for _, name in repeated)
    return Match(
        {"part": _word(repeated[0][0]), "name": quoted(repeated[0][1], 60)}, (Evidence("Repeated", names, _place()),)
    )


@rules.add(
    "jwt-odd",
    severity="warning",
    title="The JWT is not written in plain JSON: it holds {what}.",
    cause="The server builds its JSON by hand, or in another dialect of it.",
    fix=(Ask("have the server write plain JSON: strict readers refuse the token"),),
    reference="RFC 7519 §7.2; RFC 8259 §6; threats.md C6",
    certainty="likely",
)
def jwt_odd(context: Context) -> Match | None:
    found = dict.fromkeys(
        f"{WRITTEN[odd]} in its {_word(part)}" for part, odd in _token(context).departures if odd in WRITTEN
    )
    if not found:
        return None
    return Match({"what": "; ".join(found)}, (Evidence("Oddities", "; ".join(found), _place()),))


@rules.add(
    "jwt-claim-wrong",
    severity="warning",
    title="The token's claim {claim} is {value}, but {wanted} is required.",
    cause="The server fills the claim with the wrong type.",
    fix=(Ask("have the server write {wanted}: readers that check claims refuse this token"),),
    reference="RFC 7519 §2, §4.1; threats.md C6",
)
def jwt_claim_wrong(context: Context) -> Match | None:
    wrong = list(_wrong(claims(context.state)))
    if not wrong:
        return None
    name, value, wanted = wrong[0]
    evidence = tuple(
        Evidence(f"claim {one}", f"{_shown(what)}, and not {want}", _place(one)) for one, what, want in wrong
    )
    return Match({"claim": name, "value": _shown(value), "wanted": wanted}, evidence)


def _wrong(found: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """The registered claims of a type that RFC 7519 §4.1 does not allow, and what it wants."""
    for name in ("exp", "nbf", "iat"):
        if name in found and moment(found[name]) is None and not in_milliseconds(found[name]):
            yield name, found[name], "a number of seconds since 1970"
    for name in ("iss", "sub", "jti"):
        if name in found and not isinstance(found[name], str):
            yield name, found[name], "a text"
    if "aud" in found and not _audience(found["aud"]):
        yield "aud", found["aud"], "a text or a list of texts"


def _audience(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value, 60)
    return visible(shortened(compact_json(value), 60))


def _word(part: str) -> str:
    return PARTS.get(part, "header")
