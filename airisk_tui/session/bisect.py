"""Which input makes a run fail that another one does not: live runs, each with one input of the failing run as the good one has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.units import UnitDifference, unit_differences, with_unit
from airisk_tui.later import dataclass
from airisk_tui.session.session import Session

OnTrial = Callable[[str, Run], None]
"""Called with what a run was for, and the run, once it is done."""


@dataclass(frozen=True, slots=True)
class Bisection:
    """differences: between the good and the bad run; good, bad: the outcomes of their reruns; culprits: those of them that
    make the bad run work when they are as in the good one, () where none does; runs: how many were made."""

    differences: tuple[UnitDifference, ...]
    good: str
    bad: str
    culprits: tuple[str, ...] = ()
    runs: int = 0

    @property
    def sentence(self) -> str:
        """The verdict."""
        if not self.differences:
            return "The two runs have the same inputs, so that no input makes the difference."
        if self.good == self.bad:
            return f"Both runs end in {self.bad} now, so that there is nothing to find; what failed has passed, or the server has changed."
        if not self.culprits:
            return "Not even all of its inputs together make the failing run work: something that is no input differs."
        named = {one.name: one for one in self.differences}
        told = " and ".join(_told(named[name]) for name in self.culprits)
        rest = len(self.differences) - len(self.culprits)
        stays = f"; the other {rest} may stay" if rest > 1 else "; the other one may stay" if rest else ""
        return f"With {told} the run ends in {self.good}, not in {self.bad}{stays}."


def _told(one: UnitDifference) -> str:
    if one.before is None:
        return f"{one.name} left out"
    return f"{one.name} as in the good run ({one.before[:80]})"


def most_runs(good: Draft, bad: Draft) -> int:
    """How many runs, and so how many codes, a bisection takes at most: both once more, each input alone, then together."""
    count = len(unit_differences(good, bad))
    return 2 + count + max(count - 1, 0)


async def bisect(session: Session, good: Draft, bad: Draft, on_trial: OnTrial) -> Bisection:
    """Run both, then the bad one with one input at a time as the good one has it; where none suffices, with ever more of them."""
    made = _Trials(session, on_trial)
    changed = unit_differences(good, bad)
    if not changed:
        return Bisection(changed, "", "")
    outcomes = await made.outcome(good, "the good run"), await made.outcome(bad, "the bad run")
    names = tuple(one.name for one in changed)
    found: tuple[str, ...] = ()
    if outcomes[0] != outcomes[1]:
        found = await _alone(made, good, bad, names, outcomes[0]) or await _together(
            made, good, bad, names, outcomes[0]
        )
    return Bisection(changed, *outcomes, found, made.count)


async def _alone(made: _Trials, good: Draft, bad: Draft, names: Sequence[str], wanted: str) -> tuple[str, ...]:
    for name in names:
        if await made.outcome(with_unit(bad, good, name), f"the bad run with {name} of the good one") == wanted:
            return (name,)
    return ()


async def _together(made: _Trials, good: Draft, bad: Draft, names: Sequence[str], wanted: str) -> tuple[str, ...]:
    """As many from the front as it takes."""
    for count in range(2, len(names) + 1):
        taken = names[:count]
        if (
            await made.outcome(_with_all(bad, good, taken), f"the bad run with {', '.join(taken)} of the good one")
            == wanted
        ):
            return tuple(taken)
    return ()


def _with_all(bad: Draft, good: Draft, names: Sequence[str]) -> Draft:
    for name in names:
        bad = with_unit(bad, good, name)
    return bad


class _Trials:
    """Runs drafts directly, one after the other, and counts them."""

    def __init__(self, session: Session, on_trial: OnTrial) -> None:
        self._session = session
        self._on_trial = on_trial
        self.count = 0

    async def outcome(self, draft: Draft, what: str) -> str:
        """How a run of the draft ends."""
        fresh = draft.to(mode="direct", hold=(), state=self._session.fresh_state() if draft.state is not None else None)
        run = self._session.start(fresh)
        self.count += 1
        await run.finished()
        self._on_trial(what, run)
        return run.state.ended_in.value
