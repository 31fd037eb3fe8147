"""Whether an issued token is the application's own or a user's: what it says of itself, else what was asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.endpoints import TokenKind
from airisk_tui.oauth.jsontext import read_json

SUBJECTS = ("sub", "nameid")
"""RFC 9068 §2.2 (the client itself where nobody is involved), and .NET's short name for it."""


def token_kind(state: FlowState) -> TokenKind:
    """The kind of a run's token. A JWT that acts for the application is generic, though a user was asked for; total."""
    inputs = state.inputs
    if inputs is None:
        return "generic"
    claims = _claims(state.token.payload) if state.token is not None else {}
    own = (inputs.client_id, f"app:{inputs.client_id}")
    subjects = [claims[name] for name in SUBJECTS if isinstance(claims.get(name), str)]
    named = any(str(value) == inputs.userid for value in claims.values() if isinstance(value, (str, int)))
    return "generic" if subjects and all(subject in own for subject in subjects) and not named else inputs.kind


@lru_cache(maxsize=16)
def _claims(payload: str | None) -> dict[str, Any]:
    value = read_json(payload.encode("utf-8", "replace")).value if payload else None
    return value if isinstance(value, dict) else {}
