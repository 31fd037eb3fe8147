"""Importing files: recordings, and HARs of browsers and proxies with OAuth flows."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from airisk_tui.engine.ports import RUN_ID_BYTES, Entropy
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.insight.advice.imported import OMISSIONS
from airisk_tui.insight.context import Context
from airisk_tui.insight.explain import explain
from airisk_tui.oauth.text.dates import utc_text
from airisk_tui.recording.disk.codec import loads
from airisk_tui.recording.disk.errors import RecordError
from airisk_tui.recording.disk.folder import fingerprint_key
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.reader import reading
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.recording.har.file import read_har
from airisk_tui.recording.har.flows import HarFlow, find_flows
from airisk_tui.recording.har.log import imported_header, to_events
from airisk_tui.redaction.sealer import Sealer

MAX_HEADER = 16 * 1024
"""Bytes of the first line that tell a recording from a HAR; the header of a recording has about 250."""


class HarContent(Struct, frozen=True):
    """The flows of a HAR, the earliest first. program: that wrote it; notes: sentences about the file."""

    flows: tuple[HarFlow, ...]
    program: str
    notes: tuple[str, ...] = ()

    def likeliest(self) -> tuple[int, str] | None:
        """The index of the flow that the person most likely wants, and the reason in words; None if it is not clear."""
        flows = list(enumerate(self.flows))
        asked = [(at, flow) for at, flow in flows if flow.params.get("prompt") != "none"] or flows
        ended = [(at, _outcome(flow)) for at, flow in asked]
        failed = [at for at, outcome in ended if outcome not in (Outcome.TOKEN, None)]
        applications = {(flow.params.get("client_id"), flow.params.get("redirect_uri")) for _, flow in asked}
        if len(failed) == 1:
            return failed[0], "the only one that failed"
        if len(applications) > 1:
            return None
        if failed:
            return failed[-1], "the last one that failed"
        whole = [at for at, outcome in ended if outcome is Outcome.TOKEN]
        return (whole[-1], "the last one that got a token") if whole else (ended[-1][0], "the last one")


def is_recording(path: Path) -> bool:
    """Whether a file is a recording of any format. Raises RecordingRefused if it cannot be opened."""
    with reading(path, limit=2**62) as file:
        line = file.readline(MAX_HEADER)
    try:
        record = loads(line)
    except RecordError:
        return False
    return isinstance(record, dict) and "tool" in record


def flows_in(path: Path) -> HarContent:
    """The OAuth flows in a HAR. Raises RecordingRefused if the file is not a HAR, or has no flow."""
    har = read_har(path)
    flows = find_flows(har)
    left_out = dict.fromkeys(omission for flow in flows for omission in flow.omissions)
    return HarContent(flows, har.program, tuple(OMISSIONS[omission] for omission in left_out))


def _outcome(flow: HarFlow) -> Outcome | None:
    return fold(to_events(flow, Sealer(bytes(32)), "")).outcome


def flow_line(flow: HarFlow) -> str:
    """A line that describes a flow: its time, client, address and steps."""
    client = flow.params.get("client_id") or "an unknown client"
    first = flow.authorization or flow.token
    place = first.url.partition("?")[0] if first is not None else ""
    return f"{utc_text(flow.when)}  {client}  {place}  ({', '.join(flow.steps)})"


def import_flow(flow: HarFlow, program: str, library: Library, entropy: Entropy) -> Path:
    """Add a flow to the library, with its secrets sealed under the library's key. Returns the path of the recording."""
    sealer = Sealer(fingerprint_key(library.folder, entropy.key))
    events = to_events(flow, sealer, entropy.key(RUN_ID_BYTES).hex(), program)
    state = fold(events)
    first = explain(Context.of(state, ())).title
    return library.add(events, imported_header(events), closing_for(state, first))
