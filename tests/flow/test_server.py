"""Of each value that a run of the standard dialect uses it is told where it comes from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import EXIT_CODES
from airisk_tui.flow.requests import request_of
from airisk_tui.flow.server import (
    Attempt,
    choices,
    client_auth,
    is_anything_left,
    is_usable,
    names_another,
    resolved,
)
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.metadata import WELL_KNOWN, Metadata, metadata_urls
from airisk_tui.reference import section
from tests.recording.logs import LOGS
from tests.runs import INPUTS, SECRET

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


@pytest.mark.parametrize(
    ("offered", "changes", "way"),
    [
        (("client_secret_post", "client_secret_basic"), {}, ("basic", "metadata")),
        (("client_secret_jwt", "client_secret_post"), {}, ("body", "metadata")),
        (("private_key_jwt", "client_secret_jwt"), {}, ("client_secret_jwt", "metadata")),
        (("private_key_jwt",), {}, ("basic", "metadata")),
        (("none",), {}, ("none", "metadata")),
        (None, {}, ("basic", "default")),
        (("client_secret_post",), {"client_secret": None}, ("none", "default")),
        (("client_secret_post",), {"signing_key": SECRET}, ("private_key_jwt", "default")),
        (("client_secret_basic",), {"client_auth": "post"}, ("body", "typed")),
        (("client_secret_basic",), {"client_auth": "none"}, ("none", "typed")),
        (("client_secret_post",), {"dialect": replace(STANDARD, client_auth="none")}, ("none", "typed")),
    ],
)
def test_a_client_shows_who_it_is_as_a_person_said_or_by_what_it_has_or_as_the_metadata_offers(
    offered: tuple[str, ...] | None, changes: dict[str, Any], way: tuple[str, str]
) -> None:
    metadata = Metadata(issuer=ISSUER, token_endpoint_auth_methods_supported=offered)
    assert client_auth(replace(GIVEN, **changes), metadata) == way


@pytest.mark.parametrize(
    ("offered", "pkce", "mode", "challenge", "by"),
    [
        (("plain", "S256"), "auto", "browser", "c", "metadata"),
        (("plain",), "auto", "browser", None, "metadata"),
        (("plain",), "on", "browser", "c", "metadata"),
        (("plain",), "wrong", "browser", "c", "metadata"),
        (("S256",), "off", "browser", None, "metadata"),
        ((), "auto", "browser", None, "metadata"),
        (None, "auto", "browser", "c", "default"),
        (("S256",), "auto", "device", None, "default"),
    ],
)
def test_a_challenge_is_sent_where_the_metadata_does_not_say_that_the_server_cannot_read_it(
    offered: tuple[str, ...] | None, pkce: Any, mode: Any, challenge: str | None, by: str
) -> None:
    metadata = Metadata(issuer=ISSUER, code_challenge_methods_supported=offered)
    given = replace(GIVEN, pkce=pkce, mode=mode, verifier=SECRET)
    used = resolved(given, metadata)
    assert (used.challenge, used.verifier) == (challenge, SECRET if challenge else None)
    if pkce == "auto":
        assert {one.name: one.by for one in choices(given, metadata)}["pkce"] == by


def test_metadata_is_looked_for_at_each_place_and_used_where_it_is_of_this_issuer_and_names_what_is_needed() -> None:
    places = metadata_urls(f"{ISSUER}/tenant")
    mine, look = replace(GIVEN, issuer=f"{ISSUER}/tenant"), Attempt(0.0, None)
    tried = [request_of(FlowState(discovery=(look,) * made), mine, "discovery") for made in range(len(places) + 1)]
    assert [plan.address for plan in tried] == [*places, places[-1]]
    assert [is_anything_left(mine, (look,) * made) for made in (0, len(places) - 1, len(places))] == [True, True, False]
    of = Metadata(issuer=ISSUER)
    asked = (ISSUER, f"{ISSUER}/", f"{ISSUER}/x", f"{ISSUER}{WELL_KNOWN}openid-configuration")
    assert [names_another(of, one) for one in asked] == [False, False, True, False]
    named = replace(STANDARD, authorize_path="/a", token_path="/t")
    pushing = replace(named, pushed_authorization_request_endpoint="/p")
    device = replace(STANDARD, token_path="/t", device_authorization_endpoint="/d")
    for dialect, changes, usable in (
        (named, {}, True),
        (replace(named, token_path=STANDARD.token_path), {}, False),
        (replace(named, authorize_path=STANDARD.authorize_path), {}, False),
        (named, {"par": "on"}, False),
        (pushing, {"par": "on"}, True),
        (device, {"mode": "device"}, True),
        (named, {"mode": "device"}, False),
    ):
        assert is_usable(replace(GIVEN, dialect=dialect, **changes)) is usable, (dialect, changes)


def test_a_run_of_airisk_resolves_to_itself_but_for_a_client_authentication_that_was_typed() -> None:
    assert resolved(INPUTS, METADATA) == INPUTS
    assert resolved(replace(INPUTS, client_auth="basic")).dialect == replace(INPUTS.dialect, client_auth="basic")


def test_each_outcome_has_the_exit_code_of_the_reference() -> None:
    rows = re.findall(r"^\| (\d+) \| `([\w-]+)` \|", section("command-line", "outcomes"), re.MULTILINE)
    assert {outcome.value: code for outcome, code in EXIT_CODES.items()} == {name: int(code) for code, name in rows}
