"""Whose token it is: what names somebody beside what was asked for (protocol.md, step 3)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.reading.identity import Witness, acting, agrees, contradicting, is_certain, listed_ids, witnesses
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, pair
from airisk_tui.insight.fix import RERUN, Ask, Do, Rerun, SetField, provided
from airisk_tui.insight.rule import Match, Possible, RuleSet
from airisk_tui.insight.words.quoting import brief, quoted


def _names_somebody(context: Context) -> bool:
    return context.state.token is not None and acting(context.state) is not None


rules = RuleSet("Whose token", _names_somebody, "user")

FOR_THE_LOGGED_IN = "The server issued it for the person who is logged in there, and not for the user id that was sent."
BY_ANOTHER_NAME = "The server knows the same user by another name in its tokens."


@rules.add(
    "userid-ignored",
    title="The token does not act for {userid}: it names {subject}, as a generic token does.",
    cause="The server ignored the user id: it looks for it in one step only, or under another name.",
    fix=(
        Do("do not use this token as the user's"),
        *provided("if this deployment has another name for the parameter {name}", SetField("dialect.users"), RERUN),
        *provided("otherwise", Ask("give this exchange to the administrator")),
    ),
    certainty="likely",
    reference="protocol.md, step 1; protocol.md, step 2",
    unless="a claim, a member of the answer or an endpoint named the user that was asked for",
)
def userid_ignored(context: Context) -> Match | None:
    mine, asked = acting(context.state), context.inputs.userid
    if not asked or mine is None or agrees(context.state, mine):
        return None
    generic = _generic(context, mine)
    if generic is None and not mine.application:
        return None
    evidence = [side_by_side(asked, mine)]
    if generic is not None:
        evidence.append(Evidence("The generic token of this session", f"names {quoted(generic)}, too"))
    name = quoted(context.inputs.dialect.users or "userid")
    return Match({"userid": quoted(asked), "subject": quoted(mine.value), "name": name}, tuple(evidence))


@rules.add(
    "token-names-another",
    severity="warning",
    title="The token was asked for {userid}, and {place} names {subject}.",
    cause=FOR_THE_LOGGED_IN,
    runner_up=BY_ANOTHER_NAME,
    fix=(
        Do("log out in the browser, or use a private window"),
        RERUN,
        *provided("if it stays", Do("compare with the ids that ListUsers lists")),
    ),
    reference="protocol.md, step 1; protocol.md, step 3",
    unless="what names somebody named the user that was asked for",
)
def token_names_another(context: Context) -> Match | None:
    state, asked = context.state, context.inputs.userid
    other = contradicting(state)
    if not asked or other is None:
        return None
    listed = listed_ids(state, *context.earlier)
    values = {"userid": quoted(asked), "subject": quoted(other.value), "place": place_of(other)}
    match = Match(values, (side_by_side(asked, other),))
    confirmed = any(agrees(state, witness) for witness in witnesses(state))
    if confirmed:
        return replace(match, runner_up="What it names is somebody else's, and the user may see it.")
    if not is_certain(state, other, listed):
        return match.undecided(
            Possible(BY_ANOTHER_NAME, (Do("compare it with the ids that ListUsers lists"),)),
            Possible(FOR_THE_LOGGED_IN, (Rerun("browser", " in a private window"),), "if it is somebody else"),
        )
    return replace(match, severity="error", runner_up="" if other.value in listed else None, certainty="likely")


def place_of(witness: Witness) -> str:
    """Where a witness stands, as the subject of a sentence."""
    path = brief(witness.path)
    return {
        "claim": f"its claim {path}",
        "response": f"{path} beside it",
        "endpoint": f"{path} in the answer of {quoted(witness.endpoint)}",
    }[witness.source]


def side_by_side(asked: str, witness: Witness) -> Evidence:
    """The user id that was sent beside the one that came."""
    pointer = {
        "claim": Pointer("token", "body", witness.path),
        "response": Pointer("token-request", "body", witness.path.partition(".")[0]),
        "endpoint": Pointer("access", "body", witness.endpoint),
    }[witness.source]
    what = f"claim {quoted(witness.path)[1:-1]}" if witness.source == "claim" else place_of(witness)
    names = ("sent", "claim") if witness.source == "claim" else ("sent", "came")
    return pair(f"User id sent, and {what}", asked, witness.value, pointer, names)


def _generic(context: Context, mine: Witness) -> str | None:
    """The subject of this token if a generic token of this client named it, too; else None."""
    client = (context.inputs.base_url, context.inputs.client_id)
    generic = [run for run in context.earlier if run.inputs is not None and not run.inputs.userid]
    named = [acting(run) for run in generic if run.inputs and (run.inputs.base_url, run.inputs.client_id) == client]
    return mine.value if any(one and (one.source, one.value) == (mine.source, mine.value) for one in named) else None
