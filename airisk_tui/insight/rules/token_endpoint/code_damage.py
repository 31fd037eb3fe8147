"""The token endpoint refused a code that was damaged on its way here: a “+”, a “%” or a “&” in it was not written as RFC 3986 wants.

The code itself is sealed. What is known of it is whether it holds a space or an escape, and what stood beside it.
"""

from __future__ import annotations

from itertools import pairwise

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.token_endpoint import code
from airisk_tui.insight.rules.token_endpoint.reading import matched

rules = RuleSet("Damaged code", code.rules.needs)

_BY_HAND = (
    "Until then, run with --mode paste, and paste only the value of {name} from the browser's address bar, {what}."
)


@rules.add(
    Entry(
        code="code-decoded-wrongly",
        question="token",
        title="The token endpoint said {words}, and the code came with {sign} in it, which the server did not mean.",
        cause="{why}",
        runner_up="The code does hold it, and is refused for another reason.",
        fix="Have the server write its code with percent-encoding in the redirect, once. {how}",
        reference="RFC 6749 §4.1.2, appendix B; RFC 3986 §2.4",
    )
)
def code_decoded_wrongly(context: Context) -> Match | None:
    view, name = context.state.code, quoted(context.inputs.dialect.code)
    if view is None or view.oddity not in SIGNS or code.found(context):
        return None
    sign, why, what = SIGNS[view.oddity]
    evidence = Evidence("Code", f"{view.length} characters, with {sign}", Pointer("redirect", "parameter", "code"))
    return matched(context, evidence, sign=sign, why=why, how=_BY_HAND.format(name=name, what=what))


SIGNS = {
    "space": (
        "a space",
        "A “+” of the code stands as it is in the redirect, where it means a space; it must be written as %2B.",
        "where it shows a “+”",
    ),
    "escape": (
        "a percent escape",
        "The server, or a proxy that rewrites its redirects, encodes the code twice: one “%2B” or the like is left after reading it.",
        "with each %2B, %2F and %3D in it (or %252B …) written as the character that it stands for",
    ),
}
"""By what is odd in a code: what it is, how it came there, and how the code is written by hand."""


@rules.add(
    Entry(
        code="code-cut-at-ampersand",
        question="token",
        title="The token endpoint said {words}, and the redirect has a piece without a name behind the code.",
        cause="The code holds a “&” that is not written as %26, so that it ends there for every reader.",
        runner_up="The piece is a parameter of the server's own, and the code is refused for another reason.",
        fix="Have the server write its code with percent-encoding in the redirect. {how}",
        reference="RFC 6749 §4.1.2, appendix B; RFC 3986 §2.2",
    )
)
def code_cut(context: Context) -> Match | None:
    came, name = context.state.answer, context.inputs.dialect.code
    if came is None or code.found(context):
        return None
    params = list(came.redirect.params)
    behind = [after for before, after in pairwise(params) if before[0] == name]
    if not behind or behind[0][1] or behind[0][0] in ("state", "iss", "error", "scope"):
        return None
    evidence = Evidence("Behind the code", f"a piece of {len(behind[0][0])} characters", Pointer("redirect", "request"))
    how = _BY_HAND.format(name=quoted(name), what="up to the parameter that follows it, with its “&”")
    return matched(context, evidence, how=how)
