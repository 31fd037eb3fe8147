"""The messages between this program, the browser and the server, from which a sequence diagram is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from airisk_tui.flow.events import AnyEvent, BrowserOpened, CallbackAnswered, CallbackReceived, RunStarted
from airisk_tui.oauth.http import HttpRequest
from airisk_tui.oauth.secret import secrets_named
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.oauth.urls import path_of
from airisk_tui.recording.exchanges import LoggedRequest, logged_requests

Party = Literal["app", "browser", "server"]

PARTIES: dict[Party, str] = {"app": "airisk-tui", "browser": "Browser", "server": "Server"}
"""The lifelines from left to right, with their titles."""

MAX_LABEL = 60
"""Characters of a label, which is one line above its arrow."""


class Message(Struct, frozen=True):
    """One arrow. at: seconds since the start of the run; label: one line, with references; failed: whether it did not arrive, or the
    answer refuses; seen: False for messages between browser and server, which are only inferred; about: "browser", or the name of its
    `LoggedRequest`; request: the request that it is, or that it answers."""

    at: float
    sender: Party
    receiver: Party
    label: str
    failed: bool = False
    seen: bool = True
    about: str = "browser"
    request: HttpRequest | None = None


def messages(events: Iterable[AnyEvent]) -> tuple[Message, ...]:
    """The messages of a log, in the order of its events."""
    return tuple(message for event in events for message in _messages_of(event))


def label_of(message: Message, names: Mapping[str, str]) -> str:
    """The label for people, on one short line. names: the names of the secrets by fingerprint."""
    return shortened(visible(secrets_named(message.label, names)), MAX_LABEL)


def as_mermaid(sequence: Iterable[Message], names: Mapping[str, str]) -> str:
    """The diagram in Mermaid's notation (mermaid.js.org, Sequence diagrams), to be put into a fenced block. names: of the secrets, by
    fingerprint."""
    lines = ["sequenceDiagram", *(f"  participant {party} as {title}" for party, title in PARTIES.items())]
    for one in sequence:
        arrow = "-x" if one.failed else "->>" if one.seen else "-->>"
        lines.append(f"  {one.sender}{arrow}{one.receiver}: {_escaped(label_of(one, names))}")
    return "\n".join(lines)


def _escaped(label: str) -> str:
    """The label with the characters that mean something in Mermaid replaced by entity codes."""
    return "".join(c if c.isalnum() or c in " ./-_=,:()" else f"#{ord(c)};" for c in label)


def _messages_of(event: AnyEvent) -> Iterator[Message]:
    match event:
        case BrowserOpened(ok=True, at=at):
            yield Message(at, "app", "browser", "opens the authorization URL")
            yield Message(at, "browser", "server", "authorization request", seen=False, about="authorization-request")
        case BrowserOpened(at=at):
            yield Message(at, "app", "browser", "no browser was opened", failed=True)
        case CallbackReceived(at=at, request=request, via=via):
            if via == "listener":
                yield Message(at, "server", "browser", "redirect", seen=False, about="redirect")
                label = f"{request.method} {path_of(request.url) or '/'}"
                yield Message(at, "browser", "app", label, about="redirect", request=request)
            else:
                yield Message(at, "browser", "app", "the redirect, pasted", about="redirect", request=request)
        case RunStarted():
            pass
        case _:
            for logged in logged_requests((event,)):
                yield from _exchanged(logged, isinstance(event, CallbackAnswered))


def _exchanged(logged: LoggedRequest, browsers: bool) -> Iterator[Message]:
    """The request and its answer. browsers: whether the browser sent it, in a run that was read from another program's file."""
    sender: Party = "browser" if browsers or not logged.ours else "app"
    receiver: Party = "app" if sender == "browser" else "server"
    name, request = logged.name, logged.request
    at, asked = logged.event.at, f"{request.method} {path_of(request.url) or '/'}"
    if logged.fault is not None:
        yield Message(at, sender, receiver, f"{asked}: {logged.fault.code}", True, about=name, request=request)
        return
    yield Message(at - logged.timing.total, sender, receiver, asked, name == "stray", about=name, request=request)
    if logged.response is not None:
        status, refused = logged.response.status_line, logged.response.status >= 400
        yield Message(at, receiver, sender, status, refused, about=name, request=request)
