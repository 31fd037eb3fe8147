"""What the session makes of other clients' requests, of two runs, of many users and of a recording (see `tests.kept`), in `kept.txt`."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from msgspec.structs import asdict, replace

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.draft import Draft
from airisk_tui.flow.events import AnyEvent
from airisk_tui.flow.fold import fold
from airisk_tui.flow.phases import Outcome
from airisk_tui.flow.start.fields import EMBEDDED
from airisk_tui.flow.start.known import Known
from airisk_tui.flow.start.units import UnitDifference
from airisk_tui.flow.state import FlowState
from airisk_tui.oauth.answer.endpoints import GET_CONVERSATIONS, LIST_USERS, Endpoint
from airisk_tui.oauth.dialect import AIRISK, STANDARD
from airisk_tui.oauth.http import ServerCertificate
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.recording.disk.library import Library
from airisk_tui.recording.disk.summary import closing_for
from airisk_tui.recording.har.log import imported_header
from airisk_tui.recording.written import Unreadable, requests_in
from airisk_tui.session.bisect import UNKNOWN, Bisection, fewest, runs_for
from airisk_tui.session.embedded import Embedded
from airisk_tui.session.grid import GridRow, NoBaseline, drift_of, endpoints_of, grid_document, read_baseline, row_of
from airisk_tui.session.last_good import certificates_then, last_good, since_last_good, since_then
from airisk_tui.session.likeness import likeness
from airisk_tui.session.likeness import row_of as departure_row
from airisk_tui.session.recordings.checking import check_events, sealed_in
from airisk_tui.session.recordings.importing import flow_line, flows_in, import_flow, is_recording
from airisk_tui.session.recordings.server import fresh_with, moved
from airisk_tui.session.rerun import Prepared, _sent_to_new_hosts
from airisk_tui.session.two_tokens import safe_endpoints, unsafe_endpoints, users_of
from tests.kept import Reading, kept_text, told
from tests.recording.hars import BASE, har
from tests.recording.logs import LOGS
from tests.recording.readings.imported import HARS
from tests.runs import (
    BOUND,
    INPUTS,
    LOCATION,
    OPENED,
    OVER,
    RUN_ID,
    SECRET,
    URI,
    UTC,
    authorized,
    exchanged,
    good,
    jwt,
    page,
    probed,
    problem,
    redirect,
    response,
    started,
    text,
    token_response,
    unconnected,
)
from tests.session import exports
from tests.session.sessions import sessions

KEPT = Path(__file__).with_name("kept.txt")

TOKEN, AUTHORIZE = "https://h.example/api/oauth2/Token", "https://h.example/api/oauth2"
FORM = "code=Splxl&client_id=abc&client_secret=s3cret&redirect_uri=http%3A%2F%2Flocalhost%3A8081%2Fcb"

CLIENTS = (
    f"curl {TOKEN} -d '{FORM}'",
    f"curl {TOKEN} -d '{FORM}&userid=u1&x=1' -H 'Accept: a/b' -A mine",
    f"curl {TOKEN.lower()} -d '{FORM}'\ncurl '{AUTHORIZE}?client_id=abc&redirect_uri=http://localhost:8081/cb&state=xyz'",
    f"curl '{AUTHORIZE}?client_id=abc&redirect_uri=http%3A%2F%2Flocalhost%3A8081%2Fcb&state=xyz&prompt=login'",
    f"curl '{AUTHORIZE}?client_id=abc&response_type=code'\ncurl -d a=b https://h.example/other\ncurl -d code=1 https://id.example/t",
    f"curl -u abc:s3cret {TOKEN} -d code=Splxl -d redirect_uri=http://localhost/",
    "curl -u abc:s3cret https://h.example/oauth/token?tenant=1#f -d grant_type=authorization_code -d code=Splxl",
    f'curl {TOKEN} --json \'{{"code": "Splxl", "client_id": "abc", "client_secret": "s3cret"}}\'',
    f'curl {TOKEN} --json \'{{"client_id":"abc","code":"Splxl","client_secret":"s3cret"}}\' -b a=b',
    f'curl {TOKEN} --json \'{{"client_id":"abc","code":"abcd","client_secret":"s3c"}}\' -b abcd=s3c',
    f"curl {TOKEN} -F client_id=abc -F client_secret=s3cret -F code=Splxl",
    f"curl {TOKEN} -H 'Content-Type: text/plain' -d 'Splxl s3cret code=Splxl.'",
    f'curl {TOKEN} -d "code=$CODE&client_secret=$CLIENT_SECRET&client_id=$CLIENT_ID&y=${{OTHER}}$$"',
    f"curl -X PUT {TOKEN} -d '{FORM}' -d 'code={{code}}&z=%7Bstate%7D' -H 'X-A: {{host}}' -H 'Host: other.example'",
    f"curl {TOKEN} -d 'client_secret=~sealed.0123456789abcdef.6.opaque~&code=~sealed.0123456789abcdee.5.opaque~'",
    f"curl {TOKEN} -X POST -H 'Authorization: Basic YWJjOnMzY3JldA==' -H 'Cookie: a=b' -H 'X-Api-Key: hush'",
    f"POST /api/oauth2/Token HTTP/1.1\r\nHost: h.example\r\nContent-Length: {len(FORM)}\r\n\r\n{FORM}",
    "curl https://h.example/",
    f"curl {TOKEN} -d refresh_token=r -d client_id=abc",
    f"curl -I '{AUTHORIZE}?client_id=abc'",
)

BARE = Draft(environment="other", base_url="", client_id="", redirect_uri=URI, state="fresh")


def _like(written: str) -> Any:
    try:
        found = likeness(requests_in(written.encode()), BARE)
    except Unreadable as error:
        return str(error)
    draft = found.draft.to(edits=())
    secret = draft.client_secret.reveal() if draft.client_secret else None
    edits = [f"{one.option}={one.value}" for one in found.draft.edits]
    return draft.to(client_secret=None), secret, edits, [departure_row(one) for one in found.departures], found.notes


API_KEYS = Params((("api_key", SECRET.reference), ("apikey", "9Xk2vQ8rT1")))
UNSEALED = {
    "a secret in the inputs": (started(params=API_KEYS),),
    "what is registered": (
        started(known=Known(registered=(URI,), clients=("client-7c9e6679",), users=("user-81f3aa",))),
        *LOGS["pushed"][1:],
        exchanged(text("No user-81f3aa, client-7c9e6679 or 9Xk2vQ8rT1zz at http://127.0.0.1:9000/par7c9e6679.")),
    ),
    "the beginning lost": LOGS["browser-token"][1:],
}


def _bisections() -> Iterator[Bisection]:
    one, two = UnitDifference("userid", None, "u"), UnitDifference("params.prompt", "login", "none" * 40)
    gone, edit = (
        UnitDifference("edit token.body.code", None, "omit token.body.code"),
        UnitDifference("edit x", "set x=1", None),
    )
    secret, unknown = UnitDifference("client_secret", "one", "another"), UnitDifference("params.key", "a", UNKNOWN)
    yield Bisection((), "", "")
    yield Bisection((one,), "", "", cancelled=True)
    yield Bisection((one,), "token", "token")
    yield Bisection((one,), "token", "timeout")
    yield Bisection((one,), "token", "timeout", ("userid",))
    yield Bisection((one, two), "token", "timeout", ("params.prompt",))
    yield Bisection((one, two, gone, edit), "token", "timeout", ("edit token.body.code", "edit x"))
    yield Bisection((secret, unknown, one), "token", "token", ("client_secret", "params.key"))


TOKEN_VIEW = jwt()

CERTIFICATE = ServerCertificate(issuer="CN=a", sha256="ab" * 32)


def _run(answer: Any = None, *more: Any, **changes: Any) -> FlowState:
    return fold(_log(answer, *more, **changes))


def _log(
    answer: Any = None,
    *more: Any,
    certificate: Any = None,
    tls: str | None = None,
    token: SecretView = TOKEN_VIEW,
    run_id: str = RUN_ID,
    utc: float = UTC,
    **changes: Any,
) -> tuple[AnyEvent, ...]:
    mine = replace(INPUTS, **changes)
    issued = exchanged(answer, mine, certificate=certificate, token=token)
    if tls:
        issued = replace(
            issued, exchange=replace(issued.exchange, connection=replace(issued.exchange.connection, tls=tls))
        )
    return (started(mine, run_id=run_id, utc=utc), BOUND, OPENED, good(), issued, *more)


def _states() -> dict[str, FlowState]:
    """Runs that differ from a clean one, by what differs."""
    listed = probed(LIST_USERS, response(200, '[{"id": "user_42"}]', "application/json"))
    theirs = jwt({"sub": "user_42"}, fingerprint="70ce000000000002")
    known = Known(registered=(URI, "http://127.0.0.1:9999/callback"))
    elsewhere = replace(INPUTS, base_url="http://127.0.0.1:1", redirect_uri="http://127.0.0.1:9999/callback")
    direct = replace(INPUTS, mode="direct")
    return {
        "clean": _run(None, listed),
        "refused": _run(text("Invalid Code"), environment="test"),
        "a page": _run(page(), environment="test"),
        "another certificate": _run(certificate=replace(CERTIFICATE, sha256="cd" * 32), tls="TLSv1.2"),
        "a certificate": _run(certificate=CERTIFICATE, tls="TLSv1.3"),
        "no TLS": _run(certificate=CERTIFICATE),
        "another server": _run(token_response({"extra": 1}, ("Server", "nginx"), ("Retry-After", "9"))),
        "other inputs": _run(None, userid="user_42", client_id="x", params=Params((("a", "b"),))),
        "embedded elsewhere": fold((started(elsewhere, known=known), BOUND, OPENED)),
        "no redirect": fold((started(), BOUND, OPENED, OVER)),
        "unconnected": fold((started(direct), unconnected())),
        "direct": fold((started(direct), authorized(redirect(LOCATION), direct), exchanged(mine=direct))),
        "direct to another": fold((started(direct), authorized(redirect(LOCATION.replace("8765", "9999")), direct))),
        "direct, not redirected": fold((started(direct), authorized(problem(), direct))),
        "user list refused": _run(
            None, probed(LIST_USERS, problem(403)), probed(GET_CONVERSATIONS, response(200, "[]", "application/json"))
        ),
        "for a user": _run(
            token_response(token=theirs), probed(LIST_USERS, problem(404)), token=theirs, userid="user_42"
        ),
        "nothing": fold(()),
    }


ROWS = (
    GridRow("", Outcome.TOKEN, "the application", True, {"GET /a": 403, "GET /b": None}),
    GridRow("u1", Outcome.TOKEN, "u1", True, {"GET /a": 200}),
    GridRow("u2", Outcome.TOKEN, "u1", False, {"GET /a": 200}, "It is another's."),
    GridRow("u3", Outcome.ACCESS_REFUSED),
    GridRow("u4", Outcome.TIMEOUT, finding="Nobody came."),
)


def readings() -> Iterator[Reading]:
    """Each function with the arguments of its calls."""
    yield "likeness.likeness", _like, [(one,) for one in CLIENTS]
    yield "bisect.Bisection.sentence", lambda one: one.sentence, [(one,) for one in _bisections()]
    yield "bisect.runs_for", runs_for, [(count,) for count in (0, 1, 2, 3, 4, 5, 8, 9)]
    states = _states()
    pairs = [("clean", name) for name in states] + [
        ("a certificate", "another certificate"),
        ("a certificate", "no TLS"),
    ]
    pairs += [("direct", name) for name in ("direct to another", "direct, not redirected", "unconnected")]
    pairs += [("embedded elsewhere", "clean"), ("nothing", "clean")]
    yield "last_good.since_then", lambda one, other: since_then(states[one], states[other]), pairs
    yield (
        "grid.row_of",
        lambda user, name: row_of(user, states[name]),
        [(user, name) for name in states for user in ("", "user_42")],
    )
    yield "grid.GridRow", lambda one: (one.name, one.good), [(one,) for one in ROWS]
    changed = (
        ROWS[0],
        replace(ROWS[1], acts_for=None, reached={"GET /a": 401, "GET /c": 200}),
        replace(ROWS[4], user="u5"),
    )
    yield "grid.drift_of", drift_of, [(ROWS, ROWS), (changed, ROWS), (ROWS, changed), ((), ROWS[:1])]
    yield "grid.endpoints_of", endpoints_of, [(changed,)]
    yield (
        "grid.grid_document",
        lambda: json.dumps(grid_document(ROWS[:3], drift_of(changed, ROWS)[:2], Outcome.DIFFERENT, 10)),
        [()],
    )
    yield "grid.read_baseline", _baseline, [("",), ("[]",), ('{"rows": [{"user": 7}]}',), (_grid(),)]
    yield "two_tokens.users_of", lambda name: users_of(states[name]), [(name,) for name in states]
    yield from _of_secrets()
    yield from _of_a_recording()
    yield "last_good.since_last_good", _recorded, [()]
    names = ("whole", "two flows", "no token request", "the token request alone", "refreshed", "called")
    yield "importing.import_flow", _imported, [(name,) for name in names]
    yield "bisect.fewest", _fewest, [("abcdefg", one) for one in ("a", "g", "bc", "ag", "abcdefg", "x", "")]
    yield "checking.check_events", _checked, [(name,) for name in (*LOGS, *UNSEALED)]
    yield from sessions()
    yield "embedded.Embedded", _embedded, [(name,) for name in EMBEDDED]


def _recorded() -> Any:
    """Which run of a library is the last good one for runs at several moments, and which certificates it met."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for run_id, environment, utc, answer in (
            ("first", "test", UTC - 90, None),
            ("second", "test", UTC, None),
            ("failed", "test", UTC + 30, text("Invalid Code")),
            ("elsewhere", "other", UTC + 60, None),
        ):
            log = _log(answer, run_id=run_id, environment=environment, utc=utc, certificate=CERTIFICATE)
            library.add(log, imported_header(log), closing_for(fold(log), None))
        (library.folder / "20261124T101502Z-test-generic-broken.jsonl").write_text("{}")
        asked = [
            since_last_good(library, _run(answer, run_id=run_id, utc=utc, environment=environment))
            for answer in (None, text("Invalid Code"))
            for run_id, utc in (("second", UTC), ("new", UTC), ("new", UTC + 99), ("new", UTC - 99))
            for environment in ("test", "another")
        ]
        found = [one and (one.good.run_id, [each.field for each in one.differences]) for one in asked]
        nothing = since_last_good(library, fold(())), last_good(library, fold(()))
        return found, nothing, [certificates_then(library, one) for one in ("test", "another")]


