"""Two runs are told apart by their inputs, one by one, and one can be given each of the other's; a request by its parts."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.reading.parts import MANY, Part, parts, typed_value
from airisk_tui.flow.start.inputs import Settings
from airisk_tui.flow.start.units import UnitDifference, unit_differences, with_unit
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.request.planned import Credentials, PlannedRequest, Values, edited
from airisk_tui.oauth.secret import Secret, SecretView
from tests.runs import CODE, SECRET, TOKEN

EDITS = (
    Edit("token", "body", "redirect_uri", "omit"),
    Edit("token", "body", "*", "omit"),
    Edit("token", "body", "code", "set", "x"),
    Edit("token", "header", "X-A", "add", "1"),
    Edit("probe", "header", "X-A", "set", "1", "GET /a"),
)
CHOICES: dict[str, tuple[Any, ...]] = {
    "base_url": ("https://a", "https://b"),
    "userid": (None, "user_42"),
    "state": (None, "one", "two"),
    "scope": (None, "", "openid"),
    "client_secret": (None, SECRET, SecretView("5ec12e7000000001", 9), Secret("one"), Secret("two")),
    "verify_tls": (True, False),
    "dialect": (AIRISK, replace(AIRISK, token_path="/t"), STANDARD),
    "params": (Params(), Params((("a", "1"), ("a", "2"))), Params((("a", "2"), ("b", "")))),
    "token_params": (Params(), Params((("a", "1"),))),
    "edits": ((), EDITS[:1], EDITS[1:3], EDITS[2:]),
}
SETTINGS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()}).map(
    lambda chosen: Settings(environment="x", client_id="app", redirect_uri="http://localhost/", **chosen)
)


@given(SETTINGS, SETTINGS)
def test_a_run_that_is_given_every_input_in_which_it_differs_differs_in_none(one: Settings, other: Settings) -> None:
    differences = unit_differences(one, other)
    assert unit_differences(one, one) == ()
    assert [(each.name, each.after, each.before) for each in unit_differences(other, one)] or differences == ()
    given = one
    for number, difference in enumerate(differences):
        assert difference.before != difference.after
        given = with_unit(given, other, difference.name)
        left = {each.name for each in unit_differences(given, other)}
        assert difference.name not in left, difference
        assert left <= {each.name for each in differences[number + 1 :]} | {f"edit {edit.target}" for edit in EDITS}
    assert unit_differences(given, other) == ()


def test_what_differs_is_named_as_people_set_it_and_a_raw_secret_is_not_shown() -> None:
    plain: dict[str, Any] = {"environment": "x", "base_url": "https://a", "client_id": "app", "redirect_uri": "/"}
    one = Settings(**plain, client_secret=Secret("one"), state="s", params=Params((("a", "1"), ("a", "2"))))
    other = Settings(
        **plain, client_secret=Secret("two"), exchange=False, dialect=replace(AIRISK, code="ticket"), edits=EDITS[:1]
    )
    assert unit_differences(one, other) == (
        UnitDifference("client_secret", "one", "another"),
        UnitDifference("exchange", "true", None),
        UnitDifference("state", "sent", "not sent"),
        UnitDifference("dialect.code", AIRISK.code, "ticket"),
        UnitDifference("params.a", "1 and 2", None),
        UnitDifference("edit token.body.redirect_uri", None, "omit token.body.redirect_uri"),
    )
    assert unit_differences(one, replace(one, client_secret=None)) == ()
    assert with_unit(one, replace(other, state="t"), "state").state == "s", "the value of a state is made for each run"
    assert with_unit(one, other, "nothing of this name") == one


MEANT = PlannedRequest(
    "POST",
    ("https://h/t",),
    (("a", ("1",)),),
    (("Accept", ("x",)), ("X-A", ("1",))),
    (("code", (CODE,)), ("b", ("1",)), ("b", ("2",))),
)


def test_the_parts_of_a_request_stand_beside_what_was_meant_also_those_that_are_left_out() -> None:
    edits = (
        Edit("token", "method", "", "set", "PUT"),
        Edit("token", "header", "x-a", "set", "2"),
        Edit("token", "header", "Accept", "omit"),
        Edit("token", "body", "b", "add", "3"),
        Edit("token", "param", "A", "add", "4"),
    )
    found = parts(MEANT, edited(MEANT, edits, "token", {}))
    rows = [(one.place, one.name, one.number, bool(one.value), bool(one.meant), one.changed) for one in found]
    assert rows == [
        ("method", "", 0, True, True, True),
        ("url", "", 0, True, True, False),
        ("param", "a", 0, True, True, False),
        ("param", "A", 0, True, False, True),
        ("header", "x-a", 0, True, True, True),
        ("header", "Accept", 0, False, True, True),
        ("body", "code", 0, True, True, False),
        ("body", "b", 0, True, True, False),
        ("body", "b", 1, True, True, False),
        ("body", "b", 2, True, False, True),
        ("encoding", "", 0, True, True, False),
    ]
    assert len({one.key for one in found}) == len(found)
    whole = parts(MEANT, edited(MEANT, (Edit("token", "body", "", "set", "all"),), "token", {}))
    assert [one for one in whole if one.place == "body"] == [Part("body", "", 0, ("all",), None)]
    assert {one.place for one in parts(*[PlannedRequest("GET", ("https://h/",))] * 2)} == {"method", "url"}
    left_out = parts(MEANT, edited(MEANT, EDITS[1:2], "token", {}))
    assert [one.value for one in left_out if one.place == "body"] == [None] * 3
    assert "encoding" in {one.place for one in left_out}
    many = replace(MEANT, fields=(("x", ("y",)),) * (MANY + 9))
    assert len(parts(many, many)) == MANY


def test_a_value_is_typed_with_placeholders_for_its_secrets_and_not_at_all_where_one_has_none() -> None:
    basic = Credentials("app", SECRET)
    values: Values = {"code": CODE, "basic": basic, "client_id": "app"}
    assert typed_value(("Bearer ", CODE, " {state}"), values) == "Bearer {code} {brace}state}"
    assert typed_value(("Basic ", basic), values) == "Basic {basic}"
    assert typed_value((TOKEN,), values) is None
    assert typed_value((f"x {TOKEN.reference}",), values) is None
