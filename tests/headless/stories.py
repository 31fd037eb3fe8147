"""Commands as a person types them one after the other, against the embedded servers and two others, `here` and `there`: each story
is kept in the folder `said` with all that it prints (see `said.py`)."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO
from unittest.mock import patch
from urllib.parse import urlsplit

from msgspec.structs import replace

from airisk_tui.cli import run_command
from airisk_tui.flow.start.fields import OTHER
from airisk_tui.sandbox.data.registry import DEMO_REDIRECT_URI, DEMO_SECRET
from airisk_tui.sandbox.server import SandboxServer
from tests.conftest import held
from tests.recording.disk import HEADER, record
from tests.recording.logs import LOGS
from tests.schemas import check_document


class Typed(NamedTuple):
    """A command, and what a person does meanwhile. lines: typed at the terminal that stdin and stderr are; interrupt: the words at
    which Ctrl-C is pressed; behind them the command has to wait, as an answer of a server can come before a signal."""

    command: str
    lines: str = ""
    interrupt: str = ""


DIRECT = "run --env sandbox --mode direct"
STANDARD = "run --env sandbox-standard --mode direct"
SECRET = f"AIRISK_CLIENT_SECRET={DEMO_SECRET}"
HERE = "run --env here --mode direct"
PASTE = "run --env sandbox --mode paste --timeout 20 --redirect-uri http://127.0.0.1:TAKEN/cb"
DEVICE = "run --env sandbox-standard --mode device"
COMPARE = "compare --env sandbox --userid user_42"
GRID = "compare --env sandbox --rate 1000 --users"
ADD = "environments add third --base-url https://third.example"

STORIES: dict[str, tuple[str | Typed, ...]] = {
    "run": (
        DIRECT,
        f"{DIRECT} --userid user_42 --call 'GET /api/GetConversations' --json",
        f"{DIRECT} --no-exchange",
        f"{DIRECT} --print outcome --no-record",
        f"{DIRECT} --print access-token",
        f"{DIRECT} --fault denied --expect authorization-refused",
        f"{DIRECT} --fault denied --expect token --print access-token",
        f"{DIRECT} --fault expiration-no-zone --strict --record mine.jsonl",
        f"{DIRECT} --fault expiration-no-zone --record mine.jsonl",
        f"{DIRECT} --fault probe-429 --fault api-login",
        f"{DIRECT} --fault probe-429 --call 'GET /api/GetConversations' --include-secrets",
        f"{DIRECT} --client-id demo-ap --userid user_24",
        f"{DIRECT} --set token.body.client_id=other --add authorization.param.x=1 --omit token.header.accept",
        "export last --as recipe -o mine.toml",
        "run --recipe mine.toml --userid user_42 --print outcome",
        "run --env sandbox --no-record",
        f"AIRISK_CLIENT_SECRET=x {DIRECT} --no-record",
    ),
    "run-by-hand": (
        PASTE,
        f"{PASTE} <<< nonsense\nhttp://a.example/?code=abc&state=forged",
        f"{PASTE} <<< of-nobody\n",
        "run --env sandbox --mode paste --redirect-uri https://app.example.com/cb",
        "run --env sandbox --mode paste --timeout 0.05",
        f"{SECRET} run --base-url http://127.0.0.1:1 --client-id a --mode paste --state none --qr "
        "--redirect-uri https://app.example.com/cb <<< a-code\n",
        f"{DIRECT} --hold token,redirect <<< show\nset param.x=1\nundo\nadd token.param.y=2\nset wrong\nhelp\n\nas-is\n",
        f"{DIRECT} --hold authorization <<< omit param.state\n\n",
        f"{DIRECT} --hold redirect,token <<< \n",
        f"{DIRECT} --hold token,probes --call 'GET /api/GetConversations' <<< set body=x\nundo\n\n\n",
        f"{DIRECT} --hold token <<< end\n",
        f"{DIRECT} --hold",
        Typed(f"{DIRECT} --hold token --json", interrupt="Held before"),
        f"{HERE} --client-secret-stdin <<< wrong\n",
        f"{HERE} --client-secret-stdin <<< \n",
        f"{HERE} --client-secret-stdin --print outcome <<< {DEMO_SECRET}\r\n",
        Typed(f"{HERE} --print outcome", f"{DEMO_SECRET}\n"),
        Typed(f"{HERE} --print outcome", "\n"),
    ),
    "run-by-issuer": (
        STANDARD,
        f"{STANDARD} --par on --then --json",
        f"{STANDARD} --pkce off --scope none --nonce none --state none --response-mode form_post",
        f"{STANDARD} --fault no-metadata",
        f"{STANDARD} --fault id-token-forged --then refresh,code-again",
    ),
    "run-on-a-device": (
        f"{DEVICE} --fault device-slow-down --timeout 3 --then userinfo",
        f"{DEVICE} --fault device-denied",
    ),
    "compare": (
        COMPARE,
        f"{COMPARE} --markdown --with-bearer",
        f"{COMPARE} --fault userid-ignored --json",
        "compare --env sandbox --userid nobody --markdown",
        f"{COMPARE} --fault denied",
        f"{COMPARE} --fault denied --json",
        f"{COMPARE} --fault list-users-empty --strict",
        f"{COMPARE} --fault probe-429",
        f"{COMPARE} --second body=json",
        Typed(f"{COMPARE} --mode paste", interrupt="Listening"),
        "compare --env sandbox-standard --second 'scope=openid email' --second carry-cookies",
        "compare --env sandbox",
        "compare --env sandbox-standard",
        "compare --env sandbox-standard --second scoop=x",
        f"{COMPARE} --with-bearer --field client_auth=basic",
        f"{GRID} generic,user_42,nobody",
        f"{GRID} generic,user_42 --json",
        f"{GRID} user_42 --fault other-user --baseline nowhere.json",
        f"{GRID} user_42 --fault other-user",
        f"{GRID} @nowhere",
        f"{GRID} @latin-1",
        f"{GRID} ,",
        "compare --env sandbox --rate 1",
    ),
    "check": (
        "check suite.toml",
        "check suite.toml --keep-going --json --junit report.xml",
        Typed("check waits.toml --keep-going", interrupt="Listening"),
        "check suite.toml --junit suite.toml",
        "check suite.toml --junit home",
        "check suite.toml --junit nowhere/report.xml",
        "check nowhere.toml",
        "check curl.sh",
    ),
    "again": (
        f"{DIRECT} --userid user_42",
        f"{DIRECT} --userid user_42 --record good.jsonl",
        f"{DIRECT} --userid user_7 --omit token.body.redirect_uri --body json --record bad.jsonl",
        "replay good.jsonl --against sandbox",
        "replay bad.jsonl --against sandbox --timeout 7",
        "replay EXAMPLE --against sandbox",
        "replay EXAMPLE --against sandbox --json",
        f"{DIRECT} --fault denied --record denied.jsonl",
        Typed("replay denied.jsonl --against sandbox --mode paste", interrupt="Listening"),
        "replay bad.jsonl --against nowhere",
        "replay good.jsonl --against sandbox --step",
        "replay good.jsonl --timeout 3 --no-record",
        "replay good.jsonl --step <<< \n\n",
        Typed("replay EXAMPLE --speed 0.1", interrupt="Authorization request"),
        Typed("replay EXAMPLE --speed 0.1 --json", interrupt="Authorization request"),
        Typed("replay EXAMPLE --step", interrupt="Authorization request"),
        "replay EXAMPLE --against-last-good",
        "replay good.jsonl --against-last-good",
        "replay bad.jsonl --against-last-good",
        "replay bad.jsonl --against-last-good --json",
    ),
    "bisect": (
        f"{DIRECT} --userid user_42 --record good.jsonl",
        f"{DIRECT} --userid user_7 --omit token.body.redirect_uri --body json --record bad.jsonl",
        "bisect good.jsonl bad.jsonl",
        Typed("bisect good.jsonl bad.jsonl", "yes\n"),
        Typed("bisect good.jsonl bad.jsonl", "no\n"),
        "bisect good.jsonl bad.jsonl --yes --json",
        "bisect good.jsonl good.jsonl",
        f"{DIRECT} --client-id demo-ap --client-secret-stdin --record other.jsonl <<< x\n",
        "bisect good.jsonl other.jsonl --yes",
        "bisect bad.jsonl good.jsonl --yes",
        "bisect good.jsonl bad.jsonl --env nowhere --yes",
        "export good.jsonl --as recipe -o good.toml",
        "export bad.jsonl --as recipe -o bad.toml",
        "bisect good.toml bad.toml --yes",
        "bisect good.toml nowhere.toml --yes",
    ),
    "elsewhere": (
        f"{SECRET} {HERE} --record good.jsonl",
        HERE,
        "replay good.jsonl --against here",
        f"{SECRET} replay good.jsonl --against there",
        f"{SECRET} replay good.jsonl --against there --send-secret-to-new-host",
        Typed(f"{SECRET} replay good.jsonl --against there", "yes\n"),
        Typed(f"{SECRET} replay good.jsonl --against there", "no\n"),
        f"AIRISK_CLIENT_SECRET=wrong {HERE} --record bad.jsonl",
        f"{SECRET} bisect good.jsonl bad.jsonl --yes",
        f"{SECRET} bisect good.jsonl bad.jsonl --env there --yes",
        f"{SECRET} {HERE} --set token.body.client_secret=wrong --record edited.jsonl",
        f"{SECRET} bisect good.jsonl edited.jsonl --yes --json",
        f"{SECRET} bisect here.toml bad.jsonl --yes",
        f"{SECRET} bisect here.toml there.toml --env there --yes",
        f"{HERE} --fault denied",
        "run --env nowhere --mode direct",
        "run --base-url http://127.0.0.1:1 --issuer http://127.0.0.1:1 --mode direct",
        f"{SECRET} run --base-url http://127.0.0.1:1 --client-id a --mode direct",
    ),
    "files": (
        "environments add staging --base-url https://staging.example --client-id a --field token=data.access_token",
        "environments add staging --base-url http://staging.example --listen 0.0.0.0:80 --listen-publicly --json",
        f"{ADD} --ca-file nowhere.pem",
        f"{ADD} --keep-secret",
        f"{ADD} --field nonsense=x",
        f"{ADD} --redirect-uri http://127.0.0.1:80/cb",
        f"{ADD} --redirect-uri http://127.0.0.1:80/cb --listen 127.0.0.1:8080",
        "environments add third --base-url nonsense",
        "environments add 'a/b' --base-url https://third.example --client-id a --keep-secret <<< secret\n",
        "environments default staging",
        "environments default sandbox-standard --json",
        "environments",
        "environments show staging",
        "environments show stagin",
        "environments show",
        "environments default stagin",
        "environments remove stagin",
        "environments remove staging",
        "recordings",
        "recordings nothing-such",
        "recordings list refused",
        "recordings list nothing-such",
        "recordings --json",
        "recordings show",
        "recordings show EXAMPLE --json",
        "recordings check",
        "recordings delete torn.jsonl",
        "recordings delete EXAMPLE --json",
        "recordings delete other",
        "recordings import torn.jsonl --flow 1",
        "recordings import torn.jsonl --json",
        "recordings import curl.sh",
        "replay torn.jsonl",
        "export torn.jsonl --as markdown -o out.md",
        "export torn.jsonl --as markdown -o out.md",
        "export torn.jsonl --as har -o nowhere/out.har",
        "export last --as nothing",
        "like torn.jsonl -o mine.toml",
        "like curl.sh",
        "like nowhere",
        "like broken.sh",
        "explain protocol step 2 --json",
        "explain protocol paste",
        "explain protcol",
        "explain state-mismach",
        "schema",
        "schema chek",
    ),
    "wrong": (
        "",
        "rnu",
        "help rnu",
        "run --jsn",
        "run --json --print outcome",
        "run --print outcom",
        "run --env ''",
        "run --param nonsense",
        "run --body nonsense",
        "run --body raw:nowhere",
        "run --call 'POST /x'",
        "run --call x",
        "run --hold nonsense",
        "run --set nonsense",
        "run --omit token.body",
        "run --env-file ''",
        "run --env-file nowhere",
        "run --record ''",
        "run --record curl.sh",
        "run --fault nothing-such",
        "run --recipe nowhere.toml",
        "run --timeout x --json",
        "sandbox --port 70000",
        "sandbox --port TAKEN",
        "sandbox --dialect standard --lenient",
        "sandbox --from EXAMPLE --lenient",
        "sandbox --from EXAMPLE --dialect standard",
        "sandbox --from empty.jsonl",
        "sandbox --fault nothing-such --dialect standard",
        Typed("sandbox --fault denied", interrupt="Ctrl-C"),
        Typed("sandbox --from EXAMPLE --json", interrupt="{"),
        "replay EXAMPLE --speed x",
        "replay EXAMPLE --speed 0.00001",
        "doctor --env nowhere",
        "completion tcsh",
        "run --body LONG",
        "run --call LONG",
        "run --hold LONG",
        "run --timeout xLONG",
        "check long.toml",
        "like long.sh",
        "compare --users @LONG",
    ),
}
"""By name, what is typed: variables before the command, behind `<<<` the lines in the pipe that stdin is, else stdin is empty."""

EVERYDAY = ("run-by-hand", "wrong")

LATE = 30.0
"""Seconds after which Ctrl-C is pressed in any case."""

EXAMPLE = "2026-11-24T10-15-02Z-sandbox-generic-a1b2c3d4e5f6.jsonl"

LONG = "1234567890" * 11

FILES = {
    "suite.toml": """
