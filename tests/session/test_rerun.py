"""A recording is another's file: what it may lead to when its inputs are run again (threats.md F5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from airisk_tui.engine.config.environments import Configuration, Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.flow.start.fields import SANDBOX
from airisk_tui.flow.start.known import Known
from airisk_tui.oauth.answer.endpoints import LIST_USERS, Endpoint
from airisk_tui.oauth.dialect import AIRISK
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret
from airisk_tui.recording.disk.format import Header
from airisk_tui.recording.disk.reader import Recording
from airisk_tui.recording.replay import Replay
from airisk_tui.session.recordings.opening import OpenRecording
from airisk_tui.session.rerun import Prepared, RerunRefused, prepare_rerun
from airisk_tui.session.session import Session
from tests.recording.disk import HEADER
from tests.runs import SECRET, started

STAGING = "https://staging.example"
ENVIRONMENT = Environment(name="staging", base_url=STAGING, client_id="demo-app")
DELETE = Endpoint("DELETE", "/api/Users/1")


def recorded(header: Header = HEADER, secrets: Any = None, **inputs: Any) -> OpenRecording:
    events = (started(**{"base_url": STAGING, "environment": "staging", **inputs}),)
    return OpenRecording(Path("a.jsonl"), Recording(header, events, secrets=secrets or {}), Replay(events))


async def prepared(tmp_path: Path, opened: OpenRecording, environment: Environment = ENVIRONMENT) -> Prepared:
    session = Session(
        home=Home(tmp_path / "config.toml", tmp_path / "recordings"),
        configuration=Configuration(environments={environment.name: environment}),
        environ={"AIRISK_CLIENT_SECRET": "of-staging"},
        fingerprint_key=b"k" * 32,
    )
    try:
        return await prepare_rerun(session, opened, environment.name)
    finally:
        await session.aclose()


async def test_F5_the_same_deployment_is_not_asked_about(tmp_path: Path) -> None:
    found = await prepared(tmp_path, recorded(probes=(LIST_USERS,)))
    assert found.new_hosts == ()
    assert found.draft.client_secret is not None


async def test_L1_no_file_opens_a_port_to_other_machines(tmp_path: Path) -> None:
    opened = recorded(listen="0.0.0.0:9000", listen_publicly=True)
    draft = (await prepared(tmp_path, opened)).draft
    assert (draft.listen, draft.listen_publicly) == ("", False)
    draft = (await prepared(tmp_path, opened, replace(ENVIRONMENT, listen="127.0.0.1:9000"))).draft
    assert (draft.listen, draft.listen_publicly) == ("127.0.0.1:9000", False)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://staging.example",
        "https://staging.example:444",
        "https://staging.example.evil.example",
        "https://staging.example@evil.example",
        "https://evil.example\\@staging.example",
        "https://[",
        "",
    ],
)
async def test_F5_a_secret_of_another_host_is_asked_about(tmp_path: Path, base_url: str) -> None:
    found = await prepared(tmp_path, recorded(base_url=base_url))
    assert found.new_hosts == ("the client secret would go to https://staging.example:443",)


async def test_F5_a_recording_that_tells_of_no_secret_does_not_get_one_unasked(tmp_path: Path) -> None:
    found = await prepared(tmp_path, recorded(base_url="https://evil.example", client_secret=None))
    assert found.new_hosts


@pytest.mark.parametrize("base_url", [STAGING, "https://evil.example"])
@pytest.mark.parametrize("evil", ["https://evil.example", "https://evil.example\\@staging.example"])
async def test_F5_a_token_endpoint_elsewhere_is_asked_about(tmp_path: Path, base_url: str, evil: str) -> None:
    dialect = replace(AIRISK, token_path=f"{evil}/t")
    found = await prepared(tmp_path, recorded(base_url=base_url, dialect=dialect))
    place = "https://evil.example:443" if "\\" not in evil else "an address that cannot be read"
    assert f"the client secret and the code would go to {place}" in found.new_hosts


async def test_F5_an_authorization_endpoint_elsewhere_is_asked_about(tmp_path: Path) -> None:
    found = await prepared(tmp_path, recorded(dialect=replace(AIRISK, authorize_path="https://evil.example/a")))
    assert found.new_hosts == ("the authorization request would go to https://evil.example:443",)


async def test_F5_a_probe_elsewhere_is_asked_about(tmp_path: Path) -> None:
    found = await prepared(tmp_path, recorded(probes=(LIST_USERS, Endpoint("GET", "https://evil.example/x"))))
    assert found.new_hosts == ("the new token would go to https://evil.example:443",)


async def test_F5_hosts_that_the_environment_names_are_not_asked_about(tmp_path: Path) -> None:
    elsewhere = Endpoint("GET", "https://api.staging.example/x")
    dialect = replace(AIRISK, token_path="https://id.staging.example/t")
    environment = replace(ENVIRONMENT, dialect=dialect, endpoints=(elsewhere,))
    found = await prepared(tmp_path, recorded(dialect=dialect, probes=(elsewhere,)), environment)
    assert found.new_hosts == ()


async def test_F5_the_embedded_server_is_asked_about_where_a_recording_leads_away_from_it(tmp_path: Path) -> None:
    sandbox = Environment(name=SANDBOX)
    assert (await prepared(tmp_path, recorded(environment=SANDBOX), sandbox)).new_hosts == ()
    dialect = replace(AIRISK, token_path="https://evil.example/t")
    assert (await prepared(tmp_path, recorded(environment=SANDBOX, dialect=dialect), sandbox)).new_hosts


async def test_the_sandbox_has_the_redirect_uri_registered_that_the_recorded_one_had(tmp_path: Path) -> None:
    uri, sandbox = "http://127.0.0.1:9999/callback", Environment(name=SANDBOX)
    for registered in ((uri,), ("http://127.0.0.1:9998/callback",), None):
        opened = recorded(environment=SANDBOX, redirect_uri=uri, known=Known(registered=registered))
        now = (await prepared(tmp_path, opened, sandbox)).draft.registered
        assert now is not None and now.count(uri) == (registered == (uri,))
    known_here = "http://localhost:8765/callback"
    opened = recorded(environment=SANDBOX, redirect_uri=known_here, known=Known(registered=(known_here,)))
    now = (await prepared(tmp_path, opened, sandbox)).draft.registered
    assert now is not None and now.count(known_here) == 1
    opened = recorded(redirect_uri=uri, known=Known(registered=(uri,)))
    assert (await prepared(tmp_path, opened)).draft.registered is None


async def test_F5_a_secret_in_an_extra_parameter_is_asked_about(tmp_path: Path) -> None:
    params = Params((("api_key", SECRET.reference),))
    opened = recorded(base_url="https://other.example", params=params, secrets={SECRET.fingerprint: Secret("raw")})
    found = await prepared(tmp_path, opened)
    assert found.new_hosts == (
        "a secret in the authorization request and the client secret would go to https://staging.example:443",
    )


@pytest.mark.parametrize("place", ["authorize_path", "token_path"])
async def test_F5_a_placeholder_in_a_path_is_refused(tmp_path: Path, place: str) -> None:
    paths: dict[str, Any] = {place: f"/{SECRET.reference}"}
    dialect = replace(AIRISK, **paths)
    with pytest.raises(RerunRefused, match="a sealed recording does not hold it"):
        await prepared(tmp_path, recorded(dialect=dialect))
    with pytest.raises(RerunRefused, match="a sealed recording does not hold it"):
        await prepared(tmp_path, recorded(probes=(Endpoint("GET", f"/{SECRET.reference}"),)))


async def test_F5_a_probe_that_may_change_something_is_left_out(tmp_path: Path) -> None:
    found = await prepared(tmp_path, recorded(probes=(LIST_USERS, DELETE)))
    assert found.draft.probes == (LIST_USERS,)
    assert any("DELETE /api/Users/1 is left out" in note for note in found.notes)


async def test_F5_a_probe_that_the_environment_names_is_asked(tmp_path: Path) -> None:
    environment = replace(ENVIRONMENT, endpoints=(DELETE,))
    found = await prepared(tmp_path, recorded(probes=(LIST_USERS, DELETE)), environment)
    assert found.draft.probes == (LIST_USERS, DELETE)
    assert not any("left out" in note for note in found.notes)


@pytest.mark.parametrize("recorded_with", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
async def test_C7_a_recording_does_not_switch_verification_off(
    tmp_path: Path, recorded_with: bool, wanted: bool
) -> None:
    environment = replace(ENVIRONMENT, verify_tls=wanted)
    found = await prepared(tmp_path, recorded(verify_tls=recorded_with), environment)
    assert found.draft.verify_tls is wanted
    assert any("certificates" in note for note in found.notes) is (recorded_with is not wanted)