def _imported(name: str) -> Any:
    """How the flows of a HAR are told apart, and what each is in the library."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.har"
        path.write_bytes(har(HARS[name]))
        content = flows_in(path)
        lines = [flow_line(one).replace(BASE, "BASE") for one in content.flows]
        library, entropy = Library(Path(folder)), cast(Any, SimpleNamespace(key=lambda count: b"k" * count))
        imported = import_flow(content.flows[0], content.program, library, entropy)
        (row,) = library.summaries()
        kinds = is_recording(path), is_recording(imported)
        return content.program, lines, kinds, content.notes, (row.outcome, row.title)


def _grid() -> str:
    return json.dumps(grid_document(ROWS, (), Outcome.TOKEN, 0))


def _baseline(text: str) -> Any:
    """What is read of a saved grid."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grid.json"
        path.write_text(text)
        try:
            return read_baseline(path)
        except NoBaseline as error:
            return str(error).replace(str(path), "PATH")


def _fewest(names: str, culprits: str) -> Any:
    """Which names do it, and what is tried to find them."""
    tried = []

    async def works(taken: tuple[str, ...]) -> bool:
        tried.append("".join(taken))
        return set(culprits) <= set(taken)

    return "".join(asyncio.run(fewest(names, works))), tried


def _checked(name: str) -> Any:
    log = {**LOGS, **UNSEALED}[name]
    found = check_events(log)
    return [f"{one.place} {one.length}" for one in found.leftovers], found.summary, sealed_in(log) == found.summary


