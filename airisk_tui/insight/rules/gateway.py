"""What stands in front of an endpoint answered in its place, or says that the endpoint cannot work: the same in both steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from airisk_tui.insight.changes import base_to
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Evidence, Pointer, Step, quoted
from airisk_tui.insight.readings import authorization_unanswered, page, retry_after, token_refused
from airisk_tui.insight.rule import Check, Entry, Match, Needs, Rule, RuleSet
from airisk_tui.insight.rules.authorization import reading as authorization_reading
from airisk_tui.insight.rules.gateway_signs import network_login, request_filter
from airisk_tui.insight.rules.token_endpoint import reading as token_reading
from airisk_tui.oauth.http import Exchange, header


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One of the two endpoints. codes: what comes before the codes of its findings; again: how to try once more; crash: the
    entry for an error inside, which differs; exchange, matched: as in the files that read the two."""

    step: Step
    request: str
    endpoint: str
    codes: str
    named: str
    question: str
    again: str
    needs: Needs
    exchange: Callable[[Context], Exchange]
    matched: Callable[..., Match]
    crash: Entry
    crashed: Callable[[Context], dict[str, str] | None]

    def status(self, context: Context) -> int:
        """The status of its answer."""
        return self.exchange(context).response.status

    def entry(self, code: str, title: str, cause: str, fix: str, reference: str, runner_up: str | None = None) -> Entry:
        """A catalogue entry with this door's own words in it; `{{name}}` is left for what is observed."""
        words = {"request": self.request, "endpoint": self.endpoint, "again": self.again}
        title, cause, fix = (text.format_map(_Kept(words)) for text in (title, cause, fix))
        return Entry(
            code=code,
            question=self.question,
            title=title,
            cause=cause,
            fix=fix,
            reference=reference,
            runner_up=runner_up,
        )


class _Kept(dict[str, str]):
    """Names that this door has no word for stay as they are, to be filled with what is observed."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _proxy_login(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.named}proxy-login",
        "The network in between wants a login before it lets the {request} through ({status}).",
        "A proxy (407) or the network's login page (511) answered in place of the server.",
        "Log in to the network in a browser, or put the proxy's credentials into {variable}, and {again}.",
        "RFC 9110 §15.5.8; RFC 6585 §6",
    )

    def check(context: Context) -> Match | None:
        if door.status(context) not in (407, 511):
            return None
        plain = context.inputs.base_url.lower().startswith("http://")
        return door.matched(context, variable=f"{'HTTP' if plain else 'HTTPS'}_PROXY (http://USER:PASSWORD@HOST:PORT)")

    return entry, check


def _network_login(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.named}network-login",
        "The login page of the network that this machine is in answered the {request} ({status}), and not the server.",
        "The network lets nothing through before somebody logs in (a captive portal); over plain http it answers in any server's place.",
        "Log in to the network: open any page over http in a browser of this machine, do what is asked there, and {again}.",
        "RFC 8910 §1; RFC 6585 §6",
    )

    def check(context: Context) -> Match | None:
        sign = network_login(door.exchange(context), context.inputs.base_url)
        return (
            None if sign is None else _with(door.matched(context), Evidence("Sign of it", quoted(sign), _place(door)))
        )

    return entry, check


def _request_filter(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.named}request-filtered",
        "{who} answered the {request} ({status}) in place of the server.",
        "It blocks the address, this machine, or a request that does not come from a browser.",
        "Show this exchange to who runs it, and have requests of this machine to {base_url} let through; a request id in the page helps "
        "to find it.",
        "RFC 9110 §15.5.4",
    )

    def check(context: Context) -> Match | None:
        found = request_filter(door.exchange(context).response)
        if found is None:
            return None
        who, sign, name = found
        place = Pointer(door.step, "header", name) if name else _place(door)
        return _with(door.matched(context, who=who), Evidence("Sign of it", quoted(sign), place))

    return entry, check


def _https_port(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.named}http-to-https-port",
        "The server says that plain http came to its https port ({status}).",
        "The base URL {base_url} says http where the deployment speaks https.",
        "Set the base URL (--base-url) to {base}, and {again}.",
        "RFC 9110 §4.2.2",
    )

    def check(context: Context) -> Match | None:
        text, base = page(door.exchange(context).response), context.inputs.base_url
        if not base.startswith("http://") or not any(words in text for words in PLAIN_TO_TLS):
            return None
        base = "https://" + base.removeprefix("http://")
        return replace(door.matched(context, base=quoted(base)), change=base_to(context, base))

    return entry, check


PLAIN_TO_TLS = ("sent to https port", "http request to an https server", "speaking plain http to an ssl")
"""What nginx, Go's net/http and Apache say when plain http reaches their https port."""


