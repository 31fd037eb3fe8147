"""The books of codes, tokens and open pages do not grow without end, and what they forget is refused."""

from __future__ import annotations

import pytest

from airisk_tui.sandbox.data import grants
from airisk_tui.sandbox.data.grants import Access, CodeBook, Grant, TokenBook
from airisk_tui.sandbox.data.registry import SandboxData
from tests.sandbox.client import SandboxClient
from tests.sandbox.test_consent import answer

GRANT = Grant("demo-app", "http://127.0.0.1:1/cb", None, None, expires=10.0)


def test_the_oldest_code_falls_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "KEPT", 2)
    book = CodeBook()
    first, second, third = (book.issue(GRANT) for _ in range(3))
    assert [book.find(code, 0.0) for code in (first, second, third)] == [None, GRANT, GRANT]


def test_the_oldest_token_falls_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "KEPT", 2)
    book, access = TokenBook(), Access(SandboxData().applications[0], None, 10.0)
    first, second, third = (book.issue(access, "http://localhost", 0.0) for _ in range(3))
    assert [book.find(token, 0.0) for token in (first, second, third)] == [None, access, access]


async def test_the_oldest_page_falls_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "CONSENTS_KEPT", 2)
    async with SandboxClient(auto_approve=False) as client:
        pages = [await client.authorize() for _ in range(3)]
        assert [(await answer(client, page)).status_code for page in pages] == [400, 302, 302]


def test_codes_and_tokens_are_never_the_same_twice() -> None:
    book, access = (
        TokenBook(),
        Access(SandboxData().client("opaque-app") or SandboxData().applications[0], None, 10.0),
    )
    assert len({book.issue(access, "", 0.0) for _ in range(200)}) == 200
    assert len({CodeBook().issue(GRANT) for _ in range(200)}) == 200
