"""FLOW is the same everywhere (command-line.md): every option changes the same thing for `run` and for the screen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from airisk_tui.engine.config.environments import DIALECT_FIELDS, Environment
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.run import Run
from airisk_tui.flow.start.fields import FIELDS, INPUTS, KEPT
from airisk_tui.flow.start.inputs import ClientAuthChoice, Mode, PkceChoice, ResponseMode
from airisk_tui.headless.flow.options import add_flow_options
from airisk_tui.oauth.answer.endpoints import Endpoint
from airisk_tui.oauth.dialect import DIALECTS, Encoding
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.request.mistakes import Field
from airisk_tui.oauth.secret import Secret
from airisk_tui.session.session import Session
from airisk_tui.tui.options import AppOptions
from tests.headless.conftest import Ran

Command = Callable[..., Ran]
Drafts = Callable[..., tuple[Draft, Draft]]

CONFIGURED = """
[environments.staging]
base_url = "https://staging.example.com"
client_id = "configured"
userid = "user_1"
"""

OPTIONS: dict[str, tuple[tuple[str, ...], str, Any]] = {
    "--env": (("staging",), "environment", "staging"),
    "--base-url": (("https://a.example.com",), "base_url", "https://a.example.com"),
    "--client-id": (("abc123",), "client_id", "abc123"),
    "--redirect-uri": (("http://127.0.0.1:9/cb",), "redirect_uri", "http://127.0.0.1:9/cb"),
    "--listen": (("127.0.0.1:9000",), "listen", "127.0.0.1:9000"),
    "--listen-publicly": ((), "listen_publicly", True),
    "--issuer": (("https://i.example.com",), "issuer", "https://i.example.com"),
    "--scope": (("a b",), "scope", "a b"),
    "--client-auth": (("post",), "client_auth", "post"),
    "--client-key": (("FILE",), "client_key", "FILE"),
    "--then": (("userinfo,revoke",), "then", ("userinfo", "revoke")),
    "--call": (("GET /api/a",), "probes", (Endpoint("GET", "/api/a"),)),
    "--pkce": (("on",), "pkce", "on"),
    "--par": (("on",), "par", "on"),
    "--nonce": (("mine",), "nonce", "mine"),
    "--response-mode": (("form_post",), "response_mode", "form_post"),
    "--userid": (("user_42",), "userid", "user_42"),
    "--state": (("mine",), "state", "mine"),
    "--body": (("json",), "encoding", "json"),
    "--timeout": (("7",), "timeout", 7.0),
    "--param": (("prompt=login",), "params", Params((("prompt", "login"),))),
    "--token-param": (("scope=all",), "token_params", Params((("scope", "all"),))),
    "--field": (("token=access_code",), "dialect.token", "access_code"),
    "--set": (("token.body.code=x=1",), "edits", (Edit("token", "body", "code", "set", "x=1"),)),
    "--omit": (("probe.header.Accept",), "edits", (Edit("probe", "header", "Accept", "omit"),)),
    "--add": (("authorization.param.a.b=",), "edits", (Edit("authorization", "param", "a.b", "add", ""),)),
    "--hold": (("token,probes",), "hold", ("token", "probe")),
    "--carry-cookies": ((), "carry_cookies", True),
    "--no-exchange": ((), "exchange", False),
    "--insecure": ((), "verify_tls", False),
    "--ca-file": (("/etc/ssl/own.pem",), "ca_file", "/etc/ssl/own.pem"),
    "--env-file": (("FILE",), "client_secret", Secret("of the file")),
    "--client-secret-stdin": ((), "client_secret", Secret("of stdin")),
}
"""Each option: what is written behind it, the field of the draft that it changes, and the value there."""

RECORDING = {"--record", "--no-record", "--include-secrets"}


@pytest.fixture
def drafts(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: Command, screen: Callable[..., AppOptions], tmp_path: Path
) -> Drafts:
    """The draft that `run` starts, and the one that the screen fills its form with, for the same options."""
    (tmp_path / "FILE").write_text("CLIENT_SECRET=of the file\n")
    monkeypatch.chdir(tmp_path)
    home.mkdir()
    (home / "config.toml").write_text(CONFIGURED)

    class Started(Exception):
        pass

    def both(*arguments: str) -> tuple[Draft, Draft]:
        started: list[Draft] = []

        async def follow(session: Session, draft: Draft, **_: object) -> Run:
            started.append(draft)
            raise Started

        typed = argparse.Namespace(readline=lambda limit: "of stdin\n", isatty=lambda: False)
        with monkeypatch.context() as patch:
            patch.setattr("airisk_tui.headless.run.follow", follow)
            patch.setenv("DISPLAY", ":0")  # the screen chooses the mode of a machine without one when a run starts
            patch.setattr("sys.stdin", typed)
            patch.setattr("getpass.getpass", lambda prompt, stream: "of stdin")
            command("run", *arguments)
            options = screen(*arguments)
        session = options.make_session() if options.make_session else Session()
        shown = session.draft(options.environment or "other", options.overrides)
        return started[0].to(state=started[0].state and "s"), shown.to(state=shown.state and "s")

    return both


def value(draft: Draft, path: str) -> Any:
    for name in path.split("."):
        draft = getattr(draft, name)
    return draft


def test_the_table_holds_every_option_of_flow() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_flow_options(parser)
    assert {name for action in parser._actions for name in action.option_strings} == OPTIONS.keys() | RECORDING


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_changes_the_same_in_run_and_in_the_screen(drafts: Drafts, option: str) -> None:
    words, field, wanted = OPTIONS[option]
    base = () if option == "--env" else ("--env", "staging")
    run, screen = drafts(*base, option, *words)
    if option == "--state":
        assert (run.state, screen.state) == ("s", "s")
    else:
        assert (value(run, field), value(screen, field)) == (wanted, wanted)
    assert run == screen


def test_a_state_of_ones_own_and_none(screen: Callable[..., AppOptions]) -> None:
    assert screen("--state", "mine").overrides["state"] == "mine"
    assert screen("--state", "none").overrides["state"] is None


@pytest.mark.parametrize("name", sorted(DIALECT_FIELDS))
def test_every_field_of_the_dialect_can_be_changed(drafts: Drafts, name: str) -> None:
    words = {"pkce": "true", "client_auth": "basic"}.get(name, "other")
    run, screen = drafts("--env", "staging", "--field", f"{name}={words}")
    assert run == screen
    assert run.dialect != Draft(environment="", base_url="", client_id="", redirect_uri="").dialect


def test_an_env_file_blanks_nothing_that_it_does_not_name(drafts: Drafts) -> None:
    for draft in drafts("--env", "staging", "--env-file", "FILE"):
        assert (draft.client_id, draft.userid, draft.client_secret) == ("configured", "user_1", Secret("of the file"))


def test_the_env_file_comes_before_the_configuration_and_behind_a_flag(drafts: Drafts, tmp_path: Path) -> None:
    (tmp_path / "FILE").write_text("CLIENT_ID=of_the_file\nUSER_ID=user_7\nCLIENT_SECRET=x\n")
    for draft in drafts("--env", "staging", "--env-file", "FILE", "--userid", "user_42"):
        assert (draft.client_id, draft.userid, draft.client_secret) == ("of_the_file", "user_42", Secret("x"))


def test_the_variable_comes_before_the_env_file(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", "of the variable")
    for draft in drafts("--env", "staging", "--env-file", "FILE"):
        assert draft.client_secret == Secret("of the variable")


@pytest.mark.parametrize("wrong", [("--param", "x"), ("--field", "x=y"), ("--env-file", "none"), ("--env", "none")])
def test_what_cannot_be_meant_is_told_before_a_screen_opens(
    command: Command, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    monkeypatch.setattr("airisk_tui.tui.app.run_app", lambda options: pytest.fail("The screen opened."))
    assert command(*wrong).code == 2
    assert command("run", *wrong, "--json").json["outcome"] == "usage"


@pytest.mark.parametrize("option", sorted(RECORDING))
async def test_the_recording_options_hold_in_the_screen(
    screen: Callable[..., AppOptions], tmp_path: Path, option: str
) -> None:
    words = {"--record": (str(tmp_path / "x.jsonl"),)}.get(option, ())
    options = screen(option, *words)
    assert options.make_session is not None
    session = options.make_session()
    try:
        await session.ready("sandbox")
        run = session.start(session.draft("sandbox", {"mode": "direct"}))
        await run.finished()
    finally:
        await session.aclose()
    path = str(run.recording)
    wanted = {"--record": str(tmp_path / "x.jsonl"), "--no-record": "None"}
    assert path == wanted[option] if option in wanted else path.endswith("-with-secrets.jsonl")


def test_every_field_of_a_draft_that_is_the_persons_choice_has_an_option() -> None:
    chosen = {field.partition(".")[0] for _, field, _ in OPTIONS.values()}
    of_the_environment = {"registered", "clients", "users", "ca_file"}
    made_at_the_start = {"challenge"}
    others = {*Draft.__struct_fields__} - chosen - of_the_environment - made_at_the_start
    assert others == {"mode", "bearer"}


def test_the_table_of_inputs_names_fields_of_a_draft_and_their_values() -> None:
    names = {field.name for field in INPUTS}
    assert names - {*Draft.__struct_fields__} == {
        "fields",
        "endpoints",
        "documented_endpoints",
        "omitted",
        "added",
    }
    assert {field.name for field in KEPT} - {"fields", "documented_endpoints"} <= set(Environment.__struct_fields__)
    allowed = {
        "mode": Mode,
        "encoding": Encoding,
        "client_auth": ClientAuthChoice,
        "pkce": PkceChoice,
        "response_mode": ResponseMode,
    }
    assert {name: FIELDS[name].choices for name in allowed} == {name: get_args(kind) for name, kind in allowed.items()}
    assert FIELDS["dialect"].choices == tuple(DIALECTS)
    assert set(get_args(Field)) <= names


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("run --field no-mark", "--field expects NAME=VALUE, and “no-mark” is not; "),
        ("run --param no-mark", "--param expects NAME=VALUE, and “no-mark” is not; "),
        ("run --token-param =x", "--token-param expects NAME=VALUE, and “=x” is not; "),
        (
            "environments add a --base-url https://a.example.com --field x",
            "--field expects NAME=VALUE, and “x” is not; ",
        ),
        ("run --env=", "--env expects the name of an environment, and it is empty; "),
        ("run --env-file=", "--env-file expects the path of a .env file, and it names none; "),
    ],
)
def test_the_sentence_names_the_option_that_is_wrong(command: Command, words: str, sentence: str) -> None:
    ran = command(*words.split())
    assert ran.code == 2
    assert ran.err.startswith(sentence)


@pytest.mark.parametrize(
    "words",
    [
        "run --env sandbox --mode direct --record",
        "run --env",
        "run --env-file",
        "run --body",
        "replay",
        "recordings show",
        "recordings delete",
        "recordings import",
        "export",
        "export last --as har -o",
        "sandbox --from",
        "environments add far --base-url https://a.example.com --client-id abc123 --ca-file",
    ],
)
def test_a_name_that_is_too_long_for_the_system_gets_a_sentence_that_can_be_read(command: Command, words: str) -> None:
    more = ("--as", "har") if words == "export" else ()
    ran = command(*words.split(), "x" * 10_240, *more)
    assert ran.code == 2
    assert ran.err.endswith(".\n")
    assert len(ran.err) < 600


def test_a_recording_in_a_file_instead_of_a_folder_is_refused_before_the_run(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = command("run", "--env", "sandbox", "--mode", "direct", "--record", str(tmp_path / "file" / "run.jsonl"))
    assert (ran.code, ran.out) == (2, "")
    assert "Not a directory" in ran.err
