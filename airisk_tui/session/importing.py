"""Taking another's file into the library: a recording, or a HAR of a browser or a proxy with OAuth flows in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from airisk_tui.engine.ports import Entropy
from airisk_tui.flow.fold import fold
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.expiry import utc_text
from airisk_tui.recording.codec import loads
from airisk_tui.recording.errors import RecordError
from airisk_tui.recording.folder import fingerprint_key
from airisk_tui.recording.har.file import read_har
from airisk_tui.recording.har.flows import HarFlow, find_flows
from airisk_tui.recording.har.reading import imported_header, to_events
from airisk_tui.recording.library import Library
from airisk_tui.recording.reader import reading
from airisk_tui.recording.summary import closing_for
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.explaining import context_with, told_first

MAX_HEADER = 16 * 1024
"""Bytes of a first line that is looked at to tell a recording from a HAR: a header has some 250."""

RUN_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class HarContent:
    """The flows of a HAR, in the order of time; notes: sentences about the file that a person should know."""

    flows: tuple[HarFlow, ...]
    program: str
    notes: tuple[str, ...] = ()


def is_recording(path: Path) -> bool:
    """Whether a file is a recording, of whatever format; refuses one that cannot be opened."""
    with reading(path, limit=2**62) as file:
        line = file.readline(MAX_HEADER)
    try:
        record = loads(line)
    except RecordError:
        return False
    return isinstance(record, dict) and "tool" in record


def flows_in(path: Path) -> HarContent:
    """The OAuth flows in a HAR; refuses a file that is none, or has none."""
    har = read_har(path)
    notes = []
    if har.cut:
        notes.append("The file ends in the middle; what stands before that was read.")
    if har.sanitised:
        notes.append(
            "The program that wrote the file left the credentials out, so codes and tokens cannot be compared."
        )
    return HarContent(find_flows(har), har.program, tuple(notes))


def flow_line(flow: HarFlow) -> str:
    """One line to choose a flow by."""
    client = flow.params.get("client_id") or "an unknown client"
    first = flow.authorization or flow.token
    place = first.url.partition("?")[0] if first is not None else ""
    return f"{utc_text(flow.when)}  {client}  {place}  ({', '.join(flow.steps)})"


def import_flow(flow: HarFlow, program: str, shelf: Library, entropy: Entropy) -> Path:
    """Make a recording of a flow, sealed under the library's key."""
    sealer = Sealer(fingerprint_key(shelf.folder, entropy.key))
    events = to_events(flow, sealer, entropy.key(RUN_ID_BYTES).hex(), program)
    state = fold(events)
    first = told_first(explain(context_with(state, ())))
    return shelf.add(events, imported_header(events), closing_for(state, first))
