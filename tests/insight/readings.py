"""What the rules make of the answers in the public reports (`tests/reports`), without playing any of them, in `kept.txt`: of each
answer the findings with their certainty, the fix, and a short hash of all their words. `make docs` writes it anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from airisk_tui.flow.state import FlowState
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.rendering import on_command_line, on_screen
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, HttpResponse
from tests.insight.plays import BASE, direct, refused, report, with_probes
from tests.reports import report as reported
from tests.reports.kinds import KINDS
from tests.reports.report import Answer, Asked, Deployment, Issuer
from tests.runs import CODE, STATE, TOKEN, URI, UTC, at_date

KEPT = Path(__file__).with_name("kept.txt")

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


def states() -> Iterator[tuple[str, Callable[[], FlowState | None]]]:
    """Every answer of a report by its name, and the run that met it."""
    for kind, reports in KINDS.items():
        for one in reports:
            play = one.play
            if not isinstance(play, Deployment):
                continue
            more: dict[str, Any] = {"dialect": STANDARD, "issuer": BASE} if isinstance(play, Issuer) else {}
            for leg, part in zip(LEGS, (play.authorize, play.token, play.resource), strict=True):
                if part is not None:
                    yield f"{kind}/{one.name}, {leg.__name__}", lambda leg=leg, play=play, more=more: leg(play, more)


STATES = dict(states())


def read(name: str) -> str:
    """What is kept of it."""
    state = STATES[name]()
    findings = () if state is None else report(state).findings
    departures = [one for one in findings if one.group]
    told = [_told(one) for one in findings if not one.group]
    return " | ".join([*told, f"{len(departures)} departures {_hash(*departures)}"])


def _told(found: Finding) -> str:
    fix = f" {on_command_line(found.fix)[:100].rstrip()}" if found.severity != "note" else ""
    return f"{found.code} {found.certainty}{fix} {_hash(found)}"


def _hash(*findings: Finding) -> str:
    words = [str((one, on_command_line(one.fix), on_screen(one.fix))) for one in findings]
    return f"#{sha256(chr(10).join(words).encode()).hexdigest()[:4]}"


@cache
def kept() -> dict[str, str]:
    """What the file has, by name."""
    lines = KEPT.read_text("utf-8").splitlines()
    return {name: told for name, _, told in (line.partition(": ") for line in lines)}


def write() -> None:
    """The file anew."""
    KEPT.write_text("".join(f"{name}: {read(name)}\n" for name in STATES), "utf-8")
