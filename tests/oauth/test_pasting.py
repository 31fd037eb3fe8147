"""What is pasted and is no answer is refused with a reason; what may be one is taken (threats.md L12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.authorization import authorization_params, authorization_url
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.pasting import paste_fault

BASE = "https://airisk.example.com"
URI = "http://127.0.0.1:8765/callback"
OURS = authorization_url(BASE, AIRISK, authorization_params(AIRISK, client_id="a", redirect_uri=URI, state="s"))


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        f"  <{OURS}>\n",
        OURS[:30] + "\n" + OURS[30:],
        OURS.partition("?")[2],
        "https://other.example.com/API/oauth2/?x=y",
        f"{BASE}/api/oauth2",
        "https://other.example.com/authorize?client_id=a&redirect_uri=b",
    ],
)
def test_L12_the_address_to_open_is_not_the_one_that_the_browser_ended_on(text: str) -> None:
    assert paste_fault(text, BASE, AIRISK) == "authorization-request"


@pytest.mark.parametrize("text", [f"{BASE}/Account/Login?ReturnUrl=%2F", f"{URI}?x=y", "a=b", f"{URI}#x=y"])
def test_L12_an_address_without_code_error_and_state_is_no_answer(text: str) -> None:
    assert paste_fault(text, BASE, AIRISK) == "no-answer"


@pytest.mark.parametrize("text", ["", "  ", "two words", "https://127.0.0.1/", "http://[::1"])
def test_L12_what_is_neither_an_address_with_a_query_nor_a_code_is_no_answer(text: str) -> None:
    assert paste_fault(text, BASE, AIRISK) == "no-address"


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "abc==",
        f"{URI}?code=x&state=s",
        "?code=x",
        "code=x",
        f"{URI}?error=access_denied",
        f"{URI}?state=s",
        f"{URI}?auth_code=x",
        f"{URI}#code=x",
        f"{URI}#access_token=x",
        f"{BASE}/api/oauth2?code=x",
        f"{BASE}/api/oauth2?error=no",
    ],
)
def test_L12_what_may_be_the_answer_is_taken(text: str) -> None:
    assert paste_fault(text, BASE, AIRISK) is None


@given(st.text(), st.text())
def test_any_text_gets_a_fault_or_none(text: str, base_url: str) -> None:
    assert paste_fault(text, base_url, STANDARD) in (None, "no-address", "authorization-request", "no-answer")
