"""Our own authorization request was answered without the redirect that it asked for (protocol.md, step 1, outcomes)."""

from __future__ import annotations

from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.observed import (
    authorization_unanswered,
    base_of,
    page,
    retry_after,
    trace,
)
from airisk_tui.insight.rule import Entry, Family, Seen
from airisk_tui.insight.rules.registration_read import exchange
from airisk_tui.oauth.http import HttpResponse, header
from airisk_tui.oauth.token import read_error

family = Family("Authorization request", authorization_unanswered)

PLAIN_TO_TLS = ("sent to https port", "http request to an https server", "speaking plain http to an ssl")
"""What nginx, Go's net/http and Apache say when plain http reaches their https port."""


def seen_answer(context: Context, **values: str) -> Seen:
    """The common values, and the answer as evidence."""
    response = exchange(context).response
    evidence = Evidence("The answer", summary(response), Pointer("authorization-request", "response"))
    shown = {
        "status": str(response.status),
        "base_url": quoted(context.inputs.base_url),
        "trace": trace(read_error(response)),
    }
    return Seen(shown | values, (evidence,))


def summary(response: HttpResponse) -> str:
    """A response in a few words: status, media type, size."""
    kind = header(response.headers, "content-type")
    size = f"{response.body.size:,} bytes" if response.body.size else "no body"
    return f"{response.status}, {quoted(kind, 60) if kind else 'no content type'}, {size}"


@family.rule(
    Entry(
        code="proxy-login",
        question="authorization",
        title="The network in between wants a login before it lets the request through ({status}).",
        cause="A proxy (407) or the network's login page (511) answered in place of the server.",
        fix="Log in to the network in a browser, or put the proxy's credentials into {variable}, and run again.",
        reference="RFC 9110 §15.5.8; RFC 6585 §6",
    )
)
def proxy_login(context: Context) -> Seen | None:
    refused = exchange(context).response.status in (407, 511)
    return seen_answer(context, variable=proxy_variable(context)) if refused else None


def proxy_variable(context: Context) -> str:
    """The variable that names the proxy for the base URL's scheme, with a place for the credentials."""
    variable = "HTTP_PROXY" if context.inputs.base_url.lower().startswith("http://") else "HTTPS_PROXY"
    return f"{variable} (http://USER:PASSWORD@HOST:PORT)"


@family.rule(
    Entry(
        code="authorize-rate-limited",
        question="authorization",
        title="The server asks for a pause ({status}).",
        cause="Too many requests came in a short time, or the server is in maintenance.",
        fix="Wait {pause}, and run again.",
        reference="RFC 9110 §10.2.3; RFC 6585 §4",
    )
)
def authorize_rate_limited(context: Context) -> Seen | None:
    response = exchange(context).response
    paused = response.status == 429 or (response.status == 503 and header(response.headers, "retry-after") is not None)
    return seen_answer(context, pause=retry_after(response)) if paused else None


@family.rule(
    Entry(
        code="deployment-stopped",
        question="authorization",
        title="The answer says that the web app is stopped ({status}).",
        cause="The deployment is switched off at its hosting, or its plan ran out; the platform answers in its place.",
        fix="Have the administrator start the web app of {base_url}, and run again.",
        reference="protocol.md, the actors; RFC 9110 §15.5.4",
    )
)
def deployment_stopped(context: Context) -> Seen | None:
    response = exchange(context).response
    stopped = response.status in (403, 503) and any(words in page(response) for words in _STOPPED)
    return seen_answer(context) if stopped else None


_STOPPED = ("web app is stopped", "site is stopped", "site disabled", "web app - unavailable", "web app is unavailable")
"""What Azure App Service shows for an app that is stopped or over its quota."""


@family.rule(
    Entry(
        code="authorize-unavailable",
        question="authorization",
        title="Nobody worked on the authorization request: what stands in front of the deployment answered {status}.",
        cause="The application behind it is starting, is overloaded, or does not run.",
        runner_up="It is in maintenance.",
        fix="Run again in a minute; if it stays, have the administrator look whether the application of {base_url} runs{trace}.",
        reference="RFC 9110 §15.6.3 to §15.6.5",
    )
)
def authorize_unavailable(context: Context) -> Seen | None:
    return seen_answer(context) if exchange(context).response.status in (502, 503, 504) else None


@family.rule(
    Entry(
        code="authorize-server-error",
        question="authorization",
        title="The server failed inside while it worked on the authorization request ({status}).",
        cause="The server met an error of its own.",
        runner_up="It tried to call the redirect URI itself, as an older API reference describes, and cannot reach this machine.",
        fix="Run again; if it stays, give the time of this run to the administrator{trace}.",
        reference="RFC 9110 §15.6; protocol.md, step 1",
    )
)
def authorize_server_error(context: Context) -> Seen | None:
    return seen_answer(context) if exchange(context).response.status >= 500 else None


@family.rule(
    Entry(
        code="base-url-doubled",
        question="authorization",
        title="The authorization request went to a path with /api twice, and the server does not know it ({status}).",
        cause="The base URL {base_url} ends in /api, and the paths begin with it.",
        fix="Set the base URL (--base-url) to {base}, and run again.",
        reference="protocol.md, step 2",
    )
)
def base_url_doubled(context: Context) -> Seen | None:
    base = context.inputs.base_url.rstrip("/")
    if exchange(context).response.status not in (404, 405) or not base.lower().endswith("/api"):
        return None
    return seen_answer(context, base=quoted(base[: -len("/api")]))


@family.rule(
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
def authorize_not_found(context: Context) -> Seen | None:
    if exchange(context).response.status not in (404, 405):
        return None
    url, base = exchange(context).request.url.partition("?")[0], base_of(context.inputs.base_url)
    how = f"Set the base URL (--base-url) to {quoted(base)}; if that is no better, ask for the address of the deployment's API."
    if base == context.inputs.base_url.rstrip("/"):
        how = "Ask the administrator for the address of the deployment's API, its path included, and set --base-url to it."
    return seen_answer(context, url=quoted(url), how=how)


@family.rule(
    Entry(
        code="http-to-https-port",
        question="authorization",
        title="The server says that plain http came to its https port ({status}).",
        cause="The base URL {base_url} says http where the deployment speaks https.",
        fix="Set the base URL (--base-url) to {base}, and run again.",
        reference="RFC 9110 §4.2.2",
    )
)
def http_to_https_port(context: Context) -> Seen | None:
    text, base = page(exchange(context).response), context.inputs.base_url
    if not base.startswith("http://") or not any(words in text for words in PLAIN_TO_TLS):
        return None
    return seen_answer(context, base=quoted("https://" + base.removeprefix("http://")))


@family.rule(
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
def gateway_refused(context: Context) -> Seen | None:
    return seen_answer(context) if exchange(context).response.status in (401, 403) else None


@family.rule(
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
def authorize_refused(context: Context) -> Seen | None:
    return seen_answer(context)
