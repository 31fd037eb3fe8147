"""The ASGI app of the issuer: its endpoints, which answer with a fault, with Authlib's server or with a page."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Final, Literal
from urllib.parse import parse_qsl

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from airisk_tui.sandbox.airisk.app import TOO_LARGE, read_body, with_headers, wrong_host
from airisk_tui.sandbox.answer import Answer, json_answer
from airisk_tui.sandbox.body import FORM
from airisk_tui.sandbox.call import bearer_of
from airisk_tui.sandbox.data.registry import User
from airisk_tui.sandbox.fault import chosen
from airisk_tui.sandbox.standard import metadata
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS, Place
from airisk_tui.sandbox.standard.pages import consent_page, device_page, message_page
from airisk_tui.sandbox.standard.protocol.grants import DEVICE_PATH
from airisk_tui.sandbox.standard.protocol.id_token import claims_of
from airisk_tui.sandbox.standard.protocol.issuer import Issuer, without_credentials
from airisk_tui.sandbox.standard.protocol.request import IssuerRequest
from airisk_tui.sandbox.standard.protocol.tokens import Bearer, DeviceCredential, StoredRequest
from airisk_tui.sandbox.standard.registry import AUTH_METHODS, DEVICE_GRANT, IssuerData
from airisk_tui.sandbox.standard.state import IssuerState
from airisk_tui.sandbox.state import CONSENT_SECONDS, SLOW_SECONDS

PUSHED_SECONDS: Final = 60  # RFC 9126 §2.2: 5 to 600 seconds are usual
PUSHED: Final = "urn:ietf:params:oauth:request_uri:"
PLACES: Final[dict[str, Place]] = {"refresh_token": "refresh", DEVICE_GRANT: "poll"}
"""The place of a fault at the token endpoint, by the grant type; "token" for any other."""

NO_STORE: Final = ("Cache-Control", "no-store")

Handler = Callable[[Issuer, IssuerRequest], Answer]


def _answering(handler: Handler) -> Handler:
    """The handler with its OAuth errors turned into answers."""

    def answered(issuer: Issuer, asked: IssuerRequest) -> Answer:
        try:
            return handler(issuer, asked)
        except OAuth2Error as error:
            return issuer.handle_error_response(asked, error)

    return answered


def get_metadata(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """The metadata document."""
    state = issuer.state
    document = state.changed("metadata", metadata.document(issuer.url, issuer.origin, state.policy))
    return state.fault_answer("metadata", asked) or json_answer(200, document)


def get_keys(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """The JWK set."""
    return issuer.state.fault_answer("keys", asked) or json_answer(200, issuer.state.keys.public())


def authorize(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Refuse the request, show the consent page, or answer at once."""
    state = issuer.state
    asks = state.asks(asked.fields)
    try:
        asked = _resolved(issuer, asked)
        grant = issuer.get_consent_grant(asked, None if asks else _user(issuer, asked))
    except OAuth2Error as error:  # its redirect has the state of the pushed request
        return issuer.handle_error_response(asked, error)
    if (answer := state.fault_answer("authorization", asked)) is not None:
        return answer
    if not asks:
        return _answered(issuer, asked, _user(issuer, asked))
    ticket = state.pending.put(StoredRequest(asked.payload.pairs, state.now() + CONSENT_SECONDS))
    user = _user(issuer, asked)
    return consent_page(asked.client, grant.redirect_uri, asked.scope, state.data.users, user, ticket)


