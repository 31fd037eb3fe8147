"""The requests of a run in a state: as they are meant, and as they are sent once the edits are made.

The authorization request depends on the inputs alone (`flow.inputs.Settings.authorization_request`), in which the name of a
pushed one stands once that is there.
"""

from __future__ import annotations

from msgspec import Struct

from airisk_tui.flow.events import AuthorizationAnswered, Credential
from airisk_tui.flow.fold import next_probe
from airisk_tui.flow.follow_ups import endpoint_of, token_in_use
from airisk_tui.flow.hold import held_step
from airisk_tui.flow.inputs import FollowUp, Inputs
from airisk_tui.flow.server import next_metadata_url
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.assertion import ASSERTION_TYPE
from airisk_tui.oauth.authorization import split_query
from airisk_tui.oauth.device import GRANT
from airisk_tui.oauth.edit import Edit, Step
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.http import header, headers_named
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.planned import (
    Assertion,
    Credentials,
    Piece,
    PlannedField,
    PlannedRequest,
    Values,
    content_type,
    edited,
    wire_headers,
)
from airisk_tui.oauth.text import decoded
from airisk_tui.oauth.token import token_fields
from airisk_tui.oauth.urls import endpoint_url, same_origin


def meant_request(
    state: FlowState, inputs: Inputs, step: Step, endpoint: Endpoint | None = None, credential: Credential = "token"
) -> PlannedRequest:
    """The request of a step without the edits. endpoint, credential: of a call."""
    match step:
        case "discovery":
            looked_at = next_metadata_url(inputs, state.discovery) or next_metadata_url(inputs, ())
            return metadata_request(looked_at or inputs.issuer)
        case "push":
            return meant_push(inputs)
        case "device":
            return device_request(inputs)
        case "token":
            return meant_token_request(state, inputs)
        case "poll":
            return poll_request(state, inputs)
        case "userinfo" | "introspect" | "refresh" | "revoke" | "code-again":
            return follow_up_request(state, inputs, step)
        case "redirect":
            return _redirect(state)
        case "probe" if endpoint is not None:
            return meant_probe(state, inputs, endpoint, credential)
        case _:
            return inputs.meant_authorization_request


def request_of(
    state: FlowState, inputs: Inputs, step: Step, endpoint: Endpoint | None = None, credential: Credential = "token"
) -> PlannedRequest:
    """The request of a step, secrets as views, edits made."""
    meant = meant_request(state, inputs, step, endpoint, credential)
    return edited(meant, inputs.edits, step, values_in(state, inputs), endpoint.name if endpoint is not None else "")


def token_request(state: FlowState, inputs: Inputs) -> PlannedRequest:
    """The token request for the code in hand, secrets as views, edits made."""
    return request_of(state, inputs, "token")


def values_in(state: FlowState, inputs: Inputs) -> Values:
    """What the placeholders of edits stand for by now."""
    device = state.device_codes.device_code if state.device_codes is not None else None
    known: dict[str, Piece | None] = {
        "code": state.code,
        "token": token_in_use(state),
        "code_verifier": inputs.verifier,
        "refresh_token": state.refresh_token,
        "device_code": state.view(device) or device if device is not None else None,
    }
    return {**inputs.values, **{name: value for name, value in known.items() if value is not None}}


def meant_token_request(state: FlowState, inputs: Inputs) -> PlannedRequest:
    """The token request without the edits."""
    cookies = _cookies(state, inputs) if inputs.carry_cookies else ()
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
    url = endpoint_url(inputs.base_url, inputs.dialect.token_path)
    fields = (*fields, *_assertion(inputs, url))
    own: list[PlannedField] = [("Content-Type", content_type(inputs.encoding)), ("Accept", ("application/json",))]
    if inputs.dialect.client_auth == "basic" and inputs.client_secret:
        own.append(("Authorization", ("Basic ", Credentials(inputs.client_id, inputs.client_secret))))
    elif inputs.bearer is not None:
        own.append(("Authorization", ("Bearer ", inputs.bearer)))
    own += cookies
    headers = wire_headers(*own, with_body=True)
    return PlannedRequest("POST", (url,), (), headers, fields, inputs.encoding)


def _assertion(inputs: Inputs, url: str) -> tuple[PlannedField, ...]:
    """The fields that authenticate a client by what it signs (RFC 7523 §2.2)."""
    way, key = inputs.dialect.client_auth, inputs.signing_key
    if way not in ("private_key_jwt", "client_secret_jwt"):
        return ()
    key = inputs.client_secret if way == "client_secret_jwt" else key
    if key is None:
        return ()
    signed = Assertion(way, inputs.client_id, key, url)
    return (("client_assertion_type", (ASSERTION_TYPE,)), ("client_assertion", (signed,)))


def follow_up_request(state: FlowState, inputs: Inputs, step: FollowUp) -> PlannedRequest:
    """A step with the token. Its endpoint is there (`flow.follow_ups.missing`)."""
    if step == "code-again":
        return token_request(state, inputs)
    token: Piece = token_in_use(state) or ""
    accept: PlannedField = ("Accept", ("application/json",))
    if step == "userinfo":
        headers = wire_headers(accept, ("Authorization", ("Bearer ", token)))
        return PlannedRequest("GET", (endpoint_of(state, step),), (), headers)
    fields: tuple[PlannedField, ...] = (("token", (token,)), ("token_type_hint", ("access_token",)))
    url = endpoint_of(state, step)
    if step == "refresh":
        url = endpoint_url(inputs.base_url, inputs.dialect.token_path)
        fields = (("grant_type", ("refresh_token",)), ("refresh_token", (state.refresh_token or "",)))
    elif step == "revoke" and state.refresh_token is not None:
        # RFC 7009 §2.1: with the refresh token all access tokens of its grant go, too.
        fields = (("token", (state.refresh_token,)), ("token_type_hint", ("refresh_token",)))
    return authenticated(inputs, url, *fields)


