"""What a session makes of drafts, of the rows of a form and of the runs that it holds, for `kept.txt` (see `tests.kept`)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from msgspec.structs import replace

from airisk_tui.engine.config.environments import Configuration, ConfigurationError, Environment
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.fold import fold
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import LIST_USERS, Endpoint
from airisk_tui.oauth.dialect import STANDARD
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret
from airisk_tui.recording.disk.reader import Recording
from airisk_tui.recording.replay import Replay
from airisk_tui.redaction.sealer import Sealer
from airisk_tui.session.recordings.opening import OpenRecording
from airisk_tui.session.rerun import RerunRefused, prepare_rerun
from airisk_tui.session.session import Session, _proxy_passwords
from tests.kept import Reading
from tests.recording.disk import HEADER
from tests.runs import (
    CODE,
    LOCATION,
    SECRET,
    TOKEN,
    URI,
    UTC,
    authorized,
    exchanged,
    jwt,
    redirect,
    started,
    token_response,
)

TEST = Environment(
    name="test",
    base_url="https://a.example",
    client_id="c",
    redirect_uri=URI,
    users=("u1",),
    clients=("c", "d"),
    registered=(URI,),
    endpoints=(Endpoint("GET", "https://p.example/x"),),
)
CHANGES: dict[str, dict[str, Any]] = {
    "none": {},
    "a client": {"client_id": "d"},
    "a secret": {"client_secret": Secret("given")},
    "no secret": {"client_secret": None},
    "an issuer": {"issuer": "https://i.example"},
    "a base URL": {"base_url": "https://b.example"},
    "fields": {"fields": {"code": "ticket"}},
    "no such field": {"fields": {"no_such": "x"}},
    "lists": {"params": [("a", "b")], "token_params": [("c", "d")], "probes": [{"method": "GET", "path": "/x"}]},
}
ROWS = {
    "client_id": "c",
    "userid": "of-the-environment",
    "redirect_uri": URI,
    "api_key=9Xk2vQ8rT1": "api_key=9Xk2vQ8rT1",
    "prompt": "prompt=login",
    "api_key": "api_key=9Xk2vQ8rT1",
    "base_url": "https://a.example",
    "free": "of-another-run",
}
PROXIES = ("", "http://p:3128", "http://me:pw@p", "http://me:p%40w@p", "http://me:p@w@p", "me:pw@p", "http://me@p")


class Over:
    """A run that is over."""

    def __init__(self, state: FlowState) -> None:
        self.state = state


def _session(folder: str, **environ: str) -> Session:
    """A session without a clock and without chance."""
    session = Session(
        home=Home(Path(folder) / "config.toml", Path(folder) / "recordings"),
        configuration=Configuration(environments={"test": TEST}),
        clock=cast(Any, SimpleNamespace(monotonic=lambda: 0.0, wall=lambda: UTC + 5_000)),
        environ=environ,
        fingerprint_key=b"k" * 32,
    )
    session.entropy = cast(Any, SimpleNamespace(token=lambda size: f"{size} bytes", key=lambda size: b"k" * size))
    return session


def _draft(name: str, variable: str) -> Any:
    """A draft with changes, its secret, and where that may go."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"AIRISK_CLIENT_SECRET": variable} if variable else {}
        try:
            made = _session(folder, **environ).draft("test", CHANGES[name])
        except ConfigurationError as error:
            return str(error)
        secret = made.client_secret
        return made.to(client_secret=None), secret and (secret.reveal(), sorted(secret.origins or ()))


def _rows(with_history: bool, *secrets: str) -> Any:
    """The rows of a form that hold no secret, and what the form offers."""
    with tempfile.TemporaryDirectory() as folder:
        session = _session(folder)
        draft = session.draft("test").to(
            userid="of-the-environment",
            params=Params((("api_key", "9Xk2vQ8rT1"), ("prompt", "login"))),
        )
        session.listed_users["test"] = ("u2",)
        if with_history:
            session.history.append(cast(Any, Over(fold(()))))
            session.sealer.learn("of-another-run")
        shown = session.public_rows(draft, ROWS, *map(Secret, secrets), None)
        return list(shown), session.known_values(draft), session.known_values(draft.to(environment="else", users=None))


def _expired(expiry: float | None, origins: tuple[str, ...] | None, issuer: str) -> Any:
    """The expired token that may go to a draft's server, of runs that had one, that had none, and that do not know it any more."""
    with tempfile.TemporaryDirectory() as folder:
        session = _session(folder)
        sealer = Sealer(b"k" * 32)
        view = sealer.learn_secret(Secret("t0ken-T0ken", frozenset(origins) if origins is not None else None))
        answer = token_response({"expires_in": expiry} if expiry is not None else {}, token=view)
        begun, allowed = started(mode="direct", dialect=STANDARD), authorized(redirect(LOCATION))
        issued = exchanged(answer, token=view)
        unknown = exchanged(token_response({"expires_in": 1}, token=jwt()), token=jwt())
        for events in ((begun,), (begun, allowed, unknown), (begun, allowed, issued)):
            run = cast(Any, Over(fold(events)))
            session.history.append(run)
            session._sealers[run] = sealer
        draft = Draft(environment="x", base_url="https://a.example", client_id="c", redirect_uri=URI)
        found = session.expired_token(draft.to(issuer=issuer))
        return found and found.reveal()


