"""The entry point, for `airisk-tui` and `python -m airisk_tui`. Asking for the version loads nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit code is one of cli.md's."""
    if sys.argv[1:] == ["--version"]:
        from airisk_tui.version import __version__

        sys.stdout.write(f"airisk-tui {__version__}\n")
        return 0
    from airisk_tui.cli import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
