"""The requests of a run in a state: without the person's edits ("meant"), and with them, as they are sent.

The authorization request depends only on the inputs (`flow.start.inputs.Settings.authorization_request`).
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.flow.events import AuthorizationAnswered, Credential
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.flow.state import FlowState, address_of, held_step, next_probe
from airisk_tui.oauth.answer.device import GRANT
from airisk_tui.oauth.answer.endpoints import SAFE_METHODS, Endpoint
from airisk_tui.oauth.http import header
from airisk_tui.oauth.metadata import metadata_urls
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.redirect.authorization import split_query
from airisk_tui.oauth.request.assertion import ASSERTION_TYPE
from airisk_tui.oauth.request.edit import Edit, Step
from airisk_tui.oauth.request.planned import (
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
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.text.visible import decoded
from airisk_tui.oauth.urls import endpoint_url

ACCEPT: PlannedField = ("Accept", ("application/json",))


def meant_request(
    state: FlowState, inputs: Inputs, step: Step, endpoint: Endpoint | None = None, credential: Credential = "token"
) -> PlannedRequest:
    """The request of a step without the edits. endpoint, credential: of a probe."""
    match step:
        case "push":
            # RFC 9126 §2.1: the parameters of the authorization request in a body, and which client sends it.
            plan = _form(inputs, inputs.push_url, *inputs.whole_authorization_request.params)
        case "device":
            # RFC 8628 §3.1
            scope: tuple[PlannedField, ...] = (("scope", (inputs.scope,)),) if inputs.scope else ()
            plan = _form(inputs, inputs.device_url, *scope)
        case "poll":
            # RFC 8628 §3.4
            plan = _form(
                inputs, inputs.token_url, ("grant_type", (GRANT,)), ("device_code", (state.device_code or "",))
            )
        case "code-again":
            return request_of(state, inputs, "token")  # with its edits, because the same request is sent once more
        case "token":
            plan = _token_request(state, inputs)
        case "userinfo" | "introspect" | "refresh" | "revoke":
            plan = _follow_up(state, inputs, step)
        case "probe" if endpoint is not None:
            plan = _probe(state, inputs, endpoint, credential)
        case "discovery":
            # The next address to look at, or the last one if all were looked at.
            plan = PlannedRequest("GET", metadata_urls(inputs.issuer)[: len(state.discovery) + 1][-1:], (), (ACCEPT,))
        case _:
            return inputs.meant_authorization_request
    with_body = plan.method not in SAFE_METHODS
    kind: tuple[PlannedField, ...] = ()
    if with_body and step != "probe":  # a probe has no body, only a Content-Length of 0
        kind = (("Content-Type", content_type(plan.encoding)),)
    return replace(plan, headers=wire_headers(*kind, *plan.headers, with_body=with_body))


def request_of(
    state: FlowState, inputs: Inputs, step: Step, endpoint: Endpoint | None = None, credential: Credential = "token"
) -> PlannedRequest:
    """The request of a step with the edits. Secrets are views."""
    values, name = values_in(state, inputs), endpoint.name if endpoint is not None else ""
    meant = meant_request(state, inputs, step, endpoint, credential)
    return edited(meant, inputs.edits, step, values, name)


def keys_request(inputs: Inputs) -> PlannedRequest | None:
    """The request for the server's keys (RFC 7517 §5), which no edit changes; None if their address is unknown."""
    uri = inputs.dialect.jwks_uri
    return PlannedRequest("GET", (uri,), (), wire_headers(ACCEPT)) if uri else None


def values_in(state: FlowState, inputs: Inputs) -> Values:
    """The values of the placeholders in edits, as far as they are known in this state."""
    known: dict[str, Piece | None] = {
        "code": state.code,
        "token": state.token_in_use,
        "code_verifier": inputs.verifier,
        "refresh_token": state.refresh_token,
        "device_code": state.device_code,
    }
    return {**inputs.values, **{name: value for name, value in known.items() if value is not None}}


def _token_request(state: FlowState, inputs: Inputs) -> PlannedRequest:
    assertion = _assertion(inputs)
    cookies = _cookies(state, inputs) if inputs.carry_cookies else ()
    way, code = inputs.dialect.client_auth, state.code or ""
    # In the order of protocol.md; RFC 6749 §4.1.3. With Basic no client_id beside it: one method of authentication is allowed in a
    # request (RFC 6749 §2.3), and some servers take the field for a second one.
    pairs: list[tuple[str, str | SecretView | None]] = [
        ("grant_type", inputs.dialect.grant_type),
        ("client_id", inputs.client_id if way != "basic" else None),
        ("client_secret", inputs.client_secret if way == "body" else None),
        ("redirect_uri", inputs.redirect_uri),
        ("code", code),
        (inputs.dialect.users or "userid", inputs.userid or None),
        ("code_verifier", inputs.verifier),
        *inputs.token_params,
    ]
    fields = tuple((name, (value,)) for name, value in pairs if value is not None)
    own: list[PlannedField] = [ACCEPT]
    if way == "basic" and inputs.client_secret:
        own.append(("Authorization", ("Basic ", Credentials(inputs.client_id, inputs.client_secret))))
    elif inputs.bearer is not None:
        own.append(("Authorization", ("Bearer ", inputs.bearer)))
    return PlannedRequest("POST", (inputs.token_url,), (), (*own, *cookies), (*fields, *assertion), inputs.encoding)


