"""`decide(state)`: the commands that should be under way in a state. Pure; the same state always wants the same.

The engine compares what is wanted with what runs: it starts what is new and ends what is gone. So cancelling, a second
answer and a time-out need no code of their own: in their states the listener, the countdown or a request is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.flow.commands import AskDirectly, Command, Countdown, ExchangeCode, Listen, OpenBrowser, Probe
from airisk_tui.flow.fold import next_probe
from airisk_tui.flow.inputs import Inputs
from airisk_tui.flow.phases import REDIRECT_PHASES, Phase
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.http import headers_named
from airisk_tui.oauth.token import Field, token_fields
from airisk_tui.oauth.urls import endpoint_url, same_origin

LISTENING = frozenset({Phase.BINDING, Phase.OPENING, Phase.WAITING, Phase.HOLDING, Phase.EXCHANGING})
"""While the code is exchanged too: browsers ask for an icon, retry and reload, and each is owed an answer."""


def decide(state: FlowState) -> tuple[Command, ...]:
    """The commands that are wanted now, in the order in which they are to be started."""
    return tuple(_wanted(state, state.inputs)) if state.inputs is not None else ()


def _wanted(state: FlowState, inputs: Inputs) -> Iterator[Command]:
    if state.phase is Phase.EXCHANGING:
        yield token_request(state, inputs)
    if state.phase is Phase.PROBING and (due := next_probe(state)) is not None:
        endpoint, credential = due
        url = endpoint_url(inputs.base_url, endpoint.path)
        yield Probe(url, endpoint, credential, state.token, len(state.probes))
    if inputs.listens and state.phase in LISTENING and state.listener_failed is None:
        yield Listen(inputs.redirect_uri, inputs.listen)
    if state.phase in REDIRECT_PHASES:
        yield Countdown(inputs.timeout)
    if state.phase is Phase.OPENING or (state.browser_requested and state.phase in REDIRECT_PHASES):
        yield OpenBrowser(inputs.authorization_url, state.browsers_opened)
    if state.phase is Phase.ASKING:
        yield AskDirectly(inputs.authorization_url)


def token_request(state: FlowState, inputs: Inputs) -> ExchangeCode:
    """The token request for the code in hand, secrets as views."""
    cookies = _cookies(state, inputs) if inputs.carry_cookies else ()
    basic = inputs.dialect.client_auth == "basic"
    fields = token_fields(
        inputs.dialect,
        client_id=inputs.client_id,
        client_secret=inputs.client_secret,
        redirect_uri=inputs.redirect_uri,
        code=state.code or "",
        userid=inputs.userid or None,
        verifier=inputs.verifier,
        extra=inputs.token_params,
    )
    return ExchangeCode(
        endpoint_url(inputs.base_url, inputs.dialect.token_path),
        fields,
        inputs.encoding,
        (inputs.client_id, inputs.client_secret) if basic and inputs.client_secret else None,
        inputs.bearer,
        cookies,
    )


def _cookies(state: FlowState, inputs: Inputs) -> tuple[Field, ...]:
    """The cookies that our own authorization request was given, as `Cookie` writes them (RFC 6265 §4.2.1); none for a token
    endpoint of another origin, whatever their `Domain` says."""
    asked, token = (
        endpoint_url(inputs.base_url, path) for path in (inputs.dialect.authorize_path, inputs.dialect.token_path)
    )
    if not same_origin(asked, token):
        return ()
    given = headers_named(state.authorization.response.headers, "set-cookie") if state.authorization else ()
    pairs = (cookie.partition(";")[0].strip().partition("=") for cookie in given)
    return tuple((name, state.view(value) or value) for name, _, value in pairs if value)
