"""The secret of an environment keeps its bounds on the way through the form (threats.md F8)."""

from __future__ import annotations

from airisk_tui.engine.draft import Draft
from airisk_tui.oauth.secret import Secret
from airisk_tui.tui.run.drafting import draft_of
from airisk_tui.tui.run.form import FormValues

KEPT = Secret("of the keyring", frozenset({"https://a.example.com:443"}))
BASE = Draft(
    environment="a",
    base_url="https://a.example.com",
    client_id="x",
    redirect_uri="http://localhost/",
    client_secret=KEPT,
)


def values(**changes: str) -> FormValues:
    """What the form holds."""
    return FormValues("a", {"base_url": "https://b.example.com", **changes})


def test_F8_a_kept_secret_stays_bound_though_the_base_url_is_edited() -> None:
    assert draft_of(values(client_secret="of the keyring"), BASE).client_secret is KEPT


def test_F8_a_secret_that_is_typed_goes_where_the_person_typed_it_for() -> None:
    typed = draft_of(values(client_secret="another"), BASE).client_secret
    assert typed is not None and typed.origins is None
