"""The inputs of a recording as a draft for a live run, with a new state and without the recorded code and token (threats.md F5)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from airisk_tui.engine.config.environments import Environment
from airisk_tui.engine.draft import NO_CHANGES, Changes, Draft
from airisk_tui.errors import Refused
from airisk_tui.flow.start.fields import EMBEDDED, INPUTS, OTHER
from airisk_tui.flow.start.inputs import Inputs, Settings
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Edit
from airisk_tui.oauth.secret import Secret
from airisk_tui.oauth.text.visible import shortened, visible
from airisk_tui.oauth.urls import endpoint_url, origin
from airisk_tui.recording.exchanges import started
from airisk_tui.session.recordings.opening import OpenRecording
from airisk_tui.session.session import Session

MAX_NAME = 200
"""Characters of the name of a probe in a note."""
NOT_AS_RECORDED = {
    *("environment", "base_url", "issuer", "client_secret", "client_key", "bearer", "state", "challenge", "nonce"),
    *("probes", "hold", "edits"),
    *(
        field.name for field in INPUTS if field.of_machine
    ),  # a file never opens a port to other machines (threats.md L1)
}
AS_RECORDED = {*Settings.__struct_fields__} - NOT_AS_RECORDED
"""The inputs that a rerun takes from the recording; the others are those of the environment, or made for each run."""


class RerunRefused(Refused):
    """A recording cannot be run again; the text says why, and what to do."""


class Prepared(Struct, frozen=True):
    """A rerun that is ready to start. notes: its differences from the recorded run, in sentences; new_hosts: the secrets that would go to
    new hosts, in words; if there are any, ask the person before you start the draft. left_out: edits whose value is a secret that is not
    known here."""

    draft: Draft
    notes: tuple[str, ...] = ()
    new_hosts: tuple[str, ...] = ()
    left_out: tuple[Edit, ...] = ()

    @property
    def warning(self) -> str:
        """The secrets that would go to new hosts, in a sentence; "" if there are none."""
        if not self.new_hosts:
            return ""
        where = "that only the recording names" if self.draft.environment == OTHER else "that it did not come from"
        sent = ", and ".join(map(visible, self.new_hosts))
        return f"Against {visible(self.draft.environment)}, {sent}, a host {where}."


async def prepare_rerun(
    session: Session, opened: OpenRecording, environment: str, changes: Changes = NO_CHANGES
) -> Prepared:
    """A draft that runs the inputs of a recording, with these changes, against an environment. `OTHER` means the server that the
    recording names. Raises RerunRefused."""
    begun = started(opened.recording.events)
    if begun is None:
        raise RerunRefused("The recording has lost the event that began the run, so there are no inputs to run again.")
    inputs = begun.inputs
    await session.ready(environment)
    base = _registered(session, session.draft(environment), opened, inputs)
    if environment == OTHER:
        base = base.to(base_url=opened.unseal(inputs.base_url), issuer=opened.unseal(inputs.issuer))
    edits = [] if "edits" in changes else [_unsealed(edit, inputs, opened) for edit in inputs.edits]
    sealed = tuple(edit for edit in edits if REFERENCE.search(edit.value))
    draft, notes = await _with_secrets(
        session, _draft(base, inputs, opened), inputs, opened, changes.get("client_secret")
    )
    draft = draft.to(edits=tuple(edit for edit in edits if edit not in sealed)).with_changes(changes)
    draft, left_out = _with_probes(draft, inputs, session.environments[environment])
    verification = () if "verify_tls" in changes else _verification(draft, inputs)
    new_hosts = _sent_to_new_hosts(draft, inputs, session.environments[environment])
    unknown = tuple(
        f"The edit {visible(edit.option)} is left out: its value is a secret that is not known here." for edit in sealed
    )
    return Prepared(draft.agreed(), (*notes, *left_out, *verification, *unknown), new_hosts, sealed)


def _registered(session: Session, base: Draft, opened: OpenRecording, inputs: Inputs) -> Draft:
    """Register the recorded redirect URI in this sandbox, if the recorded run used a sandbox, too, because both have chosen a free port
    in it. Returns the draft with it among the registered ones."""
    uri = inputs.redirect_uri
    recorded, present = opened.final.known.registered or (), base.registered or ()
    server = session.embedded.find(base.environment)
    if server is None or uri not in recorded or uri in present:
        return base
    server.data = server.data.with_redirect_uri(uri)
    return base.to(registered=(*present, uri))


def _draft(base: Draft, inputs: Inputs, opened: OpenRecording) -> Draft:
    """The recorded inputs with the address of this environment and a new state, without secrets. Raises RerunRefused."""
    texts = {name: opened.unseal(getattr(inputs, name) or "") for name in ("client_id", "redirect_uri", "userid")}
    params, token_params = (
        Params(tuple((name, opened.unseal(value)) for name, value in pairs))
        for pairs in (inputs.params, inputs.token_params)
    )
    paths = [base.base_url, base.issuer, *inputs.dialect.addresses, *(probe.path for probe in inputs.probes)]
    values = [*texts.values(), *(value for _, value in (*params, *token_params)), *paths]
    if any(REFERENCE.search(value) for value in values):
        raise RerunRefused(
            "A secret stands in the inputs of this recording (in an address or an extra parameter), and a sealed recording "
            "does not hold it. Run the flow anew with `airisk-tui run`, and give the value there."
        )
    as_recorded = {name: getattr(inputs, name) for name in AS_RECORDED}
    unsealed = {**texts, "params": params, "token_params": token_params}
    return base.to(**{**as_recorded, **unsealed}, state=base.state if inputs.state is not None else None)


def _unsealed(edit: Edit, inputs: Inputs, opened: OpenRecording) -> Edit:
    """A recorded edit for another run: placeholders for the client's own secrets, other secrets raw if the file has them."""
    edit = inputs.placed(edit)
    return replace(edit, value=opened.unseal(edit.value))


