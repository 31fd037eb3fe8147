"""What the engine makes of configurations, of what is kept between two starts, of machines, keys, programs and addresses (see
`tests.kept`), in `kept.txt`."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from joserfc import jwt as signing
from joserfc.jwk import OctKey

from airisk_tui.engine.config.credentials import read_env_file, secret_from_variable
from airisk_tui.engine.config.environments import (
    ConfigurationError,
    check_name,
    environment_from,
    read_configuration,
    remove_environment,
    set_default,
    table_of,
    write_environment,
)
from airisk_tui.engine.config.memory import Memory
from airisk_tui.engine.draft import Draft
from airisk_tui.engine.id_token import RawTokens, checked_id_token
from airisk_tui.engine.listener.holder import holder_of
from airisk_tui.engine.listener.pages import PAGES, RECEIVED, RECEIVED_BEFORE, render
from airisk_tui.engine.machine.browser import _is_web_url, _name, _nothing_to_run, child_environment, commands
from airisk_tui.engine.machine.doctor import _proxied, _resolved, _to_bind
from airisk_tui.engine.machine.host import default_mode, has_display, read_host
from airisk_tui.oauth.loopback import NotLoopbackError, Target, read_listen_address, split_target
from airisk_tui.oauth.secret import Secret
from tests.engine.performed import performed
from tests.kept import Reading, kept_text

KEPT = Path(__file__).with_name("kept.txt")

TABLES: tuple[dict[str, Any], ...] = (
    *(
        {},
        {"base_url": "https://a", "client_id": "c", "userid": "u", "scope": "none"},
        {"scope": ""},
        {"issuer": "https://i"},
    ),
    *(
        {"issuer": "https://i", "base_url": "https://a"},
        {"issuer": "https://i", "dialect": "airisk"},
        {"dialect": "standard"},
    ),
    *(
        {"issuer": "https://i", "documented_endpoints": True},
        {"documented_endpoints": False},
        {"dialect": "other"},
        {"encoding": "xml"},
    ),
    *(
        {"client_secret": "x"},
        {"Password": "x"},
        {"unknown": 1},
        {"base_url": 7},
        {"verify_tls": "no"},
        {"verify_tls": False},
    ),
    *(
        {"listen": "127.0.0.1:9", "listen_publicly": True},
        {"registered": ["a", "b"]},
        {"registered": "a"},
        {"registered": [1]},
        {"fields": 7},
    ),
    *(
        {"fields": {"code": "auth_code", "pkce": True}},
        {"fields": {"pkce": "true"}},
        {"fields": {"pkce": "yes"}},
        {"fields": {"name": "x"}},
    ),
    *(
        {"fields": {"client_auth": "none"}},
        {"fields": {"client_auth": "odd"}},
        {"fields": {"token": 7}},
        {"endpoints": {}},
        {"endpoints": [7]},
    ),
    *(
        {"endpoints": [{"path": "/x"}]},
        {"endpoints": [{"path": "/x", "method": "post", "generic": "refused"}]},
        {"endpoints": [{"path": 7}]},
    ),
    *(
        {"endpoints": [{"path": "/x", "method": "P-T"}]},
        {"endpoints": [{"path": "/x", "method": "É"}]},
        {"endpoints": [{"path": "/x", "more": 1}]},
    ),
    *(
        {"endpoints": [{"path": "/x", "generic": "maybe"}]},
        {"endpoints": [{"path": "/api/GetConversations", "generic": "allowed"}]},
    ),
    *(
        {
            "encoding": "json",
            "pkce": "on",
            "par": "on",
            "client_auth": "basic",
            "response_mode": "form_post",
            "ca_file": "/c",
        },
    ),
)

FILES = (
    *(
        "",
        "x",
        "environments = 7",
        "[environments.sandbox]",
        "[environments.other]",
        "environments.x = 7",
        'default = "x"',
        "default = 7",
    ),
    *(
        'default = "a"\n[environments.a]\nbase_url = "https://a"',
        "keys = 7",
        '[keys]\nquit = "q"\nrun = ["a", "b"]',
        "[keys]\nquit = 7",
        "a" * 1_048_577,
    ),
)

CHANGED = '# mine\n[environments.a]\nbase_url = "https://a" # of a\n\n[environments.b]\nclient_id = "b"\n'

DOTENV = (
    *(
        "",
        "CLIENT_ID=c\nCLIENT_SECRET='s s'\nUSER_ID=\n",
        "export AIRISK_CLIENT_ID=c # no\nOTHER=x",
        "\n\nCLIENT_ID",
        "CLIENT_ID=\r\n\r\nnot a line\n",
    ),
    *('CLIENT_SECRET="a\\nb"\nCLIENT_SECRET=last', "\ufeffCLIENT_ID=bom", "CLIENT_SECRET=", "x" * 65_537),
)

STATES: tuple[Any, ...] = (
    {
        "format": 1,
        "theme": 7,
        "sizes": {"a": 5, "b": "x"},
        "environments": {"e": {"rows": {"r": "t", "s": 7, "l": "x" * 2_001}, "earlier": {"r": ["1", 2], "s": "x"}}},
    },
    {"format": 2},
    {"format": 1, "sizes": 7, "environments": {"e": 7}},
    [],
)

HOSTS: tuple[dict[str, str], ...] = (
    *(
        {},
        {"SSH_TTY": "x"},
        {"SSH_CONNECTION": "x", "DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "w", "container": "podman"},
        {"WSL_DISTRO_NAME": "u", "container": "x"},
    ),
    *(
        {"BROWSER": "b"},
        {"CODESPACES": "true", "GITPOD_WORKSPACE_ID": "x"},
        {"https_proxy": "p", "ALL_PROXY": "q"},
        {"CURL_CA_BUNDLE": "c", "AWS_CA_BUNDLE": ""},
    ),
)

BROWSERS = ("", "firefox", "a %s --x:b", "'open", "x &", "&", ":", "a '%s %s'")

TARGETS = (
    *(
        "http://127.0.0.1:8765/callback",
        "https://localhost/cb?x",
        "http://[::1]:0",
        "http://LOCALHOST:80/é%20 x",
        "https://127.0.0.1:8443/",
    ),
    *(
        "http://127.0.0.2:1/",
        "http://example.com/",
        "ftp://localhost/",
        "http://",
        "http://[",
        "http://bücher.example:8765/",
    ),
)
HEADS = (
    *(
        "127.0.0.1:8765",
        "127.0.0.1",
        "localhost:8765",
        "LOCALHOST",
        "localhost:80",
        "localhost:443",
        "[::1]:8765",
        "[0::1]:0",
        "evil.example",
        "",
    ),
    *(
        "0.0.0.0:9000",
        "192.0.2.1:9000",
        "[::1]:9000",
        "127.0.0.1:9000",
        "127.0.0.1:8443",
        "localhost:9000",
        "bücher.example:8765",
        "xn--bcher-kva.example:8765",
    ),
)


def _refused(read: Callable[..., Any], *given: Any) -> Any:
    try:
        return read(*given)
    except (ConfigurationError, NotLoopbackError) as error:
        return f"{type(error).__name__}: {error}"


def _in_file(text: str, use: Callable[[Path], Any]) -> Any:
    """What is made of a file with this text, its path left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(text.encode())
        given = _refused(use, path)
        return given.replace(str(path), "PATH") if isinstance(given, str) else given


