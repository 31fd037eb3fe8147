"""The entry point, for `airisk-tui` and `python -m airisk_tui`. Asking for version or help loads nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit code is one of command-line.md's."""
    import gc

    gc.disable()  # looking for cycles takes a sixth of the time of importing, which leaves none; it begins again later
    _hold_closed_streams()
    if sys.stdout is not None and (answer := _known_answer(sys.argv[1:])):
        try:
            sys.stdout.write(answer)
            sys.stdout.flush()
            return 0
        except OSError:
            pass  # tried once more below, where a failure becomes a sentence
    try:
        from airisk_tui.systems import interrupted_by_signals

        interrupted_by_signals()
        from airisk_tui.cli import run_command

        return run_command(sys.argv[1:])
    except KeyboardInterrupt:  # so early that there is no command yet
        return 130


def _known_answer(argv: list[str]) -> str:
    """What `--version` and `--help` print, "" for anything else. The help is drawn by `make docs` from the parser, whose import
    would take eight times as long as Python itself."""
    if argv == ["--version"]:
        from airisk_tui.version import __version__

        return f"airisk-tui {__version__}\n"
    if argv in (["--help"], ["-h"]):
        with open(f"{__file__.removesuffix('__main__.py')}reference/help.txt", encoding="utf-8") as text:  # noqa: PTH123 - pathlib costs as much as Python's start
            return text.read()
    return ""


def _hold_closed_streams() -> None:
    """A descriptor below 3 that is closed would be given to the next file or socket, and take what is meant for a stream."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        import os

        while os.open(os.devnull, os.O_RDWR) < 2:
            pass


if __name__ == "__main__":
    sys.exit(main())
