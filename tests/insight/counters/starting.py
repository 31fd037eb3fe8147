"""What keeps a run from starting or from connecting: inputs, listener, connection, TLS, certificate."""

from __future__ import annotations

from airisk_tui.flow.events import ListenerBound, ListenerFailed, RunStarted
from airisk_tui.flow.start.inputs import Inputs
from airisk_tui.oauth.request.edit import Edit
from tests.insight.counters.base import edited, fault, given, instead, swapped, unless
from tests.insight.plays import direct, failed, inputs, refused, run
from tests.insight.scenarios.base import INVALID_CODE, extra
from tests.insight.scenarios.starting import ANOTHER, BEFORE, OWN
from tests.runs import BOUND, SECRET, problem, token_response

unless("you-changed", given(edits=()), given(edits=(Edit("probe", "header", "Accept", "set", "x"),)))
unless("inputs-missing", given(client_secret=SECRET))
unless("inputs-illegal", given(timeout=300.0))
instead("parameter-sent-twice", lambda: direct(problem(), params=extra(other="x")))
instead("field-sent-twice", lambda: refused(INVALID_CODE, token_params=extra(other="x")))

for code in ("port-busy", "port-privileged", "port-excluded"):
    unless(code, edited(ListenerFailed, code="unavailable"), swapped(ListenerFailed, BOUND))
unless("address-not-loopback", swapped(ListenerFailed, BOUND))
instead(
    "address-not-loopback",
    lambda: run(inputs(redirect_uri="https://app.example.com/cb", listen="127.0.0.1:9000"), BOUND),
)
unless("address-unavailable", edited(ListenerFailed, code="busy"), swapped(ListenerFailed, BOUND))

unless("proxy-failed", fault(kind="reset"))
unless("name-not-found", fault(kind="refused"), fault(kind="proxy"))
unless("connection-refused", fault(kind="timeout"), fault(kind="reset"))
unless("network-unreachable", fault(kind="refused"), fault(kind="timeout"))
unless("no-answer-in-time", fault(reason="read"), fault(reason="tls"))
unless("connection-reset", fault(kind="tls", reason="client-certificate"))
instead("connection-reset", lambda: direct(problem()))
unless("answer-head-too-long", fault(reason=""))
unless("not-http", fault(kind="reset"))
instead("not-http", lambda: run(plain(), failed("protocol", "tls-on-http", url="http://airisk.example.com/api/oauth2")))
unless("request-impossible", fault(kind="reset"))
unless("request-blocked", fault(reason="cross-origin"))
unless("cross-origin-refused", fault(reason="blocked"), fault(reason=""))
unless("preflight-refused", fault(reason="cross-origin"), fault(reason=""))
unless("answer-not-shown", fault(reason="blocked"))

for code in ("certificate-not-yet-valid", "certificate-expired"):
    unless(code, fault(reason="unknown-ca"))
    instead(
        code,
        lambda reason=code: run(inputs(mode="direct"), failed("tls", reason, certificate=BEFORE)),
    )
unless("certificate-wrong-host", fault(reason="unknown-ca"))
unless("certificate-self-signed", fault(reason="unknown-ca"), edited(RunStarted, known=OWN))
unless("certificate-unknown-authority", fault(reason="self-signed"), edited(RunStarted, known=OWN))
unless("certificate-revoked", fault(reason="certificate-expired"))
unless("client-certificate-wanted", fault(reason=""))
unless("tls-on-plain-port", fault(reason=""))
unless("tls-failed", fault(reason="unknown-ca"), fault(reason="wrong-version"))
instead("certificate-changed", lambda: refused(token_response(), certificate=ANOTHER))


def plain() -> Inputs:
    return inputs(mode="direct", base_url="http://airisk.example.com")


unless("secrets-in-clear", given(base_url="https://airisk.example.com"), given(base_url="http://127.0.0.1:9000"))
unless("tls-not-verified", given(verify_tls=True), given(base_url="http://127.0.0.1:9000"))
unless("listener-public", edited(ListenerBound, addresses=("127.0.0.1:9000",)))
