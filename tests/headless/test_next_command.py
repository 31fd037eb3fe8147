"""The next thing to try, as a whole command: what was typed stays, but for what the fix drops or sets."""

from __future__ import annotations

import pytest

from airisk_tui.headless.flow.next_command import next_command
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.fix import Ask, Command, DropField, FixStep, Press, Rerun, SetField, UndoEdit, applicable
from tests.insight.plays import inputs

TYPED = ("--base-url", "https://a b", "--param", "x=1", "--omit", "token.body.code")
KEPT = "airisk-tui run --base-url 'https://a b'"


@pytest.mark.parametrize(
    ("steps", "typed", "command"),
    [
        ((Rerun("browser"),), TYPED, f"{KEPT} --param x=1 --omit token.body.code --mode browser"),
        ((DropField("params.x"), UndoEdit("omit token.body.code")), TYPED, KEPT),
        ((DropField("params.x"),), ("--env", "test", "--param=x=1"), "airisk-tui run --env test"),
        ((DropField("token_params.x"),), ("--param", "x=1"), None),
        ((SetField("encoding", "json"),), (), "airisk-tui run --body json"),
        ((SetField("carry_cookies", "true"),), (), "airisk-tui run --carry-cookies"),
        ((SetField("token_params.a", "b"),), (), "airisk-tui run --token-param a=b"),
        ((SetField("dialect.token", "t"), Rerun()), (), "airisk-tui run --field token=t"),
        ((SetField("userid"),), ("--env", "test"), None),
        ((Rerun(),), ("--env", "test"), None),
        ((Ask("ask"),), TYPED, None),
        ((Rerun("browser"),), ("--set", "token.body.client_secret=x"), None),
        ((Press("continue"),), TYPED, None),
        ((Press("ask-again"),), ("--env", "test"), "airisk-tui compare --env test"),
        ((Press("compare-with-bearer"),), ("--env", "test"), "airisk-tui compare --env test --with-bearer"),
        ((Command("airisk-tui doctor"),), TYPED, "airisk-tui doctor"),
    ],
)
def test_what_was_typed_stays_and_the_fix_is_done(
    steps: tuple[FixStep, ...], typed: tuple[str, ...], command: str | None
) -> None:
    found = Finding(code="x", severity="error", title="x", cause="x", fix=applicable(steps, inputs()), reference="x")
    assert next_command(found, typed) == command
