"""A redirect that was put together wrongly is recognised by what it says when it is mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.redirect.mangling import ManglingKind, find_mangling

URI, CODE, STATE = "http://127.0.0.1:8765/callback", "SplxlOBeZQQYbYS6WxSbIA", "9fX2-state"


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (f"{URI}?code={CODE}&amp;state={STATE}", "html-escape"),
        (f"/callback?code={CODE}&amp;state={STATE}", "html-escape"),
        (rf"{URI}?code={CODE}\u0026state={STATE}", "json-escape"),
        (f"{URI}?close=1?code={CODE}&state={STATE}", "second-question-mark"),
        (f"{URI}?code={CODE}?state={STATE}", "second-question-mark"),
        (f"{URI}&code={CODE}&state={STATE}", "no-question-mark"),
        (f"/callback&code={CODE}&state={STATE}", "no-question-mark"),
        (f"{URI}%3Fcode={CODE}&state={STATE}", "no-question-mark"),
        (f"/callbackcode={CODE}&state={STATE}", "no-question-mark"),
        (f"{URI}?code={CODE}#state={STATE}", "fragment-separator"),
        (f"{URI}?code={CODE};state={STATE}", "semicolons"),
        (f'"{URI}?code={CODE}&state={STATE}"', "quotation"),
        (f"{URI}?code={CODE}&%0Astate={STATE}", "white-space"),
        (f"{URI}? code={CODE}&+state={STATE}", "white-space"),
        (f"{URI}?code%3D{CODE}%26state%3D{STATE}", "encoded-separators"),
        (f"{URI}%3Fcode%3D{CODE}%26state%3D{STATE}", "encoded-separators"),
        (f"{URI}?code={CODE}state={STATE}", "lost-separator"),
        (f"{URI}?error=access_denied&amp;state={STATE}", "html-escape"),
    ],
)
def test_each_mistake_is_named(target: str, kind: ManglingKind) -> None:
    mangling = find_mangling(target, AIRISK, STATE)
    assert mangling is not None
    assert (mangling.kind, mangling.redirect.state) == (kind, STATE)
    assert mangling.redirect.code == CODE or mangling.redirect.error == "access_denied"
    assert mangling.found in target


@pytest.mark.parametrize(
    "target",
    [
        f"{URI}?code={CODE}&state={STATE}",
        f"{URI}?code={CODE}",
        f"{URI}?code={CODE}&state=another",
        f"{URI}?code={CODE}&amp;state=another",
        f"{URI}?state={STATE}",
        URI,
        "",
    ],
)
def test_what_is_well_put_together_or_is_no_answer_to_us_is_no_mistake(target: str) -> None:
    assert find_mangling(target, AIRISK, STATE) is None


@given(st.text(), st.none() | st.text())
def test_any_text_is_read_without_an_exception(target: str, state: str | None) -> None:
    mangling = find_mangling(target, AIRISK, state)
    assert mangling is None or mangling.redirect.state == state
