"""Many users side by side: who reaches what, as whom, and what changed since a saved grid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from airisk_tui.flow.phases import Outcome
from airisk_tui.headless.grid import MAX_USERS, _drifted, _named, _outcome, _table
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.sandbox.data.registry import DEMO_SECRET, SandboxData, User
from airisk_tui.sandbox.server import SandboxServer
from airisk_tui.session.grid import Drift, GridRow
from tests.headless.conftest import Ran

Command = Callable[..., Ran]

MANY = 24


@pytest.fixture
def crowd(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, ...]]:
    """An environment `crowd` with many users, and their ids."""
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
    users = tuple(User(f"user_{number}", f"Name {number}", f"{number}@example.com") for number in range(MANY))
    with SandboxServer(replace(SandboxData(), users=users)) as server:
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(
            f'[environments.crowd]\nbase_url = "{server.base_url}"\nclient_id = "demo-app"\n'
            'endpoints = [{ path = "/api/Chat/ListAgents", generic = "refused", user_specific = "allowed" }]\n'
        )
        yield tuple(user.id for user in users)


def test_every_user_is_a_row_and_a_failing_one_does_not_end_the_grid(command: Command, crowd: tuple[str, ...]) -> None:
    ran = command(
        "compare", "--env", "crowd", "--users", ",".join(("generic", "nobody", *crowd)), "--rate", "100", "--json"
    )
    rows = ran.json["rows"]
    assert [row["user"] for row in rows] == [None, "nobody", *crowd]
    assert [row["acts_for"] for row in rows[:3]] == ["the application", None, "user_0"]
    assert (ran.code, rows[1]["outcome"]) == (10, "authorization-refused")
    assert rows[1]["finding"].startswith("The server answered 401") and rows[2]["finding"] is None
    assert rows[0]["reached"]["GET /api/Chat/ListAgents"] == 403
    assert {row["reached"]["GET /api/Chat/ListAgents"] for row in rows[2:]} == {200}
    assert f"{MANY + 2} of {MANY + 2}" in ran.err


def test_all_are_those_that_are_listed_and_a_baseline_tells_what_drifted(
    command: Command, crowd: tuple[str, ...], tmp_path: Path
) -> None:
    first = command("compare", "--env", "crowd", "--users", "all", "--rate", "100", "--json")
    assert (first.code, len(first.json["rows"])) == (0, MANY + 1)
    saved = first.json
    saved["rows"][1]["reached"]["GET /api/GetConversations"] = 403
    (tmp_path / "before.json").write_text(json.dumps(saved))
    (tmp_path / "users").write_text("\n".join(("generic", *crowd)))
    again = ("compare", "--env", "crowd", "--users", f"@{tmp_path / 'users'}", "--rate", "100", "--baseline")
    ran = command(*again, str(tmp_path / "before.json"))
    assert ran.code == 10
    assert ran.out.splitlines()[-1] == "drift  user_0  GET /api/GetConversations: 403 → 200"
    refused = command(*again, str(tmp_path / "users"))
    assert refused.code == 2 and "A baseline is what" in refused.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--users", ","), "--users expects"),
        (("--users", "@/nowhere"), "cannot be read"),
        (("--baseline", "x"), "need --users"),
    ],
)
def test_what_is_no_grid_is_refused(command: Command, options: tuple[str, ...], words: str) -> None:
    ran = command("compare", "--env", "sandbox", *options)
    assert ran.code == 2 and words in ran.err


def test_the_table_marks_another_person_and_tells_no_answer_from_not_asked() -> None:
    rows = (
        GridRow("", Outcome.TOKEN, "the application", as_asked=True, reached={"GET /a": 200, "GET /b": None}),
        GridRow("user_1", Outcome.TOKEN, "user_2", as_asked=False, reached={"GET /a": 403}),
        GridRow("user_3", Outcome.TIMEOUT),
    )
    assert [re.split(" {2,}", line) for line in _table(rows)] == [
        ["user", "outcome", "acts for", "GET /a", "GET /b"],
        ["generic", "token", "the application", "200", "no answer"],
        ["user_1", "token", "user_2 ✗", "403", "—"],
        ["user_3", "timeout", "not told", "—", "—"],
    ]
    drift = (Drift("user_1", "GET /a", "200", None), Drift("user_9", "user", None, "token"))
    assert list(_drifted(drift)) == ["drift  user_1  GET /a: 200 → —", "drift  user_9  user: — → token"]


def test_a_grid_is_good_where_all_rows_are_and_nothing_drifted() -> None:
    good, bad = GridRow("a", Outcome.TOKEN, as_asked=True), GridRow("b", Outcome.TOKEN, as_asked=False)
    assert _outcome([good], (), cancelled=False) is Outcome.TOKEN
    assert _outcome([good, bad], (), cancelled=False) is Outcome.DIFFERENT
    assert _outcome([good], (Drift("a", "user", None, "token"),), cancelled=False) is Outcome.DIFFERENT
    assert _outcome([good], (), cancelled=True) is Outcome.CANCELLED


def test_users_are_named_once_each_and_not_too_many(tmp_path: Path) -> None:
    assert _named(" a, b,,a ,generic") == ("a", "b", "")
    assert _named("all") == ("all",)
    (tmp_path / "many").write_text("\n".join(f"user_{number}" for number in range(MAX_USERS + 1)))
    with pytest.raises(UsageError, match="expects 1 to"):
        _named(f"@{tmp_path / 'many'}")
