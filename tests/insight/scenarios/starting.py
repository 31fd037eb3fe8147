"""What keeps a run from starting or from connecting."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.flow.events import Cancelled, ListenerBound
from airisk_tui.flow.start.known import Known, SeenCertificate
from airisk_tui.oauth.http import ServerCertificate
from airisk_tui.oauth.request.edit import Edit
from tests.insight.plays import direct, failed, inputs, issued, refused, run
from tests.insight.scenarios.base import (
    GOT_IN,
    HTTP,
    INVALID_CODE,
    LOCALHOST,
    case,
    extra,
    listener,
    sent,
)
from tests.runs import BOUND, OPENED, OVER, URI, UTC, bound, good, problem, text, token_response

# Inputs
case("inputs-illegal", lambda: run(inputs(timeout=0)), "timeout")
case(
    "inputs-illegal", lambda: run(inputs(base_url="ftp://x", client_secret=None)), "base_url", name="and one is missing"
)
case("inputs-missing", lambda: run(inputs(client_secret=None)), "--no-exchange")
case(
    "inputs-missing",
    lambda: run(inputs(client_id="")),
    "--client-id, client_id in config.toml or CLIENT_ID in a .env file",
    name="a client",
)
case(
    "parameter-sent-twice",
    lambda: direct(problem(), params=extra(client_id="other")),
    "--param client_id",
    "client-unknown",
)
case(
    "field-sent-twice",
    lambda: refused(INVALID_CODE, token_params=extra(redirect_uri="http://127.0.0.1:1/cb")),
    "--token-param redirect_uri",
    "legs-differ",
)
case("secrets-in-clear", lambda: issued(base_url="http://airisk.example.com"), "https")
case("tls-not-verified", lambda: issued(verify_tls=False), "verification")


case(
    "listener-public",
    lambda: run(
        inputs(listen="0.0.0.0:9000", listen_publicly=True),
        ListenerBound(at=0.1, addresses=("0.0.0.0:9000",), scheme="http"),
        Cancelled(at=1.0),
    ),
    "--listen to a loopback address",
)

# Listener
case(
    "port-busy",
    lambda: listener("busy", listen="127.0.0.1:9000"),
    "--listen to another address",
    name="the port of the address to listen on is taken",
)
case("port-busy", lambda: listener("busy", "nginx (pid 7)"), "nginx (pid 7)")
case(
    "port-busy",
    lambda: listener("busy"),
    LOCALHOST.replace("8765", "9000"),
    name="another port is registered, too",
    registered=(URI, LOCALHOST.replace("8765", "9000")),
)
case("port-privileged", lambda: listener("privileged", redirect_uri="https://localhost/callback"), "--mode paste")
case("port-excluded", lambda: listener("excluded"), "http://127.0.0.1:8766/callback")
case("address-not-loopback", lambda: listener("not-loopback"), "--mode paste")
case("address-unavailable", lambda: listener("unavailable", redirect_uri="http://[::1]:8765/callback"), "--mode paste")


# No connection, TLS
for kind, code, fix in (
    ("proxy", "proxy-failed", "NO_PROXY=airisk.example.com"),
    ("dns", "name-not-found", "--base-url"),
    ("refused", "connection-refused", "--base-url"),
    ("unreachable", "network-unreachable", "VPN"),
    ("timeout", "no-answer-in-time", "network"),
    ("reset", "connection-reset", "Run again"),
    ("protocol", "not-http", "--base-url"),
    ("local", "request-impossible", "Correct"),
):
    case(code, lambda kind=kind: run(inputs(mode="direct"), failed(kind)), fix)
for reason, code, fix in (
    ("certificate-not-yet-valid", "certificate-not-yet-valid", "clock"),
    ("certificate-expired", "certificate-expired", "renew"),
    ("hostname-mismatch", "certificate-wrong-host", "--base-url"),
    ("certificate-revoked", "certificate-revoked", "new certificate"),
    ("self-signed", "certificate-self-signed", "SSL_CERT_FILE"),
    ("unknown-ca", "certificate-unknown-authority", "SSL_CERT_FILE"),
    ("client-certificate", "client-certificate-wanted", "client certificates"),
    ("wrong-version", "tls-on-plain-port", "http://airisk.example.com"),
    ("", "tls-failed", "another network"),
):
    case(code, lambda reason=reason: run(inputs(mode="direct"), failed("tls", reason)), fix)
OWN = Known(ca_file="/etc/ssl/private-ca.pem")
for reason, code in (("self-signed", "certificate-self-signed"), ("unknown-ca", "certificate-unknown-authority")):
    case(
        code,
        lambda reason=reason: run(inputs(mode="direct"), failed("tls", reason), known=OWN),
        "environment's ca_file “/etc/ssl/private-ca.pem”",
        name=f"{reason}, and the environment has a file of authorities",
    )
BEFORE = ServerCertificate("CN=airisk.example.com", "CN=Private CA", UTC - 80 * 86_400, UTC + 10 * 86_400, "aa" * 32)
RENEWED = replace(BEFORE, not_after=UTC + 90 * 86_400, sha256="bb" * 32)
ANOTHER = replace(RENEWED, issuer="CN=A proxy", sha256="cc" * 32)
case(
    "certificate-expired",
    lambda: run(inputs(mode="direct"), failed("tls", "certificate-expired", certificate=RENEWED)),
    "intermediate certificates",
    name="one above that of the server",
)
OVER_SINCE = replace(BEFORE, not_after=UTC - 3 * 86_400)
for reason, code in (("self-signed", "certificate-self-signed"), ("unknown-ca", "certificate-unknown-authority")):
    case(
        code,
        lambda reason=reason: run(inputs(mode="direct"), failed("tls", reason, certificate=OVER_SINCE)),
        "renew the certificate",
        name=f"{reason}, and it has ended, too",
    )
GOOD_BEFORE = refused(token_response(), certificate=BEFORE, run_id="r0")
case("certificate-ends-soon", lambda: refused(token_response(), certificate=BEFORE), "renew the certificate")
case(
    "certificate-changed",
    lambda: refused(token_response(), certificate=RENEWED),
    "compare the fingerprints",
    last_good=GOOD_BEFORE,
    name="renewed by the same authority",
)
case(
    "certificate-changed",
    lambda: refused(token_response(), certificate=ANOTHER),
    "compare the fingerprints",
    last_good=GOOD_BEFORE,
    name="of another authority",
)
LIBRARY = Known(certificates=(SeenCertificate("https://airisk.example.com:443", BEFORE),))
case(
    "certificate-unknown-authority",
    lambda: run(inputs(mode="direct"), failed("tls", "unknown-ca", certificate=ANOTHER), known=LIBRARY),
    "SSL_CERT_FILE",
    "certificate-changed",
    name="another one than in the last good recording",
)
case(
    "certificate-unknown-authority",
    lambda: run(inputs(mode="direct"), failed("tls", "unknown-ca", certificate=ANOTHER), known=OWN),
    "environment's ca_file",
    "certificate-changed",
    last_good=GOOD_BEFORE,
    name="a proxy reads TLS traffic since the last good run",
)
case(
    "connection-reset",
    lambda: run(inputs(), bound(), OPENED, good(), failed("reset", step="token-request")),
    "Run again",
    name="reset at the token endpoint",
)

case(
    "connection-reset",
    lambda: direct(GOT_IN, failed("reset", step="token-request", url=HTTP + "/api/oauth2/Token"), base_url=HTTP),
    "to the administrator of airisk.example.com:443",
    name="reset over http, where step 1 was answered",
)
case(
    "connection-reset",
    lambda: run(inputs(mode="direct", base_url=HTTP), failed("reset", url=HTTP + "/api/oauth2")),
    "https://airisk.example.com",
    name="reset over http at the first request",
)
case(
    "connection-reset",
    lambda: run(inputs(mode="direct"), failed("reset", tls="TLSv1.3")),
    "client certificates",
    name="reset at once after the handshake",
)
case(
    "tls-failed",
    lambda: run(inputs(mode="direct"), failed("tls", library_text="handshake failure")),
    "network",
    name="refused",
)
case("answer-head-too-long", lambda: run(inputs(mode="direct"), failed("protocol", "head-too-large")), "administrator")

LEFT_OUT = Edit("token", "body", "redirect_uri", "omit")
case("you-changed", lambda: refused(text("Invalid redirect_uri"), edits=(LEFT_OUT,)), "--omit token.body.redirect_uri")
case(
    "you-changed",
    lambda: run(inputs(edits=(Edit("authorization", "param", "client_id", "set", "x"),)), BOUND, OPENED, OVER),
    "--set authorization.param.client_id",
    name="nobody comes back from a request that was changed",
)
case(
    "you-changed",
    lambda: refused(token_response(), sent=sent().without("redirect_uri"), edits=(LEFT_OUT,)),
    "--omit token.body.redirect_uri",
    name="a token came, and a warning is about what was left out",
)
