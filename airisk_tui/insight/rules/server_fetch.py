"""The server calls the redirect URI itself, as an older API reference describes, in place of redirecting (protocol.md, step 1)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.observed import MAX_PAGE, authorization_unanswered
from airisk_tui.insight.pages import shows_listener, speaks_of
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.authorization_read import exchange, seen_answer
from airisk_tui.oauth.text import decoded

family = Family("Redirect URI fetched", authorization_unanswered)


@family.rule(
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
def server_fetches_redirect(context: Context) -> Seen | None:
    response, ours = exchange(context).response, context.inputs.redirect_uri
    why = "This deployment calls the redirect URI itself, as an older API reference describes, "
    if shows_listener(response):
        tells = "is the page of a listener such as this program's"
        seen = seen_answer(context, tells=tells, why=why + "and hands back what it gets there.")
    elif speaks_of(response, ours):
        tells = "speaks of calling it"
        seen = seen_answer(
            context, tells=tells, why=f"{why}and cannot reach {quoted(ours)}: there it is another machine's."
        )
    else:
        return None
    said = Evidence(
        "In its words", quoted(decoded(response.body.data[:MAX_PAGE]).strip()), Pointer("authorization-request", "body")
    )
    return Seen(seen.values, (said, *seen.evidence))
