"""What a fault is: a name, a sentence, and small hooks at the places where the server may be made to err."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from airisk_tui.sandbox.answer import Answer, Json
from airisk_tui.sandbox.call import Call, Where
from airisk_tui.sandbox.grant import Grant, Life
from airisk_tui.sandbox.redirect import Redirect
from airisk_tui.sandbox.registry import SandboxData


@dataclass(frozen=True, slots=True)
class Policy:
    """How the server behaves where a fault may make it behave otherwise. Times are in seconds."""

    reads_form: bool = True
    reads_json: bool = True
    token_moved: bool = False
    codes_shared: bool = True
    userid_from_token_request: bool = False
    generic_reaches_all: bool = False
    stray_space: bool = False
    skew: float = 0.0
    slow: frozenset[Where] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One entry of the menu. Every hook left out changes nothing.

    answer: in place of the endpoint named by `where`; at `authorize` only once client, redirect URI and user are known.
    redirect: the way back to the application. grant: what the code stands for. token: the token endpoint's success.
    users: the document that ListUsers answers with. policy: fields of `Policy` that it sets.
    """

    name: str
    sentence: str
    where: Where | Literal["everywhere"]
    answer: Callable[[Call], Answer | None] = lambda _call: None
    redirect: Callable[[Redirect], Redirect] = lambda redirect: redirect
    grant: Callable[[Grant, SandboxData], Grant] = lambda grant, _data: grant
    token: Callable[[dict[str, Json], Life], dict[str, Json]] = lambda body, _life: body
    users: Callable[[Json, Call], Json] = lambda document, _call: document
    policy: Mapping[str, Any] = field(default_factory=dict)
