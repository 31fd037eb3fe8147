"""The page that posts an answer: the form in it, and nothing else of the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.oauth.answer.pages import posted_form

AUTHLIB = (
    '<html><head><title>Redirecting</title></head><body onload="javascript:document.forms[0].submit()">'
    '<form method="post" action="http://127.0.0.1:8765/callback"><input type="hidden" name="code" value="c%C3%B6"/></form>'
)


@pytest.mark.parametrize(
    ("page", "action", "fields"),
    [
        (AUTHLIB, "http://127.0.0.1:8765/callback", (("code", "c%C3%B6"),)),
        (
            "<FORM METHOD=POST ACTION='/cb?a=1&amp;b=2'><input type=hidden name=state value='a&amp;&quot;b'><INPUT TYPE=hidden "
            "NAME=code VALUE=xyz></FORM><form method=post action=/other><input type=hidden name=code value=no></form>",
            "/cb?a=1&b=2",
            (("state", 'a&"b'), ("code", "xyz")),
        ),
        (
            "<form action=/search><input type=hidden name=code value=no></form>"
            "<form method=post action=/cb><input type=text name=code value=no><input type=hidden name=error></form>"
            "<input type=hidden name=code value=no>",
            "/cb",
            (("error", ""),),
        ),
    ],
)
def test_the_first_form_that_posts_is_read_with_its_hidden_fields(
    page: str, action: str, fields: tuple[tuple[str, str], ...]
) -> None:
    found = posted_form(page)
    assert found is not None
    assert (found.action, found.fields.items) == (action, fields)


@pytest.mark.parametrize("page", ["", "code=abc", "<form action=/cb><input type=hidden name=code value=x></form>"])
def test_another_page_is_none(page: str) -> None:
    assert posted_form(page) is None


@given(st.text(alphabet="<>/=\"'&;! formethdpsinu-[]?\x00\n"))
def test_any_text_can_be_read(page: str) -> None:
    posted_form(page)
