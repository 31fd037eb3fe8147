"""The entry point of `airisk-tui` and `python -m airisk_tui`. `--version` and `--help` import nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return the exit code (command-line.md)."""
    import gc

    gc.disable()  # collecting garbage takes a sixth of the time of the imports, which make none; `cli` turns it on again
    _open_closed_streams()
    if sys.stdout is not None and (answer := _known_answer(sys.argv[1:])):
        try:
            sys.stdout.write(answer)
            sys.stdout.flush()
            return 0
        except OSError:
            pass  # tried again below, where a failure becomes a sentence
    try:
        from airisk_tui.systems import interrupted_by_signals

        interrupted_by_signals()
        from airisk_tui.cli import run_command

        return run_command(sys.argv[1:])
    except KeyboardInterrupt:  # before a command has started
        return 130


def _known_answer(argv: list[str]) -> str:
    """The output of `--version` and `--help`; "" for other arguments. `make docs` writes the help from the parser, whose import would
    take eight times as long as Python's start."""
    if argv == ["--version"]:
        from airisk_tui.version import __version__

        return f"airisk-tui {__version__}\n"
    if argv in (["--help"], ["-h"]):
        with open(f"{__file__.removesuffix('__main__.py')}reference/help.txt", encoding="utf-8") as text:  # noqa: PTH123 - pathlib costs as much as Python's start
            return text.read()
    return ""


def _open_closed_streams() -> None:
    """Open the null device for each closed standard stream. Otherwise the next file or socket would get its descriptor, and the output
    for the stream."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        import os

        while os.open(os.devnull, os.O_RDWR) < 2:
            pass


if __name__ == "__main__":
    sys.exit(main())
