"""`airisk-tui environments`: what cannot be kept is said, with the exit code of wrong usage."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

import pytest


def test_a_configuration_that_cannot_be_written_is_a_usage_error(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = command("environments", "add", "staging", "--base-url", "https://staging.example")
    assert ran.code == 2
    assert "cannot be written: No space left on device." in ran.err
