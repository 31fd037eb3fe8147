"""The agents of the sandbox, and the conversations that its users have with them (protocol.md, step 3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from airisk_tui.sandbox.data.registry import User

COMPANY: Final = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
CONVERSATIONS_KEPT: Final = 100  # per user; the oldest are dropped, so that memory stays bounded
MESSAGES_KEPT: Final = 20  # per conversation; the oldest are dropped
TEXT_KEPT: Final = 4_000  # characters of a message


class Agent(Struct, frozen=True):
    """An agent of the platform. Clients call it a bot."""

    id: str
    name: str


AGENTS: Final = (
    Agent("16fd2706-8baf-433b-82eb-8c7fada847da", "Risk analyst"),
    Agent("886313e1-3b8a-5372-9b90-0c9aee199e5d", "Supplier reviewer"),
)


class Conversation(Struct):
    """A conversation of a user and an agent. messages: pairs of author and text; files: the names of added files."""

    id: str
    title: str
    agent: Agent = AGENTS[0]
    messages: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add(self, author: str, text: str) -> None:
        """Add a message."""
        self.messages = [*self.messages, (author, text[:TEXT_KEPT])][-MESSAGES_KEPT:]

    def add_files(self, names: Sequence[str]) -> None:
        """Add the names of files; their content is not kept."""
        self.files = [*self.files, *(name[:TEXT_KEPT] for name in names)][-MESSAGES_KEPT:]


class ConversationBook:
    """The conversations of each user, of which the first two are the same. A generic token that is accepted has its own."""

    def __init__(self) -> None:
        self._by_user: dict[str, list[Conversation]] = {}

    def of(self, user: User | None) -> list[Conversation]:
        """The conversations of a user, in the order in which they began."""
        owner = user.id if user is not None else ""
        titles = ("Quarterly risk review", "Supplier questionnaire")
        first = [Conversation(f"conversation_{number}", title) for number, title in enumerate(titles, 1)]
        return self._by_user.setdefault(owner, first)

    def find(self, user: User | None, conversation_id: str) -> Conversation | None:
        """The user's conversation with this id, or None."""
        return next((one for one in self.of(user) if one.id == conversation_id), None)

    def create(self, user: User | None, title: str, agent: Agent) -> Conversation:
        """Begin a conversation."""
        made = Conversation(str(uuid.uuid4()), title[:TEXT_KEPT], agent)
        listed = self.of(user)
        listed.append(made)
        del listed[:-CONVERSATIONS_KEPT]
        return made
