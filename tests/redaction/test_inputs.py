"""What a person typed is sealed in the inputs of a run, and raw in the one place of a request that it was typed for (F1, F8)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.commands import AskDirectly, Countdown, ExchangeCode, Listen, OpenBrowser, Probe, VerifyIdToken
from airisk_tui.flow.start.inputs import Settings
from airisk_tui.flow.start.known import Known, SeenCertificate
from airisk_tui.oauth.answer.endpoints import LIST_USERS
from airisk_tui.oauth.http import HttpRequest, ServerCertificate
from airisk_tui.oauth.loopback import ListenAddress, Target
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.reference import REFERENCE
from airisk_tui.oauth.request.edit import Edit, Place
from airisk_tui.oauth.request.planned import PlannedRequest
from airisk_tui.oauth.secret import Secret, SecretRefused
from airisk_tui.redaction.inputs import outgoing, sealed_edit, sealed_start
from airisk_tui.redaction.sealer import Sealer

KEY = b"k" * 32
HERE, THERE = "https://h.example.com", "https://other.example.com"
SECRETS = (
    "client-secret-1",
    "bearer-token-2",
    "verifier-3",
    "signing-key-4",
    "hunter-5",
    "password-6",
    "api-key-7",
    "uri-8",
)
SETTINGS = Settings(
    environment="test",
    base_url=f"https://me:{SECRETS[4]}@h.example.com",
    client_id=f"app of {SECRETS[0]}",
    redirect_uri=f"http://127.0.0.1:8765/cb?session={SECRETS[7]}",
    listen="127.0.0.1:9000",
    client_secret=Secret(SECRETS[0]),
    bearer=Secret(SECRETS[1]),
    userid=f"user {SECRETS[0]}",
    state="open-state",
    params=Params((("password", SECRETS[5]), ("prompt", "login"))),
    token_params=Params((("x", f"of {SECRETS[0]}"),)),
    edits=(Edit("token", "header", "X-Api-Key", "set", SECRETS[6]),),
)


def test_F1_every_secret_of_a_start_is_a_reference_in_the_log_and_all_else_is_as_it_was_typed() -> None:
    sealer = Sealer(KEY)
    subject = ServerCertificate(f"CN={SECRETS[1]}", "CN=x", 1.0, 2.0, "ab")
    known = Known(
        registered=(SETTINGS.redirect_uri, "http://localhost/"),
        ca_file=f"/{SECRETS[0]}",
        certificates=(SeenCertificate(HERE, subject),),
        clients=("another-client-q7Rk2vXw9L",),
        users=("user-LpZ4tYb8NcD3",),
    )
    inputs, then = sealed_start(SETTINGS, known, sealer, "challenge-q7Rk2vXw9LpZ", *SECRETS[2:4])
    assert not [one for one in SECRETS if one in repr((inputs, then))]
    for view, raw in zip(
        (inputs.client_secret, inputs.bearer, inputs.verifier, inputs.signing_key), SECRETS, strict=False
    ):
        secret = sealer.reveal(view) if view is not None else None
        assert secret is not None and secret.reveal() == raw
    for name in ("base_url", "client_id", "redirect_uri", "listen", "userid", "state", "issuer", "environment"):
        assert sealer.unseal(getattr(inputs, name)) == getattr(SETTINGS, name)
    for name in ("params", "token_params"):
        assert [(one, sealer.unseal(value)) for one, value in getattr(inputs, name)] == list(getattr(SETTINGS, name))
    assert inputs.challenge == "challenge-q7Rk2vXw9LpZ"
    assert then.registered == (inputs.redirect_uri, "http://localhost/")
    assert sealer.unseal(then.ca_file) == known.ca_file
    assert then.certificates[0].certificate == replace(subject, subject=f"CN={sealer.learn(SECRETS[1]).reference}")
    words = " ".join((*(then.clients or ()), *(then.users or ()), "open-state", "challenge-q7Rk2vXw9LpZ", "login"))
    assert sealer.request(HttpRequest("GET", f"/x?message={words}")).url == f"/x?message={words}", (
        "what was typed is public"
    )
    assert sealer.url("/cb?code=abcdefstate=open-state").endswith("state=open-state")


def test_what_is_not_there_stays_away() -> None:
    bare = replace(SETTINGS, client_secret=None, bearer=Secret(""), userid="", issuer=HERE, edits=())
    inputs, then = sealed_start(bare, Known(), Sealer(KEY))
    assert (inputs.client_secret, inputs.bearer, inputs.verifier, inputs.signing_key, inputs.userid) == (None,) * 5
    assert (inputs.base_url, inputs.issuer) == (HERE, HERE)
    assert (then.registered, then.certificates) == (None, ())


@pytest.mark.parametrize(
    ("place", "name", "value", "sealed"),
    [
        ("header", "Authorization", "Bearer {token}", ""),
        ("header", "Authorization", "Basic q7 {basic} w9", "q7|w9"),
        ("header", "X-Some", "plain {code} words", ""),
        ("param", "code", "{code}", ""),
        ("param", "password", "one{state}two", "one|two"),
        ("param", "password", "one {state}, two", "one |, two"),
        ("param", "prompt", "login", ""),
        ("body", "client_secret", "abc", "abc"),
        ("body", "x", "abc{client_secret}", ""),
        ("body", "", "client_secret=abc&state={state}", "abc"),
        ("body", "", "client_secret=a%2Fb&state=open", "client_secret=a%2Fb&state=open"),
        ("body", "", '{"client_secret": "abc", "code": "{code}"}', "abc"),
        ("body", "", '{"a": "b"}', ""),
        ("url", "", "https://me:abc@h/x?code=abc", "abc|abc"),
        ("url", "", "https://h/%7e?a=b+c", ""),
        ("method", "", "PUT", ""),
        ("encoding", "", "json", ""),
    ],
)
def test_F1_an_edit_loses_only_the_secrets_that_were_typed_and_is_sent_as_it_was_typed(
    place: Place, name: str, value: str, sealed: str
) -> None:
    sealer = Sealer(KEY)
    edit = sealed_edit(Edit("token", place, name, "set", value, "an endpoint"), sealer)
    assert "|".join(sealer.unseal(found[0]) for found in REFERENCE.finditer(edit.value)) == sealed
    assert sealer.unseal(edit.value).replace(" ", "") == value.replace(" ", "")
    assert replace(edit, value=value) == Edit("token", place, name, "set", value, "an endpoint")


TAILS = {"token": "tok-abcdef", "none": "tok-abcdef", "broken": "tok-fedcba", "expired": "of-yesterday"}


def test_F8_a_command_carries_its_secrets_to_their_own_server_and_to_no_other() -> None:
    sealer = Sealer(KEY)
    inputs, _ = sealed_start(replace(SETTINGS, client_id="app"), Known(), sealer, origins=frozenset({f"{HERE}:443"}))
    token, secret = sealer.learn("tok-abcdef"), inputs.client_secret
    assert secret is not None

    def plan(url: str, *pieces: object) -> PlannedRequest:
        return PlannedRequest("POST", (url + "/x",), (("a", ("b",)),), (("X", pieces),), (("s", (secret,)),))  # type: ignore[arg-type]

    for command in (AskDirectly, ExchangeCode):
        sent = outgoing(command(plan(HERE, inputs.redirect_uri)), sealer)
        assert isinstance(sent, HttpRequest)
        assert (sent.method, sent.url, sent.body.data) == ("POST", f"{HERE}/x?a=b", b"s=client-secret-1")
        assert dict(sent.headers)["X"] == SETTINGS.redirect_uri
        with pytest.raises(SecretRefused, match="secret-elsewhere"):
            outgoing(command(plan(THERE)), sealer)
    assert outgoing(OpenBrowser(plan(HERE)), sealer) == f"{HERE}/x?a=b"
    heard = outgoing(Listen(inputs.redirect_uri, "127.0.0.1:1", True), sealer)
    assert heard == Target.parse(SETTINGS.redirect_uri, ListenAddress("127.0.0.1", 1))
    assert outgoing(Countdown(3.0), sealer) is None
    keys = VerifyIdToken(None, token, None, None, None)
    assert outgoing(keys, sealer) is None
    assert isinstance(outgoing(replace(keys, request=plan(HERE)), sealer), HttpRequest)
    for credential, carried in TAILS.items():
        probe = Probe(plan(HERE, "Bearer ", token), LIST_USERS, credential, token)  # type: ignore[arg-type]
        sent = outgoing(probe, sealer, Secret("of-yesterday"))
        assert isinstance(sent, HttpRequest) and dict(sent.headers)["X"] == f"Bearer {carried}"
        with pytest.raises(SecretRefused):
            outgoing(replace(probe, request=plan(THERE, token)), sealer, Secret("of-yesterday"))
    even = sealer.learn("tok-abccba")
    sent = outgoing(Probe(plan(HERE, even), LIST_USERS, "broken", even), sealer)
    assert isinstance(sent, HttpRequest) and dict(sent.headers)["X"] == "tok-AAAAAA"
    with pytest.raises(LookupError):
        outgoing(Probe(plan(HERE, token), LIST_USERS, "expired", token), sealer)


def test_F8_a_secret_for_an_issuer_may_go_where_its_metadata_leads_and_what_was_typed_later_is_given_too() -> None:
    sealer = Sealer(KEY)
    sealer.limit_origins(frozenset({f"{HERE}:443"}))
    view = sealer.learn_secret(Secret("of-the-issuer", frozenset({f"{HERE}:443"})))
    elsewhere = sealer.learn_secret(Secret("of-another", frozenset({f"{THERE}:443"})))
    sealer.extend_origins(f"{HERE}:443", frozenset({f"{THERE}:443"}))
    assert sealer.release(view, f"{THERE}:443") == sealer.release(view, f"{HERE}:443") == "of-the-issuer"
    for secret, there in ((view, "https://third.example.com:443"), (view, ""), (elsewhere, f"{HERE}:443")):
        with pytest.raises(SecretRefused, match="secret-elsewhere"):
            sealer.release(secret, there)
    with pytest.raises(SecretRefused, match="secret-unknown"):
        sealer.release(Sealer(KEY).learn("of-another-run"), f"{HERE}:443")
    text = f"a {view.reference} b {elsewhere.reference}"
    sealer.inputs_are_sealed()
    later = sealer.learn("typed-later")
    assert sealer.filled(text, None) == "a of-the-issuer b of-another"
    assert sealer.filled(later.reference, f"{HERE}:443") == later.reference
    sealer.add_to_inputs((later,))
    assert sealer.filled(later.reference, f"{HERE}:443") == "typed-later"
    assert sealer.filled("no reference", f"{HERE}:443") == "no reference"
    assert sealer.raw_secrets((view, later)) == {view.fingerprint: "of-the-issuer", later.fingerprint: "typed-later"}
