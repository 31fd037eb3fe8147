"""A code or a token under a name that nobody knows is sealed all the same; what is needed to read a run is not."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.http import Body, HttpResponse
from airisk_tui.redaction.suspects import in_query, in_token_response


def found(value: object, status: int = 200) -> list[str]:
    return list(in_token_response(HttpResponse(status, (), Body.of(json.dumps(value).encode()))))


def test_F1_a_token_under_any_name_at_any_depth() -> None:
    assert found({"tk": "opaque0token1value2", "data": {"deep": ["another9opaque8token7"]}}) == [
        "opaque0token1value2",
        "another9opaque8token7",
    ]
    assert found("bare1token2of3a4body") == ["bare1token2of3a4body"]


def test_F1_a_code_under_any_name_in_query_and_fragment() -> None:
    assert list(in_query("/cb?ticket=SplxlOBeZQQYbYS6WxSbIA&state=abcdefghij1234567890")) == ["SplxlOBeZQQYbYS6WxSbIA"]
    assert list(in_query("http://h/cb#grant=SplxlOBeZQQYbYS6WxSbI4")) == ["SplxlOBeZQQYbYS6WxSbI4"]


def test_what_reads_a_run_stays_readable() -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    assert found({"expiration": "2027-01-15T09:00:00Z", "traceId": trace, "when": "2027-01-15T09:00:00Z"}) == []
    assert found({"note": "a sentence of more than sixteen characters"}) == []
    assert found({"tk": "opaque0token1value2"}, 400) == []


@given(st.text(), st.binary())
def test_anything_is_looked_at(text: str, data: bytes) -> None:
    list(in_query(text))
    list(in_token_response(HttpResponse(200, (), Body.of(data))))


def test_what_we_sent_is_no_code_though_its_name_was_spoilt_on_the_way() -> None:
    state = "st4teOfTheReport0123456789"
    target = f"/cb?code=SplxlOBeZQQYbYS6WxSbIA&amp;state={state}"
    assert state not in list(in_query(target, state))
    assert state in list(in_query(target))
