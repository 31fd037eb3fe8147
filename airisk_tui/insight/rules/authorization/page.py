"""Our own authorization request was answered with a page or a document of success in place of a redirect (protocol.md, step 1).

What is a page to a person is read by `insight.pages`.
"""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.pages import kind_of, way_on
from airisk_tui.insight.readings import authorization_unanswered, is_web_page, json_object
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization.reading import exchange, matched
from airisk_tui.oauth.http import header

rules = RuleSet("Answer page", authorization_unanswered)


@rules.add(
    Entry(
        code="code-in-body",
        question="authorization",
        title="The server wrote the code into the body of a {status} in place of redirecting.",
        cause="This deployment calls the redirect URI itself or hands the code back, as an older API reference describes.",
        fix="Run again with --mode paste and paste the value of {name} from the page that the browser shows.",
        reference="protocol.md, step 1",
    )
)
def code_in_body(context: Context) -> Match | None:
    response = exchange(context).response
    members = json_object(response) or {} if 200 <= response.status < 300 else {}
    name = context.inputs.dialect.code
    return matched(context, name=quoted(name)) if isinstance(members.get(name), str) else None


@rules.add(
    Entry(
        code="page-sends-on",
        question="authorization",
        title="The server answered {status} with a page that sends the browser to the redirect URI by {way}, and did not redirect.",
        cause="This deployment hands its answer over by a page, which only a browser follows; the direct mode does not.",
        fix="Run again with --mode browser.",
        reference="RFC 6749 §4.1.2",
    )
)
def page_sends_on(context: Context) -> Match | None:
    response = exchange(context).response
    way = way_on(response, context.inputs.redirect_uri) if 200 <= response.status < 300 else None
    return None if way is None else matched(context, way=way)


@rules.add(
    Entry(
        code="location-without-redirect",
        question="authorization",
        title="The server wrote where to go into the header {name}, and answered {status}, which is no redirect.",
        cause="The server, or a proxy in front of it, sets the header without the status 302 that belongs to it.",
        fix="{how}",
        reference="RFC 9110 §10.2.2, §15.4",
    )
)
def location_without_redirect(context: Context) -> Match | None:
    response = exchange(context).response
    name = next(
        (
            name
            for name in ("Refresh", "Location")
            if context.inputs.redirect_uri in (header(response.headers, name) or "")
        ),
        None,
    )
    if name is None or not 200 <= response.status < 300:
        return None
    how = "Have the server answer 302; no browser follows this header in a 200, so nothing can be done on this side."
    if name == "Refresh":
        how = "Run again with --mode browser: a browser follows this header; have the server answer 302."
    match, place = matched(context, name=name, how=how), Pointer("authorization-request", "header", name)
    return Match(match.values, (Evidence(name, "present", place), *match.evidence))


@rules.add(
    Entry(
        code="login-page",
        question="authorization",
        title="The server answered {status} with a web page and did not redirect.",
        cause="A person has to log in or consent on that page, and the direct mode cannot.",
        runner_up="A proxy or the network's own login page answered, or the base URL {base_url} leads to a web site.",
        fix="Run again with --mode browser, and do there what the page asks.",
        reference="RFC 6749 §3.1",
    )
)
def login_page(context: Context) -> Match | None:
    response = exchange(context).response
    asks = is_web_page(response) and 200 <= response.status < 300 and kind_of(response) == "asks"
    return matched(context) if asks else None


@rules.add(
    Entry(
        code="web-page",
        question="authorization",
        title="The server answered {status} with a web page that asks for nothing, and did not redirect.",
        cause="The base URL {base_url} leads to {what}, and not to the API.",
        runner_up="{otherwise}",
        fix="Open {base_url} in a browser: if a site or AIRisk's own pages show, set --base-url to the address of the API; "
        "if a login shows, run again with --mode browser.",
        reference="protocol.md, step 1",
    )
)
def web_page(context: Context) -> Match | None:
    response = exchange(context).response
    if not (is_web_page(response) and 200 <= response.status < 300):
        return None
    if kind_of(response) == "program":
        otherwise = "The login or consent is a page that a script draws, and only a browser shows it."
        return matched(context, what="a web application, such as AIRisk's own front end", otherwise=otherwise)
    otherwise = (
        "The deployment calls the redirect URI itself, as an older API reference describes, and shows what came."
    )
    return matched(context, what="a web site", otherwise=otherwise)


@rules.add(
    Entry(
        code="answer-without-redirect",
        question="authorization",
        title="The server answered {status} without redirecting.",
        cause="Either the base URL {base_url} leads to something that is no authorization server, or this deployment calls the "
        "redirect URI itself, as an older API reference describes.",
        fix="Compare --base-url with the address of the API; if it is right, have the deployment redirect the browser instead.",
        reference="protocol.md, step 1",
    )
)
def answer_without_redirect(context: Context) -> Match | None:
    return matched(context) if 200 <= exchange(context).response.status < 300 else None
