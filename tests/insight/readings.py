"""What the rules make of the answers in the public reports (`tests/reports`), without playing any of them, in `kept.txt`; of each
scenario where one more fact is known, and of each status with each kind of body, in `facts.txt`: the findings with their certainty, the
fix, and a short hash of all their words. `make docs` writes both anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.reading.filters import HEADERS, ROUTERS, TEXTS, WORDS, InFront, in_front
from airisk_tui.insight.rendering import on_command_line, on_screen
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.oauth.secret import SecretView
from tests.insight.plays import BASE, direct, refused, report, run, with_probes
from tests.insight.said import heading
from tests.insight.scenarios import SCENARIOS, Scenario, imported
from tests.reports import report as reported
from tests.reports.kinds import KINDS
from tests.reports.report import Answer, Asked, Deployment, Issuer
from tests.runs import BOUND, CODE, HTML, INPUTS, OPENED, PROBLEM, STATE, TOKEN, URI, UTC, at_date, exchanged, good

KEPT, KEPT_FACTS = (Path(__file__).with_name(f"{name}.txt") for name in ("kept", "facts"))

SEALED = (
    (re.compile(rb"eyJ[\w-]*\.[\w-]*\.[\w-]*"), TOKEN.reference.encode()),
    (reported.TOKEN.encode(), TOKEN.reference.encode()),
    (reported.CODE.encode(), CODE.reference.encode()),
)
"""What a log never has as it is."""

Answering = Callable[[Deployment, dict[str, Any]], FlowState | None]


def answered(answer: Answer, target: str, body: str = "") -> HttpResponse | None:
    """The answer to a request, as the log has it; None where the deployment hangs up."""
    method = "POST" if body else "GET"
    headers = {"host": "airisk.example.com", "authorization": f"Bearer {TOKEN.reference}"}
    with patch("time.time", return_value=UTC):
        raw = answer(Asked(method, target, headers, body.encode()))
    head, _, data = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if not status:
        return None
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    if fields and fields[0][0] == "Date":  # the one that is made at the moment
        fields[0] = at_date()
    kept = tuple((name, seal(value.encode()).decode()) for name, value in fields if name != "Connection")
    data = seal(data)
    return HttpResponse(int(status.split()[1]), kept, Body(data, len(data), len(data), None))


def seal(data: bytes) -> bytes:
    for found, reference in SEALED:
        data = data.replace(found, reference) if isinstance(found, bytes) else found.sub(reference, data)
    return data


def authorization(play: Deployment, more: dict[str, Any]) -> FlowState | None:
    target = f"/api/oauth2?client_id=demo-app&redirect_uri={URI}&state={STATE}"
    answer = play.authorize and answered(play.authorize, target)
    return direct(answer, **more) if answer else None


def token(play: Deployment, more: dict[str, Any]) -> FlowState | None:
    answer = play.token and answered(play.token, "/api/oauth2/Token", "grant_type=authorization_code")
    return refused(answer, **more) if answer else None


def access(play: Deployment, more: dict[str, Any]) -> FlowState | None:
    endpoints = (LIST_USERS, GET_CONVERSATIONS)
    answers = [play.resource and answered(play.resource, endpoint.path) for endpoint in endpoints]
    pairs = [(endpoint, answer) for endpoint, answer in zip(endpoints, answers, strict=True) if answer]
    return with_probes(*pairs, **more) if pairs else None


LEGS: tuple[Answering, ...] = (authorization, token, access)


def answers() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every answer of a report by its name, and what is said of the run that met it."""
    for kind, reports in KINDS.items():
        for one in reports:
            play = one.play
            if not isinstance(play, Deployment):
                continue
            more: dict[str, Any] = {"dialect": STANDARD, "issuer": BASE} if isinstance(play, Issuer) else {}
            for leg, part in zip(LEGS, (play.authorize, play.token, play.resource), strict=True):
                if part is not None:
                    yield (
                        f"{kind}/{one.name}, {leg.__name__}",
                        lambda leg=leg, play=play, more=more: told(leg(play, more)),
                    )


def worked(state: FlowState, **changes: Any) -> dict[str, Any]:
    """An earlier run that got a token, with these other inputs."""
    mine = replace(state.inputs or INPUTS, **changes)
    earlier = run(mine, BOUND, OPENED, good(), exchanged(mine=mine), run_id="earlier", utc=UTC - 600)
    return {"history": (earlier,), "previous": earlier, "last_good": earlier}


MISTAKES = tuple(f"client-secret-{name}" for name in ("missing", "space", "quoted", "hidden", "placeholder", "basic"))

FACTS: dict[str, Callable[[FlowState], dict[str, Any]]] = {
    "the same worked before": worked,
    "another user worked before": lambda state: worked(state, userid="user_7"),
    "another secret worked before": lambda state: worked(state, client_secret=SecretView("5ec12e7000000009", 30)),
    "another redirect URI worked before": lambda state: worked(state, redirect_uri="http://localhost:8765/callback"),
    "another deployment worked before": lambda state: worked(state, base_url="https://other.example.com"),
    "the same failed before": lambda state: {"previous": replace(state, run_id="earlier")},
    "another URI is registered": lambda state: {"registered": ("http://127.0.0.1:8765/cb", " " + URI)},
    "it is registered": lambda state: {"registered": (URI, (state.inputs or INPUTS).redirect_uri)},
    "a placeholder in the secret": lambda state: {"secret_mistakes": ("client-secret-placeholder",)},
    "all mistakes in the secret": lambda state: {"secret_mistakes": MISTAKES},
    "over SSH in a container": lambda state: {"host": Host(ssh=True, container=True)},
    "without a display": lambda state: {"host": Host(wsl=True, display=False, proxy=("HTTPS_PROXY",))},
    "a quarter of an hour later": lambda state: {"now": state.at + 900},
}
"""What may be known besides."""