def _env_file(path: Path) -> Any:
    return {name: one.reveal() if isinstance(one, Secret) else one for name, one in read_env_file(path).items()}


def _changes(path: Path) -> Any:
    """A configuration after each of several changes."""
    steps: tuple[Callable[[], Any], ...] = (
        lambda: write_environment(path, "a", {"client_id": "new"}),
        lambda: write_environment(path, "c", {"base_url": "https://c"}),
        lambda: set_default(path, "c"),
        lambda: remove_environment(path, "c"),
        lambda: remove_environment(path, "nobody"),
        lambda: set_default(path, "b"),
        lambda: set_default(path, "nobody"),
        lambda: write_environment(path, "sandbox", {}),
    )
    return [(str(_refused(step)).replace(str(path), "PATH"), path.read_text()) for step in steps]


def _remembered(path: Path) -> Any:
    memory = Memory(path)
    before = (
        memory.problem.replace(str(path), "PATH"),
        memory.theme,
        memory.size("a"),
        memory.rows("e"),
        memory.earlier("e", "r"),
    )
    memory.keep_size("b", 3)
    memory.used("e", [("r", "1"), ("r", "3"), ("r", ""), ("r", "x" * 2_001)])
    memory.keep_rows("f", {"a": "b"})
    return before, memory.save(), json.loads(path.read_text())


def _many() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "file")
        for number in range(105):
            memory.keep_rows(f"e{number}", {"a": "b"})
        memory.save()
        kept = list(json.loads(memory.path.read_text())["environments"])
        return len(kept), kept[0], kept[-1]


def _target(uri: str, listen: str) -> Any:
    target = Target.parse(uri, read_listen_address(listen))
    known = (
        target.addresses if "bücher" not in uri or listen else None,
        target.bind_port,
        target.speaks_tls,
        target.takes_plain_beside_tls,
    )
    return target, known, [head for head in HEADS if target.allows_host(head)]


