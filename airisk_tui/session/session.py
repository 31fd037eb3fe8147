"""A session: the data of the program in memory from its start to its end: environments, secrets, connections, runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.engine.config import credentials
from airisk_tui.engine.config.environments import Configuration, Environment, read_configuration
from airisk_tui.engine.config.home import Home
from airisk_tui.engine.draft import NO_CHANGES, Changes, Draft
from airisk_tui.engine.machine.host import read_host
from airisk_tui.engine.ports import RUN_ID_BYTES, Clock, Entropy, SystemClock, SystemEntropy
from airisk_tui.flow.start.fields import EMBEDDED, OTHER, SANDBOX
from airisk_tui.oauth.secret import Secret, SecretView
from airisk_tui.oauth.urls import origin
from airisk_tui.session.embedded import Embedded

if TYPE_CHECKING:
    from airisk_tui.engine.client.exchange import Client
    from airisk_tui.engine.machine.browser import BrowserLaunch
    from airisk_tui.engine.perform import Opener
    from airisk_tui.engine.recorder import FileRecorder
    from airisk_tui.engine.run import OnEvent, Run
    from airisk_tui.flow.events import AnyEvent
    from airisk_tui.flow.start.known import Host, Known, SeenCertificate
    from airisk_tui.flow.state import FlowState
    from airisk_tui.insight.context import Context
    from airisk_tui.insight.explain import Report
    from airisk_tui.redaction.echoes import Echoes
    from airisk_tui.redaction.sealer import Sealer
    from airisk_tui.sandbox.server import SandboxServer

STATE_BYTES = 16
"""128 bits, as RFC 6749 §10.10 requires for values that must not be guessed; 22 characters."""

VERIFIER_BYTES = 32
"""256 bits, as RFC 7636 §4.1 recommends; 43 characters."""


class RecordingOptions(Struct, frozen=True):
    """The options of recording. path: the file for the first run, None for one in the library, which every later run has."""

    path: Path | None = None
    include_secrets: bool = False


class Session:
    """One session. Make it in a running event loop, and close it with `aclose`.

    record: None records no run; fingerprint_key: None for that of the library; history: the runs that are done, the oldest first;
    listed_users: by environment, the user ids that ListUsers listed; key_problem: why the library has no key, in a sentence, or None.
    """

    def __init__(
        self,
        *,
        home: Home | None = None,
        clock: Clock | None = None,
        opener: Opener | None = None,
        sandbox_faults: tuple[str, ...] = (),
        fingerprint_key: bytes | None = None,
        record: RecordingOptions | None = None,
        configuration: Configuration | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.home = home or Home.find(environ)
        self.clock = clock or SystemClock()
        self.entropy: Entropy = SystemEntropy()
        self.configuration = configuration or read_configuration(self.home.config)
        self.environments = {**self.configuration.environments}
        self.environments.setdefault(OTHER, Environment(name=OTHER))
        self.history: list[Run] = []
        self.embedded = Embedded(sandbox_faults)
        self.listed_users: dict[str, tuple[str, ...]] = {}
        self.key_problem: str | None = None
        self.keyring = credentials.Keyring()
        self._key = fingerprint_key
        self._record = record
        self._opener = opener
        self._environ = environ
        self._clients: dict[tuple[bool, str | None], Client] = {}
        self._port = asyncio.Lock()
        self._live: set[Run] = set()
        self._sealers: dict[Run, Sealer] = {}

    @property
    def sandbox(self) -> SandboxServer | None:
        """The AIRisk server inside the program, if it runs."""
        return cast("SandboxServer | None", self.embedded.find(SANDBOX))

    @property
    def is_awaiting(self) -> bool:
        """Whether a run of this session holds the port of the callback, so that another one would wait for it."""
        return self._port.locked()

    @cached_property
    def sealer(self) -> Sealer:
        """The sealer for texts that belong to no run. Made at its first use, so that opening the program creates no file."""
        return self._new_sealer()

    def _new_sealer(self) -> Sealer:
        """A new sealer without secrets. All sealers share a key, so that the fingerprints of different runs can be compared, and find one
        another's secrets, so that none is in clear in a later run."""
        from airisk_tui.redaction.sealer import Sealer

        sealer = Sealer(self._fingerprint_key, self._echoes)
        for password in _proxy_passwords(self._environ):
            sealer.learn(password)
        return sealer

    @cached_property
    def _echoes(self) -> Echoes:
        from airisk_tui.redaction.echoes import Echoes

        return Echoes()

    @cached_property
    def _fingerprint_key(self) -> bytes:
        """The library's key if runs are recorded, so that a secret has one fingerprint in all recordings; else a new key."""
        from airisk_tui.recording.disk.errors import RecordingFailed
        from airisk_tui.recording.disk.folder import KEY_BYTES, fingerprint_key

        if self._key:
            return self._key
        if self._record is not None:
            try:
                return fingerprint_key(self.home.recordings, self.entropy.key)
            except RecordingFailed as error:
                self.key_problem = str(error)
        return self.entropy.key(KEY_BYTES)

    @cached_property
    def _host(self) -> Host:
        return read_host(self._environ)

    def prepare(self, name: str) -> Environment:
        """The environment with all data that a draft needs. The port of a server inside the program is bound; requests to it wait until
        `ready` has started the server."""
        if name in EMBEDDED and (prepared := self.embedded.prepare(name)) is not None:
            self.environments[name] = prepared
        return self.environments[name]

    async def ready(self, name: str) -> Environment:
        """The environment, ready for a run. A server inside the program is started if it does not run."""
        environment = self.prepare(name)
        if name in EMBEDDED:
            await self.embedded.start(name)
        return environment

    def secret(self, environment: str, client_id: str) -> Secret | None:
        """The client secret that needs no keyring: of a server inside the program its own, else that of the environment variable, or
        None."""
        if environment in EMBEDDED:
            return self.embedded.secret(environment, client_id)
        return credentials.secret_from_variable(self._environ)

    def draft(self, name: str, changes: Changes = NO_CHANGES) -> Draft:
        """A draft for an environment with a new state and these changes. Call `prepare` first. If the changes have no client secret, the
        draft gets that of `secret`. Raises ConfigurationError."""
        draft = Draft.of(self.environments[name], self.fresh_state()).with_changes(changes)
        if "client_secret" in changes:
            return draft.bound()
        variable = credentials.secret_from_variable(self._environ) if "client_id" in changes else None
        return draft.to(client_secret=variable or self.secret(name, draft.client_id)).bound()

    async def draft_to_run(self, name: str, changes: Changes) -> Draft:
        """Like `draft`, but with the client secret of the keyring if there is no other one."""
        draft = self.draft(name, changes)
        if draft.client_secret is not None or "client_secret" in changes:
            return draft
        return draft.to(client_secret=await self.keyring.kept(self.environments[name], draft.client_id))

    def public_rows(self, draft: Draft, rows: Mapping[str, str], *secrets: Secret | None) -> dict[str, str]:
        """The rows of the form that contain no secret, which a log would have in clear. rows: texts by input, or by any other name a
        parameter as NAME=VALUE; secrets: known ones beside those of the draft."""
        from airisk_tui.recording.disk.folder import KEY_BYTES
        from airisk_tui.redaction.inputs import sealed_start
        from airisk_tui.redaction.sealer import Sealer

        sealer = Sealer(self.entropy.key(KEY_BYTES))
        for secret in secrets:
            if secret is not None:
                sealer.learn_secret(secret)
        sealed, _ = sealed_start(draft, draft.known(self._host), sealer)
        hidden = {name for name in rows if isinstance(text := getattr(sealed, name, None), str) and text != rows[name]}
        pairs = ((draft.params, sealed.params), (draft.token_params, sealed.token_params))
        params = {name for mine, known in pairs for name, _ in set(mine) - set(known)}
        known = self.sealer if self.history else sealer
        return {
            name: text
            for name, text in rows.items()
            if name not in hidden and text.partition("=")[0].strip() not in params and known.text(text) == text
        }

    def known_values(self, draft: Draft) -> dict[str, tuple[str, ...]]:
        """The values that a row of the form may offer, by input: those known of the deployment, and the base URLs of the others."""
        others = tuple(each.base_url for each in self.environments.values() if each.base_url)
        return {
            "userid": (*self.listed_users.get(draft.environment, ()), *(draft.users or ())),
            "redirect_uri": draft.registered or (),
            "client_id": draft.clients or (),
            "base_url": others,
        }

    def fresh_state(self) -> str:
        """A new value for `state` (RFC 6749 §10.12, RFC 9700 §2.1)."""
        return self.entropy.token(STATE_BYTES)

    def start(self, draft: Draft, on_event: OnEvent = lambda event, state: None, *, kept: bool = True) -> Run:
        """Start a run. The first event is posted before this returns. kept: whether the run is recorded and added to `history`; one of
        many is not."""
        from airisk_tui.engine.perform import Performer
        from airisk_tui.engine.run import Run
        from airisk_tui.redaction.inputs import sealed_start

        draft = draft.to(nonce=self.fresh_state()) if draft.standard and draft.nonce == "" else draft
        environment = self.environments.get(draft.environment)
        client = self._client(draft)
        challenge, verifier = self._pkce(draft)
        signing_key = self._signing_key(draft)
        known = self._known_at_start(draft, environment, kept=kept)
        sealer = self._new_sealer()
        origins = draft.origins | (environment.origins if environment is not None else frozenset())
        inputs, known = sealed_start(draft, known, sealer, challenge, verifier, signing_key, origins=origins)
        recorder = self._recorder(sealer) if kept else None
        opener, expired = self._opener or _open_browser, partial(self.expired_token, draft)
        performer = Performer(sealer, client, opener, self._port, expired)

        def tell(event: AnyEvent, state: FlowState) -> None:
            if state.live:
                self._live.add(run)
            else:
                self._live.discard(run)
                if not kept:
                    self._sealers.pop(run, None)
                elif run not in self.history:
                    self.history.append(run)
            on_event(event, state)

        run = Run(performer, self.clock, tell, recorder)
        self._sealers[run] = sealer
        run.start(inputs, self.entropy.key(RUN_ID_BYTES).hex(), known)
        return run

    def _known_at_start(self, draft: Draft, environment: Environment | None, *, kept: bool) -> Known:
        """The facts to record beside the inputs. Their texts are not yet sealed."""
        certificates: tuple[SeenCertificate, ...] = ()
        if draft.base_url.startswith("https:") and kept:
            from airisk_tui.recording.disk.library import Library
            from airisk_tui.session.last_good import certificates_then

            certificates = certificates_then(Library(self.home.recordings), draft.environment)
        earlier = tuple(run.state.run_id for run in self.history)
        return draft.known(self._host, earlier, environment, certificates)

    def _signing_key(self, draft: Draft) -> str | None:
        """The private key (PEM) of a client that signs assertions: of its file, or of a server inside the program."""
        if draft.client_key:
            return credentials.signing_key(draft.client_key)
        return self.embedded.signing_key(draft.environment, draft.client_id)

    def _recorder(self, sealer: Sealer) -> FileRecorder | None:
        if self._record is None:
            return None
        from airisk_tui.engine.recorder import FileRecorder

        options, self._record = self._record, replace(self._record, path=None)
        path, included, notice = options.path, options.include_secrets, self.key_problem
        return FileRecorder(
            self.home.recordings,
            sealer,
            self.clock,
            self.title_of,
            asked_for=path,
            include_secrets=included,
            notice=notice,
        )

    def _pkce(self, draft: Draft) -> tuple[str | None, str | None]:
        """The challenge and the verifier (RFC 7636 §4), or None twice without PKCE; two that do not fit for the choice "wrong"."""
        if not draft.wants_pkce:
            return None, None
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        verifier = self.entropy.token(VERIFIER_BYTES)
        challenge: str = create_s256_code_challenge(verifier)
        return challenge, self.entropy.token(VERIFIER_BYTES) if draft.pkce == "wrong" else verifier

    def _client(self, draft: Draft) -> Client:
        from airisk_tui.engine.client.exchange import Client

        kind = (draft.verify_tls, draft.ca_file)
        if kind not in self._clients:
            ca_file = Path(draft.ca_file).expanduser() if draft.ca_file else None
            self._clients[kind] = Client(verify=draft.verify_tls, ca_file=ca_file)
        return self._clients[kind]

    def expired_token(self, draft: Draft) -> Secret | None:
        """An expired token of this session that may go to the server of the draft, or None."""
        there = origin(draft.issuer or draft.base_url)
        for run in self.history:
            issued = run.state.token_answer.token if run.state.token_answer else None
            at = issued.expiry.at if issued and issued.expiry else None
            if run.state.token is None or at is None or at >= self.clock.wall():
                continue
            token = self.secret_of(run, run.state.token)
            if token is not None and (token.origins is None or there in token.origins):
                return token
        return None

    def context_of(self, state: FlowState, now: float = 0.0) -> Context:
        """The context of a run for the rules. now: see `Context`."""
        from airisk_tui.insight.context import Context

        return Context.of(state, (run.state for run in self.history), now)

    def explained(self, run: Run) -> Report:
        """The report of a run so far. The rules are imported here and below, so that a start does not wait for them."""
        from airisk_tui.insight.explain import explain

        return explain(self.context_of(run.state, run.now()))

    def explained_now(self, run: Run) -> Report | None:
        """The report that a person sees at this moment; None if there is nothing to say yet."""
        from airisk_tui.insight.explain import explain_now

        return explain_now(self.context_of(run.state, run.now()))

    def title_of(self, state: FlowState) -> str | None:
        """The title of the first finding of a run, for a list of runs; None if all went well."""
        from airisk_tui.insight.explain import explain

        return explain(self.context_of(state)).title

    def secret_of(self, run: Run, view: SecretView) -> Secret | None:
        """The raw secret with its origins; None if this run does not know it, even if another one does."""
        return self._sealer_of(run).reveal(view)

    def raw_of(self, run: Run, view: SecretView) -> str | None:
        """The raw value of a secret, to show it to the person; None if the run does not know it."""
        secret = self.secret_of(run, view)
        return secret.reveal() if secret is not None else None

    def unseal(self, run: Run, text: str) -> str:
        """A text of the log with the secrets in place of the references, as far as the run knows them."""
        return self._sealer_of(run).unseal(text)

    def _sealer_of(self, run: Run) -> Sealer:
        return self._sealers.get(run, self.sealer)

    def sealed(self, text: str) -> str:
        """The text with references in place of the secrets that this session knows."""
        return self.sealer.text(text)

    def fingerprint(self, secret: Secret) -> str:
        """The fingerprint that the secret has in recordings."""
        return self._new_sealer().learn(secret.reveal()).fingerprint

    async def aclose(self) -> None:
        """End everything that is under way, in well under a second. If one part fails, the others are closed before the error is
        raised."""
        failures: list[Exception] = []
        for closing in self._closings():
            try:
                await closing
            except Exception as error:  # noqa: BLE001 - the other parts have to be closed, too; it is raised below
                failures.append(error)
        if len(failures) > 1:
            raise ExceptionGroup("Several things went wrong while the session was closed.", failures)
        if failures:
            raise failures[0]

    def _closings(self) -> Iterator[Awaitable[None]]:
        """The awaitables to await, in order; each is made when the one before has ended."""
        for run in list(self._live):  # a copy, because a run that ends is removed
            yield _ended(run)
        for run in self.history:
            if run.recorder is not None:
                yield _closed(run.recorder)
        while self._clients:
            yield self._clients.popitem()[1].aclose()
        yield self.embedded.stop()


async def _ended(run: Run) -> None:
    run.cancel()
    await run.finished()


async def _closed(recorder: FileRecorder) -> None:
    """Close a recorder. In the thread of the loop, because it cancels a timer of the loop."""
    recorder.close()


def _proxy_passwords(environ: Mapping[str, str]) -> Iterator[str]:
    """The passwords in the proxy variables, which an error page of the proxy may repeat (threats.md F1)."""
    for name, value in environ.items():
        # Up to the last “@”, because a password may contain one that is not encoded.
        _, mark, password = value.rpartition("@")[0].partition("://")[2].partition(":")
        if mark and name.lower().endswith("_proxy"):
            yield unquote(password)


async def _open_browser(url: str) -> BrowserLaunch:
    from airisk_tui.engine.machine.browser import open_browser

    return await open_browser(url)