[defaults]
env = "sandbox"
no-record = true

[[run]]
name = "the application"
reaches = ["GET /api/Users/ListUsers"]
refused = ["GET /api/GetConversations"]

[[run]]
name = "first"
expect = "timeout"
findings = ["state-mismatch"]
without = ["departure-pkce"]
refused = ["GET /api/Users/ListUsers"]

[[run]]
name = "denied"
fault = ["denied"]
edits = ["set authorization.param.x=1"]
param = { prompt = "login" }

[[compare]]
name = "a user"
userid = "user_42"
strict = true
differs = ["claims.iss", "claims.none"]
""",
    "waits.toml": """
[[run]]
name = "waits"
env = "sandbox"
mode = "paste"

[[run]]
name = "comes later"
env = "sandbox"
""",
    "curl.sh": "curl https://a.example/api/oauth2/Token -d 'code=x&client_id=abc&client_secret=s3cret&redirect_uri=http://l/cb'",
    "here.toml": '[[run]]\nname = "a"\nenv = "here"\n',
    "there.toml": '[[run]]\nname = "b"\nbase-url = "THERE"\nclient-id = "demo-app"\nuserid = "user_42"\n',
    "long.toml": f'[[run]]\nname = "a"\nedits = ["{LONG}"]\n',
    "long.sh": f"curl https://a.example/api/oauth2/Token -d @{LONG}",
    "broken.sh": "curl https://a.example/api/oauth2/Token -d @nowhere",
}

NEUTRAL = [
    (re.compile(pattern, re.MULTILINE), neutral)
    for pattern, neutral in (
        (r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "TOKEN"),
        (r'((?:state|nonce)=|: sent |(?:value|expected|came)": "|request_uri:)[\w-]{22}(?![\w-])', r"\1RANDOM"),
        (r"(?<=code_challenge=)[\w-]{43}|\b[B-Z]{4}-[B-Z]{4}\b", "RANDOM"),
        (r"^ +\d+\.\d\d s  ", "  SECONDS  "),
        (r'("seconds": )\d+\.\d{1,3}\b|("milliseconds": )\d+\.\d\b|("at": )\d+\.\d+', r"\1\2\3SECONDS"),
        (r"(  )\d+\.\d s$", r"\1SECONDS"),
        (r"(?:less than )?0\.\d seconds (?=into)", "SECONDS "),
        (r"(127\.0\.0\.1(?::|%3A))\d{4,5}\b", r"\1PORT"),
        (r"“[^”]+ \(pid \d+\)”", "“HOLDER”"),
        (r"(?!2026-11-24T10)20\d\d-\d\d-\d\dT\d\d([:-])\d\d\1\d\d(\.\d+)?Z?", "TIME"),
        (r"20\d\d-\d\d-\d\d \d\d:[\d:…]+", "TIME"),
        (r"\b1[7-9]\d{8}\b", "EPOCH"),
        (r'(-|run_id": ")[0-9a-f]{12}\b', r"\1RUN"),
        (r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", "TRACE"),
        (r"\b[0-9a-f]{16}\b|(?<=· )[0-9a-f]{4}(?=…›)", "FINGERPRINT"),
        (r'(?s)"not_checked": \[\n.*?\]', '"not_checked": [MANY]'),
    )
]
"""What is another each time, or is long and kept elsewhere."""


def told(name: str, folder: Path) -> str:
    """What the story prints. folder: an empty one."""
    with ExitStack() as stack:
        stack.enter_context(held("127.0.0.1", urlsplit(DEMO_REDIRECT_URI).port or 0)).listen()  # as in every test
        here, there = (stack.enter_context(SandboxServer()) for _ in range(2))
        stack.enter_context(patch("airisk_tui.recording.differences.MIN_SECONDS", 60.0))  # a busy machine is slow
        taken = there.base_url.rpartition(":")[2]
        _write_files(folder, here, there)
        before = Path.cwd()
        os.chdir(folder)
        stack.callback(os.chdir, before)
        text = "".join(_ran(one, taken) for one in STORIES[name])
    text = text.replace(str(folder), "").replace(here.base_url, "HERE").replace(there.base_url, "THERE")
    text = re.sub(rf"(?<!\d){taken}(?!\d)", "TAKEN", text)
    for found, neutral in NEUTRAL:
        text = found.sub(neutral, text)
    return text


def _write_files(folder: Path, here: SandboxServer, there: SandboxServer) -> None:
    home = folder / "home"
    (home / "recordings").mkdir(mode=0o700, parents=True)
    tables = (
        f'[environments.{name}]\nbase_url = "{server.base_url}"\nclient_id = "demo-app"\nredirect_uri = "{DEMO_REDIRECT_URI}"\n'
        for name, server in (("here", here), ("there", there))
    )
    (home / "config.toml").write_text("".join(tables))
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("THERE", there.base_url))
    record(home / "recordings" / EXAMPLE, LOGS["invalid-code"])
    record(home / "recordings" / "other.jsonl", LOGS["no-connection"], replace(HEADER, environment=OTHER))
    record(folder / "empty.jsonl", LOGS["browser-token"][:1])
    (folder / "latin-1").write_bytes(b"\xe9")
    with record(folder / "torn.jsonl", LOGS["user-specific-with-probes"]).open("a") as file:
        file.write('{"event":"Torn')


def _ran(one: str | Typed, taken: str) -> str:
    one, mark, lines = (one, "terminal", one.lines) if isinstance(one, Typed) else one.partition(" <<< ")
    command, interrupt = (one.command, one.interrupt) if isinstance(one, Typed) else (one, "")
    typed = shlex.split(command)
    words = [word.replace("EXAMPLE", EXAMPLE).replace("TAKEN", taken).replace("LONG", LONG) for word in typed]
    variables = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    environment = {"AIRISK_TUI_HOME": str(Path.cwd() / "home"), "COLUMNS": "100", "PATH": os.environ["PATH"]}
    environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **variables}
    out, err = _Written(interrupt), _Written(interrupt, terminal=mark == "terminal")
    with (
        _stdin(lines, mark) as stdin,
        patch.dict(os.environ, environment, clear=True),
        patch.multiple("sys", stdin=stdin, stdout=out, stderr=err),
        patch("getpass.getpass", _typed_unseen),
    ):
        late = threading.Timer(LATE, os.kill, (os.getpid(), signal.SIGINT))
        if interrupt:
            late.start()  # where the words never come, the command would wait for ever
        code = run_command(words[len(variables) :])
        late.cancel()
    if "--json" in words and out.getvalue():
        check_document(words[len(variables) :], json.loads(out.getvalue()))
    shown = f" <<< {lines!r}" if lines else ""
    return f"$ airisk-tui {shlex.join(typed)}{shown}\n{err.getvalue()}{out.getvalue()}exit {code}\n\n"


class _Written(io.StringIO):
    """A stream to write to. interrupt: the words at which Ctrl-C is pressed."""

    def __init__(self, interrupt: str, *, terminal: bool = False) -> None:
        super().__init__()
        self._interrupt, self._terminal = interrupt, terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of most streams."""
        return "utf-8"

    def isatty(self) -> bool:
        """Whether it is said to be a terminal."""
        return self._terminal

    def write(self, text: str) -> int:
        """As a stream does; then Ctrl-C where these are the words for it."""
        written = super().write(text)
        if self._interrupt and self._interrupt in text:
            self._interrupt = ""
            os.kill(os.getpid(), signal.SIGINT)
        return written


def _typed_unseen(prompt: str, stream: TextIO) -> str:
    """As `getpass.getpass`, which would ask at the terminal of the person who runs the tests."""
    stream.write(f"{prompt}\n")
    return sys.stdin.readline().rstrip("\n")


@contextmanager
def _stdin(lines: str, mark: str) -> Iterator[TextIO]:
    """A stream with these lines: a pipe at its end, a terminal, or without a mark the null device."""
    if not mark:
        with Path(os.devnull).open() as nothing:
            yield nothing
        return
    reading, writing = os.pipe() if mark != "terminal" else os.openpty()[::-1]
    os.write(writing, lines.encode())
    if mark != "terminal":
        os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        yield stream
    if mark == "terminal":
        os.close(writing)
