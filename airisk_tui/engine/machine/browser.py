"""Opening a URL in the person's browser, which gets neither the terminal nor a secret.

With Python's `webbrowser` the child inherits stdout and stderr, and writes over the screen (threats.md, "What browsers do"). Here all
its streams are closed, it has a session of its own, and no shell is involved (threats.md F1).
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
"""Seconds in which a launcher usually fails if it fails; one that still runs then is the browser itself."""

BUDGET = 1.5
"""Seconds after which no further program is tried, so that a long BROWSER list does not delay the run."""

LAUNCHERS = (
    "xdg-open",
    "sensible-browser",
    "x-www-browser",
    "firefox",
    "chromium",
    "chromium-browser",
    "google-chrome",
)
"""Programs that open a URL on Linux and the BSDs: first those that follow the person's choice, then browsers by name."""

_SECRET_NAME = "CLIENT_SECRET"  # noqa: S105 - the name of a variable, not its value


class BrowserLaunch(Struct, frozen=True):
    """The result of opening a URL. The fields are those of `flow.events.BrowserOpened`."""

    ok: bool
    program: str = ""
    reason: BrowserFault | None = None
    failures: tuple[FailedLaunch, ...] = ()


async def open_browser(url: str) -> BrowserLaunch:
    """Open an http(s) URL in a browser, within BUDGET and SETTLE seconds. Never raises; the result says why none was opened."""
    if not _is_web_url(url):
        return BrowserLaunch(False, reason="not-web-url")
    # Not `start`, which is a command of cmd.exe, where an `&` in the URL would end the command.
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
    """The commands to try, in order; only those of BROWSER if it is set."""
    if named := environment.get("BROWSER"):
        yield from _from_variable(named, url)
    elif system == "darwin":
        yield ["/usr/bin/open", url]
    elif is_wsl(environment) or has_display(environment, system):
        launchers = ("wslview", *LAUNCHERS) if is_wsl(environment) else LAUNCHERS
        yield from ([path, url] for launcher in launchers if (path := which(launcher)))


def find_browser(environment: Mapping[str, str]) -> str | None:
    """The name of the program that would be tried first, or None."""
    if sys.platform == "win32":
        return "the system's browser"
    return next((_name(command) for command in commands("http://127.0.0.1/", environment, sys.platform)), None)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without variables of a client secret, with any prefix."""
    return {name: value for name, value in environment.items() if _SECRET_NAME not in name.upper()}


def _is_web_url(url: str) -> bool:
    # Launchers pass other schemes to the programs that are registered for them (xdg-open(1), open(1)).
    if not url.isprintable() or " " in url:
        return False
    parts = split_url(url)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _from_variable(value: str, url: str) -> Iterator[list[str]]:
    """The commands in BROWSER as `webbrowser` reads it: a list, with `%s` for the URL; an & at the end is ignored."""
    for entry in value.split(os.pathsep):
        # shlex raises ValueError for a quotation mark that is not closed.
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
    """Start a command. Returns its failure, or None if it succeeded or still runs; its thread then waits for its end."""
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
            # Otherwise Ctrl-C would end it, too, as every process of the terminal's foreground group (POSIX.1-2017, XBD 11.1.9).
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
