"""The rail of steps: sensible at the end of every way through the table of phases."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.flow.commands import decide
from airisk_tui.flow.events import (
    AnyEvent,
    BrowserOpened,
    BrowserRequested,
    Cancelled,
    ContinuedAnyway,
    FollowUpRequested,
    HoldChanged,
    Imported,
    ListenerFailed,
    MetadataAnswered,
    PasteClosed,
    PasteRefused,
    ProbeRequested,
    TokenExchanged,
)
from airisk_tui.flow.fold import INITIAL, fold, step
from airisk_tui.flow.phases import TABLE, Outcome, Phase
from airisk_tui.flow.reading.rail import STEP_OF, exchanges, rail
from airisk_tui.flow.reading.steps import TITLES, StepView
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, GET_CONVERSATIONS
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.http import Exchange, HttpRequest
from airisk_tui.oauth.secret import SecretView
from tests.recording.logs import LOGS
from tests.runs import (
    BOUND,
    LOCATION,
    OPENED,
    OVER,
    STATE,
    URI,
    authorized,
    bound,
    callback,
    exchanged,
    good,
    probed,
    problem,
    redirect,
    response,
    started,
    text,
    token_response,
    unconnected,
)

ISSUER = "http://127.0.0.1:9000"
DISCOVERING = started(mode="direct", issuer=ISSUER, dialect=STANDARD)
NO_METADATA = 2 * (MetadataAnswered(at=0.2, exchange=Exchange(HttpRequest("GET", ISSUER), problem(404))),)
BY_ISSUER: tuple[Any, ...] = LOGS["by-its-issuer"]
PUSHED: tuple[Any, ...] = LOGS["pushed"]
DEVICE: tuple[Any, ...] = LOGS["on-another-device"]
SYMBOL = {"pending": ".", "running": ">", "ok": "+", "failed": "x", "skipped": "-"}
BUSY = ListenerFailed(at=0.1, code="busy")
HEARD = (started(), BOUND, OPENED)
DIRECT = started(mode="direct")
ASKED = ProbeRequested(at=3, endpoint=GET_CONVERSATIONS)
PROBES = (started(probes=(GET_CONVERSATIONS,)), BOUND, OPENED, good(), exchanged())

PASTE = started(mode="paste")
ELSEWHERE = started(mode="paste", redirect_uri="https://app.example.com/cb")
CLOSED = PasteClosed(at=0.3)
FORGED = replace(callback("code=x&state=forged", at=0.2), via="paste")
REFUSED = PasteRefused(at=0.8, reason="no-address", length=9, kind="nothing")
TYPED = replace(DISCOVERING.inputs, dialect=replace(STANDARD, authorize_path="/a", token_path="/t"))
THEN = replace(BY_ISSUER[0], inputs=replace(BY_ISSUER[0].inputs, then=("refresh", "userinfo")))
THEN_PROBES = replace(THEN, inputs=replace(THEN.inputs, probes=(GET_CONVERSATIONS,)))
USERINFO = BY_ISSUER[7]
MARK = SecretView("ed17ed0000000001", 10, characters="redacted")
REDACTED = exchanged(token_response(token=MARK), token=MARK)


def polled(error: str) -> TokenExchanged:
    """An answer of the token endpoint to a poll."""
    return exchanged(response(400, f'{{"error": "{error}"}}', "application/json"), at=5.2)


WAYS: list[tuple[str, tuple[AnyEvent, ...], str, str, str]] = [
    ("nothing", (), "......", "idle", ""),
    ("binding", (started(),), ">.....", "binding Listen", ""),
    ("opening", (started(), BOUND), "+>....", "opening Listen Countdown OpenBrowser", "listening on 127.0.0.1:8765"),
    ("waiting", HEARD, "++>...", "waiting Listen Countdown", "listening on 127.0.0.1:8765; xdg-open; waiting"),
    (
        "no browser could be opened",
        (started(), BOUND, BrowserOpened(at=0.2, ok=False)),
        "+x>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; not opened: unknown; waiting",
    ),
    (
        "holding",
        (*HEARD, callback("code=x")),
        "++>...",
        "holding Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; an answer without the state",
    ),
    (
        "believed on purpose",
        (*HEARD, callback("code=x"), ContinuedAnyway(at=2)),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code, without the state",
    ),
    (
        "exchanging",
        (*HEARD, good()),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "token",
        (*HEARD, good(), exchanged()),
        "+++++-",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT",
    ),
    (
        "code wanted",
        (started(exchange=False), BOUND, OPENED, good()),
        "+++---",
        "code",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "answer before the browser reports",
        (started(), BOUND, good()),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; a code came",
    ),
    (
        "timed out before the browser reports",
        (started(), BOUND, OVER),
        "++x---",
        "timeout",
        "listening on 127.0.0.1:8765; nothing came",
    ),
    ("illegal", (started(client_id=""),), "x-----", "usage", "not sent: client-id-missing"),
    ("busy", (started(), BUSY), "x-----", "listener", "not listening: busy"),
    (
        "busy, paste possible",
        (started(mode="paste"), BUSY),
        "+->...",
        "waiting Countdown",
        "not listening: busy; waiting",
    ),
    (
        "paste, elsewhere",
        (started(mode="paste", redirect_uri="https://app.example.com/cb"),),
        "+->...",
        "waiting Countdown",
        "nothing listens here; waiting",
    ),
    (
        "browser, elsewhere",
        (started(redirect_uri="https://app.example.com/cb"),),
        "+>....",
        "opening Countdown OpenBrowser",
        "nothing listens here",
    ),
    (
        "refused",
        (*HEARD, callback(f"error=access_denied&state={STATE}")),
        "++x---",
        "authorization-refused",
        "listening on 127.0.0.1:8765; xdg-open; access_denied",
    ),
    (
        "repeated",
        (*HEARD, callback(f"code=a&code=b&state={STATE}")),
        "++x---",
        "response-invalid",
        "listening on 127.0.0.1:8765; xdg-open; a parameter twice",
    ),
    ("timed out", (*HEARD, OVER), "++x---", "timeout", "listening on 127.0.0.1:8765; xdg-open; nothing came"),
    (
        "only forged answers",
        (*HEARD, callback("code=x&state=forged"), OVER),
        "++x---",
        "response-invalid",
        "listening on 127.0.0.1:8765; xdg-open; 1 received, none accepted",
    ),
    ("cancelled while binding", (started(), Cancelled(at=9)), "x-----", "cancelled", "nothing listens here"),
    (
        "cancelled while waiting",
        (*HEARD, Cancelled(at=9)),
        "++x---",
        "cancelled",
        "listening on 127.0.0.1:8765; xdg-open; nothing came",
    ),
    (
        "cancelled while exchanging",
        (*HEARD, good(), Cancelled(at=9)),
        "+++x--",
        "cancelled",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "token refused",
        (*HEARD, good(), exchanged(text("Invalid Code"))),
        "+++x--",
        "token-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 400",
    ),
    (
        "no token in it",
        (*HEARD, good(), exchanged(response(200, "{}", "application/json"))),
        "+++x--",
        "token-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200",
    ),
    (
        "no connection to the token endpoint",
        (*HEARD, good(), unconnected("token-request", at=1.2)),
        "+++x--",
        "transport",
        "listening on 127.0.0.1:8765; xdg-open; a code came; no answer: refused",
    ),
    ("asking", (DIRECT,), ">-....", "asking AskDirectly", "asking"),
    ("looking for the metadata", (DISCOVERING,), ">-....", "discovering Discover", "looking for the metadata"),
    ("pushing the request", LOGS["pushed"][:2], ">-....", "pushing PushRequest", "pushing the request"),
    (
        "asking for the codes of a device",
        LOGS["on-another-device"][:2],
        ">--...",
        "requesting RequestDeviceCodes",
        "asking for codes",
    ),
    (
        "polling for a device",
        LOGS["on-another-device"][:4],
        "+-->..",
        "polling Countdown Poll",
        "200; asked 1 ×: slow_down",
    ),
    (
        "verifying the ID token",
        BY_ISSUER[:5],
        "+-++>.",
        "verifying VerifyIdToken",
        "302; a code came; 200; acts for user_42, JWT",
    ),
    ("verified", BY_ISSUER[:6], "+-+++-", "token", "302; a code came; 200; acts for user_42, JWT"),
    ("asking userinfo", BY_ISSUER[:7], "+-+++>", "following Follow", "302; a code came; 200; acts for user_42, JWT"),
    ("asked for userinfo", BY_ISSUER, "+-++++", "token", "302; a code came; 200; acts for user_42, JWT; userinfo 200"),
    ("no metadata", (DISCOVERING, *NO_METADATA), "x-----", "response-invalid", "no usable metadata"),
    (
        "nobody answers at the issuer",
        (DISCOVERING, unconnected("discovery")),
        "x-----",
        "transport",
        "no answer: refused",
    ),
    ("direct", (DIRECT, authorized(redirect(LOCATION))), "+-+>..", "exchanging ExchangeCode", "302; a code came"),
    ("direct, nothing to time out", (DIRECT, OVER), ">-....", "asking AskDirectly", "asking"),
    ("direct, no redirect", (DIRECT, authorized(problem())), "x-----", "authorization-refused", "401"),
    (
        "direct, no connection",
        (DIRECT, unconnected("authorization-request")),
        "x-----",
        "transport",
        "no answer: refused",
    ),
    (
        "direct, an error",
        (DIRECT, authorized(redirect(f"{URI}?error=x&state={STATE}"))),
        "+-x---",
        "authorization-refused",
        "302; x",
    ),
    (
        "direct, another state",
        (DIRECT, authorized(redirect(f"{URI}?code=x&state=another"))),
        "+-x---",
        "response-invalid",
        "302; state mismatch",
    ),
    (
        "direct, no state",
        (DIRECT, authorized(redirect(f"{URI}?code=x"))),
        "+-x---",
        "response-invalid",
        "302; a code, without the state",
    ),
    (
        "direct, another port",
        (DIRECT, authorized(redirect(LOCATION.replace("8765", "8766")))),
        "+-x---",
        "response-invalid",
        "302; another port than the redirect URI's",
    ),
    (
        "probing",
        PROBES,
        "+++++>",
        "probing Probe",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT",
    ),
    (
        "probed",
        (*PROBES, probed(GET_CONVERSATIONS, response(403))),
        "++++++",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 403",
    ),
    (
        "probed, and nothing can be said",
        (*PROBES, probed(GET_CONVERSATIONS, response(500))),
        "++++++",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 500",
    ),
    (
        "probed, not as documented",
        (*PROBES, probed(GET_CONVERSATIONS, response(200))),
        "+++++x",
        "access-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 200",
    ),
    (
        "asked again, and cancelled",
        (*HEARD, good(), exchanged(), ASKED, Cancelled(at=4)),
        "+++++x",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; cancelled",
    ),
    (
        "probed, asked again, and cancelled",
        (*PROBES, probed(GET_CONVERSATIONS, response(403)), ASKED, Cancelled(at=4)),
        "++++++",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 403",
    ),
    (
        "cancelled while probing",
        (*PROBES, Cancelled(at=4)),
        "+++++x",
        "cancelled",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; cancelled",
    ),
    (
        "asked again",
        (*HEARD, good(), exchanged(), ASKED),
        "+++++>",
        "probing Probe",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT",
    ),
    ("paste", (PASTE, BOUND), "+->...", "waiting Listen Countdown", "listening on 127.0.0.1:8765; waiting"),
    (
        "paste, and nothing can be pasted",
        (PASTE, BOUND, CLOSED),
        "+->...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; waiting",
    ),
    (
        "busy, and nothing can be pasted any more",
        (PASTE, BUSY, CLOSED),
        "x-x---",
        "listener",
        "not listening: busy; nothing came",
    ),
    ("nothing can be pasted, and the port is busy", (PASTE, CLOSED, BUSY), "x-----", "listener", "not listening: busy"),
    (
        "elsewhere, and nothing can be pasted",
        (ELSEWHERE, CLOSED),
        "x-x---",
        "listener",
        "nothing listens here; nothing came",
    ),
    (
        "elsewhere, only a forged answer was pasted",
        (ELSEWHERE, FORGED, CLOSED),
        "+-x---",
        "response-invalid",
        "nothing listens here; 1 received, none accepted",
    ),
    (
        "elsewhere, a held answer was pasted",
        (ELSEWHERE, replace(callback("code=x"), via="paste"), CLOSED),
        "+-x---",
        "response-invalid",
        "nothing listens here; 1 received, none accepted",
    ),
    (
        "a browser waits for no paste",
        (*HEARD, CLOSED),
        "++>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; waiting",
    ),
    (
        "a paste was refused",
        (*HEARD, REFUSED),
        "++>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; waiting",
    ),
    (
        "a paste after one that was refused",
        (*HEARD, REFUSED, replace(good(), via="paste")),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "a callback after a paste that was refused",
        (*HEARD, REFUSED, good()),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "the browser is to be opened again",
        (*HEARD, BrowserRequested(at=0.5)),
        "++>...",
        "waiting Listen Countdown OpenBrowser",
        "listening on 127.0.0.1:8765; xdg-open; waiting",
    ),
    (
        "the browser was opened again",
        (*HEARD, BrowserRequested(at=0.5), replace(OPENED, at=0.6)),
        "++>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; waiting",
    ),
    (
        "binding, the browser is to be opened again",
        (started(), BrowserRequested(at=0.05), BOUND),
        "+>....",
        "opening Listen Countdown OpenBrowser",
        "listening on 127.0.0.1:8765",
    ),
    (
        "timed out while an answer is held",
        (*HEARD, callback("code=x"), OVER),
        "++x---",
        "response-invalid",
        "listening on 127.0.0.1:8765; xdg-open; 1 received, none accepted",
    ),
    (
        "an error without the state",
        (*HEARD, callback("error=access_denied")),
        "++>...",
        "holding Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; an answer without the state",
    ),
    (
        "a later answer while one is exchanged",
        (*HEARD, good(), callback("code=x&state=forged")),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "listening publicly",
        (started(listen_publicly=True, listen="0.0.0.0:8765"), BOUND),
        "+>....",
        "opening Listen Countdown OpenBrowser",
        "listening publicly on 127.0.0.1:8765",
    ),
    (
        "on two addresses",
        (started(), bound("127.0.0.1:8765", "[::1]:8765")),
        "+>....",
        "opening Listen Countdown OpenBrowser",
        "listening on 127.0.0.1:8765 and [::1]:8765",
    ),
    (
        "no program could be started",
        (started(), BOUND, BrowserOpened(at=0.2, ok=False, reason="none-found")),
        "+x>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; not opened: none found; waiting",
    ),
    (
        "no code that can be one",
        (*HEARD, callback(f"code=%00&state={STATE}")),
        "++x---",
        "response-invalid",
        "listening on 127.0.0.1:8765; xdg-open; a code with characters that no code has",
    ),
    (
        "a placeholder for a code",
        (*HEARD, callback(f"code=undefined&state={STATE}")),
        "++x---",
        "response-invalid",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "another issuer's answer",
        (*BY_ISSUER[:2], authorized(redirect(f"{LOCATION}&iss=https://other"))),
        "+-x---",
        "response-invalid",
        "302; a code came",
    ),
    (
        "pushing was refused",
        (*PUSHED[:2], replace(PUSHED[2], exchange=Exchange(HttpRequest("POST", ISSUER), problem(400)))),
        "x-----",
        "authorization-refused",
        "400 to the pushed request",
    ),
    ("no connection to push to", (*PUSHED[:2], unconnected("push")), "x-----", "transport", "no answer: refused"),
    ("pushed", PUSHED[:3], ">-....", "asking AskDirectly", "asking"),
    (
        "pushed, to listen",
        (replace(PUSHED[0], inputs=replace(PUSHED[0].inputs, mode="browser")), *PUSHED[1:3]),
        ">.....",
        "binding Listen",
        "",
    ),
    (
        "no codes for a device",
        (*DEVICE[:2], replace(DEVICE[2], exchange=Exchange(HttpRequest("POST", ISSUER), problem(400)))),
        "x-----",
        "authorization-refused",
        "400",
    ),
    (
        "no connection for the codes of a device",
        (*DEVICE[:2], unconnected("authorization-request")),
        "x-----",
        "transport",
        "no answer: refused",
    ),
    ("polling begins", DEVICE[:3], "+-->..", "polling Countdown Poll", "200"),
    (
        "refused on the other device",
        (*DEVICE[:3], polled("access_denied")),
        "+--x--",
        "authorization-refused",
        "200; 400",
    ),
    ("the codes of a device are over", (*DEVICE[:3], polled("expired_token")), "+--x--", "timeout", "200; 400"),
    ("another error while polling", (*DEVICE[:3], polled("invalid_client")), "+--x--", "token-refused", "200; 400"),
    (
        "told to wait",
        (*DEVICE[:3], polled("authorization_pending")),
        "+-->..",
        "polling Countdown Poll",
        "200; asked 1 ×: authorization_pending",
    ),
    ("nobody came to the other device", (*DEVICE[:4], OVER), "+--x--", "timeout", "200; asked 1 ×: slow_down"),
    ("cancelled while polling", (*DEVICE[:4], Cancelled(at=9)), "+--x--", "cancelled", "200; asked 1 ×: slow_down"),
    ("a token on another device", DEVICE, "+--++-", "token", "200; 200; acts for the application, JWT"),
    (
        "the second look for the metadata",
        (DISCOVERING, NO_METADATA[0]),
        ">-....",
        "discovering Discover",
        "looking for the metadata",
    ),
    (
        "no metadata, and endpoints that were typed",
        (replace(DISCOVERING, inputs=TYPED), *NO_METADATA),
        ">-....",
        "asking AskDirectly",
        "asking",
    ),
    (
        "nobody answers, and endpoints were typed",
        (replace(DISCOVERING, inputs=TYPED), unconnected("discovery")),
        ">-....",
        "asking AskDirectly",
        "asking",
    ),
    (
        "another issuer's metadata",
        (
            replace(DISCOVERING, inputs=replace(DISCOVERING.inputs, issuer="https://other", base_url="https://other")),
            BY_ISSUER[1],
        ),
        "x-----",
        "response-invalid",
        "no usable metadata",
    ),
    ("cancelled while looking for the metadata", (DISCOVERING, Cancelled(at=9)), "x-----", "cancelled", ""),
    (
        "no connection for the keys",
        (*BY_ISSUER[:4], unconnected("keys", at=1.6)),
        "+-++>.",
        "verifying VerifyIdToken",
        "302; a code came; 200; acts for user_42, JWT",
    ),
    (
        "an issuer's token without an ID token",
        (*BY_ISSUER[:3], exchanged()),
        "+-+++-",
        "token",
        "302; a code came; 200; acts for the application, JWT",
    ),
    (
        "a step with the token that the inputs ask for",
        (THEN, *BY_ISSUER[1:6]),
        "+-+++>",
        "following Follow",
        "302; a code came; 200; acts for user_42, JWT",
    ),
    (
        "steps with the token that the inputs ask for",
        (THEN, *BY_ISSUER[1:6], USERINFO),
        "+-++++",
        "token",
        "302; a code came; 200; acts for user_42, JWT; userinfo 200",
    ),
    (
        "a step with the token was refused",
        (THEN, *BY_ISSUER[1:6], replace(USERINFO, exchange=Exchange(HttpRequest("GET", ISSUER), problem(401)))),
        "+-+++x",
        "access-refused",
        "302; a code came; 200; acts for user_42, JWT; userinfo 401",
    ),
    (
        "no connection for a step with the token",
        (THEN, *BY_ISSUER[1:6], unconnected("userinfo", at=2)),
        "+-+++x",
        "access-refused",
        "302; a code came; 200; acts for user_42, JWT; userinfo no answer",
    ),
    (
        "a step with the token, and then endpoints",
        (THEN_PROBES, *BY_ISSUER[1:6], USERINFO),
        "+-+++>",
        "probing Probe",
        "302; a code came; 200; acts for user_42, JWT; userinfo 200",
    ),
    (
        "a later step with the token was refused",
        (*BY_ISSUER[:7], replace(USERINFO, exchange=Exchange(HttpRequest("GET", ISSUER), problem(401)))),
        "+-++++",
        "token",
        "302; a code came; 200; acts for user_42, JWT; userinfo 401",
    ),
    (
        "a later step with the token, cancelled",
        (*BY_ISSUER[:7], Cancelled(at=9)),
        "+-+++x",
        "token",
        "302; a code came; 200; acts for user_42, JWT; cancelled",
    ),
    (
        "a later step that cannot be made",
        (*HEARD, good(), exchanged(), FollowUpRequested(at=3, step="refresh")),
        "+++++-",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT",
    ),
    (
        "no connection to an endpoint",
        (*PROBES, replace(unconnected("access", at=2), endpoint=GET_CONVERSATIONS)),
        "+++++x",
        "access-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; no answer",
    ),
    (
        "a later call without the token was answered",
        (
            *HEARD,
            good(),
            exchanged(),
            replace(ASKED, credential="none"),
            probed(GET_CONVERSATIONS, response(200), credential="none", at=4),
        ),
        "++++++",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 200",
    ),
    (
        "a later call with the token, not as documented",
        (*HEARD, good(), exchanged(), ASKED, probed(GET_CONVERSATIONS, response(200), at=4)),
        "+++++x",
        "access-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT; 200",
    ),
    ("another program's file", LOGS["another-program-s-file"], "+-+x--", "code", "302; a code came; 200 OK"),
    (
        "another program's file, and a call",
        (
            started(mode="direct", probes=(GET_CONVERSATIONS,)),
            *LOGS["another-program-s-file"][1:6],
            probed(GET_CONVERSATIONS, response(403)),
        ),
        "+-++++",
        "token",
        "302; a code came; 200 OK; acts for the application, JWT; 403",
    ),
    (
        "a redacted token, seen by this program",
        (*HEARD, good(), REDACTED),
        "+++x--",
        "token-refused",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200",
    ),
    (
        "a redacted token in another program's file",
        (started(), Imported(at=0.0, program="x"), *HEARD[1:], good(), REDACTED),
        "+++++-",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; not told whose, redacted",
    ),
    (
        "held before the token request",
        (started(hold=("token",)), BOUND, OPENED, good()),
        "+++>..",
        "exchanging Listen",
        "listening on 127.0.0.1:8765; xdg-open; a code came; held before it is sent, to be edited",
    ),
    (
        "held before the browser opens",
        (started(hold=("authorization",)), BOUND),
        "+>....",
        "opening Listen",
        "listening on 127.0.0.1:8765; held before it is sent, to be edited",
    ),
    (
        "asked for the browser, and a code comes",
        (*HEARD, BrowserRequested(at=0.5), good()),
        "+++>..",
        "exchanging Listen ExchangeCode",
        "listening on 127.0.0.1:8765; xdg-open; a code came",
    ),
    (
        "a step is asked for where there is no token",
        (*BY_ISSUER[:3], exchanged(text("Invalid Code")), BY_ISSUER[6]),
        "+-+x--",
        "token-refused",
        "302; a code came; 400",
    ),
    (
        "an ID token of a server that is not known by its issuer",
        (started(dialect=STANDARD), BOUND, OPENED, good(), exchanged(token_response({"id_token": MARK.reference}))),
        "+++++-",
        "token",
        "listening on 127.0.0.1:8765; xdg-open; a code came; 200; acts for the application, JWT",
    ),
    (
        "held before a paste",
        (started(mode="paste", hold=("authorization",)), BOUND),
        "+->...",
        "waiting Listen",
        "listening on 127.0.0.1:8765; held before it is sent, to be edited",
    ),
    (
        "to be held when the browser is open already",
        (*HEARD, HoldChanged(at=0.5, steps=("authorization",))),
        "++>...",
        "waiting Listen Countdown",
        "listening on 127.0.0.1:8765; xdg-open; waiting",
    ),
    (
        "held redirect",
        (started(hold=("redirect",)), BOUND, OPENED, good()),
        "++>...",
        "waiting Listen",
        "listening on 127.0.0.1:8765; xdg-open; held before it is sent, to be edited",
    ),
    (
        "held redirect, cancelled",
        (started(hold=("redirect",)), BOUND, OPENED, good(), Cancelled(at=9)),
        "++x---",
        "cancelled",
        "listening on 127.0.0.1:8765; xdg-open; nothing came",
    ),
]
"""A name, its events, the rail, how the run stands and what is wanted then, and what the steps that are not skipped say."""


def drawn(views: tuple[StepView, ...]) -> str:
    return "".join(SYMBOL[view.status] for view in views)


@pytest.mark.parametrize(("events", "expected", "end", "told"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_each_way_has_its_end_its_wishes_and_its_rail(
    events: tuple[AnyEvent, ...], expected: str, end: str, told: str
) -> None:
    state = fold(events)
    views = rail(state)
    assert drawn(views) == expected
    wanted = (type(command).__name__ for command in decide(state))
    assert " ".join((state.outcome or state.phase, *wanted)) == end
    assert "; ".join(view.summary for view in views if view.summary and view.status != "skipped") == told


def test_the_ways_pass_through_every_phase_and_every_outcome_of_the_table() -> None:
    ends = [fold(events) for _, events, *_ in WAYS]
    named = {to.outcome for rows in TABLE.values() for to in rows.values() if to.outcome is not None}
    assert {state.phase for state in ends} == set(Phase)
    assert {state.outcome for state in ends if state.outcome} >= named


def test_a_token_that_is_refused_where_it_should_be_accepted_fails_the_last_step() -> None:
    mine = started(probes=DOCUMENTED[:1])
    state = fold((mine, BOUND, OPENED, good(), exchanged(), probed(DOCUMENTED[0], response(403))))
    assert state.outcome is Outcome.ACCESS_REFUSED
    assert drawn(rail(state)) == "+++++x"
    assert rail(state)[-1].summary == "403"


@pytest.mark.parametrize(("name", "events"), [way[:2] for way in WAYS], ids=[way[0] for way in WAYS])
def test_at_every_moment_times_run_forward_and_at_most_one_step_runs(name: str, events: tuple[AnyEvent, ...]) -> None:
    state = INITIAL
    for event in events:
        state = step(state, event)
        views = rail(state)
        assert [view.name for view in views] == list(TITLES)
        assert [view.status for view in views].count("running") == int(state.live)
        for view in views:
            assert (view.started is None) is (view.status in ("pending", "skipped"))
            assert (view.finished is None) is (view.status not in ("ok", "failed"))
            if view.started is not None and view.finished is not None:
                assert 0 <= view.started <= view.finished <= state.at


def test_every_live_phase_belongs_to_a_step() -> None:
    assert set(STEP_OF) == set(Phase) - {Phase.IDLE, Phase.DONE}


def test_summaries_say_what_happened() -> None:
    summaries = {view.name: view.summary for view in rail(fold((*HEARD, good(), exchanged())))}
    assert summaries == {
        "authorization-request": "listening on 127.0.0.1:8765",
        "browser": "xdg-open",
        "redirect": "a code came",
        "token-request": "200",
        "token": "acts for the application, JWT",
        "access": "not asked for",
    }


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        (f"error=access_denied&state={STATE}", "access_denied"),
        (f"code=a&code=b&state={STATE}", "a parameter twice"),
        (f"code=a&error=b&state={STATE}", "a code and an error at once"),
        ("state=forged&code=a", "1 received, none accepted"),
        ("code=a", "an answer without the state"),
        (f"state={STATE}", "1 received, none accepted"),
        (f"state={STATE}&ticket=x", "neither code nor error"),
    ],
)
def test_the_redirect_is_summed_up(query: str, summary: str) -> None:
    assert rail(fold((*HEARD, callback(query))))[2].summary == summary


def test_the_token_came_when_it_was_answered_and_is_finished_when_its_id_token_is_checked() -> None:
    times = [(view.started, view.finished) for view in rail(fold(BY_ISSUER))]
    assert times == [(0.0, 0.5), (None, None), (0.5, 0.5), (0.5, 1.5), (1.5, 1.7), (3.0, 3.1)]
    plain = {view.name: (view.started, view.finished) for view in rail(fold((*HEARD, good(), exchanged())))}
    assert plain["token"] == (1.5, 1.5)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (
            DEVICE,
            {"authorization-request": ["discovery", "authorization-request"], "token-request": ["token-request"] * 2},
        ),
        (PUSHED[:4], {"authorization-request": ["discovery", "push", "authorization-request"]}),
        (BY_ISSUER[3:5], {}),
        (
            BY_ISSUER,
            {
                "authorization-request": ["discovery", "authorization-request"],
                "token-request": ["token-request"],
                "token": ["keys"],
                "access": ["userinfo"],
            },
        ),
        (
            (*BY_ISSUER[:4], unconnected("keys", at=1.6)),
            {
                "authorization-request": ["discovery", "authorization-request"],
                "token-request": ["token-request"],
                "token": ["no answer to keys"],
            },
        ),
        (
            (DIRECT, unconnected("authorization-request")),
            {"authorization-request": ["no answer to authorization-request"]},
        ),
        ((DISCOVERING, unconnected("discovery")), {"authorization-request": ["no answer to discovery"]}),
        ((*HEARD, good(), unconnected("token-request", at=1.2)), {"token-request": ["no answer to token-request"]}),
        (
            (*PROBES, replace(unconnected("access", at=2), endpoint=GET_CONVERSATIONS)),
            {"token-request": ["token-request"], "access": ["no answer to access"]},
        ),
        (
            (*PROBES, probed(GET_CONVERSATIONS, response(403))),
            {"token-request": ["token-request"], "access": ["access"]},
        ),
        (
            (DIRECT, authorized(redirect(LOCATION)), unconnected("redirect", at=0.6)),
            {"authorization-request": ["authorization-request"]},
        ),
    ],
)
def test_the_exchanges_of_a_step_are_our_own_in_their_order(
    events: tuple[AnyEvent, ...], expected: dict[str, list[str]]
) -> None:
    found = {
        name: [
            f"{'' if isinstance(one.came, Exchange) else 'no answer to '}{one.name}"
            for one in exchanges(fold(events), name)
        ]
        for name in TITLES
    }
    assert {name: names for name, names in found.items() if names} == expected
