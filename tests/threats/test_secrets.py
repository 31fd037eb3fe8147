"""A dozen secrets, ten encodings, and every byte that leaves the program: files, streams, exports, the browser (F1)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.session.recordings.exporting import SUFFIXES
from tests.everyday import with_the_rest_in_ci
from tests.hostile.server import HostileServers
from tests.threats.conftest import Command
from tests.threats.leaky import ENCODINGS, Leaky, core, leaks

PLANTED = {
    "client secret": "planted/client+secret=1",
    "api key": "planted-api-key-4711",
    "token parameter": "planted-assertion-8812",
}
MORE = ("--param", f"api_key={PLANTED['api key']}", "--token-param", f"client_assertion={PLANTED['token parameter']}")
EXPORTS = tuple(SUFFIXES)

BROWSER = """#!{python}
import os, sys, urllib.request
with open({seen!r}, "w") as file:
    file.write("\\n".join([*sys.argv, *(f"{{name}}={{value}}" for name, value in os.environ.items())]))
urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(sys.argv[1]).read()
"""


@pytest.fixture
def secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", PLANTED["client secret"])


def told_again(command: Command, recording: str) -> Iterator[bytes]:
    """Everything that commands say of a recording."""
    name = Path(recording).name
    for form in EXPORTS:
        ran = command("export", name, "--as", form, "-o", f"export.{form}")
        yield ran.out + ran.err + command("export", name, "--as", form).out
    for arguments in (("replay", name), ("replay", name, "--json"), ("recordings", "show", name)):
        ran = command(*arguments)
        yield ran.out + ran.err
    yield command("recordings", "list", "--json").out


def nothing_leaked(server: Leaky, told: list[bytes], folder: Path, *, but: tuple[Path, ...] = ()) -> None:
    """No secret stands in what was told, nor in any file below the folder."""
    files = [path for path in folder.rglob("*") if path.is_file() and path not in but]
    assert any(path.suffix == ".jsonl" for path in files)
    assert {path.suffix[1:] for path in files} >= set(EXPORTS)
    for data in told:
        assert list(leaks(data, server.secrets)) == []
    for path in files:
        assert list(leaks(path.read_bytes(), server.secrets)) == [], path.name


def test_the_scan_finds_what_the_server_leaks() -> None:
    server = Leaky("token", PLANTED)
    server.known = set(server.secrets)
    found = set(leaks(server.echoes().encode(), server.secrets))
    assert found == {(name, encoding) for name in server.secrets for encoding in ENCODINGS}
    assert core("secret", "hex") == b"736563726574"


@pytest.mark.parametrize("how", ["token", "refused"])
@pytest.mark.parametrize("body", with_the_rest_in_ci(["form", "json"], ["form"]))
def test_F1_nothing_leaves_a_direct_run_behind_a_proxy(
    command: Command,
    secret: None,
    servers: HostileServers,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    how: str,
    body: str,
) -> None:
    server = Leaky(how, {**PLANTED, "proxy password": "planted-proxy-pass"})
    proxy = urlsplit(servers.serve(server.serve)).netloc
    monkeypatch.setenv("HTTP_PROXY", f"http://someone:planted-proxy-pass@{proxy}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    url = ("--base-url", "http://deployment.invalid", "--client-id", "app", "--body", body)
    ran = command("run", *url, *MORE, "--mode", "direct", "--redirect-uri", "http://127.0.0.1:1/callback", "--json")
    assert ran.json["outcome"] == {"token": "token", "refused": "token-refused"}[how], ran.err
    told = [ran.out + ran.err, *told_again(command, ran.json["recording"])]
    nothing_leaked(server, told, tmp_path)


def test_F1_a_password_in_a_url_is_refused_and_not_repeated(command: Command, secret: None, tmp_path: Path) -> None:
    url = ("--base-url", "http://me:planted-url-pass@deployment.invalid", "--client-id", "app")
    ran = command(
        "run", *url, "--mode", "direct", "--redirect-uri", "http://me:planted-url-pass@127.0.0.1:1/cb", "--json"
    )
    assert ran.json["outcome"] == "usage"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    assert list(leaks(ran.out + ran.err + written, {"password": "planted-url-pass"})) == []


def test_F1_nothing_leaves_a_run_in_a_browser_with_pkce(
    command: Command,
    secret: None,
    home: Path,
    servers: HostileServers,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    server = Leaky("token", PLANTED)
    home.mkdir()
    (home / "config.toml").write_text(
        f'[environments.leaky]\nbase_url = "{servers.serve(server.serve)}"\nclient_id = "app"\ndialect = "standard"\n'
        "[[environments.leaky.endpoints]]\n"
        'path = "/api/leak"\n'
    )
    seen, browser = tmp_path / "seen-by-the-browser", tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable, seen=str(seen)))
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    uri = f"http://127.0.0.1:{free_port()}/callback"
    ran = command("run", "--env", "leaky", "--redirect-uri", uri, *MORE, "--timeout", "10", "--json")
    assert ran.json["outcome"] == "token", ran.err
    assert "verifier" in server.secrets
    told = [ran.out + ran.err, *told_again(command, ran.json["recording"])]
    server.known = set(PLANTED)
    compared = command("compare", "--env", "leaky", "--redirect-uri", uri, "--userid", "user_42", *MORE, "--json")
    told.append(compared.out + compared.err)
    nothing_leaked(server, told, tmp_path, but=(seen,))
    # The extra parameter is a part of the URL that the person asked to open; nothing else may reach the child.
    in_the_child = {name for name, _ in leaks(seen.read_bytes(), server.secrets)}
    assert in_the_child == {"api key"}


def test_F1_F2_the_one_file_that_was_asked_to_hold_secrets_says_so_and_is_its_owners(
    command: Command, secret: None, servers: HostileServers, tmp_path: Path
) -> None:
    server = Leaky("token", PLANTED)
    url = ("--base-url", servers.serve(server.serve), "--client-id", "app", "--redirect-uri", "http://127.0.0.1:1/cb")
    ran = command("run", *url, *MORE, "--mode", "direct", "--include-secrets", "--json")
    path = Path(ran.json["recording"])
    assert path.stem.endswith("-with-secrets")
    assert path.stat().st_mode & 0o777 == 0o600
    assert ("access token", "as it is") in leaks(path.read_bytes(), server.secrets)
    assert list(leaks(ran.out + ran.err, server.secrets)) == []
    for form in EXPORTS:
        assert list(leaks(command("export", path.name, "--as", form).out, server.secrets)) == []
