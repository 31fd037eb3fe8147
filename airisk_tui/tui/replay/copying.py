"""What can be copied from a replay, each with the words that name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airisk_tui.oauth.secret import SecretView
from airisk_tui.session.exporting import exported
from airisk_tui.session.recordings import OpenRecording
from airisk_tui.tui.shared.copying import Copyable, words_of

if TYPE_CHECKING:
    from airisk_tui.insight.explain import Report


def copyables_of(opened: OpenRecording, report: Report | None) -> tuple[Copyable, ...]:
    """Everything that can be copied from a replay."""
    return tuple(_copyables(opened, report))


def _copyables(opened: OpenRecording, report: Report | None) -> Iterator[Copyable]:
    state = opened.final
    inputs = state.inputs
    if inputs is not None:
        yield Copyable("a", "the authorization URL of the run", lambda: opened.unsealed_url(inputs.authorization_url))
        yield Copyable("r", "the redirect URI", lambda: opened.unsealed_url(inputs.redirect_uri))
    yield from _secret("c", "the code", state.code, opened)
    yield from _secret("t", "the access token", state.token, opened)
    yield Copyable("k", "the requests as curl, secrets as variables", lambda: exported(opened, "curl"))
    yield Copyable("p", "the requests as Python, secrets as variables", lambda: exported(opened, "python"))
    yield Copyable("m", "the report in Markdown", lambda: exported(opened, "markdown"))
    first = report.first if report is not None else None
    if first is not None:
        yield Copyable("f", "the finding", lambda: words_of(first))


def _secret(key: str, name: str, view: SecretView | None, opened: OpenRecording) -> Iterator[Copyable]:
    secret = opened.recording.secrets.get(view.fingerprint) if view is not None else None
    if secret is not None:
        yield Copyable(key, name, secret.reveal, secret=True)
