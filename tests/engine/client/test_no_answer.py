"""The client where there is no answer: nobody listens, no such name, and what cannot be sent at all."""

from __future__ import annotations

import pytest

from airisk_tui.engine.client.exchange import Client
from airisk_tui.oauth.http import FailedExchange


async def test_refused_names_the_addresses_that_were_tried(client: Client) -> None:
    result = await client.send("GET", "http://localhost:1/")
    assert isinstance(result, FailedExchange)
    assert result.fault.kind == "refused"
    assert (result.fault.host, result.fault.port) == ("localhost", 1)
    assert set(result.fault.tried) <= {"127.0.0.1:1", "[::1]:1"}
    assert "127.0.0.1:1" in result.fault.tried


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example"])
async def test_a_name_without_an_address(host: str, client: Client) -> None:
    result = await client.send("GET", f"http://{host}/")
    assert isinstance(result, FailedExchange)
    assert result.fault.kind in ("dns", "local")
    assert host in result.request.url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "url"),
        ("/api/oauth2", "url"),
        ("ftp://example.com/", "url"),
        ("http://", "url"),
        ("http:///path", "url"),
        ("http://host:port/", "url"),
        ("http://host:99999/", "url"),
        ("http://[::1/", "url"),
        ("http://ho st/", "url"),
        ("https://me:secret@example.com/", "userinfo"),
    ],
)
async def test_an_impossible_address_is_a_local_fault(url: str, reason: str, client: Client) -> None:
    result = await client.send("GET", url)
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", reason)
    assert "secret" not in repr(result.fault)


async def test_an_impossible_method_is_a_local_fault(client: Client) -> None:
    result = await client.send("G\r\nET", "http://127.0.0.1:1/")
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", "method")


@pytest.mark.parametrize("value", ["secret\r\nX: y", "secret\0", "secret☃", " secret", "secret\x7f"])
async def test_f1_an_impossible_header_is_a_local_fault_that_does_not_quote_it(value: str, client: Client) -> None:
    result = await client.send("GET", "http://127.0.0.1:1/", headers=(("Authorization", value),))
    assert isinstance(result, FailedExchange)
    assert (result.fault.kind, result.fault.reason) == ("local", "header")
    assert result.fault.subject == "Authorization"
    assert "secret" not in repr(result.fault)
