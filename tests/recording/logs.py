"""Logs of runs for the tests of the recording room: one for each way through the flow, with every kind of event."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import (
    AnyEvent,
    BrowserOpened,
    BrowserRequested,
    CallbackAnswered,
    Cancelled,
    ContinuedAnyway,
    DeviceAnswered,
    FailedLaunch,
    FollowUpAnswered,
    FollowUpRequested,
    HoldChanged,
    IdTokenChecked,
    Imported,
    KeysAnswered,
    ListenerFailed,
    MetadataAnswered,
    PasteClosed,
    PasteRefused,
    ProbeRequested,
    PushAnswered,
    RefreshAnswered,
    RequestReleased,
)
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, GET_CONVERSATIONS, LIST_USERS
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from tests.runs import (
    BOUND,
    CODE,
    INPUTS,
    LOCATION,
    OPENED,
    OVER,
    authorized,
    bound,
    callback,
    exchanged,
    good,
    jwt,
    page,
    probed,
    problem,
    redirect,
    response,
    started,
    stray,
    text,
    token_response,
    unconnected,
)

BOTH_FAMILIES = bound("127.0.0.1:8765", "[::1]:8765")
STRAY = stray("favicon")
USER_TOKEN = jwt({"sub": "user_42"})
NOT_TEXT = Body(b"\xff\xfe\x00binary", 40, 20, "size")
JSON = "application/json"
METADATA = response(
    200,
    '{"issuer": "http://127.0.0.1:9000", "authorization_endpoint": "http://127.0.0.1:9000/authorize", '
    '"token_endpoint": "http://127.0.0.1:9000/token", "userinfo_endpoint": "http://127.0.0.1:9000/me", '
    '"pushed_authorization_request_endpoint": "http://127.0.0.1:9000/par", '
    '"device_authorization_endpoint": "http://127.0.0.1:9000/device", "jwks_uri": "http://127.0.0.1:9000/keys"}',
    "application/json",
)
CODES = response(
    200, '{"device_code": "device", "user_code": "WDJB-MJHT", "verification_uri": "http://127.0.0.1:9000/device"}', JSON
)
TAKEN = response(201, '{"request_uri": "urn:example:request", "expires_in": 60}', JSON)
PENDING = response(400, '{"error": "slow_down"}', JSON)
EMPTY_LIST = response(200, "[]", "application/json")

EDITS = (
    Edit("authorization", "param", "prompt", "add", "login"),
    Edit("token", "body", "redirect_uri", "omit"),
    Edit("token", "header", "X-Trace", "set", "1"),
)

LOGS: dict[str, tuple[AnyEvent, ...]] = {
    "held-and-edited": (
        started(hold=("authorization",)),
        BOUND,
        HoldChanged(at=0.15, steps=("authorization", "token")),
        RequestReleased(at=0.18, step="authorization"),
        OPENED,
        good(),
        RequestReleased(at=20.0, step="token", edits=EDITS[1:]),
        exchanged(text("Invalid redirect_uri"), at=20.1),
    ),
    "edited": (started(edits=EDITS), BOUND, OPENED, good(), exchanged(text("Invalid redirect_uri"))),
    "browser-token": (started(), BOTH_FAMILIES, OPENED, STRAY, good(), exchanged(), good(at=1.7)),
    "user-specific-with-probes": (
        started(userid="user_42", probes=DOCUMENTED),
        BOUND,
        OPENED,
        good(),
        exchanged(mine=replace(INPUTS, userid="user_42"), token=USER_TOKEN),
        probed(LIST_USERS, EMPTY_LIST),
        probed(GET_CONVERSATIONS, EMPTY_LIST, at=2.5),
    ),
    "direct-token-and-a-later-probe": (
        started(mode="direct"),
        authorized(redirect(LOCATION)),
        exchanged(),
        ProbeRequested(at=3.0, endpoint=GET_CONVERSATIONS, credential="none"),
        probed(GET_CONVERSATIONS, problem(403), at=3.2),
    ),
    "invalid-code": (started(mode="direct"), authorized(redirect(LOCATION)), exchanged(text("Invalid Code"))),
    "unauthorized": (started(mode="direct"), authorized(problem())),
    "forged-then-timeout": (started(), BOUND, OPENED, callback("code=x&state=forged"), OVER),
    "held-and-believed": (
        started(),
        BOUND,
        OPENED,
        callback(f"code={CODE.reference}"),
        ContinuedAnyway(at=2.0),
        exchanged(at=2.5),
    ),
    "listener-busy": (
        started(),
        ListenerFailed(at=0.1, code="busy", address="127.0.0.1", port=8765, holder="x"),
    ),
    "pasted-after-a-refusal": (
        started(),
        BOUND,
        BrowserOpened(
            at=0.2, ok=False, program="xdg-open", reason="failed", failures=(FailedLaunch("xdg-open", "", 3),)
        ),
        BrowserRequested(at=0.5),
        BrowserOpened(at=0.7, ok=True, program="xdg-open"),
        PasteRefused(at=0.8, reason="no-address", length=9, kind="nothing"),
        replace(good(), via="paste"),
        exchanged(at=1.5),
    ),
    "nothing-can-be-pasted": (
        started(mode="paste", redirect_uri="https://app.example.com/callback"),
        PasteClosed(at=0.1),
    ),
    "no-connection": (started(mode="direct"), unconnected()),
    "cancelled": (started(), BOUND, OPENED, Cancelled(at=4.0)),
    "by-its-issuer": (
        started(mode="direct", issuer="http://127.0.0.1:9000", dialect=STANDARD, scope="openid", nonce="n"),
        MetadataAnswered(at=0.1, exchange=Exchange(HttpRequest("GET", "http://127.0.0.1:9000/x"), METADATA)),
        authorized(redirect(LOCATION)),
        exchanged(token_response({"id_token": USER_TOKEN.reference}), token=USER_TOKEN),
        KeysAnswered(at=1.6, exchange=Exchange(HttpRequest("GET", "http://127.0.0.1:9000/keys"), EMPTY_LIST)),
        IdTokenChecked(at=1.7, signature="no-key", at_hash="match"),
        FollowUpRequested(at=3.0, step="userinfo"),
        FollowUpAnswered(
            at=3.1, step="userinfo", exchange=Exchange(HttpRequest("GET", "http://127.0.0.1:9000/me"), EMPTY_LIST)
        ),
    ),
    "pushed": (
        started(mode="direct", issuer="http://127.0.0.1:9000", dialect=STANDARD, nonce=None, par="on"),
        MetadataAnswered(at=0.1, exchange=Exchange(HttpRequest("GET", "http://127.0.0.1:9000/x"), METADATA)),
        PushAnswered(at=0.2, exchange=Exchange(HttpRequest("POST", "http://127.0.0.1:9000/par"), TAKEN)),
        authorized(redirect(LOCATION)),
        exchanged(),
    ),
    "on-another-device": (
        started(mode="device", issuer="http://127.0.0.1:9000", dialect=STANDARD, scope="openid", nonce=None),
        MetadataAnswered(at=0.1, exchange=Exchange(HttpRequest("GET", "http://127.0.0.1:9000/x"), METADATA)),
        DeviceAnswered(at=0.2, exchange=Exchange(HttpRequest("POST", "http://127.0.0.1:9000/device"), CODES)),
        exchanged(PENDING, at=5.2),
        exchanged(at=10.2),
    ),
    "standard-dialect": (
        started(dialect=STANDARD, challenge="abc", verifier=CODE, params=Params((("scope", "a b"), ("scope", "c")))),
        BOUND,
        OPENED,
        good(),
        exchanged(HttpResponse(200, (("Content-Type", "application/json"),), NOT_TEXT, "OK")),
    ),
    "another-program-s-file": (
        started(mode="direct"),
        Imported(at=0.0, program="WebInspector", omissions=("redacted",)),
        authorized(redirect(LOCATION)),
        CallbackAnswered(at=1.0, exchange=Exchange(HttpRequest("GET", LOCATION), page(500))),
        replace(unconnected(), at=1.1, step="redirect"),
        exchanged(
            HttpResponse(200, (("Content-Type", "application/json"),), Body(b"", 180, 180, "not-recorded"), "OK")
        ),
        RefreshAnswered(
            at=9.0,
            exchange=Exchange(HttpRequest("POST", "http://127.0.0.1:9000/api/oauth2/Token"), text("Invalid Code")),
        ),
    ),
}