def _sealed(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return _session(folder, HTTPS_PROXY="http://me:pr0xy-Passw0rd@p").sealed(text)


def _pkce(kind: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        session = _session(folder)
        count = iter(range(9))
        session.entropy = cast(Any, SimpleNamespace(token=lambda size: f"{size} bytes, {next(count)}"))
        return session._pkce(session.draft("test").to(pkce=cast(Any, kind)))


DELETE = Endpoint("DELETE", "/x")
RECORDED: dict[str, dict[str, Any]] = {
    "as it was": {},
    "no secret": {"client_secret": None},
    "another secret": {"client_secret": replace(SECRET, fingerprint="f" * 16)},
    "no exchange": {"exchange": False},
    "a bearer": {"bearer": TOKEN},
    "probes": {"probes": (LIST_USERS, DELETE, Endpoint("GET", "https://p.example/x"))},
    "unverified": {"verify_tls": False},
    "no state": {"state": None},
    "elsewhere": {"base_url": "https://b.example"},
    "of the sandbox": {"environment": "sandbox"},
    "edits": {
        "edits": (
            Edit("token", "header", "X-A", "set", "b"),
            Edit("token", "header", "X-B", "set", SECRET.reference),
            Edit("token", "header", "X-C", "set", CODE.reference),
        )
    },
    "a secret in a parameter": {"params": Params((("k", CODE.reference),))},
}
AGAIN: dict[str, dict[str, Any]] = {
    "": {},
    "changed": {"client_secret": Secret("given"), "verify_tls": True, "edits": (), "userid": "else"},
}


def _rerun(name: str, changes: str, holds: str, environment: str) -> Any:
    """What is run again of a recording, and what the person is told or asked before. holds: of which secrets the file has the values."""

    async def prepared() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            session = _session(folder, AIRISK_CLIENT_SECRET="of-the-variable")
            begun = (started(**{"environment": "test", "base_url": "https://a.example", **RECORDED[name]}),)
            views = {"secret": SECRET, "token": TOKEN, "code": CODE}
            raw = {views[one].fingerprint: Secret(f"raw {one}") for one in holds.split()}
            opened = OpenRecording(Path("a.jsonl"), Recording(HEADER, begun, secrets=raw), Replay(begun))
            try:
                found = await prepare_rerun(session, opened, environment, AGAIN[changes])
            except RerunRefused as error:
                return str(error)
            draft = found.draft
            secrets = [one and one.reveal() for one in (draft.client_secret, draft.bearer)]
            return draft.to(client_secret=None, bearer=None), secrets, found.notes, found.new_hosts, found.left_out

    return asyncio.run(prepared())


def sessions() -> Iterator[Reading]:
    """Each function with the arguments of its calls."""
    yield "Session.draft", _draft, [(name, variable) for name in CHANGES for variable in ("", "of-the-variable")]
    yield "Session.public_rows", _rows, [(False,), (True,), (False, "of-the-environment")]
    near, far = 1.0, 9_000.0
    asked: list[tuple[Any, ...]] = [(seconds, None, "") for seconds in (None, near, far)]
    asked += [
        (near, (origin,), issuer)
        for origin in ("https://a.example:443", "https://i.example:443")
        for issuer in ("", "https://i.example")
    ]
    yield "Session.expired_token", _expired, asked
    again = [(name, "", "", "test") for name in RECORDED] + [
        (name, "changed", "", "test") for name in ("edits", "unverified")
    ]
    again += [
        (name, "", "secret token code", "test")
        for name in ("of the sandbox", "as it was", "a bearer", "edits", "a secret in a parameter")
    ]
    again += [(name, "", "secret token", "other") for name in ("as it was", "elsewhere", "of the sandbox", "a bearer")]
    yield "rerun.prepare_rerun", _rerun, again
    yield "Session._pkce", _pkce, [(kind,) for kind in ("auto", "on", "off", "wrong")]
    yield "Session.sealed", _sealed, [("The proxy refused pr0xy-Passw0rd.",), ("The proxy refused.",)]
    environs = [{"HTTPS_PROXY": one, "X": "http://a:b@c"} for one in PROXIES]
    yield "session._proxy_passwords", lambda environ: list(_proxy_passwords(environ)), [(one,) for one in environs]
