"""Sentences about a server's metadata: the answer, and the values that the run takes from it."""

from __future__ import annotations

from airisk_tui.flow.server import Decided, choices
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import Exchange

FROM = {"typed": "given", "environment": "from the environment", "metadata": "from the metadata", "default": "default"}
"""By the origin of a value (`flow.server`)."""

NAMES = {
    "authorize_path": "authorization endpoint",
    "token_path": "token endpoint",
    "client_auth": "client authentication",
    "scope": "scope",
    "pkce": "PKCE",
    "par": "pushed request",
    "nonce": "nonce",
    "response_mode": "response mode",
}
"""By input, what it is called."""


def discovered_sentence(exchange: Exchange, state: FlowState) -> str:
    """One look for the metadata, in a sentence; what the run goes on with, where that is known by now."""
    asked = f"{exchange.request.url} answered {exchange.response.status_line}"
    if state.metadata is None:
        return f"{asked}, which is no metadata."
    if state.undiscovered:
        return f"{asked}, with metadata that cannot be used."
    decided = {one.name: one for one in decisions(state)}
    shown = ", ".join(decision_words(decided[name]) for name in ("client_auth", "scope", "pkce"))
    return f"{asked}: {shown}."


def pushed_sentence(exchange: Exchange, state: FlowState) -> str:
    """The result of pushing the authorization request, in a sentence."""
    answered = f"The pushed authorization request was answered {exchange.response.status_line}"
    if state.push_refused:
        return f"{answered}, without a request_uri."
    life = f", good for {state.pushed_for:g} s" if state.pushed_for is not None else ""
    return f"{answered} and has a name{life}."


def device_sentence(exchange: Exchange, state: FlowState) -> str:
    """The instruction for the other device, in a sentence."""
    codes = state.device_codes
    if codes is None:
        return f"The device authorization endpoint answered {exchange.response.status_line}, without codes."
    at_once = f", or {codes.complete} at once" if codes.complete else ""
    return f"On any device, open {codes.verification_uri} and type {codes.user_code}{at_once}."


def decisions(state: FlowState) -> tuple[Decided, ...]:
    """The values that the run took from the metadata; () where the server is AIRisk, or nothing is decided yet."""
    return choices(state.given, state.metadata, state.known.of_environment) if state.given is not None else ()


def decision_words(one: Decided) -> str:
    """As "scope openid (from the metadata)"."""
    return f"{NAMES[one.name]} {one.value or 'none'} ({FROM[one.by]})"
