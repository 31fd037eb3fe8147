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
