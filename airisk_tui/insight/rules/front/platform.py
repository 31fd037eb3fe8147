"""The hosting platform answered in an endpoint's place, and its own headers or pages say so: the same in both steps.

Each rule knows its platform by bytes that only it writes: a `WWW-Authenticate` scheme, a header, an error number, a page.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import Ask, Do, Fix, Rerun, SetField, SetVariable, otherwise, provided
from airisk_tui.insight.reading.blame import all_blamed, refusal_text
from airisk_tui.insight.reading.filters import Does, in_front, request_filter
from airisk_tui.insight.reading.pages import kind_of
from airisk_tui.insight.reading.reasons import ADDRESS, ADMITTED, BY_WHOMEVER, GATEWAY_KEY, QUOTED_INSIDE, says_more
from airisk_tui.insight.reading.run import json_object, quoted_refusal
from airisk_tui.insight.rule import Match
from airisk_tui.insight.rules.authorization import own_values
from airisk_tui.insight.rules.connection import proxy_login
from airisk_tui.insight.rules.front.endpoint import (
    AGAIN,
    ALLOW_ANONYMOUS,
    EitherEndpoint,
    Endpoint,
    Sign,
    by_sign,
    found_words,
    spelled_on_page,
)
from airisk_tui.insight.rules.front.iis import iis_number
from airisk_tui.insight.words.quoting import around, brief, quoted
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.challenge import schemes_of
from airisk_tui.oauth.answer.pages import is_web_page, page
from airisk_tui.oauth.http import HttpResponse, header, headers_named
from airisk_tui.oauth.urls import host_of

rules = EitherEndpoint()


def challenges(response: HttpResponse) -> tuple[str, ...]:
    """The `WWW-Authenticate` headers of a 401 (RFC 9110 §11.6.1)."""
    return headers_named(response.headers, "www-authenticate") if response.status == 401 else ()


def _of_table(response: HttpResponse, does: Does) -> Sign | None:
    """The sign of something in front that does this."""
    found = in_front(response)
    if found is None or found[0].does != does:
        return None
    name = next((name for name, _ in response.headers if name.lower() == found[0].header), "")
    return f"{name}: {found[1]}" if name else found[1], name


@rules.add(
    "tunnel-page",
    title="A tunnel service answered the [name] request with a page of its own ({sign}, {status}).",
    cause=(
        "{base_url} is the address of a tunnel. Its service shows a warning to new visitors, asks for a log-in of its own, or cannot "
        "reach the program at its end; the deployment was not asked."
    ),
    fix=(
        Do("open {base_url} in a browser and do what the page asks"),
        *provided(
            "if the page stays",
            Ask(
                "have the owner of the tunnel start it, or switch off its warning page or its log-in",
                "the owner of the tunnel",
            ),
        ),
        AGAIN,
    ),
    reference="RFC 9110 §15.6.3",
    unless="neither a header nor the words of a tunnel's service were in the answer",
)
@by_sign
def _tunnel(response: HttpResponse) -> Sign | None:
    return sign_of_tunnel(response)


def sign_of_tunnel(response: HttpResponse) -> Sign | None:
    """The sign of a tunnel's service that answered in place of what is at its end."""
    if any(challenge.lower().split(" ")[0] == "tunnel" for challenge in challenges(response)):
        return "WWW-Authenticate: tunnel", "WWW-Authenticate"
    code = header(response.headers, "ngrok-error-code")
    if code is not None:
        return f"ngrok-error-code: {code}", "ngrok-error-code"
    if header(response.headers, "bypass-tunnel-reminder") is not None:
        return "bypass-tunnel-reminder", "bypass-tunnel-reminder"
    return found_words(
        "err_ngrok_",
        "localtunnel.me",
        "loca.lt",
        "connect to a developer tunnel",
        "tunnel website ahead",
        "error code: 1033",
        "x-tunnel-skip",
    )(response)


