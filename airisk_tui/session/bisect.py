"""Finding the inputs that make a run fail while another one works, by live runs of the failing one with some inputs of the good one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.units import SECRET_UNITS, UnitDifference, unit_differences, with_unit
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.oauth.text.visible import QUOTED
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import OnStart, any_run

UNKNOWN = "a secret that is not known here"
"""The value in a difference for a secret of the bad run that cannot be sent again."""


class _Cancelled(Exception):
    """Somebody cancelled a run, so no other one is started."""


OnTrial = Callable[[str, Run], None]
"""Called after each run, with its purpose in words, and the run."""


class Bisection(Struct, frozen=True):
    """The result. differences: between the good and the bad run; good, bad: the outcomes of their reruns; culprits: the names of the
    differences that make the bad run fail, () if there are none; runs: the number of runs; cancelled: whether it ended before this was
    known."""

    differences: tuple[UnitDifference, ...]
    good: str
    bad: str
    culprits: tuple[str, ...] = ()
    runs: int = 0
    cancelled: bool = False

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if self.cancelled:
            return "It was cancelled, so that nothing is known."
        if not self.differences:
            return "The two runs have the same inputs, so that no input makes the difference."
        good, bad = (f"“{OUTCOMES[Outcome(name)]}”" for name in (self.good, self.bad))
        if self.good == self.bad and not self.culprits:
            return f"Both runs end in {bad} now, so there is nothing to find; what failed has passed, or the server has changed."
        if not self.culprits:
            return "Not even all of its inputs together make the failing run work: something that is no input differs."
        named = {one.name: one for one in self.differences}
        told = " and ".join(_change_in_words(named[name]) for name in self.culprits)
        rest = len(self.differences) - len(self.culprits)
        stays = f"; the other {rest} may stay" if rest > 1 else "; the other one may stay" if rest else ""
        if self.good == self.bad:
            return (
                f"With {told} the failing run ends in {good}, so that this made it fail: it is a secret that is not known "
                f"here, and all else was as it was{stays}."
            )
        return f"With {told} the run ends in {good}, not in {bad}{stays}."


def _change_in_words(one: UnitDifference) -> str:
    if one.name in SECRET_UNITS or one.after == UNKNOWN:
        return f"{one.name} as in the good run"
    if one.name.startswith("edit "):
        return f"“{one.before[:QUOTED]}”" if one.before is not None else f"“{(one.after or '')[:QUOTED]}” taken back"
    if one.before is None:
        return f"{one.name} left out"
    return f"{one.name} as in the good run ({one.before[:QUOTED]})"


def runs_for(count: int) -> tuple[int, int]:
    """The number of runs of a bisection with so many differences: if one of them is the cause, and at most. Both runs are repeated; then
    each input that counts is found by halving, and tried alone."""
    if count == 0:
        return 0, 0
    each = max(count - 1, 0).bit_length() + 1
    return 2 + min(each, count), 2 + count * each


async def bisect(
    session: Session,
    good: Draft,
    bad: Draft,
    on_start: OnStart,
    on_trial: OnTrial,
    unknown: Sequence[UnitDifference] = (),
) -> Bisection:
    """Repeat both runs, then run the bad one with some inputs of the good one, until the fewest are found that make it work.

    unknown: differences in secrets of the bad run that are not known here; the bad draft has the values of the good one.
    """
    made = _Trials(session, on_start, on_trial)
    changed = unit_differences(good, bad)
    if not changed and not unknown:
        return Bisection((), "", "")
    try:
        return await _searched(made, good, bad, changed, unknown)
    except _Cancelled:
        return Bisection((*changed, *unknown), "", "", (), made.count, cancelled=True)


async def _searched(
    made: _Trials, good: Draft, bad: Draft, changed: Sequence[UnitDifference], unknown: Sequence[UnitDifference]
) -> Bisection:
    names = tuple(one.name for one in changed)
    outcomes = await made.outcome(good, "the good run"), await made.outcome(bad, "the bad run")
    if outcomes[0] == outcomes[1]:
        # Everything else is as in the failed run, so a secret that cannot be sent again made it fail.
        culprits = tuple(one.name for one in unknown)
        return Bisection((*changed, *unknown), *outcomes, culprits, made.count)

    async def works(taken: tuple[str, ...]) -> bool:
        what = f"the bad run with {', '.join(taken)} of the good one"
        return await made.outcome(_with_all(bad, good, taken), what) == outcomes[0]

    found = await fewest(names, works)
    return Bisection((*changed, *unknown), *outcomes, found, made.count)


async def fewest(names: Sequence[str], works: Callable[[tuple[str, ...]], Awaitable[bool]]) -> tuple[str, ...]:
    """A set of names that works, and of which none can be left out; () if not even all names work.

    Each name is found by halving: the shortest beginning of the rest that works together with the names found so far ends with it.
    """
    known: dict[frozenset[str], bool] = {frozenset(): False}

    async def tried(taken: Sequence[str]) -> bool:
        key = frozenset(taken)
        if key not in known:
            known[key] = await works(tuple(name for name in names if name in key))
        return known[key]

    found: list[str] = []
    rest = list(names)
    while rest and not await tried(found):
        low, high = 0, len(rest)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if await tried([*found, *rest[:middle]]) else (middle, high)
        found.append(rest[high - 1])
        rest = rest[: high - 1]
    return tuple(name for name in names if name in found) if await tried(found) else ()


def _with_all(bad: Draft, good: Draft, names: Sequence[str]) -> Draft:
    for name in names:
        bad = with_unit(bad, good, name)
    return bad


class _Trials:
    """Runs drafts in the mode direct, one after the other, and counts them."""

    def __init__(self, session: Session, on_start: OnStart, on_trial: OnTrial) -> None:
        self._session = session
        self._on_start = on_start
        self._on_trial = on_trial
        self.count = 0

    async def outcome(self, draft: Draft, what: str) -> str:
        """The outcome of a run of the draft. Raises _Cancelled."""
        run = await any_run(self._session, draft.to(mode="direct"), on_start=self._on_start)
        self.count += 1
        self._on_trial(what, run)
        if run.state.outcome is Outcome.CANCELLED:
            raise _Cancelled
        return run.state.ended_in.value
