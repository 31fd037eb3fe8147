"""The server calls the redirect URI itself, as an older API reference describes, in place of redirecting (protocol.md, step 1)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.pages import shows_listener, speaks_of
from airisk_tui.insight.readings import MAX_PAGE, authorization_unanswered
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization.reading import exchange, matched
from airisk_tui.oauth.text import decoded

rules = RuleSet("Redirect URI fetched", authorization_unanswered)


@rules.add(
    Entry(
        code="server-fetches-redirect",
        question="authorization",
        title="The server fetches the redirect URI itself and does not redirect: its answer of {status} {tells}.",
        cause="{why}",
        fix="Have the deployment redirect the browser instead; until then, register a redirect URI that the server can reach, and read "
        "the code there.",
        reference="protocol.md, step 1",
    )
)
def server_fetches_redirect(context: Context) -> Match | None:
    response, ours = exchange(context).response, context.inputs.redirect_uri
    why = "This deployment calls the redirect URI itself, as an older API reference describes, "
    if shows_listener(response):
        tells = "is the page of a listener such as this program's"
        match = matched(context, tells=tells, why=why + "and hands back what it gets there.")
    elif speaks_of(response, ours):
        tells = "speaks of calling it"
        match = matched(
            context, tells=tells, why=f"{why}and cannot reach {quoted(ours)}: there it is another machine's."
        )
    else:
        return None
    said = Evidence(
        "In its words", quoted(decoded(response.body.data[:MAX_PAGE]).strip()), Pointer("authorization-request", "body")
    )
    return Match(match.values, (said, *match.evidence))
