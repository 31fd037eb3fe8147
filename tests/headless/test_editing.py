"""Requests that a person breaks on purpose: the first finding is about the person, the replay and the rerun have the changes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.headless.conftest import Ran
from tests.headless.recorded import SANDBOX

Command = Callable[..., Ran]

BROKEN = {
    "a field left out": ("--omit", "token.body.redirect_uri"),
    "the client left out": ("--omit", "token.body.client_id"),
    "another code": ("--set", "token.body.code=another"),
    "the code twice": ("--add", "token.body.code=another"),
    "another secret": ("--set", "token.body.client_secret=wrong"),
    "another address": ("--set", "token.url={host}/nowhere"),
    "another method": ("--set", "token.method=PUT"),
    "a wrong content type": ("--set", "token.header.Content-Type=text/plain"),
    "a body of one's own": ("--set", "token.body=hello"),
    "everything left out": ("--omit", "token.body.*"),
    "a redirect URI in step 1": ("--set", "authorization.param.redirect_uri=http://127.0.0.1:1/other"),
    "a state that did not come": ("--set", "redirect.param.state=forged"),
    "a header that cannot be sent": ("--set", "token.header.X=a\nb"),
}
"""What is changed, by what a person would call it."""


@pytest.mark.parametrize("edit", BROKEN.values(), ids=BROKEN.keys())
def test_the_first_finding_is_about_what_the_person_changed(command: Command, edit: tuple[str, str]) -> None:
    option, text = edit
    ran = command(*SANDBOX, option, text.replace("{host}", "http://127.0.0.1:9"), "--json")
    assert ran.code != 0
    errors = [finding for finding in ran.json["findings"] if finding["severity"] == "error"]
    assert [finding["code"] for finding in errors] == ["you-changed"]
    target = text.partition("=")[0]
    undone = [step["edit"] for step in errors[0]["fix_steps"] if step["kind"] == "undo"]
    assert undone == [f"{option.removeprefix('--')} {target}"]


def test_what_the_person_did_not_change_is_not_blamed_on_them(command: Command) -> None:
    harmless = command(*SANDBOX, "--set", "token.header.X-Trace=1", "--json")
    assert (harmless.code, "you-changed" in str(harmless.json["findings"])) == (0, False)
    late = command(*SANDBOX, "--omit", "probe.header.Accept", "--fault", "code-expired", "--json")
    assert late.json["findings"][0]["code"] == "code-refused"
    beside = command(*SANDBOX, "--set", "token.header.X-Trace=1", "--fault", "code-expired", "--json")
    first = beside.json["findings"][0]
    assert (first["code"], first["certainty"]) == ("you-changed", "likely")
    assert "The change has no part in it." in first["runner_up"]


def test_a_rerun_changes_the_same_and_no_secret_is_written(command: Command, home: Path) -> None:
    edits = ("--set", "token.header.X={client_secret}", "--set", "token.body.client_secret=quite-another-one")
    first = command(*SANDBOX, *edits, "--json")
    again = command("replay", "last", "--against", "sandbox", "--json")
    assert again.code == 10, "the other secret is sealed, so that the file does not hold it"
    assert "The edit --set token.body.client_secret is left out" in again.err
    written = Path(first.json["recording"]).read_text()
    assert "quite-another-one" not in written and "{client_secret}" in written
    command(*SANDBOX, "--omit", "token.body.redirect_uri")
    again = command("replay", "last", "--against", "sandbox", "--json")
    assert (again.code, again.json["differences"]) == (0, [])
    assert again.json["runs"]["live"]["findings"][0]["code"] == "you-changed"


@pytest.mark.parametrize("form", ["curl", "python", "har", "markdown", "html", "json", "recipe"])
def test_every_change_stands_in_the_replay_and_in_every_export(command: Command, form: str) -> None:
    edits = (
        "add authorization.param.a=1",
        "set redirect.param.b=2",
        "omit token.header.Accept",
        "set probe.header.C=3",
    )
    options = [part for edit in edits for part in (f"--{edit.partition(' ')[0]}", edit.partition(" ")[2])]
    assert command(*SANDBOX, *options, "--set", "token.body.client_secret=quite-another").code != 0
    text = command("export", "last", "--as", form).out
    if form == "json":
        sent = [
            f"{e.get('action', 'set')} {e['step']}.{e['place']}.{e['name']}"
            for e in json.loads(text)["events"][0]["inputs"]["edits"]
        ]
        assert sent == [*(edit.partition("=")[0] for edit in edits), "set token.body.client_secret"]
    else:
        assert [edit for edit in edits if edit not in text] == []
    assert "token.body.client_secret" in text or form == "json"
    told = command("replay", "last").err
    assert (
        "Changed in the token request: the header “Accept” was left out; the field “client_secret” was set to “‹"
        in told
    )
    assert "quite-another" not in text + told


def test_an_edited_call_is_made_again_by_a_rerun_and_by_a_recipe(command: Command, tmp_path: Path) -> None:
    called, edit = "GET /api/Users/ListUsers", ("--omit", "probe.header.Authorization")
    first = command(*SANDBOX, "--call", called, *edit, "--json")
    assert [(each["endpoint"], each["status"]) for each in first.json["access"]] == [(called, 401)]
    assert first.json["findings"][0]["code"] == "you-changed"
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(command("export", "last", "--as", "recipe").out)
    rerun = command("replay", "last", "--against", "sandbox", "--json").json
    again = command("run", "--recipe", str(recipe), "--json").json
    for run in (rerun["runs"]["live"], again):
        assert run["access"] == first.json["access"] and run["findings"][0]["code"] == "you-changed"
    assert rerun["differences"] == []
    refused = command(*SANDBOX, "--call", "DELETE /api/Users/ListUsers")
    assert refused.code == 2 and "may change something" in refused.err


def test_a_held_run_takes_lines(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"omit body.redirect_uri\nnonsense\nset body\nset body.code=x\nundo\n\n")
    os.close(writing)
    with os.fdopen(reading) as stdin, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        ran = command(*SANDBOX, "--hold", "token", "--json")
    assert ran.json["findings"][0]["code"] == "you-changed"
    assert "Note: The token request needs redirect_uri (RFC 6749 §4.1.3)." in ran.err
    assert "body.code=x" in ran.err
    nobody = command(*SANDBOX, "--hold")
    assert nobody.code == 2 and "--hold needs somebody" in nobody.err


def test_raw_bodies_and_what_cannot_be_read(command: Command, tmp_path: Path) -> None:
    body = "code={code}&client_id={client_id}&client_secret={client_secret}&redirect_uri={redirect_uri}"
    (tmp_path / "body").write_text(body)
    assert command(*SANDBOX, "--body", f"raw:{tmp_path / 'body'}").code == 0
    assert command(*SANDBOX, "--body", "multipart").code == 0
    for option, text in (
        ("--body", "xml"),
        ("--body", "raw:/nowhere"),
        ("--set", "token.body.x"),
        ("--hold", "nothing"),
    ):
        refused = command(*SANDBOX, option, text)
        assert refused.code == 2 and option in refused.err


def test_every_request_of_an_issuers_run_is_held_by_itself(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"\n" * 4 + b"set header.Authorization=Bearer no\n\nomit body.token\n" + b"\n" * 8)
    os.close(writing)
    with os.fdopen(reading) as stdin, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        ran = command("run", "--env", "sandbox-standard", "--mode", "direct", "--then", "--hold", "--json")
    held = list(dict.fromkeys(re.findall(r"Held before (.*) is", ran.err)))
    assert held == [
        "the request for the metadata",
        "the authorization request",
        "the redirect",
        "the token request",
        "the userinfo request",
        "the introspection request",
        "the refresh request",
        "the revocation request",
    ]
    assert "This request needs token (RFC 7662 §2.1)" in ran.err
    finding = ran.json["findings"][0]
    assert (finding["code"], ran.json["outcome"]) == ("you-changed", "access-refused")
    undone = {step["edit"] for step in finding["fix_steps"] if step["kind"] == "undo"}
    assert undone == {"set userinfo.header.Authorization", "omit introspect.body.token"}


def test_of_many_changes_the_one_that_the_server_names_comes_first_and_alone_is_to_take_back(command: Command) -> None:
    harmless = [part for name in "abcd" for part in ("--add", f"token.body.{name}=1")]
    secret = command(*SANDBOX, "--set", "token.body.client_secret=no", "--json")
    assert "client_secret” was set to “‹client secret · 2 characters" in secret.json["findings"][0]["title"].replace(
        "‹secret", "‹client secret"
    )
    ran = command(*SANDBOX, *harmless, "--set", "token.body.redirect_uri=nonsense", "--json")
    finding = ran.json["findings"][0]
    assert finding["title"].startswith(
        "You changed what was sent: in the token request, the field “redirect_uri” was set"
    )
    assert [step["edit"] for step in finding["fix_steps"] if step["kind"] == "undo"] == ["set token.body.redirect_uri"]
    report = command("export", "last", "--as", "markdown").out
    page = command("export", "last", "--as", "html").out
    for part in ("add token.body.a=1", "set token.body.redirect_uri=nonsense"):
        assert f"- `{part}`" in report and f"<code>{part}</code>" in page