def _facts(name: str) -> Any:
    key = OctKey.import_key("k" * 40)
    keys = json.dumps({"keys": [{"kty": "odd"}, 7, key.as_dict()]}).encode()
    half = base64.urlsafe_b64encode(hashlib.sha256(b"access").digest()[:16]).decode().rstrip("=")
    claims = {"at_hash": half, "c_hash": "no"}
    signed = signing.encode({"alg": "HS256"}, claims, key)
    unsigned = f"eyJhbGciOiJub25lIn0.{signed.split('.')[1]}."
    tokens: dict[str, tuple[RawTokens, bytes | None]] = {
        "right": (RawTokens(id_token=signed, access_token="access", code="code", secret="k" * 40), None),
        "wrong secret": (RawTokens(id_token=signed, secret="x" * 40), keys),
        "no secret": (RawTokens(id_token=signed, code="code"), keys),
        "unsigned": (RawTokens(id_token=unsigned, access_token="access"), keys),
        "a broken signature": (RawTokens(id_token=signed[:-2] + "AA", secret="k" * 40), None),
        "an access token": (RawTokens(id_token="opaque", access_token=signed), keys),
        "another algorithm": (
            RawTokens(id_token=f"eyJhbGciOiJYUzI1NiJ9.{signed.split('.')[1]}.c2ln", access_token="a"),
            keys,
        ),
        "RS256 without keys": (
            RawTokens(id_token=f"eyJhbGciOiJSUzI1NiJ9.{signed.split('.')[1]}.c2ln", access_token="a"),
            None,
        ),
        "RS256, other keys": (
            RawTokens(id_token=f"eyJhbGciOiJSUzI1NiJ9.{signed.split('.')[1]}.c2ln", access_token="a"),
            keys,
        ),
        "EdDSA": (RawTokens(id_token=f"eyJhbGciOiJFZERTQSJ9.{signed.split('.')[1]}.c2ln", access_token="a"), keys),
        "encrypted": (RawTokens(id_token="eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"), keys),
    }
    raw, given = tokens[name]
    return checked_id_token(raw, given)


FACTS = (
    *("right", "wrong secret", "no secret", "unsigned", "a broken signature", "an access token", "another algorithm"),
    *("RS256 without keys", "RS256, other keys", "EdDSA", "encrypted"),
)


def _holder(port: int) -> Any:
    """In a /proc of three programs, one of which listens."""
    with tempfile.TemporaryDirectory() as folder:
        proc = Path(folder)
        (proc / "net").mkdir()
        lines = (
            "0: 0100007F:223D 0:0 0A 0:0 0:0 0 0 0 77 x",
            "1: 0100007F:1F90 0:0 01 0:0 0:0 0 0 0 78 x",
            "2: 0:0050 0:0 0A 0 0 0 0 0 79",
            "short",
        )
        (proc / "net" / "tcp").write_text("\n".join(("head", *lines)) + "\n")
        (proc / "net" / "tcp6").write_text("head\n0: 0:01BB 0:0 0A 0:0 0:0 0 0 0 80 x\n")
        for pid, name, inode in (("12", "mine\n", 77), ("13", None, 80), ("14", "other", 78), ("x15", "no", 77)):
            (proc / pid / "fd").mkdir(parents=True)
            (proc / pid / "fd" / "3").symlink_to(f"socket:[{inode}]")
            if name is not None:
                (proc / pid / "comm").write_text(name)
        return holder_of(port, proc)


