"""Another client imitated: what a curl command would send is read off curl itself, and the recipe sends it byte for byte."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.known import Host
from airisk_tui.flow.requests import token_request
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.edit import Edit
from airisk_tui.oauth.planned import Rendered, rendered
from airisk_tui.oauth.secret import SecretView
from airisk_tui.recording.recipe import recipe_of
from airisk_tui.recording.written import Unreadable, WrittenRequest, requests_in
from airisk_tui.redaction.inputs import sealed_start
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.likeness import CODE_VIEW, likeness
from tests.headless.conftest import Ran
from tests.headless.recorded import SANDBOX

Command = Callable[..., Ran]

BASE = Draft(environment="other", base_url="", client_id="", redirect_uri="http://127.0.0.1:8765/callback")

COMMANDS = {
    "multipart of an integrator": "curl -X POST URL/api/oauth2/Token -F client_id=abc123 -F 'client_secret=s3cret' -F code=Splxl",
    "of a browser": (
        "curl 'URL/api/oauth2/Token' -H 'accept: application/json' -H 'X-Api-Version: 2' \\\n"
        "  --data-raw $'code=Splxl&client_id=abc123&client_secret=s3cret&redirect_uri=http://localhost:8081/cb\\u0021'"
    ),
    "of documentation": (
        "curl -u 'abc123:s3cret' -d grant_type=authorization_code -d code=Splxl --data-urlencode 'redirect_uri=http://h/a b' "
        "URL/oauth/token"
    ),
    "JSON": """curl --json '{"code":"Splxl","client_id":"abc123","client_secret":"s3cret"}' URL/api/oauth2/Token -A mine -b a=b""",
    "of Postman": (
        "curl --location 'URL/api/oauth2/Token' --header 'Content-Type: application/x-www-form-urlencoded' "
        "--data-urlencode 'client_id=abc123' --data-urlencode 'code=Splxl' --data-urlencode 'client_secret=s3cret'"
    ),
    "with what curl adds left out": "curl -H 'Accept:' -H 'User-Agent:' -d code=Splxl -d client_secret=s3cret URL/api/oauth2/Token",
}


def heard(script: str) -> tuple[bytes, str]:
    """What curl sends, and the command with the address of the server that heard it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = script.replace("URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        came: list[bytes] = []

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                data = b""
                while b"\r\n\r\n" not in data:
                    data += connection.recv(65536)
                length = int((re.search(rb"(?i)content-length: (\d+)", data) or [0, 0])[1])
                while len(data.partition(b"\r\n\r\n")[2]) < length:
                    data += connection.recv(65536)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                came.append(data)

        thread = threading.Thread(target=serve)
        thread.start()
        subprocess.run(["bash", "-c", script], check=True, capture_output=True, timeout=20)
        thread.join(20)
    return came[0], script


def wire(method: str, url: str, headers: tuple[tuple[str, str], ...], content: bytes) -> bytes:
    target = "/" + url.split("/", 3)[3]
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + content


def aside(data: bytes) -> bytes:
    """Without what differs from one curl to the next: its version, and the boundary that it makes up."""
    found = re.search(rb"boundary=(\S+)", data)
    data = data.replace(found[1], b"BOUNDARY") if found else data
    data = re.sub(rb"curl/[\d.]+", b"curl/N", data)
    return re.sub(rb"(?i)content-length: \d+", b"Content-Length: N", data) if found else data


def imitated(requests: tuple[WrittenRequest, ...]) -> Rendered:
    """The token request of the draft, with the code and the secret that the client had."""
    draft = likeness(requests, BASE).draft
    sealer = Sealer(bytes(32))
    inputs, _ = sealed_start(draft.to(state=None), draft.known(Host()), sealer)
    raw = {CODE_VIEW.fingerprint: "Splxl"}

    def reveal(piece: str | SecretView) -> str:
        if isinstance(piece, str):
            return sealer.own(piece, None)
        return raw.get(piece.fingerprint) or sealer.release(piece, None)

    return rendered(token_request(FlowState().to(inputs=inputs, code=CODE_VIEW), inputs), reveal)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("script", COMMANDS.values(), ids=COMMANDS.keys())
def test_the_bytes_are_those_that_curl_sends(script: str) -> None:
    came, script = heard(script)
    requests = requests_in(script.encode())
    (one,) = requests
    assert aside(wire(one.method, one.url, one.headers, one.content)) == aside(came)
    sent = imitated(requests)
    assert aside(wire(sent.method, sent.url, sent.headers, sent.content)) == aside(came)


def test_raw_http_is_sent_as_it_stands() -> None:
    raw = b"POST /api/oauth2/Token HTTP/1.1\r\nhost: h.example\r\nX-b: 1\r\ncontent-length: 31\r\n\r\ncode=Splxl&client_secret=s3cret"
    sent = imitated(requests_in(raw))
    assert wire(sent.method, sent.url, sent.headers, sent.content) == raw
    assert sent.url == "https://h.example/api/oauth2/Token"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "neither a curl command"),
        ("POST /x HTTP/1.1\n\ncode=1", "nobody knows where it goes"),
        ("curl -d @file http://h/", "from a file"),
        ("curl --mystery http://h/", "--mystery"),
        ("curl 'http://h/", "quotes that do not end"),
        ("curl http://h/", "none of its requests"),
    ],
)
def test_what_cannot_be_imitated_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        likeness(requests_in(text.encode()), BASE)


