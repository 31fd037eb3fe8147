"""The authorization request was refused without a redirect, and not in AIRisk's words (protocol.md, step 1, outcomes)."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.insight.blame import said
from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import RERUN, Ask, Do, Fix, Rerun, SetField, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.readings import authorization_unanswered, base_of, told
from airisk_tui.insight.reasons import of_the_browser, says_more
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.authorization import exchange, matched
from airisk_tui.oauth.issuer import issuer_behind

rules = RuleSet("Authorization request", authorization_unanswered, "authorization")


@rules.add(
    "base-url-doubled",
    title="The authorization request went to a path with /api twice, and the server does not know it ({status}).",
    cause="The base URL {base_url} ends in /api, and the paths begin with it.",
    fix=(SetField("base_url", "{base}"), RERUN),
    reference="protocol.md, step 2",
    unless="the base URL did not end in /api, or the status were another than 404 and 405",
)
def base_url_doubled(context: Context) -> Match | None:
    base = context.inputs.base_url.rstrip("/")
    if exchange(context).response.status not in (404, 405) or not base.lower().endswith("/api"):
        return None
    return matched(context, base=quoted(base[: -len("/api")]))


@rules.add(
    "authorize-not-found",
    title="There is no authorization endpoint at {url} ({status}{says}).",
    cause="The base URL is not that of the deployment, or its path is too long.",
    runner_up="The deployment has its authorization endpoint under another path.",
    fix=(
        SetField("base_url", "{base}"),
        *provided("if the server is no AIRisk deployment", SetField("issuer", "{issuer}")),
        *provided("otherwise", Ask("ask the administrator for the address of the deployment's API, path included")),
    ),
    elsewhere=(
        SetField("base_url", "{base}"),
        *provided("otherwise", Ask("ask the administrator for the address of the server's API, path included")),
    ),
    reference="protocol.md, step 1",
    unless="the status were another than 404 and 405, or a gateway, a tunnel or a platform had answered: these are looked for first",
)
def authorize_not_found(context: Context) -> Match | None:
    status, base = exchange(context).response.status, base_of(context.inputs.base_url)
    if status not in (404, 405):
        return None
    match = matched(context, url=quoted(exchange(context).request.url.partition("?")[0]), base=quoted(base))
    ask = (
        Ask("ask the administrator for the address of the deployment's API, path included"),
        SetField("base_url", words="that address"),
        *provided("if the server is no AIRisk deployment", SetField("issuer", "{issuer}")),
    )
    address = context.inputs.base_url
    named = issuer_behind(address)
    says = f": {told(exchange(context).response)}" if says_more(exchange(context).response) else ""
    values = dict(match.values) | {"issuer": named or address, "says": says}
    title = "{url} does not accept GET ({status}), which an authorization request uses." if status == 405 else None
    if context.inputs.issuer:
        return Match(values, match.evidence, title=title, cause=_NAMED, runner_up="", fix=_TELL_THEM)
    if named and not context.inputs.standard:
        fix = (SetField("issuer", "{issuer}"), RERUN)
        return Match(values, match.evidence, cause=_ANOTHER, runner_up="", fix=fix, certainty="likely")
    return Match(
        values,
        match.evidence,
        title=title,
        fix=ask[: 2 if context.inputs.standard else None] if base == context.inputs.base_url.rstrip("/") else None,
    )


_NAMED = "The server's metadata, or a person, named an endpoint that is not there."
_TELL_THEM: Fix = (
    Ask("ask them where the authorization endpoint is", whom="the operator of the server"),
    SetField("dialect.authorize_path", words="its path"),
    RERUN,
)
_ANOTHER = "The base URL is that of another OAuth server than AIRisk, or of its metadata: such a server is known by its issuer."


@rules.add(
    "gateway-refused",
    title="The request was refused with {status} in a form that this kind of server does not use.",
    cause="A gateway, a firewall or an access restriction in front of the deployment refused it: the answer has no words of its own.",
    runner_up="The base URL {base_url} leads to another kind of server.",
    fix=(
        Do("connect to the network (VPN) from which the deployment may be used"),
        *provided("if you are in it", Ask("ask the administrator to allow this machine")),
    ),
    reference="RFC 9110 §15.5.2, §15.5.4",
    unless="the answer said more than what any server says beside these statuses",
)
def gateway_refused(context: Context) -> Match | None:
    response = exchange(context).response
    if response.status not in (401, 403) or says_more(response) or of_the_browser(said(response)):
        return None
    match = matched(context)
    return match if response.status == 403 else replace(match, cause=_LOGIN_IN_FRONT, fix=_EXEMPT)


_LOGIN_IN_FRONT = (
    "Something in front of the deployment, or its web server, asks for a login: the answer has no words of its own."
)
_EXEMPT: Fix = (
    Rerun("browser", ", which shows whether it asks for one"),
    *provided("if it does", Ask("have the administrator exempt the OAuth endpoints from that login")),
)


@rules.add(
    "authorize-refused",
    title="The server answered the authorization request with {status} and did not redirect.",
    cause="The server refused the request and gave no reason beyond the status.",
    runner_up="The base URL {base_url} leads to another kind of server.",
    fix=(
        Rerun("browser", " to see the page that a person gets"),
        Ask("give this exchange to the administrator{trace}"),
    ),
    reference="RFC 9110 §15",
    unless="the answer named a parameter, a log-in, a policy or what stands in front: all are looked for first",
    certainty="unknown",
)
def authorize_refused(context: Context) -> Match | None:
    response = exchange(context).response
    match = matched(context, said=told(response))
    if not response.body.data.strip():
        return match
    reason = of_the_browser(said(response))
    if reason is not None:
        return match.because(f"{reason.cause} It says {{said}}.", reason.fix, "likely")
    return match.because("The server refused the request, and its answer names no part of it: {said}.")
