"""The runs of the two-token screen and their tokens, which are kept when the screen is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.events import RunStarted
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.comparison.report import comparison_json, comparison_markdown
from airisk_tui.insight.comparison.verdict import Verdict, judge, judge_two
from airisk_tui.insight.rendering import on_screen
from airisk_tui.insight.words.outcomes import OUTCOMES
from airisk_tui.oauth.answer.users import UserList
from airisk_tui.oauth.reference import plain_json
from airisk_tui.session.session import Session
from airisk_tui.session.two_tokens import (
    any_run,
    generic_draft,
    user_draft,
    users_of,
)
from airisk_tui.tui.shared.screen import Copyable
from airisk_tui.tui.two_tokens.second_run import SecondRun

GENERIC = "generic"
NO_USERS = "This environment lists no users: ListUsers is not among its endpoints."


class TwoTokenRuns:
    """generic: the first run, once it has its token; users: the answer to its ListUsers; tokens: the newest run for each user id;
    chosen: the user whose token is compared; live_run: the run that is live now; on_state: called with each of its states.

    A standard server knows no user ids. There `generic` is the first run, `tokens` holds the second runs by what differs in them, and
    `second` says what differs in the next one.
    """

    def __init__(self, session: Session, draft: Draft, first: Run | None = None) -> None:
        """first: a run for this draft that has its token already; a standard server is not asked again then."""
        self.session = session
        self.draft = draft
        self.standard = draft.standard
        self.second = SecondRun()
        self.generic: Run | None = first if draft.standard else None
        self.users = UserList()
        self.tokens: dict[str, Run] = {}
        self.chosen = ""
        self.with_bearer = False
        self.live_run: Run | None = None
        self.on_state: Callable[[FlowState], None] = lambda state: None
        self._asked = draft

    def are_for(self, draft: Draft) -> bool:
        """Whether a draft asks for the same runs. State and user id do not count: each run has another state, and users are chosen on
        the screen."""
        return is_same(draft, self._asked)

    @property
    def pair(self) -> tuple[Run, Run] | None:
        """The generic run and the run of the chosen user, where both have their tokens."""
        run = self.tokens.get(self.chosen)
        if self.generic is None or run is None or run.state.token is None:
            return None
        return self.generic, run

    @property
    def mistake(self) -> str:
        """Why the generic run cannot start, or ""."""
        wrong = [one for one in self.draft.to(userid="").mistakes if one.severity == "error"]
        return wrong[0].sentence if wrong else ""

    async def get_generic(self) -> Run:
        """Run the generic flow, and list the users with its token."""
        draft = self.draft if self.standard else generic_draft(self.draft)
        try:
            run = await any_run(self.session, draft, self._on_event, self._on_start)
        finally:
            self.live_run = None
        if run.state.token is not None:
            self.generic = run
        if run.state.token is not None and not self.standard:
            self.users = users_of(run.state) or UserList(problem=NO_USERS)
            self.session.listed_users[self.draft.environment] = tuple(user.id for user in self.users.users)
        return run

    async def get_user(self, userid: str, generic: Run) -> Run:
        """Run the flow for a user; `with_bearer` adds the generic token to the token request (protocol.md, step 2)."""
        self.chosen = userid
        bearer = generic if self.with_bearer else None
        draft = user_draft(self.session, self.draft, userid, bearer=bearer)
        try:
            second = self.second.draft(self.draft) if self.standard else draft
            run = await any_run(self.session, second, self._on_event, self._on_start)
        finally:
            self.live_run = None
        self.tokens[userid] = run
        return run

    def _on_start(self, run: Run) -> None:
        self.live_run = run
        self.on_state(run.state)

    def _on_event(self, event: object, state: FlowState) -> None:
        if not isinstance(event, RunStarted):  # that is drawn once it is the live run, whose keys the footer shows
            self.on_state(state)

    def titles(self, pair: tuple[Run, Run]) -> tuple[str, str]:
        """The titles of the two columns."""
        if self.standard:
            return "first", f"second ({self.chosen})"
        inputs = pair[1].state.inputs
        userid = (inputs.userid if inputs else None) or ""
        name = next((user.name for user in self.users.users if user.id == userid), "")
        return GENERIC, f"user-specific ({userid}{', ' + name if name else ''})"

    def verdict(self, pair: tuple[Run, Run]) -> Verdict:
        """The verdict over both runs."""
        return (judge_two if self.standard else judge)(pair[0].state, pair[1].state)

    def failure(self, run: Run, what: str) -> str:
        """A sentence that says why a run got no token, and the fix. what: the beginning of the sentence."""
        first = self.session.explained(run).first
        return (
            f"{what}: {OUTCOMES[run.state.ended_in]}."
            if first is None
            else f"{what}. {first.title}\nFix  {on_screen(first.fix)}"
        )

    def markdown(self, pair: tuple[Run, Run]) -> str:
        """The comparison as a document for a ticket."""
        return comparison_markdown(pair[0].state, pair[1].state, self.titles(pair), self.verdict(pair))

    def json(self, pair: tuple[Run, Run]) -> str:
        """The comparison as `compare --json` prints it, without the two runs."""
        document = {"format": 1, **comparison_json(pair[0].state, pair[1].state, self.verdict(pair))}
        return plain_json(document)

    def copyables(self) -> Iterator[Copyable]:
        """The tokens, and their comparison."""
        names = (
            ("the first token", "the second token")
            if self.standard
            else ("the generic token", "the user-specific token")
        )
        if self.generic is not None:
            yield from self._token("g", names[0], self.generic)
        if (pair := self.pair) is not None:
            yield from self._token("t", names[1], pair[1])
            yield Copyable("m", "the comparison as Markdown", lambda: self.markdown(pair))
        if pair is not None and not self.standard:
            yield Copyable("j", "the comparison as JSON", lambda: self.json(pair))

    def _token(self, key: str, name: str, run: Run) -> Iterator[Copyable]:
        raw = self.session.raw_of(run, run.state.token) if run.state.token is not None else None
        if raw is not None:
            yield Copyable(key, name, lambda: raw, secret=True)


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts ask for the same runs, whatever state and user id they have."""
    return _without_choices(one) == _without_choices(other)


def _without_choices(draft: Draft) -> Draft:
    return draft.to(state="" if draft.state is not None else None, userid="")
