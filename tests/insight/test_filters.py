"""The table of what answers in a server's place: each row is found by its own sign, in an answer that is sealed as a run's is."""

from __future__ import annotations

from airisk_tui.insight.reading.filters import HEADERS, ROUTERS, TEXTS, WORDS, InFront, in_front
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.redaction.sealer import Sealer


def answer(row: InFront, kind: str) -> HttpResponse:
    """What such a thing answers, as it enters the log."""
    own = ((row.header, row.sign or "value"),) if row.header else ()
    body = Body.of(
        b"" if row.header else f"<html>{row.sign}".removeprefix("<html>" if kind == "text/plain" else "").encode()
    )
    response = HttpResponse(row.statuses[-1] if row.statuses else 403, (("Content-Type", kind), *own), body)
    request = HttpRequest("POST", "https://airisk.example.com/api/oauth2/Token")
    return Sealer(b"k" * 32).exchange(Exchange(request, response)).response


def test_each_row_is_found_by_its_own_sign() -> None:
    texts = [(row, "text/plain") for row in (*HEADERS, *ROUTERS, *TEXTS)]
    missed = []
    for row, kind in (*texts, *((row, "text/html") for row in WORDS)):
        found = in_front(answer(row, kind))
        if found is None or (found[0].does, found[0].because) != (row.does, row.because):
            missed.append((row, found))
    assert not missed
