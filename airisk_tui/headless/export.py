"""`airisk-tui export`: a recording in a form that others read."""

from __future__ import annotations

import argparse
from pathlib import Path

from airisk_tui.headless import output
from airisk_tui.headless.flow_options import is_new
from airisk_tui.headless.process import UsageError
from airisk_tui.headless.recordings import opened_from
from airisk_tui.recording.files import SYSTEM, reason, write_whole
from airisk_tui.session.checking import check_events
from airisk_tui.session.exporting import exported


async def export(args: argparse.Namespace) -> int:
    """Write the text to stdout, or with -o to a new file that only its owner can read. Raises UsageError."""
    if args.output is not None and not is_new("-o", args.output):
        raise UsageError(f"{args.output} exists already and was not changed; give another name with -o.")
    opened = opened_from(args.recording)
    text = exported(opened, args.form)
    if args.output is None:
        output.put_raw(text)
        return 0
    _write(args.output, text + "\n")
    sealed = check_events(opened.recording.events).summary
    output.say(f"Written to {args.output}. It holds names, addresses and user ids, but no secret in clear. {sealed}")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        write_whole(SYSTEM, path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path} could not be written: {reason(error)}.") from error
