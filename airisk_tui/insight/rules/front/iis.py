"""IIS answered in an endpoint's place: its numbers, which stand on its pages in every language, say why."""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec.structs import replace

from airisk_tui.insight.context import Context
from airisk_tui.insight.fix import Ask, Do, Fix, SetField, otherwise, provided
from airisk_tui.insight.rule import Match
from airisk_tui.insight.rules.front.endpoint import (
    AGAIN,
    ALLOW_ANONYMOUS,
    EitherEndpoint,
    Endpoint,
    Sign,
    by_sign,
    found_words,
)
from airisk_tui.later import pattern
from airisk_tui.oauth.answer.pages import is_web_page, page
from airisk_tui.oauth.http import HttpResponse, header

rules = EitherEndpoint()

_IIS_NUMBER = pattern(r"\berror (\d{3}\.\d{1,2})\b")
_IIS_OF_STATUS = r"\b{}\.\d{{1,2}}\b"
"""The status with IIS's own number behind it, such as 404.15: on its detailed pages, whose words are in the language of the server."""


def iis_number(response: HttpResponse) -> str:
    """IIS's number on a page of its own, such as 404.15, or ""."""
    text, server = page(response), (header(response.headers, "server") or "").lower()
    if not is_web_page(response):
        return ""
    by_iis = server.startswith("microsoft-iis") or "<title>iis " in text
    if by_iis and (found := re.search(_IIS_OF_STATUS.format(response.status), text)) is not None:
        return found[0]
    named = _IIS_NUMBER.search(text)
    return named[1] if named else ""


_FILTERS = {
    "404.5": "its address holds a sequence that is denied",
    "404.6": "its method is denied",
    "404.7": "the ending of its path is denied",
    "404.8": "a part of its path is hidden",
    "404.11": "it holds a double escape sequence, which a “+” or “%25” in the address is",
    "404.12": "it holds characters above ASCII",
    "404.18": "its query string holds a sequence that is denied",
    "404.19": "a filtering rule denies it",
}
"""Numbers of IIS's request filtering, each with what it found."""


@rules.add(
    "request-filtering",
    title="IIS refused the [name] request by its request filtering ({number}): {what}.",
    cause="The filter stands in front of the application, which was not asked; the path of the endpoint may well be right.",
    fix=(
        Do("leave out or change the parameter that holds what is denied"),
        *otherwise(Ask("have the administrator change the request filtering of the site")),
        AGAIN,
    ),
    reference="RFC 9110 §15.5.5",
    unless="the page had no number of IIS's request filtering",
)
def _request_filtering(endpoint: Endpoint, context: Context) -> Match | None:
    number = iis_number(endpoint.response(context))
    if number not in _FILTERS:
        return None
    return endpoint.sign(endpoint.matched(context, number=number, what=_FILTERS[number]), number)


class _Said(NamedTuple):
    """The meaning of a number of IIS: a fault of the site's configuration or of the request, and what to do."""

    what: str
    why: str
    fix: Fix


def _of_the_site(why: str) -> _Said:
    return _Said("it cannot use the site's configuration (web.config)", why, _SITE)


_SITE: Fix = (
    Ask("have the administrator mend the configuration of {base_url}, whose file and place the page names"),
    AGAIN,
)

_CERTIFICATE = _Said(
    "it wants a certificate of the client that it trusts",
    "The site admits known machines only.",
    (
        Ask("have the administrator take that demand away from the OAuth endpoints; this program shows no certificate"),
        AGAIN,
    ),
)
_ANONYMOUS = _Said(
    "it asks for a login of Windows, or denies anonymous access",
    "The site does not admit requests without a login of its own, and the application was not asked.",
    (ALLOW_ANONYMOUS, AGAIN),
)
_IIS_SAYS = {
    "403.4": _Said(
        "it wants https",
        "The site takes requests over https only.",
        (SetField("base_url", words="one of https"), AGAIN),
    ),
    **dict.fromkeys(("403.7", "403.13", "403.16", "403.17"), _CERTIFICATE),
    "403.14": _Said(
        "this is the address of a folder",
        "There is no application at this path: it is not published here, or its base is another one.",
        (
            SetField("base_url", words="the address of the application"),
            *otherwise(Ask("have the administrator see whether the application is published at {base_url}")),
            AGAIN,
        ),
    ),
    **dict.fromkeys(("401.1", "401.2", "401.3", "401.4", "401.5"), _ANONYMOUS),
    "404.3": _of_the_site("The ending of this path is one of files that the site hands out to nobody (MIME map)."),
    **dict.fromkeys(
        ("404.4", "404.17"),
        _of_the_site(
            "Nothing in it takes this path: the application's handler is not installed, or not for this path."
        ),
    ),
    "405.0": _Said(
        "a module of it took the request",
        "A module of IIS that knows no such method (WebDAV, or the one for files) took the request, which did not come to the application.",
        (Ask("have the administrator take that module away from the OAuth endpoints of {base_url}"), AGAIN),
    ),
    "500.50": _of_the_site("A rule of its URL Rewrite module failed."),
    "500.51": _of_the_site("A rule of its URL Rewrite module, at the level of the server, failed."),
    "500.52": _of_the_site("A rule of its URL Rewrite module, on the way out, failed."),
    "404.2": _of_the_site("A list of what may run (ISAPI and CGI restrictions) denies the program of this path."),
    "500.21": _of_the_site("A handler needs a module that is not installed on the server."),
    **dict.fromkeys(
        ("500.22", "500.23"),
        _of_the_site(
            "A setting (httpModules, httpHandlers) is of the classic mode, and the application pool runs in the integrated one."
        ),
    ),
    "500.24": _of_the_site("A setting (impersonation) does not go with the application pool's integrated mode."),
}
"""Numbers of IIS that tell why no application was asked (learn.microsoft.com, “HTTP status code overview”)."""

