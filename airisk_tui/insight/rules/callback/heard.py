"""Something came to the callback's path, and it was no answer: a POST that is no form, a preflight, a HEAD, a prefetch (threats.md L5).

Each names what came, so that nobody looks for the cause at a browser that never came.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from airisk_tui.flow.state import InboxEntry
from airisk_tui.insight.context import Context
from airisk_tui.insight.difference import split_url
from airisk_tui.insight.finding import Evidence
from airisk_tui.insight.fix import RERUN, Change, Do, Fix, otherwise, provided
from airisk_tui.insight.quoting import quoted
from airisk_tui.insight.rule import Match, RuleSet
from airisk_tui.insight.rules.callback.waiting import LISTENER, PASTE, matched, nothing_came, paste
from airisk_tui.oauth.fields import Kind, fields_in, kind_of
from airisk_tui.oauth.http import HttpRequest, header
from airisk_tui.oauth.text import decoded

rules = RuleSet("Heard at the callback", nothing_came, "waiting")

WRITTEN: dict[Kind, str] = {"json": "JSON", "multipart": "multipart/form-data", "xml": "XML"}
"""How a body that is no form is written, in words."""

REDIRECTS: Fix = (
    Change("server", "send the browser itself to {redirect_uri}, by a redirect or a link, not by a script"),
)


AS_A_FORM = Change(
    "server", "redirect the browser to {redirect_uri}, or post {names} as application/x-www-form-urlencoded"
)


def _heard(context: Context, reason: str) -> Iterator[InboxEntry]:
    """What the listener heard at the callback's own path and did not take for this reason."""
    return (entry for entry in context.state.inbox if entry.reason == reason)


def _kind(request: HttpRequest) -> str:
    return header(request.headers, "content-type") or ""


def _came(context: Context, entry: InboxEntry, *more: Evidence, **values: str) -> Match:
    """What came, as evidence: the request line, who sent it, and `more`."""
    request = entry.request
    evidence = [
        Evidence("The listener heard", f"{request.method} {quoted(request.url.partition('?')[0], 80)}", LISTENER)
    ]
    for name in ("origin", "user-agent"):
        if value := header(request.headers, name):
            evidence.append(Evidence(name.title(), quoted(value, 120), LISTENER))
    shown = {
        "method": quoted(request.method, 20),
        "origin": quoted(header(request.headers, "origin") or "another page", 80),
    }
    return matched(context, *evidence, *more, **(shown | values))


@rules.add(
    "callback-not-a-form",
    title="The answer came to {redirect_uri} in a POST as {written}, and this listener takes a form only.{held}",
    cause="The page of the login sends the answer by a script, in a format of its own.",
    fix=(AS_A_FORM, *otherwise(*PASTE)),
    reference="RFC 6749 §4.1.2; OpenID form_post response mode §2",
    unless="the body were a form, or the same path got an answer that counts",
    certainty="likely",
)
def callback_not_a_form(context: Context) -> Match | None:
    entry = next(_heard(context, "not-a-form"), None)
    if entry is None:
        return None
    request, body = entry.request, decoded(entry.request.body.data)
    declared = _kind(request)
    written = WRITTEN.get(kind_of(body, declared)) or (
        quoted(declared, 60) if declared else "a body without a content type"
    )
    names = list(dict.fromkeys(field.name for field in fields_in(body, declared)))
    wanted = [name for name in (context.inputs.dialect.code, "error", "state") if name in names]
    listed = " and ".join(f"`{name}`" for name in wanted)
    values = {
        "written": written,
        "names": listed or "the answer",
        "held": f" {listed} stood in it, and {'were' if wanted[1:] else 'was'} not believed." if wanted else "",
    }
    shown = (
        ", ".join(quoted(name, 40) for name in names[:10]) or f"{request.body.size:,} bytes, none of them a named value"
    )
    evidence = (Evidence("Content-Type", quoted(declared, 120) if declared else "none", LISTENER),)
    match = _came(context, entry, *evidence, Evidence("In the body", shown, LISTENER), **values)
    title = None if wanted else "A POST came to {redirect_uri} as {written}, and this listener takes a form only."
    return replace(match, title=title, fix=(AS_A_FORM, *otherwise(*paste(context))))


