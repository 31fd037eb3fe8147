"""The running program against a server that plants secrets at one place of every message: no file and no output has one (F1, F9).

Every day a sample of the places; `make fuzz` has them all.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from airisk_tui.engine.listener.free_port import free_port
from airisk_tui.session.recordings.exporting import SUFFIXES
from tests.everyday import with_the_rest_in_ci
from tests.hostile.server import HostileServers
from tests.redaction.planted import BODIES, HEADERS
from tests.threats.conftest import Command
from tests.threats.planting import ENDINGS, ISSUED, Needles, Planting

SECRET = "hV7qLw2ZkP9sXc4RtB6n"
GOES_ON = (*HEADERS, "reason phrase", "JSON at depth", "JSON's names", "JSON's sentences")
"""Places at which a message keeps what the flow needs."""

FLOWS = {
    "issuer": (
        "run",
        "--issuer",
        "{base}",
        "--then",
        "userinfo,introspect,refresh,revoke",
        "--client-auth",
        "client_secret_jwt",
    ),
    "airisk": ("compare", "--base-url", "{base}", "--userid", "user_42", "--html"),
    "device": ("run", "--issuer", "{base}", "--mode", "device", "--client-auth", "post"),
}
DAILY = [
    ("issuer", "header", ""),
    ("airisk", "JSON at depth", ""),
    ("device", "JSON's sentence", "device"),
    ("issuer", "page", "after"),
]
ALL = [
    *((flow, place, "") for flow in FLOWS for place in GOES_ON),
    *(("issuer", place, ending) for place in BODIES for ending in ENDINGS if ending != "device"),
    *(("airisk", place, ending) for place in BODIES for ending in ("authorization", "token", "after")),
    *(("device", place, "device") for place in BODIES),
]


class Told:
    """Everything that commands have said of one deployment."""

    def __init__(self, command: Command, folder: Path) -> None:
        self._command, self._folder = command, folder
        self.all: list[bytes] = []

    def run(self, *arguments: str) -> bytes:
        """What the command said, kept."""
        ran = self._command(*arguments)
        self.all += [ran.out, ran.err]
        return ran.out

    def of_recordings(self) -> None:
        """What every other command tells of each recording."""
        for path in self._folder.rglob("*.jsonl"):
            for form in SUFFIXES:
                self.run("export", str(path), "--as", form)
            self.run("replay", str(path))
            self.run("replay", str(path), "--json")
            self.run("recordings", "check", str(path), "--json")
            assert json.loads(self.all[-2])["left"] == [], path.name
        self.run("recordings", "list", "--json")

    def left(self, secrets: set[str], *but: Path) -> list[str]:
        """Where a secret, or a part of one, stands."""
        needles, found = Needles(secrets), []
        found += [f"said: {hit!r}" for said in self.all for hit in needles.found(said)]
        for path in self._folder.rglob("*"):
            if path.is_file() and path not in but:
                found += [f"{path.name}: {hit!r}" for hit in needles.found(path.read_bytes())]
        return found


@pytest.fixture
def told(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("AIRISK_CLIENT_SECRET", SECRET)
    return Told(command, tmp_path)


def one_flow(told: Told, servers: HostileServers, flow: str, place: str, ending: str) -> Planting:
    server = Planting(place, ending)
    server.learned.add(SECRET)
    server.base = servers.serve(server.serve)
    line = [part.replace("{base}", server.base) for part in FLOWS[flow]]
    mode = () if "--mode" in line else ("--mode", "direct")
    told.run(*line, *mode, "--client-id", "app", "--redirect-uri", "http://127.0.0.1:1/callback", "--json")
    told.of_recordings()
    return server


@pytest.mark.parametrize(
    ("flow", "place", "ending"),
    [
        *with_the_rest_in_ci(DAILY, DAILY[:1]),
        *(pytest.param(*one, marks=pytest.mark.fuzz) for one in ALL if one not in DAILY),
    ],
)
def test_F1_F9_no_secret_leaves_a_run(told: Told, servers: HostileServers, flow: str, place: str, ending: str) -> None:
    server = one_flow(told, servers, flow, place, ending)
    assert not ending or ending in server.seen, server.seen
    assert ending or len(server.seen) >= {"issuer": 7, "airisk": 6, "device": 4}[flow], server.seen
    assert "\n".join(told.left(server.secrets)[:12]) == ""


BROWSER = """#!{python}
import http.client, sys, urllib.parse
asked = urllib.parse.urlsplit(sys.argv[1])
to = urllib.parse.urlsplit(dict(urllib.parse.parse_qsl(asked.query))["redirect_uri"])
state = dict(urllib.parse.parse_qsl(asked.query)).get("state", "")
for line in open({script!r}):
    method, path, headers, body = eval(line)
    c = http.client.HTTPConnection(to.netloc)
    c.putrequest(method, path.replace("STATE", urllib.parse.quote(state)), skip_host=False)
    for n, v in headers: c.putheader(n, v)
    if body: c.putheader("Content-Length", str(len(body)))
    c.endheaders(body.encode() or None)
    try: c.getresponse().read()
    except Exception: pass
"""


def test_F1_F9_no_secret_of_a_callback_is_kept(
    told: Told, servers: HostileServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strays and the callback itself, with secrets in the query, the path, headers, cookies and a form."""
    server = Planting("header")
    server.base = servers.serve(server.serve)
    script, browser = tmp_path / "script", tmp_path / "browser"
    written = [quote(one, safe="%") for one in server.variants]
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    lines = [
        ("GET", f"/other/{one}?x={one}", [("X-T", raw), ("Cookie", f"s={raw}")], "")
        for one, raw in zip(written[::6], server.variants[::6], strict=True)
    ]
    lines += [("POST", f"/callback?t={one}", form, f"state=wrong&code={one}&ticket={one}") for one in written[::14]]
    everything = "".join(f"&t{number}={one}" for number, one in enumerate(written[::2]))
    headers = [("Cookie", f"a={raw}") for raw in server.variants[::9]]
    lines.append(("GET", f"/callback?code={ISSUED['code']}&state=STATE{everything}", headers, ""))
    script.write_text("\n".join(map(repr, lines)))
    browser.write_text(BROWSER.format(python=sys.executable, script=str(script)))
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(browser))
    uri = f"http://127.0.0.1:{free_port()}/callback"
    line = (
        "run",
        "--base-url",
        server.base,
        "--client-id",
        "app",
        "--redirect-uri",
        uri,
        "--mode",
        "browser",
        "--timeout",
        "15",
    )
    out = told.run(*line, "--json")
    assert json.loads(out)["outcome"] == "token"
    told.of_recordings()
    assert told.left({*server.secrets, SECRET}, script) == []


def test_F1_F9_no_secret_of_a_paste_is_kept(
    told: Told, servers: HostileServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Planting("header")
    server.base = servers.serve(server.serve)
    uri = f"http://127.0.0.1:{free_port()}/callback"
    every = "".join(f"&t{number}={quote(one, safe='%')}" for number, one in enumerate(server.variants))
    pasted = f"nonsense {' '.join(server.variants[::5])}\n{uri}?code={ISSUED['code']}&state=the-state{every}\n"
    reading, writing = os.pipe()
    os.write(writing, pasted.encode())
    os.close(writing)
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        line = ("run", "--base-url", server.base, "--client-id", "app", "--redirect-uri", uri)
        out = told.run(*line, "--mode", "paste", "--state", "the-state", "--timeout", "10", "--json")
    assert json.loads(out)["outcome"] == "token"
    told.of_recordings()
    assert told.left({*server.secrets, SECRET}) == []
