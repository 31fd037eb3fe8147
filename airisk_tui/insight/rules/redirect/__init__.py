"""The answer that the rules about redirects look at."""

from __future__ import annotations

from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.state import Answer
from airisk_tui.insight.context import Context
from airisk_tui.insight.finding import Pointer, Severity


def subject(context: Context) -> Answer | None:
    """The answer in question: the one that settled the run, else the held one, else the last that was not believed."""
    return context.state.answer or context.state.held or context.state.doubtful


def answer(context: Context) -> Answer:
    """The answer that the rules' precondition promises."""
    found = subject(context)
    if found is None:
        raise ValueError("No answer came.")
    return found


def answered(context: Context) -> bool:
    """Needs: an answer came, by listener, paste or direct request."""
    return subject(context) is not None


def severity(context: Context) -> Severity:
    """An error once the run ended by it; a warning while it may still end well."""
    return "error" if context.state.outcome in (Outcome.RESPONSE_INVALID, Outcome.AUTHORIZATION_REFUSED) else "warning"


def said(error: str | None, description: str | None) -> str:
    """An error and its description in one."""
    return ": ".join(filter(None, (error, description)))


def parameter(name: str) -> Pointer:
    """A parameter of the redirect."""
    return Pointer("redirect", "parameter", name)
