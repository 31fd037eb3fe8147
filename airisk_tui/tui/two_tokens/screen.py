"""Two tokens: a generic run, its users, a run for the chosen user, and the comparison of both. At a standard server there are two runs
instead: one as the form says, and one with another scope, client or user.

Opening the screen starts the generic run with the values of the form, unless `TwoTokenRuns` has the tokens for them already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Input, Static

from airisk_tui.engine.run import Run
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.text.visible import visible
from airisk_tui.session.two_tokens import probe_all, probe_one, unsafe_endpoints
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.run.guided_screen import GuidedScreen
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from airisk_tui.tui.shared.drawing.text import shown
from airisk_tui.tui.shared.keyboard.keybar import KeyBar, KeyHint
from airisk_tui.tui.shared.keyboard.keys import bound, chosen_key, with_chosen_keys
from airisk_tui.tui.shared.resizing import Edge, ResizableScreen
from airisk_tui.tui.shared.row_list import RowList
from airisk_tui.tui.shared.saving import save_text
from airisk_tui.tui.shared.screen import Copyable
from airisk_tui.tui.two_tokens.runs import TwoTokenRuns
from airisk_tui.tui.two_tokens.second_run import SecondRunBox
from airisk_tui.tui.two_tokens.users import UsersBox

ASKED_FROM = 20
"""Users up to which a grid starts without a question."""

ASKING_BOTH = "● Calling userinfo and introspection with each token …"
ASKING_ALL = "● Calling every endpoint with each token, without one, and with a broken one …"
KEPT = "Both tokens are kept while the form stays as it is: F8 shows them again."


class TwoTokensScreen(GuidedScreen[str | None], ResizableScreen[str | None]):
    """pane: the half that the keys are about; on a narrow terminal only that half is visible. Its result is the user id to fill into
    the form, or None."""

    DEFAULT_CSS = """
    TwoTokensScreen #two-status { height: auto; padding: 0 1; }
    TwoTokensScreen #users-box { width: 38%; }
    TwoTokensScreen #users-box.-roomy { width: 52%; }
    TwoTokensScreen #compare-box { width: 1fr; }
    TwoTokensScreen.-narrow #users-box, TwoTokensScreen.-narrow #compare-box { width: 100%; display: none; }
    TwoTokensScreen.-narrow.-pane-users #users-box, TwoTokensScreen.-narrow.-pane-compare #compare-box { display: block; }
    TwoTokensScreen.-low.-waiting #two-halves { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("two-tokens", "run_generic", "Get a new generic token", priority=True),
        bound("direct", "direct", "Run directly, without a browser, from now on", priority=True),
        bound("bearer", "bearer"),
        bound("first-pane", "pane('users')", "The users", priority=True),
        bound("second-pane", "pane('compare')", "The comparison", priority=True),
        bound("search", "pane('users')", "Search the users, as you type"),
        bound("choose", "choose", "Get a token for this user"),
        bound("act", "mark", "Mark this user for the grid, or remove the mark"),
        bound("compare", "grid", "Open the grid of the marked users, or of all that are listed"),
        bound("differences", "part('comparison', 'hide_equal')"),
        bound("probe", "probe"),
        bound("probe-unsafe", "probe_unsafe"),
        bound("fix", "to_form", "Fill this user into the form"),
        bound("export", "export", "Write the comparison as Markdown"),
        bound("copy", "copy", "Copy a token or the comparison …", priority=True),
    ]
    PARTS: ClassVar[Mapping[str, str]] = {"users": "The users"}
    PANES = ("users", "compare")
    EDGES: ClassVar[tuple[Edge, ...]] = (Edge("users-box", "width", 24, 40),)
    FILLS: ClassVar[tuple[str, ...]] = ("compare-box", "users-box")
    AUTO_FOCUS = ""

    pane: reactive[str] = reactive("users", init=False)

    def __init__(self, runs: TwoTokenRuns) -> None:
        super().__init__(classes="-pane-users")
        self.runs = runs

    def compose(self) -> ComposeResult:
        environment = self.runs.draft.environment
        words = "two runs" if self.runs.standard else "two tokens"
        yield Static(shown(f"airisk-tui  ◉ {environment}  {words}"), id="two-title", classes="title", markup=False)
        yield Static(id="two-status", markup=False)
        yield self.guide
        with Horizontal(id="two-halves"):
            yield SecondRunBox(self.runs.draft) if self.runs.standard else UsersBox()
            with Vertical(id="compare-box"):
                view = ComparisonView()
                view.border_title = (
                    "The first against the second" if self.runs.standard else "Generic against user-specific"
                )
                yield view
        yield KeyBar()

    def on_mount(self) -> None:
        """Press the key, or show what is here already."""
        self.runs.on_state = self.follow
        if self.runs.generic is not None and self.runs.pair is None:
            self.show_users()
            self.call_after_refresh(self.focus_pane)
            return
        if self.runs.pair is None:
            self.action_run_generic()
            return
        self.show_users()
        self.compare(self.runs.pair)
        what = "starts the first run again" if self.runs.standard else "gets a new generic token"
        self.status(f"✓ These are the tokens from before, because the form has not changed. F8 {what}.")

    @property
    def live_run(self) -> Run | None:
        return self.runs.live_run

    # What is shown

    def hints(self) -> Iterator[KeyHint]:
        runs, busy = self.runs, self.live_run is not None
        yield KeyHint("Esc", self._out)
        if self.guide.waiting:
            yield from self.guide.hints(KeyHint("F6", "Direct"))
        elif not busy:
            yield from self._pane_hints()
        if self.copyables():
            yield KeyHint("F5", "Copy")
        if not busy:
            if runs.pair is not None:
                users = self.pane == "users"
                back = "Second run" if runs.standard else "Users"
                yield (KeyHint("F3", "Comparison") if users else KeyHint("F2", back))
            if not self.typing and not runs.standard:
                yield KeyHint("t", "With bearer" if runs.with_bearer else "No bearer")
            if not runs.mistake:
                yield KeyHint("F8", "Run again")

    @property
    def _searching(self) -> bool:
        """Whether the search line has the focus, and something is typed or listed."""
        if self.runs.standard:
            return False
        search, rows = self.query_one("#users-search", Input), self.query_one(RowList).rows
        return search.has_focus and self.live_run is None and bool(search.value or rows)

    @property
    def _out(self) -> str:
        """The words for Esc."""
        if self._searching:
            return "To the list"
        if self.live_run is not None:
            return "To the keys" if self.typing else "Cancel"
        return "Back"

    def _pane_hints(self) -> Iterator[KeyHint]:
        if self.pane == "users":
            if self.runs.generic is not None and self._box.choice:
                yield KeyHint("Enter", "Run it" if self.runs.standard else "Token for this user")
                if not self.typing and not self.runs.standard:
                    marked = len(self.query_one(UsersBox).marked)
                    yield KeyHint("=", f"Grid of {marked}" if marked else "Grid of all")
                    yield KeyHint("Space", "Mark")
        elif self.runs.pair is not None:
            yield KeyHint("d", "What is equal")
            yield KeyHint("p", "Probe")
            yield KeyHint("e", "Export")
            if not self.runs.standard:
                yield KeyHint("f", "User to the form")

    def copyables(self) -> tuple[Copyable, ...]:
        """The authorization URL during a wait, then the tokens and their comparison."""
        url = self.guide.url
        waiting = [Copyable("u", "the authorization URL", lambda: url)] if url else []
        return (*waiting, *self.runs.copyables())

    def draw_panes(self) -> None:
        self.unzoom()
        self.size_parts()

    def watch_pane(self, pane: str) -> None:
        super().watch_pane(pane)
        self.focus_pane()

    def focus_pane(self) -> None:
        """Focus the half that the keys are about."""
        if self.pane == "users":
            self._box.enter()
        else:
            self.query_one("#comparison").focus()

    @property
    def _box(self) -> UsersBox | SecondRunBox:
        return self.query_one(SecondRunBox) if self.runs.standard else self.query_one(UsersBox)

    def status(self, text: str) -> None:
        """Show a sentence below the title. text: may quote foreign text."""
        self.query_one("#two-status", Static).update(shown(with_chosen_keys(text), lines=True))

    def show_progress(self, state: FlowState, words: str) -> None:
        if state.inputs is not None and self.runs.standard:
            self.status(f"● {'The second run' if self.runs.generic else 'The first run'}: {words}")
        elif state.inputs is not None:
            self.status(f"● For {visible(state.inputs.userid or '') or 'the application itself'}: {words}")

    def show_users(self) -> None:
        """List the users, and say what to do next."""
        if self.runs.standard:
            self.status("✓ The first run has its token. Change something for the second run, and press Enter.")
            return
        users = self.runs.users
        has_token = {userid: run.state.token is not None for userid, run in self.runs.tokens.items()}
        self.query_one(UsersBox).show(users, has_token)
        if users.problem or not users.users:
            why = users.problem or "ListUsers answered with an empty list."
            self.status(f"✓ The generic token has come.  ✗ {why} Type a user id and press Enter.")
            return
        more = f" There are more: {users.more}." if users.more else ""
        self.status(f"✓ The generic token has come. {len(users.users):,} users: choose one and press Enter.{more}")

    def compare(self, pair: tuple[Run, Run]) -> None:
        """Compare both runs."""
        left, right = (run.state for run in pair)
        self.query_one(ComparisonView).show(left, right, self.runs.titles(pair), self.runs.verdict(pair))
        came = (
            f"The second run ({visible(self.runs.chosen)}) has its token, too"
            if self.runs.standard
            else f"The token for {visible(self.runs.chosen)} has come, too"
        )
        self.status(f"✓ {came}. {chosen_key('p')} probes what each token may do.")
        self.pane = "compare"
        self.focus_pane()

    # The two runs

    def action_run_generic(self) -> None:
        mistake = self.runs.mistake
        if mistake:
            self.status(f"✗ {mistake} Press Esc to go back to the form.")
        elif self.live_run is None:
            self.run_worker(self._run_generic(), exclusive=True)

    async def _run_generic(self) -> None:
        self.status("● Getting the first token …" if self.runs.standard else "● Getting a generic token …")
        run = await self.runs.get_generic()
        self.run_ended()
        self.pane = "users"
        if run.state.token is None:
            self.status(f"✗ {self.runs.failure(run, 'No first token' if self.runs.standard else 'No generic token')}")
        else:
            self.show_users()
        self.focus_pane()

    @on(UsersBox.Chosen)
    def _user_chosen(self, event: UsersBox.Chosen) -> None:
        event.stop()
        if self.runs.standard:
            self.runs.second = self.query_one(SecondRunBox).second
        self.choose(event.userid)

    def choose(self, userid: str) -> None:
        """Show the token of a user; get one where the user has none, or a new one where it is shown already."""
        generic = self.runs.generic
        if not userid or generic is None or self.live_run is not None:
            return
        known = self.runs.tokens.get(userid)
        if known is not None and known.state.token is not None and userid != self.runs.chosen:
            self.runs.chosen = userid
            self.compare((generic, known))
        else:
            self.run_worker(self._run_user(userid, generic), exclusive=True)

    async def _run_user(self, userid: str, generic: Run) -> None:
        self.status(f"● Getting a token for {visible(userid)} …")
        run = await self.runs.get_user(userid, generic)
        self.run_ended()
        self.show_users()
        pair = self.runs.pair
        if pair is not None:
            self.compare(pair)
        else:
            self.status(f"✗ {self.runs.failure(run, f'No token for {visible(userid)}')}")
            self.focus_pane()

    def action_choose(self) -> None:
        if self.pane == "users":
            self._box.choose()

    def action_direct(self) -> None:
        """Run without a browser from now on; start the waiting run again in that way."""
        if self.live_run is not None:
            self.run_worker(self._run_directly(self.live_run), exclusive=True)

    async def _run_directly(self, run: Run) -> None:
        self.runs.draft = self.runs.draft.to(mode="direct")
        run.cancel()
        # The worker that waited for it ends here, and forgets the live run: a task that begins eagerly (Python 3.12) would be ahead.
        await run.finished()
        userid = (run.state.inputs.userid if run.state.inputs else None) or (
            self.runs.chosen if self.runs.standard else ""
        )
        if userid and self.runs.generic is not None:
            await self._run_user(userid, self.runs.generic)
        else:
            await self._run_generic()

    def action_bearer(self) -> None:
        """Send the generic token as bearer in the second token request, or stop doing so (protocol.md, step 2)."""
        if self.runs.standard:
            return
        self.runs.with_bearer = not self.runs.with_bearer
        words = "with the generic token as bearer" if self.runs.with_bearer else "without a bearer token"
        self.say(f"The user-specific token request is sent {words} now.")

    # Many users

    def action_mark(self) -> None:
        if self.pane == "users" and not self.runs.standard:
            self.query_one(UsersBox).mark()

    def action_grid(self) -> None:
        """Open the grid of the marked users, or of all that match the search; many runs start only after a question."""
        users = () if self.runs.standard else self.query_one(UsersBox).many
        if self.live_run is None and users:
            self.run_worker(self._open_grid(users), exclusive=True)

    async def _open_grid(self, users: tuple[str, ...]) -> None:
        question = f"The grid makes {len(users) + 1:,} runs, each with a code and a token. Go on?"
        if len(users) <= ASKED_FROM or await self.app.push_screen_wait(ConfirmScreen(question)):
            chosen = await self.open_screen_wait("grid", self.runs.session, self.runs.draft, ("", *users))
            if chosen:
                self.choose(chosen)

    # What the tokens may do

    def action_probe(self) -> None:
        """Probe the safe endpoints with each token, without one, with a broken one and with an expired one."""
        pair = self.runs.pair
        if pair is not None and self.live_run is None:
            self.run_worker(self._probe(pair), exclusive=True)

    async def _probe(self, pair: tuple[Run, Run]) -> None:
        self.status(ASKING_BOTH if self.runs.standard else ASKING_ALL)
        await probe_all(self.runs.session, pair, self.runs.draft)
        self.run_ended()
        self.compare(pair)
        self.status("✓ The endpoints were called: see what each token may do under Access.")
        if unsafe := unsafe_endpoints(self.runs.session, self.runs.draft):
            names = ", ".join(visible(endpoint.name) for endpoint in unsafe)
            self.status(
                f"✓ The safe endpoints were called. {chosen_key('P')} calls those that may change something, one by one: {names}."
            )

    def action_probe_unsafe(self) -> None:
        """Call the endpoints whose method may change something, each only after a person agreed."""
        pair = self.runs.pair
        if pair is not None and self.live_run is None:
            self.run_worker(self._probe_unsafe(pair), exclusive=True)

    async def _probe_unsafe(self, pair: tuple[Run, Run]) -> None:
        endpoints = unsafe_endpoints(self.runs.session, self.runs.draft)
        if not endpoints:
            self.status("✓ No endpoint of this environment has a method that may change something.")
        for endpoint in endpoints:
            question = f"{endpoint.name} may change something on the server.\nCall it with both tokens?"
            if await self.app.push_screen_wait(ConfirmScreen(question)):
                for run in pair:
                    await probe_one(run, endpoint)
                self.run_ended()
                self.compare(pair)

    # Other keys

    def action_pane(self, pane: str) -> None:
        if pane == "users" or self.runs.pair is not None:
            self.pane = pane
            self.focus_pane()

    def action_to_form(self) -> None:
        chosen = self._box.choice if self.pane == "users" else self.runs.chosen
        if chosen and not self.runs.standard and self.live_run is None:
            self.dismiss(chosen)

    def action_export(self) -> None:
        if self.runs.pair is not None:
            save_text(
                self, "two-runs.md" if self.runs.standard else "two-tokens.md", self.runs.markdown(self.runs.pair)
            )

    def left_field(self) -> bool:
        """Leave the search line for the list; while a run is live, leave any field, so that the next Esc cancels the run."""
        if self._searching:
            self.query_one(RowList).focus()
            return True
        return self.live_run is not None and super().left_field()

    def action_back(self) -> None:
        """See `AppScreen`; on a narrow terminal, go from the comparison to the users first."""
        if self.live_run is not None or not self.has_class("-narrow") or self.pane == "users":
            super().action_back()
        elif not (self.left_search() or self.unzoom()):
            self.pane = "users"

    def action_leave(self) -> None:
        """Cancel the live run, else leave the screen, and say that the tokens are kept."""
        if self.live_run is None and self.runs.pair is not None:
            self.say(with_chosen_keys(KEPT))
        super().action_leave()
