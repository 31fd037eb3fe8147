"""Keys as bytes at a real terminal: what edits a line shows no secret and starts nothing (S7)."""

from __future__ import annotations

import pytest

from tests.threats.conftest import Open

pytestmark = pytest.mark.pty

SECRET = "a-secret-behind-stars"
EDITING = ("\x01", "\x05", "\x02", "\x06", "\x04", "\x14", "\x16", "\x0b", "\x19", "\x15", "\x19", "\x17", "\x19")
WORDS = ("\x1bb", "\x1bf", "\x1bd", "\x1b\x7f", "\x19")
F9 = "\x1b[20~"
PART = "behind"
"""Of the secret; the field is too narrow for all of it."""

TAB = "\t"
ROWS = 8


def test_S7_no_key_that_edits_a_line_shows_the_secret_in_any_field(opened: Open) -> None:
    program = opened("--base-url", "http://127.0.0.1:9", "--client-id", "an-id", env={"AIRISK_CLIENT_SECRET": SECRET})
    program.sees("Enter runs the flow", "an-id", "Client secret")
    for _ in range(ROWS):
        for keys in (*EDITING, *WORDS):
            program.send(keys)
        program.read(0.2)
        program.send(TAB)
    program.sees("Enter runs the flow")
    assert PART not in program.text
    assert PART.encode() not in program.written
    program.send(F9)
    program.sees(PART)
    program.send(F9)
    program.until(lambda: PART not in program.text)
