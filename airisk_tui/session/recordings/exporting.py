"""Exporting a recording (command-line.md, commands). No export contains a raw secret, even if the recording does."""

from __future__ import annotations

from typing import Literal

from airisk_tui.insight.finding import to_json
from airisk_tui.oauth.reference import plain_json
from airisk_tui.recording.har.export import as_har
from airisk_tui.recording.report.bug_report import as_json, as_markdown
from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.python import as_python
from airisk_tui.session.recordings.checking import check_events
from airisk_tui.session.recordings.opening import OpenRecording

ExportForm = Literal["har", "curl", "python", "markdown", "html", "json", "recipe"]

SUFFIXES: dict[ExportForm, str] = {
    "har": ".har",
    "curl": ".sh",
    "python": ".py",
    "markdown": ".md",
    "html": ".html",
    "json": ".json",
    "recipe": ".toml",
}


def exported(opened: OpenRecording, form: ExportForm) -> str:
    """The text of an export without a final line end. Its only control characters are line feeds and tabs."""
    events = opened.recording.events
    if form == "har":
        return plain_json(as_har(events))
    if form == "curl":
        return as_curl(events).rstrip("\n")
    if form == "python":
        return as_python(events).rstrip("\n")
    if form == "recipe":
        return _recipe(opened)
    findings = [to_json(finding) for finding in opened.report(opened.final).findings]
    if form == "markdown":
        return as_markdown(opened.final, events, findings).rstrip("\n")
    if form == "html":
        from airisk_tui.recording.report.page import ReportedRun, as_html

        sealed = check_events(events).summary
        return as_html([ReportedRun("", opened.final, events, findings, sealed)]).rstrip("\n")
    return plain_json(as_json(opened.final, events, findings))


def _recipe(opened: OpenRecording) -> str:
    from airisk_tui.recording.exchanges import started
    from airisk_tui.recording.recipe import recipe_of

    # The inputs as they were given, because another run looks for the metadata itself.
    begun = started(opened.recording.events)
    if begun is None:
        return "# The recording has lost the event that began the run, so there are no inputs."
    return recipe_of(begun.inputs, opened.path.stem, opened.final.known.registered or ()).rstrip("\n")
