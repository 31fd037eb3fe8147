"""What the token request must repeat from the authorization request, and did not (RFC 6749 §4.1.3; protocol.md, step 2)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import Do, DropField, Fix, Rerun, SetField
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import answer, code, fields, matched
from airisk_tui.insight.two_requests import FieldPair, field_pairs


def _both_made(context: Context) -> bool:
    return context.inputs.mode != "device" and context.state.token_answer is not None


rules = RuleSet("Both requests", _both_made, "token")


def _concerned(context: Context) -> list[FieldPair]:
    """The fields that differ and that the answer can concern: all for a code, the named one, the client's for a 401."""
    wrong = [row for row in field_pairs(context.state) if row.wrong]
    if answer(context).token is not None or code.refused(context):
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


def _fix(context: Context, row: FieldPair) -> Fix:
    """An extra parameter of one request is what made them differ."""
    extra = {"params": context.inputs.params, "token_params": context.inputs.token_params}
    drop = [DropField(f"{group}.{{name}}") for group, params in extra.items() if params.get(row.name) is not None]
    if not drop:
        return (Rerun(words=" from the form, which sends the same {name} in both steps"),)
    own = row.name if row.name in ("userid", "redirect_uri", "client_id") else None
    both = "the value that both steps should carry"
    return (*drop, SetField(own, words=both) if own else Do(f"use the field of the form for {both}"))


@rules.add(
    "legs-differ",
    title="The token endpoint said {words}, and {name} is not the same in both steps.",
    cause="The token request must repeat the {name} of the authorization request, and the server compares them.",
    fix=(DropField("params.{name}"), Do("send the same value in both steps")),
    reference="RFC 6749 §4.1.3; protocol.md, step 2",
    unless="both requests carried the same value, or the refusal named another field",
)
def legs_differ(context: Context) -> Match | None:
    rows = _concerned(context)
    if not rows:
        return None
    match = matched(context, *(_evidence(each) for each in rows), name=rows[0].name)
    match = replace(match, fix=_fix(context, rows[0]))
    if answer(context).token is None:
        return match
    issued = "A token was issued, although {name} is not the same in both steps."
    return replace(match, severity="warning", title=issued)
