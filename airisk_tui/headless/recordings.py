"""`airisk-tui recordings`: lists, shows, deletes, imports and checks recordings of the library."""

from __future__ import annotations

import argparse
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from airisk_tui.engine.ports import SystemClock, SystemEntropy
from airisk_tui.flow.events import RunStarted
from airisk_tui.flow.phases import EXIT_CODES, Outcome
from airisk_tui.flow.reading.rail import rail
from airisk_tui.flow.start.fields import OTHER
from airisk_tui.headless.flow.report import sentences
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.headless.shared.table import table, width
from airisk_tui.insight.finding import to_json
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.oauth.urls import split_url
from airisk_tui.recording.disk.codec import encode
from airisk_tui.recording.disk.errors import RecordingRefused
from airisk_tui.recording.disk.folder import SUFFIX
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import read_beginning
from airisk_tui.recording.disk.summary import Summary
from airisk_tui.session.recordings.checking import check_file
from airisk_tui.session.recordings.importing import flow_line, flows_in, import_flow, is_recording
from airisk_tui.session.recordings.opening import KEPT_DELETED, OpenRecording, locate, open_recording, own_library

LEFT = (
    "Do not share it as it is. `airisk-tui recordings import` makes a sealed recording of a HAR, which can be shared."
)

EMPTY = "The library is empty. Every run is recorded there: start one with `airisk-tui run`, or import a recording or a HAR file."


async def recordings(args: argparse.Namespace) -> int:
    """List, show, delete, import or check. Raises Refused."""
    library = own_library()
    if args.action == "list":
        return _list(library, args)
    if not args.name:
        of_a_file = args.action in ("import", "check")
        wanted = f"the file to {args.action}" if of_a_file else "a recording: its name in the library, or `last`"
        raise UsageError(f"`recordings {args.action}` needs {wanted}.")
    return {"show": _show, "delete": _delete, "import": _import, "check": _check}[args.action](library, args)


def _list(library: Library, args: argparse.Namespace) -> int:
    rows = [row for row in library.summaries() if not args.name or row.matches(args.name)]
    if args.json:
        listed = [_row_json(library, row) for row in rows]
        output.put_json({"format": output.FORMAT, "folder": str(library.folder), "recordings": listed})
        return 0
    if rows:
        for line in table(TITLES, [_cells(library, row) for row in rows], width(), IMPORTANT):
            output.put(line)
    else:
        output.say(f"No recording has “{visible(args.name)}” in it." if args.name else EMPTY)
    return 0


def _row_json(library: Library, row: Summary) -> dict[str, Any]:
    told = {name: value for name, value in asdict(row).items() if name not in ("modified", "problems")}
    return {**told, "path": str(library.path(row)), "when": utc_text(row.when) if row.when else None}


TITLES = ("NAME", "OUTCOME", "SECONDS", "WHEN", "WHERE", "FINDING")
MAX_OUTCOME = max(map(len, Outcome))
"""Characters of an outcome; a file may hold a longer text in its place, which must not take the room of the name."""

IMPORTANT = tuple(map(TITLES.index, ("OUTCOME", "NAME", "FINDING", "WHERE", "WHEN", "SECONDS")))


def _cells(library: Library, row: Summary) -> tuple[str, ...]:
    if row.refused is not None:
        return visible(row.name), "unreadable", "", "", "", visible(row.refused)
    when = datetime.fromtimestamp(row.when).strftime("%Y-%m-%d %H:%M:%S") if row.when else "unknown time"
    marks = "HOLDS SECRETS  " if row.secrets else ""
    outcome, finding = shortened(row.outcome or "unfinished", MAX_OUTCOME), f"{marks}{row.first_finding or ''}"
    return (
        visible(row.name.removesuffix(SUFFIX)),
        outcome,
        f"{row.duration:.1f}",
        when,
        _where(library, row),
        visible(finding),
    )


def _where(library: Library, row: Summary) -> str:
    """The environment, or where it has no name, the host of the server."""
    if row.environment != OTHER:
        return visible(row.environment)
    with suppress(RecordingRefused):
        first = read_beginning(library.path(row)).first
        if isinstance(first, RunStarted) and (parts := split_url(first.inputs.base_url)) is not None:
            return visible(parts.netloc) or OTHER
    return OTHER


