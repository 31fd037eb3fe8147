"""What a person is told at a moment of a live run, the replay of its recording tells at the same moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import AnyEvent, BrowserRequested, PasteClosed, PasteRefused, RunStarted
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.browser_question import BrowserShows, advise_on_browser, silent
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain_now
from airisk_tui.recording.disk.codec import encode_event
from airisk_tui.recording.disk.format import encode_header
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.recording.replay import Replay
from airisk_tui.session.recordings.opening import OpenRecording
from tests.insight import plays
from tests.insight.scenarios import SCENARIOS, Scenario
from tests.recording.disk import HEADER
from tests.recording.logs import LOGS
from tests.runs import BOUND, OPENED, OVER, callback, started, stray

LOOK = 0.5
"""Seconds between two looks of a live screen at the clock."""

LOOKS = 24
"""Looks after an event: in the first twelve seconds all that depends on the clock has changed."""

STRIDE = 6
"""Of so many looks one is compared; which one differs from log to log, so that all of them are in some."""

EACH = 3
"""Of so many scenarios one is replayed every day; CI replays all."""

Log = tuple[AnyEvent, ...]


def moments(log: Log) -> Iterator[tuple[int, FlowState, float]]:
    """How many events have happened, the state, and the second: at each event, and while the redirect is awaited, which is
    when a screen looks at the clock, at each look until the next event."""
    ends = [*(event.at for event in log[1:]), log[-1].at + LOOK * LOOKS]
    state, looked = INITIAL, range(1 + len(encode_event(log[0])) % STRIDE, LOOKS, STRIDE)
    for number, (event, end) in enumerate(zip(log, ends, strict=True), start=1):
        state = step(state, event)
        looks = looked if state.phase in REDIRECT_PHASES else ()
        yield from ((number, state, at) for at in (event.at, *(event.at + n * LOOK for n in looks)) if at <= end)


def told(report: Report | None, context: Context) -> Any:
    """Everything that the screen says about a state at a moment."""
    waiting = context.state.phase is Phase.WAITING
    answers = [advise_on_browser(answer, context) for answer in BrowserShows] if waiting else []
    return report, silent(context), answers


def written(path: Path, log: Log) -> Path:
    lines = [encode_header(HEADER), *map(encode_event, log)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def assert_replay_tells_the_same(log: Log, earlier: Sequence[Log], folder: Path, *, told_anyway: bool = True) -> None:
    """told_anyway: also where the contexts are the same, of which what is told is a function (tests/insight/test_any_log.py)."""
    live_runs = [fold(one) for one in earlier]
    past = [fold(read_recording(written(folder / f"{n}.jsonl", one)).events) for n, one in enumerate(earlier)]
    recording = read_recording(written(folder / "run.jsonl", log))
    assert recording.problems == ()
    replay = Replay(recording.events)
    opened = OpenRecording(folder / "run.jsonl", recording, replay, tuple(past))
    for number, state, now in moments(log):
        live = Context.of(state, live_runs, now)
        replayed = replay.state_at(number)
        then = Context.of(replayed, past, now)
        if then == live and not told_anyway:
            continue
        again = told(opened.report_then(replayed, now), then)
        assert again == told(explain_now(live), live), f"{now} s, after {type(log[number - 1]).__name__}"


def in_order(log: Log) -> Log:
    """With times that never go back, as a run has them."""
    at, ordered = 0.0, []
    for event in log:
        at = max(at, event.at)
        ordered.append(replace(event, at=at))
    return tuple(ordered)


FORGED = (started(), BOUND, OPENED, callback("code=x&state=forged", at=2.0), OVER)


@pytest.mark.parametrize(
    "log",
    [
        *LOGS.values(),
        FORGED,
        (started(), BOUND, OPENED, stray("tls-on-http"), OVER),
        (started(), BOUND, OPENED, BrowserRequested(at=4.0), replace(OPENED, at=4.5), OVER),
        (started(mode="paste"), BOUND, PasteRefused(at=5.0, reason="no-answer", length=9, kind="url"), OVER),
        (started(mode="paste"), BOUND, callback("code=x&state=forged", at=2.0), PasteClosed(at=9.0), OVER),
    ],
    ids=[*LOGS, "forged", "other-scheme", "opened-again", "paste-refused", "paste-closed"],
)
def test_the_replay_of_a_play_tells_the_same(log: Log, tmp_path: Path) -> None:
    assert_replay_tells_the_same(in_order(log), (), tmp_path)


def test_a_forged_callback_at_2_s_is_told_at_3_s() -> None:
    """The moment counts, and not the last event: at 2 s it is too early to doubt."""
    state = fold(FORGED[:4])
    assert explain_now(Context(state=state)) is None
    later = explain_now(Context(state=state, now=3.0))
    assert later is not None
    assert later.first is not None
    assert later.first.code == "state-mismatch"


def test_how_long_nobody_came_is_counted_to_the_moment() -> None:
    state = fold((started(), BOUND, OPENED, stray("other-path", at=1.0)))
    first, later = (explain_now(Context(state=state, now=now)) for now in (4.0, 8.0))
    assert first is not None
    assert later is not None
    assert {finding.code for finding in first.findings} == {finding.code for finding in later.findings}


def logs_of(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> tuple[Log, list[Log]]:
    """The log of a scenario's run with what was known beside it, and those of the earlier runs."""
    logs: dict[int, Log] = {}

    def folded(events: Any) -> FlowState:
        log = tuple(events)
        state = fold(log)
        logs[id(state)] = log
        return state

    monkeypatch.setattr(plays, "fold", folded)
    state = scenario.state()
    facts = scenario.facts
    earlier = [run for run in (*facts.get("history", ()), facts.get("previous"), facts.get("last_good")) if run]
    known = {name: facts[name] for name in ("registered", "host", "secret_mistakes") if name in facts}
    first, *rest = logs[id(state)]
    assert isinstance(first, RunStarted)
    names = tuple(dict.fromkeys(run.run_id for run in earlier))
    first = replace(first, known=replace(first.known, **known, earlier=names))
    return (first, *rest), [logs[id(run)] for run in earlier if id(run) in logs]


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(scenario, id=scenario.name, marks=pytest.mark.ci if number % EACH else ())
        for number, scenario in enumerate(SCENARIOS)
    ],
)
def test_the_replay_of_a_scenario_tells_the_same(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log, earlier = logs_of(scenario, monkeypatch)
    assert_replay_tells_the_same(in_order(log), earlier, tmp_path, told_anyway=False)
