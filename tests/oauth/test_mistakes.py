"""Each mistake is named when it is made and not otherwise, in sentences that say what to write (architecture.md: local faults)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airisk_tui.oauth.loopback import can_listen_on, is_loopback, is_unusual_loopback
from airisk_tui.oauth.request.mistakes import (
    MAX_VALUE,
    Mistake,
    check_base_url,
    check_client_id,
    check_client_secret,
    check_issuer,
    check_redirect_uri,
    check_state,
    check_userid,
)
from airisk_tui.oauth.text.visible import visible
from tests.pace import within

Check = Callable[[str], Iterable[Mistake]]
CHECKS: list[Check] = [
    check_base_url,
    check_client_id,
    check_client_secret,
    check_userid,
    check_state,
    check_redirect_uri,
    lambda text: check_redirect_uri(text, listening=False),
]
LONG = "a" * 10_240


def codes(check: Check, text: str) -> set[str]:
    return {mistake.code for mistake in check(text)}


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("http://127.0.0.1:8765/callback", set()),
        ("http://127.1.2.3:8765/callback", {"other-loopback"}),
        ("http://127.0.0.2:8799/cb", {"other-loopback"}),
        ("http://localhost.:8765/callback", {"loopback-spelling"}),
        ("http://app.localhost:8765/callback", set()),
        ("http://127.1:8765/callback", {"loopback-spelling"}),
        ("http://2130706433:8765/callback", {"loopback-spelling"}),
        ("http://0x7f.1:8765/callback", {"loopback-spelling"}),
        ("http://0177.0.0.1:8765/callback", {"loopback-spelling"}),
        ("http://[::ffff:127.0.0.1]:8765/callback", {"loopback-spelling"}),
        ("https://128.1:8765/callback", {"not-loopback"}),
        ("https://127.0.0.256/callback", {"not-loopback"}),
        ("https://127.1.2.3.4/callback", {"not-loopback"}),
        ("http://[::1]:8765/callback", set()),
        ("https://localhost:8443/callback?tenant=1", set()),
        ("HTTP://LOCALHOST:8765/Callback", set()),
        ("http://127.0.0.1:0/callback", {"port-zero"}),
        ("", {"missing"}),
        ("https://localhost/callback", {"privileged"}),
        ("http://localhost:1023/", {"privileged"}),
        ("http://localhost:1024/", set()),
        ("http://127.0.0.1:8765/callback ", {"space"}),
        (" http://127.0.0.1:8765/callback", {"space"}),
        ("http://127.0.0.1:8765/call\x00back", {"space"}),
        ("http://127.0.0.1:8765/call\u200bback", {"space"}),
        ("http://127.0.0.1:8765/call\u3164back", {"space"}),
        ("http://127.0.0.1:8765/callback#", {"fragment"}),
        ("http://127.0.0.1:8765/#/callback", {"fragment"}),
        ("http://me:secret@127.0.0.1:8765/", {"credentials"}),
        ("http://@127.0.0.1:8765/", {"credentials"}),
        ("http://localhost:6667/", {"bad-port"}),
        ("http://127.0.0.1:22/callback", {"bad-port"}),
        ("http://127.0.0.1:8765/*", {"wildcard"}),
        ("http://127.0.0.1:8765/callback?a=1&amp;b=2", {"escaped"}),
        ("http://127.0.0.1:99999/callback", {"malformed"}),
        ("http://127.0.0.1:http/callback", {"malformed"}),
        ("http://[::1/callback", {"malformed"}),
        ("http://::1:8765/callback", {"malformed"}),
        ("http:///callback", {"host"}),
        ("http://:8765/callback", {"host"}),
        ("localhost:8765/callback", {"scheme"}),
        ("127.0.0.1:8765/callback", {"scheme"}),
        ("/callback", {"scheme"}),
        ("javascript:alert(1)", {"scheme"}),
        ("ftp://127.0.0.1/callback", {"scheme"}),
        ("😀", {"scheme"}),
        (LONG, {"scheme", "long"}),
        (f"http://127.0.0.1:8765/{LONG}", {"long"}),
        ("https://app.example/callback", {"not-loopback"}),
        ("http://app.example/callback", {"not-loopback", "http"}),
        ("https://127.0.0.1.example/callback", {"not-loopback"}),
        ("https://[2001:db8::1]/callback", {"not-loopback"}),
        ("https://*.example/callback", {"not-loopback", "wildcard"}),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_redirect_uri(uri: str, found: set[str]) -> None:
    assert codes(check_redirect_uri, uri) == {f"redirect-uri-{code}" for code in found}
    deaf = {mistake.code for mistake in check_redirect_uri(uri, listening=False)}
    assert deaf == {
        f"redirect-uri-{code}" for code in found - {"privileged", "bad-port", "not-loopback", "other-loopback"}
    }


@given(st.text("0127x.af:[]lhost", max_size=20))
def test_L1_what_is_heard_is_loopback_and_in_one_spelling(host: str) -> None:
    assert not can_listen_on(host) or (is_loopback(host) and not is_unusual_loopback(host))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://airisk.example.com", set()),
        ("https://airisk.example.com/tenant/", set()),
        ("http://127.0.0.1:9000", set()),
        ("HTTPS://AIRISK.EXAMPLE.COM", set()),
        ("", {"missing"}),
        ("http://airisk.example.com", {"http"}),
        ("https://airisk.example.com/api/", {"api"}),
        ("https://airisk.example.com/api/v2", set()),
        ("https://airisk.example.com?", {"query"}),
        ("https://airisk.example.com/?a=b#c", {"query", "fragment"}),
        ("https://u:p@airisk.example.com", {"credentials"}),
        ("https://airisk.example.com ", {"space"}),
        ("airisk.example.com", {"scheme"}),
        ("https://", {"host"}),
        ("https://airisk.example.com:99999", {"malformed"}),
        ("https://airisk.example.com:0", {"port-zero"}),
        ("http://127.1:9000", set()),
        ("http://localhost.:9000", set()),
    ],
)
def test_base_url(url: str, found: set[str]) -> None:
    assert codes(check_base_url, url) == {f"base-url-{code}" for code in found}


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        (check_client_id, "abc123", set()),
        (check_client_id, "", {"client-id-missing"}),
        (check_client_id, " abc123", {"client-id-space"}),
        (check_client_id, "abc\n123", {"client-id-control"}),
        (check_client_id, LONG, {"client-id-long"}),
        (check_client_id, "a" * MAX_VALUE, set()),
        (check_userid, "", set()),
        (check_userid, "user_42", set()),
        (check_userid, "user_42 ", {"user-id-space"}),
        (check_userid, "user\u202e42", {"user-id-control"}),
        (check_state, "", set()),
        (check_state, "xyz", {"state-short"}),
        (check_state, "af0ifjsldkj", set()),
        (check_state, "af0ifj\x1bsldkj", {"state-control"}),
        (check_client_secret, "gX1fBat3bV", set()),
        (check_client_secret, "", set()),
        (check_client_secret, "gX1fBat3bV\n", {"client-secret-space"}),
        (check_client_secret, "gX1f\u200bBat3bV", {"client-secret-hidden"}),
        (check_client_secret, LONG, {"client-secret-long"}),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_values(check: Check, text: str, found: set[str]) -> None:
    assert codes(check, text) == found


def test_what_is_odd_on_purpose_can_be_sent() -> None:
    warnings = {
        "redirect-uri-wildcard",
        "redirect-uri-not-loopback",
        "redirect-uri-http",
        "base-url-http",
        "state-short",
    }
    made = [*check_redirect_uri("http://*.example/"), *check_base_url("http://a.example"), *check_state("xyz")]
    assert {mistake.code for mistake in made if mistake.severity == "warning"} == warnings
    assert {mistake.severity for mistake in check_redirect_uri("http://127.0.0.1:8765/#")} == {"error"}


def test_the_sentences_say_what_was_expected_what_came_and_what_to_do() -> None:
    assert [mistake.sentence for mistake in check_redirect_uri("javascript:alert(1)")] == [
        "The redirect URI must begin with http:// or https://, and this one begins with “javascript:”; "
        "write one such as http://127.0.0.1:8765/callback."
    ]
    assert [mistake.sentence for mistake in check_base_url("airisk.example.com")] == [
        "The base URL must begin with http:// or https://, and this one has no scheme; "
        "write one such as https://airisk.example.com."
    ]
    (long,) = check_client_id(LONG)
    assert long.sentence == "The client ID has 10,240 characters; the most that can be sent is 8,000."


RUBBISH = st.text(st.characters()) | st.text("htps:/@#?*[]%.1a \x00\x1b\ud800😀", max_size=40).map("http://".__add__)


@given(RUBBISH)
@example("😀" * 10_240)
@example("\x1b]0;x\x07" * 2_000)
@example(f"{LONG}://x")
@example(f"https://{LONG}/")
@example("http://[::1%25eth0]:1/")
@example("http://\u2100.example/")
def test_S4_any_rubbish_gives_sentences_at_once(text: str) -> None:
    for check in CHECKS:
        with within(0.2, process_time):  # a form checks its fields at each key
            mistakes = check(text)
        for mistake in mistakes:
            assert mistake.sentence.endswith(".")
            assert mistake.sentence[0].isupper()
            assert ";" in mistake.sentence
            assert len(mistake.sentence) < 1_000
            assert visible(mistake.sentence) == mistake.sentence


@given(st.text(st.characters(), min_size=12))
def test_a_secret_is_never_quoted(secret: str) -> None:
    assert not any(secret in mistake.sentence for mistake in check_client_secret(secret))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.255.255.254", "::1"])
def test_this_machine_by_its_very_name(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example", "127.1", "2130706433"]
)
def test_what_is_not_this_machine_by_name(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("path", ["/api/oauth2", "/api/oauth2/", "/tenant/api/oauth2/Token"])
def test_a_base_url_that_ends_in_the_path_of_an_endpoint_is_told(path: str) -> None:
    found = check_base_url("https://a.example.com" + path)
    assert [(mistake.code, mistake.severity) for mistake in found] == [("base-url-endpoint", "warning")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("https://login.example.com", []),
        ("https://login.example.com/realms/a", []),
        ("http://127.0.0.1:8080", []),
        ("http://localhost/a", []),
        ("http://login.example.com", ["issuer-http"]),
        ("https://login.example.com/?a=b", ["issuer-query"]),
        ("https://login.example.com/.well-known/openid-configuration", ["issuer-metadata"]),
        ("http://login.example.com/.well-known/openid-configuration?a", ["issuer-query", "issuer-http"]),
        ("ftp://login.example.com?a", None),
        ("login.example.com", None),
        ("https://", None),
        ("", None),
    ],
)
def test_an_issuer_is_a_url_of_its_server_alone(text: str, codes: list[str] | None) -> None:
    """None: it is no such URL, and nothing more is said of it."""
    found = [mistake.code for mistake in check_issuer(text)]
    if codes is None:
        assert len(found) == 1 and found[0] not in ("issuer-query", "issuer-metadata", "issuer-http")
    else:
        assert found == codes
    for mistake in check_issuer(text):
        assert mistake.severity == ("warning" if mistake.code in ("issuer-metadata", "issuer-http") else "error")