def _show(library: Library, args: argparse.Namespace) -> int:
    opened = opened_from(args.name)
    recording, report = opened.recording, opened.report(opened.final)
    outcome = opened.final.outcome
    if args.json:
        output.put_json(
            {
                "format": output.FORMAT,
                "path": str(opened.path),
                "header": {"format": recording.format, "tool": recording.header.tool, **encode(recording.header)},
                "outcome": outcome.value if outcome else None,
                "events": [{"event": type(event).__name__, "at": event.at} for event in recording.events],
                "problems": [{"line": problem.line, "sentence": problem.sentence} for problem in recording.problems],
                "findings": [to_json(finding) for finding in report.findings],
                "not_checked": list(report.not_checked),
            }
        )
        return 0
    header = recording.header
    output.put(f"{opened.path}")
    output.put(f"{header.utc}  {header.environment}  {header.kind}  {outcome.value if outcome else 'unfinished'}")
    output.put(f"{len(recording.events)} events, secrets {header.secrets}, written by {header.tool} {header.version}")
    for step in rail(opened.final):
        output.put(f"{step.status:8} {step.title}{': ' + step.summary if step.summary else ''}")
    for line in sentences(report):
        output.put(line)
    return 0


def opened_from(name: str) -> OpenRecording:
    """Open a recording by its name, and say on stderr which lines cannot be read. Raises RecordingRefused where it cannot be opened."""
    opened = open_recording(locate(name))
    for problem in opened.recording.problems:
        output.say(f"Line {problem.line}: {problem.sentence}")
    return opened


def _delete(library: Library, args: argparse.Namespace) -> int:
    path = locate(args.name, library)
    if path.parent.absolute() != library.folder.absolute():
        raise UsageError(f"{path} is not in the library, and this command deletes only recordings of the library.")
    library.purge(SystemClock().wall() - KEPT_DELETED)
    deleted = library.delete(path)
    if args.json:
        output.put_json({"format": output.FORMAT, "deleted": str(deleted.was), "trash": str(deleted.now)})
    else:
        output.put(deleted.was.name)
    output.say(f"Deleted. It is kept for 30 days as {deleted.now}.")
    return 0


def _check(library: Library, args: argparse.Namespace) -> int:
    """Say what in a recording or a HAR would be sealed today, without its value."""
    path = locate(args.name, library)
    check = check_file(path)
    if args.json:
        left = [{"place": one.place, "length": one.length} for one in check.leftovers]
        output.put_json({"format": output.FORMAT, "path": str(path), "sealed": dict(check.sealed), "left": left})
    else:
        for one in check.leftovers:
            output.put(f"{one.place}: {one.length:,} characters that may be a secret")
    output.say(check.summary)
    output.say("Nothing in it looks like a secret." if not check.leftovers else LEFT)
    return EXIT_CODES[Outcome.DIFFERENT] if check.leftovers else 0


def _import(library: Library, args: argparse.Namespace) -> int:
    source = Path(args.name).expanduser()
    if is_recording(source):
        if args.flow is not None:
            raise UsageError("--flow chooses among the flows of a HAR, but this file is a recording.")
        made = library.import_file(source)
    else:
        made = _import_har(library, source, args.flow)
    if args.json:
        output.put_json({"format": output.FORMAT, "imported": made.name, "path": str(made)})
    else:
        output.put(made.name)
    output.say(f"Imported. `airisk-tui replay {made.name}` opens it.")
    return 0


def _import_har(library: Library, source: Path, number: int | None) -> Path:
    found = flows_in(source)
    for note in found.notes:
        output.say(note)
    if number is None and len(found.flows) > 1:
        listed = "\n".join(f"  {index}  {flow_line(flow)}" for index, flow in enumerate(found.flows, start=1))
        several = f"There are {len(found.flows)} flows in this HAR"
        chosen = found.likeliest()
        if chosen is None:
            raise UsageError(f"{several}, of several applications; choose one with --flow N:\n{listed}\n")
        number = chosen[0] + 1
        output.say(f"{several}; flow {number} is taken, {chosen[1]}. --flow N takes another one:\n{listed}")
    number = 1 if number is None else number
    if not 1 <= number <= len(found.flows):
        raise UsageError(f"There is no flow {number} in this HAR; there are {len(found.flows)}, counted from 1.")
    return import_flow(found.flows[number - 1], found.program, library, SystemEntropy())
