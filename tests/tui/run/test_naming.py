"""What stands in the form is kept under a name, and read back as it was."""

from __future__ import annotations

from msgspec.structs import replace

from airisk_tui.engine.config.environments import Environment, environment_from, table_of
from airisk_tui.oauth.answer.endpoints import DOCUMENTED, Endpoint
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.session.session import Session


def test_what_is_written_is_read_back_as_it_was() -> None:
    environment = Environment(
        name="staging",
        base_url="https://airisk.example.com",
        client_id="abc",
        encoding="json",
        dialect=replace(STANDARD, token="data.access_token"),
        registered=("https://localhost/callback",),
        endpoints=(*DOCUMENTED, Endpoint("DELETE", "/api/x", "refused", "allowed")),
        verify_tls=False,
    )
    session = Session(environ={})
    session.environments["staging"] = environment
    values = table_of(session.draft("staging").as_environment("staging", environment.endpoints))
    assert environment_from("staging", values) == environment