def _embedded(name: str) -> Any:
    """What is known of a server inside the program before its port is bound, and when it is."""

    async def known() -> Any:
        server = Embedded(("slow",))
        before = server.faults(name), server.find(name), server.secret(name, "demo-app")
        environment, again = server.prepare(name), server.prepare(name)
        assert environment is not None
        clients = environment.clients or ()
        credentials = [
            (one, server.secret(name, one) is not None, server.signing_key(name, one) is not None) for one in clients
        ]
        await server.stop()
        bound = {name: re.sub(r":\d{4,5}\b", ":PORT", told(one)) for name, one in asdict(environment).items() if one}
        return before, bound, again, credentials

    with patch("airisk_tui.engine.listener.free_port.free_redirect_uri", return_value="http://127.0.0.1:9/callback"):
        return asyncio.run(known())


def _of_secrets() -> Iterator[Reading]:
    there = Environment(
        name="test",
        base_url="https://a.example",
        endpoints=(LIST_USERS, Endpoint("POST", "/p"), Endpoint("GET", "https://p.example/x")),
    )
    draft = Draft(
        environment="test",
        base_url="https://a.example",
        client_id="c",
        redirect_uri=URI,
        client_secret=Secret("raw"),
        probes=(LIST_USERS,),
    )
    drafts = {
        "usual": draft,
        "elsewhere": draft.to(base_url="https://b.example"),
        "a bearer": draft.to(base_url="https://b.example", bearer=Secret("token")),
        "no exchange": draft.to(base_url="https://b.example", exchange=False),
        "no secret": draft.to(base_url="https://b.example", client_secret=None),
        "by its issuer": draft.to(base_url="", issuer="https://i.example", dialect=STANDARD),
        "a token endpoint elsewhere": draft.to(dialect=replace(AIRISK, token_path="https://t.example/t")),
        "a probe elsewhere": draft.to(probes=(Endpoint("GET", "https://q.example/x"), LIST_USERS)),
        "embedded": draft.to(environment="sandbox", base_url="http://127.0.0.1:5"),
        "a secret for another": draft.to(client_secret=Secret("raw", frozenset({"https://z.example:443"}))),
        "no address": draft.to(base_url=""),
    }
    recorded = {
        "usual": replace(INPUTS, base_url="https://a.example", environment="test"),
        "elsewhere": replace(INPUTS, base_url="https://b.example"),
        "sealed": replace(
            INPUTS,
            base_url="https://a.example",
            params=Params((("k", SECRET.reference),)),
            token_params=Params((("k", SECRET.reference),)),
        ),
    }

    def origins(found: frozenset[str] | None) -> Any:
        return sorted(found) if found is not None else None

    def of_secret(given: Draft) -> Any:
        return given.client_secret and origins(given.client_secret.origins)

    pairs = [(one, other) for one in drafts for other in recorded]
    yield "rerun._sent_to_new_hosts", lambda one, other: _sent_to_new_hosts(drafts[one], recorded[other], there), pairs
    yield "Environment.origins", lambda: origins(there.origins), [()]
    every = [(one,) for one in drafts]
    yield "Draft.origins", lambda one: origins(drafts[one].origins), every
    yield "Draft.bound", lambda one: of_secret(drafts[one].bound()), every
    yield "Draft.agreed", lambda one: of_secret(drafts[one].agreed()), every
    yield "Draft.stranger_to_its_secret", lambda one: drafts[one].stranger_to_its_secret, every
    session = cast(Any, SimpleNamespace(environments={"test": there}))
    for reader in (safe_endpoints, unsafe_endpoints):
        yield (
            f"two_tokens.{reader.__name__}",
            lambda one, reader=reader: [each.name for each in reader(session, drafts[one])],
            [(one,) for one in drafts],
        )
    yield (
        "rerun.Prepared.warning",
        lambda one, hosts: Prepared(drafts[one].to(environment=one), (), hosts).warning,
        [
            ("usual", ()),
            ("usual", ("the code would go to https://x:443",)),
            ("usual", ("a\x1b would go to b", "c would go to d")),
        ],
    )


