"""The two legs side by side, as they were really sent."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.fold import INITIAL
from airisk_tui.insight.reading.two_requests import FieldPair, field_pairs
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.params import Params
from tests.insight.plays import direct, inputs, issued, refused, report
from tests.insight.scenarios import sent
from tests.runs import LOCATION, STATE, URI, exchanged, redirect, text


def _row(name: str, rows: tuple[FieldPair, ...]) -> FieldPair:
    return next(row for row in rows if row.name == name)


def test_a_clean_run_has_equal_legs() -> None:
    rows = field_pairs(issued(userid="user_42"))
    assert [(row.name, row.verdict) for row in rows] == [
        ("client_id", "equal"),
        ("redirect_uri", "equal"),
        ("userid", "equal"),
        ("state", "not compared"),
        ("encoding", "not compared"),
    ]
    assert _row("encoding", rows).second == "application/x-www-form-urlencoded"
    assert _row("state", rows).first == STATE


def test_the_first_differing_character_is_marked() -> None:
    row = _row("redirect_uri", field_pairs(refused(text("Invalid Code"), sent=sent(redirect_uri=URI + "/"))))
    assert (row.first, row.second, row.verdict, row.differs_at) == (URI, URI + "/", "differs", len(URI))


def test_a_json_body_is_read_too() -> None:
    row = _row(
        "client_id", field_pairs(refused(text("Invalid Code"), encoding="json", sent=sent(client_id="demo-apq")))
    )
    assert (row.second, row.differs_at) == ("demo-apq", 7)


def test_a_user_id_on_one_leg_only_is_seen_on_either_side() -> None:
    extra = Params((("userid", "user_42"),))
    assert _row("userid", field_pairs(refused(text("Invalid Code"), params=extra))).verdict == "first only"
    assert _row("userid", field_pairs(refused(text("Invalid Code"), token_params=extra))).verdict == "second only"


def test_what_was_really_sent_counts_and_not_the_inputs() -> None:
    state = direct(redirect(LOCATION), exchanged(text("Invalid Code"), inputs(mode="direct")))
    assert state.authorization is not None
    request = HttpRequest("GET", state.authorization.request.url.replace("8765", "8766"))
    edited = replace(state, authorization=replace(state.authorization, request=request))
    row = _row("redirect_uri", field_pairs(edited))
    assert (row.verdict, row.differs_at) == ("differs", URI.index("8765") + 3)
    assert report(edited).findings[0].code == "legs-differ"


def test_a_difference_that_did_no_harm_is_a_warning() -> None:
    found = report(issued(token_params=Params((("redirect_uri", "x"),)))).findings
    explained = {each.code: each.severity for each in found}
    assert explained["legs-differ"] == "warning" and explained["field-sent-twice"] == "warning"


def test_before_the_token_request_nothing_is_compared() -> None:
    assert field_pairs(INITIAL) == ()
    state = direct(redirect(LOCATION))
    assert {row.verdict for row in field_pairs(state)} == {"not compared"}


def test_an_assertion_names_the_client_in_place_of_the_field() -> None:
    state = refused(
        text("Invalid Code"), dialect=replace(STANDARD, client_auth="private_key_jwt"), sent=Params((("code", "c"),))
    )
    assert _row("client_id", field_pairs(state)).verdict == "not compared"
