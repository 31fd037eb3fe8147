"""A listener that is not where the redirect URI leads: behind a port mapping, or a proxy (threats.md L1, L8, L10)."""

from __future__ import annotations

import ssl

import pytest

from airisk_tui.engine.listener.certificate import make_certificate
from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.engine.listener.server import Listener
from airisk_tui.engine.listener.sockets import ListenerError
from airisk_tui.oauth.loopback import Target, read_listen_address
from tests.engine.listener.rig import listening, status

PROXIED = "https://app.example.com/callback"
CERTIFICATE = make_certificate()


@pytest.mark.parametrize("host", ["app.example.com", "app.example.com:443", "APP.example.com"])
async def test_a_proxy_ends_tls_and_passes_plain_http_on(host: str) -> None:
    at = f"127.0.0.1:{free_port()}"
    async with listening(PROXIED, at=at) as rig:
        assert (rig.bound.addresses, rig.bound.scheme, rig.bound.certificate) == ((at,), "http", None)
        assert status(await rig.say(rig.get(host=host))) == 200
        assert rig.strays == [None]


async def test_a_port_that_is_mapped_to_another_one() -> None:
    async with listening("http://127.0.0.1:8765/callback", at=f"127.0.0.1:{free_port()}") as rig:
        assert status(await rig.say(rig.get(host="127.0.0.1:8765"))) == 200
        assert rig.redirect_uri == "http://127.0.0.1:8765/callback"


async def test_L10_https_of_this_machine_is_taken_as_tls_and_as_what_a_proxy_makes_of_it() -> None:
    at = f"localhost:{free_port()}"
    async with listening("https://localhost:8443/callback", certificate=CERTIFICATE, at=at) as rig:
        assert rig.bound.scheme == "https"
        tls = ssl.create_default_context(cadata=CERTIFICATE.pem)
        assert status(await rig.say(rig.get(host="localhost:8443"), tls=tls)) == 200
        assert status(await rig.say(rig.get(host="localhost:8443"))) == 200
        assert rig.strays == [None, None]


async def test_L1_a_public_address_is_bound_only_by_its_own_name() -> None:
    at = f"0.0.0.0:{free_port()}"
    async with listening("http://127.0.0.1:8765/callback", at=at) as rig:
        assert rig.bound.addresses == (at,)
        answer = await rig.say(rig.get(host="127.0.0.1:8765"), host="127.0.0.2")
        assert status(answer) == 200


async def test_the_address_to_listen_on_is_taken() -> None:
    at = read_listen_address(f"127.0.0.1:{free_port()}")
    first, second = (Listener(Target.parse("http://127.0.0.1:8765/callback", at), lambda heard: None) for _ in range(2))
    await first.start()
    with pytest.raises(ListenerError) as caught:
        await second.start()
    await first.close()
    assert at is not None
    assert (caught.value.code, caught.value.port) == ("busy", at.port)


@pytest.mark.parametrize(
    ("redirect_uri", "at", "allowed", "refused"),
    [
        (
            PROXIED,
            "127.0.0.1:9000",
            ("app.example.com", "127.0.0.1:9000"),
            ("127.0.0.1", "evil.example", "192.0.2.7:9000"),
        ),
        (PROXIED, "localhost:9000", ("localhost:9000", "127.0.0.1:9000", "[::1]:9000"), ("app.example.com:9000",)),
        (
            PROXIED,
            "0.0.0.0:9000",
            ("app.example.com", "172.17.0.2:9000", "[::1]:9000", "localhost:9000"),
            ("evil.example:9000", "172.17.0.2", ""),
        ),
        ("https://bücher.example/cb", "[::1]:9000", ("xn--bcher-kva.example", "[::1]:9000"), ("bucher.example",)),
    ],
)
def test_L8_the_hosts_of_the_redirect_uri_and_of_the_address_are_allowed_and_no_other(
    redirect_uri: str, at: str, allowed: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    target = Target.parse(redirect_uri, read_listen_address(at))
    assert all(map(target.allows_host, allowed))
    assert not any(map(target.allows_host, refused))


def test_a_host_that_is_no_name_of_the_internet_is_known_as_it_is_written() -> None:
    """A label of more than 63 characters has no form in ASCII (RFC 1035 §2.3.4)."""
    from airisk_tui.oauth.loopback import _forms

    long = "ü" * 70
    assert _forms(long) == {long}