def _rate_limited(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.codes}rate-limited",
        "The {endpoint} asks for a pause ({status}).",
        "Too many requests came in a short time, or the server is in maintenance.",
        "Wait {pause}, and {again}.",
        "RFC 9110 §10.2.3; RFC 6585 §4",
    )

    def check(context: Context) -> Match | None:
        response = door.exchange(context).response
        told = response.status == 503 and header(response.headers, "retry-after") is not None
        return door.matched(context, pause=retry_after(response)) if told or response.status == 429 else None

    return entry, check


def _stopped(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.named}deployment-stopped",
        "The answer to the {request} says that the web app is stopped ({status}).",
        "The deployment is switched off at its hosting, or its plan ran out; the platform answers in its place.",
        "Have the administrator start the web app of {base_url}, and {again}.",
        "protocol.md, the actors; RFC 9110 §15.5.4",
    )

    def check(context: Context) -> Match | None:
        response = door.exchange(context).response
        stopped = response.status in (403, 503) and any(words in page(response) for words in STOPPED)
        return door.matched(context) if stopped else None

    return entry, check


STOPPED = ("web app is stopped", "site is stopped", "site disabled", "web app - unavailable", "web app is unavailable")
"""What Azure App Service shows for an app that is stopped or over its quota."""


def _unavailable(door: Door) -> tuple[Entry, Check]:
    entry = door.entry(
        f"{door.codes}unavailable",
        "Nobody worked on the {request}: what stands in front of the {endpoint} answered {status}.",
        "The application behind it is starting, is overloaded, or does not run.",
        "Run again in a minute; if it stays, have the administrator look whether the application of {base_url} runs{trace}.",
        "RFC 9110 §15.6.3 to §15.6.5",
        "It breaks down over this very request, or is in maintenance.",
    )
    return entry, lambda context: door.matched(context) if door.status(context) in (502, 503, 504) else None


def _crash(door: Door) -> tuple[Entry, Check]:
    def check(context: Context) -> Match | None:
        values = door.crashed(context) if 500 <= door.status(context) < 600 else None
        return None if values is None else door.matched(context, **values)

    return door.crash, check


MAKERS = (_proxy_login, _network_login, _https_port, _rate_limited, _stopped, _request_filter, _unavailable, _crash)
"""In the order of certainty."""


def _rules(name: str, door: Door) -> RuleSet:
    rules = RuleSet(name, door.needs)
    rules.extend(Rule(entry, door.needs, check) for entry, check in (make(door) for make in MAKERS))
    return rules


def _place(door: Door) -> Pointer:
    return Pointer(door.step, "response")


def _with(match: Match, evidence: Evidence) -> Match:
    return replace(match, evidence=(evidence, *match.evidence))


def _encodings(context: Context) -> dict[str, str] | None:
    if token_reading.encoding_named(context):
        return None
    encoding = context.inputs.encoding
    return {"encoding": encoding, "other": "json" if encoding == "form" else "form"}


authorization = _rules(
    "In front of the authorization endpoint",
    Door(
        step="authorization-request",
        request="authorization request",
        endpoint="authorization endpoint",
        codes="authorize-",
        named="",
        question="authorization",
        again="run again",
        needs=authorization_unanswered,
        exchange=authorization_reading.exchange,
        matched=authorization_reading.matched,
        crashed=lambda context: {},
        crash=Entry(
            code="authorize-server-error",
            question="authorization",
            title="The server failed inside while it worked on the authorization request ({status}).",
            cause="The server met an error of its own.",
            runner_up="It tried to call the redirect URI itself, as an older API reference describes, and cannot reach this machine.",
            fix="Run again; if it stays, give the time of this run to the administrator{trace}.",
            reference="RFC 9110 §15.6; protocol.md, step 1",
        ),
    ),
)

token = _rules(
    "In front of the token endpoint",
    Door(
        step="token-request",
        request="token request",
        endpoint="token endpoint",
        codes="token-",
        named="token-",
        question="token",
        again="run again with a new code",
        needs=token_refused,
        exchange=token_reading.exchange,
        matched=token_reading.matched,
        crashed=_encodings,
        crash=Entry(
            code="token-server-error",
            question="token",
            title="The token endpoint failed inside ({status}); its words: {words}.",
            cause="The server met an error of its own while it worked on the token request.",
            runner_up="It cannot read a body in the encoding {encoding}; AIRisk documents form and JSON.",
            fix="Run again; if it stays, run once with --body {other}, and give the time of this run to the administrator{trace}.",
            reference="RFC 9110 §15.6",
        ),
    ),
)
