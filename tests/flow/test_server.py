"""Of each value that a run of the standard dialect uses it is told where it comes from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import EXIT_CODES
from airisk_tui.flow.server import choices
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.reference import section
from tests.recording.logs import LOGS
from tests.runs import INPUTS

ISSUER = "http://127.0.0.1:9000"
GIVEN = replace(INPUTS, issuer=ISSUER, base_url=ISSUER, dialect=STANDARD, challenge="c")
METADATA = fold(LOGS["by-its-issuer"]).metadata
CLEAN = {
    "authorize_path": (f"{ISSUER}/authorize", "metadata"),
    "token_path": (f"{ISSUER}/token", "metadata"),
    "client_auth": ("basic", "default"),
    "scope": ("", "default"),
    "pkce": ("S256", "default"),
    "par": ("off", "metadata"),
    "nonce": ("", "default"),
    "response_mode": ("query", "default"),
}


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ({}, {}),
        ({"par": "on"}, {"par": ("on", "typed")}),
        ({"par": "off"}, {"par": ("off", "typed")}),
        ({"scope": "a"}, {"scope": ("a", "typed")}),
        ({"pkce": "off"}, {"pkce": ("off", "typed")}),
        ({"pkce": "wrong"}, {"pkce": ("S256 with a wrong verifier", "typed")}),
        ({"response_mode": "fragment"}, {"response_mode": ("fragment", "typed")}),
        ({"client_auth": "post"}, {"client_auth": ("post", "typed")}),
        ({"client_secret": None}, {"client_auth": ("none", "default")}),
        ({"dialect": replace(STANDARD, token_path="/t")}, {"token_path": (f"{ISSUER}/t", "typed")}),
    ],
)
def test_what_a_person_typed_is_told_apart_from_what_the_metadata_says(
    typed: dict[str, Any], changed: dict[str, tuple[str, str]]
) -> None:
    found = choices(replace(GIVEN, **typed), METADATA)
    assert {one.name: (one.value, one.by) for one in found} == CLEAN | changed


def test_without_metadata_all_is_by_default_and_what_the_environment_gave_is_told_so() -> None:
    assert {one.by for one in choices(GIVEN, None)} == {"default"}
    given = replace(GIVEN, scope="a", client_auth="post", dialect=replace(STANDARD, token_path="/t"))
    told = {one.name: one.by for one in choices(given, METADATA, ("scope", "dialect"))}
    assert (told["scope"], told["token_path"], told["client_auth"]) == ("environment", "environment", "typed")
    assert choices(INPUTS, METADATA) == ()


def test_each_outcome_has_the_exit_code_of_the_reference() -> None:
    rows = re.findall(r"^\| (\d+) \| `([\w-]+)` \|", section("command-line", "outcomes"), re.MULTILINE)
    assert {outcome.value: code for outcome, code in EXIT_CODES.items()} == {name: int(code) for code, name in rows}
