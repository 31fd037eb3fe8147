"""The table of inputs says what a file may hold, what a form unfolds, and what a switch sets."""

from __future__ import annotations

from msgspec.structs import fields

from airisk_tui.flow.start.fields import DOTENV, FIELDS, INPUTS, KEPT, used_in
from airisk_tui.flow.start.inputs import Settings
from airisk_tui.flow.start.known import Host

PROTOCOL = ("base_url", "issuer", "client_id", "redirect_uri", "listen", "listen_publicly", "userid")
ENDED = ("scope", "client_auth", "client_key", "pkce", "par", "response_mode", "verify_tls", "ca_file", "registered")


def test_a_configuration_holds_what_belongs_to_a_deployment_and_no_secret_and_nothing_of_one_run() -> None:
    kept = (*PROTOCOL, "encoding", "dialect", "fields", *ENDED, "endpoints", "documented_endpoints")
    assert tuple(field.name for field in KEPT) == kept
    assert not {"client_secret", "state", "nonce", "edits", "params", "timeout"} & set(kept)
    assert all(FIELDS[name].kind != "secret" for name in DOTENV.values() if name in kept)


def test_the_form_unfolds_what_is_seldom_needed() -> None:
    more = ("listen_publicly", "fields", "client_key", "pkce", "par", "nonce", "response_mode")
    assert tuple(field.name for field in INPUTS if field.more) == (*more, "token_params", "carry_cookies")
    assert {field.name for field in INPUTS if field.more} <= {field.name for field in INPUTS if field.label}


def test_a_switch_sets_what_is_not_so_by_itself() -> None:
    usual = {one.name: one.default for one in fields(Settings)}
    for field in INPUTS:
        if field.kind == "switch" and field.option is not None and field.name in usual:
            assert field.option.given is not usual[field.name], field.name
        elif field.option is not None and field.kind != "switch":
            assert field.option.given and (field.option.metavar or field.choices), field.name
    assert not FIELDS["documented_endpoints"].option.given  # type: ignore[union-attr] # it has one
    assert set(used_in("mode")) == {"mode"}
    said = used_in("flow")["timeout"].sentence
    assert said.endswith(f"(default: {used_in('flow')['timeout'].default})")


def test_a_machine_of_which_nothing_is_known_has_a_display_and_is_nowhere_else() -> None:
    assert Host() == Host(ssh=False, wsl=False, container=False, display=True)
    told = [Host(ssh=True, wsl=True), Host(container=True, wsl=True), Host(wsl=True), Host()]
    assert [one.elsewhere for one in told] == ["an SSH session", "a container", "WSL", ""]
