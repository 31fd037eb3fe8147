"""The lines of the copy menu about the form and about a run. A secret is copied only where a person chooses just that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.state import FlowState
from airisk_tui.insight.explain import Report
from airisk_tui.insight.finding import Finding
from airisk_tui.insight.rendering import on_screen
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.python import as_python
from airisk_tui.tui.shared.keyboard.keys import with_chosen_keys
from airisk_tui.tui.shared.screen import Copyable


def copyables_of_draft(draft: Draft) -> Iterator[Copyable]:
    """The lines about the form."""
    yield Copyable("u", "the authorization URL of the form", lambda: draft.authorization_url)
    yield Copyable("r", "the redirect URI", lambda: draft.redirect_uri)
    if (secret := draft.client_secret) is not None:
        yield Copyable("s", "the client secret", secret.reveal, secret=True)


def copyables_of_run(
    state: FlowState,
    events: Sequence[AnyEvent],
    report: Report | None,
    unseal: Callable[[str], str],
    reveal: Callable[[SecretView], str | None],
) -> Iterator[Copyable]:
    """The lines about a run, live or recorded. unseal: puts its secrets into a URL of its log; reveal: gives a secret that is known."""
    if (inputs := state.inputs) is not None:
        yield Copyable("a", "the authorization URL of the run", lambda: unseal(inputs.authorization_url))
    if (codes := state.device_codes) is not None:
        yield Copyable("d", "the code for the other device", lambda: codes.user_code)
        yield Copyable("v", "the URL to open there", lambda: codes.address)
    secrets = (
        ("c", "the code", state.code),
        ("t", "the access token", state.token),
        ("i", "the ID token", state.id_token),
        ("n", "the refresh token", state.refresh_token),
    )
    for key, name, view in secrets:
        if view is not None and (raw := reveal(view)) is not None:
            yield Copyable(key, name, lambda raw=raw: raw, secret=True)  # type: ignore[misc] # mypy infers no type of the default
    yield Copyable("k", "the requests as curl, secrets as variables", lambda: as_curl(events))
    yield Copyable("p", "the requests as Python, secrets as variables", lambda: as_python(events))
    if report is not None and (first := report.first) is not None:
        yield Copyable("f", "the finding", lambda: _finding_text(first))


def _finding_text(finding: Finding) -> str:
    """A finding as text for the clipboard, with the names of fields and keys where the command line has options."""
    lines = [finding.title, f"Cause: {finding.cause}", f"Fix: {with_chosen_keys(on_screen(finding.fix))}"]
    return "\n".join([*lines, f"Reference: {finding.reference} ({finding.code})"])
