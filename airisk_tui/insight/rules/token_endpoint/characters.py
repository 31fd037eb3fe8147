"""A code or a token came that is made of characters which none has (RFC 6749 appendix A.11, A.12; RFC 6750 §2.1; threats.md S1).

What cannot be sent is no use, and printed raw it would move a cursor or end a header's line; so it counts as none. The rules
know the kind of the characters only, never the value.
"""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Severity
from airisk_tui.insight.readings import started
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.oauth.characters import UNUSABLE_CODE, UNUSABLE_TOKEN, Characters

rules = RuleSet("Characters", started)

TOLD: dict[Characters, str] = {
    "visible": "signs that are no letters, digits, “-”, “.”, “_”, “~”, “+”, “/” or “=” at the end",
    "spaced": "spaces inside it",
    "blank": "nothing but white space",
    "foreign": "characters beyond ASCII",
    "hidden": "control or invisible characters, or bytes that are no UTF-8",
}
"""What it is made of, to go behind “holds” or “with”."""


@rules.add(
    Entry(
        code="code-unusable",
        question="redirect",
        title="The redirect brought a code with {what}, which no code is made of; nothing was exchanged.",
        cause="The server encodes the redirect wrongly: it must percent-encode a code's UTF-8 bytes, and a code has visible ASCII only.",
        runner_up="Somebody other than the server wrote the code.",
        fix="Run again; if it stays, give this exchange to the administrator, whose server must issue codes of visible ASCII.",
        reference="RFC 6749 §4.1.2, appendix A.11",
    )
)
def code_unusable(context: Context) -> Match | None:
    code = context.state.code
    if code is None or code.characters not in UNUSABLE_CODE or context.state.outcome is not Outcome.RESPONSE_INVALID:
        return None
    return Match({"what": TOLD[code.characters]}, (_length(code.length, Pointer("redirect", "parameter", "code")),))


@rules.add(
    Entry(
        code="code-odd-characters",
        severity="note",
        title="The code holds {what}; it was taken as it came.",
        cause="{why}",
        runner_up="The server makes its codes so.",
        fix="Nothing has to be changed where the exchange worked; otherwise give this exchange to the administrator.",
        reference="RFC 6749 appendix A.11, appendix B",
    )
)
def code_odd(context: Context) -> Match | None:
    code = context.state.code
    if code is None or code.characters not in WHYS:
        return None
    evidence = _length(code.length, Pointer("redirect", "parameter", "code"))
    severity: Severity | None = "warning" if code.characters == "blank" else None
    return Match({"what": TOLD[code.characters], "why": WHYS[code.characters]}, (evidence,), severity=severity)


WHYS: dict[Characters, str] = {
    "spaced": "A “+” of the code was decoded into a space on its way, by something that decodes once too often.",
    "foreign": "Something on its way reads the code in another charset than the one that it was written in.",
    "blank": "The server redirected without having made a code.",
}


@rules.add(
    Entry(
        code="token-unusable",
        question="token",
        title="The token endpoint answered with a token that holds {what}: no Authorization header can carry it, so it counts as none.",
        cause="{why}",
        fix="Give this exchange to the administrator: an access token may hold A-Z, a-z, 0-9 and -._~+/, with = at its end.",
        reference="RFC 6750 §2.1; RFC 6749 appendix A.12; threats.md S1",
    )
)
def token_unusable(context: Context) -> Match | None:
    answer = context.state.token_answer
    if answer is None or answer.kind != "unusable" or answer.characters not in UNUSABLE_TOKEN:
        return None
    reasons: dict[Characters, str] = {
        "blank": "The server fills in the member, and issued no token.",
        "spaced": "The server writes the scheme (“Bearer ”) or words of its own into the member, beside the token.",
    }
    why = reasons.get(
        answer.characters, "The server writes the token damaged, or somebody tries what a client does with such a one."
    )
    place = Pointer("token-request", "body", context.inputs.dialect.token)
    return Match(
        {"what": TOLD[answer.characters], "why": why},
        (Evidence("The token", f"holds {TOLD[answer.characters]}", place),),
    )


@rules.add(
    Entry(
        code="token-odd-characters",
        severity="warning",
        title="The token holds {what}, which RFC 6750 leaves out of its tokens.",
        cause="The server makes its tokens of an alphabet of its own.",
        fix="Send it as it is; put it in quotation marks in a shell, and have the server keep to A-Z, a-z, 0-9 and -._~+/=.",
        reference="RFC 6750 §2.1",
    )
)
def token_odd(context: Context) -> Match | None:
    token = context.state.token
    if token is None or token.characters != "visible":
        return None
    return Match(
        {"what": TOLD["visible"]}, (_length(token.length, Pointer("token", "body", context.inputs.dialect.token)),)
    )


def _length(characters: int, place: Pointer) -> Evidence:
    return Evidence("Length", f"{characters:,} characters", place)
