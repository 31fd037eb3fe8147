"""A dozen planted secrets, in every encoding, are in no file, log or export that this room writes (threats.md F1, F2)."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from airisk_tui.flow.events import (
    AnyEvent,
    AuthorizationAnswered,
    CallbackReceived,
    ProbeAnswered,
    RunStarted,
    TokenExchanged,
)
from airisk_tui.flow.fold import fold
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.http import Body, Connection, Exchange, HttpRequest, HttpResponse
from airisk_tui.recording.disk.codec import dumps
from airisk_tui.recording.disk.folder import fingerprint_key
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.recording.har.export import as_har
from airisk_tui.recording.report.bug_report import as_json, as_markdown
from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.snippets.python import as_python
from airisk_tui.redaction.echoes import encoded_forms
from airisk_tui.redaction.sealer import Sealer
from tests.recording.disk import HEADER, mode
from tests.runs import INPUTS

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzQyIn0.cGxhbnRlZC1zaWduYXR1cmUtb2YtdGhlLXRva2Vu"
PLANTED = {
    "client secret": "planted/client+secret=1",
    "code": "planted-code-SplxlOBeZQQ",
    "token": JWT,
    "refresh token": "planted-refresh-token-9",
    "cookie": "planted0cookie0affinity",
    "session": "planted-session-id-77",
    "password": "planted-password-in-url",
    "api key": "planted-api-key-4711",
    "id token": "planted.opaque.id.token",
    "verifier": "planted-code-verifier-43-characters-long",
    "proxy password": "planted-proxy-password",
    "hidden field": "planted-antiforgery-value",
}


def log(sealer: Sealer) -> list[AnyEvent]:
    """A run in which every planted secret was sent or received somewhere, and echoed in the error page."""
    secret, verifier = sealer.learn(PLANTED["client secret"]), sealer.learn(PLANTED["verifier"])
    inputs = replace(INPUTS, mode="direct", client_secret=secret, verifier=verifier)
    echoes = " ".join(
        f"{value} {quote(value, safe='')} {base64.b64encode(value.encode()).decode()} {value.encode().hex()}"
        for value in PLANTED.values()
    )
    location = f"{inputs.redirect_uri}?code={PLANTED['code']}&state={inputs.state}"
    authorize = Exchange(
        HttpRequest(
            "GET", inputs.authorization_url, (("Cookie", f"ARRAffinity={PLANTED['cookie']}; s={PLANTED['session']}"),)
        ),
        HttpResponse(302, (("Location", location), ("Set-Cookie", f"sid={PLANTED['session']}; Path=/"))),
    )
    page = f'<input type="hidden" value="{PLANTED["hidden field"]}">'
    form = f"client_secret={quote(PLANTED['client secret'], safe='')}&code={PLANTED['code']}&code_verifier={PLANTED['verifier']}"
    answer = {"access_token": JWT, "refresh_token": PLANTED["refresh token"], "id_token": PLANTED["id token"]}
    token = Exchange(
        HttpRequest(
            "POST",
            f"https://u:{PLANTED['password']}@h/api/oauth2/Token",
            (("Content-Type", "application/x-www-form-urlencoded"), ("X-Api-Key", PLANTED["api key"])),
            Body.of(form.encode()),
        ),
        HttpResponse(200, (("Content-Type", "application/json"),), Body.of(json.dumps(answer).encode())),
        connection=Connection(proxy=f"http://p:{PLANTED['proxy password']}@proxy"),
    )
    login = Exchange(HttpRequest("GET", "https://h/login"), HttpResponse(200, (), Body.of(page.encode())))
    probe = Exchange(
        HttpRequest("GET", "https://h/api/Users/ListUsers", (("Authorization", f"Bearer {JWT}"),)),
        HttpResponse(500, (("X-Echo", PLANTED["code"]),), Body.of(echoes.encode())),
    )
    sealed = [sealer.exchange(one) for one in (authorize, token, login, probe)]
    callback = sealer.request(HttpRequest("GET", f"/callback?code={PLANTED['code']}", (("Referer", location),)))
    views = [sealer.views_in(one) for one in sealed]
    return [
        RunStarted(at=0.0, run_id="r", utc=1.8e9, inputs=inputs, secrets=(secret, verifier)),
        AuthorizationAnswered(at=1.0, exchange=sealed[0], secrets=views[0]),
        TokenExchanged(at=2.0, exchange=sealed[1], secrets=views[1]),
        ProbeAnswered(at=3.0, endpoint=LIST_USERS, credential="token", exchange=sealed[2], secrets=views[2]),
        ProbeAnswered(at=4.0, endpoint=LIST_USERS, credential="token", exchange=sealed[3], secrets=views[3]),
        CallbackReceived(at=5.0, request=callback, secrets=sealer.views_in(callback)),
    ]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with everything that this room writes of the run."""
    folder = tmp_path / "recordings"
    sealer = Sealer(fingerprint_key(folder, lambda length: b"k" * length))
    events = log(sealer)
    state = fold(events)
    library = Library(folder)
    path = library.add(events, HEADER, closing_for(state, "A finding."))
    library.summaries()
    library.delete(library.import_file(path))
    findings = [{"code": "c", "severity": "error", "title": "t", "evidence": [{"label": "l", "sent": str(state.code)}]}]
    exports = {
        "har": dumps(as_har(events)),
        "sh": as_curl(events),
        "py": as_python(events),
        "md": as_markdown(state, events, findings),
        "json": dumps(as_json(state, events, findings)),
    }
    for kind, text in exports.items():
        (tmp_path / f"export.{kind}").write_text(text)
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", PLANTED)
def test_F1_no_planted_secret_is_in_any_file_in_any_encoding(written: Path, name: str) -> None:
    assert len(files(written)) == 9
    for path in files(written):
        data = path.read_bytes()
        assert not [form for form in encoded_forms(PLANTED[name]) if form in data], path.name
    assert not [
        form for form in encoded_forms(JWT.rpartition(".")[2]) for path in files(written) if form in path.read_bytes()
    ]


def test_F2_everything_in_the_folder_is_its_owners(written: Path) -> None:
    folder = written / "recordings"
    assert {mode(path) for path in files(folder)} == {0o600}
    assert {mode(path) for path in [folder, folder / ".trash"]} == {0o700}


def test_the_log_is_still_one_of_a_run_that_worked() -> None:
    state = fold(log(Sealer(b"k" * 32)))
    assert state.outcome is not None
    assert state.token is not None
    assert state.token.payload == '{"sub":"user_42"}'