def _of_a_recording() -> Iterator[Reading]:
    began = 1_743_426_737.0
    times = (
        b'"2025-03-31T13:12:17Z"',
        b'"2025-03-31T13:12:17.5+02:00"',
        b'"2026-05-05T13:12:17Z"',
        b'"2026-05-06T13:12:17Z"',
        b'"2024-02-25T13:12:17Z"',
        b'"2025-13-31T13:12:17Z"',
    )
    yield "recorded_server.moved", moved, [(one, began, 90.4) for one in times]
    entropy = cast(Any, SimpleNamespace(token=lambda count: "r" * count))
    views = (
        SecretView("a" * 16, 40, "jwt", '{"alg":"none"}', '{"exp":5,"iat":"x","sub":"s"}'),
        SecretView("b" * 16, 41, "jwt"),
        SecretView("c" * 16, 42),
    )
    fresh = fresh_with(entropy, views, 10.6)
    yield (
        "recorded_server.fresh_with",
        fresh,
        [(length, kind) for length in (3, 8, 40, 41, 42) for kind in ("opaque", "jwt", "jwe")],
    )


def said() -> str:
    """All of it."""
    return kept_text(readings())


def write() -> None:
    """The files anew."""
    KEPT.write_text(said(), "utf-8")
    exports.KEPT.write_text(exports.said(), "utf-8")