def _assertion(inputs: Inputs) -> tuple[PlannedField, ...]:
    """The fields of a client that authenticates with a signed assertion, whose audience is the token endpoint (RFC 7523 §2.2)."""
    way, key = inputs.dialect.client_auth, inputs.signing_key
    if way not in ("private_key_jwt", "client_secret_jwt"):
        return ()
    key = inputs.client_secret if way == "client_secret_jwt" else key
    if key is None:
        return ()
    signed = Assertion(way, inputs.client_id, key, inputs.token_url)
    return (("client_assertion_type", (ASSERTION_TYPE,)), ("client_assertion", (signed,)))


def _follow_up(
    state: FlowState, inputs: Inputs, step: Literal["userinfo", "introspect", "refresh", "revoke"]
) -> PlannedRequest:
    """The request of a step with the token, whose endpoint is known (`flow.state.missing`)."""
    token, refresh_token = state.token_in_use or "", state.refresh_token
    if step == "userinfo":
        return PlannedRequest("GET", (address_of(state, step),), (), (ACCEPT, ("Authorization", ("Bearer ", token))))
    if step == "refresh":
        again: PlannedField = ("refresh_token", (refresh_token or "",))
        return _form(inputs, inputs.token_url, ("grant_type", ("refresh_token",)), again)
    hint: tuple[str, Piece] = ("access_token", token)
    if step == "revoke" and refresh_token is not None:
        # RFC 7009 §2.1: revoking the refresh token also revokes the access tokens of the same grant.
        hint = ("refresh_token", refresh_token)
    return _form(inputs, address_of(state, step), ("token", (hint[1],)), ("token_type_hint", (hint[0],)))


def _form(inputs: Inputs, url: str, *fields: PlannedField) -> PlannedRequest:
    """A POST of a form with the client authentication (RFC 6749 §2.3)."""
    own: list[PlannedField] = [ACCEPT]
    way, secret = inputs.dialect.client_auth, inputs.client_secret
    if way == "basic" and secret:
        own.append(("Authorization", ("Basic ", Credentials(inputs.client_id, secret))))
    elif not any(name == "client_id" for name, _ in fields):
        fields = (*fields, ("client_id", (inputs.client_id,)))
    if way == "body" and secret:
        fields = (*fields, ("client_secret", (secret,)))
    return PlannedRequest("POST", (url,), (), tuple(own), (*fields, *_assertion(inputs)))


def _probe(state: FlowState, inputs: Inputs, endpoint: Endpoint, credential: Credential) -> PlannedRequest:
    """The call of an endpoint. The engine replaces the token by a broken or an expired one, if the credential says so."""
    bearer: tuple[PlannedField, ...] = ()
    if credential != "none" and state.token is not None:
        bearer = (("Authorization", ("Bearer ", state.token)),)
    url = endpoint_url(inputs.base_url, endpoint.path)
    return PlannedRequest(endpoint.method, (url,), (), (ACCEPT, *bearer), encoding="json")


def _cookies(state: FlowState, inputs: Inputs) -> tuple[PlannedField, ...]:
    """The cookies that the answer to the direct authorization request set, as a `Cookie` header (RFC 6265 §4.2.1); none if the token
    endpoint has another origin, whatever their `Domain` says."""
    pieces: list[Piece] = []
    for name, value in state.cookies if inputs.has_one_origin else ():
        pieces += [f"{'; ' if pieces else ''}{name}=", value]
    return (("Cookie", tuple(pieces)),) if pieces else ()


class HeldRequest(Struct, frozen=True):
    """The request before which a run is held. meant: without edits; plan: with the edits of the inputs; values: of the placeholders;
    endpoint: the name of the called endpoint of a probe, else ""."""

    step: Step
    meant: PlannedRequest
    plan: PlannedRequest
    values: Values
    endpoint: str = ""

    def with_edits(self, edits: tuple[Edit, ...]) -> PlannedRequest:
        """The request with more edits made."""
        return edited(self.plan, edits, self.step, self.values, self.endpoint)


def held_request(state: FlowState) -> HeldRequest | None:
    """The request that the person may edit now; None if the run is not held."""
    step, inputs = held_step(state), state.inputs
    if step is None or inputs is None:
        return None
    called = next_probe(state) if step == "probe" else None
    values, endpoint = values_in(state, inputs), called[0].name if called is not None else ""
    meant = _redirect(state) if step == "redirect" else meant_request(state, inputs, step, *(called or ()))
    return HeldRequest(step, meant, edited(meant, inputs.edits, step, values, endpoint), values, endpoint)


def _redirect(state: FlowState) -> PlannedRequest:
    """The held authorization response, as a request to the redirect URI."""
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
