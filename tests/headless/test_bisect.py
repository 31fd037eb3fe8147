"""What is different: between a run that works and one that fails, by live runs, and since the last run that worked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.start.units import unit_differences, with_unit
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.sandbox.data.registry import DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from airisk_tui.session.bisect import fewest
from tests.headless.conftest import Ran
from tests.headless.recorded import SANDBOX
from tests.runs import INPUTS

Command = Callable[..., Ran]

FIVE = ("--userid", "user_7", "--body", "json", "--state", "none", "--param", "prompt=login")
"""Four inputs that change nothing of the outcome."""


def recordings(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "recordings").glob("*.jsonl"))


def test_one_of_five_inputs_is_named_and_the_rest_may_stay(command: Command, home: Path) -> None:
    command(*SANDBOX, "--userid", "user_42")
    (good,) = recordings(home)
    command(*SANDBOX, *FIVE, "--omit", "token.body.redirect_uri")
    (bad,) = set(recordings(home)) - {good}
    refused = command("bisect", good, bad)
    assert refused.code == 2 and "6 runs if a single input is the cause, and at most 22" in refused.err
    ran = command("bisect", good, bad, "--yes", "--json")
    assert (ran.code, ran.json["culprits"]) == (0, ["edit token.body.redirect_uri"])
    assert ran.json["outcomes"] == {"good": "token", "bad": "token-refused"}
    assert "the other 4 may stay" in ran.json["verdict"]
    assert ran.json["runs"] <= 6
    assert command("bisect", good, good, "--yes").out.startswith("The two runs have the same inputs")


def test_two_inputs_that_fail_only_together_and_a_recipe(command: Command, home: Path, tmp_path: Path) -> None:
    command(*SANDBOX)
    (tmp_path / "good.toml").write_text(command("export", "last", "--as", "recipe").out)
    changes = ("--omit", "token.body.client_id", "--omit", "token.body.code")
    command(*SANDBOX, *changes)
    (tmp_path / "bad.toml").write_text(command("export", "last", "--as", "recipe").out)
    ran = command(
        "bisect", str(tmp_path / "good.toml"), str(tmp_path / "bad.toml"), "--env", "sandbox", "--yes", "--json"
    )
    assert ran.json["culprits"] == ["edit token.body.client_id", "edit token.body.code"]


def test_a_secret_that_nobody_can_send_again_is_named_and_not_shown(
    command: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SandboxServer() as server:
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(f'[environments.s]\nbase_url = "{server.base_url}"\nclient_id = "demo-app"\n')
        run = ("run", "--env", "s", "--mode", "direct")
        monkeypatch.setenv("AIRISK_CLIENT_SECRET", "wrong-secret-4711")
        command(*run, "--param", "prompt=login")
        (bad,) = recordings(home)
        monkeypatch.setenv("AIRISK_CLIENT_SECRET", DEMO_SECRET)
        command(*run)
        (good,) = set(recordings(home)) - {bad}
        ran = command("bisect", good, bad, "--yes", "--json")
        command(*run, "--set", "token.body.client_secret=wrong-secret-4711")
        again = command("bisect", good, "last", "--yes", "--json")
    assert (ran.code, ran.json["culprits"]) == (0, ["client_secret"])
    assert ran.json["verdict"].startswith(
        "With client_secret as in the good run the failing run ends in “token received”"
    )
    assert "4711" not in ran.out + ran.err + again.out + again.err
    assert again.json["culprits"] == ["edit token.body.client_secret"]


@given(
    st.integers(1, 12).flatmap(lambda count: st.tuples(st.just(count), st.sets(st.integers(0, count - 1), min_size=1)))
)
async def test_the_fewest_differences_are_found_in_few_runs(case: tuple[int, set[int]]) -> None:
    count, needed = case
    tried: list[tuple[str, ...]] = []

    async def works(taken: tuple[str, ...]) -> bool:
        tried.append(taken)
        return needed <= {int(name) for name in taken}

    names = [str(number) for number in range(count)]
    assert set(await fewest(names, works)) == {str(number) for number in needed}
    assert len(tried) <= len(needed) * ((count - 1).bit_length() + 1)


async def test_nothing_is_found_where_not_even_all_differences_do_it() -> None:
    async def never(taken: tuple[str, ...]) -> bool:
        return False

    assert await fewest(["a", "b", "c"], never) == ()


def test_the_last_run_that_worked_stands_against_one_that_fails(command: Command) -> None:
    command(*SANDBOX, "--userid", "user_42")
    nothing = command("replay", "last", "--against-last-good")
    assert nothing.code == 2 and "no earlier run" in nothing.err
    command(*SANDBOX, "--userid", "user_42")
    same = command("replay", "last", "--against-last-good", "--json")
    assert [one for one in same.json["differences"] if one["kind"] == "input"] == []
    command(*SANDBOX, "--userid", "user_7", "--omit", "token.body.code")
    ran = command("replay", "last", "--against-last-good", "--json")
    inputs = {one["field"]: (one["before"], one["after"]) for one in ran.json["differences"] if one["kind"] == "input"}
    assert ran.code == 10
    assert inputs == {"userid": ("user_42", "user_7"), "edit token.body.code": (None, "omit token.body.code")}


OTHER = replace(
    INPUTS,
    userid="user_42",
    encoding="json",
    state=None,
    params=Params((("a", "1"), ("a", "2"))),
    dialect=replace(INPUTS.dialect, token_path="/t"),
    edits=(
        Edit("token", "header", "*", "omit"),
        Edit("token", "header", "X", "add", "1"),
        Edit("token", "body", "code", "omit"),
    ),
)


@given(st.permutations([one.name for one in unit_differences(INPUTS, OTHER)]))
def test_given_all_inputs_of_another_run_one_by_one_a_run_is_the_other(names: list[str]) -> None:
    mine: Inputs = INPUTS
    for name in names:
        mine = with_unit(mine, OTHER, name)
    assert replace(mine, edits=()) == replace(OTHER, edits=())
    assert unit_differences(mine, OTHER) == ()


def test_what_is_offline_does_not_go_with_a_live_run(command: Command) -> None:
    command(*SANDBOX)
    assert command("replay", "last", "--against", "sandbox", "--against-last-good").code == 2