@rules.add(
    "callback-preflight-only",
    title="The browser asked with OPTIONS whether a page of {origin} may call {redirect_uri}, and nothing else came.",
    cause="The page of the login calls the redirect URI by a script (fetch), which the browser asks about first (CORS).",
    runner_up="The browser lets no public page reach this machine (private network access).",
    fix=(*REDIRECTS, *otherwise(*PASTE)),
    reference="RFC 6749 §4.1.2; RFC 9110 §9.3.7",
    unless="anything but OPTIONS came to the callback's path",
)
def callback_preflight_only(context: Context) -> Match | None:
    entry = next(_heard(context, "method"), None)
    if entry is None or any(each.request.method != "OPTIONS" for each in _heard(context, "method")):
        return None
    asked = header(entry.request.headers, "access-control-request-method")
    evidence = (Evidence("Access-Control-Request-Method", quoted(asked, 20), LISTENER),) if asked else ()
    return replace(_came(context, entry, *evidence), fix=(*REDIRECTS, *otherwise(*paste(context))))


@rules.add(
    "callback-other-method",
    title="Only {method} came to {redirect_uri}, and an answer comes by GET, or by POST with a form.",
    cause="{who}",
    fix=(Do("finish the login in a browser that follows the redirect itself"), RERUN, *otherwise(*PASTE)),
    reference="RFC 6749 §4.1.2; RFC 9110 §9.3.2",
    unless="a GET, or a POST of a form, came to the callback's path",
    certainty="likely",
)
def callback_other_method(context: Context) -> Match | None:
    # The preflight (OPTIONS) of a page is told only where nothing else came.
    entry = next((each for each in _heard(context, "method") if each.request.method != "OPTIONS"), None)
    if entry is None:
        return None
    head = entry.request.method == "HEAD"
    who = (
        "A program looked the address up with HEAD ahead of the browser: a mail filter, a preview or a link checker."
        if head
        else "Something else than a browser's redirect calls the redirect URI."
    )
    steps = (Do("finish the login in a browser that follows the redirect itself"), RERUN, *otherwise(*paste(context)))
    return replace(_came(context, entry, who=who), fix=steps)


@rules.add(
    "callback-prefetched-only",
    title="The browser fetched {redirect_uri} ahead of time, and nobody followed it.",
    cause="The browser, or a program in it, loads the addresses of a page before a person chooses one.",
    fix=(
        Do("follow the link on the page in the browser"),
        *provided(
            "if the page has none", Change("machine", "switch the preloading of pages off in the browser"), RERUN
        ),
        *otherwise(*PASTE),
    ),
    reference="RFC 9110 §9.2.1; threats.md L5",
    unless="the browser came without the header of a prefetch, too",
    certainty="likely",
)
def callback_prefetched_only(context: Context) -> Match | None:
    entry = next(_heard(context, "prefetch"), None)
    return _came(context, entry) if entry is not None else None


@rules.add(
    "callback-broken-off",
    title="A request to {redirect_uri} began and was never whole: {what}.",
    cause="Something between the browser and the listener breaks the request off, or it was no browser.",
    fix=(RERUN, *otherwise(*PASTE)),
    reference="RFC 9112 §8; threats.md L4",
    unless="a whole request came on any of the connections",
    certainty="likely",
)
def callback_broken_off(context: Context) -> Match | None:
    parts = split_url(context.inputs.redirect_uri)
    ours = (parts.path or "/") if parts is not None else ""
    for entry in context.state.inbox:
        what = BROKEN_OFF.get(entry.reason or "")
        if what and entry.request.url.partition("?")[0] == ours:
            return replace(_came(context, entry, what=what), fix=(RERUN, *otherwise(*paste(context))))
    return None


BROKEN_OFF = {
    "cut-off": "the connection ended in its middle",
    "deadline": "the rest of it did not come in time",
    "bad-request": "it is none that HTTP/1.1 allows",
}
"""What the listener says of a request whose head or body it could not read to the end."""
