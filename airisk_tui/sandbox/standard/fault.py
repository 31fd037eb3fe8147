"""The faults of the issuer: a name, a sentence, and a change at a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from airisk_tui.sandbox.answer import Answer
from airisk_tui.sandbox.fault import CommonPolicy, NamedFault

Document = dict[str, Any]
"""The members of a JSON object, the parameters of a redirect, or the claims of an ID token."""

Place = Literal[
    "metadata",
    "keys",
    "push",
    "authorization",
    "token",
    "id-token",
    "refresh",
    "revocation",
    "introspection",
    "userinfo",
    "device",
    "poll",
    "everywhere",
]
"""token: the token endpoint's response to a code; refresh: to a refresh token; poll: to a device code; device: the device
authorization response."""

Signer = Literal["own", "stranger", "unknown", "nobody"]
"""The key that signs the ID token: the issuer's own; another key under the issuer's `kid`; another key under another `kid`; none
(`alg` none)."""


class Policy(CommonPolicy, frozen=True):
    """The behaviour of the issuer that faults can change.

    keeps_pushed: whether a pushed request can be referred to; refused_auth: methods of client authentication that are refused
    although the metadata names them; hears_response_mode: whether `response_mode` has an effect; slow_polls: how many polls of a
    device are answered with slow_down; slow: whether every answer takes seconds.
    """

    issuer_suffix: str = ""
    par_required: bool = False
    keeps_pushed: bool = True
    pkce_required: bool = False
    pkce_checked: bool = True
    scope_required: bool = False
    grants_whole_scope: bool = True
    hears_response_mode: bool = True
    refused_auth: frozenset[str] = frozenset()
    codes_reusable: bool = False
    codes_expired: bool = False
    signer: Signer = "own"
    refresh_tokens: bool = True
    rotates: bool = True
    revokes: bool = True
    slow_polls: int = 0
    slow: bool = False


class Fault(NamedFault, frozen=True, kw_only=True):
    """One way in which the issuer misbehaves.

    change: changes a document of the issuer, the parameters of its redirect, or the claims of its ID token. answer: at
    `authorization` it applies only if the request is valid.
    """

    change: Callable[[Document], Document] = lambda document: document


Effect = Callable[[Document], Document] | Answer | Mapping[str, Any]
"""The effect of a fault: a change of a document, an answer, or fields of `Policy`."""


def faults(where: Place, *rows: tuple[str, str, Effect]) -> tuple[Fault, ...]:
    """The faults of one place, from rows of name, sentence and effect."""
    return tuple(_fault(where, *row) for row in rows)


def _fault(where: Place, name: str, sentence: str, does: Effect) -> Fault:
    if isinstance(does, Answer):
        return Fault(where, name, sentence, does)
    if isinstance(does, Mapping):
        return Fault(where, name, sentence, policy=does)
    return Fault(where, name, sentence, change=does)


def without(*names: str) -> Callable[[Document], Document]:
    """A change that removes members."""
    return lambda document: {name: value for name, value in document.items() if name not in names}


def with_members(**members: Any) -> Callable[[Document], Document]:
    """Sets members."""
    return lambda document: {**document, **members}


def refusing(**parameters: str) -> Callable[[Document], Document]:
    """A change that replaces the code by an error (RFC 6749 §4.1.2.1)."""
    return lambda document: {**parameters, **without("code", *parameters)(document)}
