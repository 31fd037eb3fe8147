"""A pattern that is compiled at its first use behaves as one of the library."""

from __future__ import annotations

import re

import pytest

from airisk_tui import later


def test_a_pattern_that_is_compiled_later_is_as_the_librarys() -> None:
    lazy, eager = later.pattern(r"(?P<word>[a-z]+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    assert lazy.pattern == eager.pattern
    assert [found["word"] for found in lazy.finditer("One two")] == ["One", "two"]
    assert (lazy.flags, lazy.groupindex, lazy.sub("x", "a b")) == (eager.flags, eager.groupindex, eager.sub("x", "a b"))
    with pytest.raises(re.error):
        later.pattern("(").search("")
