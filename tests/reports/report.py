"""What a report is: where it stands in public, how it is played, and what a right answer has to hold.

Everything here is data. `playing.py` plays it, `judging.py` compares what came with what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

CODE: Final = "SplxlOBeZQQYbYS6WxSbIA"
STATE: Final = "st4teOfTheReport0123456789"
TOKEN: Final = "opaqueTokenOfTheReport0123456789"
CLIENT: Final = "demo-app"
SECRET: Final = "s3cret-value-of-the-report"
URI: Final = "http://127.0.0.1:8765/callback"
"""Where nothing listens: the direct way reads the redirect, and never goes there."""

SHORT: Final = "0.4"
"""Seconds that a run waits for calls, which begin as soon as it listens."""

NOT_ASKED: Final = "(not asked)"
"""A part of an answer that this report says nothing about."""

IN_AN_HOUR: Final = "(an hour after the answer)"
"""As `expires_at`: relative to when the report is played."""


@dataclass(frozen=True)
class Asked:
    """One request that a deployment got."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def fields(self) -> dict[str, str]:
        """Of a form; JSON and anything else has none."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


Answer = Callable[[Asked], bytes]
"""The bytes that a deployment writes; none: it hangs up."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Answers of the three places that a flow asks. None: as protocol.md documents it.

    certificate: the deployment speaks TLS with it; a word of `playing.CERTIFICATES`.
    proxy: how another server answers, whose address is written for `{proxy}`; "socks5" is one that speaks SOCKS and leads here,
    "socks5 5" one that gives this reply (RFC 1928 §6), "socks5 login" one that takes nobody without the right login, "web" an HTTP
    server that is spoken to in another protocol.
    """

    authorize: Answer | None = None
    token: Answer | None = None
    resource: Answer | None = None
    certificate: str = ""
    proxy: Answer | str | None = None


@dataclass(frozen=True, kw_only=True)
class Direct(Deployment):
    """`run --mode direct`. In options, variables and base_url `{url}`, `{proxy}`, `{folder}` and `{closed}` (a port where nothing
    listens) are filled in; files: made in `{folder}` before. secret: another client secret; clock: seconds by which this machine's
    clock is fast, or, below 0, slow."""

    options: tuple[str, ...] = ()
    redirect_uri: str = URI
    base_url: str = "{url}"
    clock: float = 0.0
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    secret: str = SECRET


@dataclass(frozen=True, kw_only=True)
class Issuer(Direct):
    """`run --issuer`, whose address is base_url. places: what stands at a path, before the three places of a deployment; metadata:
    at the address of OpenID Connect Discovery, unless a place says otherwise. A mode in the options is taken (device)."""

    metadata: Answer
    places: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Compare(Direct):
    """`compare --userid user_42`: a generic run and a user's, and the protected endpoints with both tokens."""


@dataclass(frozen=True, kw_only=True)
class Paste(Direct):
    """`run --mode paste`: `pasted` is written to stdin, with `{uri}`, `{encoded}` (the redirect URI, percent-encoded), `{code}`
    and `{state}` filled in. `{port}` in the redirect URI is a free one."""

    pasted: str
    redirect_uri: str = "http://127.0.0.1:{port}/callback"


@dataclass(frozen=True, kw_only=True)
class Callback(Direct):
    """`run --mode browser`: `calls` are requests to the listener, one after the other, with `{host}`, `{port}`, `{code}` and
    `{state}` filled in; an empty one is a connection on which nothing is said. `{port}` in the redirect URI is a free one; calls go to
    `{listen}` where that is in the options. wait: in seconds; SHORT where none of the calls is an answer to be taken."""

    calls: tuple[bytes, ...]
    redirect_uri: str = "http://127.0.0.1:{port}/callback"
    address: str = "127.0.0.1"
    wait: str = "5"
    tls: bool = False


@dataclass(frozen=True, kw_only=True)
class Har:
    """`recordings import FILE`, and `replay` of what it made. archive: the HAR's JSON, or bytes as they are."""

    archive: Any
    file: str = "flow.har"


@dataclass(frozen=True, kw_only=True)
class Screen(Deployment):
    """The screen in a pseudo-terminal, waiting for a paste: `pasted` comes between the markers of bracketed paste."""

    pasted: str


Play = Direct | Har | Screen


@dataclass(frozen=True, kw_only=True)
class Right:
    """What a right answer holds. Patterns are searched without regard to case; what is left out is not asked.

    The first finding is the first error or warning, or, where there is none, all notes together.

    first: codes, one of which the first finding has; says: in the first finding (title, cause, runner-up, fix, evidence);
    fix: in its fix; tells: anywhere, the narration on stderr included; never: in no error or warning, its code and the
    narration of refused pastes included; quiet: there is neither error nor warning;
    outcome: one of these; exit: the exit code;
    sent_code: the code in the token request, None: no token request was made; several: either; sent: fields of the token request;
    expires_at: of the token, several: either; kind: of the token; heard: what the proxy heard first, a pattern.
    """

    first: tuple[str, ...] = ()
    says: str = ""
    fix: str = ""
    tells: str = ""
    never: str = ""
    quiet: bool = False
    outcome: tuple[str, ...] = ()
    exit: int | None = None
    sent_code: str | tuple[str | None, ...] | None = NOT_ASKED
    sent: Mapping[str, str] = field(default_factory=dict)
    expires_at: str | tuple[str | None, ...] | None = NOT_ASKED
    kind: str | None = NOT_ASKED
    heard: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """source: owner/repository#number or the address of a page, several parted by commas; symptom: what the person saw, in our words."""

    name: str
    source: str
    symptom: str
    play: Play
    right: Right
