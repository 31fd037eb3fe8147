"""Another client imitated: what a curl command would send is read off curl itself, and the recipe sends it byte for byte."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from airisk_tui.engine.draft import Draft
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.requests import request_of
from airisk_tui.flow.start.known import Host
from airisk_tui.flow.state import FlowState
from airisk_tui.headless.like import files_beside
from airisk_tui.oauth.http import Body, Exchange, HttpRequest, HttpResponse
from airisk_tui.oauth.request.edit import Edit, literal
from airisk_tui.oauth.request.planned import Rendered, as_reference, rendered
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.recording.har.export import as_har
from airisk_tui.recording.recipe import recipe_of
from airisk_tui.recording.snippets.curl import as_curl
from airisk_tui.recording.written import Unreadable, WrittenRequest, requests_in
from airisk_tui.redaction.inputs import sealed_start
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.likeness import CODE_VIEW, likeness
from tests.headless.conftest import Ran
from tests.headless.recorded import SANDBOX
from tests.runs import BOUND, CODE, OPENED, SECRET, exchanged, good, started

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
    "files and types": (
        "curl URL/api/oauth2/Token -F code=Splxl -F 'client_secret=s3cret;type=text/plain' -F 'c=\"x;y\"' -F d=@body.txt -F e=@x.bin "
        "-F 'f=<body.txt' --form-string 'g=@no;type=x' -F 'h=@body.txt;filename=\"q.json\";type=application/json'"
    ),
    "a file without its line ends": (
        "curl -sd @body.txt -d code=Splxl --data-urlencode client_secret=s3cret --data-urlencode x@body.txt URL/a/../b?q"
    ),
    "a here-document": (
        "curl --data-binary @- URL/api/oauth2/Token -H 'X-a: 1' --oauth2-bearer t <<EOF\ncode=Splxl&client_secret=s3cret\nEOF"
    ),
    "a form of its own type": (
        "curl -F code=Splxl -H 'Content-Type: multipart/form-data' -H 'Host: h.example' URL/api/oauth2/Token"
    ),
    "with what curl adds left out": "curl -H 'Accept:' -H 'User-Agent:' -d code=Splxl -d client_secret=s3cret URL/api/oauth2/Token",
}


FILES = {"body.txt": b"a=1\nb=2\r\n", "x.bin": b"\x00\xff"}


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


def imitated(requests: tuple[WrittenRequest, ...], code: str = "Splxl", base: Draft = BASE) -> Rendered:
    """The token request of the draft, with the code and the secret that the client had."""
    draft = likeness(requests, base).draft
    sealer = Sealer(bytes(32))
    inputs, _ = sealed_start(draft.to(state=None), draft.known(Host()), sealer)
    raw = {CODE_VIEW.fingerprint: code}

    def reveal(piece: str | SecretView) -> str:
        if isinstance(piece, str):
            return sealer.filled(piece, None)
        return raw.get(piece.fingerprint) or sealer.release(piece, None)

    return rendered(request_of(FlowState().to(inputs=inputs, code=CODE_VIEW), inputs, "token"), reveal)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("script", COMMANDS.values(), ids=COMMANDS.keys())
def test_the_bytes_are_those_that_curl_sends(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    came, script = heard(script)
    requests = requests_in(script.encode(), files_beside(tmp_path / "script"))
    (one,) = requests
    assert aside(wire(one.method, one.url, one.headers, one.content)) == aside(came)
    sent = imitated(requests)
    assert aside(wire(sent.method, sent.url, sent.headers, sent.content)) == aside(came)


SHELLS = {
    "bash": (
        "curl 'https://h/t?a=1&b=2' \\\n  -H 'accept: */*' --data-raw $'code=1&client_secret=a%\"!\\'' ; echo done"
    ),
    "cmd": (
        'curl ^"https://h/t?a=1^&b=2^" ^\r\n  -H ^"accept: */*^" ^\r\n'
        '  --data-raw ^"code=1^&client_secret=a^%^\\^"^!\'^" & echo done'
    ),
    "PowerShell": (
        'PS C:\\> curl.exe "https://h/t?a=1&b=2" `\r\n -H "accept: */*" `\r\n'
        " --data-raw 'code=1&client_secret=a%\"!'''"
    ),
}


@pytest.mark.parametrize("text", SHELLS.values(), ids=SHELLS.keys())
def test_each_shell_is_read_by_its_own_quotes(text: str) -> None:
    (one,) = requests_in(text.encode())
    assert (one.method, one.url, one.content) == ("POST", "https://h/t?a=1&b=2", b"code=1&client_secret=a%\"!'")
    assert ("accept", "*/*") in one.headers


def test_variables_of_documentation_stand_for_what_the_run_has_and_others_are_named() -> None:
    text = (
        'curl -u "$CLIENT_ID:${CLIENT_SECRET}" -d "code=$CODE" -d x="$OTHER" -d "t=$(date)" https://h/api/oauth2/Token'
    )
    found = likeness(requests_in(text.encode()), BASE)
    values = {edit.target: edit.value for edit in found.draft.edits}
    assert values["token.header.Authorization"] == "Basic {basic}"
    assert values["token.body"] == "code={code}&x=$OTHER&t=$(date)"
    assert [note.split(",")[0] for note in found.notes[:2]] == [
        "What the variable OTHER holds is not known here",
        "What the variable $(date) holds is not known here",
    ]


PIECES = st.sampled_from(
    [
        "curl ",
        "-d ",
        "-F",
        "-H ",
        "'",
        '"',
        "$'",
        "\\",
        "^",
        "`",
        "\n",
        "<<E\n",
        "@",
        "http://h/api/oauth2/Token",
        "code=1",
        "$(",
        "${a",
        " ",
        ":",
        ";",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join))
def test_any_text_is_imitated_or_refused_in_words(text: str) -> None:
    for begin in ("curl ", "POST /x HTTP/1.1\nHost: h\n\n"):
        try:
            found = likeness(requests_in((begin + text).encode("utf-8", "surrogatepass")), BASE)
        except Unreadable:
            continue
        assert recipe_of(found.draft, "any")


def test_a_command_takes_no_file_from_elsewhere(command: Command, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("hush")
    for name in (str(tmp_path / "secret"), "../secret"):
        (tmp_path / "in" / "c").write_text(f"curl -d code=1 -d @{name} http://h/api/oauth2/Token")
        ran = command("like", str(tmp_path / "in" / "c"))
        assert (ran.code, "not in the folder of c" in ran.err) == (2, True)


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
        ("curl -d @file http://h/", "something from the file"),
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


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=8) | st.sampled_from(
    [
        "{code}",
        "{brace}",
        "{client_secret}",
        "{host}",
        "a b",
        "%41",
        "'\"$`\\^",
        "@x",
        "+",
        "&=",
        "{{code}}",
        "$CODE",
        "~sealed.x~",
    ]
)
NAMES = st.sampled_from(["redirect_uri", "client_secret", "client_id", "a[0]", "é", "a b", "x=y", "-d"])
HEADERS = st.sampled_from(["X-a", "Accept", "content-type", "User-Agent", "Authorization", "Cookie", "Accept-Encoding"])
ON_WIRE = st.text(st.sampled_from("ab\"'$`\\ {}%;,=^~"), min_size=1, max_size=8).map(str.strip).filter(bool)
TOKEN_EDITS = st.one_of(
    st.builds(Edit, st.just("token"), st.just("body"), NAMES, st.sampled_from(["set", "add"]), WORDS.map(literal)),
    st.builds(Edit, st.just("token"), st.just("param"), NAMES, st.sampled_from(["set", "add"]), WORDS.map(literal)),
    st.builds(
        Edit, st.just("token"), st.just("header"), HEADERS, st.sampled_from(["set", "add"]), ON_WIRE.map(literal)
    ),
    st.builds(
        Edit, st.just("token"), st.sampled_from(["body", "header"]), NAMES | HEADERS | st.just("code"), st.just("omit")
    ),
    st.builds(Edit, st.just("token"), st.just("body"), st.just(""), st.just("set"), WORDS.map(literal).filter(bool)),
    st.builds(
        Edit, st.just("token"), st.just("encoding"), st.just(""), st.just("set"), st.sampled_from(["json", "multipart"])
    ),
    st.sampled_from(
        [
            Edit("token", "body", value="a={code}&b=%2f{client_secret}"),
            Edit("token", "header", "X-code", "add", "{code}"),
            Edit("token", "param", "secret", "add", "{client_secret}"),
            Edit("token", "method", value="PUT"),
            Edit("token", "url", value="http://127.0.0.1:9000/api/oauth2/Token?x=%2f"),
        ]
    ),
)
RAW_CODE, RAW_SECRET = "Spl+xl&/=", "s3 c'r\"et%"


def written_as_curl(log: list[AnyEvent], sent: Rendered) -> bytes:
    return as_curl(log).encode()


def written_as_har(log: list[AnyEvent], sent: Rendered) -> bytes:
    return json.dumps(as_har(log)).encode()


def written_raw(log: list[AnyEvent], sent: Rendered) -> bytes:
    return wire(sent.method, sent.url, sent.headers, sent.content)


def sorted_as_curl_does(sent: Rendered) -> bytes:
    """Host first and the length last, where curl puts them; names in a part of a form are not looked at further."""
    last = {"host": 0, "content-length": 2}
    headers = sorted(sent.headers, key=lambda pair: last.get(pair[0].lower(), 1))
    return wire(sent.method, sent.url, tuple(headers), sent.content)


@pytest.mark.parametrize("write", [written_as_curl, written_as_har, written_raw])
@settings(max_examples=40, deadline=None)
@given(edits=st.lists(TOKEN_EDITS, max_size=3).map(tuple))
def test_what_is_exported_is_imported_as_the_same_bytes(
    write: Callable[[list[AnyEvent], Rendered], bytes], edits: tuple[Edit, ...]
) -> None:
    if write is written_as_har:
        # A secret that a HAR names in no field of its own cannot be sent again.
        assume(not any(word in repr(edits) for word in ("client_secret", "Authorization", "{code}")))
    begun = started(edits=edits)
    plan = request_of(FlowState().to(inputs=begun.inputs, code=CODE), begun.inputs, "token")
    raw = {SECRET.reference: RAW_SECRET, CODE.reference: RAW_CODE}
    sealed = rendered(plan, as_reference)
    request = HttpRequest(sealed.method, sealed.url, sealed.headers, Body.of(sealed.content))
    log: list[AnyEvent] = [
        begun,
        BOUND,
        OPENED,
        good(),
        replace(exchanged(), exchange=Exchange(request, HttpResponse(200))),
    ]
    sent = rendered(plan, lambda piece: raw.get(as_reference(piece), as_reference(piece)))
    base = BASE.to(client_secret=Secret(RAW_SECRET), client_id="demo-app")
    again = imitated(requests_in(write(log, sent)), RAW_CODE, base)
    if write is written_raw:
        assert wire(again.method, again.url, again.headers, again.content) == write(log, sent)
    else:
        assert sorted_as_curl_does(again) == sorted_as_curl_does(sent)


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

    from airisk_tui.headless.flow.suite import parsed_options, read_suite, with_recipe

    draft = BASE.to(
        base_url="https://h.example", client_id="a b", encoding=encoding, edits=edits, state="s" if sends else None
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.toml"
        path.write_bytes(recipe_of(draft, "one").encode())
        (check,) = read_suite(path)
        assert with_recipe(["--recipe", str(path), "--mode", "direct"])[-1] == "direct"
    given_options = vars(check.options)
    assert tuple(given_options.get("edits", ())) == edits
    assert given_options.get("encoding", "form") == encoding
    assert ("state" in given_options) is not sends
    assert parsed_options(()) is not None


def test_a_recipe_stands_before_what_is_typed_wherever_it_is_named(tmp_path: Path) -> None:
    from airisk_tui.headless.flow.suite import with_recipe
    from airisk_tui.headless.shared.process import UsageError

    path = tmp_path / "r.toml"
    path.write_text(
        '[defaults]\nclient-id = "a"\nuserid = "u"\n[[run]]\nname = "n"\nclient-id = "b"\nexpect = "token"\n'
    )
    of_it = with_recipe(["--recipe", str(path)])
    assert sorted(of_it) == ["--client-id=b", "--userid=u"]
    assert with_recipe(["--json", "--recipe", str(path), "--body", "json"]) == [*of_it, "--json", "--body", "json"]
    assert with_recipe(["--json", f"--recipe={path}", "--body", "json"]) == [*of_it, "--json", "--body", "json"]
    assert with_recipe(["--json", "--recipe"]) == ["--json", "--recipe"], "argparse says what is missing"
    for text, count in (("", "0"), ("[[run]]\n[[run]]", "2"), ("run = 3", "no"), ("run = [3]", "1")):
        path.write_text(text)
        with pytest.raises(UsageError, match=f"holds {count} runs, and a recipe has one"):
            with_recipe(["--recipe", str(path)])