def decide(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Handle the consent form, which only the issuer's own page may send. A ticket is valid for one decision."""
    state = issuer.state
    if asked.fields.get("origin") != issuer.origin:
        return message_page(403, "This form was not sent from the issuer's own page, so nothing was decided.")
    kept = state.pending.take(asked.form.get("ticket", ""))
    if kept is None or kept.expires <= state.now():
        return message_page(400, "This page was answered before or is too old. Start again from the application.")
    user = state.data.user(asked.form.get("account", ""))
    return _answered(
        issuer, asked.with_parameters(kept.parameters), user if asked.form.get("decision") == "approve" else None
    )


def _answered(issuer: Issuer, asked: IssuerRequest, user: User | None) -> Answer:
    """The authorization response after a person's decision. user: the one who approved, None if the request was denied."""
    grant = issuer.get_authorization_grant(asked)
    answer: Answer = issuer.create_authorization_response(asked, user, grant)
    return answer


def _user(issuer: Issuer, asked: IssuerRequest) -> User:
    """The user who signs in without a page: the one in `login_hint`, or the first."""
    users = issuer.state.data.users
    return next((user for user in users if asked.payload.data.get("login_hint") in (user.id, user.email)), users[0])


def _resolved(issuer: Issuer, asked: IssuerRequest) -> IssuerRequest:
    """The request, or the pushed request to which it refers (RFC 9126 §4)."""
    name = asked.payload.data.get("request_uri")
    if name is None:
        if issuer.state.policy.par_required:
            raise InvalidRequestError("The authorization request must be pushed")
        return asked
    kept = issuer.state.pushed.take(name.removeprefix(PUSHED)) if name.startswith(PUSHED) else None
    pushed = asked.with_parameters(kept.parameters) if kept and kept.expires > issuer.state.now() else None
    if pushed is None or pushed.payload.client_id != asked.payload.client_id:
        raise OAuth2Error("The request_uri is not known, or was used", error="invalid_request_uri")
    return pushed


def push(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Store an authorization request to which the browser will refer (RFC 9126 §2)."""
    if (answer := issuer.state.fault_answer("push", asked)) is not None:
        return answer
    try:
        _check_form(asked)
        client = issuer.authenticate_client(asked, list(AUTH_METHODS), "pushed_authorization_request")
        if "request_uri" in asked.form:
            raise InvalidRequestError("request_uri may not be pushed")
        pairs = (
            *without_credentials(asked),
            *(() if "client_id" in asked.form else (("client_id", client.client_id),)),
        )
        issuer.get_consent_grant(asked.with_parameters(pairs), _user(issuer, asked))
    except OAuth2Error as error:
        error.redirect_uri = None  # RFC 9126 §2.3: errors are those of the token endpoint, and never redirect
        error.state = None
        return issuer.handle_error_response(asked, error)
    life = PUSHED_SECONDS if issuer.state.policy.keeps_pushed else 0
    name = issuer.state.pushed.put(StoredRequest(pairs, issuer.state.now() + life))
    created = json_answer(201, {"request_uri": PUSHED + name, "expires_in": PUSHED_SECONDS})
    return replace(created, headers=(NO_STORE,))


@_answering
def token(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Redeem a code, a refresh token or a device code."""
    place = PLACES.get(asked.form.get("grant_type", ""), "token")
    if (answer := issuer.state.fault_answer(place, asked)) is not None:
        return answer
    _check_form(asked)
    if "grant_type" not in asked.form:
        raise InvalidRequestError("grant_type is missing")
    return _changed(issuer, place, issuer.create_token_response(asked))


@_answering
def userinfo(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """The claims about the user of a token (OpenID Connect Core §5.3)."""
    if (answer := issuer.state.fault_answer("userinfo", asked)) is not None:
        return answer
    if (value := bearer_of(asked.fields)) is None:  # RFC 6750 §3.1: a request without credentials gets no error code
        return Answer(401, headers=(("WWW-Authenticate", 'Bearer realm="sandbox"'),))
    found = Bearer(issuer.state.tokens).let_in(value)
    return json_answer(200, issuer.state.changed("userinfo", claims_of(found.user, found.scope)))


def _endpoint(name: str, where: Place) -> Handler:
    """A handler that calls one of Authlib's endpoints, unless a fault answers."""

    def answered(issuer: Issuer, asked: IssuerRequest) -> Answer:
        if (answer := issuer.state.fault_answer(where, asked)) is not None:
            return answer
        _check_form(asked)
        return _changed(issuer, where, issuer.create_endpoint_response(name, asked))

    return _answering(answered)


introspect = _endpoint("introspection", "introspection")
"""Token introspection (RFC 7662)."""

revoke = _endpoint("revocation", "revocation")
"""Token revocation (RFC 7009)."""

authorize_device = _endpoint("device_authorization", "device")
"""Device authorization (RFC 8628 §3.1)."""


def _changed(issuer: Issuer, where: Place, made: Answer) -> Answer:
    """A response after the changes of the active faults; a refusal is not changed."""
    if made.status != 200:
        return made
    document = issuer.state.changed(where, json.loads(made.body))
    return replace(made, body=json_answer(200, document).body)


def _check_form(asked: IssuerRequest) -> None:
    """Raise an error if a parameter is repeated (RFC 6749 §3.2)."""
    if asked.payload.repeated:
        raise InvalidRequestError("A parameter is repeated")


def show_device(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Ask a person for the code of their device; approve at once if the address contains the code and no person is asked."""
    state, user_code = issuer.state, asked.args.get("user_code", "")
    asks = state.asks(asked.fields)
    device = _device(issuer, user_code)
    if asks or not user_code:
        return device_page(user_code, state.data.users)
    return _decided(device, state.data.users[0])


def decide_device(issuer: Issuer, asked: IssuerRequest) -> Answer:
    """Handle the form for the device's code."""
    if asked.fields.get("origin") != issuer.origin:
        return message_page(403, "This form was not sent from the issuer's own page, so nothing was decided.")
    user = issuer.state.data.user(asked.form.get("account", ""))
    approved: User | Literal[False] = user if user and asked.form.get("decision") == "approve" else False
    return _decided(_device(issuer, asked.form.get("user_code", "")), approved)


def _device(issuer: Issuer, typed: str) -> DeviceCredential | None:
    """The device with the typed code, in any case and with or without the hyphen (RFC 8628 §6.1)."""
    code = "".join(typed.split()).replace("-", "").upper()
    waiting = issuer.state.devices.values()
    return next((one for one in waiting if one.user_code.replace("-", "") == code and not one.is_expired()), None)


def _decided(device: DeviceCredential | None, user: User | Literal[False]) -> Answer:
    if device is None or device.user is not None:
        return message_page(400, "No device waits with this code. Check the code on the device.")
    device.user = user
    said = "The device is connected." if user else "The device was refused."
    return message_page(200, f"{said} You can close this page.")


ENDPOINTS: Final[tuple[tuple[str, str, Handler], ...]] = (
    *(("GET", path, get_metadata) for path in metadata.WELL_KNOWN),
    ("GET", metadata.KEYS, get_keys),
    ("GET", metadata.AUTHORIZE, authorize),
    ("POST", metadata.AUTHORIZE, authorize),  # OpenID Connect Core §3.1.2.1 requires both
    ("POST", "/consent", decide),
    ("POST", metadata.PUSH, push),
    ("POST", metadata.TOKEN, token),
    ("GET", metadata.USERINFO, userinfo),
    ("POST", metadata.USERINFO, userinfo),  # OpenID Connect Core §5.3 requires both
    ("POST", metadata.INTROSPECT, introspect),
    ("POST", metadata.REVOKE, revoke),
    ("POST", metadata.DEVICE_AUTHORIZATION, authorize_device),
    ("GET", DEVICE_PATH, show_device),
    ("POST", DEVICE_PATH, decide_device),
)


def create_issuer_app(
    data: IssuerData | None = None,
    faults: Iterable[str] = (),
    *,
    clock: Callable[[], float] = time.time,
    auto_approve: bool | None = None,
    slow_seconds: float = SLOW_SECONDS,
) -> Starlette:
    """The issuer as an ASGI app that tests can mount at the root; `app.state.issuer` is its `IssuerState`.

    auto_approve: see `IssuerState`. Raises ValueError for an unknown fault.
    """
    state = IssuerState(data or IssuerData(), clock, auto_approve, slow_seconds, chosen(faults, STANDARD_FAULTS))
    app = Starlette(routes=[_route(state, *endpoint) for endpoint in ENDPOINTS])
    app.router.redirect_slashes = False
    app.state.issuer = state
    return app


def _route(state: IssuerState, method: str, path: str, handler: Handler) -> Route:
    async def serve(request: Request) -> Response:
        if (refusal := wrong_host(request)) is not None:
            return _response(refusal, state)
        state.requests[f"{method} {path}"] += 1
        body = await read_body(request)
        if state.policy.slow:
            await asyncio.sleep(state.slow_seconds)
        if body is None:
            return _response(TOO_LARGE, state)
        origin = f"http://{request.headers['host']}"
        return _response(handler(Issuer(origin, state), _asked(request, origin + path, body)), state)

    return Route(path, serve, methods=[method])


def _asked(request: Request, url: str, body: bytes) -> IssuerRequest:
    query = parse_qsl(request.scope["query_string"].decode("latin-1"))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = parse_qsl(body.decode("utf-8", "replace")) if kind == FORM else []
    return IssuerRequest(request.method, url, dict(request.headers), query, tuple(form))


def _response(answer: Answer, state: IssuerState) -> Response:
    headers = [
        ("Date", formatdate(state.now(), usegmt=True)),
        *answer.headers,
        ("Content-Length", str(len(answer.body))),
    ]
    if answer.body:
        headers.append(("Content-Type", answer.content_type))
    return with_headers(Response(answer.body, answer.status), headers)
