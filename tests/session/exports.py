"""What is exported of each log, in every form (see `tests.kept`), in `exports.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, PushAnswered, RefreshAnswered
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, Exchange, HttpRequest
from airisk_tui.oauth.params import Params
from airisk_tui.recording.disk.reader import Recording
from airisk_tui.recording.replay import Replay
from airisk_tui.session.recordings.exporting import SUFFIXES, exported
from airisk_tui.session.recordings.opening import OpenRecording
from tests.kept import each_line_once
from tests.recording.disk import HEADER
from tests.recording.logs import LOGS
from tests.runs import (
    CODE,
    INPUTS,
    LOCATION,
    SECRET,
    authorized,
    exchanged,
    redirect,
    response,
    started,
    text,
    token_response,
)

KEPT = Path(__file__).with_name("exports.txt")


OWN = replace(CODE, fingerprint="f" * 16, length=43)
STANDARD_RUN = replace(INPUTS, dialect=STANDARD, challenge="of-the-verifier", carry_cookies=True, mode="direct")
PUSHED = HttpRequest(
    "POST", "http://127.0.0.1:9000/par", body=Body.of(b"client_id=demo-app&code_challenge=of-the-verifier")
)
PROVEN = exchanged(
    token_response({"refresh_token": SECRET.reference}),
    STANDARD_RUN,
    sent=Params((("code", CODE.reference), ("code_verifier", OWN.reference))),
)
WITH_COOKIES = replace(
    PROVEN,
    exchange=replace(
        PROVEN.exchange,
        request=replace(PROVEN.exchange.request, headers=(*PROVEN.exchange.request.headers, ("Cookie", OWN.reference))),
    ),
)
BESIDE: dict[str, tuple[AnyEvent, ...]] = {
    "the beginning lost": LOGS["browser-token"][1:],
    "traced": (
        started(mode="direct"),
        authorized(response(400, f'{{"traceId": "00-{"0a" * 16}-{"0b" * 8}-00"}}', "application/problem+json")),
    ),
    "several lines": (started(mode="direct"), authorized(text("one\n\ttwo\n"))),
    "proven": (
        started(STANDARD_RUN, verifier=OWN),
        PushAnswered(at=0.2, exchange=Exchange(PUSHED, response(201, '{"request_uri": "urn:x"}', "application/json"))),
        authorized(redirect(LOCATION), STANDARD_RUN),
        WITH_COOKIES,
        RefreshAnswered(
            at=2.0,
            exchange=Exchange(
                HttpRequest(
                    "POST",
                    "http://127.0.0.1:9000/token",
                    (("Content-Type", "application/x-www-form-urlencoded"),),
                    Body.of(f"grant_type=refresh_token&refresh_token={SECRET.reference}".encode()),
                ),
                token_response(),
            ),
        ),
    ),
}
"""What no log of the recordings has."""


def _exports() -> Iterator[tuple[str, str]]:
    for form in SUFFIXES:
        for name, log in {**LOGS, **BESIDE}.items():
            text = exported(OpenRecording(Path(f"{name}.jsonl"), Recording(HEADER, log), Replay(log)), form)
            yield f"{form}: {name}", text


def said() -> str:
    """All of it."""
    return each_line_once(_exports())