def readings() -> Iterator[Reading]:
    """Each function with the arguments of its calls."""
    yield (
        "environments.environment_from",
        lambda values: _refused(environment_from, "e", values),
        [(one,) for one in TABLES],
    )
    yield (
        "environments.table_of",
        lambda values: _refused(lambda: table_of(environment_from("e", values))),
        [(one,) for one in TABLES],
    )
    yield "environments.read_configuration", lambda text: _in_file(text, _configuration), [(one,) for one in FILES]
    yield (
        "environments, changed",
        lambda text: _in_file(text, _changes),
        [(CHANGED,), ("",), ('default = "sandbox"\n',)],
    )
    yield (
        "environments.check_name",
        lambda name: _refused(check_name, name),
        [(one,) for one in ("a", "", "other", "a b", "a.b", "x" * 65, "é", "-a")],
    )
    yield "credentials.read_env_file", lambda text: _in_file(text, _env_file), [(one,) for one in DOTENV]
    yield (
        "credentials.secret_from_variable",
        lambda environ: (one := secret_from_variable(environ)) and one.reveal(),
        [({},), ({"AIRISK_CLIENT_SECRET": ""},), ({"AIRISK_CLIENT_SECRET": "x"},)],
    )
    yield "memory.Memory", lambda state: _in_file(json.dumps(state), _remembered), [(one,) for one in STATES]
    yield "memory.Memory of many", _many, [()]
    yield (
        "host.read_host",
        lambda environ: [
            name for name in read_host(environ, "linux").__struct_fields__ if getattr(read_host(environ, "linux"), name)
        ],
        [(one,) for one in HOSTS],
    )
    yield (
        "host.read_host, its lists",
        lambda environ: ((one := read_host(environ, "linux")).proxy, one.authorities, one.workspace),
        [(one,) for one in HOSTS],
    )
    for reader in (has_display, default_mode):
        yield (
            f"host.{reader.__name__}",
            reader,
            [(one, system) for one in HOSTS[:6] for system in ("linux", "darwin", "win32")],
        )
    found = {"xdg-open": "/b/xdg-open", "firefox": "/b/firefox", "wslview": "/b/wslview"}.get
    environs = [{"BROWSER": one} for one in BROWSERS] + [*HOSTS[2:5], {}]
    yield (
        "browser.commands",
        lambda environ, system: list(commands("http://u/?a&b", environ, system, found)),
        [(one, system) for one in environs for system in ("linux", "darwin")],
    )
    yield "browser._nothing_to_run", _nothing_to_run, [(one,) for one in environs]
    yield (
        "browser.child_environment",
        child_environment,
        [({"A": "1", "AIRISK_CLIENT_SECRET": "x", "my_client_secret_2": "y"},)],
    )
    yield (
        "browser._is_web_url",
        _is_web_url,
        [
            (one,)
            for one in (
                "http://a",
                "https://a/b?c",
                "http://a b",
                "http://",
                "file:///x",
                "http://a\n",
                "javascript:x",
                "HTTP://A",
            )
        ],
    )
    yield "browser._name", _name, [(["/a/b", "c"],)]
    yield "id_token.checked_id_token", _facts, [(name,) for name in FACTS]
    yield (
        "listener.Target",
        lambda *given: _refused(_target, *given),
        [(uri, listen) for uri in TARGETS for listen in ("", "0.0.0.0:9000", "localhost:9000")],
    )
    yield (
        "listener.split_target",
        split_target,
        [(one,) for one in ("/a?b", "*", "http://h/a?b", "HTTPS://h?x/y", "http://h", "?x", "")],
    )
    yield "listener.holder_of", _holder, [(port,) for port in (0x223D, 0x1F90, 0x50, 443, 9)]
    pages = {**PAGES, "received": RECEIVED, "received before": RECEIVED_BEFORE}
    yield "listener.render", lambda name: _page(render(pages[name])), [(name,) for name in pages]
    yield "listener.render, a HEAD", lambda: _page(render(RECEIVED, "GET, POST", False)), [()]
    draft = Draft(environment="other", base_url="", client_id="", redirect_uri="http://localhost:1/")
    listens = (("", False), ("127.0.0.1:9", False), ("0.0.0.0:9", False), ("0.0.0.0:9", True), ("bad", False))
    yield (
        "doctor._to_bind",
        lambda host, listen, publicly: list(_to_bind(draft.to(listen=listen, listen_publicly=publicly), host, 5)),
        [(host, *one) for host in ("localhost", "127.0.0.1", "") for one in listens],
    )
    proxies: tuple[dict[str, str], ...] = (
        {},
        {"http_proxy": "p"},
        {"HTTPS_PROXY": "p", "NO_PROXY": "a, h ,b"},
        {"ALL_PROXY": "p", "no_proxy": "*"},
        {"HTTP_PROXY": "p", "NO_PROXY": "x.h"},
    )
    yield "doctor._proxied", lambda environ: _proxied("h", environ), [(one,) for one in proxies]
    yield "doctor._resolved", _resolved, [("127.0.0.1",), ("::1",), ("a" * 64 + ".b",)]
    yield from performed()


def _configuration(path: Path) -> Any:
    read = read_configuration(path)
    return read.default, sorted(read.environments), read.keys


def _page(data: bytes) -> Any:
    head, _, body = data.decode().partition("\r\n\r\n")
    shown = body.partition("<main>")[2].partition("</main>")[0]
    return [line for line in head.split("\r\n") if not line.startswith("Content-Security")], shown, "<script>" in body


def said() -> str:
    """All of it."""
    nowhere = SimpleNamespace(exists=lambda: False)
    # Linux inside Windows has a name of its own, and a container a file.
    with (
        patch("platform.release", return_value="6.1.0"),
        patch("airisk_tui.engine.machine.host.Path", return_value=nowhere),
    ):
        return kept_text(readings())


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
