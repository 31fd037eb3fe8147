"""Secrets of twelve kinds, in fourteen encodings, at every place of an answer: none enters the log (threats.md F1, F9)."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest

from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.reference import OPENING
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.redaction.checking import Check
from airisk_tui.redaction.sealer import Sealer
from tests.everyday import with_the_rest_in_ci
from tests.redaction.planted import BODIES, ENCODINGS, HEADERS, SECRETS

PLACES = {
    **{name: HttpResponse(400, (one,)) for name, one in HEADERS.items()},
    **{
        name: HttpResponse(400, (("Content-Type", kind),), Body.of(t.encode(errors="surrogateescape")))
        for name, (kind, t) in BODIES.items()
    },
    "reason phrase": HttpResponse(400, reason="Bad {}"),
}


ODD = ("header's name", "cookie's name", "multipart that is no UTF-8")
"""Places in which more is sealed than the secret, or which nothing reads back."""


ALL = [(place, known) for place in PLACES for known in (True, False)]


@pytest.mark.parametrize(("place", "known"), with_the_rest_in_ci(ALL, ALL[::3]))
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
            assert written not in text_of(sealed), encoding
            assert secret not in text_of(sealed), encoding
            if encoding == "as it is" and place not in ODD:
                assert unquote_plus(sealer.unseal(text_of(sealed))) == unquote_plus(text_of(response))
                assert_proven(response, sealed)


def text_of(response: HttpResponse) -> str:
    return "\n".join(
        (decoded(response.body.data), response.reason, *(text for one in response.headers for text in one))
    )


def assert_proven(response: HttpResponse, sealed: HttpResponse) -> None:
    """Who checks the sealed answer finds every reference and nothing left; of the answer as it came, what stands at the places."""
    before, after = Check(), Check()
    before.look("a", response)
    after.look("a", sealed)
    assert after.leftovers == []
    assert sum(after.sealed.values()) == text_of(sealed).count(OPENING)
    assert before.leftovers and sum(before.sealed.values()) == 0