_SHORT = "you do not have permission to view this directory or page"
_EASY_AUTH = "x-ms-middleware-request-id"
"""The platform's own authentication says 403 in the same words, and adds this header."""
_SHORT_TITLE = (
    "IIS, and not the application, refused the [name] request (403), in the words that it has for every reason."
)
_NOT_ADMITTED = "A restriction of the site, for addresses or persons, refused it."
_NO_NUMBER = _Said(
    "",
    "No application ran for this address: none is deployed there, or its start page or path is missing.",
    (
        Ask("have the administrator see whether the application is published at {base_url}, and whom the site admits"),
        *otherwise(SetField("base_url", words="the address of the application"), AGAIN),
    ),
)

_UNREADABLE = {
    "0x80070021": "A section of it is locked at a level above, by the server's own configuration.",
    "0x80070005": "The process may not read it.",
    "0x80070002": "A file that it names is not there.",
    "0x80070003": "A folder that it names is not there.",
    "0x800700b7": "An entry stands in it twice, or at a level above as well.",
    "0x8007007e": "A module that it names cannot be loaded.",
    "0x8007000d": "It names a module that is not installed on the server: of ASP.NET Core (the hosting bundle) or of rewriting.",
}
"""The error of Windows beside IIS's number 500.19."""
_ILL_FORMED = "It is not well-formed."


@rules.add(
    "iis-refused",
    title="IIS answered the [name] request by itself ({number}): {what}.",
    cause="{why}",
    fix=_SITE,
    reference="RFC 9110 §15.5, §15.6",
    unless="the page had no number of IIS, or one of the application behind it",
)
def _iis_says(endpoint: Endpoint, context: Context) -> Match | None:
    response = endpoint.response(context)
    number = iis_number(response)
    match = endpoint.matched(context, number=number)
    match = endpoint.sign(match, number) if number else match
    if number == "500.19":
        error = next((one for one in _UNREADABLE if one in page(response)), "")
        said = _of_the_site(_UNREADABLE.get(error, "The page does not say why; the server's own log does."))
        match = replace(match, runner_up=_ILL_FORMED if error == "0x8007000d" else None)
    elif number in _IIS_SAYS:
        said = _IIS_SAYS[number]
    elif response.status == 403 and _SHORT in page(response) and header(response.headers, _EASY_AUTH) is None:
        said, title = _NO_NUMBER, _SHORT_TITLE.replace("[name]", endpoint.name)
        match = replace(endpoint.sign(match, _SHORT), runner_up=_NOT_ADMITTED, title=title, certainty="unknown")
    else:
        return None
    fix = tuple(endpoint.rerun if step == AGAIN else step for step in said.fix)
    return replace(match.with_values(what=said.what, why=said.why), fix=fix)


_NOT_STARTED = found_words(
    "app failed to start",
    "startup failure",
    "failed to load asp.net core runtime",
    "failed to load .net core runtime",
    "failed to start application",
)


@rules.add(
    "app-not-started",
    title="The application behind the [name] endpoint did not start ({sign}); the web server in front of it answered.",
    cause=(
        "The web server could not start the application's process: a wrong setting, a missing runtime, or an error at its start. The "
        "request itself is not the cause."
    ),
    fix=(
        Ask("have the administrator look into the application's start-up log on {base_url}"),
        *provided("once it runs", AGAIN),
    ),
    reference="RFC 9110 §15.6.1",
    unless="the status were below 500, or the page had neither the number nor the words of a start that failed",
)
@by_sign
def _not_started(response: HttpResponse) -> Sign | None:
    if response.status < 500:
        return None
    number = iis_number(response)
    if re.fullmatch(r"500\.3\d|502\.5", number):
        return number, ""
    return _NOT_STARTED(response)
