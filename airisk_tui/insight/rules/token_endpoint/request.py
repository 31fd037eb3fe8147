"""The token request did not reach the token endpoint, or the endpoint could not work (protocol.md, step 2)."""

from __future__ import annotations

import re
from dataclasses import replace

from airisk_tui.insight.changes import base_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, quoted
from airisk_tui.insight.readings import (
    bare,
    base_of,
    base_without,
    is_web_page,
    moved_to,
    setting,
    token_refused,
)
from airisk_tui.insight.rule import Entry, Match, RuleSet
from airisk_tui.insight.rules.authorization.elsewhere import REDIRECTS, undecided, unusable
from airisk_tui.insight.rules.token_endpoint.reading import answer, encoding_named, exchange, matched, status
from airisk_tui.oauth.http import header

rules = RuleSet("Token endpoint", token_refused)

RIGHT_PATH = f"To ask the right path, {setting('token_path', '/api/oauth2/Token')}, and run again."


@rules.add(
    Entry(
        code="token-login",
        question="token",
        title="The token endpoint sent the request to a login page ({status}), {location}; a code is never sent on by itself.",
        cause="{why}",
        runner_up="The base URL {base_url} leads to a web site and not to the API.",
        fix="{how}",
        reference="RFC 6749 §3.2; threats.md C3",
    )
)
def token_login(context: Context) -> Match | None:
    location = moved_to(exchange(context))
    if location is None or not _LOGIN.search(location.partition("://")[2].partition("/")[2]):
        return None
    shown = quoted(location.partition("?")[0])
    asked = context.state.authorization
    if asked is not None and not context.inputs.carry_cookies and header(asked.response.headers, "set-cookie"):
        why = "Something in front of the token endpoint wants the session that began with the cookies of step 1."
        how = "Run again with --mode direct --carry-cookies; a token endpoint must not need it: tell the administrator."
        return matched(context, location=shown, why=why, how=how)
    why = "The token endpoint stands behind a login for people, of the deployment or of a gateway, and no client can pass it."
    how = "Have the administrator take the login away from the token endpoint, or ask for the address of the API and set --base-url."
    return matched(context, location=shown, why=why, how=how)


_LOGIN = re.compile(r"log-?[io]n|sign-?in|returnurl=|/auth(orize|enticate)?\b|/sso\b|/adfs/|/saml", re.IGNORECASE)
"""In a path or query: people log in there."""


@rules.add(
    Entry(
        code="token-redirected",
        question="token",
        title="The token endpoint redirected ({status}) to {location}; a code is never sent on by itself.",
        cause="{why}",
        fix="{how}",
        reference="RFC 9110 §15.4; threats.md C3",
    )
)
def token_redirected(context: Context) -> Match | None:
    if answer(context).kind != "redirect":
        return None
    location = moved_to(exchange(context))
    if answer(context).status not in REDIRECTS:
        return None
    if location is None:
        how = "Give this exchange to the administrator: a redirect must carry a Location, and a token endpoint must not redirect."
        return matched(context, location="nowhere", why="The server, or a proxy in front of it, is broken.", how=how)
    what = unusable(exchange(context), header(exchange(context).response.headers, "location") or "")
    if what is not None:
        how = "Do not open that address; give this exchange to the administrator: a token endpoint must not redirect."
        why = f"The server, or a proxy in front of it, is broken: no client can go there, because {what}."
        return matched(context, location=quoted(location, 80), why=why, how=how)
    place = location.partition("?")[0]
    base = base_without(location, context.inputs.dialect.token_path)
    ours = context.inputs.base_url.rstrip("/")
    if base is not None and base != ours:
        why = "The base URL is not the deployment's final address."
        how = f"Set the base URL (--base-url) to {quoted(base)}, and run again with a new code."
        return replace(matched(context, location=quoted(place), why=why, how=how), change=base_to(context, base))
    if place.startswith(base_of(exchange(context).request.url) + "/"):
        why = "The endpoint has moved to another path of the same server."
        path = place.removeprefix(ours) if place.startswith(ours + "/") else place
        how = f"To ask there, {setting('token_path', path)}, and run again."
    else:
        why = "A login page of a gateway stands in front of the token endpoint, or the deployment has moved."
        how = f"Ask for the final address of the deployment and set the base URL (--base-url) to it; {quoted(place)} is where it leads now."
    return matched(context, location=quoted(place), why=why, how=how)


