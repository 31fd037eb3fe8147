"""Secrets of twelve kinds, in fourteen encodings, at every place of an answer: none enters the log (threats.md F1, F9)."""

from __future__ import annotations

import pytest

from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.text import decoded
from airisk_tui.redaction.sealer import Sealer
from tests.redaction.planted import BODIES, ENCODINGS, HEADERS, SECRETS

PLACES = {
    **{name: HttpResponse(400, (one,)) for name, one in HEADERS.items()},
    **{
        name: HttpResponse(400, (("Content-Type", kind),), Body.of(t.encode(errors="surrogateescape")))
        for name, (kind, t) in BODIES.items()
    },
    "reason phrase": HttpResponse(400, reason="Bad {}"),
}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("place", PLACES)
def test_F1_no_planted_secret_enters_the_log(place: str, known: bool) -> None:
    for secret in SECRETS:
        for encoding, encode in ENCODINGS.items():
            sealer, written = Sealer(b"k" * 32), encode(secret)
            if known:
                sealer.learn(secret)
            at = PLACES[place]
            headers = tuple((name.replace("{}", written), value.replace("{}", written)) for name, value in at.headers)
            body = Body.of(at.body.data.replace(b"{}", written.encode()))
            response = HttpResponse(at.status, headers, body, at.reason.replace("{}", written))
            sealed = sealer.exchange(Exchange(HttpRequest("POST", "https://h/x"), response)).response
            texts = (decoded(sealed.body.data), sealed.reason, *(text for one in sealed.headers for text in one))
            assert written not in "\n".join(texts), encoding
            assert secret not in "\n".join(texts), encoding
