"""The keys of the run screen, and which of them matter now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from airisk_tui.tui.shared.keybar import KeyHint

if TYPE_CHECKING:
    from airisk_tui.tui.run.screen import RunScreen

RUN_BINDINGS: list[BindingType] = [
    Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
    Binding("shift+tab", "app.focus_previous", "Previous field", show=False, priority=True),
    Binding("ctrl+r", "run('browser')", "Run in the browser", show=False, priority=True),
    Binding("ctrl+d", "run('direct')", "Run directly, without a browser", show=False, priority=True),
    Binding("ctrl+v", "run('paste')", "Run by paste, or go to the paste box", show=False, priority=True),
    Binding("ctrl+t", "two_tokens", "Two tokens side by side", show=False, priority=True),
    Binding("ctrl+o", "recordings", "Recordings", show=False, priority=True),
    Binding("ctrl+g", "fresh_state", "Make a fresh state", show=False, priority=True),
    Binding("ctrl+e", "toggle_secret", "Show or hide the client secret", show=False, priority=True),
    Binding("ctrl+n", "toggle_state", "Send a state, or leave it out", show=False, priority=True),
    Binding("ctrl+l", "whole_url", "Preview: the whole URL, or by parameter", show=False, priority=True),
    Binding("ctrl+c", "interrupt", "Cancel the run, else quit", show=False, priority=True),
    Binding("escape", "leave", "Cancel the run", show=False),
    Binding("f1", "help", "Help", show=False, priority=True),
    Binding("f2", "pane('request')", "The request: form and preview", show=False, priority=True),
    Binding("f3", "pane('flow')", "The flow: steps and what was heard", show=False, priority=True),
    Binding("f4", "pane('result')", "The result: what it means, and the raw", show=False, priority=True),
    Binding("1", "pane('request')", "The request: form and preview", show=False),
    Binding("2", "pane('flow')", "The flow: steps and what was heard", show=False),
    Binding("3", "pane('result')", "The result: what it means, and the raw", show=False),
    Binding("y", "copy", "Copy …", show=False),
    Binding("f5", "copy", "Copy …", show=False, priority=True),
    Binding("r", "inspect('reveal')", "Reveal secrets, or mask them", show=False),
    Binding("p", "inspect('raw')", "Body: as it came, or laid out", show=False),
    Binding("x", "inspect('hexadecimal')", "Body: as bytes, or as text", show=False),
    Binding("m", "inspect('more')", "Show more of what was cut", show=False),
    Binding("o", "open_again", "Open the browser again", show=False),
    Binding("w", "answers", "Say what the browser shows", show=False),
    Binding("f", "apply_fix", "Fill in what the first finding says to change", show=False),
    Binding("c", "continue_anyway", "Continue on purpose, without the state", show=False),
]


PARTS = {
    "rail": "The steps",
    "strip": "The steps",
    "inbox": "What the listener heard",
    "findings": "What it means",
    "inspector": "The inspector",
}


def hints(screen: RunScreen) -> tuple[KeyHint, ...]:
    """The keys that matter now, the weightiest first (they are cut from the end where the line is short)."""
    from textual.widgets import Input

    typing = isinstance(screen.focused, Input)
    first = screen.report.first if screen.report is not None else None
    fix = [KeyHint("f", "Fix", "apply_fix")] if first is not None and first.change is not None and not typing else []
    copy = KeyHint("F5" if typing else "y", "Copy", "copy")
    tail = [KeyHint("F1", "Help", "help"), KeyHint("^P", "Commands", "app.command_palette")]
    keys = "F2-F4" if typing else "1-3"
    panes = [] if screen.has_class("-wide") else [KeyHint(keys, "Panes", "next_pane")]
    if screen.live:
        waiting = screen.waiting
        now = [KeyHint("Esc", "Cancel", "leave")]
        now += [KeyHint("^V", "Paste", "run('paste')")] if waiting else []
        now += [KeyHint("o", "Open again", "open_again")] if waiting and not typing else []
        now += [KeyHint("w", "It hangs?", "answers")] if screen.phase == "waiting" and not typing else []
        now += [KeyHint("c", "Continue", "continue_anyway")] if screen.holding and not typing else []
        return (*now, *fix, copy, *panes, *tail)
    start = [KeyHint("^R", "Browser", "run('browser')"), KeyHint("^D", "Direct", "run('direct')")]
    start += [KeyHint("^V", "Paste", "run('paste')")]
    more = [KeyHint("^T", "Two tokens", "two_tokens"), KeyHint("^O", "Recordings", "recordings")]
    return (*fix, *start, *([copy] if screen.state is not None else []), *panes, *tail[:1], *more, *tail[1:])