@rules.add(
    Entry(
        code="token-undecided",
        question="token",
        title="The token endpoint answered {status}, {what}, which is no answer to a token request.",
        cause="{why}",
        fix="Give this exchange to the administrator: a token endpoint answers 200 with a token, or refuses with 400 or 401.",
        reference="RFC 9110 §15.4; RFC 6749 §5.1, §5.2",
    )
)
def token_undecided(context: Context) -> Match | None:
    if answer(context).kind != "redirect":
        return None
    what, why = undecided(answer(context).status)
    return matched(context, what=what, why=why)


@rules.add(
    Entry(
        code="token-url-doubled",
        question="token",
        title="The token request went to a path with /api twice, and the server does not know it ({status}).",
        cause="{why}",
        fix="{how}",
        reference="protocol.md, step 2",
    )
)
def token_url_doubled(context: Context) -> Match | None:
    url = exchange(context).request.url.partition("?")[0]
    if not status(context, 404, 405) or "/api/api/" not in url.lower():
        return None
    base = context.inputs.base_url.rstrip("/")
    if base.lower().endswith("/api"):
        base = base[: -len("/api")]
        how = f"Set the base URL (--base-url) to {quoted(base)}, and run again."
        told = matched(context, why="The base URL ends in /api, and the paths begin with it.", how=how)
        return replace(told, change=base_to(context, base))
    why = "The path of the token endpoint was copied from a page that misprints it."
    return matched(context, why=why, how=RIGHT_PATH)


@rules.add(
    Entry(
        code="token-not-found",
        question="token",
        title="There is no token endpoint at {url} ({status}).",
        cause="{why}",
        fix="{how}",
        reference="protocol.md, step 2",
    )
)
def token_not_found(context: Context) -> Match | None:
    if not status(context, 404, 405):
        return None
    url = exchange(context).request.url.partition("?")[0]
    allow = header(exchange(context).response.headers, "allow")
    evidence = Evidence("Allow", quoted(allow), Pointer("token-request", "header", "Allow")) if allow else None
    told = (evidence,) if evidence else ()
    if context.inputs.dialect.name == "airisk" and not url.endswith("/api/oauth2/Token"):
        why = "AIRisk's token endpoint is /api/oauth2/Token, with a capital T."
        how = RIGHT_PATH
        return matched(context, *told, why=why, how=how)
    base = base_of(context.inputs.base_url)
    if base.rstrip("/") != context.inputs.base_url.rstrip("/") and context.state.authorization is None:
        why = "The base URL has a path that does not belong there."
        how = f"Set the base URL (--base-url) to {quoted(base)}, and run again."
        return replace(matched(context, *told, why=why, how=how), change=base_to(context, base))
    why = "This deployment has its token endpoint under another path."
    how = (
        f"Some servers tell capitals from small letters: {setting('token_path', '/api/oauth2/token')}, and run again; "
        "otherwise ask the administrator for the path, and set token_path to it."
    )
    if not status(context, 405):
        return matched(context, *told, why=why, how=how)
    only = f"takes only {quoted(allow, 40)}" if allow else "takes other methods"
    why = f"What is at this path {only}: it is another endpoint, or something in front of it blocks POST."
    title = "What answers at {url} does not take a POST ({status}), and a token request is one."
    found = matched(context, *told, why=why, how=how)
    return replace(found, title=title.format_map(found.values))


@rules.add(
    Entry(
        code="token-gateway",
        question="token",
        title="The token request was answered {status} with a web page, which no token endpoint does.",
        cause="{why}",
        runner_up="The base URL {base_url} leads to a web site and not to the API.",
        fix="{how}",
        reference="RFC 6749 §5.2",
    )
)
def token_gateway(context: Context) -> Match | None:
    if not is_web_page(exchange(context).response):
        return None
    proxy = exchange(context).connection.proxy
    if proxy:
        host = base_of(context.inputs.base_url).partition("://")[2].partition(":")[0]
        evidence = Evidence("Proxy", quoted(proxy), Pointer("token-request", "request"))
        how = f"Let the host bypass the proxy (NO_PROXY={bare(host)}), or log in to the proxy in a browser, and run again."
        return matched(
            context, evidence, why="The proxy from the environment answered with a page of its own.", how=how
        )
    if encoding_named(context):
        return None
    if status(context, 401, 403, 406):
        why = "A firewall or gateway in front of the deployment refused the request, although it let step 1 pass."
        how = "Ask the administrator to let POST requests of this machine and program to the token endpoint pass; then run again."
        return matched(context, why=why, how=how)
    why = "A proxy, a gateway or the network's login page answered in place of the token endpoint."
    how = "Open the base URL in a browser, do what the page there asks, and run again; if it is no AIRisk page, correct --base-url."
    return matched(context, why=why, how=how)