def device_request(inputs: Inputs) -> PlannedRequest:
    """The device authorization request (RFC 8628 §3.1)."""
    scope: tuple[PlannedField, ...] = (("scope", (inputs.scope,)),) if inputs.scope else ()
    return authenticated(inputs, endpoint_url(inputs.base_url, inputs.dialect.device_authorization_endpoint), *scope)


def meant_push(inputs: Inputs) -> PlannedRequest:
    """The pushed authorization request without the edits: its parameters in a body, and which client sends it (RFC 9126 §2.1)."""
    url = endpoint_url(inputs.base_url, inputs.dialect.pushed_authorization_request_endpoint)
    return authenticated(inputs, url, *inputs.whole_authorization_request.params)


def poll_request(state: FlowState, inputs: Inputs) -> PlannedRequest:
    """One poll of the token endpoint (RFC 8628 §3.4)."""
    code = state.device_codes.device_code if state.device_codes is not None else ""
    fields: tuple[PlannedField, ...] = (("grant_type", (GRANT,)), ("device_code", (state.view(code) or code,)))
    return authenticated(inputs, endpoint_url(inputs.base_url, inputs.dialect.token_path), *fields)


def authenticated(inputs: Inputs, url: str, *fields: PlannedField) -> PlannedRequest:
    """A form that says which client sends it, in the way of this client (RFC 6749 §2.3)."""
    own: list[PlannedField] = [("Content-Type", content_type("form")), ("Accept", ("application/json",))]
    way, secret = inputs.dialect.client_auth, inputs.client_secret
    if way == "basic" and secret:
        own.append(("Authorization", ("Basic ", Credentials(inputs.client_id, secret))))
    elif not any(name == "client_id" for name, _ in fields):
        fields = (*fields, ("client_id", (inputs.client_id,)))
    if way == "body" and secret:
        fields = (*fields, ("client_secret", (secret,)))
    token_url = endpoint_url(inputs.base_url, inputs.dialect.token_path)
    return PlannedRequest(
        "POST", (url,), (), wire_headers(*own, with_body=True), (*fields, *_assertion(inputs, token_url))
    )


def metadata_request(url: str) -> PlannedRequest:
    """The request for a public document of a server: its metadata (RFC 8414 §3.1), its keys (RFC 7517 §5)."""
    return PlannedRequest("GET", (url,), (), wire_headers(("Accept", ("application/json",))))


def meant_probe(
    state: FlowState, inputs: Inputs, endpoint: Endpoint, credential: Credential = "token"
) -> PlannedRequest:
    """The call of an endpoint without the edits. For a broken or an expired token the engine puts that in the token's place."""
    carried = credential != "none" and state.token is not None
    bearer: tuple[PlannedField, ...] = (
        (("Authorization", ("Bearer ", state.token)),) if carried and state.token is not None else ()
    )
    url = endpoint_url(inputs.base_url, endpoint.path)
    headers = wire_headers(("Accept", ("application/json",)), *bearer, with_body=not endpoint.safe)
    return PlannedRequest(endpoint.method, (url,), (), headers, encoding="json")


def _cookies(state: FlowState, inputs: Inputs) -> tuple[PlannedField, ...]:
    """The cookies that our own authorization request was given, as `Cookie` writes them (RFC 6265 §4.2.1); none for a token
    endpoint of another origin, whatever their `Domain` says."""
    asked, token = (
        endpoint_url(inputs.base_url, path) for path in (inputs.dialect.authorize_path, inputs.dialect.token_path)
    )
    if not same_origin(asked, token):
        return ()
    given = headers_named(state.authorization.response.headers, "set-cookie") if state.authorization else ()
    pairs = [cookie.partition(";")[0].strip().partition("=") for cookie in given]
    pieces: list[Piece] = []
    for name, _, value in pairs:
        if value:
            pieces += [f"{'; ' if pieces else ''}{name}=", state.view(value) or value]
    return (("Cookie", tuple(pieces)),) if pieces else ()


class HeldRequest(Struct, frozen=True):
    """The request before which a run is held. meant: without any edit; plan: with the edits of the inputs; endpoint: the name of
    the one that is called, or ""."""

    step: Step
    meant: PlannedRequest
    plan: PlannedRequest
    values: Values
    endpoint: str = ""

    def with_edits(self, edits: tuple[Edit, ...]) -> PlannedRequest:
        """The request with more edits made."""
        return edited(self.plan, edits, self.step, self.values, self.endpoint)


def held_request(state: FlowState) -> HeldRequest | None:
    """What a person may edit now; None while the run is not held."""
    step, inputs = held_step(state), state.inputs
    if step is None or inputs is None:
        return None
    called = next_probe(state) if step == "probe" else None
    values, endpoint = values_in(state, inputs), called[0].name if called is not None else ""
    meant = meant_request(state, inputs, step, *(called or ()))
    return HeldRequest(step, meant, edited(meant, inputs.edits, step, values, endpoint), values, endpoint)


def _redirect(state: FlowState) -> PlannedRequest:
    """What came back, as a request to the redirect URI."""
    came = state.held_redirect
    if isinstance(came, AuthorizationAnswered):
        target, body = header(came.exchange.response.headers, "location") or "", ""
    elif came is not None:
        target, body = came.request.url, decoded(came.request.body.data)
    else:
        target, body = "", ""
    query, _, _ = split_query(target)
    params = tuple((name, (value,)) for name, value in Params.parse(query) + Params.parse(body))
    return PlannedRequest("GET", (target.partition("?")[0],), params)
