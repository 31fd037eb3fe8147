"""Our own authorization request was answered without the redirect that it asked for (protocol.md, step 1, outcomes)."""

from __future__ import annotations

from dataclasses import replace

from airisk_tui.insight.changes import base_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import quoted
from airisk_tui.insight.readings import (
    authorization_unanswered,
    base_of,
)
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization.reading import exchange, matched

rules = RuleSet("Authorization request", authorization_unanswered)


@rules.add(
    Entry(
        code="base-url-doubled",
        question="authorization",
        title="The authorization request went to a path with /api twice, and the server does not know it ({status}).",
        cause="The base URL {base_url} ends in /api, and the paths begin with it.",
        fix="Set the base URL (--base-url) to {base}, and run again.",
        reference="protocol.md, step 2",
    )
)
def base_url_doubled(context: Context) -> Match | None:
    base = context.inputs.base_url.rstrip("/")
    if exchange(context).response.status not in (404, 405) or not base.lower().endswith("/api"):
        return None
    base = base[: -len("/api")]
    return replace(matched(context, base=quoted(base)), change=base_to(context, base))


@rules.add(
    Entry(
        code="authorize-not-found",
        question="authorization",
        title="There is no authorization endpoint at {url} ({status}).",
        cause="The base URL is not that of an AIRisk deployment, or has a path too many.",
        runner_up="The deployment has its authorization endpoint under another path.",
        fix="{how}",
        reference="protocol.md, step 1",
    )
)
def authorize_not_found(context: Context) -> Match | None:
    if exchange(context).response.status not in (404, 405):
        return None
    url, base = exchange(context).request.url.partition("?")[0], base_of(context.inputs.base_url)
    how = f"Set the base URL (--base-url) to {quoted(base)}; if that is no better, ask for the address of the deployment's API."
    if base == context.inputs.base_url.rstrip("/"):
        how = "Ask the administrator for the address of the deployment's API, its path included, and set --base-url to it."
    match = matched(context, url=quoted(url), how=how)
    if base != context.inputs.base_url.rstrip("/"):
        match = replace(match, change=base_to(context, base))
    if exchange(context).response.status == 404:
        return match
    title = "What answers at {url} does not take a GET ({status}), and an authorization request is one."
    return replace(match, title=title.format_map(match.values))


@rules.add(
    Entry(
        code="gateway-refused",
        question="authorization",
        title="The request was refused with {status} in a form that AIRisk does not use.",
        cause="A gateway, a firewall or an access restriction in front of the deployment refused it.",
        runner_up="The base URL {base_url} leads to another kind of server.",
        fix="Connect to the network (VPN) from which the deployment may be used; if you are in it, ask for this machine to be allowed.",
        reference="RFC 9110 §15.5.2, §15.5.4",
    )
)
def gateway_refused(context: Context) -> Match | None:
    return matched(context) if exchange(context).response.status in (401, 403) else None


@rules.add(
    Entry(
        code="authorize-refused",
        question="authorization",
        title="The server answered the authorization request with {status} and did not redirect.",
        cause="The server does not accept the request, and the status is all that it says.",
        runner_up="The base URL {base_url} leads to another kind of server.",
        fix="Run again with --mode browser to see what a person is shown; give this exchange to the administrator{trace}.",
        reference="RFC 9110 §15",
    )
)
def authorize_refused(context: Context) -> Match | None:
    return matched(context)
