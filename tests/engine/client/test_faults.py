"""Every exception has its fault, and every fault its sentence (threats.md C7)."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import get_args

import httpcore2
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.engine.client.faults import MAX_LIBRARY_TEXT, Attempt, fault_of
from airisk_tui.engine.client.trace import NotHttp, Stage
from airisk_tui.engine.client.trust import unusable
from airisk_tui.insight.advice.transport import fault_sentence
from airisk_tui.oauth.http import HttpRequest, TransportKind

ATTEMPT = Attempt("https", "airisk.example.com", 443, "connect")


def caused(outer: Exception, *causes: BaseException) -> Exception:
    """As httpx2 raises it: the cause below its own exception, several of them in a group."""
    middle = httpcore2.ConnectError("All connection attempts failed")
    middle.__cause__ = causes[0] if len(causes) == 1 else ExceptionGroup("attempts", list(causes))  # type: ignore[type-var]  # only Exceptions here
    outer.__cause__ = middle
    return outer


def system(number: int) -> OSError:
    return OSError(number, "as the system says")


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (caused(httpx2.ConnectError("x"), system(errno.ECONNREFUSED)), "refused", ""),
        (caused(httpx2.ConnectError("x"), system(errno.ENETUNREACH), system(errno.ECONNREFUSED)), "refused", ""),
        (caused(httpx2.ConnectError("x"), system(errno.EHOSTUNREACH)), "unreachable", ""),
        (caused(httpx2.ConnectError("x"), system(errno.ENETUNREACH), system(errno.EHOSTUNREACH)), "unreachable", ""),
        (caused(httpx2.ConnectError("x"), system(errno.EACCES)), "unreachable", "forbidden"),
        (caused(httpx2.ConnectError("x"), system(errno.ETIMEDOUT)), "timeout", "connect"),
        (caused(httpx2.ConnectError("x"), system(errno.EMFILE)), "local", "resources"),
        (caused(httpx2.ConnectError("x"), socket.gaierror(-2, "Name or service not known")), "dns", "name"),
        (caused(httpx2.ReadError("x"), system(errno.ECONNRESET)), "reset", "reset"),
        (caused(httpx2.ReadError("x"), RuntimeError()), "reset", "closed"),
        (httpx2.ConnectTimeout("x"), "timeout", "connect"),
        (TimeoutError(), "timeout", "connect"),
        (httpx2.ProxyError("407 Proxy Authentication Required"), "proxy", "login"),
        (httpx2.ProxyError("503 Service Unavailable"), "proxy", "refused"),
        (httpx2.RemoteProtocolError("bad Content-Length"), "protocol", "malformed"),
        (httpx2.LocalProtocolError("x"), "local", "request"),
        (NotHttp("x"), "protocol", "not-http"),
        (RuntimeError("nobody foresaw this"), "protocol", "malformed"),
    ],
)
def test_c7_each_cause_has_its_name(error: Exception, kind: str, reason: str) -> None:
    fault = fault_of(error, ATTEMPT, ("192.0.2.1:443",))
    assert (fault.kind, fault.reason) == (kind, reason)
    assert (fault.host, fault.port, fault.tried) == ("airisk.example.com", 443, ("192.0.2.1:443",))
    assert "airisk.example.com" in fault_sentence(fault, HttpRequest("GET", "https://airisk.example.com/"), "access")


def unverified(code: int) -> Exception:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return caused(httpx2.ConnectError("x"), error)


def test_c7_each_verdict_of_openssl_has_its_name() -> None:
    """The numbers of x509_vfy.h."""
    names = {9: "certificate-not-yet-valid", 10: "certificate-expired", 18: "self-signed", 23: "certificate-revoked"}
    names |= {62: "hostname-mismatch", 64: "hostname-mismatch", **dict.fromkeys((2, 19, 20, 21), "unknown-ca")}
    for code in range(80):
        fault = fault_of(unverified(code), ATTEMPT)
        assert (fault.kind, fault.reason, fault.verify_code) == ("tls", names.get(code, "certificate-invalid"), code)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "wrong-version"),
        ("[SSL] record layer failure", "wrong-version"),
        ("tlsv13 alert certificate required", "client-certificate"),
        ("tlsv1 alert protocol version", "protocol-version"),
        ("[SSL: UNEXPECTED_EOF_WHILE_READING]", "handshake-closed"),
        ("tlsv1 unrecognized name", "hostname-mismatch"),
        ("something new", "handshake-failed"),
    ],
)
def test_c7_each_alert_of_a_handshake_has_its_name(words: str, reason: str) -> None:
    waiting = ssl.SSLWantReadError("[SSL: WRONG_VERSION_NUMBER] not the cause")
    assert fault_of(caused(httpx2.ConnectError("x"), waiting, ssl.SSLError(1, words)), ATTEMPT).code == f"tls {reason}"


def test_c7_the_reason_of_openssl_is_read_where_its_words_do_not_say_it() -> None:
    error = ssl.SSLError(1, "a version's own words")
    error.reason = "UNSUPPORTED_PROTOCOL"
    assert fault_of(caused(httpx2.ConnectError("x"), error), ATTEMPT).code == "tls protocol-version"


REFUSED = caused(httpx2.ConnectError("x"), system(errno.ECONNREFUSED))
LOGIN = httpx2.ProxyError("407 Proxy Authentication Required")


@pytest.mark.parametrize(
    ("error", "stage", "proxy", "code"),
    [
        (REFUSED, "connect", True, "proxy refused"),
        (REFUSED, "answer", True, "refused"),
        (REFUSED, "connect", False, "refused"),
        (httpx2.ConnectTimeout("x"), "connect", True, "proxy connect"),
        (httpx2.ReadTimeout("x"), "answer", True, "timeout read"),
        (TimeoutError(), "tls", False, "timeout tls"),
        (TimeoutError(), "body", False, "timeout overall"),
        (caused(httpx2.ReadError("x"), system(errno.ECONNRESET)), "tls", False, "tls handshake-closed"),
        (UnicodeError("label too long"), "connect", False, "dns name"),
        (UnicodeError("label too long"), "answer", False, "protocol malformed"),
        (LOGIN, "connect", True, "proxy login-refused"),
        (httpx2.RemoteProtocolError("Receive BUFFER too long"), "answer", False, "protocol head-too-large"),
        (httpx2.RemoteProtocolError("Server disconnected without a response"), "answer", False, "reset closed"),
        (httpx2.UnsupportedProtocol("x"), "answer", False, "local request"),
    ],
)
def test_c7_the_stage_and_a_proxy_decide_what_an_error_means(
    error: Exception, stage: Stage, proxy: bool, code: str
) -> None:
    attempt = Attempt("https", "h", 443, stage, "http://proxy:1" if proxy else None, "HTTPS_PROXY", login_given=True)
    fault = fault_of(error, attempt)
    assert fault.code == code
    assert fault.variable == ("HTTPS_PROXY" if fault.kind == "proxy" else "")
    assert bool(fault.library_text) is not isinstance(error, httpx2.TimeoutException | TimeoutError)


def test_what_the_library_and_the_server_said_first_is_kept_in_part() -> None:
    for size in (300, 301):
        text = fault_of(RuntimeError("x" * size), ATTEMPT).library_text
        assert text == ("x" * 300 if size == 300 else "x" * 300 + "…")
    for scheme, received, code, told in (
        ("http", b"\x16\x03\x03", "protocol tls-on-http", ""),
        ("https", b"\x16\x03\x03", "protocol not-http", "\x16\x03\x03"),
        ("http", b"SSH-2.0-OpenSSH_9.6\r\nkey", "protocol not-http", "SSH-2.0-OpenSSH_9.6"),
        ("http", b"+OK token=secret", "protocol not-http", "+OK token"),
        ("http", b"a" * 60, "protocol not-http", "a" * 24),
    ):
        fault = fault_of(NotHttp("x"), Attempt(scheme, "h", 1, "answer", received=received))
        assert (fault.code, fault.received, fault.library_text) == (code, told, "")


def test_of_a_fault_on_our_own_side_only_the_systems_words_are_kept() -> None:
    for error, words in ((OSError("no such file"), "no such file"), (ValueError("a password"), "")):
        fault = unusable("ca-file", "SSL_CERT_FILE", "ca.pem", error).fault
        assert (fault.code, fault.subject, fault.variable) == ("local ca-file", "ca.pem", "SSL_CERT_FILE")
        assert (fault.exception, fault.library_text) == (type(error).__name__, words)


def test_the_systems_error_has_its_name_and_others_numbers_have_none() -> None:
    refused = fault_of(caused(httpx2.ConnectError("x"), system(errno.ECONNREFUSED)), ATTEMPT)
    assert (refused.exception, refused.errno) == ("ConnectError", "ECONNREFUSED")
    assert fault_of(caused(httpx2.ConnectError("x"), socket.gaierror(8, "no such name")), ATTEMPT).errno == ""


@given(st.text(), st.sampled_from(get_args(Stage)), st.sampled_from([None, "http://proxy:3128"]), st.text(max_size=64))
def test_the_mapping_is_total(words: str, stage: Stage, proxy: str | None, received: str) -> None:
    attempt = Attempt("http", "h", 1, stage, proxy, received)
    kinds = [Exception, OSError, UnicodeError, httpx2.ReadError, httpx2.RemoteProtocolError, ssl.SSLError, NotHttp]
    for kind in kinds:
        fault = fault_of(kind(words), attempt)
        assert fault.kind in get_args(TransportKind)
        assert fault_sentence(fault, HttpRequest("GET", "http://h:1/"), "access").endswith(".")
        assert len(fault.library_text) <= MAX_LIBRARY_TEXT + 1


def test_a_circle_of_causes_ends() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert fault_of(first, ATTEMPT).kind == "protocol"