def _with_probes(draft: Draft, inputs: Inputs, environment: Environment) -> tuple[Draft, tuple[str, ...]]:
    """The draft with the recorded probes, and notes on those that are left out: they may change something, and the environment does not
    name them."""
    named = {endpoint.name for endpoint in environment.endpoints}
    probes = tuple(probe for probe in inputs.probes if probe.safe or probe.name in named)
    notes = tuple(
        f"{visible(shortened(probe.name, MAX_NAME))} is left out: it may change something on the server, and it is not "
        f"among the endpoints of the environment “{visible(environment.name)}”; add it there to have it asked."
        for probe in inputs.probes
        if probe not in probes
    )
    return draft.to(probes=probes), notes


def _verification(draft: Draft, inputs: Inputs) -> tuple[str, ...]:
    """A note if the recording differs. The environment decides whether certificates are verified, never a recording (threats.md C7)."""
    if draft.verify_tls == inputs.verify_tls:
        return ()
    verified = ("were not verified", "were verified")
    return (
        f"When the recording was made, certificates {verified[inputs.verify_tls]}; now they "
        f"{'are' if draft.verify_tls else 'are not'}, as the environment says.",
    )


async def _with_secrets(
    session: Session, draft: Draft, inputs: Inputs, opened: OpenRecording, given: Secret | None
) -> tuple[Draft, tuple[str, ...]]:
    notes: list[str] = []
    # The embedded server never gets secrets of another server; it has its own.
    foreign = draft.environment in EMBEDDED and inputs.environment != draft.environment
    known = {} if foreign else opened.recording.secrets
    if (secret := inputs.client_secret) is not None and inputs.exchange:
        found = given or known.get(secret.fingerprint) or session.secret(draft.environment, draft.client_id)
        if found is None:
            found = await session.keyring.kept(session.environments[draft.environment], draft.client_id)
            notes += [session.keyring.problem] if session.keyring.problem else []
        draft = draft.to(client_secret=found)
        notes += _other_secret(session, found, secret.fingerprint)
    if inputs.bearer is not None:
        raw = known.get(inputs.bearer.fingerprint)
        draft = draft.to(bearer=raw)
        if raw is None:
            notes.append("The recorded token request carried a bearer token, which is not known here; none is sent.")
    return draft, tuple(notes)


def _other_secret(session: Session, found: Secret | None, recorded: str) -> list[str]:
    if found is not None and recorded and session.fingerprint(found) != recorded:
        return ["The client secret is not the one that was recorded, or the recording is from another library."]
    return []


class _Carried(Struct, frozen=True):
    """A secret in a request. what: the secret in words; path: of the request; used: whether the recorded request carried it, too, so that
    it belongs to the host of that request."""

    what: str
    path: str
    used: bool = False


def _sent_to_new_hosts(draft: Draft, recorded: Inputs, environment: Environment) -> tuple[str, ...]:
    """Clauses such as "the client secret would go to https://…", one for each new host.

    A recording may come from somebody else, and its dialect and probes may contain whole URLs (threats.md F5). So the origin of every
    request is checked, and an origin that is only in the recording is new, because the person did not name it.
    """
    own = environment.origins
    moved: dict[str, list[str]] = {}
    for carried in _carried(draft, recorded):
        there = origin(endpoint_url(draft.issuer or draft.base_url, carried.path))
        before = origin(endpoint_url(recorded.base_url, carried.path))
        # The embedded server has another port at each start, and never gets a secret from a recording of another server.
        same = there == before or draft.environment in EMBEDDED
        if there not in own or (carried.used and not same):
            moved.setdefault(there, []).append(carried.what)
    return tuple(
        f"{' and '.join(words)} would go to {place or 'an address that cannot be read'}"
        for place, words in moved.items()
    )


def _carried(draft: Draft, recorded: Inputs) -> Iterator[_Carried]:
    """The secrets in the requests of the draft, in the order of the clauses."""
    authorize, token = draft.dialect.authorize_path, draft.dialect.token_path
    asked = [recorded.client_id, recorded.redirect_uri, recorded.userid or "", *(v for _, v in recorded.params)]
    if any(map(REFERENCE.search, asked)):
        yield _Carried("a secret in the authorization request", authorize, used=True)
    else:
        yield _Carried("the authorization request", authorize)
    if draft.exchange:
        if draft.client_secret is not None:
            yield _Carried("the client secret", token, used=True)
        if draft.bearer is not None:
            yield _Carried("the bearer token of its token request", token, used=True)
        if any(REFERENCE.search(value) for _, value in recorded.token_params):
            yield _Carried("a secret in the token request", token, used=True)
        yield _Carried("the code", token)
        yield from (_Carried("the new token", endpoint.path) for endpoint in draft.probes)
