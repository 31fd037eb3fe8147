"""`airisk-tui export`: a recording in a format for other programs and people."""

from __future__ import annotations

import argparse
from pathlib import Path

from airisk_tui.headless.flow.options import is_new
from airisk_tui.headless.recordings import opened_from
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.recording.disk.files import SYSTEM, reason, write_whole
from airisk_tui.session.recordings.checking import check_events
from airisk_tui.session.recordings.exporting import exported


async def export(args: argparse.Namespace) -> int:
    """Write the export to stdout, or with -o to a new file that only its owner can read. Raises UsageError."""
    if args.output is not None:
        check_new(args.output)
    opened = opened_from(args.recording)
    text = exported(opened, args.form)
    if args.output is None:
        output.put_raw(text)
        return 0
    write_new(args.output, text + "\n")
    sealed = check_events(opened.recording.events).summary
    output.say(f"Written to {args.output}. It holds names, addresses and user ids, but no secret in clear. {sealed}")
    return 0


def check_new(path: Path) -> None:
    """Raises UsageError where there is a file already, which `-o` never overwrites."""
    if not is_new("-o", path):
        raise UsageError(f"{path} exists already and was not changed; give another name with -o.")


def write_new(path: Path, text: str) -> None:
    """Write a new file that only its owner can read. Raises UsageError."""
    check_new(path)
    try:
        write_whole(SYSTEM, path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path} could not be written: {reason(error)}.") from error
