"""Opening a URL in the person's browser, without letting the browser touch the terminal, the keyboard or a secret.

Python's `webbrowser` lets the child inherit stdout and stderr, so its chatter lands on the screen (threats.md, "What real
browsers did"); here every stream is closed, the child has a session of its own, and no shell is in between (threats.md F1).
"""

from __future__ import annotations

import asyncio
import os
import platform
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

SETTLE = 1.0
"""Seconds in which a launcher that cannot do it usually says so; one that still runs after them is the browser itself."""

BUDGET = 1.5
"""Seconds for all candidates together, so that a long BROWSER list never delays the run."""

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

BY_HAND = "Open the URL by hand, in any browser: it can be copied from here."

_SECRET_NAME = "CLIENT_SECRET"  # noqa: S105 - the name of a variable, not its value


@dataclass(frozen=True, slots=True)
class BrowserLaunch:
    """What came of it. ok: a program took the URL; program: its name; detail: a sentence for the person, "" when all is well."""

    ok: bool
    program: str = ""
    detail: str = ""


async def open_browser(url: str) -> BrowserLaunch:
    """Open an http(s) URL in a browser. Never raises for the world's faults, never takes much longer than a second."""
    if not _is_web_url(url):
        return BrowserLaunch(False, detail=f"Only an absolute http or https URL is given to a browser. {BY_HAND}")
    if sys.platform == "win32":
        return _open_on_windows(url)
    candidates = list(commands(url, os.environ, sys.platform))
    if not candidates:
        return BrowserLaunch(False, detail=_nothing_to_run(os.environ))
    loop = asyncio.get_running_loop()
    end = loop.time() + BUDGET
    failures: list[str] = []
    for command in candidates:
        failure = await _run(command, min(SETTLE, end - loop.time()))
        if failure is None:
            return BrowserLaunch(True, _name(command))
        failures.append(failure)
        if loop.time() >= end:
            break
    return BrowserLaunch(False, _name(candidates[0]), f"No browser could be opened: {'; '.join(failures)}. {BY_HAND}")


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
    elif _is_wsl(environment) or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        launchers = ("wslview", *LAUNCHERS) if _is_wsl(environment) else LAUNCHERS
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
    if not url.isprintable() or " " in url:
        return False
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return False


def _from_variable(value: str, url: str) -> Iterator[list[str]]:
    """BROWSER as `webbrowser` reads it: a list of commands, `%s` is the URL, a trailing & means what happens anyway."""
    for entry in value.split(os.pathsep):
        with suppress(ValueError):
            words = [word for word in shlex.split(entry) if word != "&"]
            if not words:
                continue
            given = [words[0], *(word.replace("%s", url) for word in words[1:])]
            yield given if "%s" in " ".join(words[1:]) else [*given, url]


def _is_wsl(environment: Mapping[str, str]) -> bool:
    return "WSL_DISTRO_NAME" in environment or "microsoft" in platform.release().lower()


def _nothing_to_run(environment: Mapping[str, str]) -> str:
    if environment.get("BROWSER"):
        return f"BROWSER is set, but names no command that can be read. {BY_HAND}"
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return f"No browser was found on this machine: install xdg-utils or set BROWSER. {BY_HAND}"
    return f"There is no display here (DISPLAY, WAYLAND_DISPLAY and BROWSER are not set). {BY_HAND}"


def _name(command: list[str]) -> str:
    return PurePath(command[0]).name


async def _run(command: list[str], patience: float) -> str | None:
    """Start it, and give the reason why it failed, or None: it ended well, or it is still running."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[str | None] = loop.create_future()

    def tell(failure: str | None) -> None:
        if not ended.done():
            ended.set_result(failure)

    def attend() -> None:
        failure = _start_and_wait(command)
        with suppress(RuntimeError):  # the loop is gone; nobody asks any more
            loop.call_soon_threadsafe(tell, failure)

    # A daemon: it reaps the browser whenever that ends, and never keeps the program from ending.
    threading.Thread(target=attend, name="browser", daemon=True).start()
    done, _ = await asyncio.wait((ended,), timeout=max(patience, 0))
    return ended.result() if done else None


def _start_and_wait(command: list[str]) -> str | None:
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program is the person's choice, the URL is one argument
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(os.environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be run"
        return f"{_name(command)}: {reason}"
    status = process.wait()
    return f"{_name(command)} ended with status {status}" if status else None


def _open_on_windows(url: str) -> BrowserLaunch:
    if sys.platform == "win32":  # said again for the type checker, which reads this file for one system at a time
        try:
            os.startfile(url)  # noqa: S606 - the system's own way to open a URL; it was checked to be http(s)
        except OSError as error:
            return BrowserLaunch(False, "Windows", f"Windows could not open a browser: {error.strerror}. {BY_HAND}")
    return BrowserLaunch(True, "Windows")
