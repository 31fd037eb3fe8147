"""Opening a URL in the person's browser, without letting the browser touch the terminal, the keyboard or a secret.

Python's `webbrowser` lets the child inherit stdout and stderr, so its chatter lands on the screen (threats.md, "What real
browsers did"); here every stream is closed, the child has a session of its own, and no shell is in between (threats.md F1).
"""

from __future__ import annotations

import asyncio
import errno
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import PurePath

from msgspec import Struct

from airisk_tui.engine.machine.daemon import in_daemon_thread
from airisk_tui.engine.machine.host import has_display, is_wsl
from airisk_tui.flow.events import BrowserFault, FailedLaunch
from airisk_tui.oauth.urls import split_url

SETTLE = 1.0
"""Seconds in which a launcher that cannot do it usually says so; one that still runs after them is the browser itself."""

BUDGET = 1.5
"""Seconds after which no further candidate is tried, so that a long BROWSER list never delays the run."""

LAUNCHERS = (
    "xdg-open",
    "sensible-browser",
    "x-www-browser",
    "firefox",
    "chromium",
    "chromium-browser",
    "google-chrome",
)
"""Programs that open a URL on Linux and the BSDs: first what follows the person's choice, then browsers by name."""

_SECRET_NAME = "CLIENT_SECRET"  # noqa: S105 - the name of a variable, not its value


class BrowserLaunch(Struct, frozen=True):
    """What came of opening a URL; the fields are those of `flow.events.BrowserOpened`."""

    ok: bool
    program: str = ""
    reason: BrowserFault | None = None
    failures: tuple[FailedLaunch, ...] = ()


async def open_browser(url: str) -> BrowserLaunch:
    """Open an http(s) URL in a browser, within BUDGET and SETTLE. Raises nothing: the result says why none was opened."""
    if not _is_web_url(url):
        return BrowserLaunch(False, reason="not-web-url")
    # There `start` is a word of cmd.exe, to which an `&` in the URL ends the command; ShellExecute has no shell in between.
    if sys.platform == "win32":
        return _open_on_windows(url)
    candidates = list(commands(url, os.environ, sys.platform))
    if not candidates:
        return BrowserLaunch(False, reason=_nothing_to_run(os.environ))
    loop = asyncio.get_running_loop()
    end = loop.time() + BUDGET
    failures: list[FailedLaunch] = []
    for command in candidates:
        failure = await _run(command)
        if failure is None:
            return BrowserLaunch(True, _name(command))
        failures.append(failure)
        if loop.time() >= end:
            break
    return BrowserLaunch(False, _name(candidates[0]), "failed", tuple(failures))


def commands(
    url: str,
    environment: Mapping[str, str],
    system: str,
    which: Callable[[str], str | None] = shutil.which,
) -> Iterator[list[str]]:
    """The commands to try, in order. BROWSER, when set, is the person's word and the only source."""
    if named := environment.get("BROWSER"):
        yield from _from_variable(named, url)
    elif system == "darwin":
        yield ["/usr/bin/open", url]
    elif is_wsl(environment) or has_display(environment, system):
        launchers = ("wslview", *LAUNCHERS) if is_wsl(environment) else LAUNCHERS
        yield from ([path, url] for launcher in launchers if (path := which(launcher)))


def find_browser(environment: Mapping[str, str]) -> str | None:
    """The name of the program that would be tried first, or None when there is none."""
    if sys.platform == "win32":
        return "the system's browser"
    return next((_name(command) for command in commands("http://127.0.0.1/", environment, sys.platform)), None)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the client secret, under whatever prefix it goes."""
    return {name: value for name, value in environment.items() if _SECRET_NAME not in name.upper()}


def _is_web_url(url: str) -> bool:
    # The launchers hand any other scheme to whatever program is registered for it (xdg-open(1), open(1)).
    if not url.isprintable() or " " in url:
        return False
    parts = split_url(url)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _from_variable(value: str, url: str) -> Iterator[list[str]]:
    """BROWSER as `webbrowser` reads it: a list of commands; `%s` is the URL, and a trailing & is what happens anyway."""
    for entry in value.split(os.pathsep):
        # shlex refuses a quotation mark without a partner.
        with suppress(ValueError):
            words = [word for word in shlex.split(entry) if word != "&"]
            if not words:
                continue
            given = [words[0], *(word.replace("%s", url) for word in words[1:])]
            yield given if "%s" in " ".join(words[1:]) else [*given, url]


def _nothing_to_run(environment: Mapping[str, str]) -> BrowserFault:
    if environment.get("BROWSER"):
        return "unreadable-variable"
    return "none-found" if has_display(environment) or is_wsl(environment) else "no-display"


def _name(command: list[str]) -> str:
    return PurePath(command[0]).name


async def _run(command: list[str]) -> FailedLaunch | None:
    """Start it, and give its failure, or None: it ended well, or it is still running. Its thread then reaps it when it ends."""
    with suppress(TimeoutError):
        return await in_daemon_thread(partial(_start_and_wait, command), SETTLE)
    return None


def _start_and_wait(command: list[str]) -> FailedLaunch | None:
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program is the person's choice, the URL is one argument
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(os.environ),
            # Ctrl-C reaches every process of the terminal's foreground group (POSIX.1-2017, XBD 11.1.9), not only this one.
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        return FailedLaunch(_name(command), errno.errorcode.get(number or 0, ""), 0)
    status = process.wait()
    return FailedLaunch(_name(command), "", status) if status else None


def _open_on_windows(url: str) -> BrowserLaunch:
    if sys.platform == "win32":  # once more for the type checker, which reads this file for one system at a time
        try:
            os.startfile(url)  # noqa: S606 - the system's own way to open a URL; it was checked to be http(s)
        except OSError as error:
            failure = FailedLaunch("Windows", errno.errorcode.get(error.errno or 0, ""))
            return BrowserLaunch(False, "Windows", "failed", (failure,))
    return BrowserLaunch(True, "Windows")
