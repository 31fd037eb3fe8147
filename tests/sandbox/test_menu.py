"""The menu as a whole: names, sentences, combinations."""

from __future__ import annotations

import pytest

from airisk_tui.sandbox.faults import FAULTS, faults_named
from tests.sandbox.talk import Talk, redirect_params


async def test_faults_combine() -> None:
    async with Talk("state-dropped", "code-renamed", "expiration-number", "access-code", "form-refused") as talk:
        answer = redirect_params(await talk.authorize(state="s"))
        assert list(answer) == ["auth_code"]
        body = (await talk.token(answer["auth_code"], "json")).json()
        assert list(body) == ["access_code", "expiration"]
        assert isinstance(body["expiration"], int)


async def test_slow_in_two_places_is_slow_in_both() -> None:
    async with Talk("slow", "probe-slow") as talk:
        assert talk.sandbox.policy.slow == {"authorize", "token", "access"}


def test_every_fault_is_told_in_one_sentence_and_named_in_kebab_case() -> None:
    for name, fault in FAULTS.items():
        assert name == fault.name == name.lower().replace("_", "-").replace(" ", "-")
        assert fault.sentence.endswith(".")
        assert fault.sentence[0].isupper()


def test_an_unknown_fault_names_the_closest() -> None:
    with pytest.raises(ValueError, match=r"no fault named “state-droped”.*state-dropped"):
        faults_named(["state-droped"])
    with pytest.raises(ValueError, match="list-faults"):
        faults_named(["\x1b[31m"])


def test_a_fault_named_twice_is_played_once() -> None:
    assert [fault.name for fault in faults_named(["slow", "denied", "slow"])] == ["slow", "denied"]
