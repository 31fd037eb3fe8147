"""A code or a token came that holds characters which no code or token has (RFC 6749 appendix A.11, A.12; RFC 6750 §2.1; threats.md S1).

Such a value cannot be sent, and printed raw it would move a cursor or end a header's line, so the program does not use it. The
rules know the kind of its characters only, never the value.
"""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity
from airisk_tui.insight.fix import RERUN, Ask, Change, Do, Fix, provided
from airisk_tui.insight.reading.run import started
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.oauth.redirect.authorization import NO_CODES
from airisk_tui.oauth.text.characters import UNUSABLE_CODE, UNUSABLE_TOKEN, Characters

rules = RuleSet("Characters", started)

HOLDS: dict[Characters, str] = {
    "visible": "characters that a token does not have (it has letters, digits, -._~+/ and “=” at its end)",
    "quoted": "quotation marks around it",
    "padded": "white space or a line break around it",
    "spaced": "spaces inside it",
    "blank": "nothing but white space",
    "redacted": "a mark such as “[redacted]” in its place",
    "foreign": "characters beyond ASCII",
    "hidden": "control or invisible characters, or bytes that are not UTF-8",
}
"""By the kind of characters, what the value holds."""


@rules.add(
    "code-unusable",
    question="redirect",
    title="The redirect holds a code with {what}, which a code cannot contain; nothing was exchanged.",
    cause="The server encodes the redirect wrongly: it must percent-encode a code's UTF-8 bytes, and a code has visible ASCII only.",
    runner_up="Somebody other than the server wrote the code.",
    fix=(RERUN, *provided("if it stays", Ask("have the server issue codes of visible ASCII"))),
    reference="RFC 6749 §4.1.2, appendix A.11",
    unless="the code held visible ASCII only",
)
def code_unusable(context: Context) -> Match | None:
    code = context.state.code
    if code is None or code.characters not in UNUSABLE_CODE or context.state.outcome is not Outcome.RESPONSE_INVALID:
        return None
    came = context.state.answer or context.state.doubtful
    if came is not None and (came.redirect.code or "").lower() in NO_CODES:
        return None
    return Match({"what": HOLDS[code.characters]}, (_length(code.length, Pointer("redirect", "parameter", "code")),))


@rules.add(
    "code-odd-characters",
    severity="note",
    title="The code holds {what}; it was used unchanged.",
    cause="{why}",
    runner_up="The server makes its codes like that.",
    fix=(
        *provided("if the exchange worked", Do("change nothing")),
        *provided("otherwise", Ask("give this exchange to the administrator")),
    ),
    reference="RFC 6749 appendix A.11, appendix B",
)
def code_odd(context: Context) -> Match | None:
    code = context.state.code
    if code is None or code.characters not in WHYS or context.state.token_exchange is None:
        return None
    evidence = _length(code.length, Pointer("redirect", "parameter", "code"))
    severity: Severity | None = "warning" if code.characters == "blank" else None
    return Match({"what": HOLDS[code.characters], "why": WHYS[code.characters]}, (evidence,), severity=severity)


WHYS: dict[Characters, str] = {
    "padded": "The server writes it so, or something on its way added white space.",
    "spaced": "Something on its way decoded the code once too often and turned a “+” into a space.",
    "foreign": "Something on its way read the code in another charset than the one that it was written in.",
    "blank": "The server redirected before it had made a code.",
}


@rules.add(
    "token-unusable",
    question="token",
    title="The token endpoint answered with a token that holds {what}: no Authorization header can carry it, so it is not used.",
    cause="{why}",
    fix=(Ask("have the server keep to A-Z, a-z, 0-9 and -._~+/, with = at the end of a token"),),
    reference="RFC 6750 §2.1; RFC 6749 appendix A.12; threats.md S1",
    unless="the token could stand in a header",
)
def token_unusable(context: Context) -> Match | None:
    answer = context.state.token_answer
    if answer is None or answer.kind != "unusable" or answer.characters not in UNUSABLE_TOKEN:
        return None
    reasons: dict[Characters, str] = {
        "blank": "The server fills in the member but issued no token.",
        "redacted": "Something on the way replaced the token: a proxy that hides secrets, or the server's own log filter.",
        "padded": "The server writes white space around the token, such as the line break behind one that it read from a file.",
        "spaced": "The member holds more than a token: an error message, JSON, or the scheme (“Bearer ”) in front of it.",
    }
    why = reasons.get(
        answer.characters,
        "The server damages the token when it writes it, or somebody tests what a client does with such a token.",
    )
    place = Pointer("token-request", "body", context.inputs.dialect.token)
    return Match(
        {"what": HOLDS[answer.characters], "why": why},
        (Evidence("The token", f"holds {HOLDS[answer.characters]}", place),),
    )


@rules.add(
    "token-odd-characters",
    severity="warning",
    title="The token holds {what}, which RFC 6750 does not allow in a token.",
    cause="The server makes its tokens from an alphabet of its own.",
    runner_up="The member holds more than the token, such as JSON.",
    fix=(
        Do("send it as it is, in quotation marks where a shell reads it"),
        Ask("have the server keep to A-Z, a-z, 0-9 and -._~+/="),
    ),
    reference="RFC 6750 §2.1",
    unless="the token held the characters of RFC 6750 only",
)
def token_odd(context: Context) -> Match | None:
    token = context.state.token
    if token is None or token.characters not in ("visible", "quoted"):
        return None
    evidence = _length(token.length, Pointer("token", "body", context.inputs.dialect.token))
    match = Match({"what": HOLDS[token.characters]}, (evidence,))
    if token.shape == "jwt" and token.characters == "visible":
        return replace(match, title=_PADDED_JWT, cause=_PADDED, runner_up="", fix=_WITHOUT_PADDING, certainty="likely")
    return match.because(WRITTEN_TWICE, _WITHOUT_QUOTES, "proven") if token.characters == "quoted" else match


_PADDED_JWT = "The token is a JWT with characters that no JWT has: its parts hold letters, digits, “-” and “_” alone."
_PADDED = "The server writes the parts in base64 with its padding (“=”), where a JWT has base64url without it: strict readers refuse it."
_WITHOUT_PADDING: Fix = (
    Ask("have the server encode the parts in base64url without padding (RFC 7515 §2)"),
    Change("client", "send the token as it is: without the padding its signature fails"),
)
WRITTEN_TWICE = "The server writes the token as JSON, and that text as JSON once more: the quotation marks are not part of the token."
_WITHOUT_QUOTES: Fix = (
    Change("client", "take the quotation marks off in your client before the token is sent"),
    Ask("have the server write the token once, as a JSON string"),
)


def _length(characters: int, place: Pointer) -> Evidence:
    return Evidence("Length", f"{characters:,} characters", place)