@pytest.mark.parametrize("form", ["curl", "har"])
def test_what_the_program_exports_is_read_as_the_same(command: Command, tmp_path: Path, form: str) -> None:
    command(*SANDBOX, "--userid", "user_42")
    (tmp_path / "plain").write_text(command("export", "last", "--as", form).out)
    assert "edits" not in command("like", str(tmp_path / "plain")).out
    changes = (
        "--body",
        "json",
        "--add",
        "token.body.a=b c",
        "--omit",
        "token.header.User-Agent",
        "--set",
        "token.header.X=1",
    )
    command(*SANDBOX, *changes)
    (tmp_path / "changed").write_text(command("export", "last", "--as", form).out)
    ran = command("like", str(tmp_path / "changed"), "--json")
    changed = {row["part"] for row in ran.json["departures"]}
    assert changed == {"token.body.a", "token.header.X", "token.header.User-Agent"}


def test_no_secret_is_written_into_a_recipe(command: Command, tmp_path: Path) -> None:
    (tmp_path / "c").write_text(
        "curl http://h/api/oauth2/Token -H 'Cookie: session=hush-hush-1' -H 'Authorization: Bearer hush-hush-2' "
        "-d code=hush-hush-3 -d client_secret=hush-hush-4"
    )
    ran = command("like", str(tmp_path / "c"))
    assert "hush" not in ran.out + ran.err
    assert ran.out.count("left out, because its value is a secret") == 2


EDITS = st.builds(
    Edit,
    st.sampled_from(["authorization", "token", "probe"]),
    st.sampled_from(["param", "header", "body"]),
    st.text(st.characters(exclude_characters="=*", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5),
    st.sampled_from(["set", "add"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@given(st.lists(EDITS, max_size=4).map(tuple), st.sampled_from(["form", "json", "multipart"]), st.booleans())
def test_a_recipe_is_read_as_the_inputs_that_it_was_made_of(
    edits: tuple[Edit, ...], encoding: str, sends: bool
) -> None:
    import tempfile

    from airisk_tui.headless.recipe import with_recipe
    from airisk_tui.headless.suite import options_of, read_suite

    draft = BASE.to(
        base_url="https://h.example", client_id="a b", encoding=encoding, edits=edits, state="s" if sends else None
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.toml"
        path.write_bytes(recipe_of(draft, "one").encode())
        (check,) = read_suite(path)
        assert with_recipe(["--recipe", str(path), "--mode", "direct"])[-1] == "direct"
    given_options = vars(check.options)
    assert given_options.get("edits", ()) == edits
    assert given_options.get("encoding", "form") == encoding
    assert ("state" in given_options) is not sends
    assert options_of("run", {}) is not None
