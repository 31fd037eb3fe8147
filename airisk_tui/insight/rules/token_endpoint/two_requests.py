"""What the token request must repeat from the authorization request, and did not (RFC 6749 §4.1.3; protocol.md, step 2)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import code, fields
from airisk_tui.insight.rules.token_endpoint.reading import answer, matched
from airisk_tui.insight.two_requests import FieldPair, field_pairs

rules = RuleSet(
    "Two legs", lambda context: None if context.state.token_answer else "the token endpoint has not answered"
)


def _concerned(context: Context) -> list[FieldPair]:
    """The rows that differ and that the answer can be about: all for a code, the named field, the client for a 401."""
    wrong = [row for row in field_pairs(context.state) if row.wrong]
    if answer(context).token is not None or code.rules.needs(context) is None:
        return wrong
    name = "client_id" if answer(context).status == 401 else fields.named(context)
    return [row for row in wrong if row.name == name]


def _evidence(row: FieldPair) -> Evidence:
    place = Pointer("token-request", "parameter", row.name)
    if row.first is None or row.second is None:
        return Evidence(
            f"{row.name}: {row.verdict.replace('only', 'step only')}", quoted(row.first or row.second or ""), place
        )
    return pair(f"{row.name} in step 1 and in step 2", row.first, row.second, place, ("step 1", "step 2"))


def _fix(context: Context, row: FieldPair) -> str:
    flags = {"param": context.inputs.params, "token-param": context.inputs.token_params}
    extra = [f"--{flag} {row.name}=…" for flag, params in flags.items() if params.get(row.name) is not None]
    if not extra:
        return f"Run again from the form, which sends the same {row.name} in both steps."
    own = {"userid": "use --userid", "redirect_uri": "use --redirect-uri", "client_id": "use --client-id"}
    return f"Drop {' and '.join(extra)}, and {own.get(row.name, 'use the field of the form')}: that value goes into both steps."


@rules.add(
    Entry(
        code="legs-differ",
        question="token",
        title="The token endpoint said {words}, and {name} is not the same in both steps.",
        cause="The token request must repeat the {name} of the authorization request, and the server compares them.",
        fix="{how}",
        reference="RFC 6749 §4.1.3; protocol.md, step 2",
    )
)
def legs_differ(context: Context) -> Match | None:
    rows = _concerned(context)
    if not rows:
        return None
    row = rows[0]
    told = matched(context, *(_evidence(each) for each in rows), name=row.name, how=_fix(context, row))
    if answer(context).token is None:
        return told
    title = f"A token was issued, although {row.name} is not the same in both steps."
    return Match(told.values, told.evidence, severity="warning", title=title)
