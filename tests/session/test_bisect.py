"""What a bisection concludes from the ends of its runs."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.units import UnitDifference, unit_differences
from airisk_tui.session.bisect import UNKNOWN, Bisection, bisect
from tests.runs import URI

GOOD = Draft(environment="test", base_url="https://h", client_id="a", redirect_uri=URI, state="s", mode="paste")
BAD = GOOD.to(client_id="b", scope="x", userid="u", encoding="json")
DIFFERENT = unit_differences(GOOD, BAD)
KEY = UnitDifference("params.key", "a", UNKNOWN)


async def found(
    monkeypatch: pytest.MonkeyPatch, ends: Any, bad: Draft = BAD, unknown: Iterable[UnitDifference] = ()
) -> tuple[Bisection, list[str]]:
    """ends: gives the outcome of a draft's run. Also what the runs were for."""
    tried: list[str] = []

    async def any_run(session: Any, draft: Draft, *, on_start: Any) -> Any:
        assert draft.mode == "direct"
        outcome = ends(draft)
        return SimpleNamespace(state=SimpleNamespace(outcome=outcome, ended_in=outcome))

    monkeypatch.setattr("airisk_tui.session.bisect.any_run", any_run)
    nobody = cast(Any, None)
    said = await bisect(nobody, GOOD, bad, nobody, lambda what, run: tried.append(what), tuple(unknown))
    return said, tried


async def test_the_input_that_does_it_is_found_and_each_run_says_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_user, tried = await found(monkeypatch, lambda draft: Outcome.TOKEN if not draft.userid else Outcome.TIMEOUT)
    assert by_user == Bisection(DIFFERENT, "token", "timeout", ("userid",), 5)
    assert {one.name for one in DIFFERENT} == {"client_id", "scope", "userid", "encoding"}
    assert tried[:2] == ["the good run", "the bad run"]
    assert tried[-1] == "the bad run with userid of the good one"
    two, _ = await found(
        monkeypatch, lambda one: Outcome.TOKEN if one.scope != "x" and one.client_id == "a" else Outcome.CODE
    )
    assert (two.good, two.bad, set(two.culprits)) == ("token", "code", {"client_id", "scope"})


async def test_where_both_end_alike_only_what_cannot_be_sent_again_can_have_done_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await found(monkeypatch, lambda draft: Outcome.TOKEN))[0] == Bisection(DIFFERENT, "token", "token", (), 2)
    alike, _ = await found(monkeypatch, lambda draft: Outcome.TOKEN, GOOD, (KEY,))
    assert alike == Bisection((KEY,), "token", "token", ("params.key",), 2)


async def test_without_a_difference_nothing_runs_and_a_cancelled_run_is_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await found(monkeypatch, lambda draft: Outcome.TOKEN, GOOD) == (Bisection((), "", ""), [])
    cancelled = Bisection((*DIFFERENT, KEY), "", "", (), 1, cancelled=True)
    assert await found(monkeypatch, lambda draft: Outcome.CANCELLED, BAD, (KEY,)) == (cancelled, ["the good run"])
