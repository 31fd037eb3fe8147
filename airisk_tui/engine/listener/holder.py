"""Finding the program that listens on a port, by /proc (threats.md L3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from airisk_tui.engine.ports import SystemClock

PROC = Path("/proc")
BUDGET = 0.5
"""Seconds of the search: a busy port is reported within one second, and a machine may run thousands of programs."""

_LISTEN = "0A"


def holder_of(port: int, proc: Path = PROC) -> str | None:
    """The listening program, such as "name (pid 123)"; None if the system does not show it, or has no /proc."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port, proc)}
    clock = SystemClock()
    end = clock.monotonic() + BUDGET
    if not sockets:
        return None
    with suppress(OSError):
        for process in proc.iterdir():
            if clock.monotonic() > end:
                return None
            if process.name.isdecimal() and _holds(process, sockets):
                return f"{_name(process)} (pid {process.name})"
    return None


def _listening(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text("ascii", "replace").splitlines()[1:]:
                fields = line.split()
                # The fields of proc(5), /proc/net/tcp: 1 the local address, its port in capital hex; 3 the state; 9 the inode.
                if len(fields) > 9 and fields[3] == _LISTEN and fields[1].endswith(f":{port:04X}"):
                    yield fields[9]


def _holds(process: Path, sockets: set[str]) -> bool:
    with suppress(OSError):
        # Processes end meanwhile, and those of other users are not accessible: both are OSErrors.
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                if str(descriptor.readlink()) in sockets:
                    return True
    return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text("utf-8", "replace").strip() or "a program"
    except OSError:
        return "a program"
