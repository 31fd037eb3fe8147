"""`airisk-tui like`: a recipe that sends what another client sends, and where that departs from what is documented."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from airisk_tui.flow.start.fields import OTHER
from airisk_tui.headless.export import check_new, write_new
from airisk_tui.headless.flow.options import MAX_RAW
from airisk_tui.headless.recordings import opened_from
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.headless.shared.table import table
from airisk_tui.recording.recipe import recipe_of
from airisk_tui.recording.written import ReadFile, Unreadable, requests_in
from airisk_tui.redaction.inputs import sealed_edits
from airisk_tui.session.likeness import Likeness, likeness, row_of
from airisk_tui.session.recordings.exporting import exported
from airisk_tui.session.session import Session

MAX_FILE = 64 * 1024 * 1024
"""Bytes of a file that is read: as many as the HAR of a day in a browser has."""

BEGINNING = b'{"format":'
"""Of each recording of this program."""

NOT_IN_IT = (
    "The client secret is not in the recipe: give it with AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin."
)


async def like(args: argparse.Namespace) -> int:
    """Print the recipe, or write it with -o; print the table of the departures to stderr. Raises UsageError."""
    if args.output is not None:
        check_new(args.output)
    found = None
    if _is_recording(args.file):
        text = exported(opened_from(str(args.file)), "recipe") + "\n"
    else:
        session = Session()
        found = _likeness(args, session)
        draft = found.draft.to(edits=sealed_edits(found.draft.edits, session.sealer))
        text = recipe_of(draft, args.file.stem or "like")
        for line in (*_table(found), *found.notes, NOT_IN_IT):
            output.say(line)
    if args.json:
        output.put_json(_document(found, text))
    elif args.output is None:
        output.put_raw(text.rstrip("\n"))
    if args.output is not None:
        write_new(args.output, text)
        output.say(f"Written to {args.output}; airisk-tui run --recipe {args.output} sends it.")
    return 0


def _is_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(BEGINNING)) == BEGINNING
    except OSError:
        return False


def _likeness(args: argparse.Namespace, session: Session) -> Likeness:
    try:
        with args.file.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{args.file} cannot be read: {error.strerror}.") from error
    try:
        return likeness(requests_in(data, files_beside(args.file)), session.draft(OTHER))
    except Unreadable as error:
        raise UsageError(f"{args.file} cannot be imitated: {error}.") from error


def files_beside(path: Path) -> ReadFile:
    """A function that reads the files that a command in this file names, from its folder alone, because anybody may have written it."""
    folder = path.absolute().parent

    def read(name: str) -> bytes:
        file = Path(folder, name)
        if not file.resolve().is_relative_to(folder.resolve()):
            raise Unreadable(
                f"a curl command in it takes the file {name[:60]}, which is not in the folder of {path.name}"
            )
        try:
            with file.open("rb") as opened:
                return opened.read(MAX_RAW)
        except OSError as error:
            raise Unreadable(
                f"a curl command in it takes the file {name[:60]}, which cannot be read: {error.strerror}"
            ) from error

    return read


def _table(found: Likeness) -> list[str]:
    """The departures as the lines of a table."""
    if not found.departures:
        return ["The requests are as documented, byte for byte."]
    return [*table(("", "documented", "sent"), [*map(row_of, found.departures)], None)]


def _document(found: Likeness | None, recipe: str) -> dict[str, Any]:
    """found: None for a recording of this program, in which nothing departs."""
    departures, notes = (found.departures, found.notes) if found is not None else ((), ())
    rows = [dict(zip(("part", "documented", "sent"), row_of(one), strict=True)) for one in departures]
    return {"format": output.FORMAT, "recipe": recipe, "departures": rows, "notes": list(notes)}
