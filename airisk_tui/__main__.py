"""The entry point, for `airisk-tui` and `python -m airisk_tui`. Asking for the version loads nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit code is one of command-line.md's."""
    import gc

    gc.disable()  # looking for cycles takes a sixth of the time of importing, which leaves none; it begins again later
    _hold_closed_streams()
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from airisk_tui.version import __version__

        try:
            sys.stdout.write(f"airisk-tui {__version__}\n")
            sys.stdout.flush()
            return 0
        except OSError:
            pass  # tried once more below, where a failure becomes a sentence
    try:
        from airisk_tui.cli import run_command

        return run_command(sys.argv[1:])
    except KeyboardInterrupt:  # so early that there is no command yet
        return 130


def _hold_closed_streams() -> None:
    """A descriptor below 3 that is closed would be given to the next file or socket, and take what is meant for a stream."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        import os

        while os.open(os.devnull, os.O_RDWR) < 2:
            pass


if __name__ == "__main__":
    sys.exit(main())
