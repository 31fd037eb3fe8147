"""What can be copied on the run screen. A secret is copied only where a person chooses just that."""

from __future__ import annotations

from collections.abc import Iterator

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.insight.explain import Report
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.snippets import as_curl, as_python
from airisk_tui.session.session import Session
from airisk_tui.tui.shared.copyable import Copyable
from airisk_tui.tui.shared.copying import finding_text


def copyables(session: Session, draft: Draft, run: Run | None, report: Report | None) -> tuple[Copyable, ...]:
    """Everything that can be copied from the form, and from the run that is shown."""
    return (*_from_draft(draft), *(_from_run(session, run, report) if run is not None else ()))


def _from_draft(draft: Draft) -> Iterator[Copyable]:
    yield Copyable("u", "the authorization URL of the form", lambda: draft.authorization_url)
    yield Copyable("r", "the redirect URI", lambda: draft.redirect_uri)
    secret = draft.client_secret
    if secret is not None:
        yield Copyable("s", "the client secret", secret.reveal, secret=True)


def _from_run(session: Session, run: Run, report: Report | None) -> Iterator[Copyable]:
    state = run.state
    inputs = state.inputs
    if inputs is not None:
        yield Copyable("a", "the authorization URL of the run", lambda: session.unseal(run, inputs.authorization_url))
    if (codes := state.device_codes) is not None:
        yield Copyable("d", "the code for the other device", lambda: codes.user_code)
        yield Copyable("v", "the address to open there", lambda: codes.complete or codes.verification_uri)
    yield from _secret("c", "the code", state.code, session, run)
    yield from _secret("t", "the access token", state.token, session, run)
    yield from _secret("i", "the ID token", state.id_token, session, run)
    yield from _secret("n", "the refresh token", state.refresh_token, session, run)
    yield Copyable("k", "the requests as curl, secrets as variables", lambda: as_curl(run.log))
    yield Copyable("p", "the requests as Python, secrets as variables", lambda: as_python(run.log))
    first = report.first if report is not None else None
    if first is not None:
        yield Copyable("f", "the finding", lambda: finding_text(first))


def _secret(key: str, name: str, view: SecretView | None, session: Session, run: Run) -> Iterator[Copyable]:
    raw = session.reveal(run, view) if view is not None else None
    if raw is not None:
        yield Copyable(key, name, lambda: raw, secret=True)
