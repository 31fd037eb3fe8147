"""The QR code of `run --qr`, and that of a device."""

from __future__ import annotations

import io

import pytest

from airisk_tui.flow.events import DeviceAnswered
from airisk_tui.flow.fold import fold
from airisk_tui.headless.run import address_to_show
from airisk_tui.headless.shared import qr
from airisk_tui.qr import INVERTED
from tests.oauth.test_qr import URL, read
from tests.recording.logs import LOGS
from tests.runs import started


def test_the_code_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    qr.say_qr(URL)
    out, err = capsys.readouterr()
    assert not out
    assert read([line.translate(INVERTED) for line in err.splitlines()]) == URL


def test_a_terminal_gets_black_on_white_and_what_is_too_small_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qr, "is_terminal", lambda name: name == "stderr")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(qr, "_room", lambda: (80, 45))
    qr.say_qr(URL)
    lines = [
        line.removeprefix(qr.DARK_ON_LIGHT).removesuffix(qr.PLAIN) for line in capsys.readouterr().err.splitlines()
    ]
    assert read(lines) == URL
    monkeypatch.setattr(qr, "_room", lambda: (80, 23))
    qr.say_qr(URL)
    assert "there are 80 and 23" in capsys.readouterr().err


def test_without_block_characters_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", stderr)
    qr.say_qr(URL)
    stderr.flush()
    assert b"lacks block characters" in stderr.buffer.getvalue()


def test_the_address_is_that_which_a_person_has_to_open() -> None:
    log = LOGS["on-another-device"]
    codes = next(index for index, event in enumerate(log) if isinstance(event, DeviceAnswered))
    shown = [address_to_show(event, fold(log[: at + 1]), wants_qr=True) for at, event in enumerate(log)]
    assert [bool(address) for address in shown] == [at == codes for at in range(len(log))]
    begun = started(mode="paste")
    assert address_to_show(begun, fold([begun]), wants_qr=True) == begun.inputs.authorization_url
    assert not address_to_show(begun, fold([begun]), wants_qr=False)
    begun = started(mode="direct")
    assert not address_to_show(begun, fold([begun]), wants_qr=True)
