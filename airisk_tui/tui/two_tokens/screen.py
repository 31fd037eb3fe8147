"""Two tokens, guided: a generic run, its users, the user-specific run of the chosen one, both side by side.

Opening the screen presses the key: the generic flow runs at once with what stands in the form, unless the two tokens of that
form are here already. What runs stands in `two_tokens_runs`, the keys in `two_tokens_keys`.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Static

from airisk_tui.engine.run import Run
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.text import visible
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.run.awaiting import TICK, WaitsForRedirect
from airisk_tui.tui.run.guide import Guide
from airisk_tui.tui.shared.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.screen import AppScreen
from airisk_tui.tui.shared.text import shown
from airisk_tui.tui.two_tokens.actions import TwoTokensActions
from airisk_tui.tui.two_tokens.keys import BINDINGS, hints
from airisk_tui.tui.two_tokens.runs import TwoTokenRuns
from airisk_tui.tui.two_tokens.users import UsersBox


class TwoTokensScreen(TwoTokensActions, WaitsForRedirect, AppScreen[None]):
    """See the module. pane: the half that the keys are about, and the only one that is seen where there is room for one."""

    DEFAULT_CSS = """
    TwoTokensScreen #two-title { height: 1; padding: 0 1; background: $panel; }
    TwoTokensScreen #two-status { height: auto; padding: 0 1; margin: 0 0 1 0; }
    TwoTokensScreen #guide { display: none; }
    TwoTokensScreen.-waiting #guide { display: block; }
    TwoTokensScreen #users-box { width: 38%; }
    TwoTokensScreen #compare-box { width: 1fr; border: round $primary; }
    TwoTokensScreen #users-box:focus-within, TwoTokensScreen #compare-box:focus-within { border: round $accent; }
    TwoTokensScreen.-narrow #users-box, TwoTokensScreen.-narrow #compare-box { width: 100%; display: none; }
    TwoTokensScreen.-narrow.-pane-users #users-box, TwoTokensScreen.-narrow.-pane-compare #compare-box { display: block; }
    TwoTokensScreen.-low.-waiting #two-halves { display: none; }
    TwoTokensScreen #keybar { height: 1; padding: 0 1; background: $footer-background; color: $footer-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PARTS: ClassVar[dict[str, str]] = {"users": "The users"}
    PANES = ("users", "compare")
    pane: reactive[str] = reactive("users", init=False)

    def __init__(self, runs: TwoTokenRuns) -> None:
        super().__init__(classes="-pane-users")
        self.runs = runs

    def compose(self) -> ComposeResult:
        """The title, what happens, what a wait asks for, users and comparison, the keys."""
        environment = self.runs.draft.environment
        yield Static(shown(f"airisk-tui  ◉ {environment}  two tokens"), id="two-title", markup=False)
        yield Static(id="two-status", markup=False)
        yield Guide()
        with Horizontal(id="two-halves"):
            yield UsersBox()
            with Vertical(id="compare-box") as compare:
                compare.border_title = "Generic against user-specific"
                yield ComparisonView()
        yield KeyBar()

    def on_mount(self) -> None:
        """Press the key, or show what is here already."""
        self.runs.told = self.heard
        self.set_interval(TICK, self.tick)
        if self.runs.pair is not None:
            self._come_back(self.runs.pair)
        else:
            self.action_again()

    def _come_back(self, pair: tuple[Run, Run]) -> None:
        self.show_users()
        self.compare(pair)
        self.status("✓ The two tokens from before: the form asks for the same. ^T gets a generic token anew.")

    @property
    def live(self) -> Run | None:
        """The run under way."""
        return self.runs.live

    @property
    def url(self) -> str:
        """The authorization URL that is waited on, as it was really opened."""
        return self.runs.url

    def watch_pane(self, pane: str) -> None:
        """One half where there is room for one."""
        super().watch_pane(pane)
        self.focus_pane()

    def focus_pane(self) -> None:
        """The focus into the half that the keys are about."""
        self.query_one("#user-search" if self.pane == "users" else "#comparison").focus()
        self.draw_hints()

    def hints(self) -> tuple[KeyHint, ...]:
        """The keys that do something now."""
        return hints(self)

    def status(self, text: str) -> None:
        """The sentence below the title; foreign text in it does nothing."""
        self.query_one("#two-status", Static).update(shown(text, lines=True))

    def doing(self, state: FlowState, words: str) -> None:
        """Say what is done, and for whom."""
        if state.inputs is not None:
            self.status(f"● For {visible(state.inputs.userid or '') or 'the application itself'}: {words}")

    def show_users(self) -> None:
        """The users, and what to do with them."""
        told = self.runs.users
        tokens = {userid: run.state.token is not None for userid, run in self.runs.tokens.items()}
        self.query_one(UsersBox).show(told, tokens)
        if told.problem or not told.users:
            why = told.problem or "ListUsers answered with an empty list."
            self.status(f"✓ The generic token is here.  ✗ {why} Type a user id and press Enter.")
            return
        more = f" There are more: {told.more}." if told.more else ""
        self.status(f"✓ The generic token is here. {len(told.users):,} users: choose one and press Enter.{more}")

    def compare(self, pair: tuple[Run, Run]) -> None:
        """Lay both side by side."""
        left, right = (run.state for run in pair)
        self.query_one(ComparisonView).show(left, right, self.runs.titles(pair), self.runs.verdict(pair))
        self.status(f"✓ A token for {visible(self.runs.chosen)}, beside the generic one. p asks what each may do.")
        self.pane = "compare"
        self.focus_pane()

    @on(UsersBox.Chosen)
    def _user_chosen(self, event: UsersBox.Chosen) -> None:
        event.stop()
        self.choose(event.userid)

    @on(UsersBox.Searched)
    def _searched(self, event: UsersBox.Searched) -> None:
        event.stop()
        self.draw_hints()
