"""The configuration file: what is wrong with it is said in a sentence, and it is written as secrets' neighbours are (F2, F4)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from airisk_tui.engine.config.environments import (
    DIALECT_FIELDS,
    ConfigurationError,
    changed_fields,
    environment_from,
    read_configuration,
    remove_environment,
    set_default,
    table_of,
    with_fields,
    write_environment,
)
from airisk_tui.oauth.dialect import AIRISK, STANDARD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('default = ["x"]', "`default` names"),
        ("default = { x = 1 }", "`default` names"),
        ('[environments.x]\ndialect = ["airisk"]', "`dialect` must be one of airisk, standard"),
        ("[environments.x]\ndialect = { name = 'airisk' }", "`dialect` must be one of airisk, standard"),
        ("[environments.x.fields]\npkce = [true]", "`fields.pkce` must be of type bool"),
        ("[environments.x.fields]\nclient_auth = ['basic']", "`fields.client_auth` must be of type str"),
        ("[environments.x]\nencoding = ['json']", "`encoding` must be"),
    ],
)
def test_F4_a_list_where_a_text_belongs_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=words):
        read_configuration(path)


VALUES: dict[str, str | bool] = {"base_url": "https://staging.example", "client_id": "demo-app"}


def test_F2_the_folders_above_a_new_configuration_are_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.toml"
    before = os.umask(0)
    try:
        write_environment(path, "staging", VALUES)
    finally:
        os.umask(before)
    modes = [place.stat().st_mode & 0o777 for place in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert [place.name for place in path.parent.iterdir()] == ["config.toml"]
    assert read_configuration(path).environments["staging"].client_id == "demo-app"


@pytest.mark.parametrize("blocked", ["a file in the place of the folder", "a disk that is full"])
def test_F2_a_configuration_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocked: str
) -> None:
    path = tmp_path / "folder" / "config.toml"
    if blocked == "a disk that is full":
        write_environment(path, "staging", VALUES)
        old = path.read_text()
        monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    else:
        path.parent.write_text("")
    with pytest.raises(ConfigurationError, match=r"cannot be (read|written): .+\.$"):
        write_environment(path, "another", VALUES)
    if blocked == "a disk that is full":
        assert path.read_text() == old
        with pytest.raises(ConfigurationError, match="cannot be written"):
            remove_environment(path, "staging")
        assert len(list(path.parent.iterdir())) == 1


def test_an_own_endpoint_takes_the_place_of_a_documented_one_and_the_list_may_be_its_own_alone() -> None:
    own = {"path": "/api/GetConversations", "generic": "allowed", "user_specific": "allowed"}
    changed = environment_from("staging", {"endpoints": [own]})
    assert [(one.path, one.generic) for one in changed.endpoints] == [
        ("/api/Users/ListUsers", "allowed"),
        ("/api/GetConversations", "allowed"),
    ]
    alone = environment_from("staging", {"endpoints": [own], "documented_endpoints": False})
    assert [one.path for one in alone.endpoints] == ["/api/GetConversations"]
    for environment in (changed, alone, environment_from("staging", {"documented_endpoints": False})):
        assert environment_from("staging", table_of(environment)) == environment


def test_the_default_is_set_before_the_first_table_or_in_its_place_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    tables = "# mine\n[environments.one]\nclient_id = 'a'\n[environments.two]\nclient_id = 'b'\n"
    path.write_text(tables)
    set_default(path, "two")
    assert path.read_text() == f'default = "two"\n\n{tables}'
    set_default(path, "one")
    assert path.read_text() == f'default = "one"\n\n{tables}'
    with pytest.raises(ConfigurationError, match="“three” cannot be the default: there is no such environment"):
        set_default(path, "three")
    assert read_configuration(path).default == "one"
    path.unlink()
    set_default(path, "sandbox")
    assert path.read_text().strip() == 'default = "sandbox"'


def test_each_name_of_a_dialect_can_be_changed_and_all_at_once() -> None:
    others = {name: "x" if getattr(STANDARD, name) is None else getattr(STANDARD, name) for name in DIALECT_FIELDS}
    changed = with_fields("There", AIRISK, others)
    assert {name: getattr(changed, name) for name in DIALECT_FIELDS} == others and changed.name == AIRISK.name
    differing = {name: value for name, value in others.items() if value != getattr(AIRISK, name)}
    assert changed_fields(changed) == differing and len(differing) > 3
    assert changed_fields(AIRISK) == changed_fields(STANDARD) == {}
