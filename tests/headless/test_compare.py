"""`airisk-tui compare` keeps the contract of command-line.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.headless.conftest import Ran

Command = Callable[..., Ran]
SANDBOX = ("compare", "--env", "sandbox", "--userid", "user_42")


def test_the_document(command: Command) -> None:
    ran = command(*SANDBOX, "--json")
    document = ran.json
    assert (ran.code, document["outcome"], document["format"]) == (0, "token", 1)
    assert {"field": "claims.sub", "generic": "app:demo-app", "user-specific": "user_42"} in document["differences"]
    assert document["access"] == [
        {"endpoint": "GET /api/Users/ListUsers", "generic": 200, "user-specific": 200, "as-documented": True},
        {"endpoint": "GET /api/GetConversations", "generic": 403, "user-specific": 200, "as-documented": True},
    ]
    assert (
        document["verdict"]
        == "The user-specific token acts for user_42 and reaches 1 endpoint that the generic one does not."
    )
    assert [document["runs"][kind]["kind"] for kind in ("generic", "user-specific")] == ["generic", "user-specific"]


def test_two_runs_of_a_server_without_user_ids_differ_in_what_is_said(command: Command) -> None:
    standard = ("compare", "--env", "sandbox-standard", "--json")
    document = command(*standard, "--second", "scope=openid email", "--second", "param=prompt=login").json
    assert [document["runs"][one]["kind"] for one in ("first", "second")] == [None, None]
    first, second = ({one["name"]: one["from"] for one in run["settings"]} for run in document["runs"].values())
    assert (first["scope"], second["scope"], second["client_id"]) == ("metadata", "typed", "environment")
    differing = {row["field"]: (row["first"], row["second"]) for row in document["differences"]}
    assert differing["token.scope"] == ("openid", "openid email")
    assert differing["request.prompt"] == (None, "login")
    assert differing["id token.email"] == (None, "ada@example.com")
    assert (document["access"], document["outcome"]) == ([], "token")
    assert command(*standard).json["outcome"] == command(*standard, "--second", "scoop=x").json["outcome"] == "usage"


@pytest.mark.parametrize("fault", ["userid-ignored", "other-user", "generic-accepted-everywhere"])
def test_what_is_not_as_documented_is_exit_10(command: Command, fault: str) -> None:
    ran = command(*SANDBOX, "--fault", fault, "--json")
    assert (ran.code, ran.json["outcome"]) == (10, "different")
    assert ran.json["findings"]


def test_a_run_without_a_token_ends_it_with_its_own_code(command: Command) -> None:
    ran = command(*SANDBOX, "--fault", "denied", "--json")
    assert (ran.code, ran.json["outcome"], ran.json["runs"]["user-specific"]) == (4, "authorization-refused", None)
    assert ran.json["verdict"].startswith(
        "The generic run got no token, so the user-specific run was not started. The redirect"
    )
    ran = command("compare", "--env", "sandbox", "--userid", "nobody", "--json")
    assert (ran.code, ran.json["runs"]["generic"]["outcome"]) == (4, "token")


@pytest.mark.parametrize(
    ("options", "title"), [(("--fault", "denied"), "access was refused"), (("--userid", "nobody"), "user id")]
)
def test_why_a_run_got_no_token_is_told(command: Command, options: tuple[str, ...], title: str) -> None:
    ran = command(*SANDBOX, *options)
    assert title in ran.err
    assert "  Cause: " in ran.err
    assert "  Fix: " in ran.err


def test_the_second_run_may_carry_the_generic_token(command: Command) -> None:
    assert command(*SANDBOX, "--with-bearer").code == 0


def test_a_bearer_token_beside_basic_credentials_is_refused_before_anything_is_sent(command: Command) -> None:
    ran = command(*SANDBOX, "--with-bearer", "--field", "client_auth=basic", "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")
    assert "one Authorization header" in ran.json["error"]
    assert "0.00 s" not in ran.err


@pytest.mark.parametrize(("path", "status"), [("/api/ListUsers", 200), ("/api/Directory/ListUsers", 404)])
def test_the_users_are_listed_where_the_dialect_says(command: Command, path: str, status: int) -> None:
    ran = command(*SANDBOX, "--field", f"list_users_path={path}", "--json")
    assert [row["endpoint"] for row in ran.json["access"]] == [f"GET {path}", "GET /api/GetConversations"]
    assert ran.json["access"][0]["generic"] == status


def test_markdown_and_plain(command: Command) -> None:
    assert command(*SANDBOX, "--markdown").out.startswith("# generic against user-specific\n")
    assert "GET /api/GetConversations" in command(*SANDBOX).out


def test_it_needs_a_user(command: Command) -> None:
    ran = command("compare", "--env", "sandbox", "--json")
    assert (ran.code, ran.json["outcome"]) == (2, "usage")


def test_the_page_holds_both_runs_and_what_differs(command: Callable[..., Ran]) -> None:
    ran = command("compare", "--userid", "user_42", "--html")
    assert ran.code == 0
    for part in (
        "<!doctype html>",
        "The generic run",
        "The user-specific run",
        "claims.sub",
        "GET /api/GetConversations",
    ):
        assert part in ran.out
