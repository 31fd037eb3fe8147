"""Opening a browser: which command, with what environment, and what is told when it fails (threats.md F1)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.engine.machine.browser import BrowserLaunch, child_environment, commands, open_browser
from airisk_tui.flow.events import FailedLaunch

URL = "https://api.example.com/api/oauth2?client_id=a%20b&state=$(id);&x='\""

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows opens URLs by itself")


def script(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{body}\n")
    path.chmod(0o700)
    return path


async def written(path: Path) -> dict[str, object]:
    async with asyncio.timeout(5):
        while not path.exists():  # noqa: ASYNC110, ASYNC240 - another process writes it
            await asyncio.sleep(0.01)
    content: dict[str, object] = json.loads(path.read_text())  # noqa: ASYNC240 - a small local file
    return content


@posix_only
async def test_F1_the_child_gets_one_argument_no_terminal_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    tell = (
        "print('chatter'); print('chatter', file=sys.stderr)\n"
        "got = {'argv': sys.argv[1:], 'env': dict(os.environ), 'stdin': sys.stdin.read(),\n"
        "       'leads': os.getsid(0) == os.getpid(), 'tty': [os.isatty(n) for n in range(3)]}\n"
        f"open({str(out)!r} + '.new', 'w').write(json.dumps(got)); os.rename({str(out)!r} + '.new', {str(out)!r})"
    )
    monkeypatch.setenv("BROWSER", f"{script(tmp_path, 'surf', tell)} --new-window")
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("CLIENT_SECRET", "hunter2")
    launch = await open_browser(URL)
    got = await written(out)
    assert launch == BrowserLaunch(True, "surf")
    assert got["argv"] == ["--new-window", URL]
    assert "hunter2" not in json.dumps(got)
    assert got["stdin"] == ""
    assert got["leads"] is True
    assert got["tty"] == [False, False, False]
    assert capfd.readouterr() == ("", "")


@posix_only
async def test_a_launcher_that_fails_or_is_missing_is_told_and_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = script(tmp_path, "bad", "sys.exit(3)"), script(tmp_path, "good", "")
    monkeypatch.setenv("BROWSER", f"{tmp_path}/missing:{bad}")
    launch = await open_browser(URL)
    assert not launch.ok
    assert launch.reason == "failed"
    assert launch.failures == (FailedLaunch("missing", "ENOENT"), FailedLaunch("bad", "", 3))
    monkeypatch.setenv("BROWSER", f"{tmp_path}/missing:{bad}:{good} %s &")
    assert (await open_browser(URL)).program == "good"


@posix_only
async def test_a_browser_that_stays_open_does_not_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airisk_tui.engine.machine.browser.SETTLE", 0.1)
    monkeypatch.setenv("BROWSER", str(script(tmp_path, "stays", "time.sleep(60)")))
    async with asyncio.timeout(30):
        launch = await open_browser(URL)
    assert launch.ok


@posix_only
async def test_without_a_display_that_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("airisk_tui.engine.machine.browser.sys.platform", "linux")
    monkeypatch.setattr("platform.release", lambda: "6.1.0")
    assert await open_browser(URL) == BrowserLaunch(False, reason="no-display")


@pytest.mark.parametrize(
    "url",
    ["", "--help", "javascript:alert(1)", "file:///etc/passwd", "https://", "http://a b/", "http://a/\n", "http://[/"],
)
async def test_only_web_urls_are_opened(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/bin/false")
    assert await open_browser(url) == BrowserLaunch(False, reason="not-web-url")


def which(name: str) -> str | None:
    return f"/usr/bin/{name}" if name in ("xdg-open", "wslview", "firefox") else None


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({"DISPLAY": ":0"}, "linux", [["/usr/bin/xdg-open", URL], ["/usr/bin/firefox", URL]]),
        ({"WAYLAND_DISPLAY": "w"}, "freebsd14", [["/usr/bin/xdg-open", URL], ["/usr/bin/firefox", URL]]),
        (
            {"WSL_DISTRO_NAME": "Debian"},
            "linux",
            [["/usr/bin/wslview", URL], ["/usr/bin/xdg-open", URL], ["/usr/bin/firefox", URL]],
        ),
        ({}, "linux", []),
        ({}, "darwin", [["/usr/bin/open", URL]]),
        ({"BROWSER": "lynx", "DISPLAY": ":0"}, "darwin", [["lynx", URL]]),
        ({"BROWSER": "a --app=%s:b 'c d'"}, "linux", [["a", f"--app={URL}"], ["b", "c d", URL]]),
        ({"BROWSER": ":&:'"}, "linux", []),
    ],
)
def test_the_commands_for_each_system(environment: dict[str, str], system: str, expected: list[list[str]]) -> None:
    assert list(commands(URL, environment, system, which)) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_any_BROWSER_gives_commands_that_hold_the_url_or_none(value: str) -> None:
    for command in commands(URL, {"BROWSER": value}, "linux", which):
        assert command[0] != ""
        assert any(URL in word for word in command[1:])


def test_F1_the_secret_is_taken_out_under_any_prefix() -> None:
    kept = child_environment({"MY_CLIENT_SECRET_2": "x", "client_secret": "x", "PATH": "/bin"})
    assert kept == {"PATH": "/bin"}
    assert os.environ.get("PATH") is not None
