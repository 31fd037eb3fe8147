"""Explaining a run of a session: the context that the rules get besides the run itself is put together here."""

from __future__ import annotations

from collections.abc import Iterable

from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import Report, explain, explain_now
from airisk_tui.session.session import Session


def explained(session: Session, run: Run) -> Report:
    """The report of a run of this session as it stands."""
    return explain(context_of(session, run.state, run.now()))


def explained_now(session: Session, run: Run) -> Report | None:
    """The report of a run of this session at this moment; None where there is nothing to say yet."""
    return explain_now(context_of(session, run.state, run.now()))


def first_finding(session: Session, state: FlowState) -> str | None:
    """The title of the first finding, for a list of runs; None when all went well."""
    return first_title(explain(context_of(session, state)))


def first_title(report: Report) -> str | None:
    """The title of the first error or warning of a report, or None."""
    first = report.first
    return first.title if first is not None and first.severity != "note" else None


def context_of(session: Session, state: FlowState, now: float = 0.0) -> Context:
    """The context of a run of this session. now: see `Context`."""
    return context_with(state, (run.state for run in session.history), now)


def context_with(state: FlowState, runs: Iterable[FlowState], now: float = 0.0) -> Context:
    """The context of a run, with what was known when it started. runs: among them are the earlier runs that it names."""
    by_id = {run.run_id: run for run in runs}
    earlier = tuple(by_id[name] for name in state.known.earlier if name in by_id and name != state.run_id)
    good = [run for run in earlier if run.outcome in (Outcome.TOKEN, Outcome.CODE)]
    return Context(
        state=state,
        previous=earlier[-1] if earlier else None,
        last_good=good[-1] if good else None,
        history=earlier,
        registered=state.known.registered,
        host=state.known.host,
        secret_mistakes=state.known.secret_mistakes,
        now=now,
    )
