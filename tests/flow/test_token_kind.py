"""What a token says of itself counts, and where it says nothing what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from airisk_tui.flow.token_kind import token_kind
from tests.insight.plays import issued
from tests.runs import jwt


@pytest.mark.parametrize(
    ("claims", "userid", "kind"),
    [
        ({"sub": "app:demo-app"}, "user_42", "generic"),
        ({"sub": "demo-app"}, "user_42", "generic"),
        ({"sub": "user_42"}, "user_42", "user-specific"),
        ({"sub": "demo-app", "uid": "user_42"}, "user_42", "user-specific"),
        ({"sub": "4711"}, "user_42", "user-specific"),
        ({}, "user_42", "user-specific"),
        ({"sub": 7}, None, "generic"),
    ],
)
def test_the_kind_of_a_token(claims: dict[str, Any], userid: str | None, kind: str) -> None:
    assert token_kind(issued(token=jwt(claims), userid=userid)) == kind
