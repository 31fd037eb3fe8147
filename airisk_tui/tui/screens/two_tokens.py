"""Two tokens, guided: a generic run, its users, the user-specific run of the chosen one, both side by side (screens.md).

Opening the screen presses the key: the generic flow runs at once with what stands in the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input, Static

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.state import FlowState
from airisk_tui.flow.steps import rail
from airisk_tui.insight.comparison_markdown import comparison_markdown
from airisk_tui.insight.verdict import Verdict, judge
from airisk_tui.oauth.text import visible
from airisk_tui.oauth.users import UserList
from airisk_tui.session.explaining import explained
from airisk_tui.session.probing import probe_all, probe_one, unsafe
from airisk_tui.session.two_tokens import generic_run, user_run, users_of
from airisk_tui.tui.saving import save_text
from airisk_tui.tui.screens.confirm import ConfirmScreen
from airisk_tui.tui.spoken import on_screen
from airisk_tui.tui.text import shown
from airisk_tui.tui.widgets.comparison import ComparisonView
from airisk_tui.tui.widgets.keybar import KeyBar, KeyHint
from airisk_tui.tui.widgets.users import UsersBox

if TYPE_CHECKING:
    from airisk_tui.session.session import Session
    from airisk_tui.tui.screens.actions import RunActions

WIDE = 120
"""Columns from which on the users stay beside the comparison."""

GENERIC = "generic"


class TwoTokensScreen(Screen[None]):
    """See the module. pane: which half is seen where there is room for one only."""

    DEFAULT_CSS = """
    TwoTokensScreen #two-title { height: 1; padding: 0 1; background: $panel; }
    TwoTokensScreen #two-status { height: auto; padding: 0 1; margin: 0 0 1 0; }
    TwoTokensScreen #users-box { width: 38%; }
    TwoTokensScreen #compare-box { width: 1fr; border: round $primary; }
    TwoTokensScreen #users-box:focus-within, TwoTokensScreen #compare-box:focus-within { border: round $accent; }
    TwoTokensScreen.-narrow #users-box, TwoTokensScreen.-narrow #compare-box { width: 100%; display: none; }
    TwoTokensScreen.-narrow.-users #users-box, TwoTokensScreen.-narrow.-compare #compare-box { display: block; }
    TwoTokensScreen #keybar { height: 1; padding: 0 1; background: $footer-background; color: $footer-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "again", "Run the generic flow again", priority=True),
        Binding("ctrl+b", "bearer", "The second run carries the generic token, or not", priority=True),
        Binding("ctrl+u", "users", "Choose a user", priority=True),
        Binding("slash", "users", "Choose a user"),
        Binding("equals_sign", "hide_equal", "Show or hide what is equal"),
        Binding("p", "probe", "Ask what each token may do; also without, with a broken and with an expired one"),
        Binding("P", "probe_unsafe", "Ask the endpoints that may change something, each after a question"),
        Binding("x", "export", "Write the comparison as Markdown"),
        Binding("escape,ctrl+c", "back", "Cancel the run, else back", priority=True),
    ]
    pane: reactive[str] = reactive("users", init=False)
    with_bearer: reactive[bool] = reactive(False, init=False)

    def __init__(self, session: Session, draft: Draft) -> None:
        super().__init__(classes="-users")
        self._session = session
        self._draft = draft
        self._live: Run | None = None
        self._generic: Run | None = None
        self._users: UserList = UserList()
        self._tokens: dict[str, Run] = {}
        self._chosen: str | None = None

    def compose(self) -> ComposeResult:
        """The title, what happens, users and comparison, the keys."""
        yield Static(shown(f"airisk-tui  ◉ {self._draft.environment}  two tokens"), id="two-title", markup=False)
        yield Static(id="two-status", markup=False)
        with Horizontal():
            yield UsersBox()
            with Vertical(id="compare-box") as compare:
                compare.border_title = "Generic against user-specific"
                yield ComparisonView()
        yield KeyBar()

    def on_mount(self) -> None:
        """Press the key."""
        self._resized()
        self.action_again()

    @on(events.Resize)
    def _resized(self) -> None:
        self.set_class(self.app.size.width < WIDE, "-narrow")
        self._hint()

    def watch_pane(self, pane: str) -> None:
        """One half where there is room for one."""
        self.set_class(pane == "users", "-users").set_class(pane == "compare", "-compare")
        self.query_one("#user-search" if pane == "users" else "#comparison").focus()
        self._hint()

    def watch_with_bearer(self) -> None:
        """Say which way the second run goes."""
        self._hint()
        words = "carries the generic token as bearer" if self.with_bearer else "carries no bearer token"
        self.notify(f"The user-specific run now {words}.", markup=False)

    def _hint(self) -> None:
        bearer = KeyHint("^B", "Bearer on" if self.with_bearer else "Bearer off", "bearer")
        back = KeyHint("Esc", "Cancel" if self._live else "Back", "back")
        if self.pane == "users":
            hints: tuple[KeyHint, ...] = (
                back,
                KeyHint("Enter", "Token for this user", "none"),
                bearer,
                KeyHint("^T", "Again", "again"),
            )
        else:
            export = KeyHint("x", "Export", "export")
            hints = (back, KeyHint("=", "All, or what differs", "hide_equal"), KeyHint("p", "Probe", "probe"), export)
            hints += (KeyHint("^U", "Users", "users"), bearer)
        self.query_one(KeyBar).hints = hints

    def _status(self, text: str) -> None:
        self.query_one("#two-status", Static).update(shown(text, lines=True))

    def action_again(self) -> None:
        """Run the generic flow, list the users, and let one be chosen."""
        wrong = [mistake for mistake in self._draft.to(userid="").mistakes() if mistake.severity == "error"]
        if wrong:
            self._status(f"✗ {wrong[0].sentence} Press Esc to go back to the form.")
        elif self._live is None:
            self.run_worker(self._run_generic(), exclusive=True)

    async def _run_generic(self) -> None:
        self._status("● Getting a generic token …")
        run = await generic_run(self._session, self._draft, self._heard, self._started)
        self._live = None
        self._hint()
        if run.state.token is None:
            self._status(self._failure(run, "No generic token"))
            return
        self._generic = run
        self._users = users_of(run.state) or UserList(
            problem="This environment lists no users: ListUsers is not among its endpoints."
        )
        self._show_users()
        self.pane = "users"
        self.query_one("#user-search").focus()

    def _show_users(self) -> None:
        told = self._users
        tokens = {userid: run.state.token is not None for userid, run in self._tokens.items()}
        self.query_one(UsersBox).show(told, tokens)
        if told.problem or not told.users:
            why = told.problem or "ListUsers answered with an empty list."
            self._status(f"✓ The generic token is here.  ✗ {why} Type a user id and press Enter.")
            return
        more = f" There are more: {told.more}." if told.more else ""
        self._status(f"✓ The generic token is here. {len(told.users):,} users: choose one and press Enter.{more}")

    @on(UsersBox.Chosen)
    def _user_chosen(self, event: UsersBox.Chosen) -> None:
        self._choose(event.userid)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted redirect, while one is waited for."""
        if self._live is not None and not isinstance(self.focused, Input):
            sentence = self._live.paste(event.text)
            if sentence:
                self.notify(sentence, severity="warning", markup=False)

    def _choose(self, userid: str) -> None:
        if not userid or self._generic is None or self._live is not None:
            return
        remembered = self._tokens.get(userid)
        if remembered is not None and remembered.state.token is not None and userid != self._chosen:
            self._chosen = userid
            self._compare(remembered)
        else:
            self._chosen = userid
            self.run_worker(self._run_user(userid, self._generic), exclusive=True)

    async def _run_user(self, userid: str, generic: Run) -> None:
        self._status(f"● Getting a token for {visible(userid)} …")
        bearer = generic if self.with_bearer else None
        run = await user_run(self._session, self._draft, userid, self._heard, bearer=bearer, started=self._started)
        self._live = None
        self._tokens[userid] = run
        self._show_users()
        if run.state.token is None:
            self._status(self._failure(run, f"No token for {visible(userid)}"))
            self._hint()
            return
        self._compare(run)

    def _compare(self, run: Run) -> None:
        if self._generic is None:
            return
        left, right = self._generic.state, run.state
        self.query_one(ComparisonView).show(left, right, (GENERIC, self._title(run)), self._verdict(run))
        self._status(f"✓ A token for {visible(self._chosen or '')}, beside the generic one. p asks what each may do.")
        self.pane = "compare"

    def _title(self, run: Run) -> str:
        userid = (run.state.inputs.userid if run.state.inputs else None) or ""
        name = next((user.name for user in self._users.users if user.id == userid), "")
        return f"user-specific ({userid}{', ' + name if name else ''})"

    def _verdict(self, run: Run) -> Verdict:
        if self._generic is None:
            return Verdict("")
        return judge(self._generic.state, run.state)

    def _failure(self, run: Run, what: str) -> str:
        report = explained(self._session, run)
        first = report.first
        if first is None:
            return f"✗ {what}: {run.state.outcome}."
        return f"✗ {what}. {first.title}\nFix  {on_screen(first.fix)}"

    def _started(self, run: Run) -> None:
        self._live = run
        self._hint()

    def _heard(self, event: object, state: FlowState) -> None:
        running = next((step for step in rail(state) if step.status == "running"), None)
        if running is not None and state.inputs is not None:
            who = visible(state.inputs.userid or "") or "the application itself"
            url = (
                f"\n{self._session.unseal(state.inputs.authorization_url)}"
                if running.name in ("browser", "redirect")
                else ""
            )
            self._status(f"● For {who}: {running.title.lower()} …{url}")

    def action_probe(self) -> None:
        """Ask what each token may do, and what happens without one, with a broken and with an expired one."""
        run = self._tokens.get(self._chosen or "")
        if run is not None and self._generic is not None and self._live is None:
            self.run_worker(self._probe(self._generic, run), exclusive=True)

    async def _probe(self, generic: Run, run: Run) -> None:
        self._status("● Asking every endpoint with each token, without one, and with a broken one …")
        skipped = await probe_all(self._session, (generic, run), self._draft)
        self._compare(run)
        self._status("✓ Asked: what each token may do stands below Access.")
        if skipped:
            names = ", ".join(map(visible, skipped))
            self._status(f"✓ Asked. Not asked, because they may change something: {names}. P asks them one by one.")

    def action_probe_unsafe(self) -> None:
        """Ask the endpoints whose method may change something, each only after a person said so."""
        run = self._tokens.get(self._chosen or "")
        if run is not None and self._generic is not None and self._live is None:
            self.run_worker(self._probe_unsafe(self._generic, run), exclusive=True)

    async def _probe_unsafe(self, generic: Run, run: Run) -> None:
        endpoints = unsafe(self._session, self._draft)
        if not endpoints:
            self._status("✓ There are no such endpoints: every one of this environment has a safe method.")
        for endpoint in endpoints:
            question = f"{endpoint.name} may change something on the server.\nSend it with both tokens?"
            if await self.app.push_screen_wait(ConfirmScreen(question)):
                for one in (generic, run):
                    await probe_one(one, endpoint)
                self._compare(run)

    def action_bearer(self) -> None:
        """Whether the second run carries the generic token (protocol.md, step 2)."""
        self.with_bearer = not self.with_bearer

    def action_users(self) -> None:
        """Back to the users."""
        self.pane = "users"
        self.query_one("#user-search").focus()

    def action_hide_equal(self) -> None:
        """With or without what is equal."""
        view = self.query_one(ComparisonView)
        view.hide_equal = not view.hide_equal

    def action_export(self) -> None:
        """Write the comparison as Markdown."""
        run = self._tokens.get(self._chosen or "")
        if run is not None and self._generic is not None:
            titles = (GENERIC, self._title(run))
            text = comparison_markdown(self._generic.state, run.state, titles, self._verdict(run))
            save_text(self, "two-tokens.md", text)

    def action_back(self) -> None:
        """Cancel what runs; else back to the run screen."""
        if self._live is not None:
            self._live.cancel()
        elif self.has_class("-narrow") and self.pane == "compare":
            self.pane = "users"
        else:
            self.dismiss()


def make(screen: RunActions) -> TwoTokensScreen:
    """The screen, with what stands in the form of the run screen."""
    if screen.conductor is None:
        raise RuntimeError("The environment is not ready.")
    return TwoTokensScreen(screen.conductor.session, screen.draft())
