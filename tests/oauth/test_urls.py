"""URLs are joined, resolved and compared as browsers do it, and never taken for another's (RFC 3986, RFC 6454)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.urls import differing_parts, endpoint_url, origin, resolve_location

OURS = "http://127.0.0.1:8765/callback"
URLISH = st.text("abcode=&?#/:.%[]@\x00\ud800 é+127") | st.text(st.characters())


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://a.example", "/api/oauth2", "https://a.example/api/oauth2"),
        ("https://a.example/", "api/oauth2", "https://a.example/api/oauth2"),
        ("https://a.example/tenant/", "/token", "https://a.example/tenant/token"),
        ("https://a.example", "https://login.example/token", "https://login.example/token"),
    ],
)
def test_an_endpoint_lies_below_the_base_url_or_stands_for_itself(base: str, path: str, url: str) -> None:
    assert endpoint_url(base, path) == url


@pytest.mark.parametrize(
    ("location", "differs"),
    [
        (f"{OURS}?code=a", ()),
        ("HTTP://127.0.0.1:8765/callback", ()),
        ("https://127.0.0.1:8765/callback", ("scheme",)),
        ("http://localhost:8765/callback", ("host",)),
        ("http://127.0.0.1:8766/callback", ("port",)),
        ("http://127.0.0.1/callback", ("port",)),
        ("http://127.0.0.1:8765/callback/", ("path",)),
        ("http://127.0.0.1:8765/Callback", ("path",)),
        ("https://login.example/", ("scheme", "host", "port", "path")),
        ("http://127.0.0.1:99999/callback", ("scheme", "host", "port", "path")),
        ("http://[::1/callback", ("scheme", "host", "port", "path")),
    ],
)
def test_where_a_location_differs_is_said_part_by_part(location: str, differs: tuple[str, ...]) -> None:
    assert differing_parts(location, OURS) == differs


def test_a_default_port_is_the_same_as_none() -> None:
    assert differing_parts("https://localhost:443/callback?code=a", "https://localhost/callback") == ()
    assert differing_parts("http://localhost:80", "http://localhost/") == ()


@given(URLISH, URLISH)
def test_c4_any_two_places_are_compared(location: str, ours: str) -> None:
    assert set(differing_parts(location, ours)) <= {"scheme", "host", "port", "path"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example", "https://a.example:443"),
        ("HTTPS://A.example:443/x?y#z", "https://a.example:443"),
        ("http://a.example", "http://a.example:80"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://a.example@b.example/", ""),
        ("https://a.example\\@b.example/", ""),
        ("https://a.exa\tmple/", ""),
        (" https://a.example", ""),
        ("https://[", ""),
        ("https://a.example:99999", ""),
        ("/api/oauth2", ""),
        ("", ""),
    ],
)
def test_F5_the_origin_of_a_url_that_programs_read_differently_is_none(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    ("location", "resolved"),
    [
        ("/done?code=a", "https://as.example/done?code=a"),
        ("../cb", "https://as.example/cb"),
        ("//other.example/cb", "https://other.example/cb"),
        (f"{OURS}?code=a", f"{OURS}?code=a"),
        ("/\\other.example/cb", "/\\other.example/cb"),
        ("http://[", "http://["),
    ],
)
def test_a_location_is_resolved_unless_programs_read_it_differently(location: str, resolved: str) -> None:
    assert resolve_location(location, "https://as.example/api/oauth2") == resolved
