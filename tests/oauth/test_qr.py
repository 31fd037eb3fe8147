"""A QR code drawn with half blocks is read back as a phone reads it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import zxingcpp

from airisk_tui.qr import BLOCKS, fits, qr_code, too_big

URL = (
    "http://127.0.0.1:34567/authorize?client_id=demo-app&redirect_uri=http%3A%2F%2F127.0.0.1%3A34567%2Fcallback&response_type=code"
    "&scope=openid%20profile&state=o4Rk5QpYx0mX6m2l0lYw2g&nonce=K7m9m5m1m3m2m8m4m6m0mA"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
)
SCALE = 3
"""Pixels of a module's side."""

MODULES = {character: modules for modules, character in BLOCKS.items()}


def read(lines: Sequence[str]) -> str:
    """What a reader of QR codes finds in lines of half blocks, dark where the foreground is; "" for nothing."""
    rows = [[MODULES[cell][half] for cell in line] for line in lines for half in (0, 1)]
    pixels = b"".join(bytes(255 * (1 - module) for module in row for _ in range(SCALE)) * SCALE for row in rows)
    picture = memoryview(pixels).cast("B", (len(rows) * SCALE, len(rows[0]) * SCALE))
    found = zxingcpp.read_barcode(picture)
    return found.text if found is not None else ""


@pytest.mark.parametrize("text", ["http://127.0.0.1:8765/device?user_code=WDJB-MJHT", URL, URL + "&x=" + "y" * 1500])
def test_a_drawn_code_is_read_back(text: str) -> None:
    for room in (1_000, 1):  # with the wider and with the narrower margin
        assert read(qr_code(text, room, room).lines) == text


def test_the_address_of_a_device_fits_a_terminal_of_80x24_with_a_line_to_spare() -> None:
    code = qr_code("https://login.example.com/realms/acme/device?user_code=WDJB-MJHT", 80, 23)
    assert fits(code, 80, 23)
    assert code.width == code.size + 8, "the margin that the standard asks for"


def test_what_does_not_fit_says_what_it_needs() -> None:
    code = qr_code(URL, 80, 23)
    assert not fits(code, 80, 23)
    assert fits(code, code.width, code.height)
    sentence = too_big(code, 80, 23)
    assert f"{code.width} columns and {code.height} lines" in sentence
    assert "80 and 23" in sentence


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr_code("x" * 2_954, 80, 24)
