"""The commands: what should be under way in a state, in the imperative.

A command is wanted for as long as `decide` returns it: the engine starts it when it appears and ends it when it is no
longer there. Each ends in an event of its own, even the countdown.
"""

from __future__ import annotations

from airisk_tui.flow.events import Credential
from airisk_tui.later import dataclass
from airisk_tui.oauth.dialect import Encoding
from airisk_tui.oauth.endpoints import Endpoint
from airisk_tui.oauth.params import Params
from airisk_tui.oauth.secret import SecretView
from airisk_tui.oauth.token import Field, with_references


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen for the redirect URI → ListenerBound or ListenerFailed, then CallbackReceived and StrayRequest as they come.

    at: the address to listen on, or "" for where the redirect URI leads.
    """

    redirect_uri: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class OpenBrowser:
    """Open the authorization URL in the system's browser → BrowserOpened. number: so that it can be opened again."""

    url: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Countdown:
    """Wait so many seconds → TimedOut."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AskDirectly:
    """Send the authorization request ourselves, redirects not followed → AuthorizationAnswered or TransportFailed."""

    url: str


@dataclass(frozen=True, slots=True)
class ExchangeCode:
    """Send the token request → TokenExchanged or TransportFailed.

    fields: in order, each secret as its view; basic: client id and secret for HTTP Basic; bearer: for `Authorization`;
    cookies: names and values for `Cookie`.
    """

    url: str
    fields: tuple[Field, ...]
    encoding: Encoding
    basic: tuple[str, SecretView] | None = None
    bearer: SecretView | None = None
    cookies: tuple[Field, ...] = ()

    @property
    def params(self) -> Params:
        """The fields as texts, each secret as its reference."""
        return with_references(self.fields)


@dataclass(frozen=True, slots=True)
class Probe:
    """Call a protected endpoint → ProbeAnswered or TransportFailed. number: so that the same probe can be sent again."""

    url: str
    endpoint: Endpoint
    credential: Credential
    token: SecretView | None
    number: int = 0


Command = Listen | OpenBrowser | Countdown | AskDirectly | ExchangeCode | Probe