@rules.add(
    "proxy-login",
    title="The network asks for a login before it lets the [name] request through ({status}).",
    cause="A proxy (407) or the network's login page (511) answered in place of the server.",
    fix=(Do("log in to the network in a browser"), AGAIN),
    reference="RFC 9110 §15.5.8; RFC 6585 §6",
    unless="the answer had another status than 407 and 511, which no server of OAuth uses",
)
def _proxy_login(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    if response.status not in (407, 511):
        return None
    if response.status == 511:
        return endpoint.matched(context)
    plain = context.inputs.base_url.lower().startswith("http://")
    variable = f"{'HTTP' if plain else 'HTTPS'}_PROXY"
    schemes = schemes_of(headers_named(response.headers, "proxy-authenticate"))
    match = endpoint.matched(context, variable=variable, schemes=brief(schemes))
    asked = endpoint.exchange(context).connection.proxy is not None
    cause, fix = proxy_login(schemes) if asked else (_UNASKED_PROXY, _ASK_THE_NETWORK)
    return replace(match, cause=cause, fix=(*fix, endpoint.rerun), certainty=None if asked else "likely")


_UNASKED_PROXY = (
    "This program used no proxy: one that the network puts in between, or the server itself, asks for a login."
)
_ASK_THE_NETWORK: Fix = (
    Ask("have whoever runs the network let {base_url} through without a login", "whoever runs the network"),
    *otherwise(SetVariable("{variable}", words="the network's proxy with its login, http://USER:PASSWORD@HOST:PORT")),
)


@rules.add(
    "proxy-answered",
    title="The answer to the [name] request ({status}) speaks of a proxy: {told}.",
    cause="The proxy {proxy}, which this program was told to use, answered in place of the server.",
    runner_up="A proxy on the server's side wrote that, and the other one passed it on.",
    fix=(
        SetVariable("NO_PROXY", "{host}", words=", if the host is reached without the proxy"),
        *otherwise(Ask("have whoever runs the proxy let requests to {base_url} through", "whoever runs the proxy")),
        AGAIN,
    ),
    reference="RFC 9110 §3.7, §7.6.3",
    unless="the request went through no proxy, or over https, where only the server can answer, or no word of a page was “proxy”",
    certainty="likely",
)
def _proxy_answered(endpoint: Endpoint, context: Context) -> Match | None:
    exchange, response = endpoint.exchange(context), endpoint.response(context)
    url, proxy = exchange.request.url, exchange.connection.proxy
    if proxy is None or not url.startswith("http:") or json_object(response) is not None or response.redirects:
        return None
    own = response.status in _FAILED or (is_web_page(response) and kind_of(response) == "asks")
    if own or request_filter(response) is not None or not _A_PROXY.search(refusal_text(response)):
        return None
    return endpoint.matched(context, proxy=quoted(proxy), host=quoted(host_of(url)), told=quoted_refusal(response))


_A_PROXY = pattern(r"\bproxy\b|\bsquid\b")
_FAILED = (502, 503, 504)
"""Statuses of which `unavailable` tells more."""


@rules.add(
    "windows-login",
    title="The server asks for a Windows login ({sign}) before the [name] endpoint is reached ({status}).",
    cause="Windows authentication stands before it, so the server looked at neither client ID nor client secret.",
    fix=(ALLOW_ANONYMOUS, AGAIN),
    reference="RFC 9110 §11.6.1; RFC 4559 §4",
    unless="no challenge of the answer were Negotiate, NTLM or Kerberos",
)
def _windows_login(endpoint: Endpoint, context: Context) -> Match | None:
    match = by_sign(_asks_for_windows)(endpoint, context)
    if match is None:
        return None
    if endpoint.step == "token-request":
        own_words = json_object(endpoint.response(context)) is not None
        return None if own_words else replace(match, runner_up=_ADDED_BY_IIS)
    # A browser that is in the domain answers the challenge by itself; many servers show their own log-in to all others.
    return match.because(_LOGGED_IN_BY_WINDOWS, _IN_A_BROWSER, "likely")


def _asks_for_windows(response: HttpResponse) -> Sign | None:
    asked = [one for one in challenges(response) if one.split(" ")[0].lower() in ("negotiate", "ntlm", "kerberos")]
    return (", ".join(one.split(" ")[0] for one in asked), "WWW-Authenticate") if asked else None


_ADDED_BY_IIS = "The application refused with 401, and the web server (IIS) added its own challenge to that."
_LOGGED_IN_BY_WINDOWS = (
    "People are logged in by Windows there (Negotiate, NTLM), which a browser of the domain does and the direct mode does not: the server "
    "has not looked at the client ID yet."
)
_IN_A_BROWSER: Fix = (Rerun("browser"), *provided("if nobody is to be logged in there", ALLOW_ANONYMOUS))


@rules.add(
    "platform-login",
    title="The [name] request was refused ({status}) because it has no token; the answer says that {login} issues one.",
    cause=(
        "The hosting platform's own authentication (App Service Authentication, or one like it) lets only requests with its token "
        "through."
    ),
    runner_up="The application's own check of tokens says so: the address is that of an API, and not of the [name] endpoint.",
    fix=(
        Ask("have the administrator exclude the paths of the OAuth endpoints from the platform's authentication"),
        AGAIN,
    ),
    reference="RFC 6750 §3; RFC 9110 §11.6.1",
    unless="the challenge named no address of a log-in",
    certainty="likely",
)
def _platform_login(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    for challenge in challenges(response):
        found = re.search(r'authorization_uri="?([^",\s]+)', challenge)
        if found is not None:
            match = endpoint.matched(context, login=brief(found[1]))
            return endpoint.sign(match, challenge, "WWW-Authenticate")
    return None


@rules.add(
    "front-password",
    title="Something in front of the [name] endpoint asks for a user name and a password ({sign}, {status}).",
    cause="A proxy or the web server protects the address with a password, and did not ask the application.",
    runner_up="The application itself logs people in this way, and a browser would ask for the password.",
    fix=(
        Ask("have the administrator let the OAuth endpoints through without that password"),
        *otherwise(SetField("base_url", words="an address of the deployment that is not protected in this way"), AGAIN),
    ),
    reference="RFC 7617 §2; RFC 9110 §11.6.1",
    unless="another challenge stood beside Basic or Digest, or a token endpoint itself asked for Basic without a page",
)
def _password(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    asked = challenges(response)
    if not asked or any(one.split(" ")[0].lower() not in ("basic", "digest") for one in asked):
        return None
    # RFC 6749 §5.2 has a token endpoint ask for HTTP Basic by itself; a proxy adds a page of its own.
    if endpoint.step == "token-request" and not is_web_page(response):
        return None
    return endpoint.sign(endpoint.matched(context, sign=brief(asked[0])), asked[0], "WWW-Authenticate")


@rules.add(
    "address-refused",
    title="The answer to the [name] request ({status}) says that this machine's address is not admitted: {sign}.",
    cause="An access restriction of the platform admits some networks only, and did not ask the application.",
    fix=ADMITTED,
    reference="RFC 9110 §15.5.4",
    unless="neither a header, nor IIS's number, nor the words of a refusal spoke of an address, or they spoke of the redirect URI",
)
def _address_refused(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    if response.status == 403 and (match := by_sign(_of_address)(endpoint, context)) is not None:
        return match
    words = refusal_text(response)
    found = ADDRESS.search(words) if response.status >= 400 and not QUOTED_INSIDE.search(words) else None
    if found is None or "redirect_uri" in all_blamed(words, own_values(context)):
        return None
    return endpoint.matched(context, sign=around(found)).because(BY_WHOMEVER, certainty="likely")


def _of_address(response: HttpResponse) -> Sign | None:
    address = header(response.headers, "x-ms-forbidden-ip")
    if address is not None:
        return f"x-ms-forbidden-ip: {address}", "x-ms-forbidden-ip"
    if response.reason.lower() == "ip forbidden":
        return response.reason, ""
    number = iis_number(response)
    return (number, "") if number in ("403.6", "403.501", "403.502", "403.503") else None


_DEFAULT_BACKEND = "default backend - 404"
"""The whole answer of a Kubernetes ingress that has no rule for a request."""

_NO_HOST = found_words(
    "invalid hostname",
    "invalid host header",
    _DEFAULT_BACKEND,
    "404 web site not found",
    "<title>no such app",
    "no-such-app",
    "there's nothing here, yet",
    "unknown domain",
    "deployment_not_found",
    "there isn't a github pages site here",
    "no webspace configured for this domain",
    "domain is not configured",
    "host not in allowlist",
    "<h1>disallowedhost at",
    "invalid http_host header",
    "<h1>blocked hosts:",
    "blocked host:",
    "your azure front door service configuration",
    "direct ip access not allowed",
    "misdirected request",
    'the requested url "&#91;no&#32;url&#93;", is invalid',
    "our services aren't available right now",
)
"""Words of HTTP servers and platforms for a host name under which they serve nothing."""


@rules.add(
    "hostname-unknown",
    title="The server that answered the [name] request serves nothing under the host name {host} ({status}).",
    cause=(
        "The HTTP server, proxy, ingress, platform or framework selects the application by the host name, and has none for this one; "
        "the application was not asked."
    ),
    fix=(
        SetField("base_url", words="the host name under which the deployment is published"),
        *otherwise(Ask("have the administrator bind {host} to the deployment")),
        AGAIN,
    ),
    reference="RFC 9110 §7.2",
    unless="the words were not those of a server that knows no such host, or came with another status than 400, 403, 404 or 421",
)
def _hostname(endpoint: Endpoint, context: Context) -> Match | None:
    match = by_sign(_without_host)(endpoint, context)
    if match is None:
        match = by_sign(_says_no_host)(endpoint, context)
        return match and replace(match, certainty="likely")
    if page(endpoint.response(context)).strip() != _DEFAULT_BACKEND:
        return match
    # An ingress answers so, too, where a host has rules for some paths only.
    return replace(match, runner_up="It knows the host name, and has no rule for this path.", certainty="likely")


def _without_host(response: HttpResponse) -> Sign | None:
    refused = response.status in (400, 403, 404, 421) or page(response).strip() == "invalid host header"
    return _of_table(response, "no-host") or (_NO_HOST(response) if refused else None)


def _says_no_host(response: HttpResponse) -> Sign | None:
    words = refusal_text(response) if response.status in (400, 403, 404, 421) else ""
    found = None if "redirect_uri" in all_blamed(words) else _HOST_UNKNOWN.search(words)
    return None if found is None else (spelled_on_page(response, found[0]), "")


_HOST_UNKNOWN = pattern(
    r"\bno (?:such )?(?:\w+ ){1,4}(?:for|at|under|match(?:es|ing)?) (?:the |this |that |your )?(?:requested )?"
    r"(?:virtual )?host(?: ?name)?\b"
    r"|\b(?:unknown|unrecogni[sz]ed|unregistered|no such) (?:virtual )?host(?: ?name| header)?\b"
    r"|\b(?:host ?name|virtual host|host header|requested host)\b[^.\n]{0,60}?\b(?:not|isn't) "
    r"(?:found|configured|known|recogni[sz]ed|registered|served|bound)\b"
)
"""Words of proxies and frameworks of all kinds for a host name under which they serve nothing."""


@rules.add(
    "gateway-key",
    title="The [name] request was refused ({status}) because it has no key or token, and no client has one yet: {sign}.",
    cause="A gateway in front, or the application's own check of all its paths, wants it, and does not exempt the OAuth endpoints.",
    fix=(
        Ask("have the administrator exempt the OAuth endpoints from that check"),
        *otherwise(SetField("base_url", words="the address of the authorization server")),
        AGAIN,
    ),
    certainty="likely",
    runner_up="The address is that of an API, which wants an access token, and not that of the [name] endpoint.",
    reference="RFC 6750 §3; RFC 9110 §15.5.2",
    unless="the words named neither a key of a gateway nor a bearer token, which nobody has before the token endpoint answers",
)
def _gateway_key(endpoint: Endpoint, context: Context) -> Match | None:
    # AIRisk's user-specific run may need the generic token: `bearer-wanted` tells that.
    own = endpoint.step == "token-request" and bool(context.inputs.userid) and context.inputs.bearer is None
    return None if own else by_sign(_asked_key)(endpoint, context)


def _asked_key(response: HttpResponse) -> Sign | None:
    words = refusal_text(response) if response.status in (400, 401, 403) else ""
    found = GATEWAY_KEY.search(words) or _BEARER_WANTED.search(words)
    if found is not None:
        return spelled_on_page(response, found[0]), ""
    asked = next((one for one in challenges(response) if one.lower().startswith("bearer")), "")
    # RFC 6749 §5.2: a refusal of the client may bear a challenge, too, and has words of its own.
    return (asked, "WWW-Authenticate") if asked and "client" not in asked and not says_more(response) else None


_BEARER_WANTED = pattern(
    r"\b(?:no|missing) bearer\b(?: \w+){0,3}|\bbearer (?:token |auth\w* )?(?:header )?(?:is )?(?:not found|missing|required)"
    r"|\bauthorization ?: ?bearer\b"
)


GO_NO_ROUTE = "404 page not found"
"""The whole answer of a router in Go (net/http) that has no route, as of Traefik."""

_NO_ROUTE = found_words(
    "no route matched with those values",
    "unable to identify proxy for host",
    "no matching route",
    "no api found with those values",
    "backend not found",
    '"message": "resource not found"',
    '"message":"resource not found"',
)


@rules.add(
    "gateway-no-route",
    title="The gateway or router that answered the [name] request has no way to an application for this address ({sign}, {status}).",
    cause=("It knows no application for {url}: the path or the host of the base URL differs from what it was told."),
    fix=(
        SetField("base_url", words="the address that it knows, its stage or prefix included"),
        *otherwise(Ask("have the administrator add a route for {url}")),
        AGAIN,
    ),
    reference="RFC 9110 §15.5.5",
    unless="neither a gateway's own words nor its own header spoke of a route",
)
def _without_route(endpoint: Endpoint, context: Context) -> Match | None:
    match, response = by_sign(_no_route)(endpoint, context), endpoint.response(context)
    if match is None:
        return None
    found = in_front(response)
    if found is not None and found[0].header not in ("", "x-amzn-errortype"):
        passed_on = "The application behind it answered, and has no such path."
        return replace(match, runner_up=passed_on, certainty="unknown")
    if page(response).strip() != GO_NO_ROUTE:
        return match
    in_go = "The application itself is written in Go, and has no such path."
    match = replace(match, runner_up=in_go, certainty="unknown")
    if endpoint.step != "token-request" or context.state.code is None:
        return match
    # It had a route for step 1, at the same base URL.
    path = SetField("dialect.token_path", words=", with the path that it knows")
    return replace(match, fix=(path, *otherwise(Ask("have the administrator add a route for {url}")), endpoint.rerun))


def _no_route(response: HttpResponse) -> Sign | None:
    if (found := _of_table(response, "no-route")) is not None:
        return found
    if page(response).strip() == GO_NO_ROUTE and response.status == 404:
        return GO_NO_ROUTE, ""
    return _NO_ROUTE(response) if response.status >= 400 else None


_WITHOUT_APPLICATION = found_words(
    "waiting for your content",
    "your azure function app is up and running",
    "your app service is up and running",
    "welcome to nginx!",
    "<title>iis windows",
    "internet information services",
    "apache2 ubuntu default page",
    "apache2 debian default page",
    "used to test the proper operation of",
    "<h1>it works!</h1>",
    "caddy works!",
    "congratulations, a new site",
)
"""Words of the pages that web servers and platforms show where no application is."""


@rules.add(
    "no-application",
    title="What answered the [name] request ({status}) has no application at this address: {sign}.",
    cause=(
        "A web server, a platform or a store of files answers for {url}; no application is there, or not under this host name or path."
    ),
    fix=(
        SetField("base_url", words="the address of the API"),
        AGAIN,
        *otherwise(Ask("have the administrator lead requests for {url} to the application")),
    ),
    reference="RFC 9110 §15.5.5",
    unless="neither a header nor the words of a page were those of a server that has no application",
)
@by_sign
def _empty(response: HttpResponse) -> Sign | None:
    shown = _WITHOUT_APPLICATION(response) if response.status == 200 and is_web_page(response) else None
    return shown or _of_table(response, "empty")


_TOO_LONG = found_words(
    "request too long",
    "request header or cookie too large",
    "request header fields too large",
    "request-uri too",
    "uri too long",
    "url too long",
    "query string is too long",
    "request is too long",
    "size of the request headers is too long",
)


@rules.add(
    "request-too-long",
    title="The [name] request was refused as too long ({sign}{status}).",
    cause=(
        "A limit for the address, the headers or the body is below what was sent ({length} characters of address, {size} bytes of body). "
        "In a browser the cookies of the site count, too."
    ),
    fix=(
        Do("leave out long extra parameters, and delete the site's cookies in the browser"),
        *otherwise(Ask("have the administrator raise the limit of the HTTP server")),
        AGAIN,
    ),
    reference="RFC 9110 §15.5.15; RFC 6585 §5",
    unless="neither the status, nor IIS's number, nor the words spoke of a length",
    certainty="likely",
)
def _too_long(endpoint: Endpoint, context: Context) -> Match | None:
    exchange = endpoint.exchange(context)
    response, number = exchange.response, iis_number(exchange.response)
    by_number = number in ("404.14", "404.15", "404.10", "404.13", "413.1")
    sign = (number, "") if by_number else _TOO_LONG(response) if response.status >= 400 else None
    if sign is None and response.status not in (413, 414, 431):
        return None
    sent = {"length": f"{len(exchange.request.url):,}", "size": f"{exchange.request.body.size:,}"}
    match = endpoint.matched(context, sign=f"{sign[0]}, " if sign else "", **sent)
    return endpoint.sign(match, *sign) if sign is not None else match
