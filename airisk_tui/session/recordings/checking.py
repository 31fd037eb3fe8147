"""Checking whether a recording or a HAR can be shared: the values in it that this program would seal (threats.md F10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from airisk_tui.flow.events import AnyEvent, RunStarted
from airisk_tui.oauth.answer.device import read_device_codes
from airisk_tui.oauth.http import HttpRequest, HttpResponse
from airisk_tui.oauth.metadata import read_metadata
from airisk_tui.recording.disk.reader import read_recording
from airisk_tui.recording.exchanges import logged_requests, started
from airisk_tui.recording.har.file import every_entry
from airisk_tui.redaction.checking import Check, Leftover
from airisk_tui.redaction.public import public_texts
from airisk_tui.session.recordings.importing import is_recording


def check_file(path: Path) -> Check:
    """Check every message of a recording or a HAR. Raises RecordingRefused for any other file."""
    if not is_recording(path):
        check, entries = Check(), tuple(every_entry(path))
        public = _made_public(entry.exchange.response for entry in entries)
        for number, entry in enumerate(entries, start=1):
            check.look(f"entry {number}, request", entry.exchange.request, public)
            check.look(f"entry {number}, response", entry.exchange.response, public)
        return check
    recording = read_recording(path)
    check = check_events(recording.events)
    check.leftovers += [Leftover("raw secrets kept on purpose", len(one)) for one in recording.secrets.values()]
    return check


def check_events(events: Iterable[AnyEvent]) -> Check:
    """Check every message of a log."""
    log, check = tuple(events), Check()
    begun = started(log)
    messages = tuple(_messages(log))
    typed = (*public_texts(begun.inputs), *_known_values(begun)) if begun is not None else ()
    public = "\n".join((*typed, _made_public(one for _, one in messages if isinstance(one, HttpResponse))))
    for name, message in messages:
        check.look(name, message, public)
    return check


def _made_public(answers: Iterable[HttpResponse]) -> str:
    """The values in answers that a run treats as public: the addresses of metadata, and the codes that a person has to type."""
    found: list[str] = []
    for answer in answers:
        metadata, codes = read_metadata(answer), read_device_codes(answer)
        found += (metadata.issuer, *metadata.endpoints) if metadata is not None else ()
        found += codes.public if codes is not None else ()
    return "\n".join(found)


def sealed_in(events: Iterable[AnyEvent]) -> str:
    """The number of values that are sealed in a log, by rule (`Check.summary`)."""
    check = Check()
    for _, message in _messages(tuple(events)):
        check.count(message)
    return check.summary


def _messages(log: tuple[AnyEvent, ...]) -> Iterator[tuple[str, HttpRequest | HttpResponse]]:
    begun = started(log)
    if begun is not None:
        yield "inputs", HttpRequest("GET", begun.inputs.authorization_url)
    for logged in logged_requests(log):
        yield f"{logged.name}, request", logged.request
        if logged.response is not None:
            yield f"{logged.name}, response", logged.response


def _known_values(begun: RunStarted) -> tuple[str, ...]:
    known = begun.known
    return (*(known.registered or ()), *(known.clients or ()), *(known.users or ()))
