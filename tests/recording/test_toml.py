"""TOML of any kind is read or refused in no time (threats.md F4)."""

from __future__ import annotations

import pytest

from airisk_tui.recording.toml import read_toml

DEEP = 20_000


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * DEEP) + " = 1",
        "[" + ".".join(["'a'"] * DEEP) + "]",
        "x = { " + " . ".join(['"a"'] * DEEP) + " = 1 }",
        "x = " + "[" * DEEP,
        "x = " + "{a=" * DEEP,
        "x = 1\nx = 2",
        "\udcff",
    ],
    ids=["dots", "a table's dots", "dots of quoted keys", "lists", "tables", "twice", "no UTF-8"],
)
def test_F4_what_is_too_deep_or_no_toml_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_toml(text.encode(errors="surrogateescape"))


def test_dots_in_texts_and_in_keys_of_a_sensible_depth_are_read() -> None:
    assert read_toml(f'a.b."c.d" = "{"x." * 90}"'.encode()) == {"a": {"b": {"c.d": "x." * 90}}}
