"""The users that ListUsers returned, with a search line, and for each user whether this session has a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from airisk_tui.oauth.answer.users import ListedUser, UserList
from airisk_tui.tui.shared.row_list import Row, RowList
from airisk_tui.tui.shared.virtual_list import SearchLine

FIXED = ("id", "name", "token")
SHOWN = frozenset({"id", "userid", "user_id", "name", "displayname", "fullname"})
"""Fields that the fixed columns show already; their names in lower case."""

MAX_EXTRA = 2
"""Other fields that get a column at most; a search looks through all fields."""


USUAL_SHARE = 0.38
"""The share of the screen's width that the style sheet of the screen gives the box; with the class -roomy it is more."""

AROUND = 5
"""Cells of the border, the padding and the scrollbar."""


class UsersBox(Vertical):
    """marked: user ids, in the order in which they were marked. Posts Chosen with the user id of the row under the cursor, or with what was
    typed where no row matches."""

    DEFAULT_CSS = """
    UsersBox { padding: 0 1; }
    """

    @dataclass
    class Chosen(Message):
        """A person wants a token for this user."""

        userid: str

    def __init__(self) -> None:
        super().__init__(id="users-box", classes="box")
        self.border_title = "Users"
        self.marked: list[str] = []
        self._shown: tuple[UserList, Mapping[str, bool]] = (UserList(), {})

    def compose(self) -> ComposeResult:
        rows = RowList(FIXED, "users", grow=1)
        yield SearchLine(rows, "search: any word of a field")
        yield rows

    def enter(self) -> None:
        """Focus the search line."""
        self.query_one("#users-search").focus()

    def show(self, users: UserList, tokens: Mapping[str, bool]) -> None:
        """Show these users. tokens: by user id, whether the newest run for the user got a token."""
        self._shown = (users, tokens)
        self.marked = [userid for userid in self.marked if userid in {user.id for user in users.users}]
        names = dict.fromkeys(name for user in users.users[:200] for name in user.members)
        extra = [name for name in names if name.lower() not in SHOWN][:MAX_EXTRA]
        rows = UserRows(users.users, extra, tokens, frozenset(self.marked))
        listed = self.query_one(RowList)
        listed.show_rows(rows, (*FIXED, *extra))
        # Make all rows now: neither the first frame nor the first keystroke should wait for them, nor for the second layout.
        self.call_after_refresh(rows.complete)
        # A token makes a comparison, which needs the room more than the users do.
        too_wide = listed.wanted_width + AROUND > self.screen.size.width * USUAL_SHARE
        self.call_after_refresh(self.set_class, too_wide and not any(tokens.values()), "-roomy")

    @property
    def choice(self) -> str:
        """The user id that Enter chooses, or "" for none."""
        current = self.query_one(RowList).current
        return current.key if current is not None else self.query_one("#users-search", Input).value.strip()

    @property
    def many(self) -> tuple[str, ...]:
        """The user ids of the marked users; where none is marked, of all that match the search."""
        return tuple(self.marked) or tuple(row.key for row in self.query_one(RowList).rows)

    def mark(self) -> None:
        """Mark the user under the cursor, or remove the mark."""
        if (current := self.query_one(RowList).current) is None:
            return
        if current.key in self.marked:
            self.marked.remove(current.key)
        else:
            self.marked.append(current.key)
        self.show(*self._shown)
        self.border_title = f"Users · {len(self.marked)} marked" if self.marked else "Users"

    def choose(self) -> None:
        """Post Chosen for `choice`."""
        self.post_message(self.Chosen(self.choice))

    @on(Input.Submitted, "#users-search")
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.choose()

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(event.item.key))


class UserRows(Sequence[Row]):
    """The rows of the users; each is made when it is first read. tokens: as for `UsersBox.show`; marked: user ids."""

    def __init__(
        self, users: Sequence[ListedUser], extra: Sequence[str], tokens: Mapping[str, bool], marked: frozenset[str]
    ) -> None:
        self._users = users
        self._extra = extra
        self._tokens = tokens
        self._marked = marked
        self._made: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._users)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        index = range(len(self))[at]
        if index not in self._made:
            self._made[index] = self._row(self._users[index])
        return self._made[index]

    def complete(self) -> None:
        """Make every row."""
        for _ in self:
            pass

    def _row(self, user: ListedUser) -> Row:
        token, fields = self._tokens.get(user.id), user.fields
        mark = f"{'●' if user.id in self._marked else ''}{'' if token is None else '✓' if token else '✗'}"
        cells = (user.id, user.name, mark, *[fields.get(name, "") for name in self._extra])
        return Row(user.id, cells, " ".join(fields.values()).casefold())