def with_other_facts() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every scenario with one other fact, the facts in turn."""
    for number, scenario in enumerate(SCENARIOS):
        fact, known = list(FACTS.items())[number % len(FACTS)]

        def said(scenario: Scenario = scenario, known: Any = known) -> str:
            state = scenario.state()
            return told(state, **{**scenario.facts, **known(state)})

        yield f"{heading(scenario)}; {fact}", said


STATUSES = (200, 202, 302, 400, 401, 403, 404, 405, 406, 418, 429, 451, 463, 464, 500, 502, 503, 504, 561)


def signs() -> Iterator[tuple[str, Callable[[], str]]]:
    """Each sign of what answers in a server's place, with each status."""
    rows = [(row, "") for row in (*HEADERS, *ROUTERS)] + [(row, row.sign) for row in (*TEXTS, *WORDS)]
    for number, (row, body) in enumerate(rows):
        yield f"sign {number} {row.who} {row.does}", lambda row=row, body=body: _at_each_status(row, body)


def _at_each_status(row: InFront, body: str) -> str:
    told = []
    for kind, words in (("text/plain", body), ("text/html", body), ("text/plain", "It is not allowed to do that.")):
        own = ((row.header, row.sign or "value"),) if row.header else ()
        found: dict[str, list[int]] = {}
        for status in STATUSES:
            answer = HttpResponse(status, (("Content-Type", kind), *own), Body.of(words.encode()))
            if (sign := in_front(answer)) is not None:
                found.setdefault(sign[0].does, []).append(status)
        told.append(", ".join(f"{does} {' '.join(map(str, each))}" for does, each in found.items()) or "nothing")
    return " | ".join(told)


BODIES: dict[str, tuple[tuple[tuple[str, str], ...], bytes]] = {
    "nothing": ((), b""),
    "words": ((("Content-Type", "text/plain"),), b"It is not allowed to do that."),
    "an error": ((("Content-Type", "application/json"),), b'{"error": "access_denied", "error_description": "No."}'),
    "a problem": ((("Content-Type", "application/problem+json"),), PROBLEM),
    "a page": ((("Content-Type", "text/html"),), b"<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>"),
    "a form to sign in": ((("Content-Type", "text/html"),), HTML),
    "a challenge": ((("WWW-Authenticate", 'Basic realm="x"'), ("Content-Type", "text/plain")), b"Sign in"),
}

PLACES: dict[str, Callable[[HttpResponse], FlowState]] = {
    "the authorization endpoint": direct,
    "the token endpoint": refused,
    "an endpoint": lambda answer: with_probes((LIST_USERS, answer)),
    "the redirect URI": lambda answer: imported.no_token_request(imported.answered(answer)),
}


def statuses() -> Iterator[tuple[str, Callable[[], str]]]:
    """What each place answers with each status and each kind of body."""
    for (place, leg), (body, (headers, data)) in product(PLACES.items(), BODIES.items()):

        def said(leg: Any = leg, headers: Any = headers, data: bytes = data) -> str:
            found: dict[str, list[str]] = {}
            for status in STATUSES:
                code, certainty, *_, words = (
                    told(leg(HttpResponse(status, headers, Body.of(data)))).split(" | ")[0].split()
                )
                found.setdefault(f"{code} {certainty}", []).append(f"{status} {words}")
            return " | ".join(f"{first}: {', '.join(each)}" for first, each in found.items())

        yield f"{body} of {place}", said


OF_ANSWERS, OF_THE_REST = dict(answers()), dict((*signs(), *with_other_facts(), *statuses()))
CASES = {**OF_ANSWERS, **OF_THE_REST}


def told(state: FlowState | None, **facts: Any) -> str:
    """What is kept of what is said about a run."""
    findings = () if state is None else report(state, **facts).findings
    departures = [one for one in findings if one.group]
    first = [_told(one) for one in findings if not one.group]
    return " | ".join([*first, f"{len(departures)} departures {_hash(*departures)}"])


def _told(found: Finding) -> str:
    fix = f" {on_command_line(found.fix)[:100].rstrip()}" if found.severity != "note" else ""
    return f"{found.code} {found.certainty}{fix} {_hash(found)}"


def _hash(*findings: Finding) -> str:
    words = [str((one, on_command_line(one.fix), on_screen(one.fix))) for one in findings]
    return f"#{sha256(chr(10).join(words).encode()).hexdigest()[:4]}"


@cache
def kept() -> dict[str, str]:
    """What the files have, by name."""
    files = ((KEPT, ": "), (KEPT_FACTS, " => "))
    lines = [line.partition(sign) for file, sign in files for line in file.read_text("utf-8").splitlines()]
    return {name: told for name, _, told in lines}


def write() -> None:
    """The files anew."""
    KEPT.write_text("".join(f"{name}: {read()}\n" for name, read in OF_ANSWERS.items()), "utf-8")
    KEPT_FACTS.write_text("".join(f"{name} => {read()}\n" for name, read in OF_THE_REST.items()), "utf-8")
