"""The second of two runs at a standard server: what differs from the first one."""

from __future__ import annotations

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from airisk_tui.engine.draft import Draft
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret
from airisk_tui.tui.run.request.field import Choice, Field
from airisk_tui.tui.two_tokens.users import UsersBox

ABOUT = Content(
    "The first run is as the form says. Change what differs in the second one: the scope, the client, or the user, who has to sign "
    "in again (prompt=login). Enter starts the run."
)

NO, YES = "the same", "another"


class SecondRun(Struct, frozen=True):
    """scope, client_id, client_secret: of the second run; another_user: whether somebody else signs in."""

    scope: str = ""
    client_id: str = ""
    client_secret: str = ""
    another_user: bool = False

    def name(self, draft: Draft) -> str:
        """The difference from the first run, in words."""
        parts = [
            f"scope {self.scope or 'of the server’s choice'}" if self.scope != (draft.scope or "") else "",
            f"client {self.client_id}" if self.client_id != draft.client_id else "",
            "another user" if self.another_user else "",
        ]
        return ", ".join(filter(None, parts)) or "the same again"

    def draft(self, draft: Draft) -> Draft:
        """The draft of the second run. The secret of another client goes to the server of the form alone."""
        changed = draft.to(scope=self.scope, client_id=self.client_id)
        if self.client_id != draft.client_id:
            secret = Secret(self.client_secret) if self.client_secret else None
            changed = changed.to(client_secret=secret, client_auth="auto", client_key="").bound()
        if self.another_user:
            changed = changed.to(params=changed.params + Params((("prompt", "login"),)))
        return changed


class SecondRunBox(Vertical):
    """Takes the place of the users at a standard server. Posts UsersBox.Chosen with what differs, in words."""

    DEFAULT_CSS = """
    SecondRunBox { padding: 0 1; }
    SecondRunBox Static { height: auto; margin-bottom: 1; }
    """

    def __init__(self, draft: Draft) -> None:
        super().__init__(id="users-box", classes="box")
        self._draft = draft
        self.border_title = "The second run"

    def compose(self) -> ComposeResult:
        yield Static(ABOUT, markup=False)
        yield Field("second_scope", "Scope", placeholder="empty: openid, where the server knows it")
        yield Field("second_client", "Client ID")
        yield Field("second_secret", "Client secret", placeholder="of another client", password=True)
        yield Choice("second_user", "User", (NO, YES), NO)

    def on_mount(self) -> None:
        """Begin with what the first run has."""
        self._field("scope").fill(self._draft.scope or "")
        self._field("client").fill(self._draft.client_id)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#second-{name}", Field)

    @property
    def second(self) -> SecondRun:
        """The second run as the fields describe it."""
        scope, client, secret = (self._field(name).value.strip() for name in ("scope", "client", "secret"))
        return SecondRun(scope, client, secret, self.query_one("#second-user", Choice).value == YES)

    @property
    def choice(self) -> str:
        """The difference from the first run, in words."""
        return self.second.name(self._draft)

    def enter(self) -> None:
        """Focus the first row."""
        self._field("scope").focus()

    def choose(self) -> None:
        """Post Chosen, which starts the run."""
        self.post_message(UsersBox.Chosen(self.choice))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.choose()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
