"""What the two-token screen's keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airisk_tui.engine.run import Run
from airisk_tui.oauth.text import visible
from airisk_tui.tui.comparison.view import ComparisonView
from airisk_tui.tui.shared.copying import Copyable
from airisk_tui.tui.shared.dialogs import ConfirmScreen
from airisk_tui.tui.shared.saving import save_text
from airisk_tui.tui.two_tokens.runs import TwoTokenRuns
from airisk_tui.tui.two_tokens.users import UsersBox

if TYPE_CHECKING:
    from airisk_tui.tui.shared.screen import AppScreen

    Mixin = AppScreen[None]
else:
    Mixin = object

KEPT = "Both tokens are kept while the form stays as it is: ^T shows them again."


class TwoTokensActions(Mixin):
    """Mixed into the screen, which has the widgets."""

    runs: TwoTokenRuns

    if TYPE_CHECKING:

        @property
        def busy(self) -> bool: ...
        def status(self, text: str) -> None: ...
        def ended(self) -> None: ...
        def focus_pane(self) -> None: ...
        def show_users(self) -> None: ...
        def compare(self, pair: tuple[Run, Run]) -> None: ...

    def action_again(self) -> None:
        """Run the generic flow, list the users, and let one be chosen."""
        mistake = self.runs.mistake
        if mistake:
            self.status(f"✗ {mistake} Press Esc to go back to the form.")
        elif not self.busy:
            self.run_worker(self._run_generic(), exclusive=True)

    async def _run_generic(self) -> None:
        self.status("● Getting a generic token …")
        run = await self.runs.get_generic()
        self.ended()
        self.pane = "users"
        if run.state.token is None:
            self.status(f"✗ {self.runs.failure(run, 'No generic token')}")
        else:
            self.show_users()
        self.focus_pane()

    def choose(self, userid: str) -> None:
        """A token for this user: the one that is here, or a new one when it is the one that is shown."""
        generic = self.runs.generic
        if not userid or generic is None or self.busy:
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
        self.ended()
        self.show_users()
        pair = self.runs.pair
        if pair is not None:
            self.compare(pair)
        else:
            self.status(f"✗ {self.runs.failure(run, f'No token for {visible(userid)}')}")
            self.focus_pane()

    def action_choose(self) -> None:
        """The user under the cursor, or as typed."""
        if self.pane == "users":
            self.query_one(UsersBox).choose()

    def action_direct(self) -> None:
        """From here on without a browser; what is under way begins anew."""
        if self.runs.live is not None:
            self.run_worker(self._directly(self.runs.live), exclusive=True)

    async def _directly(self, live: Run) -> None:
        self.runs.draft = self.runs.draft.to(mode="direct")
        live.cancel()
        await live.finished()
        userid = (live.state.inputs.userid if live.state.inputs else None) or ""
        if userid and self.runs.generic is not None:
            await self._run_user(userid, self.runs.generic)
        else:
            await self._run_generic()

    def action_probe(self) -> None:
        """Ask what each token may do, and what happens without one, with a broken and with an expired one."""
        pair = self.runs.pair
        if pair is not None and not self.busy:
            self.run_worker(self._probe(pair), exclusive=True)

    async def _probe(self, pair: tuple[Run, Run]) -> None:
        self.status("● Asking every endpoint with each token, without one, and with a broken one …")
        skipped = await self.runs.probe(pair)
        self.ended()
        self.compare(pair)
        self.status("✓ Asked: what each token may do stands below Access.")
        if skipped:
            names = ", ".join(map(visible, skipped))
            self.status(f"✓ Asked. Not asked, because they may change something: {names}. P asks them one by one.")

    def action_probe_unsafe(self) -> None:
        """Ask the endpoints whose method may change something, each only after a person said so."""
        pair = self.runs.pair
        if pair is not None and not self.busy:
            self.run_worker(self._probe_unsafe(pair), exclusive=True)

    async def _probe_unsafe(self, pair: tuple[Run, Run]) -> None:
        endpoints = self.runs.unsafe()
        if not endpoints:
            self.status("✓ There are no such endpoints: every one of this environment has a safe method.")
        for endpoint in endpoints:
            question = f"{endpoint.name} may change something on the server.\nSend it with both tokens?"
            if await self.app.push_screen_wait(ConfirmScreen(question)):
                await self.runs.probe_unsafe(pair, endpoint)
                self.ended()
                self.compare(pair)

    def action_bearer(self) -> None:
        """Whether the second run carries the generic token (protocol.md, step 2)."""
        self.runs.with_bearer = not self.runs.with_bearer
        words = "carries the generic token as bearer" if self.runs.with_bearer else "carries no bearer token"
        self.say(f"The user-specific run now {words}.")
        self.draw_hints()

    def action_users(self) -> None:
        """To the users; from them to the comparison, where there is one."""
        self.pane = "compare" if self.pane == "users" and self.runs.pair is not None else "users"
        self.focus_pane()

    def action_hide_equal(self) -> None:
        """With or without what is equal."""
        view = self.query_one(ComparisonView)
        view.hide_equal = not view.hide_equal

    def action_export(self) -> None:
        """Write the comparison as Markdown."""
        if self.runs.pair is not None:
            save_text(self, "two-tokens.md", self.runs.markdown(self.runs.pair))

    def copyables(self) -> tuple[Copyable, ...]:
        """Of both runs, and their comparison."""
        return self.runs.copyables()

    def action_back(self) -> None:
        """Cancel what runs; else back to the run screen, which leads here again."""
        if self.runs.live is not None:
            self.runs.live.cancel()
        elif self.has_class("-narrow") and self.pane == "compare":
            self.pane = "users"
        else:
            if self.runs.pair is not None:
                self.say(KEPT)
            self.dismiss()
