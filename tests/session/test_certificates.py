"""A certificate is compared with that of the last good recording, whichever start of the program wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from airisk_tui.flow.fold import fold
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.session.last_good import certificates_then
from tests.hostile.certificates import Authority
from tests.reports import playing
from tests.reports.report import Direct


@pytest.fixture
def port() -> Iterator[int]:
    with playing.kept_port() as kept:
        yield kept


def test_the_next_start_knows_the_certificate_of_the_last_good_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    for name in ("before", "after"):
        folder = tmp_path / name
        folder.mkdir()
        authority = Authority.create()
        monkeypatch.setattr(playing, "_authority", lambda authority=authority: authority)
        with playing.serving(Direct(certificate="private authority"), folder, port) as server:
            arguments = ["run", "--base-url", server.url, "--client-id", "demo-app", "--mode", "direct", "--insecure"]
            code, _, told = playing.command(
                [*arguments, "--redirect-uri", "http://127.0.0.1:8765/callback"],
                tmp_path,
                {"AIRISK_CLIENT_SECRET": "s3cret-value-of-the-report"},
            )
        assert code == 0, told
        assert ("[certificate-changed]" in told) is (name == "after")
    library = Library(tmp_path / "home" / "recordings")
    replayed = fold(read_recording(library.path(library.summaries()[0])).events)
    assert "certificate-changed" in {found.code for found in explain(Context.of(replayed, ())).findings}
    assert certificates_then(library, "other") and not certificates_then(library, "another")
