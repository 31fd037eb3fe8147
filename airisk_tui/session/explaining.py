"""Asking `insight` about a run of a session: what the rules may know beside the run itself is put together here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.context import Context, Environment
from airisk_tui.insight.explain import Report, explain
from airisk_tui.session.session import Session

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def surroundings(environ: Mapping[str, str] = os.environ) -> Environment:
    """Where the program runs, as far as it can be told from the outside."""
    return Environment(
        ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
        wsl=bool(environ.get("WSL_DISTRO_NAME")),
        container=Path("/.dockerenv").exists() or bool(environ.get("container")),
        display=bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")) or os.name == "nt",
        proxy=tuple(name for name in PROXIES if environ.get(name)),
    )


def explained(session: Session, run: Run, draft: Draft | None = None, state: FlowState | None = None) -> Report:
    """The report of a run of this session, now or at an earlier state of it; `draft`: what it was started with."""
    return explain(_context(session, state or run.state, draft))


def first_finding(session: Session, state: FlowState) -> str | None:
    """The title of the first finding, for a list of runs; None when all went well."""
    first = explain(_context(session, state)).first
    return first.title if first is not None and first.severity != "note" else None


def _context(session: Session, state: FlowState, draft: Draft | None = None) -> Context:
    earlier = tuple(other.state for other in session.history if other.state.run_id != state.run_id)
    good = [other for other in earlier if other.outcome in (Outcome.TOKEN, Outcome.CODE)]
    return Context(
        state=state,
        previous=earlier[-1] if earlier else None,
        last_good=good[-1] if good else None,
        history=earlier,
        registered=draft.registered if draft else None,
        environment=surroundings(),
        mistakes=draft.mistakes() if draft else (),
    )
