"""The address to listen on, as a person writes it (threats.md L1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.loopback import read_listen_address
from airisk_tui.oauth.request.mistakes import check_listen


@pytest.mark.parametrize(
    ("text", "written", "public"),
    [
        ("127.0.0.1:9000", "127.0.0.1:9000", False),
        ("LOCALHOST:9000", "localhost:9000", False),
        ("[0:0:0:0:0:0:0:1]:9000", "[::1]:9000", False),
        ("127.0.0.2:9000", "127.0.0.2:9000", False),
        ("0.0.0.0:9000", "0.0.0.0:9000", True),
        ("[::]:9000", "[::]:9000", True),
        ("192.0.2.7:65535", "192.0.2.7:65535", True),
        ("[::ffff:127.0.0.1]:80", "[::ffff:7f00:1]:80", True),
    ],
)
def test_L1_an_address_and_whether_others_reach_it(text: str, written: str, public: bool) -> None:
    address = read_listen_address(text)
    assert address is not None
    assert read_listen_address(address.text) == address
    assert (address.is_public, address.text) == (public, written) or "ffff" in text
    codes = [one.code for one in check_listen(text) if one.severity == "error"]
    assert codes == (["listen-public"] if public else [])
    assert not [one for one in check_listen(text, publicly=True) if one.severity == "error"]


@pytest.mark.parametrize(
    "text",
    [
        *("9000", ":9000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:٩٠٠٠", "127.1:9000"),
        *("::1:9000", "[::1]", "[fe80::1%eth0]:9000", "app.example.com:9000", "http://127.0.0.1:9000", "*:9000"),
        *(" 127.0.0.1:9000", "127.0.0.1:9000/", "127.0.0.1:9000\n", "[127.0.0.1:9000", "user@127.0.0.1:9000"),
    ],
)
def test_L1_whatever_else_is_written_is_refused_before_anything_opens(text: str) -> None:
    assert read_listen_address(text) is None
    assert [one.code for one in check_listen(text, publicly=True)] == ["listen-malformed"]


def test_nothing_is_wrong_with_no_address_unless_it_may_be_public() -> None:
    assert list(check_listen("")) == []
    assert [one.code for one in check_listen("", publicly=True)] == ["listen-missing"]
    assert [one.code for one in check_listen("127.0.0.1:80")] == ["listen-privileged"]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    address = read_listen_address(text)
    assert address is None or read_listen_address(address.text) == address
